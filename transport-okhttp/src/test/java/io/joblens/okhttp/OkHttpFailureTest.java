package io.joblens.okhttp;

import static org.assertj.core.api.Assertions.assertThat;

import io.joblens.spi.Endpoint;
import io.joblens.spi.TransportFailure;
import io.joblens.spi.TransportFailure.Kind;
import io.joblens.spi.WireRequest;
import io.joblens.spi.WireResponse;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Each way to fail has its kind, and none tells what was sent. */
class OkHttpFailureTest {
  private static final String CANARY = "canary-7f3a";
  private static final String HEX =
      HexFormat.of().formatHex("canary".getBytes(StandardCharsets.UTF_8));

  @RegisterExtension final Transports transports = new Transports();

  private record Fault(Kind kind, RawServer.Script script) {}

  /** Wherever a server can put words, it repeats the credential it was sent. */
  private static final Map<String, Fault> FAULTS =
      Map.ofEntries(
          Map.entry(
              "connection is reset before the answer",
              new Fault(Kind.CONNECTION_LOST, (request, wire) -> wire.reset())),
          Map.entry(
              "connection ends before the answer",
              new Fault(Kind.CONNECTION_LOST, (request, wire) -> wire.end())),
          Map.entry(
              "connection ends within the headers",
              cut(Kind.CONNECTION_LOST, "HTTP/1.1 200 OK\r\nX-Echo: " + CANARY)),
          Map.entry(
              "connection ends within the body",
              cut(Kind.CONNECTION_LOST, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n" + CANARY)),
          Map.entry(
              "connection is reset within the body",
              new Fault(
                  Kind.CONNECTION_LOST,
                  (request, wire) -> {
                    wire.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n" + CANARY);
                    wire.reset();
                  })),
          Map.entry(
              "connection ends within a chunk",
              cut(
                  Kind.CONNECTION_LOST,
                  "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n" + CANARY)),
          Map.entry(
              "connection ends between chunks",
              cut(
                  Kind.CONNECTION_LOST,
                  "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n")),
          Map.entry(
              "connection ends within gzip",
              cut(
                  Kind.CONNECTION_LOST,
                  "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n\u001f\u008b\b\0\0\0\0\0\0\0")),
          Map.entry(
              "chunk size is no number",
              cut(
                  Kind.CONNECTION_LOST,
                  "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + CANARY + "\r\n")),
          Map.entry("status line is none", cut(Kind.MALFORMED, CANARY + "\r\n\r\n")),
          Map.entry(
              "status is no number", cut(Kind.MALFORMED, "HTTP/1.1 " + CANARY + " OK\r\n\r\n")),
          Map.entry(
              "204 has a body",
              cut(Kind.MALFORMED, "HTTP/1.1 204 " + CANARY + "\r\nContent-Length: 2\r\n\r\n{}")),
          Map.entry(
              "body is no gzip",
              cut(
                  Kind.MALFORMED,
                  "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 11\r\n\r\n"
                      + CANARY)),
          Map.entry(
              "encoding is unknown",
              cut(
                  Kind.MALFORMED,
                  "HTTP/1.1 200 OK\r\nContent-Encoding: "
                      + CANARY
                      + "\r\nContent-Length: 2\r\n\r\n{}")),
          Map.entry(
              "body is too large",
              cut(
                  Kind.TOO_LARGE,
                  "HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n" + CANARY.repeat(500))),
          Map.entry(
              "headers are too large",
              cut(
                  Kind.CONNECTION_LOST,
                  "HTTP/1.1 200 OK\r\n" + ("X-Echo: " + CANARY + "\r\n").repeat(20_000))));

  private static Fault cut(Kind kind, String answer) {
    return new Fault(
        kind,
        (request, wire) -> {
          wire.write(answer);
          wire.end();
        });
  }

  @TestFactory
  List<DynamicTest> faultHasItsKindAndKeepsTheSecret() {
    return FAULTS.entrySet().stream()
        .map(
            fault ->
                DynamicTest.dynamicTest(
                    fault.getKey(),
                    () -> {
                      RawServer server = transports.server(fault.getValue().script());

                      TransportFailure failure = failure(transports.standard(), server.endpoint());

                      assertThat(failure.kind()).isEqualTo(fault.getValue().kind());
                      assertThat(server.requests()).hasSize(1);
                      assertThat(server.requests().get(0).head())
                          .contains("x-auth-token: " + CANARY);
                      assertSilent(failure, server.endpoint().authority());
                    }))
        .toList();
  }

  @Test
  void silentServerIsCutAtTheLimit() {
    RawServer server = transports.server((request, wire) -> wire.fallSilent());

    TransportFailure failure =
        Transports.failure(
            transports
                .standard()
                .send(request(server.endpoint()), Duration.ofMillis(300), Transports.MEGABYTE));

    assertThat(failure.kind()).isEqualTo(Kind.ATTEMPT_TIMEOUT);
    assertSilent(failure, server.endpoint().authority());
  }

  @Test
  void closedPortIsConnect() throws IOException {
    Endpoint closed;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      closed = new Endpoint("http", "127.0.0.1:" + socket.getLocalPort());
    }

    TransportFailure failure = failure(transports.standard(), closed);

    assertThat(failure.kind()).isEqualTo(Kind.CONNECT);
    assertThat(failure).hasStackTraceContaining("Connection refused");
    assertSilent(failure, closed.authority());
  }

  @Test
  void hostThatTakesNoConnectionInTimeIsConnect() throws Exception {
    // a full backlog: the kernel lets further connections hang
    try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Socket first = new Socket(full.getInetAddress(), full.getLocalPort());
        Socket second = new Socket(full.getInetAddress(), full.getLocalPort())) {
      assertThat(first.isConnected() && second.isConnected()).isTrue();
      Endpoint endpoint = new Endpoint("http", "127.0.0.1:" + full.getLocalPort());

      TransportFailure failure =
          failure(transports.with(Duration.ofMillis(200), Optional.empty()), endpoint);

      assertThat(failure.kind()).isEqualTo(Kind.CONNECT);
      assertSilent(failure, endpoint.authority());
    }
  }

  @Test
  void unknownHostIsDns() {
    Endpoint unknown = new Endpoint("http", "jobs.invalid");

    TransportFailure failure = failure(transports.standard(), unknown);

    assertThat(failure.kind()).isEqualTo(Kind.DNS);
    assertSilent(failure, "jobs.invalid");
  }

  @Test
  void plainHttpOnTlsPortIsTls() throws IOException {
    TransportFailure failure =
        onFirstByte(
            socket ->
                socket
                    .getOutputStream()
                    .write("HTTP/1.1 400 Bad\r\n\r\n".getBytes(StandardCharsets.UTF_8)));

    assertThat(failure.kind()).isEqualTo(Kind.TLS);
  }

  @Test
  void handshakeThatIsCutOffIsConnectBecauseNothingWasSent() throws IOException {
    TransportFailure ended = onFirstByte(Socket::shutdownOutput);
    TransportFailure reset = onFirstByte(socket -> socket.setSoLinger(true, 0));

    assertThat(ended.kind()).isEqualTo(Kind.CONNECT);
    assertThat(reset.kind()).isEqualTo(Kind.CONNECT);
  }

  private interface SocketAction {
    void accept(Socket socket) throws IOException;
  }

  /** Returns how an exchange fails with a TLS server that acts when the handshake begins. */
  private TransportFailure onFirstByte(SocketAction action) throws IOException {
    try (ServerSocket listener = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      Thread server =
          new Thread(
              () -> {
                try (Socket socket = listener.accept()) {
                  byte[] hello = new byte[5]; // a TLS record's head: type, version, length
                  socket.getInputStream().readNBytes(hello, 0, 5);
                  socket.getInputStream().skipNBytes((hello[3] & 0xff) << 8 | (hello[4] & 0xff));
                  action.accept(socket);
                } catch (IOException e) {
                  // the client has hung up
                }
              });
      server.setDaemon(true);
      server.start();
      Endpoint endpoint = new Endpoint("https", "127.0.0.1:" + listener.getLocalPort());
      TransportFailure failure = failure(transports.standard(), endpoint);
      assertSilent(failure, endpoint.authority());
      return failure;
    }
  }

  @Test
  void handshakeThatStallsIsCutAtTheLimit() {
    RawServer server = transports.server((request, wire) -> wire.fallSilent());

    TransportFailure failure =
        Transports.failure(
            transports
                .standard()
                .send(
                    WireRequest.get(secure(server)).build(),
                    Duration.ofMillis(300),
                    Transports.MEGABYTE));

    assertThat(failure.kind()).isEqualTo(Kind.ATTEMPT_TIMEOUT);
    assertThat(failure).hasMessageStartingWith("no connection to");
  }

  @Test
  void proxyThatRefusesTheTunnelIsConnect() {
    RawServer proxy =
        transports.answering(
            "HTTP/1.1 407 "
                + CANARY
                + "\r\nProxy-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n");
    OkHttpTransport transport =
        transports.with(
            Duration.ofSeconds(5),
            Optional.of(InetSocketAddress.createUnresolved("127.0.0.1", proxy.port())));

    TransportFailure failure = failure(transport, new Endpoint("https", "jobs.invalid"));

    assertThat(failure.kind()).isEqualTo(Kind.CONNECT);
    assertThat(proxy.requests()).hasSize(1);
    assertSilent(failure, "jobs.invalid");
  }

  @Test
  void firstAddressMayBeDeadIfTheSecondLives() throws Exception {
    RawServer server = transports.answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    OkHttpClient twoAddresses =
        new OkHttpClient.Builder()
            .dns(
                host ->
                    List.of(
                        InetAddress.getByAddress(new byte[] {127, 0, 0, 2}),
                        InetAddress.getLoopbackAddress()))
            .build();

    WireResponse answer =
        Transports.send(
            transports.on(twoAddresses),
            WireRequest.get(new Endpoint("http", "jobs.invalid:" + server.port())).build());

    assertThat(answer.status()).isEqualTo(200);
  }

  @Test
  void interceptorThatThrowsIsNamedByTypeOnly() {
    RawServer server = transports.answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    OkHttpClient broken =
        new OkHttpClient.Builder()
            .addInterceptor(
                chain -> {
                  // else the JDK would print what OkHttp throws again on its own thread
                  Thread.currentThread().setUncaughtExceptionHandler((thread, e) -> {});
                  throw new IllegalStateException(chain.request().header("x-auth-token"));
                })
            .build();

    TransportFailure failure = failure(transports.on(broken), server.endpoint());

    assertThat(failure).hasMessageContaining("IllegalStateException");
    assertSilent(failure, server.endpoint().authority());
  }

  private static Endpoint secure(RawServer server) {
    return new Endpoint("https", "127.0.0.1:" + server.port());
  }

  private static TransportFailure failure(OkHttpTransport transport, Endpoint endpoint) {
    return Transports.failure(transport.send(request(endpoint), Transports.LIMIT, 1000));
  }

  private static WireRequest request(Endpoint endpoint) {
    return WireRequest.post(endpoint)
        .path("/runs")
        .query("SecurityToken", CANARY)
        .header("X-Auth-Token", CANARY)
        .header("Authorization", "Bearer " + CANARY)
        .body("{\"token\":\"" + CANARY + "\"}")
        .build();
  }

  private static void assertSilent(TransportFailure failure, String host) {
    StringWriter everything = new StringWriter();
    failure.printStackTrace(new PrintWriter(everything, true));
    assertThat(everything.toString())
        .doesNotContainIgnoringCase("canary")
        .doesNotContainIgnoringCase(HEX)
        .doesNotContain("SecurityToken");
    assertThat(failure).message().containsAnyOf(host, "body");
  }
}
