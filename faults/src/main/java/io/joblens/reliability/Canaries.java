package io.joblens.reliability;

import io.joblens.spi.Credentials;
import io.joblens.spi.Json;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Secrets that are only there to be found again. The made-up secrets in the tests of all modules
 * contain one word, which URL-encoding and JSON's escapes leave as it is; of base64 there are three
 * forms, by where the word begins.
 */
final class Canaries {
  private static final List<String> SPELLINGS = List.of("canary", "Canary", "CANARY");

  /**
   * With characters that each encoding writes in its own way. The word is at the beginning, in the
   * middle and at the end, so that a piece that is left of it is found too.
   */
  static final String SECRET = "canary+/=%??>canary&\"\\-canary";

  static final String TOKEN = "canary\"\\&-canary%+/=??>canary";

  /** For fields of answers that hold secrets, inside JSON. */
  static final String ANSWERED = "canary-answered+/=%&canary";

  private static final Pattern ANYWHERE =
      Pattern.compile(
          String.join(
              "|",
              SPELLINGS.stream()
                  .flatMap(word -> forms(word).stream())
                  .map(Pattern::quote)
                  .toList()));

  private Canaries() {}

  /** Returns the credentials that a source gives when it is asked for the nth time. */
  static Credentials credentials(int number) {
    return Credentials.temporary("id-" + number, SECRET + number, TOKEN + number, null);
  }

  /** Tells whether the text holds a secret, however it is written. */
  static boolean areIn(String text) {
    return ANYWHERE.matcher(text).find();
  }

  /** Returns the text as it is, a piece of it, and as URLs and JSON have it. */
  static List<String> escaped(String text) {
    String quoted = Json.write(List.of(text));
    return List.of(
        text,
        text.substring(8),
        URLEncoder.encode(text, StandardCharsets.UTF_8),
        quoted.substring(2, quoted.length() - 2).replace("/", "\\/"));
  }

  /** Returns the text as it is, and in base64 of both alphabets, wherever it begins there. */
  static List<String> inBase64(String text) {
    Base64.Encoder encoder = Base64.getEncoder();
    return List.of(
        text,
        encoder.encodeToString(text.getBytes(StandardCharsets.UTF_8)),
        encoder.encodeToString((":" + text).getBytes(StandardCharsets.UTF_8)),
        Base64.getUrlEncoder().encodeToString(("u:" + text).getBytes(StandardCharsets.UTF_8)));
  }

  private static List<String> forms(String word) {
    byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
    List<String> forms = new ArrayList<>(List.of(word, HexFormat.of().formatHex(bytes)));
    for (int before = 0; before < 3; before++) {
      byte[] shifted = new byte[before + bytes.length];
      System.arraycopy(bytes, 0, shifted, before, bytes.length);
      String base64 = Base64.getEncoder().withoutPadding().encodeToString(shifted);
      // the first and the last letter also depend on what stands beside the word
      forms.add(base64.substring((before * 8 + 5) / 6, shifted.length * 8 / 6));
    }
    return forms;
  }
}
