package io.joblens.alibaba;

import io.joblens.JobServiceException.Kind;
import io.joblens.spi.Call;
import io.joblens.spi.JsonReader;
import io.joblens.spi.ServiceError;
import io.joblens.spi.Step;
import io.joblens.spi.Text;
import io.joblens.spi.WireDataException;
import io.joblens.spi.WireResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds and names the errors in Alibaba Cloud's answers. They come in two shapes:
 *
 * <ul>
 *   <li>The gateway's: HTTP 4xx or 5xx with {@code {"RequestId","HostId","Code","Message",
 *       "Recommend"}}, in lower case from some products and as XML from some gateways.
 *   <li>The product's own: HTTP 200 with {@code "Success":false}, and a {@code Code} that need not
 *       be an HTTP status.
 * </ul>
 *
 * The vendor's code decides before the HTTP status, because the statuses vary by product and table:
 * throttling is 400, and "not found" is 400 or 404.
 *
 * @see <a href="https://www.alibabacloud.com/help/en/doc-detail/434846.html">common error codes</a>
 */
public final class AlibabaErrors {
  private record Rule(Pattern code, Kind kind) {
    Rule(String code, Kind kind) {
      this(Pattern.compile(code, Pattern.CASE_INSENSITIVE), kind);
    }
  }

  /** By the vendor's code; the first that fits counts. */
  private static final List<Rule> RULES =
      List.of(
          // Throttling, Throttling.User, Throttling.Api, Rejected.Throttling
          new Rule("Throttling", Kind.THROTTLED),
          new Rule(
              "^(InvalidSecurityToken\\.Expired|SecurityTokenExpired)", Kind.EXPIRED_CREDENTIALS),
          new Rule("^InvalidTimeStamp\\.Expired", Kind.CLOCK_SKEW),
          new Rule(
              "^(InvalidAccessKey|InvalidSecurityToken|MissingSecurityToken|SignatureDoesNotMatch"
                  + "|SignatureNonceUsed|IncompleteSignature|InvalidSignature)",
              Kind.AUTHENTICATION),
          new Rule("^(Forbidden|NoPermission|AccessDenied)", Kind.ACCESS_DENIED),
          // "not found" is the operation or the product at this host, not what was asked for
          new Rule("^Invalid(Api|Product|Version|Action|Protocol)(\\.|$)", Kind.INVALID_REQUEST),
          new Rule("(NotFound|NotExist)$", Kind.NOT_FOUND),
          new Rule("^ServiceUnavailable", Kind.UNAVAILABLE),
          new Rule("^Internal(Server)?Error", Kind.SERVER_ERROR),
          new Rule("^(Invalid|Missing|Unsupported)", Kind.INVALID_REQUEST));

  private static final int LONGEST_XML = 1 << 16;
  private static final Pattern MILLIS = Pattern.compile("0*[1-9]\\d{0,14}");
  private static final Pattern REMAIN = Pattern.compile("(?i)\\bRemain:(-?\\d{1,15})\\b");
  private static final Pattern TIME_LEFT = Pattern.compile("(?i)\\bTimeLeft:(\\d{1,15})\\b");
  private static final Pattern TOKEN =
      Pattern.compile("(?i)(security-?token[\"']?\\s*[:=]\\s*[\"']?)[^\\s\"'&,;]+");

  private final BiFunction<String, String, Optional<Kind>> own;
  private final UnaryOperator<String> permission;

  /**
   * Takes what differs by product.
   *
   * @param own the kind of a code and message (both may be empty) that the product itself defines
   * @param permission the RAM action that an operation needs, by the operation's name
   */
  public AlibabaErrors(
      BiFunction<String, String, Optional<Kind>> own, UnaryOperator<String> permission) {
    this.own = own;
    this.permission = permission;
  }

  /**
   * Reads an answer whose HTTP status is 2xx, once: the envelope here, every other field through
   * the consumer.
   *
   * @param field called with the name of each top-level field that is not of the envelope, the
   *     reader standing on its value
   * @param value called at the end unless the answer is an error; throws {@link WireDataException}
   *     when a part is missing
   * @return the value, or the error that stands in the answer
   * @throws WireDataException when the answer cannot be read and is no error either
   */
  public <T> Step<T> read(
      Call call, WireResponse response, BiConsumer<String, JsonReader> field, Supplier<T> value) {
    Envelope envelope = new Envelope();
    try {
      JsonReader.read(
          response.body(),
          json ->
              json.object(
                  name -> {
                    if (!envelope.take(name, json)) {
                      field.accept(name, json);
                    }
                  }));
    } catch (WireDataException e) {
      // an error can come with a Data of another shape, which must not hide it
      Optional<ServiceError> error = find(call, response);
      if (error.isEmpty()) {
        throw e;
      }
      return Step.failed(error.get());
    }
    if (envelope.isError()) {
      return Step.failed(error(call, response, envelope));
    }
    return Step.done(value.get());
  }

  /** Returns the error in an answer, if it is one. Total: any status, any bytes. */
  public Optional<ServiceError> find(Call call, WireResponse response) {
    Envelope envelope = envelope(response.body());
    return response.isSuccessful() && !envelope.isError()
        ? Optional.empty()
        : Optional.of(error(call, response, envelope));
  }

  private static Envelope envelope(byte[] body) {
    Envelope envelope = new Envelope();
    try {
      JsonReader.read(body, json -> json.object(name -> envelope.take(name, json)));
      return envelope;
    } catch (WireDataException e) {
      // some gateways answer with XML; what is neither says nothing but its status
      Envelope other = new Envelope();
      String text = new String(body, 0, Math.min(body.length, LONGEST_XML), StandardCharsets.UTF_8);
      other.code = element("Code", text);
      other.message = element("Message", text);
      other.requestId = element("RequestId", text);
      return other;
    }
  }

