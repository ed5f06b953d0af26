package io.joblens.okhttp;

import io.joblens.spi.TransportFailure;
import io.joblens.spi.TransportFailure.Kind;
import io.joblens.spi.WireRequest;
import io.joblens.spi.WireResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * One request under way. Whatever ends it first decides: the answer, its limit, its caller or the
 * end of the transport. Every end but the answer cancels the call, and a call that cannot be
 * cancelled because it hangs in a DNS look-up is left behind on its daemon thread.
 */
final class Exchange extends CompletableFuture<WireResponse> implements Callback {
  private final WireRequest request;
  private final long maxDecodedBytes;
  private final Runnable onWire;
  private final AtomicBoolean begun = new AtomicBoolean();

  /** The answer without its body, where its status says enough. */
  private volatile @Nullable WireResponse enough;

  Exchange(WireRequest request, long maxDecodedBytes, Runnable onWire) {
    this.request = request;
    this.maxDecodedBytes = maxDecodedBytes;
    this.onWire = onWire;
  }

  /**
   * Returns the request as OkHttp takes it, tagged with this exchange.
   *
   * @throws IllegalArgumentException when OkHttp would send something else than what was signed
   */
  Request wire() {
    String url = request.url();
    HttpUrl parsed = HttpUrl.parse(url);
    if (parsed == null || !parsed.toString().equals(url)) {
      throw new IllegalArgumentException(
          "the URL of " + request + " would be changed on its way; check its host and its ids");
    }
    Headers.Builder headers = new Headers.Builder();
    request.headers().forEach(headers::add);
    headers.set("Host", request.host());
    if (request.header("user-agent").isEmpty()) {
      headers.set("User-Agent", "joblens");
    }
    if (request.header("accept-encoding").isEmpty()) {
      headers.set("Accept-Encoding", "gzip");
    }
    byte[] body = request.body();
    boolean bodiless = body.length == 0 && request.method().equals("GET");
    return new Request.Builder()
        .url(parsed)
        .headers(headers.build())
        // Without a media type OkHttp leaves the given Content-Type as it is.
        .method(request.method(), bodiless ? null : RequestBody.create(body))
        .tag(Exchange.class, this)
        .build();
  }

  /** Sends the request, unless this has ended. */
  void start(Call call, Duration limit, Executor executor) {
    CompletableFuture<Boolean> timer =
        new CompletableFuture<Boolean>()
            .completeOnTimeout(true, limit.toNanos(), TimeUnit.NANOSECONDS);
    CompletableFuture<?> unusedExpiry =
        timer.thenAccept(
            expired -> {
              if (expired) { // the JDK's only timer thread must not run what hangs on this future
                executor.execute(() -> expire(call, limit));
              }
            });
    CompletableFuture<?> unusedEnd =
        whenComplete(
            (answer, failure) -> {
              // Not cancel(): up to JDK 20 that would leave the task with the JDK's timer.
              timer.complete(false);
              if (failure != null) {
                call.cancel();
              }
            });
    call.enqueue(this);
  }

  /** Notes that the request goes out on a connection; tells whether it does for the first time. */
  boolean begin() {
    boolean first = begun.compareAndSet(false, true);
    if (first) {
      onWire.run();
    }
    return first;
  }

  /** Ends this because the transport is being closed. */
  void abort() {
    completeExceptionally(new TransportFailure(Kind.CANCELLED, "the transport was closed"));
  }

  private void expire(Call call, Duration limit) {
    String missing = begun.get() ? "no complete answer from " : "no connection to ";
    fail(
        new TransportFailure(
            Kind.ATTEMPT_TIMEOUT,
            missing + request.host() + " within " + limit.toMillis() + " ms"));
    call.cancel();
  }

  /**
   * A request whose refusal is known is not to be sent again for the sake of the refusal's body.
   */
  private void fail(TransportFailure failure) {
    WireResponse known = enough;
    if (known == null) {
      completeExceptionally(failure);
    } else {
      complete(known);
    }
  }

  @Override
  public void onFailure(Call call, IOException failure) {
    IOException original = SingleExchange.Final.unwrap(failure);
    completeExceptionally(Failures.classify(original, call.isCanceled(), request, begun.get()));
  }

  @Override
  public void onResponse(Call call, Response response) {
    WireResponse answer;
    try (response) {
      if (Body.isDispensable(response)) {
        enough = answer(response, new byte[0]);
      }
      answer = read(call, response);
    } catch (IOException e) {
      fail(Failures.inBody(e, request));
      return;
    } catch (RuntimeException | Error e) { // else nobody would ever complete this
      completeExceptionally(e);
      throw e;
    }
    complete(answer);
  }

  private WireResponse read(Call call, Response response) throws IOException {
    try {
      byte[] body = Body.read(response, maxDecodedBytes);
      if (Body.isError(response)
          && body.length >= Math.min(maxDecodedBytes, WireResponse.LARGEST_ERROR)) {
        call.cancel(); // it may be cut, as below
      }
      return answer(response, body);
    } catch (IOException | RuntimeException | Error e) {
      call.cancel(); // or closing the response would go on reading for a while
      throw e;
    }
  }

  private static WireResponse answer(Response response, byte[] body) {
    Map<String, List<String>> headers = SingleExchange.headers(response);
    if (Body.isEncoded(response)) {
      headers.remove("content-encoding");
      headers.remove("content-length");
    }
    return new WireResponse(SingleExchange.status(response), headers, body);
  }
}
