package io.joblens.alibaba.schedulerx;

import static org.assertj.core.api.Assertions.assertThat;

import io.joblens.Job;
import io.joblens.JobQuery;
import io.joblens.JobRef;
import io.joblens.JobRun;
import io.joblens.JobState;
import io.joblens.RawRequest;
import io.joblens.RunDetail;
import io.joblens.RunRef;
import io.joblens.TimeField;
import io.joblens.spi.Call;
import io.joblens.spi.Endpoint;
import io.joblens.spi.Jobs;
import io.joblens.spi.Json;
import io.joblens.spi.Scope;
import io.joblens.spi.Scopes;
import io.joblens.spi.ServiceError;
import io.joblens.spi.Slice;
import io.joblens.spi.Step;
import io.joblens.spi.WireResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is sent and how answers are read, case by case as in {@code src/test/resources/wire}. */
class WireTest {
  private static final String NAMESPACE = "adcfc35d-e2fe-4fe9-bbaa-20e90ffc0000";

  static Stream<Path> lists() {
    return Wire.cases("list");
  }

  @ParameterizedTest
  @MethodSource("lists")
  void pagesAreAskedForAndReadAsTheirCaseSays(Path folder) {
    Wire.Query query = Wire.Query.of(folder);
    JobQuery.Builder jobQuery =
        JobQuery.builder()
            .jobs(query.list("jobs"))
            .states(query.list("states").stream().map(JobState::parse).toList());
    query.text("since").map(Instant::parse).ifPresent(jobQuery::since);
    query.text("until").map(Instant::parse).ifPresent(jobQuery::until);
    query.text("by").map(TimeField::valueOf).ifPresent(jobQuery::by);
    SchedulerxProvider provider = provider(query);

    Scope scope = scopes(provider, jobQuery.build()).get(0);
    Step<Slice> step =
        provider.runs(
            scope, jobQuery.build(), query.number("offset", 0), query.number("limit", 100));

    assertThat(Wire.text(Wire.request(step))).isEqualTo(Wire.read(folder, "request.http"));
    assertExpected(folder, page(Wire.value(step, response(folder, query))));
  }

  static Stream<Path> gets() {
    return Wire.cases("get");
  }

  @ParameterizedTest
  @MethodSource("gets")
  void oneRunIsAskedForAndReadAsItsCaseSays(Path folder) {
    Wire.Query query = Wire.Query.of(folder);
    RunRef ref = RunRef.parse(query.text("ref").orElseThrow());
    Step<List<JobRun.Builder>> step = provider(query).get(List.of(ref));

    assertThat(Wire.text(Wire.request(step))).isEqualTo(Wire.read(folder, "request.http"));
    List<JobRun.Builder> rows = Wire.value(step, response(folder, query));
    assertThat(rows).hasSize(1);
    assertThat(rows.get(0).ref()).isEqualTo(ref);
    assertExpected(folder, row(rows.get(0)));
  }

  static Stream<Path> jobs() {
    return Wire.cases("job");
  }

  @ParameterizedTest
  @MethodSource("jobs")
  void aJobIsAskedForAndReadAsItsCaseSays(Path folder) {
    Wire.Query query = Wire.Query.of(folder);
    Step<Job.Builder> step = provider(query).job(JobRef.parse(query.text("ref").orElseThrow()));

    assertThat(Wire.text(Wire.request(step))).isEqualTo(Wire.read(folder, "request.http"));
    Job job = Wire.value(step, response(folder, query)).cloud("sx").account("ali").build();
    assertExpected(folder, job.toJson());
  }

  static Stream<Path> jobLists() {
    return Wire.cases("jobs");
  }

  @ParameterizedTest
  @MethodSource("jobLists")
  void jobsAreAskedForAndReadAsTheirCaseSays(Path folder) {
    Wire.Query query = Wire.Query.of(folder);
    Scope group = new Scope("cn-hangzhou", List.of(NAMESPACE, "DocTest.Group"), "");
    Step<Jobs> step = provider(query).jobs(group, JobQuery.ALL, query.text("after"));

    assertThat(Wire.text(Wire.request(step))).isEqualTo(Wire.read(folder, "request.http"));
    Jobs jobs = Wire.value(step, response(folder, query));
    assertExpected(
        folder,
        "{\"next\":"
            + jobs.next().orElse("null")
            + ",\"rows\":["
            + jobs.rows().stream()
                .map(row -> row.cloud("sx").account("ali").build().toJson())
                .collect(Collectors.joining(","))
            + "]}");
  }

  static Stream<Path> discoveries() {
    return Wire.cases("discovery");
  }

