package io.joblens.reliability;

import static io.joblens.JobServiceException.Kind.ACCESS_DENIED;
import static io.joblens.JobServiceException.Kind.AUTHENTICATION;
import static io.joblens.JobServiceException.Kind.CLOCK_SKEW;
import static io.joblens.JobServiceException.Kind.EXPIRED_CREDENTIALS;
import static io.joblens.JobServiceException.Kind.INVALID_REQUEST;
import static io.joblens.JobServiceException.Kind.NOT_FOUND;
import static io.joblens.JobServiceException.Kind.SERVER_ERROR;
import static io.joblens.JobServiceException.Kind.THROTTLED;
import static io.joblens.JobServiceException.Kind.UNAVAILABLE;
import static io.joblens.JobServiceException.Kind.UNKNOWN;
import static io.joblens.reliability.Faults.address;
import static io.joblens.reliability.Faults.afterHello;
import static io.joblens.reliability.Faults.always;
import static io.joblens.reliability.Faults.body;
import static io.joblens.reliability.Faults.clockAhead;
import static io.joblens.reliability.Faults.cutBody;
import static io.joblens.reliability.Faults.cutHead;
import static io.joblens.reliability.Faults.cutRefusal;
import static io.joblens.reliability.Faults.extra;
import static io.joblens.reliability.Faults.good;
import static io.joblens.reliability.Faults.goodForSecondKey;
import static io.joblens.reliability.Faults.on;
import static io.joblens.reliability.Faults.onAccept;
import static io.joblens.reliability.Faults.onDate;
import static io.joblens.reliability.Faults.redirect;
import static io.joblens.reliability.Faults.retryAfter;
import static io.joblens.reliability.Faults.status;
import static io.joblens.reliability.Faults.thenWell;
import static io.joblens.reliability.Faults.trouble;
import static io.joblens.reliability.Row.SUCCESS;
import static io.joblens.reliability.Row.data;
import static io.joblens.reliability.Row.service;
import static io.joblens.reliability.Row.transport;
import static org.assertj.core.api.Assertions.assertThat;

import io.joblens.Job;
import io.joblens.JobDataException;
import io.joblens.JobRun;
import io.joblens.JobServiceException;
import io.joblens.JobState;
import io.joblens.JobTransportException;
import io.joblens.reliability.Line.Certificates;
import io.joblens.reliability.Operation.Place;
import io.joblens.reliability.Row.Attempts;
import io.joblens.reliability.Row.Check;
import io.joblens.reliability.Row.Limits;
import io.joblens.reliability.Row.Seen;
import io.joblens.reliability.Row.Sees;
import io.joblens.reliability.Vendor.Trouble;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/** The fault matrix: every row that is about one call. */
final class FaultTable {
  private static final String MALFORMED = data(JobDataException.Kind.MALFORMED);
  private static final String TOO_LARGE = data(JobDataException.Kind.TOO_LARGE);
  private static final String LOST = transport(JobTransportException.Kind.CONNECTION_LOST);
  private static final String LATE = transport(JobTransportException.Kind.ATTEMPT_TIMEOUT);
  private static final String CONNECT = transport(JobTransportException.Kind.CONNECT);
  private static final String TLS = transport(JobTransportException.Kind.TLS);
  private static final String REDIRECT = transport(JobTransportException.Kind.REDIRECT_REFUSED);
  private static final String CALL_TIMEOUT = "CallTimeoutException";

  private static final String CAPTIVE_PORTAL =
      "<html><body>Welcome! <a href='/login?token=" + Canaries.TOKEN + "'>Log in</a></body></html>";

  private FaultTable() {}

  /** Returns all rows, in the plan's order. */
  static List<Row> rows() {
    List<Row> rows = new ArrayList<>();
    connecting(rows);
    securing(rows);
    receiving(rows);
    reading(rows);
    values(rows);
    refusals(rows);
    waits(rows);
    statuses(rows);
    clocks(rows);
    return rows;
  }

