package io.joblens.testkit;

import io.joblens.TaskCounts;
import io.joblens.spi.JsonReader;
import io.joblens.spi.WireDataException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Tencent Batch in small: DescribeJobs and DescribeJob of version 2017-03-12, over POST with
 * TC3-HMAC-SHA256. As at the vendor, errors come with HTTP 200, a page has 20 jobs unless asked
 * otherwise and 100 at most, and ids and filters exclude each other. Jobs are listed newest first.
 *
 * <p>Where the vendor's behaviour is not documented it is strict: more than 100 ids or rows are
 * errors, unknown parameters too.
 */
public final class TencentBatchCloud extends FakeCloud {
  private static final Duration DATE_WINDOW = Duration.ofMinutes(5);
  private static final Pattern AUTHORIZATION =
      Pattern.compile(
          "TC3-HMAC-SHA256 Credential=([^/,]+)/(\\d{4}-\\d\\d-\\d\\d)/([^/,]+)/tc3_request,"
              + " ?SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})");
  private static final Set<String> PARAMETERS = Set.of("JobIds", "Filters", "Offset", "Limit");
  private static final int MAX = 100;

  /** Listens at a free port. */
  public TencentBatchCloud(World world) {
    this(world, 0);
  }

  /**
   * Listens at the port of this machine's loopback interface.
   *
   * @param port the port; 0 for a free one
   */
  public TencentBatchCloud(World world, int port) {
    super(world, port);
  }

  @Override
  protected Reply handle(Request request) {
    Verdict verdict = verify(request);
    if (!verdict.isAccepted()) {
      return refusal(verdict);
    }
    if (!request.header("X-TC-Version").orElse("").equals("2017-03-12")) {
      return error("NoSuchVersion", "The API version does not exist.");
    }
    Optional<String> region = request.header("X-TC-Region");
    if (region.isEmpty()) {
      return error("MissingParameter", "The request is missing the parameter `Region`.");
    }
    try {
      Object body = JsonReader.readTree(request.body());
      if (!(body instanceof Map<?, ?> parameters)) {
        return error("InvalidParameter", "The body is no JSON object.");
      }
      return switch (request.header("X-TC-Action").orElse("")) {
        case "DescribeJobs" -> describeJobs(region.get(), parameters);
        case "DescribeJob" -> describeJob(region.get(), parameters);
        case "" -> error("MissingParameter", "The request is missing the parameter `Action`.");
        default -> error("InvalidAction", "The request action is invalid or not found.");
      };
    } catch (WireDataException e) {
      return error("InvalidParameter", "The body is no JSON.");
    } catch (Refusal e) {
      return error(e.code, e.message());
    }
  }

  /** Judges the signature of a request. */
  public Verdict verify(Request request) {
    Matcher sent = AUTHORIZATION.matcher(request.header("Authorization").orElse(""));
    if (!sent.matches()) {
      return Verdict.refused(
          request.header("Authorization").isEmpty()
              ? Verdict.Outcome.MISSING
              : Verdict.Outcome.MALFORMED,
          "Authorization");
    }
    String timestamp = request.header("X-TC-Timestamp").orElse("");
    if (!timestamp.matches("\\d{1,12}")) {
      return Verdict.refused(Verdict.Outcome.MISSING, "X-TC-Timestamp");
    }
    Instant date = Instant.ofEpochSecond(Long.parseLong(timestamp));
    if (!Oracle.isWithin(DATE_WINDOW, date, now())) {
      return Verdict.refused(Verdict.Outcome.OUTSIDE_DATE_WINDOW, "X-TC-Timestamp");
    }
    Optional<Key> key = key(sent.group(1));
    if (key.isEmpty()) {
      return Verdict.refused(Verdict.Outcome.UNKNOWN_KEY, "");
    }
    Verdict token = checkToken(key.get(), request.header("X-TC-Token"));
    if (!token.isAccepted()) {
      return token;
    }
    List<String> signedHeaders = List.of(sent.group(4).split(";", -1));
    if (!signedHeaders.containsAll(List.of("content-type", "host"))) {
      return Verdict.refused(Verdict.Outcome.MALFORMED, "SignedHeaders");
    }
    // the vendor's SDKs take the first label of whatever host they are pointed at for the service
    String service = sent.group(3);
    boolean known = service.equals("batch") || service.equals(request.host().split("\\.", 2)[0]);
    String day = date.atOffset(ZoneOffset.UTC).toLocalDate().toString();
    String scope = sent.group(2) + "/" + service + "/tc3_request";
    String canonical = canonical(request, signedHeaders);
    String toSign =
        String.join("\n", "TC3-HMAC-SHA256", timestamp, scope, Oracle.sha256Hex(canonical));
    byte[] secretDate = Oracle.hmacSha256("TC3" + key.get().secret(), day);
    byte[] signing = Oracle.hmacSha256(Oracle.hmacSha256(secretDate, service), "tc3_request");
    String expected = Oracle.hex(Oracle.hmacSha256(signing, toSign));
    return known && Oracle.isSame(expected, sent.group(5))
        ? Verdict.ACCEPTED
        : Verdict.refused(Verdict.Outcome.WRONG_SIGNATURE, canonical);
  }

