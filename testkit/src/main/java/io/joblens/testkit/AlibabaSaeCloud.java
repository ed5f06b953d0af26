package io.joblens.testkit;

import io.joblens.TaskCounts;
import io.joblens.spi.JsonReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Alibaba Cloud SAE in small: ListJobs, DescribeJobHistory, DescribeJobStatus and DescribeJob of
 * version 2019-05-06, over GET with ACS3-HMAC-SHA256. A job template exists when the world has it
 * as a job or has runs of it; ListJobs shows the world's jobs. Runs are listed newest first. Times
 * are in seconds, an end that has not come is 0, and absent texts are {@code "Null\n"}, all as in
 * the vendor's examples.
 *
 * <p>A request tells its region by its host only; on loopback the runs of all regions are shown.
 * What is not documented: a page has 20 rows unless asked otherwise, an unknown JobId gives an
 * empty Data, and DescribeJobStatus without a JobId shows the newest run.
 */
public final class AlibabaSaeCloud extends FakeCloud {
  private static final int MAX_PAGE = 10_000;
  private static final int MAX_JOBS = 200;

  private static final String PATH = "/pop/v1/sam/job/";

  /** The example of DescribeJob's page; a job of the world changes what it knows better. */
  private static final String TEMPLATE =
      """
      {
      "VpcId": "vpc-2ze0i263cnn311nvj****",
      "ConfigMapMountDesc": [{"Key": "k1", "ConfigMapName": "test", "MountPath": "/tmp", "ConfigMapId": 1}],
      "SecurityGroupId": "sg-wz969ngg2e49q5i4****",
      "Jdk": "Open JDK 8",
      "ImageUrl": "docker.io/library/nginx:1.14.2",
      "SlsConfigs": "[{\\"logDir\\":\\"\\",\\"logType\\":\\"stdout\\"},{\\"logDir\\":\\"/tmp/a.log\\"}]",
      "Tags": [{"Key": "k1", "Value": "v1"}],
      "PackageUrl": "https://edas-bj.oss-cn-beijing.aliyuncs.com/apps/K8s_APP_ID/d4c97c37-aba3-403e-ae1e-6f7d8742****/hello-sae.war",
      "PackageType": "War",
      "PreStop": "{\\"exec\\":{\\"command\\":[\\"cat\\",\\"/etc/group\\"]}}",
      "PackageVersion": "1.0",
      "JarStartArgs": "start",
      "AppName": "demo-app",
      "AppId": "7171a6ca-d1cd-4928-8642-7d5cfe69****",
      "JarStartOptions": "-Dtest=true",
      "Replicas": 2,
      "Memory": 2048,
      "PhpConfig": "k1=v1",
      "PhpConfigLocation": "/usr/local/etc/php/php.ini",
      "PostStart": "{\\"exec\\":{\\"command\\":[\\"cat\\",\\"/etc/group\\"]}}",
      "TerminationGracePeriodSeconds": 10,
      "CommandArgs": "[\\"a\\",\\"b\\"]",
      "NamespaceId": "cn-beijing:test",
      "MountHost": "example.com",
      "TomcatConfig": "{\\"port\\":8080,\\"contextPath\\":\\"/\\",\\"maxThreads\\":400,\\"uriEncoding\\":\\"ISO-8859-1\\",\\"useBodyEncodingForUri\\":true}",
      "RegionId": "cn-beijing",
      "VSwitchId": "vsw-2ze559r1z1bpwqxwp****",
      "Cpu": 1000,
      "Envs": "[{\\"name\\":\\"TEST_ENV_KEY\\",\\"value\\":\\"TEST_ENV_VAR\\"}]",
      "MountDesc": [{"MountPath": "/tmp", "NasPath": "/"}],
      "CustomHostAlias": "[{\\"hostName\\":\\"test.host.name\\",\\"ip\\":\\"0.0.0.0\\"}]",
      "WebContainer": "apache-tomcat-7.0.91",
      "Command": "echo",
      "WarStartOptions": "custom-option",
      "NasId": "AKSN89**",
      "OssAkId": "xxxxxx",
      "OssAkSecret": "xxxxxx",
      "OssMountDescs": [{"bucketName": "oss-bucket", "bucketPath": "data/user.data", "mountPath": "/usr/data/user.data", "readOnly": true}],
      "EdasContainerVersion": "3.5.3",
      "Timezone": "Asia/Shanghai",
      "AppDescription": "示例应用",
      "AcrInstanceId": "cri-xxxxxx",
      "AcrAssumeRoleArn": "acs:ram::123456789012****:role/adminrole",
      "ImagePullSecrets": "10",
      "TriggerConfig": "{\\"type\\":\\"time\\",\\"config\\":\\"0 1 */1 * ?\\",\\"timezone\\":\\"GMT+8:00\\"}",
      "ConcurrencyPolicy": "Allow",
      "Suspend": false,
      "Timeout": 3600,
      "BackoffLimit": 3,
      "Slice": true,
      "SliceEnvs": "SliceEnvs",
      "RefAppId": "7171a6ca-d1cd-4928-8642-7d5cfe69****",
      "RefedAppIds": ["8621a6ca-d1cd-4928-8642-7d5cfe69****"],
      "PublicWebHookUrls": ["http://***/webhook/putEvents?token=***"],
      "VpcWebHookUrls": ["http://***/webhook/putEvents?token=***"],
      "ProgrammingLanguage": "java",
      "NasConfigs": "[{\\"mountPath\\":\\"/test1\\",\\"readOnly\\":false,\\"nasId\\":\\"nasId1\\",\\"mountDomain\\":\\"nasId1.cn-shenzhen.nas.aliyuncs.com\\",\\"nasPath\\":\\"/test1\\"},{\\"nasId\\":\\"nasId2\\",\\"mountDomain\\":\\"nasId2.cn-shenzhen.nas.aliyuncs.com\\",\\"readOnly\\":false,\\"nasPath\\":\\"/test2\\",\\"mountPath\\":\\"/test2\\"}]",
      "Python": "PYTHON 3.9.15",
      "PythonModules": "Flask==2.0",
      "BestEffortType": ""
      }
      """;