  /** The answer is either that of ListNamespaces or that of ListGroups, by what the case is of. */
  @ParameterizedTest
  @MethodSource("discoveries")
  void namespacesAndGroupsAreAskedForAndReadAsTheirCaseSays(Path folder) {
    Wire.Query query = Wire.Query.of(folder);
    Step<Scopes> step =
        new SchedulerxProvider(
                List.of("cn-hangzhou"),
                query.text("namespace"),
                List.of(),
                List.of(),
                new SchedulerxRequests(Optional.empty(), false, Optional.empty()),
                new SchedulerxResponses(Optional.empty()))
            .scopes(JobQuery.ALL, Optional.empty());

    assertThat(Wire.text(Wire.request(step))).isEqualTo(Wire.read(folder, "request.http"));
    Step<Scopes> next = Wire.answer(step, response(folder, query));
    String actual =
        next instanceof Step.Done<Scopes> done
            ? Json.write(done.value().scopes().stream().map(Scope::toString).toList())
            : Json.write(List.of("next: " + Wire.request(next).encodedQuery()));
    assertExpected(folder, actual);
  }

  static Stream<Path> logs() {
    return Wire.cases("log");
  }

  @ParameterizedTest
  @MethodSource("logs")
  void aLogIsAskedForAndReadAsItsCaseSays(Path folder) {
    Wire.Query query = Wire.Query.of(folder);
    RunRef ref = RunRef.parse(query.text("ref").orElseThrow());
    Step<RunDetail.Builder> step =
        Wire.answer(provider(query).diagnose(ref), Wire.ok(Wire.read(folder, "run.json")));

    assertThat(Wire.text(Wire.request(step))).isEqualTo(Wire.read(folder, "request.http"));
    RunDetail.Builder detail = Wire.value(step, response(folder, query));
    JobRun run = detail.run().cloud("sx").account("ali").observedAt(Wire.RECEIVED).build();
    assertExpected(folder, detail.build(run).toJson());
  }

  static Stream<Path> errors() {
    return Wire.cases("error");
  }

  @ParameterizedTest
  @MethodSource("errors")
  void anErrorIsReadAsItsCaseSays(Path folder) {
    Wire.Query query = Wire.Query.of(folder);
    SchedulerxProvider provider = provider(query);
    Call call = provider.raw(RawRequest.action(query.text("action").orElseThrow()).build());
    WireResponse response = response(folder, query);

    ServiceError error = provider.error(call, response).orElseThrow();
    Map<String, Object> actual = new LinkedHashMap<>();
    actual.put("kind", error.kind());
    actual.put("httpStatus", error.httpStatus());
    actual.put("code", error.code());
    actual.put("message", error.message());
    actual.put("requestId", error.requestId());
    actual.put("retryAfterMs", error.retryAfter().map(Duration::toMillis));
    actual.put("hint", error.hint());
    assertExpected(folder, Json.write(actual));

    if (response.isSuccessful()) {
      Step<Slice> listing =
          provider.runs(
              new Scope("cn-hangzhou", List.of(NAMESPACE, "g"), ""), JobQuery.ALL, 0, 100);
      Step<Slice> failed = Wire.answer(listing, response);
      assertThat(failed).isInstanceOf(Step.Failed.class);
      assertThat(((Step.Failed<Slice>) failed).error().kind()).isEqualTo(error.kind());
    }
  }

  private static WireResponse response(Path folder, Wire.Query query) {
    return Wire.response(
        query.number("status", 200), query.map("headers"), Wire.read(folder, "response.json"));
  }

  private static SchedulerxProvider provider(Wire.Query query) {
    return new SchedulerxProvider(
        List.of(query.text("region").orElse("cn-hangzhou")),
        Optional.of(NAMESPACE),
        query.list("groups"),
        List.of(),
        new SchedulerxRequests(
            query
                .text("endpoint")
                .map(text -> Endpoint.parse(text, List.of(), Endpoint.Trust.VENDOR_ONLY)),
            false,
            query.text("namespaceSource")),
        new SchedulerxResponses(query.text("zone").map(ZoneId::of)));
  }

  private static List<Scope> scopes(SchedulerxProvider provider, JobQuery query) {
    return ((Step.Done<Scopes>) provider.scopes(query, Optional.empty())).value().scopes();
  }

  private static String page(Slice slice) {
    return "{\"capped\":"
        + slice.capped()
        + ",\"rows\":["
        + slice.rows().stream().map(WireTest::row).collect(Collectors.joining(","))
        + "]}";
  }

  private static String row(JobRun.Builder row) {
    return row.cloud("sx").account("ali").observedAt(Wire.RECEIVED).build().toJson();
  }

  private static void assertExpected(Path folder, String actual) {
    assertThat(Wire.tree(actual)).isEqualTo(Wire.tree(Wire.read(folder, "expected.json")));
  }
}
