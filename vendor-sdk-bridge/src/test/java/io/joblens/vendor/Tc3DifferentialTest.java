package io.joblens.vendor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.tencentcloudapi.common.Credential;
import io.joblens.spi.Credentials;
import io.joblens.spi.Endpoint;
import io.joblens.spi.Percent;
import io.joblens.spi.WireRequest;
import io.joblens.tencent.Tc3Signer;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import okhttp3.Request;
import okio.Buffer;
import org.junit.jupiter.api.Test;

/** Judge: the client of {@code com.tencentcloudapi:tencentcloud-sdk-java-common}. */
class Tc3DifferentialTest {
  private static final String JSON = "application/json; charset=utf-8";

  /** What the vendor's client signs. */
  static final List<String> SIGNED_HEADERS = List.of("content-type", "host");

  private static final List<String> SET_BY_SIGNER =
      List.of("authorization", "x-tc-timestamp", "x-tc-token");

  private final VendorTc3 vendor = new VendorTc3();

  /** Half of them with a date of their own; the vendor's client dates the others itself. */
  @Test
  void everyRandomRequestIsSignedAsTheVendorSignsIt() throws Exception {
    for (int pair = 0; pair < RandomParts.PAIRS; pair++) {
      RandomParts parts = new RandomParts(pair);
      Credentials.AccessKey key = parts.key();
      String service = parts.label();
      String host = service + (parts.oneIn(2) ? "" : "." + parts.label()) + ".tencentcloudapi.com";
      vendor.with(
          new Credential(key.id(), key.secret(), key.token().orElse(parts.oneIn(2) ? "" : null)),
          host);
      Pair both =
          switch (pair % 4) {
            case 0, 1 -> dated(parts, host);
            case 2 -> posted(parts, host);
            default -> got(parts, host);
          };

      Tc3Signer signer = new Tc3Signer(service, SIGNED_HEADERS);
      WireRequest ours = signer.sign(both.request, key, both.date, "");
      Map<String, String> theirs = new HashMap<>(both.request.headers());
      theirs.putAll(both.vendorHeaders);
      if (both.hasAllHeaders) {
        assertThat(theirs.get("x-tc-token")).isEqualTo(key.token().orElse(null));
      } else {
        key.token().ifPresent(token -> theirs.put("x-tc-token", token));
      }

      int number = pair;
      assertThat(ours.headers())
          .as(
              () ->
                  String.join(
                      "\n",
                      RandomParts.where(number),
                      signer.canonicalRequest(both.request),
                      "----",
                      signer.stringToSign(both.date, signer.canonicalRequest(both.request))))
          .isEqualTo(theirs);
    }
    RandomParts.report("TC3-HMAC-SHA256", RandomParts.PAIRS);
  }

  private record Pair(
      WireRequest request,
      Instant date,
      Map<String, String> vendorHeaders,
      boolean hasAllHeaders) {}

  private Pair dated(RandomParts parts, String host) throws ReflectiveOperationException {
    Instant date = parts.date();
    String body = parts.body();
    String timestamp = Long.toString(date.getEpochSecond());
    String authorization = vendor.authorization(JSON, date.getEpochSecond(), body.getBytes(UTF_8));
    WireRequest request =
        WireRequest.post(Endpoint.https(host)).header("Content-Type", JSON).body(body).build();
    return new Pair(
        request, date, Map.of("authorization", authorization, "x-tc-timestamp", timestamp), false);
  }

  private Pair posted(RandomParts parts, String host) throws Exception {
    String action = parts.word(20);
    String body = parts.body();
    Request sent = vendor.post(action, body);
    assertThat(bodyOf(sent)).isEqualTo(body);
    return caught(WireRequest.post(Endpoint.https(host)).body(body), sent);
  }

  /** In the order in which the vendor's client sent the parameters: the query is signed as sent. */
  private Pair got(RandomParts parts, String host) throws Exception {
    Map<String, String> parameters = new LinkedHashMap<>();
    for (int count = parts.below(9); count > 0; count--) {
      // names without odd characters, values without blank, * and ~: see Tc3DeviationsTest
      parameters.put(
          parts.oneIn(2) ? parts.word(10) : parts.indexedName(),
          parts.text().replaceAll("[ *~]", ""));
    }
    Request sent = vendor.get(parts.word(20), parameters);
    String query = sent.url().encodedQuery() == null ? "" : sent.url().encodedQuery();
    WireRequest.Builder request = WireRequest.get(Endpoint.https(host));
    for (String pair : query.isEmpty() ? new String[0] : query.split("&", -1)) {
      int equals = pair.indexOf('=');
      request.query(pair.substring(0, equals), Percent.decode(pair.substring(equals + 1)));
    }
    assertThat(request.build().encodedQuery()).isEqualTo(query);
    assertThat(request.build().query())
        .containsExactlyInAnyOrderElementsOf(
            parameters.entrySet().stream()
                .map(entry -> new WireRequest.Parameter(entry.getKey(), entry.getValue()))
                .toList());
    return caught(request, sent);
  }

  private static Pair caught(WireRequest.Builder request, Request sent) {
    Map<String, String> headers = new HashMap<>();
    sent.headers()
        .names()
        .forEach(name -> headers.put(name.toLowerCase(Locale.ROOT), sent.headers().get(name)));
    assertThat(headers.remove("host")).isEqualTo(request.build().host());
    headers.forEach(
        (name, value) -> {
          if (!SET_BY_SIGNER.contains(name)) {
            request.header(name, value);
          }
        });
    Instant date =
        Instant.ofEpochSecond(Long.parseLong(headers.getOrDefault("x-tc-timestamp", "")));
    return new Pair(request.build(), date, headers, true);
  }

  private static String bodyOf(Request request) throws IOException {
    Buffer buffer = new Buffer();
    if (request.body() != null) {
      request.body().writeTo(buffer);
    }
    return buffer.readUtf8();
  }
}
