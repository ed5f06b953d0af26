package io.joblens.huawei;

import static java.util.regex.Pattern.CASE_INSENSITIVE;

import io.joblens.JobServiceException.Kind;
import io.joblens.spi.Call;
import io.joblens.spi.JsonReader;
import io.joblens.spi.ServiceError;
import io.joblens.spi.Step;
import io.joblens.spi.WireDataException;
import io.joblens.spi.WireResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Turns answers into errors. Four systems answer here, each in its own shape: the service, the API
 * gateway before it, IAM, and whatever proxy is on the way. Sources: support.huaweicloud.com/
 * devg-apisign, api-sign-errorcode (gateway codes), and the shapes that ExceptionUtils of
 * github.com/huaweicloud/huaweicloud-sdk-java-v3 reads.
 */
public final class HuaweiErrors {
  // Shared, dedicated and ROMA gateways differ in the prefix, not in the numbers.
  private static final Pattern GATEWAY_PREFIX = Pattern.compile("^(APIGW|APIG|APIC)\\.");

  // "policy user over ratelimit,limit:200,time:5 minute", github.com/huaweicloud/
  // terraform-provider-huaweicloud issue 1335. Huawei sends no Retry-After.
  private static final Pattern WINDOW = Pattern.compile("limit:\\d+,\\s*time:(\\d{1,6})\\s*([sm])");

  private static final Pattern ECHOED_TOKEN =
      Pattern.compile(
          "((?:x-security-token|x-auth-token)\\s*[:=]\\s*)[^|,;\\s\"]+", CASE_INSENSITIVE);

  private final Map<String, Kind> codes;
  private final Map<String, String> permissions;

  /**
   * @param codes what the service's own error codes mean, where the HTTP status does not say it
   * @param permissions by operation of the service, what an identity needs to be allowed it
   */
  public HuaweiErrors(Map<String, Kind> codes, Map<String, String> permissions) {
    this.codes = Map.copyOf(codes);
    Map<String, String> all = new HashMap<>(HuaweiIam.PERMISSIONS);
    all.putAll(permissions);
    this.permissions = Map.copyOf(all);
  }

  /** Returns the error in an answer, whatever the answer is. */
  public Optional<ServiceError> in(Call call, WireResponse response) {
    Envelope envelope = new Envelope();
    try {
      if (response.isSuccessful()) {
        JsonReader.<Boolean>read(
            response.body(), json -> json.object(field -> envelope.take(json, field)));
      } else if (JsonReader.readTree(response.body()) instanceof Map<?, ?> tree) {
        envelope.find(tree);
      }
    } catch (WireDataException e) {
      // a proxy's page, or cut off: the status tells
    }
    return envelope.error(call, response);
  }

  /** Reads an answer; an error in it counts also beside data that cannot be read. */
  public <T> Step<T> read(Call call, WireResponse response, Supplier<Step<T>> reader) {
    try {
      return reader.get();
    } catch (WireDataException e) {
      Optional<ServiceError> error = in(call, response);
      if (error.isEmpty()) {
        throw e;
      }
      return Step.failed(error.get());
    }
  }

  /** Returns what reads an answer's error beside its data. */
  public Envelope envelope() {
    return new Envelope();
  }

  /** What an answer says besides its data; every part null where it says nothing. */
  public final class Envelope {
    private @Nullable String code;
    private @Nullable String message;
    private @Nullable String requestId;

    private Envelope() {}

    /** Reads the field, if it is not data: in an answer with data only outermost fields count. */
    public void take(JsonReader json, String field) {
      switch (field) {
        case "error_code" -> code = text(json.value());
        case "error_msg" -> message = text(json.value());
        case "request_id" -> requestId = text(json.value());
        case "error" -> {
          if (json.value() instanceof Map<?, ?> error) {
            find(error);
          }
        }
        default -> {}
      }
    }

    /** Looks for code and message: outermost first, then in every object within. */
    private boolean find(Map<?, ?> tree) {
      requestId = requestId == null ? text(tree.get("request_id")) : requestId;
      code = first(tree, "error_code", "code");
      message = withDetails(first(tree, "error_msg", "message"), tree.get("details"));
      return code != null
          || message != null
          || tree.values().stream().anyMatch(value -> value instanceof Map<?, ?> in && find(in));
    }

