package io.joblens.tencent.batch;

import io.joblens.JobServiceException;
import io.joblens.spi.Call;
import io.joblens.spi.Endpoint;
import io.joblens.spi.ServiceError;
import io.joblens.spi.Step;
import io.joblens.spi.WireResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Providers, and what drives their steps without a client. */
final class TestProvider {
  private TestProvider() {}

  static BatchProvider of(String... regions) {
    return new BatchProvider(List.of(regions), new BatchRequests(null, false));
  }

  static BatchProvider at(String endpoint, boolean vpc, List<String> regions) {
    return new BatchProvider(
        regions,
        new BatchRequests(
            endpoint.isEmpty()
                ? null
                : Endpoint.parse(
                    endpoint, List.of(BatchRequests.DOMAIN), Endpoint.Trust.VENDOR_ONLY),
            vpc));
  }

  static WireResponse response(int status, String body) {
    return new WireResponse(status, Map.of(), body.getBytes(StandardCharsets.UTF_8));
  }

  /** What a step came to, and the calls it asked for on the way. */
  record Outcome<T>(List<Call> calls, List<T> value, List<ServiceError> error) {
    T get() {
      return value.get(0);
    }
  }

  /** Runs the step, answering each call with HTTP 200. */
  static <T> Outcome<T> run(Step<T> first, Function<Call, String> answer) {
    List<Call> calls = new ArrayList<>();
    Step<T> step = first;
    while (step instanceof Step.Ask<T> ask) {
      calls.add(ask.call());
      step = ask.then().apply(response(200, answer.apply(ask.call())));
      if (step instanceof Step.Failed<T> failed) {
        step = ask.without().apply(new JobServiceException(failed.error())).orElse(failed);
      }
    }
    if (step instanceof Step.Failed<T> failed) {
      return new Outcome<>(calls, List.of(), List.of(failed.error()));
    }
    return new Outcome<>(calls, List.of(((Step.Done<T>) step).value()), List.of());
  }

  /** Returns the JSON that a call sends. */
  static String body(Call call) {
    return new String(call.request().body(), StandardCharsets.UTF_8);
  }
}
