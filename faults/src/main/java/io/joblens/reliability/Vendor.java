package io.joblens.reliability;

import io.joblens.spi.Json;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How each vendor words its errors. */
enum Vendor {
  ALIBABA {
    @Override
    Reply error(int status, String code, String message) {
      Map<String, Object> body = new LinkedHashMap<>();
      body.put("RequestId", REQUEST);
      body.put("Code", code);
      body.put("Message", message);
      body.put("Success", false);
      return Reply.of(status, Json.write(body));
    }
  },
  TENCENT {
    @Override
    Reply error(int status, String code, String message) {
      Map<String, Object> error = Map.of("Code", code, "Message", message);
      return Reply.of(
          status, Json.write(Map.of("Response", Map.of("Error", error, "RequestId", REQUEST))));
    }
  },
  HUAWEI {
    @Override
    Reply error(int status, String code, String message) {
      return Reply.of(status, Json.write(Map.of("error_code", code, "error_msg", message)))
          .with("X-Request-Id", REQUEST);
    }
  };

  private static final DateTimeFormatter HUAWEI_DATE =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmssX", Locale.ROOT);

  /** Where the older scheme has its time, which Alibaba's first SDK still signs by. */
  private static final Pattern ALIBABA_TIMESTAMP = Pattern.compile("[?&]Timestamp=([^& ]+)");

  private static final String REQUEST = "5B1F8A77-0C66-4E3B-9E0B-2F6EAE6D0000";

  /**
   * A message that repeats what no message should, as gateways do, in all ways to write it. Short
   * enough to be shown whole.
   */
  private static final String TALE =
      "refused; x-security-token:"
          + String.join(",", Canaries.escaped(Canaries.TOKEN + 1))
          + ", signed with "
          + String.join(",", Canaries.inBase64(Canaries.SECRET + 1))
          + " was what came";

  /** What may be wrong, in the vendor's words. */
  enum Trouble {
    BAD_REQUEST,
    BAD_KEY,
    EXPIRED,
    DENIED,
    MISSING,
    THROTTLED,
    SKEWED
  }

  abstract Reply error(int status, String code, String message);

  /** Answers with an error as the vendor words it, with this status. */
  Reply error(int status, Trouble trouble) {
    return error(
        status, code(trouble), trouble == Trouble.SKEWED ? "signature expired; " + TALE : TALE);
  }

  /** Returns when a request was signed, by its own account. */
  Instant dateOf(List<String> head) {
    return switch (this) {
      case ALIBABA -> {
        Matcher old = ALIBABA_TIMESTAMP.matcher(head.get(0));
        yield Instant.parse(
            old.find() ? old.group(1).replace("%3A", ":") : header(head, "x-acs-date"));
      }
      case TENCENT -> Instant.ofEpochSecond(Long.parseLong(header(head, "x-tc-timestamp")));
      case HUAWEI -> HUAWEI_DATE.parse(header(head, "x-sdk-date"), Instant::from);
    };
  }

  private static String header(List<String> head, String name) {
    return head.stream()
        .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name + ":"))
        .map(line -> line.substring(name.length() + 1).strip())
        .findFirst()
        .orElseThrow();
  }

  /**
   * Answers that calls come too fast and when to come again, where the vendor has a word of its
   * own.
   */
  Reply throttled(int seconds) {
    return switch (this) {
      case ALIBABA ->
          error(400, Trouble.THROTTLED).with("x-acs-retry-after", Integer.toString(seconds * 1000));
      case TENCENT -> error(429, Trouble.THROTTLED).with("Retry-After", Integer.toString(seconds));
      case HUAWEI ->
          error(
              429,
              code(Trouble.THROTTLED),
              "policy user over ratelimit,limit:200,time:" + seconds + " second");
    };
  }

  private String code(Trouble trouble) {
    return switch (this) {
      case ALIBABA ->
          switch (trouble) {
            case BAD_REQUEST -> "InvalidParameter";
            case BAD_KEY -> "InvalidAccessKeyId.NotFound";
            case EXPIRED -> "InvalidSecurityToken.Expired";
            case DENIED -> "NoPermission";
            case MISSING -> "InvalidAppId.NotFound";
            case THROTTLED -> "Throttling.User";
            case SKEWED -> "InvalidTimeStamp.Expired";
          };
      case TENCENT ->
          switch (trouble) {
            case BAD_REQUEST -> "InvalidParameter";
            case BAD_KEY -> "AuthFailure.SecretIdNotFound";
            case EXPIRED -> "AuthFailure.TokenFailure";
            case DENIED -> "AuthFailure.UnauthorizedOperation";
            case MISSING -> "ResourceNotFound";
            case THROTTLED -> "RequestLimitExceeded";
            case SKEWED -> "AuthFailure.SignatureExpire";
          };
      case HUAWEI ->
          switch (trouble) {
            case BAD_REQUEST -> "WKS.00000001";
            case BAD_KEY -> "APIGW.0301";
            case EXPIRED -> "APIGW.0307";
            case DENIED -> "APIGW.0302";
            case MISSING -> "WKS.00170312";
            case THROTTLED -> "APIGW.0308";
            case SKEWED -> "APIGW.0301";
          };
    };
  }
}
