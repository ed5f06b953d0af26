package io.joblens.alibaba;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.joblens.CredentialsException;
import io.joblens.JobServiceException.Kind;
import io.joblens.spi.Credentials;
import io.joblens.spi.Endpoint;
import io.joblens.spi.JsonReader;
import io.joblens.spi.Percent;
import io.joblens.spi.ServiceError;
import io.joblens.spi.WireRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class Acs3SignerTest {
  private static final Path VECTORS = Path.of("src/test/resources/signing");
  private static final Credentials KEY =
      Credentials.accessKey("testAccessKeyId", "canary-testSecret");
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.987654321Z");
  private static final String NONCE = "0123456789abcdef0123456789abcdef";

  static Stream<Path> vectors() throws IOException {
    List<Path> cases;
    try (Stream<Path> entries = Files.list(VECTORS)) {
      cases = entries.filter(Files::isDirectory).sorted().toList();
    }
    assertThat(cases).hasSizeGreaterThanOrEqualTo(8);
    return cases.stream();
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void everyStepOfEveryVectorIsReproduced(Path vector) throws IOException {
    Map<?, ?> context =
        (Map<?, ?>) JsonReader.readTree(Files.readAllBytes(vector.resolve("context.json")));
    assertThat(context).isNotNull();
    String id = String.valueOf(context.get("accessKeyId"));
    String secret = String.valueOf(context.get("accessKeySecret"));
    Credentials key =
        context.containsKey("securityToken")
            ? Credentials.temporary(id, secret, String.valueOf(context.get("securityToken")), null)
            : Credentials.accessKey(id, secret);

    WireRequest signed =
        new Acs3Signer()
            .sign(
                parse(read(vector, "request.http")),
                key,
                Instant.parse(String.valueOf(context.get("date"))),
                String.valueOf(context.get("nonce")));

    String canonical = Acs3Signer.canonicalRequest(signed);
    assertThat(canonical).isEqualTo(read(vector, "canonical.txt"));
    String toSign = Acs3Signer.stringToSign(canonical);
    assertThat(toSign).isEqualTo(read(vector, "string-to-sign.txt"));
    assertThat(signed.header("authorization").orElseThrow())
        .endsWith(",Signature=" + Acs3Signer.signature(toSign, secret));
    assertThat(format(signed)).isEqualTo(read(vector, "signed.http"));
  }

  /** The vendor's own Java libraries write a Buddhist year or Arabic digits under these. */
  @ParameterizedTest
  @ValueSource(
      strings = {"th-TH-u-ca-buddhist-nu-thai", "ar-EG-u-nu-arab", "tr-TR", "hi-IN-u-nu-deva"})
  void defaultLocaleChangesNothing(String tag) {
    WireRequest expected = new Acs3Signer().sign(request().build(), KEY, NOW, NONCE);
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.forLanguageTag(tag));
    try {
      WireRequest signed = new Acs3Signer().sign(request().build(), KEY, NOW, NONCE);
      assertThat(signed.headers()).isEqualTo(expected.headers());
      assertThat(signed.header("x-acs-date")).contains("2026-01-02T03:04:05Z");
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void orderOfHeadersAndParametersChangesNoSignature() {
    WireRequest one = request().header("x-acs-b", "2").query("A", "1").query("B", "2").build();
    WireRequest other =
        WireRequest.get(new Endpoint("https", "sae.cn-hangzhou.aliyuncs.com"))
            .path("/pop/v1")
            .query("B", "2")
            .query("A", "1")
            .header("X-ACS-B", "2")
            .header("x-acs-version", "2019-05-06")
            .header("x-acs-action", "DescribeJob")
            .build();
    assertThat(authorization(other)).isEqualTo(authorization(one));
  }

  /** Encoded, the colon would begin with a percent sign, which stands before every letter. */
  @Test
  void parametersAreSortedByTheirNamesBeforeTheyAreEncoded() {
    WireRequest request =
        request().query("a:b", "1").query("a1", "2").query("a", "3").query("中", "4").build();

    assertThat(Acs3Signer.canonicalRequest(request).lines().toList().get(2))
        .isEqualTo("a=3&a1=2&a%3Ab=1&%E4%B8%AD=4");
  }

  @Test
  void parametersOfOneNameAreSortedByTheirValues() {
    WireRequest request = request().query("b", "1").query("a", "2").query("a", "1").build();

    assertThat(Acs3Signer.canonicalRequest(request).lines().toList().get(2))
        .isEqualTo("a=1&a=2&b=1");
  }

  @Test
  void whatWasSignedWithALastingKeyIsExplainedAsItWasSigned() {
    WireRequest signed = new Acs3Signer().sign(request().build(), KEY, NOW, NONCE);
    ServiceError mismatch =
        ServiceError.of(Kind.AUTHENTICATION, 400).code("SignatureDoesNotMatch").build();

    assertThat(new Acs3Signer().explain(signed, mismatch))
        .contains(Acs3Signer.canonicalRequest(signed).replace('\n', '|'));
  }

  @Test
  void aMismatchIsExplainedByWhatWasSignedWithoutTheToken() {
    Credentials temporary =
        Credentials.temporary("id", "canary-testSecret", "canary-sts-token", null);
    WireRequest signed = new Acs3Signer().sign(request().build(), temporary, NOW, NONCE);
    ServiceError mismatch =
        ServiceError.of(Kind.AUTHENTICATION, 400).code("SignatureDoesNotMatch").build();
    ServiceError other =
        ServiceError.of(Kind.AUTHENTICATION, 404).code("InvalidAccessKeyId.NotFound").build();

    assertThat(new Acs3Signer().explain(signed, mismatch).orElseThrow())
        .startsWith("GET|/pop/v1|")
        .contains("x-acs-security-token:***|", "x-acs-signature-nonce:" + NONCE)
        .doesNotContain("canary", "\n");
    assertThat(new Acs3Signer().explain(signed, other)).isEmpty();
  }

  @Test
  void everyPartThatCountsChangesTheSignature() {
    Set<String> seen = new HashSet<>();
    List<WireRequest> requests =
        List.of(
            request().build(),
            request().query("AppId", "a").build(),
            request().query("AppId", "").build(),
            request().query("appId", "a").build(),
            request().id("segment", "more").build(),
            request().header("x-acs-action", "Other").build(),
            request().header("x-acs-version", "2019-05-07").build(),
            request().header("x-acs-more", "").build(),
            request().header("content-type", "application/json").build(),
            request().body("{}").build(),
            WireRequest.post(new Endpoint("https", "sae.cn-hangzhou.aliyuncs.com")).build(),
            WireRequest.get(new Endpoint("https", "sae.cn-beijing.aliyuncs.com")).build(),
            WireRequest.get(new Endpoint("http", "127.0.0.1:8080")).build());
    for (WireRequest request : requests) {
      assertThat(seen.add(authorization(request))).as(request.url()).isTrue();
    }
    assertThat(seen.add(sign(request().build(), NOW.plusSeconds(1), NONCE))).isTrue();
    assertThat(seen.add(sign(request().build(), NOW, NONCE.replace('0', '1')))).isTrue();
  }

  @Test
  void headersOutsideTheSchemeAreNotSigned() {
    assertThat(authorization(request().header("user-agent", "x").header("accept", "*/*").build()))
        .isEqualTo(authorization(request().build()));
  }

  @Test
  void signingTwiceReplacesDateNonceAndTokenOfBefore() {
    WireRequest once =
        new Acs3Signer().sign(request().build(), KEY, NOW.minusSeconds(900), "f".repeat(32));
    assertThat(new Acs3Signer().sign(once, KEY, NOW, NONCE).headers())
        .isEqualTo(new Acs3Signer().sign(request().build(), KEY, NOW, NONCE).headers());
  }

  @Test
  void tokenOfTemporaryKeyIsSentAndSigned() {
    Credentials temporary =
        Credentials.temporary("testAccessKeyId", "canary-testSecret", "canary-sts-token", null);
    WireRequest signed = new Acs3Signer().sign(request().build(), temporary, NOW, NONCE);
    assertThat(signed.header("x-acs-security-token")).contains("canary-sts-token");
    assertThat(signed.header("authorization").orElseThrow()).contains(";x-acs-security-token;");
  }

  @Test
  void bareTokenIsRefusedWithoutShowingIt() {
    assertThatThrownBy(
            () ->
                new Acs3Signer()
                    .sign(request().build(), Credentials.token("s3cret", null), NOW, NONCE))
        .isInstanceOf(CredentialsException.class)
        .hasMessageContaining("access key id and secret")
        .hasMessageNotContaining("s3cret");
  }

  private static WireRequest.Builder request() {
    return WireRequest.get(new Endpoint("https", "sae.cn-hangzhou.aliyuncs.com"))
        .path("/pop/v1")
        .header("x-acs-action", "DescribeJob")
        .header("x-acs-version", "2019-05-06");
  }

  private static String authorization(WireRequest request) {
    return sign(request, NOW, NONCE);
  }

  private static String sign(WireRequest request, Instant now, String nonce) {
    return new Acs3Signer().sign(request, KEY, now, nonce).header("authorization").orElseThrow();
  }

  private static String read(Path vector, String file) throws IOException {
    return Files.readString(vector.resolve(file), UTF_8);
  }

  private static WireRequest parse(String text) {
    int end = text.indexOf("\n\n");
    List<String> lines = text.substring(0, end).lines().toList();
    String[] first = lines.get(0).split(" ", 3);
    Map<String, String> headers = new TreeMap<>();
    for (String line : lines.subList(1, lines.size())) {
      int colon = line.indexOf(": ");
      headers.put(line.substring(0, colon), line.substring(colon + 2));
    }
    Endpoint endpoint = new Endpoint("https", String.valueOf(headers.remove("host")));
    WireRequest.Builder request =
        first[0].equals("GET") ? WireRequest.get(endpoint) : WireRequest.post(endpoint);
    String[] target = first[1].split("\\?", 2);
    if (!target[0].equals("/")) {
      request.path(Percent.decode(target[0]));
    }
    if (target.length > 1) {
      for (String pair : target[1].split("&", -1)) {
        String[] parts = pair.split("=", 2);
        request.query(Percent.decode(parts[0]), Percent.decode(parts[1]));
      }
    }
    headers.forEach(request::header);
    return request.body(text.substring(end + 2)).build();
  }

  private static String format(WireRequest request) {
    Map<String, String> headers = new TreeMap<>(request.headers());
    StringBuilder out = new StringBuilder();
    String query = request.encodedQuery();
    out.append(request.method()).append(' ').append(request.encodedPath());
    out.append(query.isEmpty() ? "" : "?" + query).append(" HTTP/1.1\n");
    out.append("host: ").append(request.host()).append('\n');
    headers.forEach((name, value) -> out.append(name).append(": ").append(value).append('\n'));
    return out.append('\n').append(new String(request.body(), UTF_8)).toString();
  }
}