  private static @Nullable String element(String name, String xml) {
    int from = xml.indexOf("<" + name + ">");
    int to = from < 0 ? -1 : xml.indexOf("</" + name + ">", from);
    if (to < 0) {
      return null;
    }
    String text = xml.substring(from + name.length() + 2, to).strip();
    return text.isEmpty()
        ? null
        : text.replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&quot;", "\"")
            .replace("&amp;", "&");
  }

  private ServiceError error(Call call, WireResponse response, Envelope envelope) {
    String code = envelope.errorCode == null ? envelope.code : envelope.errorCode;
    String message = envelope.message == null ? "" : envelope.message;
    Optional<Duration> wait = retryAfter(response);
    Kind kind =
        own.apply(code == null ? "" : code, message)
            .or(() -> byCode(code))
            // "any error answer that carries it is throttling": the vendor's own libraries
            .or(() -> wait.map(time -> Kind.THROTTLED))
            .orElseGet(() -> Kind.ofStatus(envelope.status(response.status())));
    return ServiceError.of(kind, response.status())
        .code(code)
        // a gateway that repeats what it was to sign also repeats the token in it
        .message(message.isEmpty() ? null : TOKEN.matcher(message).replaceAll("$1***"))
        .requestId(
            envelope.requestId == null
                ? response.header("x-acs-request-id").orElse(null)
                : envelope.requestId)
        .retryAfter(wait.orElse(null))
        .hint(hint(kind, call, envelope))
        .build();
  }

  private static Optional<Kind> byCode(@Nullable String code) {
    return code == null
        ? Optional.empty()
        : RULES.stream().filter(r -> r.code().matcher(code).find()).map(Rule::kind).findFirst();
  }

  /**
   * {@code x-acs-retry-after} is in milliseconds and counts only when it is a positive whole
   * number; the older {@code X-RateLimit-User*} headers say {@code Limit:…,Remain:…,TimeLeft:…} and
   * count when nothing remains.
   */
  private static Optional<Duration> retryAfter(WireResponse response) {
    return response
        .header("x-acs-retry-after")
        .map(String::strip)
        .filter(text -> MILLIS.matcher(text).matches())
        .map(text -> Duration.ofMillis(Long.parseLong(text)))
        .or(() -> timeLeft(response, "x-ratelimit-user-api"))
        .or(() -> timeLeft(response, "x-ratelimit-user"));
  }

  private static Optional<Duration> timeLeft(WireResponse response, String header) {
    String text = response.header(header).orElse("");
    Matcher remain = REMAIN.matcher(text);
    Matcher left = TIME_LEFT.matcher(text);
    return remain.find() && left.find() && Long.parseLong(remain.group(1)) < 1
        ? Optional.of(Duration.ofMillis(Long.parseLong(left.group(1))))
        : Optional.empty();
  }

  private @Nullable String hint(Kind kind, Call call, Envelope envelope) {
    return switch (kind) {
      case ACCESS_DENIED ->
          "let the RAM identity of the access key do "
              + (envelope.deniedAction == null
                  ? permission.apply(call.action())
                  : Text.printable(envelope.deniedAction));
      case AUTHENTICATION -> "check access key id, secret and, for a temporary key, its token";
      case CLOCK_SKEW -> "the vendor accepts 15 minutes; set this machine's clock";
      default -> null;
    };
  }

  /**
   * The fields around an answer, or the whole of a gateway's error. Takes whatever stands there.
   */
  private static final class Envelope {
    @Nullable Boolean success;
    @Nullable String code;
    @Nullable String errorCode;
    @Nullable String message;
    @Nullable String requestId;
    @Nullable String deniedAction;

    boolean take(String name, JsonReader json) {
      switch (name.toLowerCase(Locale.ROOT)) {
        case "success" -> success = bool(json.value());
        case "code" -> code = text(json.value());
        case "errorcode" -> errorCode = text(json.value());
        case "message" -> message = text(json.value());
        case "requestid" -> requestId = text(json.value());
        case "accessdenieddetail" -> {
          if (json.value() instanceof Map<?, ?> detail) {
            deniedAction = text(detail.get("AuthAction"));
          }
        }
        default -> {
          return false;
        }
      }
      return true;
    }

    /**
     * The product's own word counts; its Message and ErrorCode prove nothing, since successes come
     * with {@code "ErrorCode":"Null\n"} and with the texts of errors.
     */
    boolean isError() {
      if (success != null) {
        return !success;
      }
      return code != null && !OK.contains(code.toLowerCase(Locale.ROOT));
    }

    /** The HTTP status, or what Code says it should have been: it is documented to hold one. */
    int status(int http) {
      boolean isOther = http < 300 && code != null && HTTP_ERROR.matcher(code).matches();
      return isOther ? Integer.parseInt(code) : http;
    }

    private static final Set<String> OK = Set.of("200", "0", "ok", "success");
    private static final Pattern HTTP_ERROR = Pattern.compile("[3-5]\\d\\d");

    private static @Nullable Boolean bool(@Nullable Object value) {
      String text = text(value);
      return text == null ? null : text.equalsIgnoreCase("true");
    }

    private static @Nullable String text(@Nullable Object value) {
      if (value == null || value instanceof Map || value instanceof List) {
        return null;
      }
      String text = value.toString().strip();
      return JsonReader.isAbsent(text) ? null : text;
    }
  }
}
