package io.joblens.tencent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.joblens.CredentialsException;
import io.joblens.spi.Credentials;
import io.joblens.spi.WireRequest;
import io.joblens.testkit.HttpText;
import io.joblens.testkit.WireCase;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Signatures against the files in {@code signing}; {@code SOURCES.md} there says whose they are.
 */
class Tc3SignerTest {
  static List<WireCase> vectors() {
    return WireCase.in("signing");
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void eachStepGivesWhatTheVectorSays(WireCase vector) {
    Map<?, ?> context = vector.json("context.json");
    Instant now = Instant.ofEpochSecond(((Number) value(context, "timestamp")).longValue());
    Tc3Signer signer = new Tc3Signer(text(context, "service"), signedHeaders(context));
    WireRequest request = HttpText.read(vector.text("request.http"));

    String canonical = signer.canonicalRequest(request);
    assertThat(canonical).isEqualTo(vector.text("canonical.txt"));
    assertThat(signer.stringToSign(now, canonical)).isEqualTo(vector.text("string-to-sign.txt"));
    assertThat(HexFormat.of().formatHex(signer.signingKey(text(context, "secretKey"), now)))
        .isEqualTo(text(context, "signingKey"));
    assertThat(HttpText.write(signer.sign(request, credentials(context), now, "")))
        .isEqualTo(vector.text("signed.http"));
  }

  @Test
  void everyVectorIsThere() {
    assertThat(vectors()).hasSize(9);
  }

  @Test
  void aSignatureOfTheSameSecondIsTheSameWhateverTheNonce() {
    Tc3Signer signer = new Tc3Signer("batch", Tc3Signer.SIGNED_HEADERS);
    WireRequest request =
        HttpText.read("POST https://batch.tencentcloudapi.com/\nx-tc-action: A\n\n{}");
    Credentials key = Credentials.accessKey("id", "canary-secret");

    assertThat(HttpText.write(signer.sign(request, key, Instant.ofEpochMilli(1000), "a")))
        .isEqualTo(HttpText.write(signer.sign(request, key, Instant.ofEpochMilli(1999), "b")));
  }

  @Test
  void blanksAroundAValueAreNotSigned() {
    Tc3Signer signer = new Tc3Signer("batch", Tc3Signer.SIGNED_HEADERS);
    WireRequest request = HttpText.read("POST https://batch.tencentcloudapi.com/\n\n{}");

    assertThat(signer.canonicalRequest(request.toBuilder().header("X-TC-Action", " A\t").build()))
        .isEqualTo(signer.canonicalRequest(request.toBuilder().header("X-TC-Action", "a").build()));
  }

  @Test
  void aKeptKeyOfAnotherDayOrSecretIsNeverUsed() {
    Tc3Signer signer = new Tc3Signer("batch", Tc3Signer.SIGNED_HEADERS);
    WireRequest request =
        HttpText.read("POST https://batch.tencentcloudapi.com/\nx-tc-action: A\n\n{}");
    for (int i = 0; i < 8; i++) {
      Credentials key = Credentials.accessKey("id", "canary-secret" + i / 2 % 2);
      Instant now = Instant.ofEpochSecond(86_400L * (i % 2));

      assertThat(HttpText.write(signer.sign(request, key, now, "")))
          .isEqualTo(
              HttpText.write(
                  new Tc3Signer("batch", Tc3Signer.SIGNED_HEADERS).sign(request, key, now, "")));
    }
  }

  @Test
  void signingASignedRequestAgainReplacesTheSignature() {
    Tc3Signer signer = new Tc3Signer("batch", Tc3Signer.SIGNED_HEADERS);
    WireRequest request =
        HttpText.read("POST https://batch.tencentcloudapi.com/\nx-tc-action: A\n\n{}");
    Credentials key = Credentials.accessKey("id", "canary-secret");
    WireRequest signed = signer.sign(request, key, Instant.EPOCH, "");

    assertThat(HttpText.write(signer.sign(signed, key, Instant.ofEpochSecond(9), "")))
        .isEqualTo(HttpText.write(signer.sign(request, key, Instant.ofEpochSecond(9), "")));
  }

  @Test
  void aTokenAloneCannotSign() {
    Tc3Signer signer = new Tc3Signer("batch", Tc3Signer.SIGNED_HEADERS);
    WireRequest request = HttpText.read("POST https://batch.tencentcloudapi.com/\n\n{}");

    assertThatThrownBy(
            () -> signer.sign(request, Credentials.token("t0ken", null), Instant.EPOCH, ""))
        .isInstanceOf(CredentialsException.class)
        .hasMessageContaining("SecretId and SecretKey")
        .hasMessageNotContaining("t0ken");
  }

  private static Credentials credentials(Map<?, ?> context) {
    String id = text(context, "secretId");
    String secret = text(context, "secretKey");
    return context.get("token") instanceof String token
        ? Credentials.temporary(id, secret, token, null)
        : Credentials.accessKey(id, secret);
  }

  private static List<String> signedHeaders(Map<?, ?> context) {
    return ((List<?>) value(context, "signedHeaders")).stream().map(String::valueOf).toList();
  }

  private static String text(Map<?, ?> context, String name) {
    return (String) value(context, name);
  }

  private static Object value(Map<?, ?> context, String name) {
    Object value = context.get(name);
    if (value == null) {
      throw new IllegalStateException("the vector has no " + name);
    }
    return value;
  }
}
