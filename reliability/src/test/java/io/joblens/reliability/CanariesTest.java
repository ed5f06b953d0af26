package io.joblens.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import io.joblens.spi.Json;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A search that finds nothing would find no leak either. */
class CanariesTest {
  @Test
  void aSecretIsFoundHoweverItIsWritten() {
    for (String secret :
        List.of(Canaries.SECRET, Canaries.TOKEN, Canaries.ANSWERED, "CANARY1", "a Canary-2")) {
      assertThat(Canaries.areIn("x " + secret)).isTrue();
      assertThat(Canaries.areIn(URLEncoder.encode(secret, StandardCharsets.UTF_8))).isTrue();
      assertThat(Canaries.areIn(Json.write(List.of(secret)))).isTrue();
      assertThat(Canaries.areIn(HexFormat.of().formatHex(bytes(secret)))).isTrue();
      for (String before : List.of("", "a", "ab", "abc", "id:")) {
        byte[] joined = bytes(before + secret);
        assertThat(Canaries.areIn(Base64.getEncoder().encodeToString(joined))).isTrue();
        assertThat(Canaries.areIn(Base64.getUrlEncoder().encodeToString(joined))).isTrue();
      }
    }
  }

  @Test
  void wordsThatAreNoSecretAreNone() {
    assertThat(Canaries.areIn("a bird, id-1, *** and anary")).isFalse();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
