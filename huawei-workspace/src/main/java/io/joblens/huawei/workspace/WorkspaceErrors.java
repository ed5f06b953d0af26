package io.joblens.huawei.workspace;

import static java.util.regex.Pattern.CASE_INSENSITIVE;

import io.joblens.JobServiceException.Kind;
import io.joblens.spi.Call;
import io.joblens.spi.JsonReader;
import io.joblens.spi.ServiceError;
import io.joblens.spi.WireDataException;
import io.joblens.spi.WireRequest;
import io.joblens.spi.WireResponse;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Turns answers into errors. Four systems answer here, each in its own shape: the service, the API
 * gateway before it, IAM, and whatever proxy is on the way. Sources: the error responses of
 * support.huaweicloud.com/intl/en-us/api-workspace (WKS codes),
 * support.huaweicloud.com/devg-apisign, api-sign-errorcode (gateway codes), and the shapes that
 * ExceptionUtils of github.com/huaweicloud/huaweicloud-sdk-java-v3 reads.
 */
final class WorkspaceErrors {
  // Shared, dedicated and ROMA gateways differ in the prefix, not in the numbers.
  private static final Pattern GATEWAY_CODE = Pattern.compile("(?:APIGW|APIG|APIC)\\.(\\d{4})");

  // "policy user over ratelimit,limit:200,time:5 minute", github.com/huaweicloud/
  // terraform-provider-huaweicloud issue 1335. Huawei sends no Retry-After.
  private static final Pattern WINDOW =
      Pattern.compile("limit:\\d+,\\s*time:(\\d{1,6})\\s*(second|minute)");

  private static final Pattern ECHOED_TOKEN =
      Pattern.compile(
          "((?:x-security-token|x-auth-token)\\s*[:=]\\s*)[^|,;\\s\"]+", CASE_INSENSITIVE);

  // Codes of this service that come with HTTP 200 or 400 too; the last two are what the vendor's
  // Terraform provider takes for "not found" in a 400 (services/workspace,
  // ConvertExpected400ErrInto404Err).
  private static final Map<String, Kind> SERVICE_CODES =
      Map.ofEntries(
          Map.entry("WKS.00169901", Kind.INVALID_REQUEST),
          Map.entry("WKS.00211102", Kind.INVALID_REQUEST),
          Map.entry("WKS.00211103", Kind.INVALID_REQUEST),
          Map.entry("WKS.00000405", Kind.INVALID_REQUEST),
          Map.entry("WKS.00211302", Kind.AUTHENTICATION),
          Map.entry("WKS.00081102", Kind.ACCESS_DENIED),
          Map.entry("WKS.00211902", Kind.NOT_FOUND),
          Map.entry("WKS.00211401", Kind.SERVER_ERROR),
          Map.entry("WKS.00050902", Kind.UNAVAILABLE),
          Map.entry("WKS.0001", Kind.NOT_FOUND),
          Map.entry("WKS.00170312", Kind.NOT_FOUND));

  private static final Map<String, String> PERMISSIONS =
      Map.of(
          WorkspaceRequests.LIST_TASK_EXECUTE_HISTORY,
          "workspace:scheduledTasks:listRecords",
          "ListScheduleTasks",
          "workspace:scheduledTasks:list");

  private WorkspaceErrors() {}

