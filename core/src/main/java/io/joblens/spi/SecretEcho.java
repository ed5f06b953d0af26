package io.joblens.spi;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds secrets in a text that may repeat what was sent: as they are, percent-encoded or with
 * JSON's escapes, also one within the other, and in both alphabets of base64. A piece of twelve
 * characters is enough, for texts are cut and begin anywhere. A secret that is shorter is found as
 * a whole only, and shorter pieces stay in the text.
 */
public final class SecretEcho {
  /** Fewer characters of a secret are no secret, and could be a word of the message. */
  private static final int PIECE = 12;

  /** Of fewer characters of base64 there are many in any text. */
  private static final int SHORTEST_BASE64 = 8;

  /** Encoded once by who sent it, and once more by who repeated it. */
  private static final int MOST_LAYERS = 3;

  private SecretEcho() {}

  /**
   * Returns the text with {@link Masking#MASK} in place of each piece of a secret; the text itself
   * when there is none. Takes time in proportion to the length of all.
   */
  public static String masked(String text, Collection<String> secrets) {
    boolean[] hidden = new boolean[text.length()];
    List<String> forms = secrets.stream().flatMap(secret -> forms(secret).stream()).toList();
    Reading reading = Reading.of(text);
    for (int layer = 0; reading != null && layer < MOST_LAYERS; layer++) {
      for (String form : forms) {
        reading.hide(form, hidden);
      }
      reading = reading.unescaped();
    }
    StringBuilder out = new StringBuilder(text.length());
    for (int i = 0; i < hidden.length; i++) {
      if (!hidden[i]) {
        out.append(text.charAt(i));
      } else if (i == 0 || !hidden[i - 1]) {
        out.append(Masking.MASK);
      }
    }
    return out.toString();
  }

  /** Returns what to look for in a text whose escapes are undone. */
  private static List<String> forms(String secret) {
    if (secret.isEmpty()) {
      return List.of();
    }
    byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
    List<String> forms = new ArrayList<>();
    forms.add(secret);
    if (bytes.length > secret.length()) { // percent-encoding stands for bytes
      forms.add(new String(bytes, StandardCharsets.ISO_8859_1));
    }
    List<String> base64 = new ArrayList<>();
    base64.add(Base64.getEncoder().encodeToString(bytes));
    for (int before = 0; before < 3; before++) {
      byte[] shifted = new byte[before + bytes.length];
      System.arraycopy(bytes, 0, shifted, before, bytes.length);
      String whole = Base64.getEncoder().withoutPadding().encodeToString(shifted);
      // the first and the last letter also depend on what stands beside the secret
      base64.add(whole.substring((before * 8 + 5) / 6, shifted.length * 8 / 6));
    }
    base64.stream().filter(form -> form.length() >= SHORTEST_BASE64).forEach(forms::add);
    return forms.stream().map(SecretEcho::alike).toList();
  }

  /** Writes alike what the alphabets of base64, and of blanks in URLs, write differently. */
  private static String alike(String text) {
    return text.replace('-', '+').replace(' ', '+').replace('_', '/');
  }

  /** A text in which some escapes are undone. */
  private static final class Reading {
    private final String text;

    /** Where in the original each character begins, and at last where the text ends. */
    private final int[] starts;

    private Reading(String text, int[] starts) {
      this.text = text;
      this.starts = starts;
    }

    static Reading of(String text) {
      int[] starts = new int[text.length() + 1];
      Arrays.setAll(starts, i -> i);
      return new Reading(text, starts);
    }

    /** Marks what repeats a piece of the form. */
    void hide(String form, boolean[] hidden) {
      int length = Math.min(PIECE, form.length());
      String own = alike(text);
      Map<String, List<Integer>> places = new HashMap<>();
      for (int i = 0; i + length <= own.length(); i++) {
        places.computeIfAbsent(own.substring(i, i + length), piece -> new ArrayList<>(1)).add(i);
      }
      for (int i = 0; i + length <= form.length() && !places.isEmpty(); i++) {
        // taken out, so that a piece that comes often in both is looked at once
        List<Integer> found = places.remove(form.substring(i, i + length));
        if (found != null) {
          found.forEach(at -> Arrays.fill(hidden, starts[at], starts[at + length], true));
        }
      }
    }

    /** Undoes one layer of escapes; null when there is none. */
    @Nullable Reading unescaped() {
      StringBuilder out = new StringBuilder(text.length());
      int[] at = new int[text.length() + 1];
      int i = 0;
      while (i < text.length()) {
        at[out.length()] = starts[i];
        int end = escapeEnd(i);
        out.append(end == i + 1 ? text.charAt(i) : escaped(i, end));
        i = end;
      }
      at[out.length()] = starts[text.length()];
      return out.length() == text.length() ? null : new Reading(out.toString(), at);
    }

    /** Returns where the escape that begins here ends; the next place where none begins. */
    private int escapeEnd(int from) {
      if (text.charAt(from) == '%' && isHex(from + 1, 2)) {
        return from + 3;
      }
      if (text.charAt(from) == '\\' && from + 1 < text.length()) {
        return text.charAt(from + 1) == 'u' && isHex(from + 2, 4) ? from + 6 : from + 2;
      }
      return from + 1;
    }

    private char escaped(int from, int end) {
      if (end == from + 2) {
        return text.charAt(from + 1); // a secret has no line breaks, so \n may be an n
      }
      int digits = text.charAt(from) == '%' ? from + 1 : from + 2;
      return (char) Integer.parseInt(text.substring(digits, end), 16);
    }

    private boolean isHex(int from, int length) {
      if (from + length > text.length()) {
        return false;
      }
      for (int i = from; i < from + length; i++) {
        if (Character.digit(text.charAt(i), 16) < 0 || text.charAt(i) > 'f') {
          return false;
        }
      }
      return true;
    }
  }
}
