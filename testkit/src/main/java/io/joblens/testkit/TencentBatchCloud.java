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
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Tencent Batch in small: DescribeJobs, DescribeJob, DescribeTask and DescribeTaskLogs of version
 * 2017-03-12, over POST with TC3-HMAC-SHA256. As at the vendor, errors come with HTTP 200, a page
 * has 20 jobs unless asked otherwise and 100 at most, and ids and filters exclude each other. Jobs
 * are listed newest first.
 *
 * <p>Where the vendor's behaviour is not documented it is strict: more than 100 ids or rows are
 * errors, unknown parameters too. The instances of a task come in no order, as in the vendor's
 * example; of standard output only the last 2,048 bytes are kept, as a data URI, which is the
 * example's form, and of standard error as bare Base64, which is the definition's.
 */
public final class TencentBatchCloud extends FakeCloud {
  private static final Duration DATE_WINDOW = Duration.ofMinutes(5);
  private static final Pattern AUTHORIZATION =
      Pattern.compile(
          "TC3-HMAC-SHA256 Credential=([^/,]+)/(\\d{4}-\\d\\d-\\d\\d)/([^/,]+)/tc3_request,"
              + " ?SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})");
  private static final Set<String> PARAMETERS = Set.of("JobIds", "Filters", "Offset", "Limit");
  private static final int MAX = 100;
  private static final int LONGEST_LOG = 2048;

  /** What the names of the vendor's regions look like: ap-guangzhou, na-siliconvalley. */
  private static final Pattern REGION = Pattern.compile("(ap|na|eu|sa)-[a-z]+(-(fsi|ec|[0-9]))?");

  /** The state words, those that decide over a task's state first. */
  private static final List<String> STATES =
      List.of(
          "FAILED",
          "FAILED_INTERRUPTED",
          "RUNNING",
          "STARTING",
          "RUNNABLE",
          "PENDING",
          "SUBMITTED",
          "SUCCEED");

