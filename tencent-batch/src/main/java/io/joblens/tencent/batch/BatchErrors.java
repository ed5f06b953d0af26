package io.joblens.tencent.batch;

import static java.util.Map.entry;

import io.joblens.JobServiceException.Kind;
import io.joblens.spi.JsonReader;
import io.joblens.spi.ServiceError;
import io.joblens.spi.WireDataException;
import io.joblens.spi.WireResponse;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads errors, which mostly come with HTTP 200. Kinds go by the code; the message's language and
 * wording change and are only passed on.
 */
final class BatchErrors {
  /**
   * Codes, or the part of them before a dot. From <a
   * href="https://www.tencentcloud.com/document/api/599/30557">DescribeJobs</a> and the <a
   * href="https://cloud.tencent.com/document/product/1388/114322">common error codes</a>. Codes
   * that no reading operation can cause are left to UNKNOWN.
   */
  private static final Map<String, Kind> KINDS =
      Map.ofEntries(
          entry("RequestLimitExceeded", Kind.THROTTLED),
          entry("LimitExceeded.RateLimitExceeded", Kind.THROTTLED), // seen with CVM
          entry("AuthFailure", Kind.AUTHENTICATION),
          entry("AuthFailure.SignatureExpire", Kind.CLOCK_SKEW),
          // one code for a token that is wrong and one that has ended: asking the source of the
          // credentials once more helps with the latter
          entry("AuthFailure.TokenFailure", Kind.EXPIRED_CREDENTIALS),
          entry("AuthFailure.UnauthorizedOperation", Kind.ACCESS_DENIED),
          entry("UnauthorizedOperation", Kind.ACCESS_DENIED),
          entry("IpInBlacklist", Kind.ACCESS_DENIED),
          entry("IpNotInWhitelist", Kind.ACCESS_DENIED),
          entry("ResourceNotFound", Kind.NOT_FOUND),
          entry("InternalError", Kind.SERVER_ERROR),
          entry("ServiceUnavailable", Kind.UNAVAILABLE),
          entry("ResourceUnavailable", Kind.UNAVAILABLE),
          entry("ActionOffline", Kind.INVALID_REQUEST),
          entry("InvalidAction", Kind.INVALID_REQUEST),
          entry("InvalidFilter", Kind.INVALID_REQUEST),
          entry("InvalidParameter", Kind.INVALID_REQUEST),
          entry("InvalidParameterValue", Kind.INVALID_REQUEST),
          entry("InvalidRequest", Kind.INVALID_REQUEST),
          entry("InvalidZone", Kind.INVALID_REQUEST),
          entry("MissingParameter", Kind.INVALID_REQUEST),
          entry("NoSuchProduct", Kind.INVALID_REQUEST),
          entry("NoSuchVersion", Kind.INVALID_REQUEST),
          entry("RequestSizeLimitExceeded", Kind.INVALID_REQUEST),
          entry("ResponseSizeLimitExceeded", Kind.INVALID_REQUEST),
          entry("UnknownParameter", Kind.INVALID_REQUEST),
          entry("UnsupportedOperation", Kind.INVALID_REQUEST),
          entry("UnsupportedProtocol", Kind.INVALID_REQUEST),
          entry("UnsupportedRegion", Kind.INVALID_REQUEST));

  private BatchErrors() {}

  /** Returns the error in an answer, whatever the answer is. */
  static Optional<ServiceError> in(String action, WireResponse response) {
    Envelope envelope = new Envelope();
    try {
      JsonReader.<Boolean>read(response.body(), json -> envelope.read(json, field -> {}));
    } catch (WireDataException e) {
      // a gateway's page, or cut off: the status and what was read so far tell
    }
    return envelope.error(action, response);
  }

  /** What an answer says besides its data. */
  static final class Envelope {
    private boolean failed;
    private @Nullable String code;
    private @Nullable String message;
    private @Nullable String requestId;