  private static String canonical(Request request, List<String> signedHeaders) {
    List<String> lines = new ArrayList<>();
    lines.add(request.method());
    lines.add(request.path());
    lines.add(request.rawQuery());
    for (String name : signedHeaders) {
      String value = request.header(name).orElse("").strip().toLowerCase(Locale.ROOT);
      lines.add(name + ":" + value);
    }
    lines.add("");
    lines.add(String.join(";", signedHeaders));
    lines.add(Oracle.sha256Hex(request.body()));
    return String.join("\n", lines);
  }

  private Reply refusal(Verdict verdict) {
    return switch (verdict.outcome()) {
      case OUTSIDE_DATE_WINDOW ->
          error(
              "AuthFailure.SignatureExpire",
              "Timestamp and server time cannot differ by more than five minutes.");
      case UNKNOWN_KEY -> error("AuthFailure.SecretIdNotFound", "The SecretId is not found.");
      case WRONG_TOKEN, EXPIRED_TOKEN ->
          error("AuthFailure.TokenFailure", "The provided token is invalid or has expired.");
      case MISSING, MALFORMED ->
          error(
              "AuthFailure.InvalidAuthorization",
              "The part " + verdict.detail() + " of the request is missing or malformed.");
      default ->
          error(
              "AuthFailure.SignatureFailure",
              "The provided credentials could not be validated. Please check your signature is"
                  + " correct.");
    };
  }

  private Reply describeJobs(String region, Map<?, ?> parameters) {
    for (Object name : parameters.keySet()) {
      if (!PARAMETERS.contains(String.valueOf(name))) {
        throw new Refusal("UnknownParameter", "The parameter `" + name + "` is not recognized.");
      }
    }
    if (parameters.get("JobIds") != null && parameters.get("Filters") != null) {
      throw new Refusal(
          "InvalidParameter.InvalidParameterCombination",
          "JobIds and Filters cannot be specified at the same time.");
    }
    long offset = number(parameters, "Offset", 0, Long.MAX_VALUE);
    long limit = number(parameters, "Limit", 20, MAX);
    List<World.Row> rows = new ArrayList<>(world().runs(region));
    rows.sort(Comparator.comparing(World.Row::createdAt).reversed());
    List<String> ids = texts(parameters.get("JobIds"));
    if (ids.size() > MAX) {
      throw new Refusal("InvalidParameterValue.LimitExceeded", "There are too many JobIds.");
    }
    ids.forEach(TencentBatchCloud::requireJobId);
    rows.removeIf(row -> !ids.isEmpty() && !ids.contains(row.id()));
    if (parameters.get("Filters") instanceof List<?> filters) {
      for (Object filter : filters) {
        if (!(filter instanceof Map<?, ?> parts)) {
          throw new Refusal("InvalidFilter", "The filter is not supported.");
        }
        String name = String.valueOf(parts.get("Name"));
        List<String> values = texts(parts.get("Values"));
        rows.removeIf(row -> !passes(row, name, values));
      }
    }
    Map<String, Object> response = new LinkedHashMap<>();
    response.put("TotalCount", rows.size());
    response.put(
        "JobSet", page(rows, offset, limit).stream().map(TencentBatchCloud::view).toList());
    return reply(response);
  }

  private Reply describeJob(String region, Map<?, ?> parameters) {
    String id = String.valueOf(parameters.get("JobId"));
    requireJobId(id);
    World.Row row =
        world().runs(region).stream()
            .filter(candidate -> candidate.id().equals(id))
            .findFirst()
            .orElseThrow(
                () -> new Refusal("ResourceNotFound.Job", "The job `" + id + "` does not exist."));
    Map<String, @Nullable Object> response = view(row);
    response.remove("Placement");
    response.put("Zone", zone(row));
    response.put("TaskSet", List.of());
    response.put("DependenceSet", List.of());
    response.put("StateReason", row.run().message());
    return reply(response);
  }