  private static void connecting(List<Row> rows) {
    rows.add(
        Row.of("A1", "connection refused", good())
            .over(Line::closedPort, Sees.NOTHING)
            .ends(CONNECT, 3));
    rows.add(
        Row.of("A2", "connecting meets silence", good())
            .over(Line::blackHole, Sees.NOTHING)
            .within(Limits.SHORT_ATTEMPT)
            .ends(CONNECT, 3));
    rows.add(
        Row.of("A3", "network unreachable", good())
            // no TCP goes to a multicast address: the kernel refuses as it does without a route
            .over(
                () -> Line.named("unreachable.invalid", name -> List.of(address("224.0.0.1"))),
                Sees.NOTHING)
            .ends(CONNECT, 3));
    rows.add(
        Row.of("A4", "no such host", good())
            .over(
                () ->
                    Line.named(
                        "nowhere.invalid",
                        name -> {
                          throw new UnknownHostException(name);
                        }),
                Sees.NOTHING)
            .ends(transport(JobTransportException.Kind.DNS), 2));
    rows.add(
        Row.of("A5", "looking up the host does not end", good())
            .over(Line::stalledDns, Sees.NOTHING)
            .within(Limits.SHORT_CALL)
            .ends(CALL_TIMEOUT, 1));
    rows.add(
        Row.of("A6", "first address dead, second alive", good())
            .over(
                () ->
                    Line.named(
                        "two-addresses.invalid",
                        name -> List.of(address("127.0.0.2"), address("127.0.0.1"))),
                Sees.REQUESTS)
            .ends(SUCCESS, 1));
  }

  private static void securing(List<Row> rows) {
    rows.add(
        Row.of("B0", "TLS without a fault", good())
            .over(() -> Line.secure(Certificates.GOOD), Sees.REQUESTS)
            .ends(SUCCESS, 1));
    rows.add(
        Row.of("B1", "certificate that nobody trusted signed", good())
            .over(() -> Line.secure(Certificates.SELF_SIGNED), Sees.CONNECTIONS)
            .ends(TLS, 1));
    rows.add(
        Row.of("B2", "certificate expired", good())
            .over(() -> Line.secure(Certificates.EXPIRED), Sees.CONNECTIONS)
            .ends(TLS, 1));
    rows.add(
        Row.of("B3", "certificate of another host", good())
            .over(() -> Line.secure(Certificates.OF_ANOTHER_HOST), Sees.CONNECTIONS)
            .ends(TLS, 1));
    rows.add(
        Row.of("B4", "TLS handshake stalls", onAccept(Wire::stall))
            .over(Line::halfSecure, Sees.CONNECTIONS)
            .within(Limits.SHORT_ATTEMPT)
            .ends(LATE, 3));
    rows.add(
        Row.of("B5", "plain text on the TLS port", onAccept(Faults::plainText))
            .over(Line::halfSecure, Sees.CONNECTIONS)
            .ends(TLS, 1));
    rows.add(
        Row.of("B5b", "server for TLS 1.0 only", onAccept(Faults::protocolVersionAlert))
            .over(Line::halfSecure, Sees.CONNECTIONS)
            .ends(TLS, 1));
    rows.add(
        Row.of("B6", "reset in the TLS handshake", onAccept(afterHello(Wire::reset)))
            .over(Line::halfSecure, Sees.CONNECTIONS)
            .ends(CONNECT, 3));
    rows.add(
        Row.of("B6b", "end of connection in the TLS handshake", onAccept(afterHello(Wire::end)))
            .over(Line::halfSecure, Sees.CONNECTIONS)
            .ends(CONNECT, 3));
  }

