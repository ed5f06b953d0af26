package io.joblens.huawei;

import static io.joblens.testkit.WireCase.list;
import static io.joblens.testkit.WireCase.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.joblens.JobServiceException.Kind;
import io.joblens.spi.Credentials;
import io.joblens.spi.Endpoint;
import io.joblens.spi.ServiceError;
import io.joblens.spi.WireRequest;
import io.joblens.testkit.WireCase;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Follows the vectors of {@code src/test/resources/signing}; see SOURCES.md there. */
final class SdkHmacSignerTest {
  private static final Instant NOW = Instant.parse("2026-03-07T10:40:43.858Z");
  private static final WireRequest REQUEST =
      WireRequest.get(Endpoint.https("workspace.ap-southeast-1.myhuaweicloud.com"))
          .path("/v1/p/schedule-task/t")
          .header("Content-Type", "application/json")
          .header("X-Project-Id", "p")
          .build();

  private final SdkHmacSigner signer = new SdkHmacSigner();

  static Stream<WireCase> vectors() {
    return WireCase.in("signing").stream();
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void everyStepGivesWhatTheVectorsSay(WireCase vector) {
    Map<?, ?> context = vector.json("context.json");
    WireRequest dated = request(context);
    NavigableSet<String> signedHeaders = new TreeSet<>();
    list(context, "signedHeaders").forEach(name -> signedHeaders.add((String) name));

    String canonicalRequest = SdkHmacSigner.canonicalRequest(dated, signedHeaders);
    assertThat(canonicalRequest).isEqualTo(vector.text("canonical.txt"));
    String stringToSign = SdkHmacSigner.stringToSign(text(context, "date"), canonicalRequest);
    assertThat(stringToSign).isEqualTo(vector.text("string-to-sign.txt"));
    String authorization =
        SdkHmacSigner.authorization(credentials(context), signedHeaders, stringToSign);
    WireRequest signed = dated.toBuilder().header("Authorization", authorization).build();
    assertThat(http(signed) + "\n" + text(context, "body")).isEqualTo(vector.text("signed.http"));
  }

  static Stream<WireCase> vectorsThatSignWhatTheSignerSigns() {
    return vectors()
        .filter(
            vector ->
                SdkHmacSigner.signedHeaders(request(vector.json("context.json")))
                    .containsAll(list(vector.json("context.json"), "signedHeaders")));
  }

  @ParameterizedTest
  @MethodSource("vectorsThatSignWhatTheSignerSigns")
  void theSignerDoesAllStepsAtOnce(WireCase vector) {
    Map<?, ?> context = vector.json("context.json");
    Instant date =
        LocalDateTime.parse(
                text(context, "date"),
                DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'", Locale.ROOT))
            .toInstant(ZoneOffset.UTC);
    WireRequest signed = signer.sign(bare(context).build(), credentials(context), date, "");
    assertThat(http(signed) + "\n" + text(context, "body")).isEqualTo(vector.text("signed.http"));
  }

  @Test
  void allVectorsButTheGuidesSignWhatTheSignerSigns() {
    assertThat(vectorsThatSignWhatTheSignerSigns()).hasSize((int) vectors().count() - 1);
  }

  @Test
  void hostDateProjectAndTokenAreSignedAndContentTypeIsNot() {
    WireRequest signed =
        signer.sign(
            REQUEST, Credentials.temporary("AK", "canary-SK", "canary-TOKEN", null), NOW, "");
    assertThat(signed.header("Authorization").orElse(""))
        .startsWith(
            "SDK-HMAC-SHA256 Access=AK,"
                + " SignedHeaders=host;x-project-id;x-sdk-date;x-security-token, Signature=");
    assertThat(signed.header("X-Sdk-Date")).contains("20260307T104043Z");
    assertThat(signed.header("X-Security-Token")).contains("canary-TOKEN");
  }

  @Test
  void whereTheGatewayShowsWhatItTookOursIsSetBesideItWithoutTheToken() {
    ServiceError echo =
        ServiceError.of(Kind.AUTHENTICATION, 401)
            .message("verify aksk signature fail, canonicalRequest:GET|/v1/")
            .build();
    WireRequest temporary =
        signer.sign(REQUEST, Credentials.temporary("AK", "SK", "canary-token", null), NOW, "");
    WireRequest lasting = signer.sign(REQUEST, Credentials.accessKey("AK", "SK"), NOW, "");

    assertThat(signer.explain(temporary, echo).orElseThrow())
        .startsWith("GET|/v1/p/schedule-task/t/||host:")
        .contains("|x-security-token:***|")
        .doesNotContain("canary", "\n");
    assertThat(signer.explain(lasting, echo).orElseThrow())
        .contains("|host;x-project-id;x-sdk-date|")
        .doesNotContain("token");
  }

  @Test
  void whereTheGatewayShowsNothingThereIsNothingToCompare() {
    WireRequest signed = signer.sign(REQUEST, Credentials.accessKey("AK", "SK"), NOW, "");
    ServiceError.Builder refused = ServiceError.of(Kind.AUTHENTICATION, 401);

    assertThat(signer.explain(signed, refused.build())).isEmpty();
    assertThat(signer.explain(signed, refused.message("the key is unknown").build())).isEmpty();
  }

  @Test
  void blanksAroundAValueAreNotSigned() {
    WireRequest blanks = REQUEST.toBuilder().header("X-Project-Id", " p\t").build();
    NavigableSet<String> names = new TreeSet<>(List.of("host", "x-project-id"));
    assertThat(SdkHmacSigner.canonicalRequest(blanks, names))
        .isEqualTo(SdkHmacSigner.canonicalRequest(REQUEST, names));
  }

  @Test
  void aHeaderThatIsToBeSignedAndIsNotThereIsSignedAsEmpty() {
    assertThat(
            SdkHmacSigner.canonicalRequest(REQUEST, new TreeSet<>(List.of("host", "x-sdk-date"))))
        .contains("\nx-sdk-date:\n");
  }

  @Test
  void aTokenIsSentAndNothingIsSigned() {
    WireRequest sent = signer.sign(REQUEST, Credentials.token("MIIF+x/y==", null), NOW, "");
    assertThat(sent.headers())
        .containsEntry("x-auth-token", "MIIF+x/y==")
        .doesNotContainKeys("authorization", "x-sdk-date", "x-security-token");
  }

  @Test
  void theOrderOfQueryParametersChangesNoSignature() {
    List<String> signatures = new ArrayList<>();
    for (List<String> names : List.of(List.of("a", "b.", "b"), List.of("b", "a", "b."))) {
      WireRequest.Builder request = REQUEST.toBuilder();
      names.forEach(name -> request.query(name, "1"));
      signatures.add(
          signer
              .sign(request.build(), Credentials.accessKey("AK", "canary-SK"), NOW, "")
              .header("Authorization")
              .orElse(""));
    }
    assertThat(signatures.get(0)).isEqualTo(signatures.get(1)).isNotEmpty();
  }

  @Test
  void signingAgainAtAnotherTimeGivesAnotherSignature() {
    Credentials key = Credentials.accessKey("AK", "canary-SK");
    WireRequest first = signer.sign(REQUEST, key, NOW, "");
    WireRequest second = signer.sign(REQUEST, key, NOW.plusSeconds(1), "");
    assertThat(first.header("Authorization")).isNotEqualTo(second.header("Authorization"));
  }

  private static WireRequest request(Map<?, ?> context) {
    WireRequest.Builder request = bare(context).header("X-Sdk-Date", text(context, "date"));
    if (context.containsKey("token")) {
      request.header("X-Security-Token", text(context, "token"));
    }
    return request.build();
  }

  private static WireRequest.Builder bare(Map<?, ?> context) {
    Endpoint endpoint = new Endpoint("https", text(context, "host"));
    WireRequest.Builder request =
        text(context, "method").equals("POST")
            ? WireRequest.post(endpoint)
            : WireRequest.get(endpoint);
    if (!text(context, "path").isEmpty()) {
      request.path(text(context, "path"));
    }
    for (Object pair : list(context, "query")) {
      request.query((String) ((List<?>) pair).get(0), (String) ((List<?>) pair).get(1));
    }
    if (context.get("headers") instanceof Map<?, ?> headers) {
      headers.forEach((name, value) -> request.header((String) name, (String) value));
    }
    return request.body(text(context, "body"));
  }

  private static Credentials.AccessKey credentials(Map<?, ?> context) {
    String ak = text(context, "ak");
    String sk = text(context, "sk");
    return context.containsKey("token")
        ? Credentials.temporary(ak, sk, text(context, "token"), null)
        : Credentials.accessKey(ak, sk);
  }

  /**
   * Returns the request as it stands in {@code .http} files, its headers in order of their names.
   */
  private static String http(WireRequest request) {
    StringBuilder text = new StringBuilder(request.method());
    text.append(' ').append(request.encodedPath());
    text.append(request.query().isEmpty() ? "" : "?" + request.encodedQuery());
    text.append(" HTTP/1.1\nhost: ").append(request.host()).append('\n');
    new TreeMap<>(request.headers())
        .forEach((name, value) -> text.append(name).append(": ").append(value).append('\n'));
    return text.toString();
  }
}
