package io.joblens.okhttp;

import io.joblens.spi.TransportFailure;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import okhttp3.Headers;
import okhttp3.Interceptor;
import okhttp3.Response;

/**
 * Keeps OkHttp from acting on an answer. Even with redirects and retries off it sends a request
 * again after 503 with {@code Retry-After: 0} and after 421 on a shared connection, fails on a
 * {@code Retry-After} that is no int, and on a 407 from anything but a proxy. So it sees neither
 * the header nor those two statuses: they travel under private names, and come back when the answer
 * is read.
 */
final class SingleExchange implements Interceptor {
  private static final String RETRY_AFTER = "retry-after";
  private static final String HIDDEN_RETRY_AFTER = "joblens-hidden-retry-after";
  private static final String HIDDEN_STATUS = "joblens-hidden-status";
  private static final int PROXY_AUTHENTICATION = 407;
  private static final int MISDIRECTED = 421;
  private static final int UNSUSPICIOUS = 400;

  @Override
  public Response intercept(Chain chain) throws IOException {
    Exchange exchange = chain.request().tag(Exchange.class);
    if (exchange != null && !exchange.begin()) {
      throw new TransportFailure(
          TransportFailure.Kind.MALFORMED,
          "an interceptor of the OkHttpClient tried to send the request a second time, with the"
              + " signature of the first; remove it, failed attempts are repeated anyway");
    }
    return hide(chain.proceed(chain.request()));
  }

  private static Response hide(Response answer) {
    Headers headers = answer.headers();
    List<String> retryAfter = headers.values(RETRY_AFTER);
    boolean hideStatus = answer.code() == PROXY_AUTHENTICATION || answer.code() == MISDIRECTED;
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
