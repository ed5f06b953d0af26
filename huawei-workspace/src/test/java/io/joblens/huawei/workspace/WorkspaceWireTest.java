package io.joblens.huawei.workspace;

import static io.joblens.testkit.WireCase.list;
import static io.joblens.testkit.WireCase.number;
import static io.joblens.testkit.WireCase.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.joblens.JobQuery;
import io.joblens.JobRef;
import io.joblens.JobRun;
import io.joblens.RunDetail;
import io.joblens.RunRef;
import io.joblens.huawei.workspace.WorkspaceProvider.Project;
import io.joblens.spi.Call;
import io.joblens.spi.Jobs;
import io.joblens.spi.Scope;
import io.joblens.spi.ServiceError;
import io.joblens.spi.Slice;
import io.joblens.spi.Step;
import io.joblens.spi.WireRequest;
import io.joblens.spi.WireResponse;
import io.joblens.testkit.WireCase;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs the wire cases of {@code src/test/resources/wire}; see SOURCES.md there. */
final class WorkspaceWireTest {
  private static final Instant OBSERVED = Instant.parse("2026-01-01T00:00:00Z");

  private final WorkspaceProvider provider =
      new WorkspaceProvider(
          List.of(new Project("cn-north-4", "0123456789abcdef0123456789abcdef")),
          List.of(),
          new WorkspaceRequests(Optional.empty()),
          () -> Step.done(List.of()));

  static Stream<WireCase> histories() {
    return WireCase.in("wire/list").stream();
  }

  @ParameterizedTest
  @MethodSource("histories")
  void historiesAreAskedForAndReadAsTheCasesSay(WireCase wireCase) {
    Map<?, ?> query = wireCase.json("query.json");
    Scope scope =
        new Scope(text(query, "region"), List.of(text(query, "project"), text(query, "task")), "");
    Conversation conversation = new Conversation().answering(200, wireCase.text("response.json"));

    Slice slice =
        conversation.run(
            provider,
            provider.runs(scope, JobQuery.ALL, number(query, "offset"), number(query, "limit")));

    Map<String, Object> actual = new LinkedHashMap<>();
    slice.claimedTotal().ifPresent(total -> actual.put("claimedTotal", Math.toIntExact(total)));
    actual.put("rows", rows(slice.rows()));
    assertThat(actual).isEqualTo(wireCase.json("expected.json"));
    assertThat(slice.capped()).isFalse();
    assertThat(requests(conversation)).isEqualTo(wireCase.text("request.http"));
  }

  static Stream<WireCase> lookups() {
    return WireCase.in("wire/get").stream();
  }

  @ParameterizedTest
  @MethodSource("lookups")
  void runsAreFoundAsTheCasesSay(WireCase wireCase) {
    List<RunRef> refs = new ArrayList<>();
    for (Object ref : list(wireCase.json("query.json"), "refs")) {
      refs.add(RunRef.parse((String) ref));
    }
    Conversation conversation = new Conversation().answering(200, wireCase.text("response.json"));

    List<JobRun.Builder> found = conversation.run(provider, provider.get(refs));

    assertThat(Map.of("rows", rows(found))).isEqualTo(wireCase.json("expected.json"));
    assertThat(requests(conversation)).isEqualTo(wireCase.text("request.http"));
  }

  static Stream<WireCase> tasks() {
    return WireCase.in("wire/job").stream();
  }

  @ParameterizedTest
  @MethodSource("tasks")
  void tasksAreAskedForAndReadAsTheCasesSay(WireCase wireCase) {
    JobRef ref = JobRef.parse(text(wireCase.json("query.json"), "ref"));
    Conversation conversation = new Conversation().answering(200, wireCase.text("response.json"));

    String json =
        conversation.run(provider, provider.job(ref)).cloud("ws").account("hw").build().toJson();

    assertThat(WireCase.tree(json)).isEqualTo(wireCase.json("expected.json"));
    assertThat(requests(conversation)).isEqualTo(wireCase.text("request.http"));
  }

  static Stream<WireCase> taskLists() {
    return WireCase.in("wire/jobs").stream();
  }

  @ParameterizedTest
  @MethodSource("taskLists")
  void listsOfTasksAreAskedForAndReadAsTheCasesSay(WireCase wireCase) {
    Map<?, ?> query = wireCase.json("query.json");
    Scope project = new Scope(text(query, "region"), List.of(text(query, "project")), "");
    Optional<String> after = Optional.ofNullable((String) query.get("after"));
    Conversation conversation = new Conversation().answering(200, wireCase.text("response.json"));

    Jobs jobs = conversation.run(provider, provider.jobs(project, JobQuery.ALL, after));

    Map<String, Object> actual = new LinkedHashMap<>();
    jobs.next().ifPresent(next -> actual.put("next", next));
    actual.put(
        "rows",
        jobs.rows().stream()
            .map(row -> WireCase.tree(row.cloud("ws").account("hw").build().toJson()))
            .toList());
    assertThat(actual).isEqualTo(wireCase.json("expected.json"));
    assertThat(requests(conversation)).isEqualTo(wireCase.text("request.http"));
  }

