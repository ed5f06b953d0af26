package io.joblens.spi;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * Sends one request and returns its whole answer. A transport never follows a redirect, never sends
 * a request twice, adds no header that changes what was signed, and decodes gzip itself.
 * Thread-safe.
 */
public interface HttpTransport extends AutoCloseable {

  /**
   * Sends the request once. Cancelling the future aborts the exchange.
   *
   * @param limit how long the whole exchange may take
   * @param maxDecodedBytes the largest body to accept, counted after decoding; an error's may be
   *     cut after {@link WireResponse#LARGEST_ERROR}
   * @return the answer, whatever its status; or {@link TransportFailure}. An answer that refuses a
   *     log-in (401) comes without its body where that cannot be read: to send the request again
   *     for it may lock the key
   */
  CompletableFuture<WireResponse> send(WireRequest request, Duration limit, long maxDecodedBytes);

  /**
   * Does the same, and says when the request goes out: connecting may have taken a while, and
   * vendors count what arrives. The default says so at once.
   *
   * @param onWire called at most once, on any thread; quick, and throws nothing
   */
  default CompletableFuture<WireResponse> send(
      WireRequest request, Duration limit, long maxDecodedBytes, Runnable onWire) {
    onWire.run();
    return send(request, limit, maxDecodedBytes);
  }

  /** Aborts what is under way and frees connections and threads. */
  @Override
  void close();
}