  private final Acs3Verifier verifier = new Acs3Verifier();
  private final Set<String> denied = ConcurrentHashMap.newKeySet();

  /** Listens at a free port. */
  public AlibabaSaeCloud(World world) {
    this(world, 0);
  }

  /**
   * Listens at the port of this machine's loopback interface.
   *
   * @param port the port; 0 for a free one
   */
  public AlibabaSaeCloud(World world, int port) {
    super(world, port);
  }

  /** Refuses an operation, or all that is about a job template or a namespace, from now on. */
  public void deny(String actionOrId) {
    denied.add(actionOrId);
  }

  @Override
  protected Reply handle(Request request) {
    Verdict verdict = verify(request);
    if (!verdict.isAccepted()) {
      return Acs3Verifier.refusal(this, request, verdict);
    }
    if (!request.header("x-acs-version").orElse("").equals("2019-05-06")) {
      return error(request, 400, "InvalidVersion", "Specified parameter Version is not valid.");
    }
    String action = request.header("x-acs-action").orElse("");
    String operation =
        request.path().startsWith(PATH) ? request.path().substring(PATH.length()) : "";
    if (!request.method().equals("GET") || !operation.equalsIgnoreCase(action)) {
      return noSuchApi(request);
    }
    if (isDenied(request, action)) {
      // https://help.aliyun.com/zh/sae/api-sae-2019-05-06-errorcodes
      return error(request, 403, "AccessDenied", "You are not authorized to do this action.");
    }
    if (operation.equals("listJobs")) {
      return listJobs(request);
    }
    Optional<String> appId = request.parameter("AppId").filter(id -> !id.isEmpty());
    if (appId.isEmpty()) {
      return error(request, 400, "MissingAppId", "AppId is mandatory for this action.");
    }
    if (!exists(appId.get())) {
      return error(request, 404, "InvalidAppId.NotFound", "The specified AppId does not exist.");
    }
    return switch (operation) {
      case "describeJobHistory" -> history(request, appId.get());
      case "describeJobStatus" -> status(request, appId.get());
      case "describeJob" -> template(appId.get());
      default -> noSuchApi(request);
    };
  }

  /** Judges the signature of a request; an accepted request's nonce is used up. */
  public Verdict verify(Request request) {
    return verifier.verify(this, request);
  }

  private boolean isDenied(Request request, String action) {
    return Stream.of(
            Optional.of(action), request.parameter("AppId"), request.parameter("NamespaceId"))
        .flatMap(Optional::stream)
        .anyMatch(denied::contains);
  }

  /** Fields and paging of https://www.alibabacloud.com/help/en/sae/api-sae-2019-05-06-listjobs. */
  private Reply listJobs(Request request) {
    long current = number(request, "CurrentPage", 1);
    long size = number(request, "PageSize", 20);
    if (current < 1 || size < 0 || size > MAX_JOBS) {
      return error(
          request, 400, "InvalidParameter.WithMessage", "CurrentPage or PageSize is invalid.");
    }
    Optional<String> namespace = request.parameter("NamespaceId").filter(id -> !id.isEmpty());
    List<FakeJob> jobs =
        world().jobs().stream()
            .filter(job -> namespace.isEmpty() || job.namespace().equals(namespace.get()))
            .toList();
    Map<String, @Nullable Object> data = new LinkedHashMap<>();
    data.put("CurrentPage", current);
    data.put("TotalSize", jobs.size());
    data.put("PageSize", size);
    data.put(
        "Applications", page(jobs, (current - 1) * size, size).stream().map(this::row).toList());
    return success(data);
  }

