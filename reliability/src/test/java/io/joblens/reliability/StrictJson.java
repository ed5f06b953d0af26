package io.joblens.reliability;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads JSON by the letter of RFC 8259, and refuses a name that stands twice in an object: what
 * JobLens reads is held against it, so it shares nothing with what JobLens reads with.
 */
final class StrictJson {
  /**
   * A value, and where it stands in the text.
   *
   * @param kind the character that it begins with; {@code 0} for any number
   * @param text what a text says, or the literal itself
   */
  record Value(
      char kind, int from, int to, String text, Map<String, Member> members, List<Value> items) {

    boolean isArray() {
      return kind == '[';
    }

    boolean isObject() {
      return kind == '{';
    }

    /** Returns the value at the end of these names. */
    Optional<Value> at(List<String> path) {
      Optional<Value> value = Optional.of(this);
      for (String name : path) {
        value = value.map(outer -> outer.members.get(name)).map(Member::value);
      }
      return value;
    }

    /** Tells whether it is the number zero, or a text of it. */
    boolean isZero() {
      return (kind == '0' || kind == '"')
          && NUMBER.matcher(text.strip()).matches()
          && new BigDecimal(text.strip()).signum() == 0;
    }
  }

  /**
   * A name and its value.
   *
   * @param from where the name begins
   */
  record Member(int from, Value value) {}

  private static final class Wrong extends Exception {
    private static final long serialVersionUID = 1L;

    Wrong() {
      super("", null, false, false);
    }
  }

  private static final int DEEPEST = 100;
  private static final Pattern NUMBER =
      Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?");

  private final String text;
  private int at;

  private StrictJson(String text) {
    this.text = text;
  }

  /** Returns the one value that the bytes are; empty when they are anything else. */
  static Optional<Value> read(byte[] bytes) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return read(text.startsWith("\ufeff") ? text.substring(1) : text);
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  /** Returns the one value that the text is; empty when it is anything else. */
  static Optional<Value> read(String text) {
    StrictJson reader = new StrictJson(text);
    try {
      Value value = reader.value(0);
      reader.blanks();
      return reader.at == text.length() ? Optional.of(value) : Optional.empty();
    } catch (Wrong e) {
      return Optional.empty();
    }
  }

  private Value value(int depth) throws Wrong {
    blanks();
    int from = at;
    char first = peek();
    return switch (first) {
      case '{' -> object(from, depth);
      case '[' -> array(from, depth);
      case '"' -> {
        String said = text();
        yield new Value(first, from, at, said, Map.of(), List.of());
      }
      case 't' -> literal(from, "true");
      case 'f' -> literal(from, "false");
      case 'n' -> literal(from, "null");
      default -> {
        Matcher number = NUMBER.matcher(text).region(at, text.length());
        require(number.lookingAt());
        at = number.end();
        yield new Value('0', from, at, number.group(), Map.of(), List.of());
      }
    };
  }

  private Value object(int from, int depth) throws Wrong {
    require(depth < DEEPEST);
    Map<String, Member> members = new LinkedHashMap<>();
    at++;
    blanks();
    if (peek() == '}') {
      at++;
    } else {
      char end;
      do {
        blanks();
        int begin = at;
        require(peek() == '"');
        String name = text();
        blanks();
        require(next() == ':');
        require(members.put(name, new Member(begin, value(depth + 1))) == null);
        blanks();
        end = next();
        require(end == ',' || end == '}');
      } while (end == ',');
    }
    return new Value('{', from, at, "", members, List.of());
  }

  private Value array(int from, int depth) throws Wrong {
    require(depth < DEEPEST);
    List<Value> items = new ArrayList<>();
    at++;
    blanks();
    if (peek() == ']') {
      at++;
    } else {
      char end;
      do {
        items.add(value(depth + 1));
        blanks();
        end = next();
        require(end == ',' || end == ']');
      } while (end == ',');
    }
    return new Value('[', from, at, "", Map.of(), items);
  }

  private String text() throws Wrong {
    StringBuilder out = new StringBuilder();
    at++;
    for (char c = next(); c != '"'; c = next()) {
      require(c >= 0x20);
      out.append(c == '\\' ? escaped(next()) : c);
    }
    return out.toString();
  }

  private char escaped(char c) throws Wrong {
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> {
        int code = 0;
        for (int i = 0; i < 4; i++) {
          char digit = next();
          require(digit < 0x80 && Character.digit(digit, 16) >= 0);
          code = code * 16 + Character.digit(digit, 16);
        }
        yield (char) code;
      }
      default -> throw new Wrong();
    };
  }

  private Value literal(int from, String word) throws Wrong {
    require(text.startsWith(word, at));
    at += word.length();
    return new Value(word.charAt(0), from, at, word, Map.of(), List.of());
  }

  private void blanks() {
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  private char peek() throws Wrong {
    require(at < text.length());
    return text.charAt(at);
  }

  private char next() throws Wrong {
    char c = peek();
    at++;
    return c;
  }

  private static void require(boolean condition) throws Wrong {
    if (!condition) {
      throw new Wrong();
    }
  }
}
