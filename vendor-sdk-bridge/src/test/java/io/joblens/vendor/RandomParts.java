package io.joblens.vendor;

import io.joblens.spi.Credentials;
import io.joblens.spi.Text;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/** Random parts of requests; one seed and one number of a pair always give the same. */
final class RandomParts {
  /** How many pairs each scheme is judged by: {@code -Dpairs=…}. */
  static final int PAIRS = Integer.getInteger("pairs", 10_000);

  /** Where they start: {@code -Dseed=…}. */
  static final long SEED = Long.getLong("seed", 1L);

  private static final List<String> ODD =
      List.of(
          " ", "  ", "+", "*", "~", "%", "/", "?", "#", "&", "=", "%20", "%2B", "%zz", ":", "@",
          "!", "$", "'", "(", ")", ",", ";", "[", "]", "{", "}", "|", "\\", "^", "`", "\"", "<",
          ">", "-", "_", ".", "é", "ß", "中文", "失败的任务", "日本", "한국", "😀", "👩‍🚀", "ａ", "\u00a0");
  private static final String ALPHANUMERIC =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  private static final String SYMBOLS = ALPHANUMERIC + "/+=-_.:~";

  private final Random random;

  RandomParts(int pair) {
    this.random = new Random(SEED * 1_000_003L + pair);
  }

  int below(int bound) {
    return random.nextInt(bound);
  }

  boolean oneIn(int bound) {
    return below(bound) == 0;
  }

  <T> T oneOf(List<T> values) {
    return values.get(below(values.size()));
  }

  /** Returns letters and digits. */
  String word(int longest) {
    return some(ALPHANUMERIC, 1 + below(longest));
  }

  /** Returns a label of a host. */
  String label() {
    return word(12).toLowerCase(Locale.ROOT);
  }

  /** Returns letters, everything that encoders treat differently, and now and then nothing. */
  String text() {
    StringBuilder out = new StringBuilder();
    for (int pieces = below(7); pieces > 0; pieces--) {
      out.append(oneIn(2) ? word(6) : oneOf(ODD));
    }
    return out.toString();
  }

  /** Returns text that can be a path segment, without slash: the vendors' code would split it. */
  String segment() {
    while (true) {
      String candidate = text().replace("/", "");
      try {
        return Text.requireId("path", candidate);
      } catch (IllegalArgumentException e) {
        // another one
      }
    }
  }

  List<String> segments(int most) {
    List<String> segments = new ArrayList<>();
    for (int count = below(most + 1); count > 0; count--) {
      segments.add(segment());
    }
    return segments;
  }

  /** Returns up to eight parameters; their names can hold anything, some are indexed. */
  Map<String, String> query() {
    Map<String, String> query = new LinkedHashMap<>();
    for (int count = below(9); count > 0; count--) {
      String name =
          switch (below(3)) {
            case 0 -> word(10);
            case 1 -> indexedName();
            default -> word(1) + text();
          };
      query.put(name, text());
    }
    return query;
  }

  /** Returns a name such as {@code Tag.12.Key}. */
  String indexedName() {
    return word(6) + "." + below(13) + (oneIn(2) ? "" : "." + word(6));
  }

  String body() {
    return switch (below(4)) {
      case 0 -> "";
      case 1 -> "{\"JobIds\":[\"job-" + word(8) + "\"]}";
      case 2 -> "{\"Name\":\"" + word(5) + " 测试 a&b 😀\\u0020\"}";
      default -> text() + "\r\n" + text() + "\u0000";
    };
  }

  /** Returns a value that a header can carry, with blanks around it now and then. */
  String headerValue() {
    return (oneIn(4) ? " \t" : "") + some(SYMBOLS + " ,;", below(20)) + (oneIn(4) ? "  " : "");
  }

  /** Returns an access key; every second one is temporary. */
  Credentials.AccessKey key() {
    String id = word(32);
    String secret = some(SYMBOLS, 1 + below(64));
    return oneIn(2)
        ? Credentials.accessKey(id, secret)
        : Credentials.temporary(id, secret, some(SYMBOLS, 1 + below(600)), null);
  }

  /** Returns a time between 1970 and 2100, to the nanosecond. */
  Instant date() {
    return Instant.ofEpochSecond(below(Integer.MAX_VALUE) * 4_102_444_800L / Integer.MAX_VALUE)
        .plusNanos(below(1_000_000_000));
  }

  /** Returns 32 hex digits. */
  String nonce() {
    return some("0123456789abcdef", 32);
  }

  private String some(String alphabet, int length) {
    StringBuilder out = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      out.append(alphabet.charAt(below(alphabet.length())));
    }
    return out.toString();
  }

  /** Says where a failing pair comes from. */
  static String where(int pair) {
    return "pair "
        + pair
        + " of seed "
        + SEED
        + " (-Dseed="
        + SEED
        + " -Dpairs="
        + (pair + 1)
        + ")";
  }

  /** Prints how many were equal. */
  static void report(String scheme, int pairs) {
    System.out.printf(Locale.ROOT, "%,d pairs of %s equal, seed %d%n", pairs, scheme, SEED);
  }
}