  private static boolean passes(World.Row row, String name, List<String> values) {
    Map<String, String> tags = row.run().tags();
    return switch (name) {
      case "job-id" -> values.contains(row.id());
      case "job-name" -> values.contains(row.run().name());
      case "job-state" -> values.contains(row.word());
      case "zone" -> values.contains(zone(row));
      case "tag-key" -> tags.keySet().stream().anyMatch(values::contains);
      case "tag-value" -> tags.values().stream().anyMatch(values::contains);
      default -> {
        if (!name.startsWith("tag:")) {
          throw new Refusal(
              "InvalidParameterValue.InvalidFilter", "The filter `" + name + "` is incorrect.");
        }
        String value = tags.get(name.substring(4));
        yield value != null && values.contains(value);
      }
    };
  }

  private static Map<String, @Nullable Object> view(World.Row row) {
    FakeRun run = row.run();
    Map<String, @Nullable Object> view = new LinkedHashMap<>();
    view.put("JobId", run.id());
    view.put("JobName", run.name());
    view.put("JobState", row.word());
    view.put("Priority", 1);
    view.put("Placement", Map.of("Zone", zone(row)));
    view.put("CreateTime", time(row.createdAt()));
    view.put("EndTime", row.finishedAt().map(TencentBatchCloud::time).orElse(null));
    view.put("TaskMetrics", metrics(run.tasks()));
    view.put(
        "Tags",
        run.tags().entrySet().stream()
            .map(tag -> Map.of("Key", tag.getKey(), "Value", tag.getValue()))
            .toList());
    view.putAll(run.fields());
    return view;
  }

  private static @Nullable Map<String, Long> metrics(TaskCounts tasks) {
    if (tasks.isEmpty()) {
      return null;
    }
    Map<String, Long> metrics = new LinkedHashMap<>();
    metrics.put("SubmittedCount", 0L);
    metrics.put("PendingCount", count(tasks.pending()));
    metrics.put("RunnableCount", 0L);
    metrics.put("StartingCount", 0L);
    metrics.put("RunningCount", count(tasks.running()));
    metrics.put("SucceedCount", count(tasks.succeeded()));
    metrics.put("FailedCount", count(tasks.failed()));
    metrics.put("FailedInterruptedCount", 0L);
    return metrics;
  }

  private static long count(OptionalLong count) {
    return count.orElse(0);
  }

  private static String zone(World.Row row) {
    return (row.run().region().isEmpty() ? "ap-guangzhou" : row.run().region()) + "-4";
  }

  private static String time(Instant time) {
    return DateTimeFormatter.ISO_INSTANT.format(time.truncatedTo(ChronoUnit.SECONDS));
  }

  private static void requireJobId(String id) {
    if (!id.startsWith("job-") || id.getBytes(StandardCharsets.UTF_8).length != id.length()) {
      throw new Refusal("InvalidParameter.JobIdMalformed", "The format of the JobId is invalid.");
    }
  }

  private static long number(Map<?, ?> parameters, String name, long usual, long most) {
    Object value = parameters.get(name);
    if (value == null) {
      return usual;
    }
    if (!(value instanceof Integer || value instanceof Long)
        || ((Number) value).longValue() < 0
        || ((Number) value).longValue() > most) {
      throw new Refusal("InvalidParameterValue", "The value of `" + name + "` is incorrect.");
    }
    return ((Number) value).longValue();
  }

  private static List<String> texts(@Nullable Object values) {
    if (values == null) {
      return List.of();
    }
    if (!(values instanceof List<?> list) || !list.stream().allMatch(String.class::isInstance)) {
      throw new Refusal("InvalidParameterValue", "A list of texts was expected.");
    }
    return list.stream().map(String.class::cast).toList();
  }

  private Reply error(String code, String message) {
    return reply(Map.of("Error", Map.of("Code", code, "Message", message)));
  }

  private Reply reply(Map<String, ?> content) {
    Map<String, @Nullable Object> response = new LinkedHashMap<>(content);
    String requestId = nextRequestId();
    response.put("RequestId", requestId);
    return Reply.json(Map.of("Response", response)).header("X-TC-RequestId", requestId);
  }

  private static final class Refusal extends RuntimeException {
    private final String code;

    Refusal(String code, String message) {
      super(message);
      this.code = code;
    }

    String message() {
      return String.valueOf(getMessage());
    }
  }
}
