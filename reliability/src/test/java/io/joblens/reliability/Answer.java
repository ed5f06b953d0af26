package io.joblens.reliability;

import io.joblens.reliability.StrictJson.Member;
import io.joblens.reliability.StrictJson.Value;
import io.joblens.spi.WireResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An answer as it should be.
 *
 * @param text the body
 * @param values all values in it; none when it is no JSON
 * @param members all fields in it
 */
record Answer(
    int status,
    Map<String, List<String>> headers,
    String text,
    List<Value> values,
    List<Member> members) {
  private static final Pattern TEXT_OR_BLANKS =
      Pattern.compile("(\"(?:[^\"\\\\]|\\\\.)*+\")|\\s++");

  static Answer of(int status, Map<String, List<String>> headers, String pretty) {
    String text = compact(pretty);
    Optional<Value> whole = StrictJson.read(text);
    List<Value> values = whole.map(Damage::values).orElse(List.of());
    return new Answer(
        status,
        headers,
        text,
        values,
        values.stream().flatMap(value -> value.members().values().stream()).toList());
  }

  /** Takes out what is between values, so that changes fall on them. */
  private static String compact(String pretty) {
    if (StrictJson.read(pretty).isEmpty()) {
      return pretty;
    }
    return TEXT_OR_BLANKS.matcher(pretty).replaceAll(found -> quoted(found.group(1)));
  }

  private static String quoted(@Nullable String text) {
    return text == null ? "" : Matcher.quoteReplacement(text);
  }

  static Answer of(String text) {
    return of(200, Map.of(), text);
  }

  byte[] body() {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  WireResponse response() {
    return new WireResponse(status, headers, body());
  }
}