  private static void receiving(List<Row> rows) {
    rows.add(Row.of("C1", "reset before the answer", on(Wire::reset)).ends(LOST, 3));
    rows.add(Row.of("C2", "connection ends before the answer", on(Wire::end)).ends(LOST, 3));
    rows.add(Row.of("C3", "connection ends within the headers", cutHead(Wire::end)).ends(LOST, 3));
    rows.add(Row.of("C4", "reset within the body", cutBody(Wire::reset)).ends(LOST, 3));
    rows.add(Row.of("C5", "connection ends within the body", cutBody(Wire::end)).ends(LOST, 3));
    rows.add(
        Row.of("C6", "body without a length ends within its JSON", Faults::cutUnmeasured)
            .ends(MALFORMED, 3));
    rows.add(
        Row.of("C7", "connection half-closed while it was idle", Faults::halfClosing)
            .warm()
            .ends(operation -> SUCCESS)
            // before a POST OkHttp looks whether the connection still stands
            .attempts(operation -> new Attempts(1, 2)));
    rows.add(
        Row.of("C8", "headers never come", on(Wire::stall))
            .within(Limits.SHORT_ATTEMPT)
            .ends(LATE, 3));
    rows.add(
        Row.of("C8b", "headers never come, call limit", on(Wire::stall))
            .within(Limits.SHORT_CALL)
            .ends(CALL_TIMEOUT, 1));
    rows.add(
        Row.of("C9", "headers byte by byte", Faults::dribblingHead)
            .within(Limits.SHORT_ATTEMPT)
            .ends(LATE, 3));
    rows.add(
        Row.of("C9b", "headers byte by byte, call limit", Faults::dribblingHead)
            .within(Limits.SHORT_CALL)
            .ends(CALL_TIMEOUT, 1));
    rows.add(
        Row.of("C10", "body byte by byte", Faults::dribblingBody)
            .within(Limits.SHORT_ATTEMPT)
            .ends(LATE, 3));
    rows.add(
        Row.of("C10b", "body byte by byte, call limit", Faults::dribblingBody)
            .within(Limits.SHORT_CALL)
            .ends(CALL_TIMEOUT, 1));
    rows.add(
        Row.of("C11", "body stalls half-way", cutBody(Wire::stall))
            .within(Limits.SHORT_ATTEMPT)
            .ends(LATE, 3));
    rows.add(
        Row.of("C11b", "body stalls half-way, call limit", cutBody(Wire::stall))
            .within(Limits.SHORT_CALL)
            .ends(CALL_TIMEOUT, 1));
    rows.add(Row.of("C12", "malformed chunk", Faults::badChunk).ends(LOST, 3));
    rows.add(Row.of("C13", "bad status line", Faults::badStatusLine).ends(MALFORMED, 3));
    rows.add(Row.of("C14", "interim answers without end", Faults::endlessHints).ends(LOST, 3));
    rows.add(Row.of("C15", "300 KiB of headers", Faults::hugeHeaders).ends(LOST, 3));
  }

  private static void reading(List<Row> rows) {
    rows.add(Row.of("D1", "empty body", body(operation -> "")).ends(MALFORMED, 3));
    rows.add(Row.of("D2", "`null`", body(operation -> "null")).ends(MALFORMED, 1));
    rows.add(Row.of("D3", "`[]`", body(operation -> "[]")).ends(MALFORMED, 1));
    rows.add(Row.of("D4", "`\"x\"`", body(operation -> "\"x\"")).ends(MALFORMED, 1));
    rows.add(Row.of("D5", "no envelope", body(operation -> "{\"foo\":1}")).ends(MALFORMED, 1));
    rows.add(
        Row.of("D5b", "data is null", body(operation -> operation.around("null")))
            .ends(MALFORMED, 1));
    rows.add(Row.of("D5c", "data is missing", body(Operation::withoutData)).ends(MALFORMED, 1));
    rows.add(Row.of("D5d", "data is empty", body(o -> o.around("{}"))).ends(MALFORMED, 1));
    rows.add(
        Row.of("D6", "rows are text", body(o -> o.withRows("\"" + Canaries.ANSWERED + "\"")))
            .ends(MALFORMED, 1));
    rows.add(
        Row.of("D6b", "an id is an object", body(o -> o.with(Place.ID, "{\"a\":1}")))
            .ends(MALFORMED, 1));
    rows.add(
        Row.of(
                "D6c",
                "a number is another word",
                body(o -> o.with(Place.NUMBER, "\"" + Canaries.ANSWERED + "\"")))
            .ends(MALFORMED, 1));
    rows.add(
        Row.of("D7", "a captive portal's page", always(s -> Reply.html(200, CAPTIVE_PORTAL)))
            .ends(MALFORMED, 1));
    rows.add(
        Row.of("D8", "a gateway's page", always(s -> Reply.html(502, CAPTIVE_PORTAL)))
            .ends(service(UNAVAILABLE), 3));
    rows.add(Row.of("D9", "gzip that is none", always(Faults::notGzip)).ends(MALFORMED, 3));
    rows.add(
        Row.of("D9b", "gzip with a wrong checksum", always(Faults::brokenGzip)).ends(MALFORMED, 3));
    rows.add(Row.of("D10", "gzip bomb", always(Faults::bomb)).ends(TOO_LARGE, 1));
    rows.add(
        Row.of("D11", "Content-Length too small", always(Faults::understated)).ends(MALFORMED, 3));
    rows.add(Row.of("D12", "body over the cap", always(Faults::tooLong)).ends(TOO_LARGE, 1));
    rows.add(
        Row.of("D12b", "body without a length over the cap", Faults::endlessBody)
            .ends(TOO_LARGE, 1));
    rows.add(
        Row.of("D13", "nesting of 100,000", extra(s -> "[".repeat(100_000) + "]".repeat(100_000)))
            .ends(MALFORMED, 1));
    rows.add(
        Row.of("D14", "number of many digits", extra(s -> "9".repeat(s.between(100_000, 200_000))))
            .ends(MALFORMED, 1));
    rows.add(Row.of("D15", "`1e1000000000`", extra(s -> "1e1000000000")).ends(MALFORMED, 1));
  }

