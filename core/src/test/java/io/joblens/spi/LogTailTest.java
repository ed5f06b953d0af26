package io.joblens.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
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
        "mysql --password canary --host h|mysql --password *** --host h",
        "curl -u user:canary https://h|curl -u user:*** https://h",
        "curl --user='user:canary' x|curl --user='user:***' x",
        "clone https://user:canary@h/p.git|clone https://user:***@h/p.git",
        "clone https://canary-canary-canary@h/p|clone https://***@h/p",
        "redis://:canary@h:6379|redis://:***@h:6379",
        "ssh://git@h/p|ssh://git@h/p",
        "http://h:8080/a@b|http://h:8080/a@b",
        "MYSQL_PWD=canary mysqldump|MYSQL_PWD=*** mysqldump",
        "pwd=canary;|pwd=***;",
        "passphrase=canary|passphrase=***",
        "DB_PASS=canary|DB_PASS=***",
        "dbPass: canary|dbPass: ***",
        "private_key=canary|private_key=***",
        "auth=canary|auth=***",
        "Cookie: session=canary; other=canary|Cookie: ***",
        "{\"Set-Cookie\": \"a=canary; b=canary\", \"n\": 1}|{\"Set-Cookie\": \"***\", \"n\": 1}",
        "AKIACANARYcanary12 here|*** here",
        "password: \"canary CANARY canary\" end|password: \"***\" end",
        "{u'password': u'canary1', b\"token\": rb\"canary2\"}|{u'password': u'***', b\"token\": rb\"***\"}",
        "password: \"canary and no end|password: \"***",
        "password: \"canary\\\"canary\" end|password: \"***\" end",
        "{\\\"token\\\":\\\"canary\\\",\\\"n\\\":1}|{\\\"token\\\":\\\"***\\\",\\\"n\\\":1}",
        "accessKeySecret => canary|accessKeySecret => ***",
        "first=1 secret=canary|first=1 secret=***",
        "why=token=canary|why=token=***",
        "author: Bob, bypass=1, compass: north|author: Bob, bypass=1, compass: north",
        "the password was wrong|the password was wrong",
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
  void theTailBeginsWithALineUnlessThereIsOnlyOne() {
    String line = "x".repeat(99) + "\n";
    assertThat(LogTail.of("y" + line.repeat(60))).isEqualTo(line.repeat(40));
    assertThat(LogTail.of(line.repeat(60) + "the end")).isEqualTo(line.repeat(39) + "the end");
    assertThat(LogTail.of("x".repeat(5000) + "\n")).isEqualTo("x".repeat(3999) + "\n");
  }

  @Test
  void controlCharactersAndEscapeSequencesAreTakenOut() {
    assertThat(LogTail.of("\u001b[31mred\u001b[0m\u0000\r\n\tline")).isEqualTo("red\n\tline");
    assertThat(LogTail.of("a\u001b]0;title\u0007b\u001b(Bc\u009b1md\u001b[")).isEqualTo("abcd");
    assertThat(LogTail.of("pass\u001b[1mword=canary")).isEqualTo("password=***");
  }

  @Test
  void aPrivateKeyIsMaskedWholeAndCut() {
    String lines = "MIICanary+canary/canary0123456789\n".repeat(20) + "canary==\n";
    String begin = "-----BEGIN RSA PRIVATE KEY-----\n";
    String end = "-----END RSA PRIVATE KEY-----\n";
    assertThat(LogTail.of("key:\n" + begin + lines + end + "then on"))
        .isEqualTo("key:\n***\nthen on");
    assertThat(LogTail.of("key:\n" + begin + lines)).isEqualTo("key:\n***\n");
    assertThat(LogTail.of(lines + end + "then on")).isEqualTo("***\nthen on");
    assertThat(LogTail.of("{\"k\":\"" + (begin + lines + end).replace("\n", "\\n") + "\"}"))
        .doesNotContainIgnoringCase("canary");
  }

  @Test
  void aReasonIsMaskedButNotCut() {
    String text = "password=canary " + "x".repeat(2 * LogTail.MOST);
    assertThat(LogTail.masked(text)).isEqualTo("password=*** " + "x".repeat(2 * LogTail.MOST));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a",
        "secret",
        "token ",
        "-.",
        "bearer ",
        "basic:",
        "\u001b",
        "\u001b[",
        "\u001b]",
        "://",
        "://a:",
        "://a:b",
        "@",
        "-u ",
        "-u a:",
        "--password ",
        "password=\"",
        "\\\"",
        "\\",
        "cookie:",
        "pwd='",
        "-----BEGIN PRIVATE KEY-----",
        "-----BEGIN ",
        "-----END PRIVATE KEY-----",
        "\n",
        " ",
        "LTAI",
        "secret:=",
        "STS.",
        "a:",
        "=>"
      })
  void allOfALongLineIsMaskedQuickly(String part) {
    String text = part.repeat(200_000 / part.length());
    for (String line : List.of(text, "password" + text, "://a" + text)) {
      long begin = System.nanoTime();
      assertThat(LogTail.masked(line)).isNotNull();
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
    }
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