  private final Set<String> denied = ConcurrentHashMap.newKeySet();

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
    if (!REGION.matcher(region.get()).matches()) {
      return error("UnsupportedRegion", "The region is not supported.");
    }
    String action = request.header("X-TC-Action").orElse("");
    if (denied.contains(action)) {
      // the form in which CAM refuses: https://cloud.tencent.com/document/product/598/82842
      return error(
          "UnauthorizedOperation",
          "You are not authorized to perform operation (batch:"
              + action
              + ") resource (*) has no permission.");
    }
    try {
      Object body = JsonReader.readTree(request.body());
      if (!(body instanceof Map<?, ?> parameters)) {
        return error("InvalidParameter", "The body is no JSON object.");
      }
      return switch (action) {
        case "DescribeJobs" -> describeJobs(region.get(), parameters);
        case "DescribeJob" -> describeJob(region.get(), parameters);
        case "DescribeTask" -> describeTask(region.get(), parameters);
        case "DescribeTaskLogs" -> describeTaskLogs(region.get(), parameters);
        case "" -> error("MissingParameter", "The request is missing the parameter `Action`.");
        default -> error("InvalidAction", "The request action is invalid or not found.");
      };
    } catch (WireDataException e) {
      return error("InvalidParameter", "The body is no JSON.");
    } catch (Refusal e) {
      return error(e.code, e.message());
    }
  }

  /** Lets no key do this any more, such as {@code DescribeTask}. */
  public void deny(String action) {
    denied.add(action);
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
    requireKnown(parameters, PARAMETERS);
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
    World.Row row = job(region, parameters);
    Map<String, @Nullable Object> response = view(row);
    response.remove("Placement");
    response.put("Zone", zone(row));
    response.put(
        "TaskSet",
        tasks(row).entrySet().stream()
            .map(
                task -> {
                  Map<String, @Nullable Object> view = new LinkedHashMap<>();
                  view.put("TaskName", task.getKey());
                  view.put("TaskState", worst(task.getValue()));
                  view.put("CreateTime", time(row.createdAt()));
                  view.put("EndTime", end(row));
                  return view;
                })
            .toList());
    response.putIfAbsent("DependenceSet", List.of());
    response.put("TaskInstanceMetrics", metrics(row.run().taskList()));
    response.put("StateReason", row.run().message());
    response.putIfAbsent("NextAction", "");
    return reply(response);
  }

  private Reply describeTask(String region, Map<?, ?> parameters) {
    requireKnown(parameters, Set.of("JobId", "TaskName", "Filters", "Offset", "Limit"));
    World.Row row = job(region, parameters);
    List<FakeTask> instances = instances(row, parameters);
    List<Map<String, @Nullable Object>> views = new ArrayList<>();
    for (int i = instances.size() - 1; i >= 0; i--) {
      views.add(instance(row, i, instances.get(i)));
    }
    if (parameters.get("Filters") instanceof List<?> filters) {
      for (Object filter : filters) {
        if (!(filter instanceof Map<?, ?> parts)
            || !"task-instance-state".equals(parts.get("Name"))) {
          throw new Refusal("InvalidFilter", "The filter is not supported.");
        }
        List<String> words = texts(parts.get("Values"));
        views.removeIf(view -> !words.contains(String.valueOf(view.get("TaskInstanceState"))));
      }
    }
    long offset = number(parameters, "Offset", 0, Long.MAX_VALUE);
    Map<String, @Nullable Object> response = new LinkedHashMap<>();
    response.put("JobId", row.id());
    response.put("TaskName", parameters.get("TaskName"));
    response.put("TaskState", worst(instances));
    response.put("CreateTime", time(row.createdAt()));
    response.put("EndTime", end(row));
    response.put("TaskInstanceTotalCount", instances.size());
    response.put("TaskInstanceSet", page(views, offset, number(parameters, "Limit", 100, 1000)));
    response.put("TaskInstanceMetrics", metrics(instances));
    return reply(response);
  }

  private Reply describeTaskLogs(String region, Map<?, ?> parameters) {
    requireKnown(parameters, Set.of("JobId", "TaskName", "TaskInstanceIndexes", "Offset", "Limit"));
    World.Row row = job(region, parameters);
    List<FakeTask> instances = instances(row, parameters);
    Object asked = parameters.get("TaskInstanceIndexes");
    if (asked != null && parameters.get("Offset") != null) {
      throw new Refusal(
          "InvalidParameter.InvalidParameterCombination",
          "TaskInstanceIndexes and Offset cannot be specified at the same time.");
    }
    List<Integer> indexes = new ArrayList<>();
    for (int i = 0; i < instances.size(); i++) {
      if (!(asked instanceof List<?> list) || list.contains(i)) {
        indexes.add(i);
      }
    }
    if (asked instanceof List<?> list && list.size() > indexes.size()) {
      throw new Refusal("ResourceNotFound.TaskInstance", "The task instance does not exist.");
    }
    List<Object> logs = new ArrayList<>();
    for (int index :
        page(
            indexes,
            number(parameters, "Offset", 0, Long.MAX_VALUE),
            number(parameters, "Limit", 5, 10))) {
      String log = instances.get(index).log();
      Map<String, @Nullable Object> entry = new LinkedHashMap<>();
      entry.put("TaskInstanceIndex", index);
      entry.put(
          "StdoutLog", log.isEmpty() ? "" : "data:text/plain;charset=utf-8;base64," + tail(log));
      entry.put("StderrLog", instances.get(index).fields().get("StderrLog"));
      logs.add(entry);
    }
    return reply(Map.of("TotalCount", indexes.size(), "TaskInstanceLogSet", logs));
  }

  private World.Row job(String region, Map<?, ?> parameters) {
    String id = String.valueOf(parameters.get("JobId"));
    requireJobId(id);
    return world().runs(region).stream()
        .filter(candidate -> candidate.id().equals(id))
        .findFirst()
        .orElseThrow(
            () -> new Refusal("ResourceNotFound.Job", "The job `" + id + "` does not exist."));
  }

  /** The instances of each task, by the task's name. */
  private static Map<String, List<FakeTask>> tasks(World.Row row) {
    Map<String, List<FakeTask>> tasks = new LinkedHashMap<>();
    for (FakeTask task : row.run().taskList()) {
      tasks.computeIfAbsent(task.name().split("/", 2)[0], name -> new ArrayList<>()).add(task);
    }
    return tasks;
  }

  private static List<FakeTask> instances(World.Row row, Map<?, ?> parameters) {
    String name = String.valueOf(parameters.get("TaskName"));
    List<FakeTask> instances = tasks(row).get(name);
    if (instances == null) {
      throw new Refusal("ResourceNotFound.Task", "The task `" + name + "` does not exist.");
    }
    return instances;
  }

  private static Map<String, @Nullable Object> instance(World.Row row, int index, FakeTask task) {
    Map<String, @Nullable Object> view = new LinkedHashMap<>();
    view.put("TaskInstanceIndex", index);
    view.put("TaskInstanceState", task.word());
    view.put("ExitCode", task.exitCode());
    view.put("StateReason", task.reason());
    view.put("ComputeNodeInstanceId", null);
    view.put("CreateTime", time(row.createdAt()));
    view.put("LaunchTime", row.startedAt().map(TencentBatchCloud::time).orElse(null));
    view.put("RunningTime", row.startedAt().map(TencentBatchCloud::time).orElse(null));
    view.put("EndTime", end(row));
    view.putAll(task.fields());
    view.remove("StderrLog");
    return view;
  }

  private static @Nullable String end(World.Row row) {
    return row.finishedAt().map(TencentBatchCloud::time).orElse(null);
  }

  /** A task has failed when an instance has, and has not begun before one does. */
  private static String worst(List<FakeTask> instances) {
    return STATES.stream()
        .filter(word -> instances.stream().anyMatch(task -> task.word().equals(word)))
        .findFirst()
        .orElse("SUCCEED");
  }

  private static Map<String, Long> metrics(List<FakeTask> instances) {
    Map<String, Long> counts = new LinkedHashMap<>();
    for (String word : STATES) {
      String name =
          Arrays.stream(word.split("_"))
              .map(part -> part.charAt(0) + part.substring(1).toLowerCase(Locale.ROOT))
              .collect(Collectors.joining());
      counts.put(
          name + "Count", instances.stream().filter(task -> task.word().equals(word)).count());
    }
    return counts;
  }

  private static String tail(String log) {
    byte[] bytes = log.getBytes(StandardCharsets.UTF_8);
    int from = Math.max(0, bytes.length - LONGEST_LOG);
    return Base64.getEncoder().encodeToString(Arrays.copyOfRange(bytes, from, bytes.length));
  }

  private static void requireKnown(Map<?, ?> parameters, Set<String> known) {
    for (Object name : parameters.keySet()) {
      if (!known.contains(String.valueOf(name))) {
        throw new Refusal("UnknownParameter", "The parameter `" + name + "` is not recognized.");
      }
    }
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
