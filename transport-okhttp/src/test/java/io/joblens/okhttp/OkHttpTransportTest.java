package io.joblens.okhttp;

import static org.assertj.core.api.Assertions.assertThat;

import io.joblens.spi.Endpoint;
import io.joblens.spi.HttpTransport;
import io.joblens.spi.HttpTransportFactory;
import io.joblens.spi.TransportFailure;
import io.joblens.spi.TransportFailure.Kind;
import io.joblens.spi.WireRequest;
import io.joblens.spi.WireResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Limits, cancelling, closing, and what becomes of threads and of the given client. */
class OkHttpTransportTest {
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";
  private static final Duration SLACK = Duration.ofSeconds(1);
  private static final Duration AT_ONCE = Duration.ofMillis(250);

  @RegisterExtension final Transports transports = new Transports();

  @Test
  void serviceLoaderFindsTheFactory() {
    assertThat(ServiceLoader.load(HttpTransportFactory.class))
        .hasExactlyElementsOfTypes(OkHttpTransportFactory.class);
  }

  @Test
  void clientIsBuiltByTheFirstSend() throws Exception {
    OkHttpTransport transport = transports.standard();
    assertThat(transport.built()).isEmpty();

    Transports.get(transport, transports.answering(OK));

    assertThat(transport.built()).isPresent();
  }

  @Test
  void unusedTransportClosesWithoutBuildingAnything() {
    OkHttpTransport transport = transports.standard();

    transport.close();

    assertThat(transport.built()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nX-A: bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\r\n\r\n", // headers
        "HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n", // a body that never comes
      })
  void dribbleIsCutAtTheLimit(String answer) {
    RawServer server =
        transports.server(
            (request, wire) -> {
              if (answer.contains("Content-Length")) {
                wire.write(answer);
                wire.dribble("x".repeat(9999));
              } else {
                wire.dribble(answer);
              }
            });
    OkHttpTransport transport = warm();
    long start = System.nanoTime();

    TransportFailure failure =
        Transports.failure(send(transport, server.endpoint(), Duration.ofMillis(400)));

    assertThat(failure.kind()).isEqualTo(Kind.ATTEMPT_TIMEOUT);
    assertThat(failure).hasMessageContaining("no complete answer").hasMessageContaining("400 ms");
    assertThat(since(start)).isBetween(Duration.ofMillis(400), Duration.ofMillis(400).plus(SLACK));
  }

