package io.joblens.spi;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.joblens.RawJson;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads a vendor's JSON straight into the model, once, without a tree. It stands on one value at a
 * time. Strict about what would invent data (duplicate keys, trailing text, {@code 1.9} for a whole
 * number, deep nesting), lenient about what vendors vary (numbers as text and text as numbers,
 * unknown fields). The vendors' words for "absent" — {@code ""}, {@code "Null"}, {@code "Null\n"},
 * {@code "空"} and {@code null} — read as null. What cannot be read is a {@link WireDataException}.
 *
 * <p>A body has at most 500,000 tokens (values, names, and ends of objects and arrays), 5,000 names
 * in an object, 64 levels, 256 characters in a name and 64 in a number: each token costs more
 * memory than the bytes it is made of. A vendor's largest pages are 1,000 rows, so that is 500
 * tokens a row.
 */
public final class JsonReader {
  // Checked here and not by Jackson's StreamReadConstraints, which came with 2.15: an application
  // may bring 2.14. Each is below what newer versions refuse by default, so that all versions give
  // the same result. The whole body is bounded by whoever fetched it.
  private static final int DEEPEST_NESTING = 64;
  private static final int MOST_TOKENS = 500_000;
  private static final int MOST_NAMES = 5_000; // all are kept, to find one that comes twice
  private static final int LONGEST_NAME = 256;
  private static final int LONGEST_NUMBER = 64;
  private static final int LARGEST_EXPONENT = 1000;
  private static final int LONGEST_TEXT = 1 << 24;

  private static final JsonFactory FACTORY =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private final byte[] source;
  private final JsonParser parser;
  private final boolean hasRoomForTooLongText;
  private final int[] names = new int[DEEPEST_NESTING + 1];
  private int depth;
  private int tokens;

  private JsonReader(byte[] source, JsonParser parser) {
    this.source = source;
    this.parser = parser;
    this.hasRoomForTooLongText = source.length > LONGEST_TEXT;
  }

  /**
   * Reads the one JSON value that the bytes are.
   *
   * @throws WireDataException when they are no JSON, more than one value, or not what the function
   *     expects
   */
  public static <T> T read(byte[] body, Function<JsonReader, T> function) {
    if (!isUtf8(body)) {
      throw new WireDataException("the body", "is not UTF-8");
    }
    try {
      // Closed only by its end: closing a parser hands its names on to all later ones, and those
      // of a refused body can be too long to keep. It holds nothing but memory.
      JsonParser parser = FACTORY.createParser(body);
      JsonReader reader = new JsonReader(body, parser);
      if (reader.next() == null) {
        throw WireDataException.cutOff("the body", "is empty");
      }
      T value = function.apply(reader);
      reader.skipUnread();
      if (reader.next() != null) {
        throw new WireDataException("the body", "goes on after its JSON value");
      }
      return value;
    } catch (IOException e) {
      throw unreadable(e, body);
    }
  }

  /** Reads the bytes into maps, lists, strings, numbers, booleans and nulls. */
  public static @Nullable Object readTree(byte[] body) {
    List<@Nullable Object> holder = new ArrayList<>(1);
    read(body, json -> holder.add(json.value()));
    return holder.get(0);
  }

  /**
   * Reads an object: calls the consumer with each field's name, the reader standing on its value.
   * What the consumer does not read is skipped.
   *
   * @return false when the value is null
   * @throws WireDataException when the value is anything else
   */
  public boolean object(Consumer<String> field) {
    JsonToken token = parser.currentToken();
    if (token == JsonToken.VALUE_NULL) {
      return false;
    }
    if (token != JsonToken.START_OBJECT) {
      throw wrong("is not an object");
    }
    try {
      while (next() != JsonToken.END_OBJECT) {
        String name = parser.currentName();
        next();
        field.accept(name);
        skipUnread();
      }
    } catch (IOException e) {
      throw unreadable(e, source);
    }
    return true;
  }

  /**
   * Reads an object that must be there, as {@link #object} does.
   *
   * @throws WireDataException when the value is null or no object
   */
  public void requiredObject(Consumer<String> field) {
    if (!object(field)) {
      throw wrong("is null");
    }
  }

