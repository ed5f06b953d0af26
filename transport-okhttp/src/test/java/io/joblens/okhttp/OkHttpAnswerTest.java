package io.joblens.okhttp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.joblens.spi.TransportFailure;
import io.joblens.spi.WireRequest;
import io.joblens.spi.WireResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How answers are read: decoded, whole and never larger than asked for. */
class OkHttpAnswerTest {
  @RegisterExtension final Transports transports = new Transports();

  @Test
  void statusHeadersAndBodyArrive() throws Exception {
    RawServer server =
        transports.answering(
            "HTTP/1.1 404 Not Found\r\nX-Request-Id: r-1\r\nVia: a\r\nvia: b\r\n"
                + "Content-Length: 5\r\n\r\nno\0\u00ffe");

    WireResponse answer = Transports.get(transports.standard(), server);

    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.header("x-request-id")).contains("r-1");
    assertThat(answer.headers()).containsEntry("via", List.of("a", "b"));
    assertThat(answer.body()).isEqualTo("no\0\u00ffe".getBytes(ISO_8859_1));
  }

  @Test
  void gzipIsDecodedAndItsHeadersAreGone() throws Exception {
    RawServer server = zipped(gzip("{\"a\":1}".repeat(1000)), "");

    WireResponse answer = Transports.get(transports.standard(), server);

    assertThat(text(answer)).isEqualTo("{\"a\":1}".repeat(1000));
    assertThat(answer.headers()).doesNotContainKeys("content-encoding", "content-length");
  }

  @Test
  void chunkedGzipLeavesTheConnectionToTheNextExchange() throws Exception {
    String zipped = gzip("{\"a\":1}");
    RawServer server =
        transports.answering(
            "HTTP/1.1 200 OK\r\nContent-Encoding: GZIP\r\nTransfer-Encoding: chunked\r\n\r\n"
                + Integer.toHexString(zipped.length())
                + "\r\n"
                + zipped
                + "\r\n0\r\n\r\n");
    OkHttpTransport transport = transports.standard();

    assertThat(text(Transports.get(transport, server))).isEqualTo("{\"a\":1}");
    assertThat(text(Transports.get(transport, server))).isEqualTo("{\"a\":1}");
    assertThat(server.connections()).isEqualTo(1);
  }

  @Test
  void unaskedGzipIsDecodedToo() throws Exception {
    RawServer server = zipped(gzip("[]"), "");

    WireResponse answer =
        Transports.send(
            transports.standard(),
            WireRequest.get(server.endpoint()).header("Accept-Encoding", "identity").build());

    assertThat(text(answer)).isEqualTo("[]");
  }

  @Test
  void emptyBodyMayClaimToBeGzip() throws Exception {
    RawServer server = zipped("", "");

    assertThat(Transports.get(transports.standard(), server).body()).isEmpty();
  }

  @Test
  void noContentIsAnAnswerWithoutBody() throws Exception {
    RawServer server = transports.answering("HTTP/1.1 204 No Content\r\n\r\n");

    WireResponse answer = Transports.get(transports.standard(), server);

    assertThat(answer.status()).isEqualTo(204);
    assertThat(answer.body()).isEmpty();
  }

  @Test
  void bodyThatEndsWithItsConnectionIsTakenAsItCame() throws Exception {
    RawServer server =
        transports.server(
            (request, wire) -> {
              wire.write("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{\"rows\":[{\"a\":");
              wire.end();
            });

    // HTTP cannot tell whether this is all; the reader of the JSON can
    assertThat(text(Transports.get(transports.standard(), server))).isEqualTo("{\"rows\":[{\"a\":");
  }

  @ParameterizedTest
  @ValueSource(strings = {"br", "deflate", "gzip, gzip", "nonsense"})
  void encodingNobodyAskedForIsMalformed(String encoding) {
    RawServer server =
        transports.answering(
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Encoding: " + encoding + "\r\n\r\n{}");

    assertThat(failure(server, 100).kind()).isEqualTo(TransportFailure.Kind.MALFORMED);
  }

  @Test
  void bodyOfExactlyTheLimitIsAccepted() throws Exception {
    RawServer server =
        transports.answering("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n" + "x".repeat(100));

    assertThat(send(server, 100).get().body()).hasSize(100);
  }

  @Test
  void bodyThatAnnouncesTooMuchIsNotEvenRead() {
    RawServer server =
        transports.server(
            (request, wire) -> {
              wire.write("HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n");
              wire.fallSilent();
            });

    assertThat(failure(server, 100).kind()).isEqualTo(TransportFailure.Kind.TOO_LARGE);
  }

  @Test
  void chunkedBodyOneByteOverTheLimitIsTooLarge() {
    RawServer server =
        transports.answering(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n65\r\n"
                + "x".repeat(101)
                + "\r\n0\r\n\r\n");

    assertThat(failure(server, 100).kind()).isEqualTo(TransportFailure.Kind.TOO_LARGE);
  }

  @Test
  void hundredfoldBombIsTooLargeByItsDecodedSize() throws Exception {
    String bomb = gzip("0".repeat(2_000_000));
    RawServer server = zipped(bomb, "");

    assertThat(bomb.length()).isLessThan(20_000);
    assertThat(failure(server, 1_000_000).kind()).isEqualTo(TransportFailure.Kind.TOO_LARGE);
    assertThat(send(server, 2_000_000).get().body()).hasSize(2_000_000);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void endlessBodyIsGivenUpAtTheLimit(boolean zipped) {
    AtomicLong written = new AtomicLong();
    RawServer server =
        transports.server(
            (request, wire) -> {
              wire.write(
                  "HTTP/1.1 200 OK\r\n"
                      + (zipped ? "Content-Encoding: gzip\r\n" : "")
                      + "Connection: close\r\n\r\n");
              OutputStream out = zipped ? new GZIPOutputStream(wire.out()) : wire.out();
              while (true) { // ends by the exception when the client hangs up
                out.write(new byte[8192]);
                written.addAndGet(8192);
              }
            });

    // were the limit not applied while reading, this would end by memory or time
    assertThat(failure(server, Transports.MEGABYTE).kind())
        .isEqualTo(TransportFailure.Kind.TOO_LARGE);
    assertThat(written.get()).isGreaterThan(0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"500 Oh", "400 Bad", "503 Later\r\nRetry-After: 0", "302 Found\r\nLocation: /"})
  void ofAnErrorsBodyNoMoreIsReadThanIsKept(String status) throws Exception {
    for (boolean zipped : new boolean[] {true, false}) {
      RawServer server =
          transports.server(
              (request, wire) -> {
                wire.write(
                    "HTTP/1.1 "
                        + status
                        + (zipped ? "\r\nContent-Encoding: gzip" : "\r\nContent-Length: 99999999")
                        + "\r\n\r\n");
                OutputStream out = zipped ? new GZIPOutputStream(wire.out()) : wire.out();
                while (true) { // ends by the exception when the client hangs up
                  out.write(new byte[8192]);
                }
              });

      WireResponse answer = send(server, Transports.MEGABYTE).get();

      assertThat(answer.status()).isEqualTo(Integer.parseInt(status.substring(0, 3)));
      assertThat(answer.body()).hasSize(WireResponse.LARGEST_ERROR);
      assertThat(send(server, 100).get().body()).hasSize(100);
    }
  }

  @Test
  void brokenGzipIsMalformed() throws Exception {
    String good = gzip("{\"a\":1}");
    RawServer noGzip = zipped("{\"a\":1}", "");
    RawServer wrongSum = zipped(good.substring(0, good.length() - 8) + "12345678", "");
    RawServer trailing = zipped(good, "garbage");

    assertThat(failure(noGzip, 100).kind()).isEqualTo(TransportFailure.Kind.MALFORMED);
    assertThat(failure(wrongSum, 100).kind()).isEqualTo(TransportFailure.Kind.MALFORMED);
    assertThat(text(send(trailing, 100).get())).isEqualTo("{\"a\":1}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"401 Unauthorized", "302 Found\r\nLocation: /"})
  void aRefusalOrARedirectWhoseBodyCannotBeReadIsAnAnswerAllTheSame(String status)
      throws Exception {
    String head = "HTTP/1.1 " + status + "\r\nX-Request-Id: r-1\r\n";
    RawServer cut =
        transports.server(
            (request, wire) -> {
              wire.write(head + "Content-Length: 99\r\n\r\n{");
              wire.end();
            });
    RawServer broken =
        transports.answering(head + "Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}");
    RawServer unknown =
        transports.answering(head + "Content-Encoding: br\r\nContent-Length: 2\r\n\r\n{}");
    RawServer endless = transports.answering(head + "Content-Length: 99\r\n\r\n{");

    for (RawServer server : List.of(cut, broken, unknown, endless)) {
      WireResponse answer =
          transports
              .standard()
              .send(WireRequest.get(server.endpoint()).build(), Duration.ofMillis(500), 100)
              .get();
      assertThat(answer.status()).isEqualTo(Integer.parseInt(status.substring(0, 3)));
      assertThat(answer.header("x-request-id")).contains("r-1");
      assertThat(answer.body()).isEmpty();
    }
  }

  private RawServer zipped(String body, String more) {
    return transports.answering(
        "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: "
            + (body.length() + more.length())
            + "\r\n\r\n"
            + body
            + more);
  }

  private CompletableFuture<WireResponse> send(RawServer server, long most) {
    return transports
        .standard()
        .send(WireRequest.get(server.endpoint()).build(), Transports.LIMIT, most);
  }

  private TransportFailure failure(RawServer server, long most) {
    return Transports.failure(send(server, most));
  }

  private static String gzip(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(text.getBytes(ISO_8859_1));
    }
    return bytes.toString(ISO_8859_1);
  }

  private static String text(WireResponse answer) {
    return new String(answer.body(), ISO_8859_1);
  }
}