  private static void values(List<Row> rows) {
    rows.add(Row.of("D16", "a key twice", body(o -> o.twice(Place.ID))).ends(MALFORMED, 1));
    rows.add(Row.of("D17", "`NaN`", body(o -> o.with(Place.NUMBER, "NaN"))).ends(MALFORMED, 1));
    rows.add(
        Row.of("D17b", "`Infinity`", body(o -> o.with(Place.NUMBER, "-Infinity")))
            .ends(MALFORMED, 1));
    rows.add(
        Row.of("D18", "numbers as text and text as numbers", body(Operation::loose))
            .ends(SUCCESS, 1));
    rows.add(
        Row.of("D19", "2^63", body(o -> o.with(Place.NUMBER, "9223372036854775808")))
            .ends(MALFORMED, 1));
    rows.add(
        Row.of("D20", "1.9 for a whole number", body(o -> o.with(Place.NUMBER, "1.9")))
            .ends(MALFORMED, 1));
    rows.add(
        Row.of("D21", "text after the JSON", body(o -> o.json() + "<html>")).ends(MALFORMED, 1));
    rows.add(
        Row.of("D22", "unknown fields", extra(s -> "{\"a\":[1,{\"b\":null}]}")).ends(SUCCESS, 1));
    rows.add(
        Row.of("D23", "unknown state", body(o -> o.with(Place.STATE, "\"SHAPESHIFTING\"")))
            .ends(SUCCESS, 1)
            .and(FaultTable::isOfUnknownState));
    date(rows, "D24", "date is empty text", operation -> "\"\"");
    date(rows, "D24b", "date is `Null` and a line feed", operation -> "\"Null\\n\"");
    date(rows, "D24c", "date is in epoch seconds", operation -> "1657522800");
    date(rows, "D24d", "date is in epoch milliseconds", operation -> "1657522800000");
    date(rows, "D24e", "date without a zone", FaultTable::withoutZone);
    date(rows, "D24f", "date is the text NaN", operation -> "\"NaN\"");
    date(rows, "D24g", "date in the year 99999", FaultTable::farFuture);
    rows.add(Row.of("D25", "byte order mark", body(o -> "\ufeff" + o.json())).ends(SUCCESS, 1));
    rows.add(Row.of("D26", "bytes that are no UTF-8", always(Faults::notUtf8)).ends(MALFORMED, 1));
    rows.add(
        Row.of(
                "D27",
                "NUL, right-to-left mark and emoji in text",
                extra(s -> "\"\\u0000\u202e😀\""))
            .ends(SUCCESS, 1)
            .and(FaultTable::keepsTheText));
    rows.add(
        Row.of("D27b", "lone surrogate in an id", body(o -> o.with(Place.ID, "\"a\\ud800\"")))
            .ends(MALFORMED, 1));
    rows.add(
        Row.of("D27c", "NUL in an id", body(o -> o.with(Place.ID, "\"a\\u0000\"")))
            .ends(MALFORMED, 1));
    rows.add(Row.of("D28", "UTF-16", always(Faults::utf16)).ends(MALFORMED, 1));
    rows.add(
        Row.of("D29", "success with a word for \"no error\"", body(Operation::withNoError))
            .ends(SUCCESS, 1));
    rows.add(
        Row.of("D30", "throttled, in HTTP 200", trouble(200, Trouble.THROTTLED))
            .ends(service(THROTTLED), 3));
    rows.add(
        Row.of("D30b", "refused, in HTTP 200", trouble(200, Trouble.DENIED))
            .ends(service(ACCESS_DENIED), 1));
  }

