package io.joblens.reliability;

import io.joblens.reliability.StrictJson.Member;
import io.joblens.reliability.StrictJson.Value;
import io.joblens.spi.WireResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Makes a wrong answer of a right one, another for each seed. */
final class Damage {
  private static final int[] STATUSES = {
    100, 199, 201, 202, 204, 206, 299, 301, 302, 304, 400, 401, 403, 404, 405, 408, 409, 418, 429,
    499, 500, 502, 503, 504, 599, 600, 999
  };

  private static final List<String> WORDS =
      List.of(
          "null",
          "true",
          "false",
          "0",
          "1",
          "-1",
          "1.9",
          "-0.0",
          "1e5",
          "1e999",
          "1e-999",
          "2147483648",
          "9223372036854775807",
          "9223372036854775808",
          "-9223372036854775808",
          "0".repeat(70),
          "1".repeat(64),
          "9".repeat(400),
          "\"\"",
          "\" \"",
          "\"Null\\n\"",
          "\"空\"",
          "\"NaN\"",
          "NaN",
          "Infinity",
          "\"true\"",
          "\"200\"",
          "\"404\"",
          "\"0\"",
          "\"-1\"",
          "\"1e5\"",
          "\"9223372036854775808\"",
          "\"٣\"",
          "\"\\u0000\"",
          "\"\\ud800\"",
          "\"\u202e\ud83c\udca1\u2028\"",
          "\"..\"",
          "\"a/b\"",
          "\"2022-02-30T25:61:61Z\"",
          "\"+99999-01-01T00:00:00Z\"",
          "\"0000-00-00 00:00:00\"",
          "\"9999-12-31 23:59:59\"",
          "\"-999999999-01-01T00:00:00Z\"",
          "[]",
          "{}",
          "[null]",
          "[[]]",
          "[{}]",
          "[1,\"a\"]",
          "{\"a\":{}}",
          "{\"Code\":\"Throttling\"}",
          "\"{\\\"taskProgress\\\":[{\\\"total\\\":1e400}]}\"",
          "[".repeat(70) + "]".repeat(70),
          "[".repeat(70),
          "{\"a\":".repeat(70) + "1" + "}".repeat(70));

  private static final List<String> TIMES =
      List.of(
          "-1", "0", "1e9", "99999999999999999999", "Thu, 01 Jan 1970 00:00:00 GMT", "soon", "");

  private final SplittableRandom random;

  /** What other answers there are to take parts of. */
  private final List<Answer> others;

  Damage(long seed, List<Answer> others) {
    this.random = new SplittableRandom(seed);
    this.others = others;
  }

  /** Returns a number from 0, for whatever else is to be chosen. */
  int choice(int bound) {
    return random.nextInt(bound);
  }

  WireResponse damaged(Answer answer) {
    int status = random.nextInt(8) == 0 ? STATUSES[choice(STATUSES.length)] : answer.status();
    return new WireResponse(status, headers(answer), body(answer));
  }

  private Map<String, List<String>> headers(Answer answer) {
    Map<String, List<String>> headers = new HashMap<>(answer.headers());
    if (random.nextInt(8) == 0) {
      String time = TIMES.get(choice(TIMES.size()));
      switch (choice(6)) {
        case 0 -> headers.put("retry-after", List.of(time, "0,120"));
        case 1 -> headers.put("x-acs-retry-after", List.of(time));
        case 2 -> headers.put("x-ratelimit-user-api", List.of("Limit:1,Remain:0,TimeLeft:" + time));
        case 3 -> headers.put("date", List.of(time));
        case 4 -> headers.put("x-request-id", List.of("\u0000\r\n" + "i".repeat(choice(3000))));
        default -> headers.clear();
      }
    }
    return headers;
  }

  private byte[] body(Answer answer) {
    int how = choice(20);
    if (how == 0) {
      return spliced(answer);
    }
    String text = answer.text();
    if (how < 14) {
      text = rebuilt(text, answer.values(), answer.members());
    }
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    for (int times = how < 11 ? 0 : 1 + choice(3); times > 0; times--) {
      body = bitten(body);
    }
    return body;
  }

  /** The first part of one answer and the last of another. */
  private byte[] spliced(Answer answer) {
    byte[] first = answer.body();
    byte[] last = others.get(choice(others.size())).body();
    int until = choice(first.length + 1);
    int from = choice(last.length + 1);
    byte[] body = Arrays.copyOf(first, until + last.length - from);
    System.arraycopy(last, from, body, until, last.length - from);
    return body;
  }

