package io.joblens.spi;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogTailTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "password=hunter2 and on|password=*** and on",
        "DB_PASSWD: hunter2|DB_PASSWD: ***",
        "{\"secretKey\":\"hunter2\",\"n\":1}|{\"secretKey\":\"***\",\"n\":1}",
        "x-security-token : 'hunter2'|x-security-token : '***'",
        "https://h/p?Signature=hunter2&Expires=1|https://h/p?Signature=***&Expires=1",
        "api-key=hunter2;access_key=hunter2|api-key=***;access_key=***",
        "Authorization: Bearer abcdefgh.ijk|Authorization: Bearer ***",
        "proxy: basic dXNlcjpodW50ZXIy|proxy: basic ***",
        "key LTAI4G1234567890 is off|key *** is off",
        "with AKIDabcdefghij0123|with ***",
        "and STS.NTabcdefghij0|and ***",
        "nothing to hide: 17 rows|nothing to hide: 17 rows"
      })
  void whatLooksLikeASecretIsMasked(String text, String shown) {
    assertThat(LogTail.of(text)).isEqualTo(shown);
  }

  @Test
  void controlCharactersAreTakenOutButLineBreaksAndTabs() {
    assertThat(LogTail.of("a\r\n\tb\u0000\u001b[31mc\u0085空😀")).isEqualTo("a\n\tb[31mc空😀");
  }

  @Test
  void theEndIsKept() {
    String most = "x".repeat(LogTail.MOST);
    assertThat(LogTail.of(most)).isEqualTo(most);
    assertThat(LogTail.of("first" + most)).isEqualTo(most);
    assertThat(LogTail.of("")).isEmpty();
  }

  @Test
  void theCutLeavesNoHalfOfACharacter() {
    String rest = "x".repeat(LogTail.MOST - 1);
    assertThat(LogTail.of("😀" + rest)).isEqualTo(rest);
    assertThat(LogTail.of("😀" + rest.substring(1))).isEqualTo("😀" + rest.substring(1));
  }

  /** Cut first, the name of a secret could be lost and its value shown. */
  @Test
  void secretsAreMaskedBeforeTheTextIsCut() {
    String rest = "x".repeat(LogTail.MOST - 7);
    assertThat(LogTail.of("password=hunter2 " + rest)).doesNotContain("hunter2").endsWith(rest);
  }
}