    /**
     * Reads a whole answer.
     *
     * @param data takes the fields of {@code Response} that are not the envelope's own
     */
    boolean read(JsonReader json, Consumer<String> data) {
      return json.object(
          field -> {
            switch (field) {
              case "Response" -> json.object(inner -> readInner(json, inner, data));
              case "code", "codeDesc", "message" -> readLegacy(field, text(json.value()));
              default -> {}
            }
          });
    }

    /** Returns the error, if the answer is one. */
    Optional<ServiceError> error(String action, WireResponse response) {
      if (!failed && response.isSuccessful()) {
        return Optional.empty();
      }
      Kind kind = kind(code, response.status());
      return Optional.of(
          ServiceError.of(kind, response.status())
              .code(code)
              .message(message)
              .requestId(
                  requestId == null ? response.header("X-TC-RequestId").orElse(null) : requestId)
              .hint(hint(kind, code, action))
              .build());
    }

    private void readInner(JsonReader json, String field, Consumer<String> data) {
      switch (field) {
        case "Error" -> readError(json.value());
        case "RequestId" -> requestId = text(json.value());
        default -> data.accept(field);
      }
    }

    private void readError(@Nullable Object error) {
      failed = error != null;
      if (error instanceof Map<?, ?> fields) {
        code = text(fields.get("Code"));
        message = text(fields.get("Message"));
      }
    }

    /**
     * Reads the envelope of the API's older generation, {@code
     * {"code":4100,"message":"…","codeDesc":"AuthFailure"}}, which the vendor's Go SDK still
     * expects (tencentcloud/common/http/response.go). Its code 0 is success.
     */
    private void readLegacy(String field, @Nullable String value) {
      switch (field) {
        case "code" -> {
          if (value != null && !value.equals("0")) {
            failed = true;
            code = code == null ? value : code;
          }
        }
        case "codeDesc" -> code = value == null ? code : value;
        default -> message = value;
      }
    }

    private static @Nullable String text(@Nullable Object value) {
      boolean said = value instanceof Number || value instanceof String;
      String text = said ? String.valueOf(value) : "";
      return JsonReader.isAbsent(text) ? null : text;
    }
  }

  private static Kind kind(@Nullable String code, int status) {
    if (code != null) {
      Kind exact = KINDS.get(code);
      int dot = code.indexOf('.');
      Kind family = exact != null || dot < 0 ? exact : KINDS.get(code.substring(0, dot));
      if (family != null) {
        return family;
      }
    }
    return switch (status) {
      case 401 -> Kind.AUTHENTICATION;
      case 403 -> Kind.ACCESS_DENIED;
      case 404 -> Kind.NOT_FOUND;
      case 429 -> Kind.THROTTLED;
      case 408, 502, 503, 504 -> Kind.UNAVAILABLE;
      default -> {
        if (status >= 500 && status < 600) {
          yield Kind.SERVER_ERROR;
        }
        yield status >= 400 && status < 500 ? Kind.INVALID_REQUEST : Kind.UNKNOWN;
      }
    };
  }

  private static @Nullable String hint(Kind kind, @Nullable String code, String action) {
    if ("UnauthorizedOperation.UserNotAllowedToUseBatch".equals(code)) {
      return "the account has not been admitted to Batch; open Batch in the console once";
    }
    if ("InvalidParameterValue.LimitExceeded".equals(code)) {
      return "a filter has too many values; ask for fewer jobs, states or tags at once";
    }
    return switch (kind) {
      case ACCESS_DENIED -> "the key's CAM policy must allow batch:" + action;
      case AUTHENTICATION -> "check that SecretId and SecretKey belong together and are enabled";
      case EXPIRED_CREDENTIALS ->
          "get new temporary credentials, and give id, key and token of one set";
      case CLOCK_SKEW -> "set this machine's clock; the vendor allows five minutes";
      case THROTTLED -> "set a smaller quota if other programs use the account too";
      default -> null;
    };
  }
}
