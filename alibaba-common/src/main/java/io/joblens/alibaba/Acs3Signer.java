package io.joblens.alibaba;

import io.joblens.CredentialsException;
import io.joblens.spi.Credentials;
import io.joblens.spi.Masking;
import io.joblens.spi.Percent;
import io.joblens.spi.ServiceError;
import io.joblens.spi.Sha256;
import io.joblens.spi.Signer;
import io.joblens.spi.WireRequest;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Signs with ACS3-HMAC-SHA256, Alibaba Cloud's "V3" scheme for RPC and ROA style operations alike.
 *
 * <p>The request must carry {@code x-acs-action} and {@code x-acs-version} already; the signer adds
 * date, nonce, payload hash, the security token of temporary credentials and {@code Authorization}.
 * It signs the host, {@code content-type} and every {@code x-acs-} header.
 *
 * @see <a
 *     href="https://www.alibabacloud.com/help/en/sdk/product-overview/v3-request-structure-and-signature">V3
 *     request structure and signature</a>
 */
public final class Acs3Signer implements Signer {
  private static final String ALGORITHM = "ACS3-HMAC-SHA256";
  private static final String TOKEN = "x-acs-security-token";
  private static final Pattern MISMATCH =
      Pattern.compile("^(SignatureDoesNotMatch|IncompleteSignature|InvalidSignature)");

  /** Makes a signer; it has no state. */
  public Acs3Signer() {}

  @Override
  public WireRequest sign(WireRequest request, Credentials credentials, Instant now, String nonce) {
    if (!(credentials instanceof Credentials.AccessKey key)) {
      throw new CredentialsException(
          "Alibaba Cloud needs an access key id and secret; a bare token cannot sign");
    }
    WireRequest.Builder headers =
        request.toBuilder()
            // ISO-8601 in UTC whatever the default locale; its digits and years are never localized
            .header("x-acs-date", now.truncatedTo(ChronoUnit.SECONDS).toString())
            .header("x-acs-signature-nonce", nonce)
            .header("x-acs-content-sha256", Sha256.hex(request.body()));
    key.token().ifPresent(token -> headers.header(TOKEN, token));
    WireRequest complete = headers.build();
    String signature = signature(stringToSign(canonicalRequest(complete)), key.secret());
    return complete.toBuilder()
        .header("authorization", authorization(key.id(), signedHeaders(complete), signature))
        .build();
  }

  @Override
  public Optional<String> explain(WireRequest signed, ServiceError error) {
    boolean isMismatch = error.code().filter(code -> MISMATCH.matcher(code).find()).isPresent();
    WireRequest masked =
        signed.header(TOKEN).isPresent()
            ? signed.toBuilder().header(TOKEN, Masking.MASK).build()
            : signed;
    return isMismatch ? Optional.of(canonicalRequest(masked).replace('\n', '|')) : Optional.empty();
  }

  /** Returns what is signed of a request that carries every header but {@code Authorization}. */
  public static String canonicalRequest(WireRequest request) {
    SortedMap<String, String> headers = headersToSign(request);
    StringBuilder out = new StringBuilder(512);
    out.append(request.method()).append('\n');
    out.append(request.encodedPath()).append('\n');
    out.append(canonicalQuery(request)).append('\n');
    headers.forEach((name, value) -> out.append(name).append(':').append(value).append('\n'));
    out.append('\n').append(String.join(";", headers.keySet())).append('\n');
    return out.append(Sha256.hex(request.body())).toString();
  }

  /**
   * Returns the parameters sorted by name, then encoded: in the other order, as Huawei's scheme
   * sorts them, {@code a:b} would stand before {@code a1} and the signature would not match. The
   * vendor's libraries sort like this, see {@code com.aliyun.openapiutil.Client}.
   */
  private static String canonicalQuery(WireRequest request) {
    return request.query().stream()
        .sorted(
            Comparator.comparing(WireRequest.Parameter::name)
                .thenComparing(WireRequest.Parameter::value))
        .map(p -> Percent.encode(p.name()) + "=" + Percent.encode(p.value()))
        .collect(Collectors.joining("&"));
  }

  /** Returns the names of the headers that are signed, as {@code Authorization} lists them. */
  public static String signedHeaders(WireRequest request) {
    return String.join(";", headersToSign(request).keySet());
  }

  /** Returns the algorithm and the hash of the canonical request. */
  public static String stringToSign(String canonicalRequest) {
    return ALGORITHM + "\n" + Sha256.hex(canonicalRequest);
  }

  /** Returns the signature; the secret itself is the key, none is derived from it. */
  public static String signature(String stringToSign, String secret) {
    return Sha256.hmacHex(secret, stringToSign);
  }

  /** Returns the value of the {@code Authorization} header. */
  public static String authorization(String keyId, String signedHeaders, String signature) {
    return ALGORITHM
        + " Credential="
        + keyId
        + ",SignedHeaders="
        + signedHeaders
        + ",Signature="
        + signature;
  }

  private static SortedMap<String, String> headersToSign(WireRequest request) {
    SortedMap<String, String> headers = new TreeMap<>();
    headers.put("host", request.host());
    for (Map.Entry<String, String> header : request.headers().entrySet()) {
      String name = header.getKey();
      if (name.startsWith("x-acs-") || name.equals("content-type")) {
        headers.put(name, header.getValue().strip());
      }
    }
    return headers;
  }
}