  /** Returns the error in an answer, whatever the answer is. */
  static Optional<ServiceError> in(Call call, WireResponse response) {
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

  /** What an answer says besides its data; every part null where it says nothing. */
  static final class Envelope {
    private @Nullable String code;
    private @Nullable String message;
    private @Nullable String requestId;

    /** Reads the field, if it is not data: in an answer with data only outermost fields count. */
    void take(JsonReader json, String field) {
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
      return find(tree, "error_code", "error_msg")
          || find(tree, "code", "message")
          || tree.values().stream().anyMatch(value -> value instanceof Map<?, ?> in && find(in));
    }

    private boolean find(Map<?, ?> tree, String codeField, String messageField) {
      String foundCode = text(tree.get(codeField));
      String foundMessage = text(tree.get(messageField));
      if (foundCode == null && foundMessage == null) {
        return false;
      }
      code = foundCode;
      message = withDetails(foundMessage, tree.get("details"));
      return true;
    }

    /** Returns the error, if the answer is one: in a 2xx answer only a code makes it one. */
    Optional<ServiceError> error(Call call, WireResponse response) {
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

    private static @Nullable String withDetails(
        @Nullable String message, @Nullable Object details) {
      StringBuilder text = new StringBuilder(message == null ? "" : message);
      if (details instanceof List<?> list) {
        for (Object item : list) {
          Envelope detail = new Envelope();
          if (item instanceof Map<?, ?> map && detail.find(map)) {
            text.append(text.isEmpty() ? "" : "; ")
                .append(detail.code == null ? "" : detail.code + " ")
                .append(detail.message == null ? "" : detail.message);
          }
        }
      }
      return text.isEmpty() ? null : text.toString();
    }

    private static @Nullable String text(@Nullable Object value) {
      boolean said = value instanceof String || value instanceof Number;
      String text = said ? String.valueOf(value) : "";
      return JsonReader.isAbsent(text) ? null : text;
    }
  }

  private static Kind kind(int status, String code, String message) {
    String text = message.toLowerCase(Locale.ROOT);
    Matcher gateway = GATEWAY_CODE.matcher(code);
    if (gateway.matches()) {
      return gatewayKind(Integer.parseInt(gateway.group(1)), status, text);
    }
    Kind known = SERVICE_CODES.get(code);
    if (known != null) {
      return known;
    }
    // "The scheduled task does not exist" comes with 400.
    if ((status == 400 || status < 300) && text.contains("not exist")) {
      return Kind.NOT_FOUND;
    }
    return status == 401 && tokenEnded(text) ? Kind.EXPIRED_CREDENTIALS : statusKind(status);
  }

  private static Kind gatewayKind(int number, int status, String text) {
    return switch (number) {
      case 101 -> Kind.INVALID_REQUEST;
      case 202, 203, 610, 613, 801 -> Kind.UNAVAILABLE;
      case 301 -> {
        if (text.contains("signature expired")) {
          yield Kind.CLOCK_SKEW;
        }
        yield tokenEnded(text) ? Kind.EXPIRED_CREDENTIALS : Kind.AUTHENTICATION;
      }
      case 302, 306, 310, 401, 402, 802 -> Kind.ACCESS_DENIED;
      case 303, 305 -> Kind.AUTHENTICATION;
      case 307 -> Kind.EXPIRED_CREDENTIALS;
      case 308 -> Kind.THROTTLED;
      default -> statusKind(status);
    };
  }

  private static Kind statusKind(int status) {
    return switch (status) {
      case 400, 405, 406, 409, 411, 413, 414, 415, 422, 494 -> Kind.INVALID_REQUEST;
      case 401 -> Kind.AUTHENTICATION;
      case 403 -> Kind.ACCESS_DENIED;
      case 404 -> Kind.NOT_FOUND;
      case 408, 502, 503, 504 -> Kind.UNAVAILABLE;
      case 429 -> Kind.THROTTLED;
      default -> status >= 500 && status < 600 ? Kind.SERVER_ERROR : Kind.UNKNOWN;
    };
  }

  private static boolean tokenEnded(String text) {
    return text.contains("token expires") || text.contains("token must be updated");
  }

  /** Returns the whole window: the gateway does not say how much of it is over. */
  private static @Nullable Duration window(String message) {
    Matcher matcher = WINDOW.matcher(message);
    if (!matcher.find()) {
      return null;
    }
    long amount = Long.parseLong(matcher.group(1));
    return matcher.group(2).equals("minute")
        ? Duration.ofMinutes(amount)
        : Duration.ofSeconds(amount);
  }

  private static @Nullable String hint(
      Call call, Kind kind, @Nullable String code, String message) {
    if (code == null && message.isEmpty()) {
      return "the answer is not in Huawei's form: a proxy on the way may have sent it";
    }
    return switch (kind) {
      case AUTHENTICATION -> {
        String lock =
            "check the credentials before trying again: after more than 5 failures in a row Huawei"
                + " locks an access key for 5 minutes";
        yield message.contains("canonicalRequest") ? signed(call.request()) + "; " + lock : lock;
      }
      case ACCESS_DENIED ->
          Optional.ofNullable(PERMISSIONS.get(call.action()))
              .map(permission -> "the identity needs the permission " + permission)
              .orElse("the identity lacks the permission for " + call.action());
      case EXPIRED_CREDENTIALS -> "the token has ended; get a new one";
      case INVALID_REQUEST ->
          code != null && code.endsWith(".0101")
              ? "the gateway has no such API here: wrong region or host, not 'task not found'"
              : null;
      default -> null;
    };
  }

  private static String signed(WireRequest request) {
    return "signed here was "
        + request.method()
        + "|"
        + SdkHmacSigner.canonicalUri(request)
        + "|"
        + request.canonicalQuery()
        + "|host:"
        + request.host();
  }
}