  private Map<String, @Nullable Object> row(FakeJob job) {
    Map<String, @Nullable Object> row = new LinkedHashMap<>();
    row.put("AppId", job.id());
    row.put("AppName", job.name());
    row.put("AppDescription", "");
    row.put("NamespaceId", job.namespace());
    row.put("RegionId", job.region());
    row.put("Cpu", 500);
    row.put("Mem", 1024);
    row.put("Suspend", false);
    row.put("Tags", List.of());
    row.put("LastChangeorderState", "1");
    rows(job.id()).stream()
        .findFirst()
        .ifPresent(
            last -> {
              Map<String, @Nullable Object> run = view(last);
              row.put("LastJobState", run.get("State"));
              row.put("LastStartTime", run.get("StartTime"));
              for (String same :
                  List.of("Active", "Succeeded", "Failed", "CompletionTime", "Message")) {
                row.put(same, run.get(same));
              }
            });
    row.putAll(job.fields());
    return row;
  }

  private Reply history(Request request, String appId) {
    long current = number(request, "CurrentPage", 1);
    long size = number(request, "PageSize", 20);
    if (current < 1 || size < 0 || size > MAX_PAGE) {
      return error(
          request, 400, "InvalidParameter.WithMessage", "CurrentPage or PageSize is invalid.");
    }
    Optional<String> state = request.parameter("State").filter(word -> !word.isEmpty());
    List<World.Row> rows = new ArrayList<>(rows(appId));
    rows.removeIf(row -> state.isPresent() && !row.word().equals(state.get()));
    Map<String, @Nullable Object> data = new LinkedHashMap<>();
    data.put("CurrentPage", current);
    data.put("TotalSize", rows.size());
    data.put("PageSize", size);
    data.put(
        "Jobs",
        page(rows, (current - 1) * size, size).stream().map(AlibabaSaeCloud::view).toList());
    return success(data);
  }

  private Reply status(Request request, String appId) {
    Optional<String> jobId = request.parameter("JobId").filter(id -> !id.isEmpty());
    return success(
        rows(appId).stream()
            .filter(row -> jobId.isEmpty() || row.id().equals(jobId.get()))
            .findFirst()
            .map(AlibabaSaeCloud::view)
            .orElse(Map.of()));
  }

  private Reply template(String appId) {
    Map<String, @Nullable Object> data = new LinkedHashMap<>();
    if (JsonReader.readTree(TEMPLATE.getBytes(StandardCharsets.UTF_8))
        instanceof Map<?, ?> fields) {
      fields.forEach((name, value) -> data.put(String.valueOf(name), value));
    }
    data.put("AppId", appId);
    world()
        .job(appId)
        .ifPresent(
            job -> {
              if (!job.name().isEmpty()) {
                data.put("AppName", job.name());
              }
              if (!job.region().isEmpty()) {
                data.put("RegionId", job.region());
              }
              data.putAll(job.fields());
            });
    return success(data);
  }

  private boolean exists(String appId) {
    return world().job(appId).isPresent()
        || world().runs().stream().anyMatch(row -> row.run().jobId().equals(appId));
  }

  private List<World.Row> rows(String appId) {
    return world().runs().stream()
        .filter(row -> row.run().jobId().equals(appId))
        .sorted(Comparator.comparing(World.Row::createdAt).reversed())
        .toList();
  }

  private static Map<String, @Nullable Object> view(World.Row row) {
    FakeRun run = row.run();
    TaskCounts tasks = run.tasks();
    Map<String, @Nullable Object> view = new LinkedHashMap<>();
    view.put("JobId", run.id());
    view.put("Active", count(tasks.running()));
    view.put("Succeeded", count(tasks.succeeded()));
    view.put("Failed", count(tasks.failed()));
    view.put("StartTime", row.createdAt().getEpochSecond());
    view.put("CompletionTime", row.finishedAt().map(end -> end.getEpochSecond()).orElse(0L));
    view.put("Message", run.message().isEmpty() ? "Null\n" : run.message());
    view.put("State", row.word());
    view.putAll(run.fields());
    return view;
  }

  private static long count(OptionalLong count) {
    return count.orElse(0);
  }

  private static long number(Request request, String name, long usual) {
    String text = request.parameter(name).orElse("");
    if (text.isEmpty()) {
      return usual;
    }
    return text.matches("\\d{1,9}") ? Long.parseLong(text) : -1;
  }

  private Reply success(Map<String, ? extends @Nullable Object> data) {
    Map<String, @Nullable Object> body = new LinkedHashMap<>();
    body.put("RequestId", nextRequestId());
    body.put("Message", "success");
    body.put("TraceId", "0b1639af16575057857241351e0000");
    body.put("Data", data);
    body.put("ErrorCode", "Null\n");
    body.put("Code", "200");
    body.put("Success", true);
    return Reply.json(body);
  }

  private Reply noSuchApi(Request request) {
    return error(
        request,
        404,
        "InvalidApi.NotFound",
        "Specified api is not found, please check your url and method.");
  }

  private Reply error(Request request, int status, String code, String message) {
    return Acs3Verifier.error(this, request, status, code, message);
  }
}
