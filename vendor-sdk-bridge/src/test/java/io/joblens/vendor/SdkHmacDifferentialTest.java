package io.joblens.vendor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.huaweicloud.sdk.core.http.HttpMethod;
import com.huaweicloud.sdk.core.http.HttpRequest;
import io.joblens.huawei.SdkHmacSigner;
import io.joblens.spi.Credentials;
import io.joblens.spi.Endpoint;
import io.joblens.spi.WireRequest;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Judge: {@code AKSKSigner} of {@code com.huaweicloud.sdk:huaweicloud-sdk-core}. */
class SdkHmacDifferentialTest {

  @Test
  void everyRandomRequestIsSignedAsTheVendorSignsIt() {
    VendorSdkHmac vendor = new VendorSdkHmac();
    for (int pair = 0; pair < RandomParts.PAIRS; pair++) {
      RandomParts parts = new RandomParts(pair);
      Credentials.AccessKey key = parts.key();
      Instant date = parts.date();
      WireRequest request = request(parts);

      WireRequest ours = new SdkHmacSigner().sign(request, key, date, "");
      Map<String, String> theirs = new HashMap<>(ours.headers());
      theirs.remove("authorization");
      theirs.putAll(vendor.sign(vendorRequest(ours), key));
      assertThat(theirs.remove("host")).isEqualTo(request.host());

      int number = pair;
      assertThat(ours.headers())
          .as(
              () ->
                  String.join(
                      "\n",
                      RandomParts.where(number),
                      SdkHmacSigner.canonicalRequest(ours, SdkHmacSigner.signedHeaders(ours)),
                      "---- the vendor's:",
                      vendor.canonicalRequest(),
                      "----",
                      vendor.stringToSign()))
          .isEqualTo(theirs);
    }
    RandomParts.report("SDK-HMAC-SHA256", RandomParts.PAIRS);
  }

  private static WireRequest request(RandomParts parts) {
    Endpoint endpoint = Endpoint.https(parts.label() + "." + parts.label() + ".myhuaweicloud.com");
    boolean post = parts.oneIn(3);
    WireRequest.Builder request = post ? WireRequest.post(endpoint) : WireRequest.get(endpoint);
    parts.segments(5).forEach(segment -> request.id("path", segment));
    parts.query().forEach(request::query);
    if (parts.oneIn(2)) {
      request.header("X-Project-Id", parts.word(32));
    }
    if (parts.oneIn(2)) {
      request.header("Content-Type", "application/json");
    }
    return request.body(post ? parts.body() : "").build();
  }

  /** The same request, dated and with its token already, for the vendor's signer. */
  private static HttpRequest vendorRequest(WireRequest dated) {
    HttpRequest.HttpRequestBuilder request =
        HttpRequest.newBuilder()
            .withEndpoint("https://" + dated.host())
            .withMethod(HttpMethod.valueOf(dated.method()))
            .withBodyAsString(new String(dated.body(), UTF_8));
    dated
        .query()
        .forEach(parameter -> request.addQueryParam(parameter.name(), List.of(parameter.value())));
    dated.headers().forEach((name, value) -> add(request, name, value));
    String path = "/" + String.join("/", dated.segments());
    return VendorSdkHmac.withPath(request.build(), dated.host(), path);
  }

  private static void add(HttpRequest.HttpRequestBuilder request, String name, String value) {
    if (name.equals("x-sdk-date")) {
      request.addHeader("X-Sdk-Date", value); // the vendor looks it up by exactly this name
    } else if (!name.equals("authorization")) {
      request.addHeader(name, value);
    }
  }
}
