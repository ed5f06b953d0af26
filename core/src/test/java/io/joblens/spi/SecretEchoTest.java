package io.joblens.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

class SecretEchoTest {
  private static final String SECRET = "FwoG\"XIv\\aXdz+EBYa/DMFz=canary??>Tail%canary";

  private static String masked(String text, String secret) {
    return SecretEcho.masked(text, List.of(secret));
  }

  private static String url(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static String json(String text) {
    String quoted = Json.write(List.of(text));
    return quoted.substring(2, quoted.length() - 2);
  }

  @Test
  void aSecretIsMaskedHoweverItIsWritten() {
    byte[] bytes = SECRET.getBytes(StandardCharsets.UTF_8);
    for (String echo :
        List.of(
            SECRET,
            url(SECRET),
            lowerEscapes(SECRET),
            json(SECRET),
            json(SECRET).replace("/", "\\/"),
            json(SECRET).replace("+", "\\u002b").replace("=", "\\u003D"),
            url(url(SECRET)),
            json(json(SECRET)),
            url(json(SECRET)),
            json(url(SECRET)),
            Base64.getEncoder().encodeToString(bytes),
            Base64.getUrlEncoder().encodeToString(bytes),
            Base64.getUrlEncoder().withoutPadding().encodeToString(bytes),
            url(Base64.getEncoder().encodeToString(bytes)))) {
      String shown = masked("before " + echo + " after", SECRET);
      assertThat(shown).startsWith("before ***").endsWith(" after").hasSizeLessThan(19);
    }
  }

  private static String lowerEscapes(String text) {
    StringBuilder out = new StringBuilder();
    text.chars().forEach(c -> out.append(String.format(Locale.ROOT, "%%%02x", c)));
    return out.toString();
  }

  /** Of base64 at another place the outermost letters stay, which hold a part of a character. */
  @Test
  void aSecretIsMaskedInBase64OfMoreThanItself() {
    for (String before : List.of("", "a", "ab", "user:", "x:yz")) {
      byte[] joined = (before + SECRET + "&more").getBytes(StandardCharsets.UTF_8);
      for (Base64.Encoder encoder : List.of(Base64.getEncoder(), Base64.getUrlEncoder())) {
        String echo = encoder.encodeToString(joined);
        String shown = masked(echo, SECRET);
        assertThat(shown).contains("***");
        assertThat(shown.length()).isLessThanOrEqualTo(before.length() * 2 + 16);
      }
    }
  }

  @Test
  void anyPieceOfTwelveCharactersIsMaskedAndNoShorterOne() {
    for (int from = 0; from + 12 <= SECRET.length(); from++) {
      for (int to = from + 12; to <= SECRET.length(); to++) {
        String piece = SECRET.substring(from, to);
        assertThat(masked("<" + piece + "|", SECRET)).isEqualTo("<***|");
        assertThat(masked("<" + url(piece) + "|", SECRET)).isEqualTo("<***|");
      }
      String less = "<" + SECRET.substring(from, from + 11) + "|";
      assertThat(masked(less, SECRET)).isEqualTo(less);
    }
  }

  @Test
  void aShortSecretIsMaskedAsAWhole() {
    assertThat(masked("it was pä ss\" or p%C3%A4+ss%22", "pä ss\"")).isEqualTo("it was *** or ***");
    assertThat(masked("it was p\\u00e4 ss\\\"", "pä ss\"")).isEqualTo("it was ***");
    assertThat(masked("it was", "it wasn't")).isEqualTo("it was");
    assertThat(masked("anything", "")).isEqualTo("anything");
  }

  @Test
  void secretsThatShareAPieceAreAllMaskedWhole() {
    String other = "secret-" + SECRET.substring(20);
    assertThat(SecretEcho.masked("x " + SECRET + " y " + other, List.of(other, SECRET)))
        .isEqualTo("x *** y ***");
  }

  @Test
  void whatHoldsNoSecretStaysAsItIsWithItsEscapes() {
    for (String text :
        List.of("", "a%2Bb%", "C:\\temp\\u00", "\\", "%", "%2", "\\u12G4", "100 %41 \\\"x\\\"")) {
      assertThat(masked(text, SECRET)).isEqualTo(text);
    }
  }

  @Test
  void longTextsAndSecretsThatRepeatThemselvesTakeNoLonger() {
    Random random = new Random(1);
    StringBuilder noise = new StringBuilder();
    for (int i = 0; i < 50_000; i++) {
      noise.append((char) ('!' + random.nextInt(90)));
    }
    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(10),
        () -> {
          assertThat(masked("a".repeat(300_000), "a".repeat(50_000))).isEqualTo("***");
          assertThat(masked("%25".repeat(100_000), noise.toString())).startsWith("%25");
          assertThat(masked("x " + noise + " y", noise.toString())).isEqualTo("x *** y");
        });
  }
}
