package io.joblens.tencent.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.joblens.Job;
import io.joblens.JobQuery;
import io.joblens.JobRun;
import io.joblens.JobState;
import io.joblens.RunDetail;
import io.joblens.RunRef;
import io.joblens.spi.Call;
import io.joblens.spi.Endpoint;
import io.joblens.spi.Json;
import io.joblens.spi.JsonReader;
import io.joblens.spi.Quota;
import io.joblens.spi.Rate;
import io.joblens.spi.Scope;
import io.joblens.spi.Scopes;
import io.joblens.spi.ServiceError;
import io.joblens.spi.Slice;
import io.joblens.spi.Step;
import io.joblens.spi.WireDataException;
import io.joblens.spi.WireRequest;
import io.joblens.spi.WireResponse;
import io.joblens.testkit.HttpText;
import io.joblens.testkit.WireCase;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Requests and answers against the files in {@code wire}: what a query sends, and what the vendor's
 * answer to it becomes. {@code SOURCES.md} there says where the answers come from.
 */
class WireCasesTest {
  static Stream<WireCase> conversations() {
    return Stream.of("wire/list", "wire/get", "wire/job")
        .flatMap(folder -> WireCase.in(folder).stream());
  }

  static List<WireCase> errors() {
    return WireCase.in("wire/error");
  }

  @ParameterizedTest
  @MethodSource("conversations")
  void theQuerySendsExactlyThisRequest(WireCase wireCase) {
    assertThat(HttpText.write(ask(wireCase).call().request()))
        .isEqualTo(wireCase.text("request.http"));
  }

  @ParameterizedTest
  @MethodSource("conversations")
  void theAnswerBecomesExactlyThis(WireCase wireCase) {
    assertThat(read(Json.write(outcome(wireCase)))).isEqualTo(read(wireCase.text("expected.json")));
  }

  static List<WireCase> diagnoses() {
    return WireCase.in("wire/diagnose");
  }

  @ParameterizedTest
  @MethodSource("diagnoses")
  void aDiagnosisSendsExactlyTheseRequestsAndBecomesThis(WireCase wireCase) {
    List<Call> calls = new ArrayList<>();
    Map<String, Object> outcome = new LinkedHashMap<>();
    try {
      BatchProvider provider = TestProvider.of("ap-guangzhou");
      RunRef ref = provider.runRef(texts(wireCase.json("query.json").get("ids")));
      TestProvider.Outcome<RunDetail.Builder> run =
          TestProvider.run(
              provider.diagnose(ref),
              call -> {
                calls.add(call);
                return wireCase.text("response-" + calls.size() + ".json");
              });
      run.error().forEach(error -> outcome.put("error", describe(error)));
      run.value()
          .forEach(
              detail -> outcome.put("detail", read(detail.build(detail.run().build()).toJson())));
    } catch (WireDataException e) {
      outcome.put("malformed", String.valueOf(e.getMessage()));
    }
    assertThat(read(Json.write(outcome))).isEqualTo(read(wireCase.text("expected.json")));
    for (int i = 0; i < calls.size(); i++) {
      assertThat(HttpText.write(calls.get(i).request()))
          .isEqualTo(wireCase.text("request-" + (i + 1) + ".http"));
    }
  }

  @ParameterizedTest
  @MethodSource("errors")
  void theAnswerIsExactlyThisError(WireCase wireCase) {
    assertThat(read(Json.write(error(wireCase)))).isEqualTo(read(wireCase.text("expected.json")));
  }

  /** Returns what the answer in the folder becomes, in the form of {@code expected.json}. */
  static Map<String, Object> outcome(WireCase wireCase) {
    Map<String, Object> outcome = new LinkedHashMap<>();
    Step.Ask<Object> ask = ask(wireCase);
    outcome.put("quota", ask.call().quota().key() + " " + ask.call().quota().rate());
    try {
      Step<Object> step = ask.then().apply(response(wireCase));
      if (step instanceof Step.Failed<Object> failed) {
        outcome.put("error", describe(failed.error()));
      } else if (step instanceof Step.Done<Object> done) {
        outcome.putAll(describe(done.value()));
      }
    } catch (WireDataException e) {
      // where in the body it is no JSON is the JSON library's word
      outcome.put("malformed", String.valueOf(e.getMessage()).replaceFirst(",? at line 1$", ""));
    }
    return outcome;
  }

