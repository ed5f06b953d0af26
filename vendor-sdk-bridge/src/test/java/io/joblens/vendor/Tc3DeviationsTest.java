package io.joblens.vendor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.tencentcloudapi.common.AbstractClient;
import com.tencentcloudapi.common.Credential;
import com.tencentcloudapi.common.Sign;
import io.joblens.spi.Credentials;
import io.joblens.spi.Endpoint;
import io.joblens.spi.WireRequest;
import io.joblens.tencent.Tc3Signer;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import okhttp3.Request;
import org.junit.jupiter.api.Test;

/**
 * Where Tencent Cloud's client signs other than we do, each with its source. A test that fails here
 * says that a deviation is gone: take it out, here and in decision 0011. Sources are lines of
 * {@code AbstractClient.java} of tencentcloud-sdk-java-common 3.1.1481.
 */
class Tc3DeviationsTest {
  private static final String HOST = "batch.tencentcloudapi.com";
  private static final Instant DATE = Instant.parse("2026-01-02T03:04:05Z");
  private static final Credentials.AccessKey KEY = Credentials.accessKey("id", "canary-key");
  private static final Credential VENDOR_KEY = new Credential("id", "canary-key");

  private final VendorTc3 vendor = new VendorTc3().with(VENDOR_KEY, HOST);

  @Test
  void theJudgeIsTheVersionThatWasMeant() {
    assertThat(AbstractClient.SDK_VERSION).isEqualTo("SDK_JAVA_3.1.1481");
  }

  /**
   * getAuthorization(): {@code signedHeaders = "content-type;host"}; the documentation has three.
   */
  @Test
  void theVendorLeavesTheActionUnsigned() throws Exception {
    Request one = vendor.post("DescribeJobs", "{}");

    assertThat(one.header("Authorization")).contains("SignedHeaders=content-type;host,");
    assertThat(Tc3Signer.SIGNED_HEADERS).containsExactly("content-type", "host", "x-tc-action");
  }

  /** getAuthorization(): {@code service = endpoint.split("\\.")[0]}. */
  @Test
  void theVendorTakesTheHostsFirstLabelForTheService() throws Exception {
    String theirs = vendor.with(VENDOR_KEY, "127.0.0.1:8080").authorization("a/b", 0, new byte[0]);
    WireRequest request =
        WireRequest.post(new Endpoint("http", "127.0.0.1:8080"))
            .header("content-type", "a/b")
            .build();

    assertThat(theirs).contains("Credential=id/1970-01-01/127/tc3_request");
    assertThat(ours(request, Instant.EPOCH))
        .contains("Credential=id/1970-01-01/batch/tc3_request")
        .isNotEqualTo(theirs);
    assertThat(
            new Tc3Signer("127", Tc3DifferentialTest.SIGNED_HEADERS)
                .sign(request, KEY, Instant.EPOCH, "")
                .header("authorization"))
        .contains(theirs);
  }

  /** getCanonicalQueryString(): URLEncoder for values, nothing for names; signed as it is sent. */
  @Test
  void theVendorEncodesQueriesAsForms() throws Exception {
    Request sent = vendor.get("DescribeJobs", Map.of("Filters.0.Name", "a *~é"));
    WireRequest ours =
        WireRequest.get(Endpoint.https(HOST)).query("Filters.0.Name", "a *~é").build();

    assertThat(sent.url().encodedQuery()).isEqualTo("Filters.0.Name=a+*%7E%C3%A9");
    assertThat(ours.encodedQuery()).isEqualTo("Filters.0.Name=a%20%2A~%C3%A9");
  }

  /**
   * getAuthorization(): {@code "content-type:" + contentType}; the documentation says that values
   * are signed in lower case. The client's own content types are in lower case already.
   */
  @Test
  void theVendorSignsHeaderValuesInTheirOwnCase() throws Exception {
    String upper = "application/json; charset=UTF-8";
    long timestamp = DATE.getEpochSecond();
    byte[] body = "{}".getBytes(UTF_8);
    WireRequest request =
        WireRequest.post(Endpoint.https(HOST)).header("content-type", upper).body("{}").build();

    assertThat(ours(request, DATE))
        .isEqualTo(vendor.authorization("application/json; charset=utf-8", timestamp, body))
        .isNotEqualTo(vendor.authorization(upper, timestamp, body));
  }

  /** getAuthorization(): {@code ("TC3" + secretKey)}, and no look at what the provider returned. */
  @Test
  void theVendorSignsWithTheWordNullWhenThereIsNoKey() throws Exception {
    String theirs =
        vendor
            .with(new Credential(null, null), HOST)
            .authorization("a/b", DATE.getEpochSecond(), new byte[0]);
    Tc3Signer signer = new Tc3Signer("batch", Tc3DifferentialTest.SIGNED_HEADERS);
    WireRequest request =
        WireRequest.post(Endpoint.https(HOST)).header("content-type", "a/b").build();
    String toSign = signer.stringToSign(DATE, signer.canonicalRequest(request));
    byte[] day = Sign.hmac256("TC3null".getBytes(UTF_8), "2026-01-02");
    byte[] key = Sign.hmac256(Sign.hmac256(day, "batch"), "tc3_request");

    assertThat(theirs)
        .contains("Credential=null/")
        .endsWith("Signature=" + HexFormat.of().formatHex(Sign.hmac256(key, toSign)));
  }

  private static String ours(WireRequest request, Instant date) {
    return new Tc3Signer("batch", List.of("content-type", "host"))
        .sign(request, KEY, date, "")
        .header("authorization")
        .orElseThrow();
  }
}
