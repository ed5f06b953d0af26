package io.joblens.reliability;

import io.joblens.reliability.Fault.Deed;
import io.joblens.reliability.Row.Setting;
import io.joblens.reliability.Vendor.Trouble;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.function.Function;
import java.util.zip.GZIPOutputStream;

/** What servers do, each in one way, to whoever asks them for an operation. */
final class Faults {
  private Faults() {}

  static Function<Setting, Fault> good() {
    return body(Operation::json);
  }

  static Function<Setting, Fault> body(Function<Operation, String> body) {
    return always(setting -> Reply.of(200, body.apply(setting.operation())));
  }

  static Function<Setting, Fault> extra(Function<Setting, String> value) {
    return always(s -> Reply.of(200, s.operation().withField("Extra", value.apply(s))));
  }

  static Function<Setting, Fault> always(Function<Setting, Reply> reply) {
    return setting -> Fault.reply(reply.apply(setting));
  }

  static Function<Setting, Fault> status(int status) {
    return always(setting -> Reply.of(status, ""));
  }

  static Function<Setting, Fault> trouble(int status, Trouble trouble) {
    return always(setting -> setting.operation().vendor().error(status, trouble));
  }

  static Function<Setting, Fault> retryAfter(int status, String value) {
    return always(setting -> Reply.of(status, "").with("Retry-After", value));
  }

  static Function<Setting, Fault> thenWell(Function<Setting, Fault> first) {
    return setting -> first.apply(setting).then(good().apply(setting));
  }

  static Function<Setting, Fault> on(Deed deed) {
    return setting -> (request, wire) -> deed.to(wire);
  }

  static Function<Setting, Fault> onAccept(Deed deed) {
    return setting -> Fault.onAccept(deed);
  }

  static Deed afterHello(Deed deed) {
    return wire -> {
      wire.hear();
      deed.to(wire);
    };
  }

  static void plainText(Wire wire) throws IOException {
    wire.hear();
    wire.send("HTTP/1.1 400 The plain HTTP request was sent to HTTPS port\r\n\r\n");
    wire.stall();
  }

  /** Answers as a server does that finds no common version in the client's hello. */
  static void protocolVersionAlert(Wire wire) throws IOException {
    wire.hear();
    wire.send(new byte[] {21, 3, 1, 0, 2, 2, 70});
    wire.stall();
  }

  static Function<Setting, Fault> cutHead(Deed deed) {
    return setting -> {
      Reply reply = Reply.of(200, setting.operation().json());
      String head = new String(reply.head(), StandardCharsets.UTF_8);
      String cut = head.substring(0, setting.between(5, head.length() - 4));
      return (request, wire) -> {
        wire.send(cut);
        deed.to(wire);
      };
    };
  }

  static Function<Setting, Fault> cutBody(Deed deed) {
    return cutBody(setting -> Reply.of(200, setting.operation().json()), deed);
  }

  static Function<Setting, Fault> cutRefusal(Deed deed) {
    return cutBody(setting -> setting.operation().vendor().error(401, Trouble.BAD_KEY), deed);
  }

  private static Function<Setting, Fault> cutBody(Function<Setting, Reply> whole, Deed deed) {
    return setting -> {
      Reply reply = whole.apply(setting);
      byte[] start = reply.start(setting.between(1, reply.body().length));
      return (request, wire) -> {
        wire.send(reply.head());
        wire.send(start);
        deed.to(wire);
      };
    };
  }

  static Fault cutUnmeasured(Setting setting) {
    Reply reply = Reply.of(200, setting.operation().json()).unmeasured();
    byte[] start = reply.start(setting.between(1, reply.body().length));
    return (request, wire) -> {
      wire.send(reply.head());
      wire.send(start);
      wire.end();
    };
  }

  static Fault halfClosing(Setting setting) {
    Reply reply = Reply.of(200, setting.operation().json());
    return (request, wire) -> {
      if (request.number() == 1) {
        wire.send(reply);
        wire.halfClose();
      } else if (wire.isHalfClosed()) {
        wire.end();
      } else {
        wire.send(reply);
      }
    };
  }

  static Fault dribblingHead(Setting setting) {
    Reply reply = Reply.of(200, setting.operation().json()).with("X-Filler", "x".repeat(500));
    int pause = setting.between(20, 120);
    return (request, wire) -> wire.dribble(reply.bytes(), pause);
  }

  static Fault dribblingBody(Setting setting) {
    Reply reply = Reply.of(200, setting.operation().json() + " ".repeat(500));
    int pause = setting.between(20, 120);
    return (request, wire) -> {
      wire.send(reply.head());
      wire.dribble(reply.body(), pause);
    };
  }

