package io.joblens.vendor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.aliyun.openapiutil.Client;
import com.aliyun.tea.TeaRequest;
import com.aliyuncs.auth.V3SignatureComposer;
import com.aliyuncs.auth.signers.HmacSHA256Signer;
import com.aliyuncs.http.MethodType;
import io.joblens.alibaba.Acs3Signer;
import io.joblens.spi.Credentials;
import io.joblens.spi.Endpoint;
import io.joblens.spi.WireRequest;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Where Alibaba Cloud's Java libraries sign other than we do, each with its source: openapiutil
 * 0.2.2 ({@code com.aliyun.openapiutil.Client}) and, of the same vendor, aliyun-java-sdk-core
 * 4.7.10 ({@code com.aliyuncs.auth.V3SignatureComposer}). A test that fails here says that a
 * deviation is gone: take it out, here and in decision 0011.
 */
class Acs3DeviationsTest {
  private static final Endpoint SAE = Endpoint.https("sae.cn-hangzhou.aliyuncs.com");

  /** openapiutil, getTimestamp(): SimpleDateFormat without a locale. */
  @Test
  void theVendorsYearFollowsTheDefaultLocale() throws Exception {
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.forLanguageTag("th-TH-u-ca-buddhist"));
    try {
      assertThat(Client.getTimestamp()).matches("25\\d\\d-.*Z");
      assertThat(
              new Acs3Signer()
                  .sign(
                      WireRequest.get(SAE).build(),
                      Credentials.accessKey("id", "canary-secret"),
                      Instant.parse("2026-01-02T03:04:05Z"),
                      "nonce")
                  .header("x-acs-date"))
          .contains("2026-01-02T03:04:05Z");
    } finally {
      Locale.setDefault(before);
    }
  }

  /** openapiutil, getEncodePath(): String.split drops empty texts at the end. */
  @Test
  void theVendorDropsEmptySegmentsAtTheEnd() throws Exception {
    assertThat(Client.getEncodePath("/pop/v1//")).isEqualTo("/pop/v1");
    assertThatThrownBy(() -> WireRequest.get(SAE).path("/pop/v1/"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /**
   * openapiutil, getCanonicalizedHeadersMap(), and its own unit test getAuthorizationTest; the Go
   * library joins both values with a comma. Ours never holds two.
   */
  @Test
  void theVendorSignsTheLastOfHeadersThatDifferInCase() throws Exception {
    TeaRequest twice = new TeaRequest();
    twice.method = "GET";
    twice.pathname = "/";
    twice.headers = new LinkedHashMap<>(Map.of("x-acs-test", "http"));
    twice.headers.put("x-acs-TEST", "https");
    TeaRequest once = new TeaRequest();
    once.method = "GET";
    once.pathname = "/";
    once.headers = new LinkedHashMap<>(Map.of("x-acs-test", "https"));

    assertThat(Client.getAuthorization(twice, "ACS3-HMAC-SHA256", "hash", "id", "secret"))
        .isEqualTo(Client.getAuthorization(once, "ACS3-HMAC-SHA256", "hash", "id", "secret"));
    assertThat(
            WireRequest.get(SAE)
                .header("x-acs-test", "http")
                .header("x-acs-TEST", "https")
                .build()
                .headers())
        .containsExactly(Map.entry("x-acs-test", "https"));
  }

  /** aliyun-java-sdk-core, getCanonicalizedHeadersMap(). */
  @Test
  void theOldCoreSignsTheWordNullForAnEmptyHeader() {
    WireRequest ours = WireRequest.get(SAE).header("x-acs-more", "").build();

    assertThat(
            new V3SignatureComposer()
                .composeStringToSign(
                    MethodType.GET,
                    "/",
                    new HmacSHA256Signer(),
                    Map.of(),
                    Map.of("x-acs-more", ""),
                    Map.of()))
        .contains("x-acs-more:null\n");
    assertThat(Acs3Signer.canonicalRequest(ours)).contains("x-acs-more:\n");
  }
}
