package io.joblens.tencent;

import static java.util.Map.entry;

import io.joblens.JobServiceException.Kind;
import io.joblens.RawJson;
import io.joblens.spi.Call;
import io.joblens.spi.JsonReader;
import io.joblens.spi.Masking;
import io.joblens.spi.ServiceError;
import io.joblens.spi.Step;
import io.joblens.spi.WireDataException;
import io.joblens.spi.WireResponse;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Finds and names the errors in Tencent Cloud's answers, which mostly come with HTTP 200: {@code
 * {"Response":{"Error":{"Code","Message"},"RequestId"}}}. Kinds go by the code; the message's
 * language and wording change and are only passed on.
 */
public final class TencentErrors {
  /**
   * Codes, or the part of them before a dot. From the <a
   * href="https://cloud.tencent.com/document/product/1388/114322">common error codes</a> and, for
   * {@code InvalidFilter} and {@code InvalidZone}, <a
   * href="https://www.tencentcloud.com/document/api/599/30557">DescribeJobs</a>. Codes that no
   * reading operation can cause are left to UNKNOWN.
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

  private final String service;
  private final Masking masking;
  private final Map<String, String> hints;

  /**
   * Takes what differs by service.
   *
   * @param service what the permissions of CAM begin with, such as {@code batch}
   * @param masking which fields of answers carry secrets
   * @param hints what to try for codes of the service's own, by the whole code
   */
  public TencentErrors(String service, Masking masking, Map<String, String> hints) {
    this.service = service;
    this.masking = masking;
    this.hints = Map.copyOf(hints);
  }

  /**
   * Reads an answer whose HTTP status is 2xx, once: the envelope here, every other field of {@code
   * Response} through the consumer.
   *
   * @param field called with the name of each field that is not of the envelope, the reader
   *     standing on its value
   * @param value called at the end unless the answer is an error, with the whole of {@code
   *     Response}; throws {@link WireDataException} when a part is missing
   * @return the value, or the error that stands in the answer
   * @throws WireDataException when the answer cannot be read and is no error either
   */
  public <T> Step<T> read(
      Call call,
      WireResponse response,
      BiConsumer<String, JsonReader> field,
      Function<RawJson, T> value) {
    Envelope envelope = new Envelope();
    try {
      JsonReader.<Boolean>read(response.body(), json -> envelope.read(json, field, masking));
    } catch (WireDataException e) {
      // an error can come with data of another shape, which must not hide it
      Optional<ServiceError> error = find(call, response);
      if (error.isEmpty()) {
        throw e;
      }
      return Step.failed(error.get());
    }
    if (envelope.failed) {
      return Step.failed(error(call, response, envelope));
    }
    if (envelope.whole == null) {
      throw new WireDataException("/Response", "is missing");
    }
    return Step.done(value.apply(envelope.whole));
  }

  /** Returns the error in an answer, if it is one. Total: any status, any bytes. */
  public Optional<ServiceError> find(Call call, WireResponse response) {
    Envelope envelope = new Envelope();
    try {
      JsonReader.<Boolean>read(
          response.body(), json -> envelope.read(json, (name, inner) -> {}, masking));
    } catch (WireDataException e) {
      // a gateway's page, or cut off: the status and what was read so far tell
    }
    return response.isSuccessful() && !envelope.failed
        ? Optional.empty()
        : Optional.of(error(call, response, envelope));
  }

  private ServiceError error(Call call, WireResponse response, Envelope envelope) {
    Kind kind = kind(envelope.code, response.status());
    return ServiceError.of(kind, response.status())
        .code(envelope.code)
        .message(envelope.message)
        .requestId(
            envelope.requestId == null
                ? response.header("X-TC-RequestId").orElse(null)
                : envelope.requestId)
        .hint(hint(kind, envelope.code, call))
        .build();
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
    return Kind.ofStatus(status);
  }

  private @Nullable String hint(Kind kind, @Nullable String code, Call call) {
    if (code != null && hints.containsKey(code)) {
      return hints.get(code);
    }
    if ("UnsupportedRegion".equals(code)) {
      return "the service is not in region "
          + call.request().header("X-TC-Region").orElse("")
          + "; check the region";
    }
    return switch (kind) {
      case ACCESS_DENIED -> "the key's CAM policy must allow " + service + ":" + call.action();
      case AUTHENTICATION -> "check that SecretId and SecretKey belong together and are enabled";
      case EXPIRED_CREDENTIALS ->
          "get new temporary credentials, and give id, key and token of one set";
      case CLOCK_SKEW -> "set this machine's clock; the vendor allows five minutes";
      case THROTTLED -> "set a smaller quota if other programs use the account too";
      default -> null;
    };
  }

  /** What an answer says besides its data. */
  private static final class Envelope {
    private boolean failed;
    private @Nullable String code;
    private @Nullable String message;
    private @Nullable String requestId;
    private @Nullable RawJson whole;

    boolean read(JsonReader json, BiConsumer<String, JsonReader> data, Masking masking) {
      return json.object(
          field -> {
            switch (field) {
              case "Response" ->
                  whole = json.rawObject(masking, inner -> readInner(json, inner, data));
              case "code", "codeDesc", "message" -> readLegacy(field, text(json.value()));
              default -> {}
            }
          });
    }

    private void readInner(JsonReader json, String field, BiConsumer<String, JsonReader> data) {
      switch (field) {
        case "Error" -> readError(json.value());
        case "RequestId" -> requestId = text(json.value());
        default -> data.accept(field, json);
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
}