  /**
   * Reads an array: calls the action for each element, the reader standing on it.
   *
   * @return false when the value is null
   * @throws WireDataException when the value is anything else
   */
  public boolean array(Runnable element) {
    JsonToken token = parser.currentToken();
    if (token == JsonToken.VALUE_NULL) {
      return false;
    }
    if (token != JsonToken.START_ARRAY) {
      throw wrong("is not an array");
    }
    try {
      while (next() != JsonToken.END_ARRAY) {
        element.run();
        skipUnread();
      }
    } catch (IOException e) {
      throw unreadable(e, source);
    }
    return true;
  }

  /**
   * Reads an object as {@link #object} does and returns its JSON as a slice of the body.
   *
   * @throws WireDataException when the value is no object
   */
  public RawJson rawObject(Masking masking, Consumer<String> field) {
    long from = parser.currentTokenLocation().getByteOffset();
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      throw wrong("is not an object");
    }
    if (from < 0) {
      throw new WireDataException("the body", "is not UTF-8");
    }
    object(field);
    long to = parser.currentLocation().getByteOffset();
    return RawJson.slice(source, (int) from, (int) to, masking);
  }

  /** Returns text, number or boolean as text; null when the vendor means "absent". */
  public @Nullable String text() {
    String text = exactText();
    return text == null || isAbsent(text) ? null : text;
  }

  /** Returns text, number or boolean as text, just as it stands; null for null. */
  public @Nullable String exactText() {
    JsonToken token = parser.currentToken();
    if (token == JsonToken.VALUE_NULL) {
      return null;
    }
    if (token == null || !token.isScalarValue()) {
      throw wrong("is not text");
    }
    try {
      return parser.getText();
    } catch (IOException e) {
      throw unreadable(e, source);
    }
  }

  /** Returns an id; throws when it is absent. */
  public String id() {
    String text = text();
    if (text == null) {
      throw wrong("is absent");
    }
    return text;
  }

  /** Returns a whole number, given as number or text; null when the vendor means "absent". */
  public @Nullable Long integer() {
    try {
      if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT) {
        return parser.getLongValue();
      }
      String text = text();
      return text == null ? null : Long.valueOf(text.strip());
    } catch (NumberFormatException e) {
      throw wrong("is not a whole number");
    } catch (IOException e) {
      throw wrong("is not a whole number of 64 bits");
    }
  }

  /** Returns a whole number of 32 bits, given as number or text; null for "absent". */
  public @Nullable Integer integer32() {
    Long value = integer();
    if (value != null && value.intValue() != value) {
      throw wrong("is not a whole number of 32 bits");
    }
    return value == null ? null : value.intValue();
  }

  /** Returns a boolean, given as such or as text; null when the vendor means "absent". */
  public @Nullable Boolean bool() {
    String text = text();
    if (text == null) {
      return null;
    }
    if (text.equalsIgnoreCase("true")) {
      return true;
    }
    if (text.equalsIgnoreCase("false")) {
      return false;
    }
    throw wrong("is neither true nor false");
  }

  /** Returns the value as maps, lists, strings, numbers, booleans and nulls. */
  public @Nullable Object value() {
    try {
      return switch (parser.currentToken()) {
        case START_OBJECT -> {
          Map<String, @Nullable Object> map = new LinkedHashMap<>();
          object(name -> map.put(name, value()));
          yield map;
        }
        case START_ARRAY -> {
          List<@Nullable Object> list = new ArrayList<>();
          array(() -> list.add(value()));
          yield list;
        }
        case VALUE_NUMBER_INT -> parser.getNumberValue();
        case VALUE_NUMBER_FLOAT -> decimal();
        case VALUE_TRUE -> true;
        case VALUE_FALSE -> false;
        case VALUE_NULL -> null;
        default -> parser.getText();
      };
    } catch (IOException e) {
      throw unreadable(e, source);
    }
  }

  /** Returns the exception for the value the reader stands on: its place, never the value. */
  public WireDataException wrong(String problem) {
    return new WireDataException(place(), problem);
  }

  /** Tells whether the text is one of the vendors' words for "absent". */
  public static boolean isAbsent(String text) {
    String stripped = text.strip();
    return stripped.isEmpty()
        || stripped.equals("Null")
        || stripped.equals("null")
        || stripped.equals("空");
  }

  private void skipUnread() throws IOException {
    JsonToken token = parser.currentToken();
    if (token != null && token.isStructStart()) {
      for (int outside = depth - 1; depth > outside && token != null; ) {
        token = next(); // null at the end of the input; whoever reads on finds that out
      }
    }
  }

  /** Goes on to the next token, of what is read and of what is skipped, and checks its size. */
  private @Nullable JsonToken next() throws IOException {
    JsonToken token;
    try {
      token = parser.nextToken();
    } catch (IllegalStateException e) { // before 2.15, when names are made to collide as hashes
      throw unreadable(e, source);
    }
    if (token == null) {
      return null;
    }
    if (++tokens > MOST_TOKENS) {
      throw wrong("is preceded by too many others");
    }
    switch (token) {
      case START_OBJECT, START_ARRAY -> {
        if (++depth > DEEPEST_NESTING) {
          throw wrong("is nested too deeply");
        }
        names[depth] = 0;
      }
      case END_OBJECT, END_ARRAY -> depth--;
      case FIELD_NAME -> {
        if (parser.currentName().length() > LONGEST_NAME) {
          throw wrong("has too long a name");
        }
        if (++names[depth] > MOST_NAMES) {
          throw wrong("is one of too many names");
        }
      }
      case VALUE_NUMBER_INT -> checkLength(LONGEST_NUMBER, "is too long a number");
      case VALUE_NUMBER_FLOAT -> {
        checkLength(LONGEST_NUMBER, "is too long a number");
        checkExponent();
      }
      case VALUE_STRING -> {
        if (hasRoomForTooLongText) {
          checkLength(LONGEST_TEXT, "is too long a text");
        }
      }
      default -> {}
    }
    return token;
  }

  private void checkLength(int longest, String problem) throws IOException {
    if (parser.getTextLength() > longest) {
      throw wrong(problem);
    }
  }

  /** Checks it also when nobody reads the number now: the row's raw JSON may be read later. */
  private void checkExponent() throws IOException {
    String text = parser.getText();
    if (text.indexOf('e') >= 0 || text.indexOf('E') >= 0) {
      decimal();
    }
  }

  private String place() {
    String pointer = parser.getParsingContext().pathAsPointer(false).toString();
    return pointer.isEmpty() ? "the body" : Text.printable(pointer, 200);
  }

  private BigDecimal decimal() throws IOException {
    try {
      BigDecimal number = parser.getDecimalValue();
      if (Math.abs((long) number.scale()) <= LARGEST_EXPONENT) {
        return number;
      }
    } catch (NumberFormatException e) {
      // its message repeats the number
    }
    throw wrong("has too large an exponent");
  }

  // The library's own message can repeat what it read, so neither it nor the exception is passed
  // on.
  private static WireDataException unreadable(Exception e, byte[] body) {
    int line =
        e instanceof JsonProcessingException json && json.getLocation() != null
            ? json.getLocation().getLineNr()
            : 0;
    String problem = "is not JSON, or not complete" + (line > 0 ? ", at line " + line : "");
    return endsInside(body)
        ? WireDataException.cutOff("the body", problem)
        : new WireDataException("the body", problem);
  }

  /** The library lets through what is too long, of surrogates, or beyond the last character. */
  private static boolean isUtf8(byte[] body) {
    int i = 0;
    while (i < body.length) {
      int first = body[i++];
      if (first >= 0) {
        continue;
      }
      int lead = first & 0xff;
      int more = lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3;
      if (lead < 0xc2 || lead > 0xf4) {
        return false;
      }
      if (i + more > body.length) {
        return true; // cut off, which the parser says
      }
      int second = body[i] & 0xff;
      int least = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
      int most = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
      if (second < least || second > most) {
        return false;
      }
      for (int end = i++ + more; i < end; i++) {
        if ((body[i] & 0xc0) != 0x80) {
          return false;
        }
      }
    }
    return true;
  }

  /** Tells whether an object, array or text is still open at the end; the library does not say. */
  private static boolean endsInside(byte[] body) {
    int open = 0;
    boolean inText = false;
    for (int i = 0; i < body.length; i++) {
      switch (body[i]) {
        case '"' -> inText = !inText;
        case '\\' -> i += inText ? 1 : 0;
        case '{', '[' -> open += inText ? 0 : 1;
        case '}', ']' -> open -= inText ? 0 : 1;
        default -> {}
      }
    }
    return body.length > 0 && (body[0] == '{' || body[0] == '[') && (inText || open > 0);
  }
}