    /** Returns the error, if the answer is one: in a 2xx answer only a code makes it one. */
    private Optional<ServiceError> error(Call call, WireResponse response) {
      if (response.isSuccessful() && code == null) {
        return Optional.empty();
      }
      // The gateway repeats what it took for the canonical request, with the token in it.
      String text = message == null ? "" : ECHOED_TOKEN.matcher(message).replaceAll("$1***");
      Kind kind = kind(response.status(), code == null ? "" : code, text);
      return Optional.of(
          ServiceError.of(kind, response.status())
              .code(code)
              .message(text.isEmpty() ? null : text)
              .requestId(
                  response
                      .header("X-Request-Id")
                      .or(() -> Optional.ofNullable(requestId))
                      .or(() -> response.header("X-IAM-Trace-Id"))
                      .orElse(null))
              .retryAfter(kind == Kind.THROTTLED ? window(text) : null)
              .hint(hint(call, kind, code, text))
              .build());
    }

    /** Returns the data as a step, or the error. */
    public <T> Step<T> unlessError(Call call, WireResponse response, Supplier<T> data) {
      return error(call, response)
          .<Step<T>>map(Step::failed)
          .orElseGet(() -> Step.done(data.get()));
    }

    private @Nullable String withDetails(@Nullable String message, @Nullable Object details) {
      StringJoiner text = new StringJoiner("; ");
      Optional.ofNullable(message).ifPresent(text::add);
      for (Object item : details instanceof List<?> list ? list : List.of()) {
        Envelope detail = new Envelope();
        if (item instanceof Map<?, ?> map && detail.find(map)) {
          text.add(detail.code + " " + detail.message);
        }
      }
      return text.length() == 0 ? null : text.toString();
    }

    private static @Nullable String first(Map<?, ?> tree, String name, String otherwise) {
      String text = text(tree.get(name));
      return text == null ? text(tree.get(otherwise)) : text;
    }

    private static @Nullable String text(@Nullable Object value) {
      boolean said = value instanceof String || value instanceof Number;
      String text = said ? String.valueOf(value) : "";
      return JsonReader.isAbsent(text) ? null : text;
    }
  }

  private Kind kind(int status, String code, String message) {
    String text = message.toLowerCase(Locale.ROOT);
    return switch (GATEWAY_PREFIX.matcher(code).replaceFirst("APIGW.")) {
      case "APIGW.0101" -> Kind.INVALID_REQUEST;
      case "APIGW.0202", "APIGW.0203", "APIGW.0610", "APIGW.0613", "APIGW.0801" -> Kind.UNAVAILABLE;
      case "APIGW.0302", "APIGW.0306", "APIGW.0310" -> Kind.ACCESS_DENIED;
      case "APIGW.0401", "APIGW.0402", "APIGW.0802" -> Kind.ACCESS_DENIED;
      case "APIGW.0307" -> Kind.EXPIRED_CREDENTIALS;
      case "APIGW.0308" -> Kind.THROTTLED;
      case "APIGW.0301", "APIGW.0303", "APIGW.0305" -> authenticationKind(text);
      default -> {
        Kind known = codes.get(code);
        boolean isGone = (status == 400 || status < 300) && text.contains("not exist");
        if (known == null && isGone) {
          yield Kind.NOT_FOUND;
        }
        Kind ofStatus = status == 401 ? authenticationKind(text) : Kind.ofStatus(status);
        yield known == null ? ofStatus : known;
      }
    };
  }

  private static Kind authenticationKind(String text) {
    if (text.contains("signature expired")) {
      return Kind.CLOCK_SKEW;
    }
    return text.contains("token expires") || text.contains("token must be updated")
        ? Kind.EXPIRED_CREDENTIALS
        : Kind.AUTHENTICATION;
  }

  /** Returns the whole window: the gateway does not say how much of it is over. */
  private static @Nullable Duration window(String message) {
    Matcher matcher = WINDOW.matcher(message);
    return matcher.find() ? Duration.parse("PT" + matcher.group(1) + matcher.group(2)) : null;
  }

  private @Nullable String hint(Call call, Kind kind, @Nullable String code, String message) {
    if (code == null && message.isEmpty()) {
      return "the answer is not in Huawei's form: a proxy on the way may have sent it";
    }
    return switch (kind) {
      case AUTHENTICATION ->
          "check the credentials before trying again: after more than 5 failures in a row"
              + " Huawei locks an access key for 5 minutes";
      case ACCESS_DENIED ->
          "the identity needs the permission "
              + permissions.getOrDefault(call.action(), "for " + call.action());
      case EXPIRED_CREDENTIALS -> "the token has ended; get a new one";
      case CLOCK_SKEW -> "set this machine's clock; the gateway allows 15 minutes";
      default ->
          code != null && code.endsWith(".0101")
              ? "the gateway has no such API here: wrong region or host, not 'task not found'"
              : null;
    };
  }
}
