package io.joblens.internal;

import io.joblens.spi.HttpTransport;
import io.joblens.spi.TransportFailure;
import io.joblens.spi.WireRequest;
import io.joblens.spi.WireResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** Answers by script first, then by its server; records what it was asked to send. */
final class StubTransport implements HttpTransport {
  private final Deque<Function<WireRequest, CompletableFuture<WireResponse>>> script =
      new ArrayDeque<>();
  private final Function<WireRequest, WireResponse> server;
  final List<WireRequest> requests = new CopyOnWriteArrayList<>();
  final List<Duration> limits = new CopyOnWriteArrayList<>();
  final List<CompletableFuture<WireResponse>> hanging = new CopyOnWriteArrayList<>();
  volatile boolean closed;

  StubTransport() {
    this(
        request -> {
          throw new AssertionError("the script has no answer for " + request);
        });
  }

  StubTransport(Function<WireRequest, WireResponse> server) {
    this.server = server;
  }

  static WireResponse response(int status, String body) {
    return new WireResponse(status, Map.of(), body.getBytes(StandardCharsets.UTF_8));
  }

  synchronized StubTransport answer(int status, String body) {
    script.add(request -> CompletableFuture.completedFuture(response(status, body)));
    return this;
  }

  /** Answers on another thread, so that nobody gets it at once. */
  synchronized StubTransport answerLater(int status, String body) {
    script.add(request -> CompletableFuture.supplyAsync(() -> response(status, body)));
    return this;
  }

  synchronized StubTransport fail(TransportFailure.Kind kind) {
    script.add(
        request -> CompletableFuture.failedFuture(new TransportFailure(kind, "scripted " + kind)));
    return this;
  }

  synchronized StubTransport future(CompletableFuture<WireResponse> future) {
    script.add(request -> future);
    return this;
  }

  synchronized StubTransport hang() {
    script.add(
        request -> {
          CompletableFuture<WireResponse> never = new CompletableFuture<>();
          hanging.add(never);
          return never;
        });
    return this;
  }

  @Override
  public CompletableFuture<WireResponse> send(
      WireRequest request, Duration limit, long maxDecodedBytes) {
    Function<WireRequest, CompletableFuture<WireResponse>> next;
    synchronized (this) {
      requests.add(request);
      limits.add(limit);
      next = script.poll();
    }
    return next == null
        ? CompletableFuture.completedFuture(server.apply(request))
        : next.apply(request);
  }

  @Override
  public void close() {
    closed = true;
    hanging.forEach(future -> future.cancel(true));
  }
}
