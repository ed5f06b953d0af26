package io.joblens.testkit;

import io.joblens.spi.JsonReader;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
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
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Huawei Cloud Workspace in small: scheduled tasks, their execution history and the servers of a
 * run, behind a gateway that verifies SDK-HMAC-SHA256 or looks at X-Auth-Token. A job's and a run's
 * namespace is the project it belongs to. A task exists when the world has it as a job or has runs
 * of it; it is listed when it is a job. Beside the service it has of IAM what gives tokens for a
 * password and what lists projects.
 *
 * <p>Sources: support.huaweicloud.com/devg-apisign for the gateway,
 * support.huaweicloud.com/intl/en-us/api-workspace for the service,
 * support.huaweicloud.com/intl/en-us/api-iam for IAM.
 */
public final class HuaweiWorkspaceCloud extends FakeCloud {
  private static final Duration DATE_WINDOW = Duration.ofMinutes(15);
  private static final Duration LOCK = Duration.ofMinutes(5);
  private static final int FAILURES_TO_LOCK = 5;

  private static final Pattern AUTHORIZATION =
      Pattern.compile(
          "SDK-HMAC-SHA256 Access=([^ ,]+), SignedHeaders=([^ ,]+), Signature=([0-9a-f]{64})");
  private static final Pattern ACCESS = Pattern.compile("Access=([^ ,]+)");
  private static final DateTimeFormatter SDK_DATE =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'", Locale.ROOT);
  private static final DateTimeFormatter ROW_TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  // "expires_at": "2020-01-04T09:05:22.701000Z", with six digits after the point: iam_30_0001.html
  private static final DateTimeFormatter TOKEN_TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);
  private static final String TOKEN_ENDED = "The token must be updated";
  private static final Duration TOKEN_LIFE = Duration.ofHours(24);

  private record Failures(int inARow, Instant last) {}

  private record IamUser(String domain, String name) {}

  private record IamProject(String id, String name) {}

  private final Map<String, Instant> tokens = new ConcurrentHashMap<>();
  private final Set<String> endedTokens = ConcurrentHashMap.newKeySet();
  private final Map<IamUser, String> passwords = new ConcurrentHashMap<>();
  private final List<IamProject> projects = new CopyOnWriteArrayList<>();
  private final Map<String, Failures> failures = new ConcurrentHashMap<>();

  private final Set<String> denied = ConcurrentHashMap.newKeySet();

  private volatile boolean isLockingKeys;

  /** Listens at a free port. */
  public HuaweiWorkspaceCloud(World world) {
    super(world);
  }

  /**
   * Listens at the port of this machine's loopback interface.
   *
   * @param port the port; 0 for a free one
   */
  public HuaweiWorkspaceCloud(World world, int port) {
    super(world, port);
  }

  /** Lets this IAM token in until it expires. */
  public void addAuthToken(String token, Instant expiresAt) {
    tokens.put(token, expiresAt);
  }

  /** Gives tokens to this IAM user. */
  public void addIamUser(String domain, String name, String password) {
    passwords.put(new IamUser(domain, name), password);
  }

  /** Ends all tokens before their time, as a change of a user's password or rights does. */
  public void endAuthTokens() {
    endedTokens.addAll(tokens.keySet());
  }

  /**
   * Lists this project.
   *
   * @param name the region's name, or that and more for a sub-project
   */
  public void addProject(String id, String name) {
    projects.add(new IamProject(id, name));
  }

  /** Locks an access key for five minutes after five failures in a row, as the gateway does. */
  public void lockKeys() {
    isLockingKeys = true;
  }

  /** Lets nobody do this any more, such as {@code ListTaskExecuteDetail}. */
  public void deny(String operation) {
    denied.add(operation);
  }

  /** Judges the request's token or signature; locks are not looked at. */
  public Verdict verify(Request request) {
    Optional<String> authToken = request.header("X-Auth-Token");
    if (authToken.isPresent()) {
      Instant end = tokens.get(authToken.get());
      if (end == null) {
        return Verdict.refused(Verdict.Outcome.UNKNOWN_KEY, "X-Auth-Token");
      }
      if (endedTokens.contains(authToken.get())) {
        return Verdict.refused(Verdict.Outcome.EXPIRED_TOKEN, TOKEN_ENDED);
      }
      return now().isBefore(end)
          ? Verdict.ACCEPTED
          : Verdict.refused(Verdict.Outcome.EXPIRED_TOKEN, "token expires, expires_at: " + end);
    }
    Optional<String> authorization = request.header("Authorization");
    if (authorization.isEmpty()) {
      return Verdict.refused(Verdict.Outcome.MISSING, "Authorization");
    }
    Matcher parts = AUTHORIZATION.matcher(authorization.get());
    if (!parts.matches()) {
      return Verdict.refused(Verdict.Outcome.MALFORMED, "Authorization");
    }
    return verify(request, parts.group(1), List.of(parts.group(2).split(";", -1)), parts.group(3));
  }

  private Verdict verify(Request request, String ak, List<String> signed, String signature) {
    if (request.header("X-Sdk-Date").isEmpty()) {
      return Verdict.refused(Verdict.Outcome.MISSING, "X-Sdk-Date");
    }
    if (!signed.contains("x-sdk-date")) {
      return Verdict.refused(Verdict.Outcome.MISSING, "x-sdk-date in SignedHeaders");
    }
    String date = request.header("X-Sdk-Date").get();
    Instant time;
    try {
      time = LocalDateTime.parse(date, SDK_DATE).toInstant(ZoneOffset.UTC);
    } catch (DateTimeException e) {
      return Verdict.refused(Verdict.Outcome.MALFORMED, "X-Sdk-Date");
    }
    Optional<Key> key = key(ak);
    if (key.isEmpty()) {
      return Verdict.refused(Verdict.Outcome.UNKNOWN_KEY, ak);
    }
    if (!Oracle.isWithin(DATE_WINDOW, time, now())) {
      return Verdict.refused(Verdict.Outcome.OUTSIDE_DATE_WINDOW, date);
    }
    String bodyHash = Oracle.sha256Hex(request.body());
    String payload = request.header("X-Sdk-Content-Sha256").orElse(bodyHash);
    if (!payload.equals(bodyHash) && !payload.equals("UNSIGNED-PAYLOAD")) {
      return Verdict.refused(Verdict.Outcome.WRONG_BODY_HASH, "X-Sdk-Content-Sha256");
    }
    String canonical = canonicalRequest(request, signed, payload);
    String toSign = "SDK-HMAC-SHA256\n" + date + "\n" + Oracle.sha256Hex(canonical);
    if (!Oracle.isSame(Oracle.hex(Oracle.hmacSha256(key.get().secret(), toSign)), signature)) {
      return Verdict.refused(Verdict.Outcome.WRONG_SIGNATURE, canonical);
    }
    return checkToken(key.get(), request.header("X-Security-Token"));
  }

  private static String canonicalRequest(Request request, List<String> signed, String payload) {
    StringBuilder uri = new StringBuilder("/");
    for (String segment : request.segments()) {
      if (!segment.isEmpty()) {
        uri.append(Oracle.percentEncode(segment)).append('/');
      }
    }
    StringBuilder headers = new StringBuilder();
    signed.stream()
        .sorted()
        .forEach(
            name ->
                headers
                    .append(name)
                    .append(':')
                    .append(request.header(name).orElse("").strip())
                    .append('\n'));
    return request.method()
        + '\n'
        + uri
        + '\n'
        + Oracle.sortedQuery(request.parameters())
        + '\n'
        + headers
        + '\n'
        + String.join(";", signed.stream().sorted().toList())
        + '\n'
        + payload;
  }

  @Override
  protected Reply handle(Request request) {
    if (request.method().equals("POST") && request.path().equals("/v3/auth/tokens")) {
      return token(request);
    }
    String ak = accessKey(request);
    if (isLocked(ak)) {
      return gateway(401, "APIGW.0301", "AK access failed to reach the limit,forbidden");
    }
    Verdict verdict = verify(request);
    if (!verdict.isAccepted()) {
      failures.merge(
          ak, new Failures(1, now()), (old, first) -> new Failures(old.inARow() + 1, now()));
      return refusal(request, verdict);
    }
    failures.remove(ak);
    if (request.method().equals("GET") && request.path().equals("/v3/projects")) {
      return projects(request.parameter("name"));
    }
    if (request.method().equals("GET") && request.path().equals("/v3/auth/projects")) {
      return projects(Optional.empty());
    }
    List<String> path = request.segments();
    Optional<String> operation = operation(request);
    if (operation.filter(denied::contains).isPresent()) {
      return service(403, "WKS.00081102", "User does not have permission to access this resource.");
    }
    return switch (operation.orElse("")) {
      case "ListScheduleTasks" -> tasks(request, path.get(1));
      case "ShowScheduleTask" -> task(path.get(1), path.get(3));
      case "ListTaskExecuteHistory" -> history(request, path.get(1), path.get(3));
      case "ListTaskExecuteDetail" -> servers(request, path.get(1), path.get(3));
      default ->
          gateway(
              404,
              "APIGW.0101",
              "The API does not exist or has not been published in the environment");
    };
  }

  private static Optional<String> operation(Request request) {
    List<String> path = request.segments();
    if (!request.method().equals("GET")
        || path.size() < 3
        || !path.get(0).equals("v1")
        || !path.get(2).equals("schedule-task")) {
      return Optional.empty();
    }
    return switch (path.size()) {
      case 3 -> Optional.of("ListScheduleTasks");
      case 4 -> Optional.of("ShowScheduleTask");
      case 5 ->
          switch (path.get(4)) {
            case "execute-history" -> Optional.of("ListTaskExecuteHistory");
            case "execute-detail" -> Optional.of("ListTaskExecuteDetail");
            default -> Optional.empty();
          };
      default -> Optional.empty();
    };
  }

  private boolean isLocked(String ak) {
    Failures known = failures.get(ak);
    if (!isLockingKeys || ak.isEmpty() || known == null || known.inARow() < FAILURES_TO_LOCK) {
      return false;
    }
    if (now().isBefore(known.last().plus(LOCK))) {
      return true;
    }
    failures.remove(ak);
    return false;
  }

  private static String accessKey(Request request) {
    Matcher access = ACCESS.matcher(request.header("Authorization").orElse(""));
    return access.find() ? access.group(1) : "";
  }

  private Reply refusal(Request request, Verdict verdict) {
    String message =
        switch (verdict.outcome()) {
          case MISSING, MALFORMED ->
              verdict.detail().equals("Authorization")
                  ? "Incorrect IAM authentication information: x-auth-token not found"
                  : "verify aksk signature fail, " + verdict.detail() + " is not there or wrong";
          case UNKNOWN_KEY ->
              verdict.detail().equals("X-Auth-Token")
                  ? "decrypt token fail"
                  : "Get secretKey failed,ak:" + verdict.detail() + ",err:ak not exist";
          case WRONG_TOKEN -> "verify security token fail";
          // the words are documented for X-Auth-Token (ocr_faq/ocr_01_0063.html) and assumed for
          // the security token of a temporary access key
          case EXPIRED_TOKEN ->
              verdict.detail().isEmpty()
                  ? "token expires, expires_at: " + TOKEN_TIME.format(now())
                  : verdict.detail();
          case OUTSIDE_DATE_WINDOW ->
              "calc aksk signature fail:signature expired, signature time:"
                  + request.header("X-Sdk-Date").orElse("")
                  + ",server time:"
                  + SDK_DATE.format(now().atOffset(ZoneOffset.UTC));
          default ->
              "verify aksk signature fail, canonicalRequest:" + verdict.detail().replace('\n', '|');
        };
    return gateway(401, message.equals(TOKEN_ENDED) ? "APIGW.0307" : "APIGW.0301", message);
  }

  /** KeystoneCreateUserTokenByPassword: api-iam, iam_30_0001.html. */
  private Reply token(Request request) {
    Map<?, ?> auth = in(JsonReader.readTree(request.body()), "auth");
    Map<?, ?> identity = in(auth, "identity");
    Map<?, ?> user = in(in(identity, "password"), "user");
    Map<?, ?> project = in(in(auth, "scope"), "project");
    boolean isComplete =
        List.of("password").equals(identity.get("methods"))
            && user.get("password") instanceof String
            && (project.get("id") instanceof String || project.get("name") instanceof String);
    if (!isComplete) {
      return iam(400, "Request body is invalid.", "Bad Request");
    }
    IamUser known = new IamUser(text(in(user, "domain"), "name"), text(user, "name"));
    if (!text(user, "password").equals(passwords.get(known))) {
      return iam(401, "The username or password is wrong.", "Unauthorized");
    }
    Optional<IamProject> scope =
        projects.stream()
            .filter(p -> p.id().equals(project.get("id")) || p.name().equals(project.get("name")))
            .findFirst();
    Instant end = now().plus(TOKEN_LIFE);
    String token = "MIIFakeToken" + Oracle.sha256Hex(nextRequestId());
    addAuthToken(token, end);
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("expires_at", TOKEN_TIME.format(end));
    body.put("methods", List.of("password"));
    body.put("issued_at", TOKEN_TIME.format(now()));
    body.put("user", Map.of("name", known.name(), "domain", Map.of("name", known.domain())));
    scope.ifPresent(found -> body.put("project", Map.of("id", found.id(), "name", found.name())));
    return Reply.json(201, Map.of("token", body)).header("X-Subject-Token", token);
  }

  /** KeystoneListProjects and KeystoneListAuthProjects: api-iam, iam_06_0001.html and _0003. */
  private Reply projects(Optional<String> name) {
    List<Object> items = new ArrayList<>();
    for (IamProject project : projects) {
      if (name.isEmpty() || name.get().equals(project.name())) {
        Map<String, Object> item = new LinkedHashMap<>();
        item.put("domain_id", "domain-id");
        item.put("is_domain", false);
        item.put("parent_id", "domain-id");
        item.put("name", project.name());
        item.put("description", "");
        item.put("links", Map.of("self", endpoint() + "/v3/projects/" + project.id()));
        item.put("id", project.id());
        item.put("enabled", true);
        items.add(item);
      }
    }
    return Reply.json(
        Map.of("links", Map.of("self", endpoint() + "/v3/projects"), "projects", items));
  }

  private static Map<?, ?> in(@Nullable Object value, String name) {
    return value instanceof Map<?, ?> map && map.get(name) instanceof Map<?, ?> inner
        ? inner
        : Map.of();
  }

  private static String text(Map<?, ?> map, String name) {
    return map.get(name) instanceof String text ? text : "";
  }

  // The code is a number here: KeystoneCreateUserTokenByPassword, the examples of its errors.
  private Reply iam(int status, String message, String title) {
    Map<String, Object> error = new LinkedHashMap<>();
    error.put("code", status);
    error.put("message", message);
    error.put("title", title);
    return Reply.json(status, Map.of("error", error)).header("X-IAM-Trace-Id", nextRequestId());
  }

  private Reply history(Request request, String project, String taskId) {
    List<World.Row> rows = rows(project, taskId);
    if (rows.isEmpty() && job(project, taskId).isEmpty()) {
      return notFound();
    }
    return page(request, rows, row -> record(row, taskId));
  }

  /** ListScheduleTasks; its filter by name looks for a part of it. */
  private Reply tasks(Request request, String project) {
    List<FakeJob> tasks =
        world().jobs().stream()
            .filter(job -> isIn(job.namespace(), project))
            .filter(job -> request.parameter("task_name").map(job.name()::contains).orElse(true))
            .toList();
    return page(request, tasks, job -> listed(project, job));
  }

  private Map<String, @Nullable Object> listed(String project, FakeJob job) {
    Map<String, @Nullable Object> item = definition(job.id(), Optional.of(job));
    item.put(
        "last_status",
        rows(project, job.id()).stream()
            .max(Comparator.comparing(World.Row::createdAt))
            .map(World.Row::word)
            .orElse(null));
    item.put("is_enable", true);
    item.put("next_execution_time", "2022-12-23 09:00:00");
    item.putAll(job.fields());
    return item;
  }

  /** ListTaskExecuteDetail: the servers of a run, or the one that its message is about. */
  private Reply servers(Request request, String project, String record) {
    Optional<World.Row> run =
        world().run(record).filter(row -> isIn(row.run().namespace(), project));
    if (run.isEmpty()) {
      return notFound();
    }
    String message = run.get().run().message();
    List<FakeTask> servers =
        run.get().run().taskList().isEmpty() && !message.isEmpty()
            ? List.of(new FakeTask("APS-WKSAPP1", run.get().word()).reason(message))
            : run.get().run().taskList();
    return page(request, servers, server -> server(run.get(), server));
  }

  private static Map<String, @Nullable Object> server(World.Row row, FakeTask server) {
    Map<String, @Nullable Object> item = new LinkedHashMap<>();
    item.put("id", row.id() + "-" + server.name());
    item.put("execute_id", row.id());
    item.put("server_id", "id-of-" + server.name());
    item.put("server_name", server.name());
    item.put("status", server.word());
    item.put("task_type", "RESTART_SERVER");
    item.put("time_zone", "Asia/Shanghai");
    item.put("begin_time", row.startedAt().map(ROW_TIME::format));
    item.put("end_time", row.finishedAt().map(ROW_TIME::format));
    item.put("result_code", server.reason().isEmpty() ? null : "WKS.00129901");
    item.put("result_message", server.reason());
    item.putAll(server.fields());
    return item;
  }

  private <T> Reply page(Request request, List<T> rows, Function<T, Object> view) {
    OptionalLong offset = number(request, "offset", 0);
    OptionalLong limit = number(request, "limit", 10);
    boolean isValid =
        offset.isPresent()
            && limit.isPresent()
            && offset.getAsLong() >= 0
            && limit.getAsLong() >= 1
            && limit.getAsLong() <= 100;
    if (!isValid) {
      return service(400, "WKS.00211102", "The request message is invalid.");
    }
    List<Object> items = new ArrayList<>();
    page(rows, offset.getAsLong(), limit.getAsLong()).forEach(row -> items.add(view.apply(row)));
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("count", rows.size());
    body.put("items", items);
    return Reply.json(body);
  }

  private Reply task(String project, String taskId) {
    Optional<FakeJob> job = job(project, taskId);
    if (job.isEmpty() && rows(project, taskId).isEmpty()) {
      return notFound();
    }
    return Reply.json(definition(taskId, job));
  }

  private static Map<String, @Nullable Object> definition(String taskId, Optional<FakeJob> job) {
    Map<String, @Nullable Object> body = new LinkedHashMap<>();
    body.put("id", taskId);
    body.put("task_name", job.map(FakeJob::name).filter(name -> !name.isEmpty()).orElse(taskId));
    body.put("task_type", "RESTART_SERVER");
    body.put("scheduled_type", "DAY");
    body.put("day_interval", 1);
    body.put("scheduled_time", "02:00:00");
    body.put("time_zone", "Asia/Shanghai");
    job.ifPresent(found -> body.putAll(found.fields()));
    return body;
  }

  private List<World.Row> rows(String project, String taskId) {
    return world().runs().stream()
        .filter(row -> isIn(row.run().namespace(), project) && row.run().jobId().equals(taskId))
        .toList();
  }

  private Optional<FakeJob> job(String project, String taskId) {
    return world().job(taskId).filter(job -> isIn(job.namespace(), project));
  }

  private static Map<String, @Nullable Object> record(World.Row row, String taskId) {
    Map<String, @Nullable Object> item = new LinkedHashMap<>();
    item.put("id", row.id());
    item.put("task_id", taskId);
    item.put("task_type", "RESTART_SERVER");
    item.put("status", row.word());
    item.put("scheduled_type", "DAY");
    item.put("total_count", count(row.run().tasks().total()));
    item.put("success_count", count(row.run().tasks().succeeded()));
    item.put("failed_count", count(row.run().tasks().failed()));
    item.put("excuting_count", count(row.run().tasks().running()));
    item.put("time_zone", "Asia/Shanghai");
    item.put("begin_time", row.startedAt().map(ROW_TIME::format));
    item.put("end_time", row.finishedAt().map(ROW_TIME::format));
    item.put("create_time", ROW_TIME.format(row.createdAt()));
    item.putAll(row.run().fields());
    return item;
  }

  private static Optional<Long> count(OptionalLong count) {
    return count.isPresent() ? Optional.of(count.getAsLong()) : Optional.empty();
  }

  private static OptionalLong number(Request request, String name, long otherwise) {
    try {
      return OptionalLong.of(request.parameter(name).map(Long::parseLong).orElse(otherwise));
    } catch (NumberFormatException e) {
      return OptionalLong.empty();
    }
  }

  private static boolean isIn(String own, String project) {
    return own.isEmpty() || own.equals(project);
  }

  private Reply notFound() {
    return service(404, "WKS.00211902", "The scheduled task does not exist.");
  }

  private Reply service(int status, String code, String message) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("error_code", code);
    body.put("error_msg", message);
    return Reply.json(status, body).header("X-Request-Id", nextRequestId());
  }

  private Reply gateway(int status, String code, String message) {
    String requestId = nextRequestId();
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("error_msg", message);
    body.put("error_code", code);
    body.put("request_id", requestId);
    return Reply.json(status, body).header("X-Request-Id", requestId);
  }
}
