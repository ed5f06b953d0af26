package io.joblens.vendor;

import io.joblens.spi.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Random fields of answers: absent, null, empty, odd, of another JSON type, or unknown. */
final class RandomAnswer {
  /** How many answers of each operation are read. */
  static final int ANSWERS = 2_000;

  private static final List<String> ABSENT = List.of("", "Null", "Null\n", "空", "null", " ");

  final RandomParts parts;

  RandomAnswer(int number) {
    this.parts = new RandomParts(number);
  }

  /** Says where a failing answer comes from. */
  static String where(int number, byte[] body) {
    return "answer "
        + number
        + " of seed "
        + RandomParts.SEED
        + ": "
        + new String(body, StandardCharsets.UTF_8);
  }

  /** Puts the value, or null, or nothing. */
  void maybe(Map<String, @Nullable Object> object, String name, Supplier<Object> value) {
    switch (parts.below(6)) {
      case 0 -> {}
      case 1 -> object.put(name, null);
      default -> object.put(name, value.get());
    }
  }

  /** Returns a text, sometimes one of the vendors' words for "absent". */
  String text() {
    return parts.oneIn(5) ? parts.oneOf(ABSENT) : parts.text();
  }

  /** Returns a text, or a number or boolean in its place. */
  Object textOrOther() {
    return switch (parts.below(8)) {
      case 0 -> parts.below(1_000_000) - 500_000;
      case 1 -> parts.oneIn(2);
      default -> text();
    };
  }

  /** Returns a whole number between the bounds, as number or as text, often at the bounds. */
  Object number(long least, long most) {
    long value =
        switch (parts.below(6)) {
          case 0 -> least;
          case 1 -> most;
          case 2 -> -1;
          case 3 -> 0;
          default -> parts.below(100_000);
        };
    return parts.oneIn(3) ? Long.toString(value) : value;
  }

  /** Returns one of the words, or an unknown one. */
  String word(List<String> words) {
    return parts.oneIn(5) ? parts.word(12) : parts.oneOf(words);
  }

  Instant time() {
    return parts.date().truncatedTo(ChronoUnit.MILLIS);
  }

  /** Adds fields that no model knows. */
  void unknown(Map<String, @Nullable Object> object) {
    for (int count = parts.below(3); count > 0; count--) {
      object.put("X" + parts.word(8), value(3));
    }
  }

  /** Adds fields that no model knows, each a simple value. */
  void unknownSimple(Map<String, @Nullable Object> object) {
    for (int count = parts.below(3); count > 0; count--) {
      object.put("X" + parts.word(8), value(0));
    }
  }

  @Nullable Object value(int depth) {
    return switch (parts.below(depth > 0 ? 7 : 5)) {
      case 0 -> null;
      case 1 -> parts.oneIn(2);
      case 2 -> parts.below(1000);
      case 3 -> parts.text();
      case 4 -> "";
      case 5 -> {
        List<@Nullable Object> list = new ArrayList<>();
        for (int count = parts.below(3); count > 0; count--) {
          list.add(value(depth - 1));
        }
        yield list;
      }
      default -> {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        for (int count = parts.below(3); count > 0; count--) {
          map.put(parts.word(5), value(depth - 1));
        }
        yield map;
      }
    };
  }

  /** Returns the JSON, its characters beyond ASCII escaped every second time. */
  byte[] bytes(Object value) {
    String json = Json.write(value);
    if (parts.oneIn(2)) {
      StringBuilder escaped = new StringBuilder();
      for (int i = 0; i < json.length(); i++) {
        char c = json.charAt(i);
        escaped.append(c < 0x80 ? String.valueOf(c) : "\\u%04x".formatted((int) c));
      }
      json = escaped.toString();
    }
    return json.getBytes(StandardCharsets.UTF_8);
  }
}
