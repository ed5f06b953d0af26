package io.joblens.testkit;

import io.joblens.spi.WireRequest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * Shows that a fake cloud refuses a request as soon as one byte of it is not what was signed: a
 * table of named changes and, for each, what the answer must look like. Needs no test framework.
 *
 * <p>Each change is made to a freshly signed request, so that a nonce is refused for what was
 * changed and not because it was seen before. Before the changes the request is sent as it is and
 * must be let in; otherwise a table against a cloud that refuses everything would prove nothing.
 */
public final class TamperTable {
  private record Change(
      String name, UnaryOperator<RawHttp> change, Predicate<RawHttp.Answer> refused) {}

  private final Supplier<WireRequest> signed;
  private final Predicate<RawHttp.Answer> letIn;
  private final RawHttp sample;
  private final List<Change> changes = new ArrayList<>();

  /**
   * Begins a table.
   *
   * @param signed returns the request, signed anew, with a new nonce
   * @param letIn what the answer to the request itself looks like
   */
  public TamperTable(Supplier<WireRequest> signed, Predicate<RawHttp.Answer> letIn) {
    this.signed = signed;
    this.letIn = letIn;
    this.sample = RawHttp.of(signed.get());
  }

  /** Adds a change by hand. */
  public TamperTable change(
      String name, UnaryOperator<RawHttp> change, Predicate<RawHttp.Answer> refused) {
    changes.add(new Change(name, change, refused));
    return this;
  }

  /** Adds another method. */
  public TamperTable method(Predicate<RawHttp.Answer> refused) {
    String other = sample.method().equals("GET") ? "POST" : "GET";
    return change("method " + other, raw -> raw.withMethod(other), refused);
  }

  /** Adds, for each byte of the path but its first slash, another byte. */
  public TamperTable eachByteOfPath(Predicate<RawHttp.Answer> refused) {
    int end = sample.target().indexOf('?');
    return eachByteOfTarget("path", 1, end < 0 ? sample.target().length() : end, refused);
  }

  /** Adds a segment more to the path. */
  public TamperTable longerPath(Predicate<RawHttp.Answer> refused) {
    return change(
        "path + /x",
        raw -> {
          int mark = raw.target().indexOf('?');
          String path = mark < 0 ? raw.target() : raw.target().substring(0, mark);
          String query = mark < 0 ? "" : raw.target().substring(mark);
          return raw.withTarget((path.endsWith("/") ? path : path + "/") + "x" + query);
        },
        refused);
  }

  /** Adds, for each byte of the query, another byte. */
  public TamperTable eachByteOfQuery(Predicate<RawHttp.Answer> refused) {
    int mark = sample.target().indexOf('?');
    return mark < 0 ? this : eachByteOfTarget("query", mark + 1, sample.target().length(), refused);
  }

  /** Adds a query parameter more. */
  public TamperTable longerQuery(Predicate<RawHttp.Answer> refused) {
    return change(
        "query + x=1",
        raw -> raw.withTarget(raw.target() + (raw.target().contains("?") ? "&" : "?") + "x=1"),
        refused);
  }

  /** Adds, for each byte of the body, another byte; and a body that is longer by one. */
  public TamperTable eachByteOfBody(Predicate<RawHttp.Answer> refused) {
    for (int i = 0; i < sample.body().length; i++) {
      int at = i;
      change(
          "body byte " + i,
          raw -> {
            byte[] body = raw.body().clone();
            body[at] ^= 1;
            return raw.withBody(body);
          },
          refused);
    }
    return change(
        "body + blank",
        raw -> {
          byte[] body = Arrays.copyOf(raw.body(), raw.body().length + 1);
          body[body.length - 1] = ' ';
          return raw.withBody(body);
        },
        refused);
  }

  /**
   * Adds, for each byte of a header's value, another byte, and the request without the header. The
   * positions are those of one signed request; a value must always be as long.
   */
  public TamperTable eachByteOfHeader(String name, Predicate<RawHttp.Answer> refused) {
    String value = sample.headers().get(name);
    if (value == null) {
      throw new IllegalArgumentException("the signed request has no header " + name);
    }
    for (int i = 0; i < value.length(); i++) {
      int at = i;
      change(
          name + " byte " + i,
          raw -> raw.withHeader(name, otherByte(header(raw, name), at)),
          refused);
    }
    return change(name + " absent", raw -> raw.withoutHeader(name), refused);
  }

  /**
   * Sends every change and returns those that were let in, or refused in another way than expected,
   * with the answer. Empty when the cloud is as it should be.
   *
   * @throws IllegalStateException when the signed request itself is refused, or when a change
   *     changes nothing
   */
  public Map<String, RawHttp.Answer> failures(int port) {
    RawHttp.Answer first = RawHttp.of(signed.get()).send(port);
    if (!letIn.test(first)) {
      throw new IllegalStateException("the signed request itself is refused: " + first);
    }
    Map<String, RawHttp.Answer> failures = new LinkedHashMap<>();
    for (Change change : changes) {
      RawHttp raw = RawHttp.of(signed.get());
      RawHttp changed = change.change().apply(raw);
      if (isSame(raw, changed)) {
        throw new IllegalStateException("change '" + change.name() + "' changes nothing");
      }
      RawHttp.Answer answer = changed.send(port);
      if (letIn.test(answer) || !change.refused().test(answer)) {
        failures.put(change.name(), answer);
      }
    }
    return failures;
  }

  /** Returns how many changes there are. */
  public int size() {
    return changes.size();
  }

  private TamperTable eachByteOfTarget(
      String part, int from, int to, Predicate<RawHttp.Answer> refused) {
    for (int i = from; i < to; i++) {
      int at = i;
      change(
          part + " byte " + (i - from),
          raw -> raw.withTarget(otherByte(raw.target(), at)),
          refused);
    }
    return this;
  }

  /** Returns the text with a letter or digit in the place, another one than stood there. */
  private static String otherByte(String text, int at) {
    char was = text.charAt(at);
    char other = 'Z';
    if (was == '0') {
      other = '1';
    } else if (was == 'Z' || Character.isDigit(was)) {
      other = '0'; // a digit stays one, so that numbers stay numbers
    }
    return text.substring(0, at) + other + text.substring(at + 1);
  }

  private static String header(RawHttp raw, String name) {
    String value = raw.headers().get(name);
    if (value == null) {
      throw new IllegalStateException("a signed request has no header " + name);
    }
    return value;
  }

  private static boolean isSame(RawHttp a, RawHttp b) {
    return a.method().equals(b.method())
        && a.target().equals(b.target())
        && a.headers().equals(b.headers())
        && Arrays.equals(a.body(), b.body());
  }
}