  private static void refusals(List<Row> rows) {
    rows.add(
        Row.of("E1", "400", trouble(400, Trouble.BAD_REQUEST)).ends(service(INVALID_REQUEST), 1));
    rows.add(
        Row.of("E2", "401, wrong key", trouble(401, Trouble.BAD_KEY))
            .ends(service(AUTHENTICATION), 1));
    rows.add(
        Row.of("E2b", "401, connection ends within its body", cutRefusal(Wire::end))
            .ends(service(AUTHENTICATION), 1));
    rows.add(
        Row.of("E2c", "401, its body stalls", cutRefusal(Wire::stall))
            .within(Limits.SHORT_ATTEMPT)
            .ends(service(AUTHENTICATION), 1));
    rows.add(
        Row.of(
                "E3",
                "credentials expired, the next ones good",
                s -> trouble(401, Trouble.EXPIRED).apply(s).then(goodForSecondKey(s)))
            .ends(SUCCESS, 2)
            .and(FaultTable::isRefreshedOnce));
    rows.add(
        Row.of("E3b", "credentials expired, the next ones too", trouble(401, Trouble.EXPIRED))
            .ends(service(EXPIRED_CREDENTIALS), 2)
            .and(FaultTable::isRefreshedOnce));
    rows.add(Row.of("E4", "403", trouble(403, Trouble.DENIED)).ends(service(ACCESS_DENIED), 1));
    rows.add(Row.of("E4b", "403 without a word", status(403)).ends(service(ACCESS_DENIED), 1));
    rows.add(Row.of("E5", "404", trouble(404, Trouble.MISSING)).ends(service(NOT_FOUND), 1));
    rows.add(Row.of("E5b", "404 without a word", status(404)).ends(service(NOT_FOUND), 1));
    rows.add(Row.of("E6", "405", status(405)).ends(service(INVALID_REQUEST), 1));
    rows.add(Row.of("E6b", "501", status(501)).ends(service(INVALID_REQUEST), 1));
    rows.add(Row.of("E7", "408", status(408)).ends(service(UNAVAILABLE), 3));
    rows.add(Row.of("E8", "429", status(429)).ends(service(THROTTLED), 3));
  }

