package io.joblens.vendor;

import static org.assertj.core.api.Assertions.assertThat;

import com.aliyun.openapiutil.Client;
import com.aliyun.tea.TeaRequest;
import io.joblens.alibaba.Acs3Signer;
import io.joblens.spi.Credentials;
import io.joblens.spi.Endpoint;
import io.joblens.spi.WireRequest;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Judge: {@code com.aliyun:openapiutil}, which signs in Alibaba Cloud's own Java SDKs. */
class Acs3DifferentialTest {
  private static final String SCHEME = "ACS3-HMAC-SHA256";

  @Test
  void everyRandomRequestIsSignedAsTheVendorSignsIt() throws Exception {
    for (int pair = 0; pair < RandomParts.PAIRS; pair++) {
      RandomParts parts = new RandomParts(pair);
      Credentials.AccessKey key = parts.key();
      Instant date = parts.date();
      String nonce = parts.nonce();
      WireRequest request = request(parts);

      WireRequest ours = new Acs3Signer().sign(request, key, date, nonce);
      Map<String, String> theirs = vendorHeaders(request, key, date, nonce);

      int number = pair;
      assertThat(ours.headers())
          .as(
              () ->
                  String.join(
                      "\n",
                      RandomParts.where(number),
                      Acs3Signer.canonicalRequest(ours),
                      "----",
                      Acs3Signer.stringToSign(Acs3Signer.canonicalRequest(ours))))
          .isEqualTo(theirs);
    }
    RandomParts.report(SCHEME, RandomParts.PAIRS);
  }

  @Test
  void theDateIsWrittenAsTheVendorWritesIt() throws Exception {
    Instant theirs = Instant.parse(Client.getTimestamp());
    WireRequest ours =
        new Acs3Signer().sign(request(new RandomParts(0)), new RandomParts(0).key(), theirs, "n");

    assertThat(ours.header("x-acs-date")).contains(theirs.toString());
    assertThat(theirs).isEqualTo(theirs.truncatedTo(ChronoUnit.SECONDS));
  }

  private static WireRequest request(RandomParts parts) {
    Endpoint endpoint = Endpoint.https(parts.label() + "." + parts.label() + ".aliyuncs.com");
    WireRequest.Builder request =
        parts.oneIn(3) ? WireRequest.post(endpoint) : WireRequest.get(endpoint);
    parts.segments(5).forEach(segment -> request.id("path", segment));
    parts.query().forEach(request::query);
    request.header("x-acs-action", parts.word(20)).header("x-acs-version", "2019-05-06");
    request.header("accept", "application/json");
    for (int more = parts.below(3); more > 0; more--) {
      request.header("X-Acs-" + parts.word(8), parts.headerValue());
    }
    if (parts.oneIn(3)) {
      request.header("Content-Type", "application/json; charset=UTF-8");
    }
    return request.body(parts.oneIn(3) ? parts.body() : "").build();
  }

  /** As the vendor's {@code com.aliyun.teaopenapi.Client} prepares a request. */
  private static Map<String, String> vendorHeaders(
      WireRequest request, Credentials.AccessKey key, Instant date, String nonce) throws Exception {
    TeaRequest vendor = new TeaRequest();
    vendor.method = request.method();
    List<String> segments = request.segments();
    vendor.pathname =
        segments.isEmpty() ? "/" : Client.getEncodePath("/" + String.join("/", segments));
    request.query().forEach(parameter -> vendor.query.put(parameter.name(), parameter.value()));
    String hash = Client.hexEncode(Client.hash(request.body(), SCHEME));
    vendor.headers.putAll(request.headers());
    vendor.headers.put("host", request.host());
    vendor.headers.put("x-acs-date", date.truncatedTo(ChronoUnit.SECONDS).toString());
    vendor.headers.put("x-acs-signature-nonce", nonce);
    vendor.headers.put("x-acs-content-sha256", hash);
    key.token().ifPresent(token -> vendor.headers.put("x-acs-security-token", token));
    Map<String, String> headers = new HashMap<>(vendor.headers);
    headers.put(
        "authorization", Client.getAuthorization(vendor, SCHEME, hash, key.id(), key.secret()));
    headers.remove("host"); // WireRequest holds it apart
    return headers;
  }
}
