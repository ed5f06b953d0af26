package io.joblens.okhttp;

import io.joblens.spi.TransportFailure;
import java.io.IOException;
import java.net.ProtocolException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import okhttp3.Headers;
import okhttp3.Interceptor;
import okhttp3.Response;

/**
 * Keeps OkHttp from acting on an answer or a failure once the request is on its way.
 *
 * <p>OkHttp sends a request again after 503 with {@code Retry-After: 0}, after 408, and after 421
 * on a shared connection; it fails on a {@code Retry-After} that is no int, and on a 407 from
 * anything but a proxy. So it sees neither the header nor those statuses: they travel under private
 * names, and come back when the answer is read.
 *
 * <p>After a failure it tries the host's next address, and sends again what it may have sent
 * already. The first is wanted, and OkHttp 4 does it only with its retries on; a network
 * interceptor like this one runs when a connection is there, so what fails from here on is made
 * {@link Final}.
 */
final class SingleExchange implements Interceptor {
  private static final String RETRY_AFTER = "retry-after";
  private static final String HIDDEN_RETRY_AFTER = "joblens-hidden-retry-after";
  private static final String HIDDEN_STATUS = "joblens-hidden-status";
  private static final Set<Integer> ACTED_ON =
      Set.of(
          407, // Proxy Authentication Required
          408, // Request Timeout
          421); // Misdirected Request
  private static final int UNSUSPICIOUS = 400;

  /** OkHttp recovers from no {@link ProtocolException}. */
  static final class Final extends ProtocolException {
    private final IOException failure;

    private Final(IOException failure) {
      this.failure = failure;
      initCause(failure);
    }

    /** Returns the failure as it was before an interceptor of this class saw it. */
    static IOException unwrap(IOException e) {
      return e instanceof Final end ? end.failure : e;
    }
  }

  @Override
  public Response intercept(Chain chain) throws IOException {
    try {
      return hide(once(chain));
    } catch (IOException e) {
      throw new Final(e);
    }
  }

  private static Response once(Chain chain) throws IOException {
    Exchange exchange = chain.request().tag(Exchange.class);
    if (exchange != null && !exchange.begin()) {
      throw new TransportFailure(
          TransportFailure.Kind.MALFORMED,
          "an interceptor of the OkHttpClient tried to send the request a second time, with the"
              + " signature of the first; remove it, failed attempts are repeated anyway");
    }
    return chain.proceed(chain.request());
  }

  private static Response hide(Response answer) {
    Headers headers = answer.headers();
    List<String> retryAfter = headers.values(RETRY_AFTER);
    boolean hideStatus = ACTED_ON.contains(answer.code());
    // A server that knows the private names must not get its own words in.
    Headers.Builder hidden =
        headers
            .newBuilder()
            .removeAll(RETRY_AFTER)
            .removeAll(HIDDEN_RETRY_AFTER)
            .removeAll(HIDDEN_STATUS);
    // The checking variant would refuse, and quote, a value outside ASCII.
    retryAfter.forEach(value -> hidden.addUnsafeNonAscii(HIDDEN_RETRY_AFTER, value));
    if (hideStatus) {
      hidden.add(HIDDEN_STATUS, Integer.toString(answer.code()));
    }
    return answer
        .newBuilder()
        .code(hideStatus ? UNSUSPICIOUS : answer.code())
        .headers(hidden.build())
        .build();
  }

  /** Returns the status as the server gave it. */
  static int status(Response response) {
    String hidden = response.header(HIDDEN_STATUS);
    return hidden == null ? response.code() : Integer.parseInt(hidden);
  }

  /** Returns the headers as the server gave them. */
  static Map<String, List<String>> headers(Response response) {
    Map<String, List<String>> headers = new TreeMap<>(response.headers().toMultimap());
    headers.remove(HIDDEN_STATUS);
    List<String> retryAfter = headers.remove(HIDDEN_RETRY_AFTER);
    if (retryAfter != null) {
      headers.put(RETRY_AFTER, retryAfter);
    }
    return headers;
  }
}