  private static void statuses(List<Row> rows) {
    rows.add(
        Row.of("E12", "500, then well", s -> status(500).apply(s).then(good().apply(s)))
            .ends(SUCCESS, 2));
    rows.add(Row.of("E13", "503 again and again", status(503)).ends(service(UNAVAILABLE), 3));
    rows.add(Row.of("E14", "502", status(502)).ends(service(UNAVAILABLE), 3));
    rows.add(Row.of("E14b", "504", status(504)).ends(service(UNAVAILABLE), 3));
    rows.add(Row.of("E14c", "500", status(500)).ends(service(SERVER_ERROR), 3));
    rows.add(
        Row.of("E15", "204", s -> (request, wire) -> wire.send("HTTP/1.1 204 No Content\r\n\r\n"))
            .ends(MALFORMED, 3));
    for (int status : new int[] {301, 302, 303, 307, 308}) {
      rows.add(
          Row.of("E16-" + status, status + " to another host", redirect(status, true))
              .ends(REDIRECT, 1));
    }
    rows.add(Row.of("E16b", "307 to itself", redirect(307, false)).ends(REDIRECT, 1));
    rows.add(
        Row.of("E16c", "302 from https to http", redirect(302, true))
            .over(() -> Line.secure(Certificates.GOOD), Sees.REQUESTS)
            .ends(REDIRECT, 1));
    rows.add(Row.of("E17", "407", status(407)).ends(service(INVALID_REQUEST), 1));
    rows.add(Row.of("E18", "421", status(421)).ends(service(INVALID_REQUEST), 1));
    rows.add(Row.of("E18b", "425", status(425)).ends(service(INVALID_REQUEST), 1));
    rows.add(Row.of("E19", "418", status(418)).ends(service(INVALID_REQUEST), 1));
    rows.add(Row.of("E19b", "599", status(599)).ends(service(SERVER_ERROR), 3));
    rows.add(Row.of("E19c", "999", status(999)).ends(service(UNKNOWN), 1));
  }

  private static void clocks(List<Row> rows) {
    rows.add(
        Row.of("G1", "clock 16 minutes slow", clockAhead(Duration.ofMinutes(16))).ends(SUCCESS, 2));
    rows.add(
        Row.of("G2", "clock 16 minutes fast", clockAhead(Duration.ofMinutes(-16)))
            .ends(SUCCESS, 2));
    rows.add(Row.of("G3", "clock 5 hours fast", clockAhead(Duration.ofHours(-5))).ends(SUCCESS, 2));
    rows.add(
        Row.of("G3b", "clock 5 hours fast, second call", clockAhead(Duration.ofHours(-5)))
            .warm()
            .ends(SUCCESS, 1));
    rows.add(
        Row.of("G4", "clock said to be off, no `Date`", trouble(401, Trouble.SKEWED))
            .ends(service(CLOCK_SKEW), 1));
    rows.add(
        Row.of(
                "G4b",
                "clock said to be off, `Date: yesterday`",
                always(
                    s ->
                        s.operation()
                            .vendor()
                            .error(401, Trouble.SKEWED)
                            .with("Date", "yesterday")))
            .ends(service(CLOCK_SKEW), 1));
  }

  private static void waits(List<Row> rows) {
    rows.add(
        Row.of("E9", "429, `Retry-After: 2`, then well", thenWell(retryAfter(429, "2")))
            .ends(SUCCESS, 2)
            .and(waits(2)));
    rows.add(
        Row.of(
                "E9b",
                "throttled in the vendor's words for 2 s, then well",
                thenWell(s -> Fault.reply(s.operation().vendor().throttled(2))))
            .ends(SUCCESS, 2)
            .and(waits(2)));
    rows.add(
        Row.of(
                "E9c",
                "503, `Retry-After: 3600`: longer than the call may take",
                retryAfter(503, "3600"))
            .ends(service(UNAVAILABLE), 1)
            .and(asks(Duration.ofHours(1))));
    rows.add(
        Row.of("E10", "429, `Retry-After` is a date 3 s ahead, then well", thenWell(onDate(429, 3)))
            .ends(SUCCESS, 2)
            .and(waits(2)));
    rows.add(
        Row.of("E11", "429, `Retry-After: -1`", retryAfter(429, "-1")).ends(service(THROTTLED), 3));
    rows.add(
        Row.of("E11b", "503, `Retry-After: 0`", retryAfter(503, "0"))
            .ends(service(UNAVAILABLE), 3));
    rows.add(
        Row.of("E11c", "429, `Retry-After: 0,120`", retryAfter(429, "0,120"))
            .ends(service(THROTTLED), 1));
    rows.add(
        Row.of("E11d", "503, `Retry-After: 299.997`", retryAfter(503, "299.997"))
            .ends(service(UNAVAILABLE), 1));
    rows.add(
        Row.of("E11e", "503, `Retry-After: 99999999999`", retryAfter(503, "99999999999"))
            .ends(service(UNAVAILABLE), 1));
    rows.add(
        Row.of("E11f", "503, `Retry-After` is a date that is over", onDate(503, -60))
            .ends(service(UNAVAILABLE), 3));
    rows.add(
        Row.of("E11g", "429, `Retry-After: soon`", retryAfter(429, "soon"))
            .ends(service(THROTTLED), 3));
    rows.add(
        Row.of("E11h", "429, `Retry-After` is empty", retryAfter(429, ""))
            .ends(service(THROTTLED), 3));
    rows.add(
        Row.of("E11i", "429, `Retry-After` in Arabic digits", retryAfter(429, "\u0663"))
            .ends(service(THROTTLED), 3));
    rows.add(
        Row.of(
                "E11j",
                "429, `Retry-After: -99999999999999999999`",
                retryAfter(429, "-99999999999999999999"))
            .ends(service(THROTTLED), 3));
  }

