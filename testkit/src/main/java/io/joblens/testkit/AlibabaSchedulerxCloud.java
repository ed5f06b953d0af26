package io.joblens.testkit;

import io.joblens.TaskCounts;
import io.joblens.spi.Json;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Alibaba Cloud SchedulerX 2.0 in small: GetJobInstance, GetJobInstanceList and GetJobInfo of
 * version 2019-04-30 over GET with ACS3-HMAC-SHA256. As at the vendor, the gateway answers with
 * HTTP statuses and SchedulerX itself with {@code "Success":false} in HTTP 200, times are texts
 * without a zone, and lists carry neither job names nor a total. Runs are listed by when they were
 * due, the last first.
 *
 * <p>A run's id and job are numbers, its state words the vendor's numbers as texts. Where behaviour
 * is not documented it is strict: unknown parameters are errors.
 */
public final class AlibabaSchedulerxCloud extends FakeCloud {
  private static final Set<String> COMMON =
      Set.of("RegionId", "Namespace", "NamespaceSource", "GroupId", "JobId");
  private static final Set<String> LISTING =
      Set.of("Status", "StartTimestamp", "EndTimestamp", "PageNum", "PageSize");
  private static final int LATEST = 10;

  private final Acs3Verifier verifier = new Acs3Verifier();
  private volatile ZoneId zone = ZoneId.of("Asia/Shanghai");
  private volatile boolean latestTenOnly;

  /** Listens at a free port. */
  public AlibabaSchedulerxCloud(World world) {
    this(world, 0);
  }

  /**
   * Listens at the port of this machine's loopback interface.
   *
   * @param port the port; 0 for a free one
   */
  public AlibabaSchedulerxCloud(World world, int port) {
    super(world, port);
  }

  /** Sets the zone that times are written in; Asia/Shanghai unless set. */
  public void zone(ZoneId value) {
    zone = value;
  }

  /** Makes lists show only the latest ten runs, whatever page is asked for, as some editions do. */
  public void latestTenOnly(boolean value) {
    latestTenOnly = value;
  }

  @Override
  protected Reply handle(Request request) {
    Verdict verdict = verify(request);
    if (!verdict.isAccepted()) {
      return Acs3Verifier.refusal(this, request, verdict);
    }
    try {
      require(request, "RegionId");
      String action = request.header("x-acs-action").orElse("");
      if (!request.header("x-acs-version").orElse("").equals("2019-04-30")
          || !request.method().equals("GET")
          || !request.path().equals("/")) {
        throw new Refusal(404, "InvalidApi.NotFound", "Specified api is not found.");
      }
      return switch (action) {
        case "GetJobInstance" -> getJobInstance(request);
        case "GetJobInstanceList" -> getJobInstanceList(request);
        case "GetJobInfo" -> getJobInfo(request);
        default -> throw new Refusal(404, "InvalidApi.NotFound", "Specified api is not found.");
      };
    } catch (Refusal e) {
      return e.status == 200
          ? failed(e.code, e.text())
          : Acs3Verifier.error(this, request, e.status, e.code, e.text());
    }
  }

  /** Judges the signature of a request; an accepted request's nonce is used up. */
  public Verdict verify(Request request) {
    return verifier.verify(this, request);
  }

  private Reply getJobInstance(Request request) {
    onlyKnows(request, Set.of("JobInstanceId"));
    long job = number(request, "JobId").orElseThrow(() -> missing("JobId"));
    long id = number(request, "JobInstanceId").orElseThrow(() -> missing("JobInstanceId"));
    requireJob(request, job);
    World.Row row =
        runs(request).stream()
            .filter(candidate -> candidate.id().equals(Long.toString(id)))
            .filter(candidate -> candidate.run().jobId().equals(Long.toString(job)))
            .findFirst()
            .orElseThrow(() -> new Refusal(200, "1006", "jobInstanceId=" + id + " is not existed"));
    Map<String, @Nullable Object> detail = view(row);
    detail.put("JobName", row.run().name().isEmpty() ? null : row.run().name());
    detail.put("Parameters", "");
    detail.put("TraceId", nextRequestId().replace("-", ""));
    detail.putAll(row.run().fields());
    return succeeded("JobInstanceDetail", detail);
  }

  private Reply getJobInstanceList(Request request) {
    onlyKnows(request, LISTING);
    Optional<Long> job = number(request, "JobId");
    job.ifPresent(id -> requireJob(request, id));
    Optional<Long> status = number(request, "Status");
    Optional<Instant> from = number(request, "StartTimestamp").map(Instant::ofEpochMilli);
    Optional<Instant> to = number(request, "EndTimestamp").map(Instant::ofEpochMilli);
    long page = number(request, "PageNum").orElse(1L);
    long size = number(request, "PageSize").orElse((long) LATEST);
    if (page < 1 || size < 1) {
      throw new Refusal(200, "1000", "PageNum and PageSize must be greater than 0");
    }
    List<World.Row> rows = new ArrayList<>(runs(request));
    rows.removeIf(row -> job.isPresent() && !row.run().jobId().equals(job.get().toString()));
    rows.removeIf(row -> status.isPresent() && !row.word().equals(status.get().toString()));
    rows.removeIf(row -> from.isPresent() && due(row).isBefore(from.get()));
    rows.removeIf(row -> to.isPresent() && due(row).isAfter(to.get()));
    rows.sort(Comparator.comparing(this::due).thenComparing(World.Row::id).reversed());
    List<World.Row> shown =
        latestTenOnly ? page(rows, 0, LATEST) : page(rows, (page - 1) * size, size);
    return succeeded("JobInstanceDetails", shown.stream().map(this::view).toList());
  }

