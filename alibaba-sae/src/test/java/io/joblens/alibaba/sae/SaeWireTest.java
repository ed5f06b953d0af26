package io.joblens.alibaba.sae;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.joblens.Job;
import io.joblens.JobQuery;
import io.joblens.JobRef;
import io.joblens.JobRun;
import io.joblens.RunRef;
import io.joblens.spi.Call;
import io.joblens.spi.Jobs;
import io.joblens.spi.Json;
import io.joblens.spi.JsonReader;
import io.joblens.spi.Scope;
import io.joblens.spi.ServiceError;
import io.joblens.spi.Slice;
import io.joblens.spi.Step;
import io.joblens.spi.WireRequest;
import io.joblens.spi.WireResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Recorded exchanges: what is asked, the request that goes out, the answer, what comes of it. */
class SaeWireTest {
  private static final Path WIRE = Path.of("src/test/resources/wire");
  private static final Scope REGION = new Scope("cn-hangzhou", List.of(), "");

  static Stream<Path> lists() throws IOException {
    return cases("list", 4);
  }

  static Stream<Path> gets() throws IOException {
    return cases("get", 4);
  }

  static Stream<Path> jobs() throws IOException {
    return cases("job", 2);
  }

  static Stream<Path> jobLists() throws IOException {
    return cases("jobs", 2);
  }

  @ParameterizedTest
  @MethodSource("jobLists")
  void listedJobTemplates(Path example) throws IOException {
    Map<?, ?> query = query(example);
    List<String> path =
        query.containsKey("namespace") ? List.of(text(query, "namespace")) : List.of();
    Jobs jobs =
        exchange(
            example,
            provider()
                .jobs(
                    new Scope(text(query, "region"), path, ""),
                    JobQuery.ALL,
                    Optional.ofNullable((String) query.get("after"))));
    Map<String, Object> actual = new LinkedHashMap<>();
    actual.put("next", jobs.next().orElse(""));
    actual.put(
        "rows",
        jobs.rows().stream()
            .map(row -> tree(row.cloud("sae").account("test").build().toJson()))
            .toList());
    expect(example, Json.write(actual));
  }

  @ParameterizedTest
  @MethodSource("lists")
  void listedRuns(Path example) throws IOException {
    Map<?, ?> query = query(example);
    Scope scope =
        new Scope(text(query, "region"), List.of(text(query, "appId")), text(query, "slice"));
    Step<Slice> step =
        provider()
            .runs(
                scope,
                JobQuery.ALL,
                Long.parseLong(text(query, "offset")),
                Integer.parseInt(text(query, "limit")));
    Slice slice = exchange(example, step);
    Map<String, Object> actual = new LinkedHashMap<>();
    actual.put("claimedTotal", slice.claimedTotal().orElse(-1));
    actual.put("capped", slice.capped());
    actual.put("rows", slice.rows().stream().map(row -> tree(run(row).toJson())).toList());
    assertThat(actual.get("capped")).isEqualTo(false);
    expect(example, Json.write(actual));
  }

  @ParameterizedTest
  @MethodSource("gets")
  void singleRuns(Path example) throws IOException {
    List<RunRef> refs = List.of(RunRef.parse(text(query(example), "ref")));
    List<JobRun.Builder> runs = exchange(example, provider().get(refs));
    expect(example, Json.write(runs.stream().map(row -> tree(run(row).toJson())).toList()));
  }

  @ParameterizedTest
  @MethodSource("jobs")
  void jobTemplates(Path example) throws IOException {
    JobRef ref = JobRef.parse(text(query(example), "ref"));
    Job job = exchange(example, provider().job(ref)).cloud("sae").account("test").build();
    expect(example, job.toJson());
  }

  static Stream<Path> errors() throws IOException {
    return cases("error", 8);
  }

  @ParameterizedTest
  @MethodSource("errors")
  void errors(Path example) throws IOException {
    Call call = ((Step.Ask<Jobs>) provider().jobs(REGION, JobQuery.ALL, Optional.empty())).call();
    int status = Integer.parseInt(text(query(example), "status"));
    byte[] body = Files.readAllBytes(example.resolve("response.json"));
    ServiceError error =
        provider().error(call, new WireResponse(status, Map.of(), body)).orElseThrow();
    Map<String, Object> actual = new LinkedHashMap<>();
    actual.put("kind", error.kind());
    actual.put("httpStatus", error.httpStatus());
    actual.put("code", error.code());
    actual.put("message", error.message());
    actual.put("requestId", error.requestId());
    actual.put("hint", error.hint());
    expect(example, Json.write(actual));
  }

  private static <T> T exchange(Path example, Step<T> step) throws IOException {
    assertThat(step).isInstanceOf(Step.Ask.class);
    Step.Ask<T> ask = (Step.Ask<T>) step;
    assertThat(format(ask.call().request()))
        .isEqualTo(Files.readString(example.resolve("request.http")));
    assertThat(ask.call().repeatable()).isTrue();
    assertThat(ask.call().signed()).isTrue();
    byte[] body = Files.readAllBytes(example.resolve("response.json"));
    WireResponse response = new WireResponse(200, Map.of(), body);
    assertThat(provider().error(ask.call(), response)).isEmpty();
    Step<T> next = ask.then().apply(response);
    assertThat(next).isInstanceOf(Step.Done.class);
    return ((Step.Done<T>) next).value();
  }

  private static void expect(Path example, String json) throws IOException {
    assertThat(tree(json))
        .as(json)
        .isEqualTo(JsonReader.readTree(Files.readAllBytes(example.resolve("expected.json"))));
  }

  private static SaeProvider provider() {
    return (SaeProvider) AlibabaSae.builder().region("cn-hangzhou").provider();
  }

  private static JobRun run(JobRun.Builder row) {
    return row.cloud("sae").account("test").build();
  }

  private static Map<?, ?> query(Path example) throws IOException {
    Object query = JsonReader.readTree(Files.readAllBytes(example.resolve("query.json")));
    assertThat(query).isInstanceOf(Map.class);
    return (Map<?, ?>) query;
  }

  private static String text(Map<?, ?> map, String key) {
    return String.valueOf(map.get(key));
  }

  private static @Nullable Object tree(String json) {
    return JsonReader.readTree(json.getBytes(UTF_8));
  }

  private static Stream<Path> cases(String kind, int atLeast) throws IOException {
    try (Stream<Path> entries = Files.list(WIRE.resolve(kind))) {
      List<Path> cases = entries.sorted().toList();
      assertThat(cases).hasSizeGreaterThanOrEqualTo(atLeast);
      return cases.stream();
    }
  }

  private static String format(WireRequest request) {
    StringBuilder out = new StringBuilder();
    out.append(request.method()).append(' ').append(request.url()).append(" HTTP/1.1\n");
    new TreeMap<>(request.headers())
        .forEach((name, value) -> out.append(name).append(": ").append(value).append('\n'));
    return out.toString();
  }
}