  static Fault badChunk(Setting setting) {
    return (request, wire) -> {
      wire.send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n");
      wire.send("Transfer-Encoding: chunked\r\n\r\n5\r\n{\"Res\r\nxyz\r\n");
      wire.stall();
    };
  }

  static Fault badStatusLine(Setting setting) {
    return (request, wire) -> {
      wire.send("HTTQ/1.1 twohundred OK\r\n\r\n");
      wire.stall();
    };
  }

  static Fault endlessHints(Setting setting) {
    return (request, wire) -> {
      while (true) {
        wire.send("HTTP/1.1 103 Early Hints\r\n\r\n");
      }
    };
  }

  static Fault hugeHeaders(Setting setting) {
    return (request, wire) -> {
      wire.send("HTTP/1.1 200 OK\r\n");
      for (int i = 0; i < 300; i++) {
        wire.send("X-Filler-" + i + ": " + "x".repeat(1024) + "\r\n");
      }
      wire.send("\r\n");
      wire.stall();
    };
  }

  static Reply notGzip(Setting setting) {
    return Reply.of(200, setting.operation().json()).with("Content-Encoding", "gzip");
  }

  static Reply brokenGzip(Setting setting) {
    byte[] zipped = gzip(setting.operation().json().getBytes(StandardCharsets.UTF_8));
    zipped[zipped.length - 6] ^= 1;
    return Reply.of(200, zipped).with("Content-Encoding", "gzip");
  }

  static Reply bomb(Setting setting) {
    return Reply.of(200, gzip(new byte[100 * Cell.CAP])).with("Content-Encoding", "gzip");
  }

  static Reply understated(Setting setting) {
    Reply reply = Reply.of(200, setting.operation().json());
    int stated = setting.between(1, reply.body().length);
    return reply.with("Content-Length", Integer.toString(stated)).with("Connection", "close");
  }

  static Reply tooLong(Setting setting) {
    return Reply.of(200, " ".repeat(Cell.CAP + setting.between(1, Cell.CAP)));
  }

  static Fault endlessBody(Setting setting) {
    return (request, wire) -> {
      wire.send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n");
      wire.send("Connection: close\r\n\r\n");
      byte[] blanks = " ".repeat(8192).getBytes(StandardCharsets.UTF_8);
      while (true) {
        wire.send(blanks);
      }
    };
  }

  static Reply notUtf8(Setting setting) {
    String json = setting.operation().withField("Extra", "\"é\"");
    return Reply.of(200, json.getBytes(StandardCharsets.ISO_8859_1));
  }

  static Reply utf16(Setting setting) {
    return Reply.of(200, setting.operation().json().getBytes(StandardCharsets.UTF_16))
        .with("Content-Type", "application/json; charset=UTF-16");
  }

  static byte[] gzip(byte[] bytes) {
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(zipped)) {
      out.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return zipped.toByteArray();
  }

  /** Answers well if the request is signed anew, by the second key. */
  static Fault goodForSecondKey(Setting setting) {
    Reply reply = Reply.of(200, setting.operation().json());
    return (request, wire) -> {
      boolean isNew = request.head().stream().anyMatch(line -> line.contains("id-2"));
      wire.send(isNew ? reply : setting.operation().vendor().error(401, Trouble.BAD_KEY));
    };
  }

  /** Redirects to a second server on which any request is a fault of the client. */
  static Function<Setting, Fault> redirect(int status, boolean isElsewhere) {
    return setting ->
        (request, wire) ->
            wire.send(
                Reply.of(status, "")
                    .with("Location", isElsewhere ? "http://127.0.0.1:" + Trap.port() + "/" : "/"));
  }

  static Function<Setting, Fault> onDate(int status, int secondsAhead) {
    return setting ->
        (request, wire) -> {
          // a date has whole seconds only, and must not say less than that
          Instant date = Instant.now().plusSeconds(secondsAhead + 1L);
          wire.send(Reply.of(status, "").with("Retry-After", httpDate(date)));
        };
  }

  /** Takes what was signed within a minute by the server's own clock, as gateways do. */
  static Function<Setting, Fault> clockAhead(Duration offset) {
    return setting ->
        (request, wire) -> {
          Vendor vendor = setting.operation().vendor();
          Instant now = Instant.now().plus(offset);
          Duration age = Duration.between(vendor.dateOf(request.head()), now).abs();
          Reply reply =
              age.compareTo(Duration.ofMinutes(1)) < 0
                  ? Reply.of(200, setting.operation().json())
                  : vendor.error(401, Trouble.SKEWED);
          wire.send(reply.with("Date", httpDate(now)));
        };
  }

  private static String httpDate(Instant time) {
    return DateTimeFormatter.RFC_1123_DATE_TIME.format(time.atOffset(ZoneOffset.UTC));
  }

  static InetAddress address(String literal) throws UnknownHostException {
    return InetAddress.getByName(literal);
  }
}
