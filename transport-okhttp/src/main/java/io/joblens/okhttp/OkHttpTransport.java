package io.joblens.okhttp;

import static java.util.Objects.requireNonNull;

import io.joblens.ConfigException;
import io.joblens.spi.HttpTransport;
import io.joblens.spi.HttpTransportFactory;
import io.joblens.spi.WireRequest;
import io.joblens.spi.WireResponse;
import java.net.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import okhttp3.Authenticator;
import okhttp3.Call;
import okhttp3.ConnectionPool;
import okhttp3.ConnectionSpec;
import okhttp3.CookieJar;
import okhttp3.Dispatcher;
import okhttp3.OkHttpClient;
import okhttp3.RequestBody;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests by OkHttp, each exactly once: no redirect is followed, no request sent again, no
 * cookie, cache or log-in added. A redirect, a 401 or a 503 is an answer like any other.
 *
 * <p>The limit of a send counts from the call of {@link #send} and covers everything: waiting for a
 * free connection, looking up the host, connecting and reading. The text of a failure never holds a
 * query, a header or a word of the answer.
 *
 * <p>If a host has several addresses and the first does not answer, the next is tried.
 *
 * <p>All threads are daemons. Futures are completed on them, so what hangs on a future should not
 * block. Thread-safe.
 */
public final class OkHttpTransport implements HttpTransport {
  /** OkHttp's own limit is 5, which would make wide fan-outs on one host wait. */
  private static final int MAX_REQUESTS_PER_HOST = 256;

  private static final int MAX_REQUESTS = 1024;

  /**
   * Short, because a connection that the server closed while it was idle costs an attempt: nothing
   * is sent again here, and OkHttp does not probe idle connections before a GET.
   */
  private static final Duration KEEP_ALIVE = Duration.ofSeconds(10);

  private static final AtomicInteger THREADS = new AtomicInteger();

  private final ReentrantLock lock = new ReentrantLock();
  private final Supplier<OkHttpClient> maker;
  private final boolean ownsConnections;
  private volatile @Nullable OkHttpClient client;
  private volatile boolean closed;

  private OkHttpTransport(Supplier<OkHttpClient> maker, boolean ownsConnections) {
    requireOkHttp4();
    this.maker = maker;
    this.ownsConnections = ownsConnections;
  }

  /**
   * Returns a transport that sends by a client derived from the given one. It keeps that client's
   * connections, proxy, DNS, TLS settings, connect timeout, protocols, interceptors and listeners;
   * it has its own dispatcher, and neither cookies, cache, authenticator, redirects, retries nor
   * the client's other timeouts. An interceptor that tries to send a request a second time fails
   * the exchange. Closing the transport leaves the given client as it is.
   */
  public static OkHttpTransport create(OkHttpClient client) {
    requireNonNull(client, "client");
    return new OkHttpTransport(() -> plain(client.newBuilder()), false);
  }

  static OkHttpTransport create(HttpTransportFactory.Options options) {
    requireNonNull(options, "options");
    return new OkHttpTransport(
        () -> {
          OkHttpClient.Builder builder =
              Trust.CLIENT
                  .newBuilder()
                  .connectionSpecs(List.of(ConnectionSpec.MODERN_TLS, ConnectionSpec.CLEARTEXT))
                  .connectionPool(
                      new ConnectionPool(
                          MAX_REQUESTS_PER_HOST, KEEP_ALIVE.toMillis(), TimeUnit.MILLISECONDS))
                  .connectTimeout(millis(options.connectTimeout()), TimeUnit.MILLISECONDS);
          options.proxy().ifPresent(address -> builder.proxy(new Proxy(Proxy.Type.HTTP, address)));
          return plain(builder);
        },
        true);
  }

  /**
   * What all derive from: reading the trust store takes long, and longer than a call's limit when
   * many clients begin at once.
   */
  private static final class Trust {
    private static final OkHttpClient CLIENT = new OkHttpClient();
  }

  /**
   * OkHttp 3 has other coordinates than ours, so that both can be on one class path, and the first
   * is loaded. The compat profile's row {@code tencent-first-without-bom} is such an application.
   */
  private static void requireOkHttp4() {
    try {
      RequestBody unused = RequestBody.create(new byte[0]);
    } catch (NoSuchMethodError e) {
      throw new ConfigException(
          "OkHttp 3 is on the class path before the OkHttp that JobLens needs, 4.12 or newer;"
              + " import io.joblens:joblens-bom into your dependencyManagement, or declare JobLens"
              + " before the library that brings OkHttp 3");
    }
  }

  /** Takes away whatever OkHttp does beyond one exchange. */
  private static OkHttpClient plain(OkHttpClient.Builder builder) {
    Dispatcher dispatcher = new Dispatcher(daemons());
    dispatcher.setMaxRequests(MAX_REQUESTS);
    dispatcher.setMaxRequestsPerHost(MAX_REQUESTS_PER_HOST);
    return builder
        .dispatcher(dispatcher)
        .followRedirects(false)
        .followSslRedirects(false)
        .retryOnConnectionFailure(true) // only of connecting, see SingleExchange
        .authenticator(Authenticator.NONE)
        .cookieJar(CookieJar.NO_COOKIES)
        .cache(null)
        // Exchange bounds the whole, also what OkHttp's callTimeout does not: its queue and the
        // DNS.
        .callTimeout(Duration.ZERO)
        .readTimeout(Duration.ZERO)
        .writeTimeout(Duration.ZERO)
        .addNetworkInterceptor(new SingleExchange())
        .build();
  }

  /** OkHttp's own threads would keep the JVM alive for a minute after the last call. */
  private static ExecutorService daemons() {
    return new ThreadPoolExecutor(
        0,
        Integer.MAX_VALUE,
        KEEP_ALIVE.toMillis(),
        TimeUnit.MILLISECONDS,
        new SynchronousQueue<>(),
        task -> {
          Thread thread = new Thread(task, "joblens-http-" + THREADS.incrementAndGet());
          thread.setDaemon(true);
          return thread;
        });
  }

  /** OkHttp takes whole milliseconds in an int; zero would mean for ever. */
  private static long millis(Duration timeout) {
    return timeout.compareTo(Duration.ofMillis(Integer.MAX_VALUE)) > 0
        ? Integer.MAX_VALUE
        : Math.max(1, timeout.toMillis());
  }

  /**
   * {@inheritDoc}
   *
   * <p>Makes one request. Asks for gzip unless the request names an {@code Accept-Encoding}, and
   * adds {@code User-Agent: joblens} unless it names one. The future fails with {@link
   * IllegalArgumentException} when OkHttp could not send the request as it stands.
   */
  @Override
  public CompletableFuture<WireResponse> send(
      WireRequest request, Duration limit, long maxDecodedBytes) {
    return send(request, limit, maxDecodedBytes, () -> {});
  }

  @Override
  public CompletableFuture<WireResponse> send(
      WireRequest request, Duration limit, long maxDecodedBytes, Runnable onWire) {
    Exchange exchange = new Exchange(request, maxDecodedBytes, onWire);
    OkHttpClient live = client();
    if (live == null) {
      exchange.abort();
      return exchange;
    }
    try {
      exchange.start(live.newCall(exchange.wire()), limit, live.dispatcher().executorService());
    } catch (IllegalArgumentException e) {
      exchange.completeExceptionally(e);
    }
    if (closed) { // close() may have looked just before the call was queued
      exchange.abort();
    }
    return exchange;
  }

  /**
   * Builds the client at the first send: reading the trust store costs the first one a third of a
   * second. There is none after {@link #close()}.
   */
  private @Nullable OkHttpClient client() {
    OkHttpClient built = client;
    if (built == null) {
      lock.lock();
      try {
        if (client == null && !closed) {
          client = maker.get();
        }
        built = client;
      } finally {
        lock.unlock();
      }
    }
    return closed ? null : built;
  }

  /** Returns the client once the first send has built it. */
  Optional<OkHttpClient> built() {
    return Optional.ofNullable(client);
  }

  /** Fails what is under way as cancelled, and frees connections and threads. */
  @Override
  public void close() {
    OkHttpClient built;
    lock.lock();
    try {
      closed = true;
      built = client;
    } finally {
      lock.unlock();
    }
    if (built == null) {
      return;
    }
    Dispatcher dispatcher = built.dispatcher();
    if (ownsConnections) {
      // A shared HTTP/2 connection survives the cancelling of its streams and is idle only then.
      dispatcher.setIdleCallback(built.connectionPool()::evictAll);
    }
    dispatcher.queuedCalls().forEach(OkHttpTransport::abort);
    dispatcher.runningCalls().forEach(OkHttpTransport::abort);
    dispatcher.executorService().shutdown();
    if (ownsConnections) {
      built.connectionPool().evictAll();
    }
  }

  private static void abort(Call call) {
    Exchange exchange = call.request().tag(Exchange.class);
    if (exchange != null) {
      exchange.abort();
    }
  }
}
