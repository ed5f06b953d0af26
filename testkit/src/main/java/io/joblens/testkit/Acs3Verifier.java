package io.joblens.testkit;

import io.joblens.testkit.FakeCloud.Reply;
import io.joblens.testkit.FakeCloud.Request;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.format.ResolverStyle;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Alibaba Cloud's gateway: verifies ACS3-HMAC-SHA256 and words its refusals. Written from
 * alibabacloud.com/help/en/sdk/product-overview/v3-request-structure-and-signature; codes and HTTP
 * statuses from alibabacloud.com/help/en/doc-detail/434846.html. Where the page leaves room it is
 * strict: host and every x-acs- header must be signed.
 */
final class Acs3Verifier {
  private static final Duration DATE_WINDOW = Duration.ofMinutes(15);
  private static final String SCHEME = "ACS3-HMAC-SHA256 ";
  private static final List<String> REQUIRED =
      List.of(
          "x-acs-action",
          "x-acs-version",
          "x-acs-date",
          "x-acs-signature-nonce",
          "x-acs-content-sha256");
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss'Z'", Locale.ROOT)
          .withResolverStyle(ResolverStyle.STRICT);

  private final NonceMemory nonces = new NonceMemory(DATE_WINDOW.multipliedBy(2));

  /** Judges the signature of a request; an accepted request's nonce is used up. */
  Verdict verify(FakeCloud cloud, Request request) {
    String authorization = request.header("authorization").orElse("");
    if (authorization.isEmpty()) {
      return Verdict.refused(Verdict.Outcome.MISSING, "Authorization");
    }
    Map<String, String> parts = parts(authorization);
    if (!parts
        .keySet()
        .equals(new TreeSet<>(List.of("Credential", "SignedHeaders", "Signature")))) {
      return Verdict.refused(Verdict.Outcome.MALFORMED, "Authorization");
    }
    for (String name : REQUIRED) {
      if (request.header(name).orElse("").isEmpty()) {
        return Verdict.refused(Verdict.Outcome.MISSING, name);
      }
    }
    Instant date;
    try {
      date =
          LocalDateTime.parse(request.header("x-acs-date").orElse(""), DATE)
              .toInstant(ZoneOffset.UTC);
    } catch (DateTimeParseException e) {
      return Verdict.refused(Verdict.Outcome.MALFORMED, "x-acs-date");
    }
    if (!Oracle.isWithin(DATE_WINDOW, date, cloud.now())) {
      return Verdict.refused(Verdict.Outcome.OUTSIDE_DATE_WINDOW, "x-acs-date");
    }
    Optional<FakeCloud.Key> key = cloud.key(parts.getOrDefault("Credential", ""));
    if (key.isEmpty()) {
      return Verdict.refused(Verdict.Outcome.UNKNOWN_KEY, "");
    }
    Verdict token = cloud.checkToken(key.get(), request.header("x-acs-security-token"));
    if (!token.isAccepted()) {
      return token;
    }
    String signedHeaders = parts.getOrDefault("SignedHeaders", "");
    if (!signedHeaders.equals(String.join(";", toBeSigned(request.headers().keySet())))) {
      return Verdict.refused(Verdict.Outcome.MALFORMED, "SignedHeaders");
    }
    String hash = Oracle.sha256Hex(request.body());
    if (!Oracle.isSame(hash, request.header("x-acs-content-sha256").orElse(""))) {
      return Verdict.refused(Verdict.Outcome.WRONG_BODY_HASH, "x-acs-content-sha256");
    }
    String toSign =
        SCHEME.strip() + "\n" + Oracle.sha256Hex(canonical(request, signedHeaders, hash));
    String expected = Oracle.hex(Oracle.hmacSha256(key.get().secret(), toSign));
    if (!Oracle.isSame(expected, parts.getOrDefault("Signature", ""))) {
      // not the canonical request: it holds the security token
      return Verdict.refused(Verdict.Outcome.WRONG_SIGNATURE, toSign);
    }
    String nonce = key.get().id() + " " + request.header("x-acs-signature-nonce").orElse("");
    return nonces.take(nonce, cloud.now())
        ? Verdict.ACCEPTED
        : Verdict.refused(Verdict.Outcome.REPLAYED_NONCE, "x-acs-signature-nonce");
  }

