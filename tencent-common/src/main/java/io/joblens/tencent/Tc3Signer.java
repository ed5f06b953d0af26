package io.joblens.tencent;

import io.joblens.CredentialsException;
import io.joblens.spi.Credentials;
import io.joblens.spi.ServiceError;
import io.joblens.spi.Sha256;
import io.joblens.spi.Signer;
import io.joblens.spi.WireRequest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Signs with TC3-HMAC-SHA256 (<a href="https://cloud.tencent.com/document/api/213/30654">the
 * scheme</a>). The steps carry the names of that page. The token of temporary credentials is sent
 * but not signed. The service in the credential scope is a constant, not, as in the vendor's SDKs,
 * the host's first label: a proxy or a test server keeps signatures valid.
 */
public final class Tc3Signer implements Signer {
  /**
   * What the current documentation signs. The vendor's SDKs leave {@code x-tc-action} out; with it,
   * nobody on the way can make another operation of a request.
   */
  public static final List<String> SIGNED_HEADERS = List.of("content-type", "host", "x-tc-action");

  private static final String ALGORITHM = "TC3-HMAC-SHA256";
  private static final String TERMINATOR = "tc3_request";

  private final String service;
  private final List<String> signedHeaders;

  /** Only saves work: three of a signature's four HMACs make a key that changes once a UTC day. */
  private volatile @Nullable DayKey lastKey;

  private static final class DayKey {
    private final String secret;
    private final String date;
    private final byte[] key;

    DayKey(String secret, String date, byte[] key) {
      this.secret = secret;
      this.date = date;
      this.key = key;
    }
  }

  /**
   * Makes a signer.
   *
   * @param service the service in the credential scope, such as {@code batch}
   * @param signedHeaders lower-case names in alphabetic order; {@code content-type} and {@code
   *     host} must be among them
   */
  public Tc3Signer(String service, List<String> signedHeaders) {
    this.service = service;
    this.signedHeaders = List.copyOf(signedHeaders);
  }

  @Override
  public WireRequest sign(WireRequest request, Credentials credentials, Instant now, String nonce) {
    if (!(credentials instanceof Credentials.AccessKey key)) {
      throw new CredentialsException(
          "Tencent Cloud needs a SecretId and SecretKey, not a token alone; give an access key");
    }
    String stringToSign = stringToSign(now, canonicalRequest(request));
    byte[] signingKey = keyOfTheDay(key.secret(), now);
    WireRequest.Builder signed =
        request.toBuilder()
            .header("X-TC-Timestamp", Long.toString(now.getEpochSecond()))
            .header("Authorization", authorization(key.id(), now, signingKey, stringToSign));
    key.token().ifPresent(token -> signed.header("X-TC-Token", token));
    return signed.build();
  }

  /** The vendor does not repeat what it took for the canonical request; ours helps all the same. */
  @Override
  public Optional<String> explain(WireRequest signed, ServiceError error) {
    return error
        .code()
        .filter("AuthFailure.SignatureFailure"::equals)
        .map(code -> canonicalRequest(signed).replace('\n', '|'));
  }

  /** Returns what is signed of a request that carries every header but the signature's own. */
  public String canonicalRequest(WireRequest request) {
    StringBuilder out = new StringBuilder(256);
    out.append(request.method()).append('\n');
    out.append(request.encodedPath()).append('\n');
    // as sent: the vendor checks the query text as it arrives and does not sort it
    out.append(request.encodedQuery()).append('\n');
    for (String name : signedHeaders) {
      String value = name.equals("host") ? request.host() : request.header(name).orElse("");
      out.append(name).append(':').append(value.strip().toLowerCase(Locale.ROOT)).append('\n');
    }
    out.append('\n').append(String.join(";", signedHeaders)).append('\n');
    return out.append(Sha256.hex(request.body())).toString();
  }

  /** Returns algorithm, time, scope and the hash of the canonical request. */
  public String stringToSign(Instant now, String canonicalRequest) {
    return ALGORITHM
        + "\n"
        + now.getEpochSecond()
        + "\n"
        + credentialScope(now)
        + "\n"
        + Sha256.hex(canonicalRequest);
  }

  private byte[] keyOfTheDay(String secretKey, Instant now) {
    DayKey last = lastKey;
    if (last == null || !last.date.equals(date(now)) || !last.secret.equals(secretKey)) {
      last = new DayKey(secretKey, date(now), signingKey(secretKey, now));
      lastKey = last;
    }
    return last.key;
  }

  /** Returns the key of one service and one UTC day. */
  public byte[] signingKey(String secretKey, Instant now) {
    byte[] secretDate =
        Sha256.hmac(("TC3" + secretKey).getBytes(StandardCharsets.UTF_8), date(now));
    byte[] secretService = Sha256.hmac(secretDate, service);
    return Sha256.hmac(secretService, TERMINATOR);
  }

  /** Returns the value of the {@code Authorization} header. */
  public String authorization(
      String secretId, Instant now, byte[] signingKey, String stringToSign) {
    return ALGORITHM
        + " Credential="
        + secretId
        + "/"
        + credentialScope(now)
        + ", SignedHeaders="
        + String.join(";", signedHeaders)
        + ", Signature="
        + HexFormat.of().formatHex(Sha256.hmac(signingKey, stringToSign));
  }

  private String credentialScope(Instant now) {
    return date(now) + "/" + service + "/" + TERMINATOR;
  }

  /**
   * The day in UTC, wherever the machine stands: with a local day, signatures fail for some hours.
   */
  private static String date(Instant now) {
    return LocalDate.ofInstant(now, ZoneOffset.UTC).toString();
  }
}
