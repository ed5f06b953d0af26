package io.joblens.okhttp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.joblens.spi.HttpTransportFactory;
import io.joblens.spi.TransportFailure;
import io.joblens.spi.WireRequest;
import io.joblens.spi.WireResponse;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import okhttp3.ConnectionPool;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Makes the transports and servers of one test. When the test is over it closes them, and fails it
 * if a response was left open, a connection or thread outlived its transport, or a thread could
 * have kept the JVM alive.
 */
final class Transports implements BeforeEachCallback, AfterEachCallback {
  static final Duration LIMIT = Duration.ofSeconds(10);
  static final long MEGABYTE = 1 << 20;

  private final List<OkHttpTransport> transports = new ArrayList<>();
  private final List<OkHttpTransport> borrowers = new ArrayList<>();
  private final List<RawServer> servers = new ArrayList<>();
  private Set<Thread> threadsBefore = Set.of();

  /** Returns a transport as users get it. */
  OkHttpTransport standard() {
    return with(Duration.ofSeconds(5), Optional.empty());
  }

  OkHttpTransport with(Duration connectTimeout, Optional<InetSocketAddress> proxy) {
    OkHttpTransport transport =
        OkHttpTransport.create(new HttpTransportFactory.Options(connectTimeout, proxy));
    transports.add(transport);
    return transport;
  }

  /** Returns a transport on a client of the user's own. */
  OkHttpTransport on(OkHttpClient client) {
    OkHttpTransport transport = OkHttpTransport.create(client);
    borrowers.add(transport);
    return transport;
  }

  RawServer server(RawServer.Script script) {
    return keep(new RawServer(script));
  }

  RawServer answering(String answer) {
    return keep(RawServer.answering(answer));
  }

  private RawServer keep(RawServer server) {
    servers.add(server);
    return server;
  }

  /** Sends a plain GET and returns the answer. */
  static WireResponse get(OkHttpTransport transport, RawServer server) throws Exception {
    return send(transport, WireRequest.get(server.endpoint()).path("/runs").build());
  }

  static WireResponse send(OkHttpTransport transport, WireRequest request) throws Exception {
    return transport.send(request, LIMIT, MEGABYTE).get(20, TimeUnit.SECONDS);
  }

  /** Returns how a future fails. */
  static TransportFailure failure(CompletableFuture<WireResponse> answer) {
    Throwable thrown = catchThrowable(() -> answer.get(20, TimeUnit.SECONDS));
    assertThat(thrown).isInstanceOf(ExecutionException.class);
    if (thrown.getCause() instanceof TransportFailure failure) {
      return failure;
    }
    throw new AssertionError("expected a TransportFailure", thrown);
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    threadsBefore = Thread.getAllStackTraces().keySet();
  }

  @Override
  public void afterEach(ExtensionContext context) throws Exception {
    for (OkHttpTransport transport : transports) {
      Optional<OkHttpClient> client = transport.built();
      if (client.isPresent()) {
        assertNoOpenResponse(client.get().connectionPool());
        transport.close();
        assertNoThread(client.get());
        assertSoon(
            "no connection outlives its transport",
            () -> client.get().connectionPool().connectionCount() == 0);
      }
      transport.close();
    }
    for (OkHttpTransport transport : borrowers) {
      Optional<OkHttpClient> client = transport.built();
      transport.close();
      if (client.isPresent()) {
        assertNoOpenResponse(client.get().connectionPool());
        assertNoThread(client.get());
        client.get().connectionPool().evictAll();
      }
    }
    servers.forEach(RawServer::close);
    Set<Thread> threads = Thread.getAllStackTraces().keySet();
    assertThat(threads)
        .filteredOn(thread -> !threadsBefore.contains(thread) && thread.isAlive())
        // WireMock's Jetty grows its pools as it likes
        .filteredOn(thread -> !thread.getName().matches("(qtp|Connector-Scheduler).*"))
        .as("threads that keep the JVM alive")
        .allMatch(Thread::isDaemon);
  }

  private static void assertNoOpenResponse(ConnectionPool pool) {
    assertSoon(
        "every connection is idle or closed",
        () -> pool.connectionCount() == pool.idleConnectionCount());
  }

  private static void assertNoThread(OkHttpClient client) throws InterruptedException {
    assertThat(client.dispatcher().executorService().awaitTermination(1, TimeUnit.SECONDS))
        .as("the transport's threads end with it")
        .isTrue();
  }

  private static void assertSoon(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + Duration.ofSeconds(1).toNanos();
    while (!condition.getAsBoolean() && System.nanoTime() < end) {
      Thread.onSpinWait();
    }
    assertThat(condition.getAsBoolean()).as(what).isTrue();
  }
}
