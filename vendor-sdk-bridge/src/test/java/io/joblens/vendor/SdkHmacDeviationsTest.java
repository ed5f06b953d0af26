package io.joblens.vendor;

import static org.assertj.core.api.Assertions.assertThat;

import com.huaweicloud.sdk.core.http.HttpRequest;
import io.joblens.huawei.SdkHmacSigner;
import io.joblens.spi.Credentials;
import io.joblens.spi.Endpoint;
import io.joblens.spi.WireRequest;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Where Huawei Cloud's Java SDK signs other than we do, each with its source. A test that fails
 * here says that a deviation is gone: take it out, here and in decision 0011. Sources are methods
 * of huaweicloud-sdk-core 3.1.143, unchanged up to commit 23eb13dcd6 of huaweicloud-sdk-java-v3.
 */
class SdkHmacDeviationsTest {
  private static final String HOST = "appstream.cn-north-4.myhuaweicloud.com";
  private static final Credentials.AccessKey KEY = Credentials.accessKey("ak", "canary-sk");

  private final VendorSdkHmac vendor = new VendorSdkHmac();

  /** AKSKSigner.buildCanonicalUri() encodes url.getPath(), which is encoded already. */
  @Test
  void theVendorEncodesAnEncodedPathTwice() {
    sign(vendorRequest().withPath("/v1/a%20b"));

    assertThat(line(1)).isEqualTo("/v1/a%2520b/");
    assertThat(SdkHmacSigner.canonicalUri(ourRequest().id("path", "v1").id("path", "a b").build()))
        .isEqualTo("/v1/a%20b/");
  }

  /** AKSKSigner.buildCanonicalUri(): String.split drops empty texts at the end. */
  @Test
  void theVendorDropsEmptySegmentsAtTheEnd() {
    sign(vendorRequest().withPath("/v1//"));

    assertThat(line(1)).isEqualTo("/v1/");
  }

  /**
   * HttpRequest.Impl.buildQueryParamsString() puts names into the URL as they are, and
   * AKSKSigner.buildCanonicalQueryString() signs those beside the encoded ones.
   */
  @Test
  void theVendorSignsANameThatNeedsEncodingTwice() {
    sign(vendorRequest().withPath("/v1").addQueryParam("a b", List.of("1")));

    assertThat(line(2)).isEqualTo("a b=1&a%20b=1");
    assertThat(ourRequest().query("a b", "1").build().canonicalQuery()).isEqualTo("a%20b=1");
  }

  /** SignUtils.convertSortedMap2QueryString(); the Python and Go SDKs sort them. */
  @Test
  void theVendorLeavesSeveralValuesOfANameInTheirOrder() {
    sign(vendorRequest().withPath("/v1").addQueryParam("k", List.of("b", "a")));

    assertThat(line(2)).isEqualTo("k=b&k=a");
    assertThat(ourRequest().query("k", "b").query("k", "a").build().canonicalQuery())
        .isEqualTo("k=a&k=b");
  }

  /** AKSKSigner.combineAllHeaders() leaves out Content-Type and names with an underscore only. */
  @Test
  void theVendorSignsWhateverHeaderThereIs() {
    sign(vendorRequest().withPath("/v1").addHeader("User-Agent", "x").addHeader("Accept", "y"));

    assertThat(line(7)).isEmpty();
    assertThat(line(8)).isEqualTo("accept;host;user-agent;x-sdk-date");
    assertThat(
            SdkHmacSigner.signedHeaders(
                ourRequest().header("User-Agent", "x").header("X-Sdk-Date", "d").build()))
        .containsExactly("host", "x-sdk-date");
  }

  /** AKSKSigner.buildCanonicalHeaders(); the guide says that blanks around a value are cut off. */
  @Test
  void theVendorSignsBlanksAroundAValue() {
    sign(vendorRequest().withPath("/v1").addHeader("X-Project-Id", " p "));
    WireRequest ours = ourRequest().header("X-Project-Id", " p ").build();

    assertThat(line(4)).isEqualTo("x-project-id: p ");
    assertThat(SdkHmacSigner.canonicalRequest(ours, SdkHmacSigner.signedHeaders(ours)))
        .contains("x-project-id:p\n");
  }

  private void sign(HttpRequest.HttpRequestBuilder request) {
    assertThat(vendor.sign(request.build(), KEY)).containsKey("authorization");
  }

  private String line(int number) {
    return vendor.canonicalRequest().split("\n", -1)[number];
  }

  private static HttpRequest.HttpRequestBuilder vendorRequest() {
    return HttpRequest.newBuilder()
        .withEndpoint("https://" + HOST)
        .addHeader("X-Sdk-Date", "20260102T030405Z");
  }

  private static WireRequest.Builder ourRequest() {
    return WireRequest.get(Endpoint.https(HOST));
  }
}
