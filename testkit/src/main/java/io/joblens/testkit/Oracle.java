package io.joblens.testkit;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What servers need to verify signatures, written apart from the code that makes them: a mistake in
 * one is not repeated in the other.
 */
public final class Oracle {
  private static final char[] DIGITS = "0123456789ABCDEF".toCharArray();

  private Oracle() {}

  /** Returns the SHA-256 of the bytes in lower-case hexadecimal digits. */
  public static String sha256Hex(byte[] bytes) {
    try {
      return hex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** Returns the SHA-256 of the text's UTF-8 bytes in lower-case hexadecimal digits. */
  public static String sha256Hex(String text) {
    return sha256Hex(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Returns the HMAC-SHA256 of the text's UTF-8 bytes. */
  public static byte[] hmacSha256(byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has HmacSHA256", e);
    }
  }

  /** Returns the HMAC-SHA256 of the text's UTF-8 bytes, with the key's UTF-8 bytes. */
  public static byte[] hmacSha256(String key, String text) {
    return hmacSha256(key.getBytes(StandardCharsets.UTF_8), text);
  }

  /** Returns lower-case hexadecimal digits. */
  public static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  /** Compares texts in a time that does not tell where they differ. */
  public static boolean isSame(String expected, String actual) {
    return MessageDigest.isEqual(
        expected.getBytes(StandardCharsets.UTF_8), actual.getBytes(StandardCharsets.UTF_8));
  }

  /** Encodes every UTF-8 byte that RFC 3986 does not call unreserved. */
  public static String percentEncode(String text) {
    StringBuilder out = new StringBuilder(text.length() + 16);
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      boolean unreserved =
          (b >= 'A' && b <= 'Z')
              || (b >= 'a' && b <= 'z')
              || (b >= '0' && b <= '9')
              || b == '-'
              || b == '.'
              || b == '_'
              || b == '~';
      if (unreserved) {
        out.append((char) b);
      } else {
        out.append('%').append(DIGITS[(b >> 4) & 15]).append(DIGITS[b & 15]);
      }
    }
    return out.toString();
  }

  /**
   * Decodes percent-encoded UTF-8.
   *
   * @param plusIsBlank whether a plus stands for a blank, as servers read queries
   * @throws IllegalArgumentException when an escape is not complete
   */
  public static String percentDecode(String text, boolean plusIsBlank) {
    byte[] in = text.getBytes(StandardCharsets.UTF_8);
    byte[] out = new byte[in.length];
    int length = 0;
    for (int i = 0; i < in.length; i++) {
      if (in[i] == '%') {
        if (i + 2 >= in.length) {
          throw new IllegalArgumentException("the escape at the end is not complete");
        }
        out[length++] = (byte) (digit(in[i + 1]) << 4 | digit(in[i + 2]));
        i += 2;
      } else {
        out[length++] = plusIsBlank && in[i] == '+' ? (byte) ' ' : in[i];
      }
    }
    return new String(out, 0, length, StandardCharsets.UTF_8);
  }

  /**
   * Returns the parameters encoded, sorted by encoded name and then value, joined by ampersands.
   */
  public static String sortedQuery(List<FakeCloud.Parameter> parameters) {
    List<String[]> pairs = new ArrayList<>();
    for (FakeCloud.Parameter parameter : parameters) {
      pairs.add(new String[] {percentEncode(parameter.name()), percentEncode(parameter.value())});
    }
    pairs.sort(
        (a, b) -> {
          int byName = a[0].compareTo(b[0]);
          return byName == 0 ? a[1].compareTo(b[1]) : byName;
        });
    StringBuilder out = new StringBuilder();
    for (String[] pair : pairs) {
      out.append(out.isEmpty() ? "" : "&").append(pair[0]).append('=').append(pair[1]);
    }
    return out.toString();
  }

  /** Tells whether the date is at most so far from now, in either direction. */
  public static boolean isWithin(Duration window, Instant date, Instant now) {
    return Duration.between(date, now).abs().compareTo(window) <= 0;
  }

  private static int digit(byte b) {
    int value = Character.digit(b, 16);
    if (value < 0) {
      throw new IllegalArgumentException("an escape has something else than hexadecimal digits");
    }
    return value;
  }
}