  /** Changes a value or a field as a whole, so that what comes of it is mostly JSON still. */
  private String rebuilt(String text, List<Value> values, List<Member> members) {
    if (values.isEmpty()) {
      return text;
    }
    Value value = values.get(choice(values.size()));
    if (members.isEmpty() || random.nextInt(2) == 0) {
      return replaced(text, value.from(), value.to(), word(text, value));
    }
    Member member = members.get(choice(members.size()));
    String own = text.substring(member.from(), member.value().to());
    return switch (choice(4)) {
      case 0 -> without(text, member);
      case 1 -> replaced(text, member.from(), member.from(), own + ",");
      case 2 -> swapped(text, member.value(), value);
      default -> {
        Member other = members.get(choice(members.size()));
        // a name that is known, with a value of another kind
        yield replaced(
            text,
            member.value().from(),
            member.value().to(),
            text.substring(other.value().from(), other.value().to()));
      }
    };
  }

  private String word(String text, Value value) {
    return switch (choice(16)) {
      case 0 -> {
        Answer other = others.get(choice(others.size()));
        List<Value> theirs = other.values();
        if (theirs.isEmpty()) {
          yield "null";
        }
        Value part = theirs.get(choice(theirs.size()));
        yield other.text().substring(part.from(), part.to());
      }
      case 1 -> Long.toString(random.nextLong());
      case 2 ->
          "\"" + text.substring(value.from(), value.to()).replaceAll("[\"\\\\\\s]", "") + "\"";
      case 3 -> random.nextInt(64) == 0 ? "\"" + "x".repeat(choice(100_000)) + "\"" : "\"x\"";
      default -> WORDS.get(choice(WORDS.size()));
    };
  }

  private static String without(String text, Member member) {
    int to = member.value().to();
    int from = member.from();
    if (to < text.length() && text.charAt(to) == ',') {
      to++;
    } else if (text.charAt(from - 1) == ',') {
      from--;
    }
    return replaced(text, from, to, "");
  }

  private static String swapped(String text, Value one, Value other) {
    boolean inOrder = one.from() < other.from();
    Value first = inOrder ? one : other;
    Value second = inOrder ? other : one;
    if (first.to() > second.from()) {
      return text; // one is within the other
    }
    return text.substring(0, first.from())
        + text.substring(second.from(), second.to())
        + text.substring(first.to(), second.from())
        + text.substring(first.from(), first.to())
        + text.substring(second.to());
  }

  private static String replaced(String text, int from, int to, String by) {
    return text.substring(0, from) + by + text.substring(to);
  }

  /** Changes bytes, whatever they stand for. */
  private byte[] bitten(byte[] body) {
    if (body.length == 0) {
      return new byte[] {(byte) random.nextInt()};
    }
    int at = choice(body.length);
    switch (choice(6)) {
      case 0 -> {
        byte[] flipped = body.clone();
        flipped[at] ^= (byte) (1 << choice(8));
        return flipped;
      }
      case 1 -> {
        byte[] other = body.clone();
        other[at] = (byte) random.nextInt();
        return other;
      }
      case 2 -> {
        return Arrays.copyOf(body, at);
      }
      case 3 -> {
        return put(body, at, 0, new byte[] {(byte) "{}[]\",:\\0 -e\n".charAt(choice(13))});
      }
      case 4 -> {
        int length = Math.min(1 + choice(16), body.length - at);
        return put(body, at, length, new byte[0]);
      }
      default -> {
        int length = Math.min(1 + choice(40), body.length - at);
        return put(body, choice(body.length), 0, Arrays.copyOfRange(body, at, at + length));
      }
    }
  }

  private static byte[] put(byte[] body, int at, int removed, byte[] added) {
    byte[] result = new byte[body.length - removed + added.length];
    System.arraycopy(body, 0, result, 0, at);
    System.arraycopy(added, 0, result, at, added.length);
    int rest = at + removed;
    System.arraycopy(body, rest, result, at + added.length, body.length - rest);
    return result;
  }

  /** Returns all values in a value, itself first. */
  static List<Value> values(Value outer) {
    List<Value> all = new ArrayList<>(List.of(outer));
    outer.items().forEach(item -> all.addAll(values(item)));
    outer.members().values().forEach(member -> all.addAll(values(member.value())));
    return all;
  }
}