  private static void date(
      List<Row> rows, String id, String fault, Function<Operation, String> value) {
    rows.add(
        Row.of(id, fault, body(operation -> operation.with(Place.TIME, value.apply(operation))))
            .ends(SUCCESS, 1)
            .and((operation, end, w) -> hasNoWrongTime(operation, end, value.apply(operation))));
  }

  private static String withoutZone(Operation operation) {
    // SchedulerX gives all times so; the client is told that they are of Shanghai
    int hour = operation == Operation.GET_JOB_INSTANCE ? 15 : 7;
    return "\"2022-07-11 %02d:00:00\"".formatted(hour);
  }

  private static String farFuture(Operation operation) {
    return switch (operation) {
      case DESCRIBE_JOB_HISTORY, DESCRIBE_JOB -> "3093527980800000";
      case GET_JOB_INSTANCE -> "\"+99999-01-01 00:00:00\"";
      default -> "\"+99999-01-01T00:00:00Z\"";
    };
  }

  private static Check waits(int seconds) {
    return (operation, end, seen) -> {
      operation.check(end);
      assertThat(seen.waits()).hasSize(1);
      assertThat(seen.waits().get(0))
          .isBetween(Duration.ofSeconds(seconds), Duration.ofSeconds(10));
    };
  }

  private static Check asks(Duration wait) {
    return (operation, end, seen) ->
        assertThat(((JobServiceException) end).retryAfter()).contains(wait);
  }

  private static void isRefreshedOnce(Operation operation, Object end, Seen seen) {
    assertThat(seen.credentials()).as("times that credentials were asked for").isEqualTo(2);
    if (!(end instanceof Throwable)) {
      operation.check(end);
    }
  }

  private static void isOfUnknownState(Operation operation, Object end, Seen seen) {
    if (end instanceof Job job) {
      assertThat(job.lastState()).contains(JobState.UNKNOWN);
      assertThat(job.attributes()).containsEntry("LastJobState", "SHAPESHIFTING");
      return;
    }
    JobRun run = Operation.runs(end).get(0);
    assertThat(run.state()).isEqualTo(JobState.UNKNOWN);
    assertThat(run.rawState()).isEqualTo("SHAPESHIFTING");
    assertThat(run.isFinished()).isFalse();
  }

  private static void hasNoWrongTime(Operation operation, Object end, String value) {
    if (end instanceof Job) {
      operation.check(end); // its times are only attributes
      return;
    }
    JobRun run = Operation.runs(end).get(0);
    Instant time = operation.time(run);
    boolean isWordForAbsent = value.equals("\"\"") || value.startsWith("\"Null");
    if (time == null) {
      assertThat(isWordForAbsent || !run.notes().isEmpty()).as("absent without a word").isTrue();
    } else {
      assertThat(time).isEqualTo(Operation.TIME);
    }
  }

  private static void keepsTheText(Operation operation, Object end, Seen seen) {
    operation.check(end);
    Object text =
        end instanceof Job job
            ? job.attributes().get("Extra")
            : Operation.runs(end).get(0).attributes().get("Extra");
    assertThat(Objects.toString(text)).isEqualTo("\u0000\u202e😀");
  }
}
