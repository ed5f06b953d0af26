package io.joblens.spi;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

/** The values are those of FIPS 180-4 and of RFC 4231, test cases 1 to 3 and 6. */
class Sha256Test {
  @Test
  void hashesAreThoseOfTheStandard() {
    assertThat(Sha256.hex(""))
        .isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    assertThat(Sha256.hex("abc"))
        .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assertThat(Sha256.hex("abc".getBytes(UTF_8))).isEqualTo(Sha256.hex("abc"));
  }

  @Test
  void keyedHashesAreThoseOfTheStandard() {
    byte[] key = HexFormat.of().parseHex("0b".repeat(20));
    assertThat(Sha256.hmac(key, "Hi There"))
        .asHexString()
        .isEqualToIgnoringCase("b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    assertThat(Sha256.hmacHex("Jefe", "what do ya want for nothing?"))
        .isEqualTo("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    assertThat(
            Sha256.hmac(
                HexFormat.of().parseHex("aa".repeat(131)),
                "Test Using Larger Than Block-Size Key - Hash Key First"))
        .asHexString()
        .isEqualToIgnoringCase("60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
  }

  @Test
  void textIsHashedInUtf8() {
    assertThat(Sha256.hex("空")).isEqualTo(Sha256.hex("空".getBytes(UTF_8)));
    assertThat(Sha256.hmacHex("é", "空")).isNotEqualTo(Sha256.hmacHex("é", "?"));
  }

  /** What is kept belongs to a thread, and a new one begins with nothing. */
  @Test
  void everyThreadHashesAlike() throws ExecutionException, InterruptedException {
    FutureTask<List<String>> hashes =
        new FutureTask<>(() -> List.of(Sha256.hex("abc"), Sha256.hmacHex("Jefe", "abc")));
    Thread thread = new Thread(hashes, "hashes");
    thread.start();
    assertThat(hashes.get()).containsExactly(Sha256.hex("abc"), Sha256.hmacHex("Jefe", "abc"));
  }
}