  private Reply getJobInfo(Request request) {
    onlyKnows(request, Set.of("JobName"));
    String id = Long.toString(number(request, "JobId").orElseThrow(() -> missing("JobId")));
    FakeJob job =
        world()
            .job(id)
            .filter(found -> isIn(request, found))
            .orElseThrow(() -> foreign(request, id));
    Map<String, @Nullable Object> info = new LinkedHashMap<>();
    info.put("JobId", Long.parseLong(id));
    info.put("Name", job.name());
    info.put("Status", 1);
    info.put("JobType", "java");
    info.put("ExecuteMode", "standalone");
    info.put("MaxConcurrency", "1");
    info.put("MaxAttempt", 0);
    info.put("AttemptInterval", 30);
    info.put("TimeConfig", Map.of("TimeType", 100, "DataOffset", 0));
    info.putAll(job.fields());
    return succeeded("JobConfigInfo", info);
  }

  private List<World.Row> runs(Request request) {
    String region = require(request, "RegionId");
    String namespace = require(request, "Namespace");
    String group = require(request, "GroupId");
    return world().runs(region).stream()
        .filter(row -> isSame(row.run().namespace(), namespace))
        .filter(row -> isSame(row.run().group(), group))
        .toList();
  }

  /** Every job is one that the world has, or that one of its runs is of. */
  private void requireJob(Request request, long job) {
    String id = Long.toString(job);
    boolean known = runs(request).stream().anyMatch(row -> row.run().jobId().equals(id));
    if (!known && world().job(id).filter(found -> isIn(request, found)).isEmpty()) {
      throw foreign(request, id);
    }
  }

  private static boolean isIn(Request request, FakeJob job) {
    return isSame(job.region(), require(request, "RegionId"))
        && isSame(job.namespace(), require(request, "Namespace"))
        && isSame(job.group(), require(request, "GroupId"));
  }

  private static boolean isSame(String own, String asked) {
    return own.isEmpty() || own.equals(asked);
  }

  private Map<String, @Nullable Object> view(World.Row row) {
    FakeRun run = row.run();
    Map<String, @Nullable Object> view = new LinkedHashMap<>();
    view.put("Status", Long.parseLong(row.word()));
    view.put("Progress", progress(run.tasks(), row.word()));
    view.put("Result", row.word().equals("4") ? "success" : run.message());
    view.put("InstanceId", Long.parseLong(run.id()));
    view.put("TimeType", 1);
    view.put("TriggerType", run.trigger().isEmpty() ? 1 : Long.parseLong(run.trigger()));
    view.put("EndTime", row.finishedAt().map(this::text).orElse(""));
    view.put("StartTime", row.startedAt().map(this::text).orElse(""));
    view.put("Executor", "1250000000");
    view.put("JobId", Long.parseLong(run.jobId()));
    view.put("ScheduleTime", text(due(row)));
    view.put("DataTime", text(row.dataAt().orElse(due(row))));
    view.put("WorkAddr", row.startedAt().isPresent() ? "192.168.0.10:49152" : "");
    return view;
  }

  private static String progress(TaskCounts tasks, String word) {
    if (tasks.isEmpty()) {
      return word.equals("4") ? "complete" : "";
    }
    Map<String, Object> level = new LinkedHashMap<>();
    level.put("name", "MAP_TASK_ROOT");
    put(level, "total", tasks.total());
    put(level, "running", tasks.running());
    put(level, "success", tasks.succeeded());
    put(level, "failed", tasks.failed());
    return Json.write(Map.of("taskProgress", List.of(level)));
  }

  private static void put(Map<String, Object> map, String name, OptionalLong count) {
    count.ifPresent(value -> map.put(name, value));
  }

  private Instant due(World.Row row) {
    return row.scheduledAt().orElse(row.createdAt());
  }

  private String text(Instant time) {
    return DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT)
        .format(time.atZone(zone));
  }

  private static void onlyKnows(Request request, Set<String> own) {
    for (Parameter parameter : request.parameters()) {
      if (!COMMON.contains(parameter.name()) && !own.contains(parameter.name())) {
        throw new Refusal(400, "InvalidParameter", "Unknown parameter " + parameter.name() + ".");
      }
    }
  }

  private static String require(Request request, String name) {
    return request
        .parameter(name)
        .filter(value -> !value.isEmpty())
        .orElseThrow(() -> missing(name));
  }

  private static Optional<Long> number(Request request, String name) {
    Optional<String> value = request.parameter(name);
    if (value.isPresent() && !value.get().matches("\\d{1,18}")) {
      throw new Refusal(400, "Invalid" + name, "The specified " + name + " is invalid.");
    }
    return value.map(Long::parseLong);
  }

  private static Refusal missing(String name) {
    return new Refusal(400, "Missing" + name, name + " is mandatory for this action.");
  }

  private static Refusal foreign(Request request, String job) {
    return new Refusal(
        200, "-10001", "jobid: " + job + " not match groupId: " + require(request, "GroupId"));
  }

  private Reply succeeded(String part, Object value) {
    Map<String, @Nullable Object> body = new LinkedHashMap<>();
    body.put("Code", 200);
    body.put("Message", "");
    body.put("RequestId", nextRequestId());
    body.put("Success", true);
    body.put("Data", Map.of(part, value));
    return Reply.json(body);
  }

  private Reply failed(String code, String message) {
    Map<String, @Nullable Object> body = new LinkedHashMap<>();
    body.put("Code", Long.parseLong(code));
    body.put("Message", message);
    body.put("RequestId", nextRequestId());
    body.put("Success", false);
    return Reply.json(body);
  }

  private static final class Refusal extends RuntimeException {
    private final int status;
    private final String code;

    Refusal(int status, String code, String message) {
      super(message);
      this.status = status;
      this.code = code;
    }

    String text() {
      return String.valueOf(getMessage());
    }
  }
}