  static Stream<WireCase> diagnoses() {
    return WireCase.in("wire/diagnose").stream();
  }

  @ParameterizedTest
  @MethodSource("diagnoses")
  void runsAreDiagnosedAsTheCasesSay(WireCase wireCase) {
    RunRef ref = RunRef.parse(text(wireCase.json("query.json"), "ref"));
    Conversation conversation =
        new Conversation()
            .answering(200, wireCase.text("response-1.json"))
            .answering(200, wireCase.text("response-2.json"));

    RunDetail.Builder detail = conversation.run(provider, provider.diagnose(ref));

    JobRun run = detail.run().cloud("ws").account("hw").observedAt(OBSERVED).build();
    assertThat(WireCase.tree(detail.build(run).toJson())).isEqualTo(wireCase.json("expected.json"));
    assertThat(requests(conversation)).isEqualTo(wireCase.text("requests.http"));
  }

  static Stream<WireCase> errors() {
    return WireCase.in("wire/error").stream();
  }

  @ParameterizedTest
  @MethodSource("errors")
  void errorsAreReadAsTheCasesSay(WireCase wireCase) {
    WireResponse response = parse(wireCase.text("response.http"));
    ServiceError error = provider.error(call(wireCase), response).orElseThrow();
    checkError(wireCase, error);
  }

  static Stream<WireCase> errorsInside200() {
    return errors().filter(wireCase -> parse(wireCase.text("response.http")).isSuccessful());
  }

  @ParameterizedTest
  @MethodSource("errorsInside200")
  void errorsInside200AreFoundWhereAHistoryOrATaskIsRead(WireCase wireCase) {
    WireResponse response = parse(wireCase.text("response.http"));
    Scope scope = new Scope("cn-north-4", List.of("p", "t"), "");
    JobRef ref = new JobRef(HuaweiWorkspace.ID, "cn-north-4", List.of("p", "t"));
    for (Step<?> step : List.of(provider.runs(scope, JobQuery.ALL, 0, 100), provider.job(ref))) {
      Step<?> end = ((Step.Ask<?>) step).then().apply(response);
      assertThat(end).isInstanceOf(Step.Failed.class);
      checkError(wireCase, ((Step.Failed<?>) end).error());
    }
  }

  private void checkError(WireCase wireCase, ServiceError error) {
    Map<Object, Object> expected = new HashMap<>(wireCase.json("expected.json"));
    Object hintPart = expected.remove("hintContains");
    Map<String, Object> actual = new HashMap<>();
    actual.put("kind", error.kind().name());
    actual.put("httpStatus", error.httpStatus());
    error.code().ifPresent(code -> actual.put("code", code));
    error.message().ifPresent(message -> actual.put("message", message));
    error.requestId().ifPresent(id -> actual.put("requestId", id));
    error
        .retryAfter()
        .map(Duration::toSeconds)
        .ifPresent(wait -> actual.put("retryAfterSeconds", Math.toIntExact(wait)));
    assertThat(actual).isEqualTo(expected);
    if (hintPart == null) {
      assertThat(error.hint()).isEmpty();
    } else {
      assertThat(error.hint().orElse("")).contains((String) hintPart);
    }
  }

  private Call call(WireCase wireCase) {
    String action = text(wireCase.json("query.json"), "action");
    Call call =
        new WorkspaceRequests(Optional.empty())
            .listTaskExecuteHistory(new Scope("cn-north-4", List.of("p", "t"), ""), 0, 100);
    return Call.read(action, call.quota(), call.request());
  }

  private static WireResponse parse(String http) {
    String head = http.substring(0, http.indexOf("\n\n"));
    Map<String, List<String>> headers = new HashMap<>();
    for (String line : head.lines().skip(1).toList()) {
      headers.put(
          line.substring(0, line.indexOf(':')),
          List.of(line.substring(line.indexOf(':') + 1).strip()));
    }
    return new WireResponse(
        Integer.parseInt(head.substring(9, 12)),
        headers,
        http.substring(head.length() + 2).getBytes(StandardCharsets.UTF_8));
  }

  private static List<Object> rows(List<JobRun.Builder> rows) {
    List<Object> trees = new ArrayList<>();
    for (JobRun.Builder row : rows) {
      trees.add(WireCase.tree(row.cloud("ws").account("hw").observedAt(OBSERVED).build().toJson()));
    }
    return trees;
  }

  private static String requests(Conversation conversation) {
    return conversation.calls().stream()
        .map(call -> http(call.request()))
        .reduce("", String::concat);
  }

  /**
   * Returns the request as it stands in {@code .http} files, its headers in order of their names.
   */
  private static String http(WireRequest request) {
    StringBuilder text = new StringBuilder(request.method());
    text.append(' ').append(request.encodedPath());
    text.append(request.query().isEmpty() ? "" : "?" + request.encodedQuery());
    text.append(" HTTP/1.1\nhost: ").append(request.host()).append('\n');
    new TreeMap<>(request.headers())
        .forEach((name, value) -> text.append(name).append(": ").append(value).append('\n'));
    return text.toString();
  }
}