  @Test
  void stalledNameLookupIsCutAtTheLimitAndByCancelling() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    OkHttpTransport transport =
        transports.on(
            new OkHttpClient.Builder()
                .dns(
                    host -> {
                      try {
                        release.await();
                      } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                      }
                      return List.of(InetAddress.getLoopbackAddress());
                    })
                .build());
    Endpoint endpoint = new Endpoint("http", "jobs.invalid:1");
    try {
      long start = System.nanoTime();
      TransportFailure failure =
          Transports.failure(send(transport, endpoint, Duration.ofMillis(200)));

      assertThat(failure.kind()).isEqualTo(Kind.ATTEMPT_TIMEOUT);
      assertThat(since(start)).isLessThan(Duration.ofMillis(200).plus(SLACK));

      CompletableFuture<WireResponse> closed = send(transport, endpoint, Transports.LIMIT);
      transport.close();
      assertThat(Transports.failure(closed).kind()).isEqualTo(Kind.CANCELLED);
    } finally {
      release.countDown();
    }
  }

  @Test
  void cancellingTheFutureEndsTheExchangeAtOnce() throws Exception {
    CountDownLatch arrived = new CountDownLatch(1);
    CountDownLatch hungUp = new CountDownLatch(1);
    RawServer server =
        transports.server(
            (request, wire) -> {
              arrived.countDown();
              wire.fallSilent();
              hungUp.countDown();
            });
    CompletableFuture<WireResponse> answer = send(warm(), server.endpoint(), Transports.LIMIT);
    assertThat(arrived.await(5, TimeUnit.SECONDS)).isTrue();

    answer.cancel(true);

    assertThat(answer).isCancelled();
    assertThat(hungUp.await(AT_ONCE.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
  }

  @Test
  void cancellingWithinTheBodyEndsTheExchangeAtOnce() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch hungUp = new CountDownLatch(1);
    RawServer server =
        transports.server(
            (request, wire) -> {
              wire.write("HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n{");
              begun.countDown();
              wire.dribble("x".repeat(9998));
              hungUp.countDown();
            });
    CompletableFuture<WireResponse> answer = send(warm(), server.endpoint(), Transports.LIMIT);
    assertThat(begun.await(5, TimeUnit.SECONDS)).isTrue();

    answer.cancel(true);

    assertThat(hungUp.await(AT_ONCE.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
  }

  @Test
  void callCancelledByAnInterceptorIsCancelled() {
    OkHttpTransport transport =
        transports.on(
            new OkHttpClient.Builder()
                .addInterceptor(
                    chain -> {
                      chain.call().cancel();
                      return chain.proceed(chain.request());
                    })
                .build());

    TransportFailure failure =
        Transports.failure(send(transport, transports.answering(OK).endpoint(), Transports.LIMIT));

    assertThat(failure.kind()).isEqualTo(Kind.CANCELLED);
  }

  @Test
  void closingCancelsWhatIsUnderWay() throws Exception {
    CountDownLatch arrived = new CountDownLatch(8);
    RawServer server =
        transports.server(
            (request, wire) -> {
              arrived.countDown();
              wire.fallSilent();
            });
    OkHttpTransport transport = transports.standard();
    List<CompletableFuture<WireResponse>> answers = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      answers.add(send(transport, server.endpoint(), Transports.LIMIT));
    }
    // more than the 5 per host that OkHttp would let through
    assertThat(arrived.await(5, TimeUnit.SECONDS)).isTrue();

    transport.close();

    assertThat(answers).allMatch(CompletableFuture::isDone);
    for (CompletableFuture<WireResponse> answer : answers) {
      assertThat(Transports.failure(answer).kind()).isEqualTo(Kind.CANCELLED);
    }
  }

  @Test
  void closedTransportSendsNothing() throws Exception {
    RawServer server = transports.answering(OK);
    OkHttpTransport unused = transports.standard();
    OkHttpTransport used = transports.standard();
    Transports.get(used, server);
    unused.close();
    used.close();
    used.close();

    for (OkHttpTransport transport : List.of(unused, used)) {
      TransportFailure failure =
          Transports.failure(send(transport, server.endpoint(), Transports.LIMIT));
      assertThat(failure.kind()).isEqualTo(Kind.CANCELLED);
      assertThat(failure).hasMessageContaining("closed");
    }
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void givenClientKeepsItsConnectionsAndDispatcher() throws Exception {
    RawServer server = transports.answering(OK);
    OkHttpClient given = new OkHttpClient.Builder().callTimeout(Duration.ofMillis(1)).build();
    OkHttpTransport transport = transports.on(given);
    Transports.get(transport, server);
    assertThat(given.connectionPool().connectionCount()).isEqualTo(1);

    transport.close();

    assertThat(given.connectionPool().connectionCount()).isEqualTo(1);
    assertThat(given.dispatcher().executorService().isShutdown()).isFalse();
    assertThat(given.followRedirects()).isTrue();
    given.dispatcher().executorService().shutdown();
  }

  @Test
  void connectionsServeOneExchangeAfterAnother() throws Exception {
    RawServer server = transports.answering(OK);
    OkHttpTransport transport = transports.standard();

    for (int i = 0; i < 20; i++) {
      Transports.get(transport, server);
    }

    assertThat(server.requests()).hasSize(20);
    assertThat(server.connections()).isEqualTo(1);
  }

  @Test
  void wideFanOutKeepsItsConnections() throws Exception {
    RawServer server = transports.answering(OK);
    OkHttpTransport transport = transports.standard();
    int connectionsAfterFirstRound = 0;

    for (int round = 0; round < 3; round++) {
      List<CompletableFuture<WireResponse>> answers = new ArrayList<>();
      for (int i = 0; i < 64; i++) {
        answers.add(send(transport, server.endpoint(), Transports.LIMIT));
      }
      for (CompletableFuture<WireResponse> answer : answers) {
        assertThat(answer.get(10, TimeUnit.SECONDS).status()).isEqualTo(200);
      }
      if (round == 0) {
        connectionsAfterFirstRound = server.connections();
      }
    }

    assertThat(server.requests()).hasSize(3 * 64);
    assertThat(server.connections()).isBetween(connectionsAfterFirstRound, 64);
  }

  @Test
  void jvmEndsWithItsMainThreadAlthoughTheTransportIsOpen() throws Exception {
    RawServer server = transports.answering(OK);
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classPath,
                Script.class.getName(),
                server.endpoint().authority())
            .redirectErrorStream(true)
            .start();
    try {
      // OkHttp's own threads would keep it for 60 s
      assertThat(process.waitFor(15, TimeUnit.SECONDS)).isTrue();
      assertThat(process.inputReader().readLine()).isEqualTo("200");
      assertThat(process.exitValue()).isZero();
    } finally {
      process.destroyForcibly();
    }
  }

  /** A user's script that sends and returns. */
  static final class Script {
    private Script() {}

    @SuppressWarnings("resource") // left open: that is the test
    public static void main(String[] args) throws Exception {
      HttpTransport transport =
          ServiceLoader.load(HttpTransportFactory.class)
              .findFirst()
              .orElseThrow(() -> new IOException("no transport"))
              .create(new HttpTransportFactory.Options(Duration.ofSeconds(5), Optional.empty()));
      WireRequest request = WireRequest.get(new Endpoint("http", args[0])).build();
      WireResponse answer =
          transport.send(request, Duration.ofSeconds(10), 1000).get(10, TimeUnit.SECONDS);
      System.out.println(answer.status());
    }
  }

  /** Returns a transport that has its client and its classes, so that times mean something. */
  private OkHttpTransport warm() {
    OkHttpTransport transport = transports.standard();
    RawServer server = transports.answering(OK);
    assertThat(send(transport, server.endpoint(), Transports.LIMIT).join().status()).isEqualTo(200);
    return transport;
  }

  private static CompletableFuture<WireResponse> send(
      OkHttpTransport transport, Endpoint endpoint, Duration limit) {
    return transport.send(WireRequest.get(endpoint).build(), limit, Transports.MEGABYTE);
  }

  private static Duration since(long start) {
    return Duration.ofNanos(System.nanoTime() - start);
  }
}
