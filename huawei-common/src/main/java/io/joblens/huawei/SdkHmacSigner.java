package io.joblens.huawei;

import io.joblens.spi.Credentials;
import io.joblens.spi.Masking;
import io.joblens.spi.ServiceError;
import io.joblens.spi.Sha256;
import io.joblens.spi.Signer;
import io.joblens.spi.WireRequest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Signs with Huawei's SDK-HMAC-SHA256, or sets the token where that is the credential. Source:
 * support.huaweicloud.com/devg-apisign, api-sign-algorithm.
 */
public final class SdkHmacSigner implements Signer {
  private static final String ALGORITHM = "SDK-HMAC-SHA256";
  private static final String TOKEN = "X-Security-Token";
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  // What a proxy may rewrite, such as User-Agent and Content-Type, is better not signed; the guide
  // (api-sign-exclude-header) asks for X-Sdk-Date only.
  private static final List<String> SIGNED =
      List.of("x-project-id", "x-sdk-date", "x-security-token");

  /** Makes a signer; it has no state. */
  public SdkHmacSigner() {}

  @Override
  public WireRequest sign(WireRequest request, Credentials credentials, Instant now, String nonce) {
    if (credentials instanceof Credentials.Token token) {
      return request.toBuilder().header("X-Auth-Token", token.value()).build();
    }
    Credentials.AccessKey key = (Credentials.AccessKey) credentials;
    WireRequest.Builder builder = request.toBuilder().header("X-Sdk-Date", DATE.format(now));
    key.token().ifPresent(token -> builder.header(TOKEN, token));
    WireRequest dated = builder.build();
    NavigableSet<String> signedHeaders = signedHeaders(dated);
    String stringToSign = stringToSign(DATE.format(now), canonicalRequest(dated, signedHeaders));
    return builder.header("Authorization", authorization(key, signedHeaders, stringToSign)).build();
  }

  /** The gateway repeats what it took for the canonical request in the error's message. */
  @Override
  public Optional<String> explain(WireRequest signed, ServiceError error) {
    boolean isEcho = error.message().filter(text -> text.contains("canonicalRequest")).isPresent();
    WireRequest masked =
        signed.header(TOKEN).isPresent()
            ? signed.toBuilder().header(TOKEN, Masking.MASK).build()
            : signed;
    return isEcho
        ? Optional.of(canonicalRequest(masked, signedHeaders(masked)).replace('\n', '|'))
        : Optional.empty();
  }

  /**
   * Returns the lower-case names of the headers to sign: Host and those that the gateway acts on.
   */
  public static NavigableSet<String> signedHeaders(WireRequest request) {
    NavigableSet<String> names = new TreeSet<>();
    names.add("host");
    SIGNED.stream().filter(request.headers()::containsKey).forEach(names::add);
    return names;
  }

  /** Returns what is signed of a request that carries {@code X-Sdk-Date} already. */
  public static String canonicalRequest(WireRequest request, NavigableSet<String> signedHeaders) {
    StringBuilder headers = new StringBuilder();
    for (String name : signedHeaders) {
      String value = name.equals("host") ? request.host() : request.headers().get(name);
      headers.append(name).append(':').append(value == null ? "" : value.strip()).append('\n');
    }
    return String.join(
        "\n",
        request.method(),
        canonicalUri(request),
        request.canonicalQuery(),
        headers, // ends with a line break, so that an empty line follows
        String.join(";", signedHeaders),
        Sha256.hex(request.body()));
  }

  /** Returns the path, which ends with a slash in the signature though not in what is sent. */
  public static String canonicalUri(WireRequest request) {
    String path = request.encodedPath();
    return path.endsWith("/") ? path : path + "/";
  }

  /** Returns algorithm, date and the hash of the canonical request. */
  public static String stringToSign(String date, String canonicalRequest) {
    return ALGORITHM + "\n" + date + "\n" + Sha256.hex(canonicalRequest);
  }

  /** Returns the value of the {@code Authorization} header. */
  public static String authorization(
      Credentials.AccessKey key, NavigableSet<String> signedHeaders, String stringToSign) {
    return ALGORITHM
        + " Access="
        + key.id()
        + ", SignedHeaders="
        + String.join(";", signedHeaders)
        + ", Signature="
        + Sha256.hmacHex(key.secret(), stringToSign);
  }
}
