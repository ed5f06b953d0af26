package io.joblens.testkit;

import io.joblens.spi.HttpTransport;
import io.joblens.spi.TransportFailure;
import io.joblens.spi.WireRequest;
import io.joblens.spi.WireResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.zip.GZIPInputStream;

/** A plain transport over the JDK's client, for contract tests of modules that have no other. */
final class JdkTransport implements HttpTransport {
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @Override
  public CompletableFuture<WireResponse> send(
      WireRequest request, Duration limit, long maxDecodedBytes) {
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(URI.create(request.url()))
            .timeout(limit)
            .method(
                request.method(),
                request.body().length == 0
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofByteArray(request.body()));
    request.headers().forEach(builder::header);
    builder.header("accept-encoding", "gzip");
    CompletableFuture<HttpResponse<byte[]>> exchange =
        client.sendAsync(builder.build(), HttpResponse.BodyHandlers.ofByteArray());
    return new Exchange(exchange, maxDecodedBytes);
  }

  /** The answer to come; cancelling it cancels the exchange. */
  private static final class Exchange extends CompletableFuture<WireResponse> {
    private final CompletableFuture<HttpResponse<byte[]>> exchange;

    Exchange(CompletableFuture<HttpResponse<byte[]>> exchange, long limit) {
      this.exchange =
          exchange.whenComplete(
              (answer, problem) -> {
                try {
                  if (problem != null) {
                    completeExceptionally(failure(problem));
                  } else {
                    byte[] body = decoded(answer, limit);
                    complete(new WireResponse(answer.statusCode(), answer.headers().map(), body));
                  }
                } catch (TransportFailure e) {
                  completeExceptionally(e);
                }
              });
    }

    @Override
    public boolean cancel(boolean mayInterrupt) {
      boolean cancelled = super.cancel(mayInterrupt);
      if (cancelled) { // after an answer, the connection may be another exchange's already
        exchange.cancel(mayInterrupt);
      }
      return cancelled;
    }
  }

  @Override
  public void close() {
    // the client frees its connections and its daemon threads once nobody refers to it
  }

  private static byte[] decoded(HttpResponse<byte[]> answer, long limit) throws TransportFailure {
    byte[] body = answer.body();
    if (answer.headers().firstValue("content-encoding").orElse("").equals("gzip")) {
      try (GZIPInputStream gzip = new GZIPInputStream(new ByteArrayInputStream(body))) {
        body = gzip.readNBytes((int) Math.min(limit + 1, Integer.MAX_VALUE));
      } catch (IOException e) {
        throw new TransportFailure(TransportFailure.Kind.MALFORMED, "the body is no gzip", e);
      }
    }
    if (body.length > limit) {
      throw new TransportFailure(
          TransportFailure.Kind.TOO_LARGE, "the body is larger than " + limit + " bytes");
    }
    return body;
  }

  private static TransportFailure failure(Throwable problem) {
    Throwable cause =
        problem instanceof CompletionException && problem.getCause() != null
            ? problem.getCause()
            : problem;
    TransportFailure.Kind kind = TransportFailure.Kind.CONNECTION_LOST;
    if (cause instanceof HttpTimeoutException) {
      kind = TransportFailure.Kind.ATTEMPT_TIMEOUT;
    } else if (cause instanceof ConnectException) {
      kind = TransportFailure.Kind.CONNECT;
    }
    return new TransportFailure(kind, kind.name(), cause);
  }
}
