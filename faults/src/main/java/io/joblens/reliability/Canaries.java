package io.joblens.reliability;

import io.joblens.spi.Credentials;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Secrets that are only there to be found again. All contain one word, which URL-encoding and
 * JSON's escapes leave as it is; of base64 there are three forms, by where the word begins.
 */
final class Canaries {
  private static final String WORD = "cAnArYbird";

  /** With characters that each encoding writes in its own way. */
  static final String SECRET = WORD + "-secret+/=%&\"\\";

  static final String TOKEN = WORD + "-token+/=%&\"\\";

  /** For fields of answers that hold secrets, inside JSON. */
  static final String ANSWERED = WORD + "-answered+/=%&";

  private static final Pattern ANYWHERE = anywhere();

  private Canaries() {}

  /** Returns the credentials that a source gives when it is asked for the nth time. */
  static Credentials credentials(int number) {
    return Credentials.temporary("id-" + number, SECRET + number, TOKEN + number, null);
  }

  /** Tells whether the text holds a secret, however it is written. */
  static boolean areIn(String text) {
    return ANYWHERE.matcher(text).find();
  }

  private static Pattern anywhere() {
    byte[] word = WORD.getBytes(StandardCharsets.UTF_8);
    List<String> forms = new ArrayList<>(List.of(WORD, HexFormat.of().formatHex(word)));
    for (int before = 0; before < 3; before++) {
      byte[] shifted = new byte[before + word.length];
      System.arraycopy(word, 0, shifted, before, word.length);
      String base64 = Base64.getEncoder().withoutPadding().encodeToString(shifted);
      // the first and the last letter also depend on what stands beside the word
      forms.add(base64.substring((before * 8 + 5) / 6, shifted.length * 8 / 6));
    }
    return Pattern.compile(String.join("|", forms.stream().map(Pattern::quote).toList()));
  }
}
