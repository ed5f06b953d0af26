package io.joblens.huawei.workspace;

import io.joblens.JobServiceException;
import io.joblens.spi.Call;
import io.joblens.spi.HttpTransport;
import io.joblens.spi.ServiceError;
import io.joblens.spi.Step;
import io.joblens.spi.WireRequest;
import io.joblens.spi.WireResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Runs steps against prepared answers, as core does without its time and threads. */
final class Conversation {
  private final Deque<WireResponse> answers = new ArrayDeque<>();
  private final List<Call> calls = new ArrayList<>();
  private final List<WireRequest> requests = new ArrayList<>();

  static WireResponse response(int status, String body) {
    return new WireResponse(status, Map.of(), body.getBytes(StandardCharsets.UTF_8));
  }

  Conversation answering(int status, String body) {
    answers.add(response(status, body));
    return this;
  }

  /** Returns a transport that gives the answers. */
  HttpTransport transport() {
    return new HttpTransport() {
      @Override
      public CompletableFuture<WireResponse> send(
          WireRequest request, Duration limit, long maxDecodedBytes) {
        requests.add(request);
        return CompletableFuture.completedFuture(answers.remove());
      }

      @Override
      public void close() {}
    };
  }

  /** Returns what the transport was sent. */
  List<WireRequest> requests() {
    return requests;
  }

  List<Call> calls() {
    return calls;
  }

  <T> T run(WorkspaceProvider provider, Step<T> step) {
    Step<T> next = end(provider, step);
    if (next instanceof Step.Done<T> done) {
      return done.value();
    }
    throw new AssertionError("failed: " + ((Step.Failed<T>) next).error().message());
  }

  <T> ServiceError fail(WorkspaceProvider provider, Step<T> step) {
    Step<T> next = end(provider, step);
    if (next instanceof Step.Failed<T> failed) {
      return failed.error();
    }
    throw new AssertionError("did not fail");
  }

  private <T> Step<T> end(WorkspaceProvider provider, Step<T> step) {
    Step<T> next = step;
    while (next instanceof Step.Ask<T> ask) {
      calls.add(ask.call());
      WireResponse answer = answers.remove();
      if (answer.isSuccessful()) {
        next = ask.then().apply(answer);
      } else {
        ServiceError error = provider.error(ask.call(), answer).orElseThrow();
        Optional<Step<T>> recovered = ask.recover().apply(error);
        next =
            recovered
                .or(() -> ask.without().apply(new JobServiceException(error)))
                .orElseGet(() -> Step.failed(error));
      }
    }
    return next;
  }
}
