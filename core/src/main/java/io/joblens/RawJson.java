package io.joblens;

import io.joblens.spi.Json;
import io.joblens.spi.JsonReader;
import io.joblens.spi.Masking;
import io.joblens.spi.WireDataException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A vendor's own JSON for a row, kept as it came and read only when asked for. Everything but
 * {@link #unmasked()} shows it with the secrets that the provider knows of replaced by {@code ***}.
 */
public final class RawJson {
  private static final Set<String> SHOWN = Set.of("name", "key", "valueFrom");

  private final byte[] source;
  private final int from;
  private final int to;
  private final Masking masking;

  private RawJson(byte[] source, int from, int to, Masking masking) {
    this.source = source;
    this.from = from;
    this.to = to;
    this.masking = masking;
  }

  /** Returns the JSON that the text is, for rows that a test makes up. */
  public static RawJson of(String json) {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    return new RawJson(bytes, 0, bytes.length, Masking.NONE);
  }

  /** Returns a slice of an answer's body; the array is not copied and must not change. */
  public static RawJson slice(byte[] source, int from, int to, Masking masking) {
    return new RawJson(source, from, to, masking);
  }

  /** Returns the JSON as one line, secrets masked. */
  public String json() {
    return Json.write(tree());
  }

  /**
   * Returns the JSON object's fields in the vendor's order — text, numbers, booleans, maps, lists
   * and nulls — with secrets masked; empty when the JSON is no object.
   */
  public Map<String, @Nullable Object> fields() {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    if (tree() instanceof Map<?, ?> map) {
      map.forEach((name, value) -> fields.put((String) name, value));
    }
    return Collections.unmodifiableMap(fields);
  }

  /** Returns the JSON exactly as the vendor sent it, secrets included. Do not log it. */
  public String unmasked() {
    return new String(source, from, to - from, StandardCharsets.UTF_8);
  }

  @Override
  public String toString() {
    return json();
  }

  private @Nullable Object tree() {
    return mask(JsonReader.readTree(Arrays.copyOfRange(source, from, to)));
  }

  private @Nullable Object mask(@Nullable Object value) {
    if (value instanceof Map<?, ?> map) {
      Map<String, @Nullable Object> masked = new LinkedHashMap<>();
      map.forEach((name, field) -> masked.put((String) name, maskField((String) name, field)));
      return masked;
    }
    if (value instanceof List<?> list) {
      List<@Nullable Object> masked = new ArrayList<>(list.size());
      list.forEach(item -> masked.add(mask(item)));
      return masked;
    }
    return value;
  }

  private @Nullable Object maskField(String name, @Nullable Object value) {
    if (value == null || value.equals("")) {
      return value;
    }
    if (masking.values().contains(name)) {
      return Masking.MASK;
    }
    if (masking.jsonValues().contains(name)) {
      return value instanceof String text ? maskJsonText(text) : Masking.MASK;
    }
    if (masking.urlQueries().contains(name)) {
      return maskUrls(value);
    }
    return mask(value);
  }

  private static String maskJsonText(String text) {
    try {
      Object tree = JsonReader.readTree(text.getBytes(StandardCharsets.UTF_8));
      // a bare number is JSON too, and can be a whole password
      return tree instanceof Map<?, ?> || tree instanceof List<?>
          ? Json.write(maskValues(tree))
          : Masking.MASK;
    } catch (WireDataException e) {
      return Masking.MASK;
    }
  }

  /** Keeps the structure and the names of what is set; every other text in it may be a secret. */
  private static @Nullable Object maskValues(@Nullable Object value) {
    if (value instanceof Map<?, ?> map) {
      Map<String, @Nullable Object> masked = new LinkedHashMap<>();
      map.forEach(
          (name, field) ->
              masked.put((String) name, SHOWN.contains(name) ? field : maskValues(field)));
      return masked;
    }
    if (value instanceof List<?> list) {
      List<@Nullable Object> masked = new ArrayList<>(list.size());
      list.forEach(item -> masked.add(maskValues(item)));
      return masked;
    }
    return value instanceof String ? Masking.MASK : value;
  }

  private static Object maskUrls(@Nullable Object value) {
    if (value instanceof List<?> list) {
      return list.stream().map(RawJson::maskUrls).toList();
    }
    if (!(value instanceof String url)) {
      return Masking.MASK;
    }
    int query = url.indexOf('?');
    return query < 0 ? url : url.substring(0, query + 1) + Masking.MASK;
  }
}
