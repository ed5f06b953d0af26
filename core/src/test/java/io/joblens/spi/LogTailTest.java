package io.joblens.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LogTailTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "connect with db_password=canary ok|connect with db_password=*** ok",
        "spring.datasource.password: canary|spring.datasource.password: ***",
        "{\"secretKey\": \"canary\"}|{\"secretKey\": \"***\"}",
        "GET /x?access_key=canary&a=b|GET /x?access_key=***&a=b",
        "MY-API-KEY='canary'|MY-API-KEY='***'",
        "Authorization: Bearer canary-canary|Authorization: Bearer ***",
        "used LTAI5tCanary1234 today|used *** today",
        "DB_PASSWD: canary|DB_PASSWD: ***",
        "x-security-token : 'canary'|x-security-token : '***'",
        "https://h/p?Signature=canary&Expires=1|https://h/p?Signature=***&Expires=1",
        "proxy: basic canaryZHdvcmQ=|proxy: basic ***",
        "with AKIDcanary1234|with ***",
        "and STS.canary1234|and ***",
        "no tokens were left|no tokens were left",
        "took 3 s: done|took 3 s: done"
      })
  void whatLooksLikeASecretIsMasked(String printed, String shown) {
    assertThat(LogTail.of(printed)).doesNotContain("canary").isEqualTo(shown);
  }

  @Test
  void theLastCharactersAreKeptAndNoneIsCutInHalf() {
    assertThat(LogTail.of("a".repeat(LogTail.MOST) + "b"))
        .isEqualTo("a".repeat(LogTail.MOST - 1) + "b");
    assertThat(LogTail.of("😀" + "b".repeat(LogTail.MOST - 1)))
        .isEqualTo("b".repeat(LogTail.MOST - 1));
    assertThat(LogTail.of("😀" + "b".repeat(LogTail.MOST - 2)))
        .isEqualTo("😀" + "b".repeat(LogTail.MOST - 2));
    assertThat(LogTail.of("")).isEmpty();
  }

  @Test
  void aSecretThatBeginsBeforeTheTailIsMaskedInIt() {
    String text = "token=" + "canary".repeat(LogTail.MOST / 3) + " the end";
    assertThat(LogTail.of(text)).isEqualTo("token=*** the end");
  }

  @Test
  void aSecretWhoseNameIsCutOffIsNotShown() {
    String text = "token=" + "canary".repeat(500) + " password=" + "x".repeat(14_000) + " the end";
    assertThat(LogTail.of(text)).isEqualTo("*** password=*** the end");
  }

  @Test
  void controlCharactersAreTakenOut() {
    assertThat(LogTail.of("\u001b[31mred\u0000\r\n\tline")).isEqualTo("[31mred\n\tline");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "secret", "token ", "-.", "bearer ", "\u0000"})
  void aLongTextWithoutALineBreakIsReadQuickly(String part) {
    String text = part.repeat(4_000_000 / part.length());
    long begin = System.nanoTime();
    assertThat(LogTail.of(text)).hasSizeLessThanOrEqualTo(LogTail.MOST);
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
  }
}
