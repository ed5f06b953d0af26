package io.joblens.vendor;

import io.joblens.spi.HttpTransport;
import io.joblens.spi.WireRequest;
import io.joblens.spi.WireResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Response;
import okhttp3.ResponseBody;

/** Gives every request the same answer, to our clients and to those of a vendor. */
final class CannedTransport implements HttpTransport {
  private volatile byte[] body = new byte[0];

  void answer(byte[] bytes) {
    body = bytes;
  }

  @Override
  public CompletableFuture<WireResponse> send(
      WireRequest request, Duration limit, long maxDecodedBytes) {
    return CompletableFuture.completedFuture(
        new WireResponse(200, Map.of("Content-Type", List.of("application/json")), body));
  }

  /** Returns an OkHttp client that gives the same answers without a socket. */
  OkHttpClient okHttp() {
    return new OkHttpClient.Builder()
        .addInterceptor(
            chain ->
                new Response.Builder()
                    .request(chain.request())
                    .protocol(Protocol.HTTP_1_1)
                    .code(200)
                    .message("OK")
                    .body(ResponseBody.create(body, MediaType.get("application/json")))
                    .build())
        .build();
  }

  @Override
  public void close() {
    // nothing is open
  }
}