  /** Returns the error in the answer in the folder, in the form of {@code expected.json}. */
  static Map<String, Object> error(WireCase wireCase) {
    Call call =
        Call.read(
            "DescribeJobs",
            new Quota("q", Rate.perSecond(1)),
            WireRequest.post(new Endpoint("https", "h")).build());
    Optional<ServiceError> error = TestProvider.of("ap-guangzhou").error(call, response(wireCase));
    return error.map(WireCasesTest::describe).orElse(Map.of("none", true));
  }

  @SuppressWarnings("unchecked") // the value is only described
  private static Step.Ask<Object> ask(WireCase wireCase) {
    return (Step.Ask<Object>) step(wireCase);
  }

  private static Step<?> step(WireCase wireCase) {
    Map<?, ?> query = wireCase.json("query.json");
    List<String> regions = texts(query.get("regions"));
    BatchProvider provider =
        TestProvider.at(
            query.get("endpoint") instanceof String endpoint ? endpoint : "",
            Boolean.TRUE.equals(query.get("vpc")),
            regions.isEmpty() ? List.of("ap-guangzhou") : regions);
    return switch (wireCase.kind()) {
      case "get" ->
          provider.get(
              texts(query.get("ids")).stream().map(id -> provider.runRef(List.of(id))).toList());
      case "job" -> provider.job(provider.jobRef(texts(query.get("ids"))));
      default -> {
        JobQuery neutral = query(query);
        Scope scope =
            ((Step.Done<Scopes>) provider.scopes(neutral, Optional.empty()))
                .value()
                .scopes()
                .get(0);
        yield provider.runs(
            scope, neutral, number(query, "offset", 0), (int) number(query, "limit", 100));
      }
    };
  }

  private static JobQuery query(Map<?, ?> query) {
    JobQuery.Builder builder =
        JobQuery.builder()
            .jobs(texts(query.get("jobs")))
            .states(texts(query.get("states")).stream().map(JobState::parse).toList());
    if (query.get("name") instanceof String name) {
      builder.name(name);
    }
    each(query.get("tags"), builder::tag);
    each(query.get("extras"), builder::extra);
    return builder.build();
  }

  private static void each(@Nullable Object map, BiConsumer<String, String> action) {
    if (map instanceof Map<?, ?> entries) {
      entries.forEach((key, value) -> action.accept(String.valueOf(key), String.valueOf(value)));
    }
  }

  private static WireResponse response(WireCase wireCase) {
    Map<?, ?> query = wireCase.json("query.json");
    Map<String, List<String>> headers = new LinkedHashMap<>();
    each(query.get("headers"), (name, value) -> headers.put(name, List.of(value)));
    byte[] body = wireCase.bytes("response.json");
    return new WireResponse((int) number(query, "status", 200), headers, body);
  }

  private static Map<String, Object> describe(Object value) {
    Function<JobRun.Builder, Object> row = run -> read(run.build().toJson());
    if (value instanceof Slice slice) {
      Map<String, Object> map = new LinkedHashMap<>();
      map.put("rows", slice.rows().stream().map(row).toList());
      slice.claimedTotal().ifPresent(total -> map.put("total", total));
      return map;
    }
    if (value instanceof Job.Builder job) {
      return Map.of("job", read(job.build().toJson()));
    }
    List<Object> rows =
        ((List<?>) value).stream().map(run -> row.apply((JobRun.Builder) run)).toList();
    return Map.of("rows", rows);
  }

  private static Map<String, Object> describe(ServiceError error) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("kind", error.kind());
    map.put("httpStatus", error.httpStatus());
    map.put("code", error.code());
    map.put("message", error.message());
    map.put("requestId", error.requestId());
    map.put("hint", error.hint());
    return map;
  }

  private static List<String> texts(@Nullable Object list) {
    return list instanceof List<?> items ? items.stream().map(String::valueOf).toList() : List.of();
  }

  private static long number(Map<?, ?> map, String name, long usual) {
    return map.get(name) instanceof Number number ? number.longValue() : usual;
  }

  private static Object read(String json) {
    Object tree = JsonReader.readTree(json.getBytes(StandardCharsets.UTF_8));
    return tree == null ? "null" : tree;
  }
}
