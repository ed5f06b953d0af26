package io.joblens.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.joblens.testkit.FakeCloud.Parameter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class OracleTest {

  /** FIPS 180-4, example "abc"; the empty message from NIST's CAVP vectors. */
  @Test
  void hashesLikeTheStandard() {
    assertThat(Oracle.sha256Hex("abc"))
        .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assertThat(Oracle.sha256Hex(""))
        .isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  }

  /** RFC 4231, test case 2. */
  @Test
  void authenticatesLikeTheStandard() {
    assertThat(Oracle.hex(Oracle.hmacSha256("Jefe", "what do ya want for nothing?")))
        .isEqualTo("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  }

  @Test
  void encodesEveryByteThatIsNotUnreserved() {
    assertThat(Oracle.percentEncode("aZ09-._~ */+&=中"))
        .isEqualTo("aZ09-._~%20%2A%2F%2B%26%3D%E4%B8%AD");
  }

  @Test
  void decodingUndoesEncoding() {
    StringBuilder all = new StringBuilder();
    for (int c = 1; c < 0xd800; c += 7) {
      all.append((char) c);
    }
    String text = all.toString();
    assertThat(Oracle.percentDecode(Oracle.percentEncode(text), true)).isEqualTo(text);
    assertThat(Oracle.percentDecode(Oracle.percentEncode(text), false)).isEqualTo(text);
  }

  @Test
  void aPlusIsABlankInQueriesOnly() {
    assertThat(Oracle.percentDecode("a+b", true)).isEqualTo("a b");
    assertThat(Oracle.percentDecode("a+b", false)).isEqualTo("a+b");
  }

  @Test
  void incompleteEscapesAreRefused() {
    for (String bad : List.of("%", "%2", "a%g0", "%-1")) {
      assertThatThrownBy(() -> Oracle.percentDecode(bad, true))
          .as(bad)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void queriesAreSortedByNameAndThenByValue() {
    assertThat(
            Oracle.sortedQuery(
                List.of(
                    new Parameter("b", "1"),
                    new Parameter("a.1", "x"),
                    new Parameter("a", "2 3"),
                    new Parameter("a", "10"))))
        .isEqualTo("a=10&a=2%203&a.1=x&b=1");
  }

  @Test
  void aDateIsJudgedInBothDirections() {
    Instant now = Instant.parse("2026-03-01T12:00:00Z");
    Duration window = Duration.ofMinutes(15);
    assertThat(Oracle.isWithin(window, now.minus(window), now)).isTrue();
    assertThat(Oracle.isWithin(window, now.plus(window), now)).isTrue();
    assertThat(Oracle.isWithin(window, now.minus(window).minusMillis(1), now)).isFalse();
    assertThat(Oracle.isWithin(window, now.plus(window).plusMillis(1), now)).isFalse();
  }

  @Test
  void comparesTexts() {
    assertThat(
            Oracle.isSame(
                "a", new String("a".getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8)))
        .isTrue();
    assertThat(Oracle.isSame("a", "b")).isFalse();
    assertThat(Oracle.isSame("a", "ab")).isFalse();
  }

  @Test
  void aNonceIsTakenOnceWithinTheWindow() {
    NonceMemory nonces = new NonceMemory(Duration.ofMinutes(15));
    Instant now = Instant.parse("2026-03-01T12:00:00Z");
    assertThat(nonces.take("n", now)).isTrue();
    assertThat(nonces.take("n", now.plusSeconds(900))).isFalse();
    assertThat(nonces.take("other", now)).isTrue();
    assertThat(nonces.take("n", now.plusSeconds(901))).isTrue();
  }
}
