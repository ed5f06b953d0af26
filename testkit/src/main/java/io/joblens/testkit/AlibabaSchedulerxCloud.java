package io.joblens.testkit;

import io.joblens.TaskCounts;
import io.joblens.spi.Json;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Alibaba Cloud SchedulerX 2.0 in small: ListNamespaces, ListGroups, ListJobs, GetJobInstanceList,
 * GetJobInstance, GetJobInfo and GetLog of version 2019-04-30 with ACS3-HMAC-SHA256, over GET, the
 * first two over POST too. Namespaces and groups are those of the world's jobs and runs, and what
 * {@link #addGroup} adds. As at the vendor, the gateway answers with HTTP statuses and SchedulerX
 * itself with {@code "Success":false} in HTTP 200, times are texts without a zone, and lists carry
 * neither job names nor a total. Runs are listed by when they were due, the last first.
 *
 * <p>A run's id and job are numbers, its state words the vendor's numbers as texts. Where behaviour
 * is not documented it is strict: unknown parameters are errors.
 */
public final class AlibabaSchedulerxCloud extends FakeCloud {
  private static final Set<String> COMMON =
      Set.of("RegionId", "Namespace", "NamespaceSource", "GroupId", "JobId");
  private static final Set<String> LISTING =
      Set.of("Status", "StartTimestamp", "EndTimestamp", "PageNum", "PageSize");
  private static final Set<String> OVER_POST = Set.of("ListNamespaces", "ListGroups");
  private static final int LATEST = 10;
  private static final int MOST_LINES = 200;

  private final Map<String, Set<String>> groups = new ConcurrentHashMap<>();
  private final Set<String> denied = ConcurrentHashMap.newKeySet();
  private final Map<String, List<String>> logs = new ConcurrentHashMap<>();
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

  /** Adds a group that may have no jobs. */
  public void addGroup(String namespace, String group) {
    groups.computeIfAbsent(namespace, id -> ConcurrentHashMap.newKeySet()).add(group);
  }

  /** Refuses an operation, or all that is about a namespace or a group, from now on. */
  public void deny(String actionOrId) {
    denied.add(actionOrId);
  }

  /** Sets what a run has logged; without that GetLog is refused, as in the basic edition. */
  public void log(String runId, List<String> lines) {
    logs.put(runId, List.copyOf(lines));
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
          || !(request.method().equals("GET")
              || (request.method().equals("POST") && OVER_POST.contains(action)))
          || !request.path().equals("/")) {
        throw new Refusal(404, "InvalidApi.NotFound", "Specified api is not found.");
      }
      requireAllowed(request, action);
      return switch (action) {
        case "ListNamespaces" -> listNamespaces(request);
        case "ListGroups" -> listGroups(request);
        case "ListJobs" -> listJobs(request);
        case "GetLog" -> getLog(request);
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

  /** RAM refuses at the gateway; that a namespace may not be seen SchedulerX itself says. */
  private void requireAllowed(Request request, String action) {
    if (denied.contains(action)) {
      throw new Refusal(403, "Forbidden.RAM", "User not authorized to operate on the resource.");
    }
    String namespace = request.parameter("Namespace").orElse("");
    if (denied.contains(namespace) || denied.contains(request.parameter("GroupId").orElse(""))) {
      throw new Refusal(200, "1003", "No access permission for the namespace [***]");
    }
  }

  /** The fields of https://help.aliyun.com/document_detail/206088.html. */
  private Reply listNamespaces(Request request) {
    onlyKnows(request, Set.of("NamespaceName"));
    String region = require(request, "RegionId");
    Set<String> ids = new TreeSet<>(groups.keySet());
    world().jobs(region).forEach(job -> ids.add(job.namespace()));
    world().runs(region).forEach(row -> ids.add(row.run().namespace()));
    ids.remove("");
    return succeeded(
        "Namespaces",
        ids.stream().map(id -> Map.of("Name", "doc", "Description", "test", "UId", id)).toList());
  }

  /** The fields of https://help.aliyun.com/document_detail/467599.htm. */
  private Reply listGroups(Request request) {
    onlyKnows(request, Set.of("AppGroupName"));
    String namespace = require(request, "Namespace");
    Set<String> ids = groupsOf(request, namespace);
    if (ids.isEmpty()) {
      throw new Refusal(
          200,
          "-10001",
          "namespace can not find namespace: " + namespace + ", namespaceSource:null");
    }
    List<Map<String, Object>> list = new ArrayList<>();
    for (String id : ids) {
      Map<String, Object> group = new LinkedHashMap<>();
      group.put("AppGroupId", list.size() + 1);
      group.put("AppName", "DocTest");
      group.put("AppKey", "a3G77O6NZxq/lyo1NC****==");
      group.put("Description", "Test");
      group.put("GroupId", id);
      group.put("AppVersion", 2);
      group.put("Namespace", namespace);
      list.add(group);
    }
    return succeeded("AppGroups", list);
  }

  private Set<String> groupsOf(Request request, String namespace) {
    String region = require(request, "RegionId");
    Set<String> ids = new TreeSet<>(groups.getOrDefault(namespace, Set.of()));
    world().jobs(region).stream()
        .filter(job -> job.namespace().equals(namespace))
        .forEach(job -> ids.add(job.group()));
    world().runs(region).stream()
        .filter(row -> row.run().namespace().equals(namespace))
        .forEach(row -> ids.add(row.run().group()));
    return ids;
  }

  /** Paged as since version 2.4.1 of the vendor's library, of March 2026. */
  private Reply listJobs(Request request) {
    onlyKnows(request, Set.of("JobName", "Status", "PageNum", "PageSize"));
    String group = require(request, "GroupId");
    if (!groupsOf(request, require(request, "Namespace")).contains(group)) {
      throw new Refusal(200, "-10003", "app is not existed, groupId=" + group);
    }
    long page = number(request, "PageNum").orElse(1L);
    long size = number(request, "PageSize").orElse((long) LATEST);
    List<FakeJob> jobs = world().jobs().stream().filter(job -> isIn(request, job)).toList();
    Map<String, @Nullable Object> data = new LinkedHashMap<>();
    data.put("PageNumber", page);
    data.put("PageSize", size);
    data.put("Total", jobs.size());
    data.put(
        "Jobs",
        page(jobs, (page - 1) * size, size).stream()
            .map(AlibabaSchedulerxCloud::definition)
            .toList());
    return succeeded(data);
  }

  /** Of the professional edition, as https://help.aliyun.com/document_detail/600922.htm says. */
  private Reply getLog(Request request) {
    onlyKnows(
        request,
        Set.of(
            "JobInstanceId",
            "StartTimestamp",
            "EndTimestamp",
            "Keyword",
            "Line",
            "Offset",
            "Reverse"));
    String id = require(request, "JobInstanceId");
    List<String> lines = logs.get(id);
    if (lines == null) {
      throw new Refusal(200, "-1000", "only professional edition is supported");
    }
    // without a start only the last half hour is looked through
    Instant from =
        number(request, "StartTimestamp")
            .map(Instant::ofEpochMilli)
            .orElse(now().minus(Duration.ofMinutes(30)));
    boolean inTime =
        world().run(id).flatMap(World.Row::startedAt).filter(t -> !t.isBefore(from)).isPresent();
    long most = Math.min(MOST_LINES, number(request, "Line").orElse((long) MOST_LINES));
    List<String> shown = new ArrayList<>(inTime ? lines : List.of());
    Collections.reverse(shown);
    return succeeded("Logs", page(shown, number(request, "Offset").orElse(0L), most));
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
    return succeeded("JobConfigInfo", definition(job));
  }

  private static Map<String, @Nullable Object> definition(FakeJob job) {
    Map<String, @Nullable Object> info = new LinkedHashMap<>();
    info.put("JobId", Long.parseLong(job.id()));
    info.put("Name", job.name());
    info.put("Status", 1);
    info.put("JobType", "java");
    info.put("ExecuteMode", "standalone");
    info.put("MaxConcurrency", "1");
    info.put("MaxAttempt", 0);
    info.put("AttemptInterval", 30);
    info.put("TimeConfig", Map.of("TimeType", 100, "DataOffset", 0));
    info.putAll(job.fields());
    return info;
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
    return succeeded(Map.of(part, value));
  }

  private Reply succeeded(Map<String, ? extends @Nullable Object> data) {
    Map<String, @Nullable Object> body = new LinkedHashMap<>();
    body.put("Code", 200);
    body.put("Message", "");
    body.put("RequestId", nextRequestId());
    body.put("Success", true);
    body.put("Data", data);
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
