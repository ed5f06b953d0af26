package io.joblens.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PercentTest {
  @ParameterizedTest
  @CsvSource({
    "azAZ09-_.~,azAZ09-_.~",
    "' ',%20",
    "+,%2B",
    "*,%2A",
    "'',''",
    "a/b?c=d&e#f,a%2Fb%3Fc%3Dd%26e%23f",
    "%,%25",
    "é,%C3%A9",
    "空,%E7%A9%BA",
    "😀,%F0%9F%98%80",
    "!'()!,%21%27%28%29%21"
  })
  void eachByteOutsideTheUnreservedBecomesUpperCaseHex(String text, String encoded) {
    String plain = text.replace("''", "'").replace("!'", "!'");
    assertThat(Percent.encode(plain)).isEqualTo(encoded);
    assertThat(Percent.decode(encoded)).isEqualTo(plain);
  }

  @Test
  void decodingIsTheInverseOfEncodingForAnyText() {
    Random random = new Random(1);
    for (int i = 0; i < 20_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int n = random.nextInt(12); n > 0; n--) {
        int c =
            switch (random.nextInt(4)) {
              case 0 -> random.nextInt(0x80);
              case 1 -> random.nextInt(0xd800);
              case 2 -> 0xe000 + random.nextInt(0x2000);
              default -> 0x10000 + random.nextInt(0x100000);
            };
        text.appendCodePoint(c);
      }
      String original = text.toString();
      String encoded = Percent.encode(original);
      assertThat(encoded).matches("([A-Za-z0-9_.~-]|%[0-9A-F]{2})*");
      assertThat(Percent.decode(encoded)).isEqualTo(original);
    }
  }

  @Test
  void lowerCaseHexAndTextThatNeedsNoEscapeAreDecodedToo() {
    assertThat(Percent.decode("%e7%a9%ba")).isEqualTo("空");
    assertThat(Percent.decode("空%20😀")).isEqualTo("空 😀");
    assertThat(Percent.decode("a+b")).isEqualTo("a+b");
  }

  @ParameterizedTest
  @ValueSource(strings = {"%", "%4", "%4g", "%g4", "a%", "%%41", "%-1", "% 1", "%１１", "%+1"})
  void anEscapeThatIsNoneIsRefused(String text) {
    assertThatThrownBy(() -> Percent.decode(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a % in it is not followed by two hex digits");
  }

  @ParameterizedTest
  @ValueSource(strings = {"%ff", "%c3", "%c3%41", "%ed%a0%80", "%c0%80", "%f8%88%80%80%80"})
  void bytesThatAreNoUtf8AreRefused(String text) {
    assertThatThrownBy(() -> Percent.decode(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("its percent-encoded bytes are not UTF-8");
  }

  @Test
  void aLoneSurrogateDoesNotSwallowTheEscapeAfterIt() {
    assertThat(Percent.decode("\ud83d%41")).isEqualTo("?A");
    assertThat(Percent.encode("\ud83d")).isEqualTo("%3F");
  }
}