  /** Answers a request that was refused. */
  static Reply refusal(FakeCloud cloud, Request request, Verdict verdict) {
    return switch (verdict.outcome()) {
      case MISSING ->
          verdict.detail().startsWith("x-acs-")
              ? error(cloud, request, 400, "MissingParameter", "Missing " + verdict.detail() + ".")
              : incomplete(cloud, request, verdict);
      case MALFORMED ->
          verdict.detail().equals("x-acs-date")
              ? error(
                  cloud,
                  request,
                  400,
                  "InvalidTimeStamp.Format",
                  "Specified time stamp or date value is not well formatted.")
              : incomplete(cloud, request, verdict);
      case UNKNOWN_KEY ->
          error(
              cloud,
              request,
              404,
              "InvalidAccessKeyId.NotFound",
              "Specified access key is not found.");
      case WRONG_TOKEN ->
          error(
              cloud,
              request,
              400,
              "InvalidSecurityToken.MismatchWithAccessKey",
              "Specified SecurityToken mismatch with the AccessKey.");
      case EXPIRED_TOKEN ->
          error(
              cloud,
              request,
              400,
              "InvalidSecurityToken.Expired",
              "Specified SecurityToken is expired.");
      case OUTSIDE_DATE_WINDOW ->
          error(
              cloud,
              request,
              400,
              "InvalidTimeStamp.Expired",
              "Specified time stamp or date value is expired.");
      case REPLAYED_NONCE ->
          error(
              cloud,
              request,
              400,
              "SignatureNonceUsed",
              "Specified signature nonce was used already.");
      default ->
          error(
              cloud,
              request,
              400,
              "SignatureDoesNotMatch",
              "Specified signature does not match our calculation. " + verdict.detail());
    };
  }

  /** Returns an error as the gateway words it. */
  static Reply error(FakeCloud cloud, Request request, int status, String code, String message) {
    Map<String, String> body = new LinkedHashMap<>();
    body.put("RequestId", cloud.nextRequestId());
    body.put("HostId", request.host());
    body.put("Code", code);
    body.put("Message", message);
    body.put("Recommend", "https://api.aliyun.com/troubleshoot?q=" + code);
    return Reply.json(status, body);
  }

  private static Reply incomplete(FakeCloud cloud, Request request, Verdict verdict) {
    return error(
        cloud,
        request,
        400,
        "IncompleteSignature",
        "The request signature does not conform to Aliyun standards: " + verdict.detail() + ".");
  }

  private static Map<String, String> parts(String authorization) {
    Map<String, String> parts = new LinkedHashMap<>();
    if (authorization.startsWith(SCHEME)) {
      for (String part : authorization.substring(SCHEME.length()).split(",", -1)) {
        int equals = part.indexOf('=');
        if (equals > 0) {
          parts.put(part.substring(0, equals).strip(), part.substring(equals + 1).strip());
        }
      }
    }
    return parts;
  }

  private static Collection<String> toBeSigned(Collection<String> names) {
    Collection<String> signed = new TreeSet<>();
    for (String name : names) {
      if (name.equals("host") || name.equals("content-type") || name.startsWith("x-acs-")) {
        signed.add(name);
      }
    }
    return signed;
  }

  private static String canonical(Request request, String signedHeaders, String hash) {
    StringBuilder out = new StringBuilder(request.method()).append('\n');
    if (request.segments().isEmpty()) {
      out.append('/');
    }
    request.segments().forEach(part -> out.append('/').append(Oracle.percentEncode(part)));
    out.append('\n').append(sortedQuery(request.parameters())).append('\n');
    for (String name : signedHeaders.split(";", -1)) {
      out.append(name).append(':').append(request.header(name).orElse("").strip()).append('\n');
    }
    return out.append('\n').append(signedHeaders).append('\n').append(hash).toString();
  }

  /** Sorted by decoded name, unlike {@link Oracle#sortedQuery}; as all of the vendor's SDKs do. */
  private static String sortedQuery(List<FakeCloud.Parameter> parameters) {
    List<FakeCloud.Parameter> sorted = new ArrayList<>(parameters);
    sorted.sort(Comparator.comparing(p -> p.name() + '\0' + p.value()));
    StringBuilder out = new StringBuilder();
    for (FakeCloud.Parameter p : sorted) {
      out.append(out.isEmpty() ? "" : "&");
      out.append(Oracle.percentEncode(p.name()))
          .append('=')
          .append(Oracle.percentEncode(p.value()));
    }
    return out.toString();
  }
}
