package io.joblens.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import io.joblens.Job;
import io.joblens.JobClient;
import io.joblens.JobClientBuilder;
import io.joblens.JobPage;
import io.joblens.JobQuery;
import io.joblens.JobRun;
import io.joblens.JobState;
import io.joblens.alibaba.sae.AlibabaSae;
import io.joblens.alibaba.schedulerx.AlibabaSchedulerx;
import io.joblens.huawei.workspace.HuaweiWorkspace;
import io.joblens.tencent.batch.TencentBatch;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The five operations: what asks for each, and an answer with every kind of field in it. */
@SuppressWarnings("ImmutableEnumChecker") // what Map.of makes is immutable
enum Operation {
  /** Alibaba SAE, a page of a job's runs. */
  DESCRIBE_JOB_HISTORY(
      "DescribeJobHistory",
      Vendor.ALIBABA,
      "GET",
      "{\"RequestId\":\"53F15A18\",\"Message\":\"success\",\"TraceId\":\"0b16\",\"Data\":",
      """
      {"CurrentPage":1,"TotalSize":2,"PageSize":20,"Jobs":[
      {"JobId":"manual-1","Active":0,"Succeeded":3,"Failed":0,"StartTime":1657522800,
      "CompletionTime":1657522839,"Message":"Null\\n","OssAkSecret":"SECRET","State":"1"},
      {"JobId":"manual-2","Active":1,"Succeeded":0,"Failed":0,"StartTime":1657522800,"State":"3"}]}""",
      ",\"ErrorCode\":\"Null\\n\",\"Code\":\"200\",\"Success\":true}",
      Map.of(
          Place.ROWS, "\"Jobs\":[",
          Place.ID, "\"JobId\":\"manual-1\"",
          Place.STATE, "\"State\":\"1\"",
          Place.NUMBER, "\"Succeeded\":3",
          Place.TIME, "\"StartTime\":1657522800")),

  /** Alibaba SAE, a job. */
  DESCRIBE_JOB(
      "DescribeJob",
      Vendor.ALIBABA,
      "GET",
      "{\"RequestId\":\"01CF26C7\",\"Message\":\"success\",\"Data\":",
      """
      {"AppId":"app-1","AppName":"demo-app","Cpu":1000,"Timeout":60,"BackoffLimit":3,
      "OssAkSecret":"SECRET","Envs":"[{\\"name\\":\\"A\\",\\"value\\":\\"SECRET\\"}]",
      "PublicWebHookUrls":["https://h/webhook/putEvents?token=SECRET"],
      "PackageUrl":"https://b/p.zip?Signature=SECRET","LastStartTime":1657522800,
      "Tags":[{"Key":"k1","Value":"v1"}],"LastJobState":"1"}""",
      ",\"ErrorCode\":\"\",\"Code\":\"200\",\"Success\":true}",
      Map.of(
          Place.ROWS, "\"Tags\":[",
          Place.ID, "\"AppId\":\"app-1\"",
          Place.STATE, "\"LastJobState\":\"1\"",
          Place.NUMBER, "\"BackoffLimit\":3",
          Place.TIME, "\"LastStartTime\":1657522800")),

  /** Alibaba SchedulerX, one run. */
  GET_JOB_INSTANCE(
      "GetJobInstance",
      Vendor.ALIBABA,
      "GET",
      "{\"Code\":200,\"Message\":\"jobid: 92583 not match groupId: g\",\"RequestId\":\"4F68ABED\","
          + "\"Success\":true,\"Data\":",
      """
      {"JobInstanceDetail":{"Status":4,"Progress":"complete","Result":"success",
      "InstanceId":11111111,"TriggerType":3,"EndTime":"2022-07-11 15:00:39",
      "StartTime":"2022-07-11 15:00:00","JobId":92583,"Parameters":"SECRET","Content":"SECRET",
      "AppKey":"SECRET","JobName":"ManualJob"}}""",
      "}",
      Map.of(
          Place.ROWS, "\"JobInstanceDetail\":{",
          Place.ID, "\"InstanceId\":11111111",
          Place.STATE, "\"Status\":4",
          Place.NUMBER, "\"JobId\":92583",
          Place.TIME, "\"StartTime\":\"2022-07-11 15:00:00\"")),

  /** Tencent Batch, a page of jobs, which are their own runs. */
  DESCRIBE_JOBS(
      "DescribeJobs",
      Vendor.TENCENT,
      "POST",
      "{\"Response\":",
      """
      {"TotalCount":2,"JobSet":[
      {"JobId":"job-1","JobName":"hello","JobState":"SUCCEED","Priority":1,
      "Password":"SECRET","EnvVars":[{"Name":"A","Value":"SECRET"}],
      "CreateTime":"2022-07-11T07:00:00Z","EndTime":"2022-07-11T07:00:39Z",
      "TaskMetrics":{"SubmittedCount":0,"SucceedCount":7}},
      {"JobId":"job-2","JobState":"RUNNING"}],"RequestId":"87abb8e3"}""",
      "}",
      Map.of(
          Place.ROWS, "\"JobSet\":[",
          Place.ID, "\"JobId\":\"job-1\"",
          Place.STATE, "\"JobState\":\"SUCCEED\"",
          Place.NUMBER, "\"SucceedCount\":7",
          Place.TIME, "\"CreateTime\":\"2022-07-11T07:00:00Z\"")),

  /** Huawei Workspace, a page of a task's records. */
  LIST_TASK_EXECUTE_HISTORY(
      "ListTaskExecuteHistory",
      Vendor.HUAWEI,
      "GET",
      "{\"count\":2,\"items\":",
      """
      [{"id":"record-1","task_id":"task-1","status":"SUCCESS","total_count":3,
      "success_count":3,"failed_count":0,"begin_time":"2022-07-11T07:00:00.000Z",
      "create_time":"2022-07-11T07:00:00Z","end_time":"2022-07-11T07:00:39Z"},
      {"id":"record-2","task_id":"task-1","status":"RUNNING"}]""",
      "}",
      Map.of(
          Place.ROWS, "\"items\":[",
          Place.ID, "\"id\":\"record-1\"",
          Place.STATE, "\"status\":\"SUCCESS\"",
          Place.NUMBER, "\"total_count\":3",
          Place.TIME, "\"create_time\":\"2022-07-11T07:00:00Z\""));

  /** A place in an answer that holds one value of some kind. */
  enum Place {
    /** The rows, or the one row. */
    ROWS,
    ID,
    STATE,
    /** A whole number. */
    NUMBER,
    TIME
  }

  /** The time that stands in the answers. */
  static final Instant TIME = Instant.parse("2022-07-11T07:00:00Z");

  private final String action;
  private final Vendor vendor;
  private final String method;
  private final String before;
  private final String data;
  private final String after;
  private final Map<Place, String> places;

  Operation(
      String action,
      Vendor vendor,
      String method,
      String before,
      String data,
      String after,
      Map<Place, String> places) {
    this.action = action;
    this.vendor = vendor;
    this.method = method;
    this.before = before;
    this.data = data.replace("\n", "").replace("SECRET", Canaries.ANSWERED);
    this.after = after;
    this.places = places;
  }

  String action() {
    return action;
  }

  Vendor vendor() {
    return vendor;
  }

  /** Tells whether the operation is a GET, before which OkHttp does not look at its connection. */
  boolean isGet() {
    return method.equals("GET");
  }

  /** Returns a builder that lacks nothing but where the server is and who asks. */
  JobClientBuilder<?> builder() {
    return switch (this) {
      case DESCRIBE_JOB_HISTORY, DESCRIBE_JOB ->
          AlibabaSae.builder().region("cn-hangzhou").job("app-1");
      case GET_JOB_INSTANCE ->
          AlibabaSchedulerx.builder()
              .region("cn-hangzhou")
              .namespace("ns-1")
              .group("g")
              .timeZone(ZoneId.of("Asia/Shanghai"));
      case DESCRIBE_JOBS -> TencentBatch.builder().region("ap-guangzhou");
      case LIST_TASK_EXECUTE_HISTORY ->
          HuaweiWorkspace.builder().region("cn-north-4").projectId("project-1").job("task-1");
    };
  }

  /** Makes the one request that the operation is, and waits for its answer. */
  Object call(JobClient client) {
    return switch (this) {
      case DESCRIBE_JOB -> client.getJob(client.jobRef("app-1"));
      case GET_JOB_INSTANCE -> client.getRun(client.runRef("92583", "11111111"));
      default -> client.listRuns(JobQuery.ALL);
    };
  }

  /** Does the same without waiting. */
  CompletableFuture<?> start(JobClient client) {
    return switch (this) {
      case DESCRIBE_JOB -> client.async().getJob(client.jobRef("app-1"));
      case GET_JOB_INSTANCE -> client.async().getRun(client.runRef("92583", "11111111"));
      default -> client.async().listRuns(JobQuery.ALL);
    };
  }

  /** Returns the answer as it should be. */
  String json() {
    return around(data);
  }

  /** Returns the answer with something else for its data. */
  String around(String otherData) {
    return before + otherData + after;
  }

  /** Returns the answer with its data under a name that nobody asked for. */
  String withoutData() {
    String envelope = before.substring(before.lastIndexOf("\"", before.length() - 3));
    return json().replace(envelope, "\"Whatever\":");
  }

  /** Returns the answer with another value in a place. */
  String with(Place place, String value) {
    return replaced(place, name(place) + value);
  }

  /** Returns the answer with a place named as nobody knows it. */
  String without(Place place) {
    return replaced(place, "\"Whatever" + snippet(place).substring(1));
  }

  /** Returns the answer with another field beside an id. */
  String withField(String name, String value) {
    return replaced(Place.ID, "\"" + name + "\":" + value + "," + snippet(Place.ID));
  }

  /** Returns the answer with a place twice. */
  String twice(Place place) {
    String snippet = snippet(place);
    return replaced(place, snippet + "," + snippet);
  }

  /** Returns the answer with its rows, or its row, replaced: from where they begin to their end. */
  String withRows(String value) {
    if (this == LIST_TASK_EXECUTE_HISTORY) {
      return around(value);
    }
    return around("{" + name(Place.ROWS) + value + "}");
  }

  /** Returns the answer with numbers as text and text that is a number as a number. */
  String loose() {
    String number = snippet(Place.NUMBER).substring(name(Place.NUMBER).length());
    return with(Place.NUMBER, "\"" + number + "\"")
        .replace("\"Code\":\"200\"", "\"Code\":200")
        .replace("\"Code\":200,\"M", "\"Code\":\"200\",\"M")
        .replace("\"InstanceId\":11111111", "\"InstanceId\":\"11111111\"")
        .replace("State\":\"1\"", "State\":1")
        .replace("\"count\":2", "\"count\":\"2\"")
        .replace("\"TotalCount\":2", "\"TotalCount\":\"2\"");
  }

  /** Returns the answer with the words that vendors have for "no error", beside a success. */
  String withNoError() {
    return switch (this) {
      case DESCRIBE_JOB_HISTORY, DESCRIBE_JOB, GET_JOB_INSTANCE ->
          json()
              .replaceFirst(",?\"ErrorCode\":\"[^\"]*\"", "")
              .replace("\"Success\":true", "\"Success\":true,\"ErrorCode\":\"空\"");
      case DESCRIBE_JOBS -> json().replace("\"TotalCount\"", "\"Error\":null,\"TotalCount\"");
      case LIST_TASK_EXECUTE_HISTORY ->
          json().replace("\"count\"", "\"error_code\":\"Null\\n\",\"error_msg\":\"\",\"count\"");
    };
  }

  private String replaced(Place place, String text) {
    String snippet = snippet(place);
    String json = json();
    int at = json.indexOf(snippet);
    assertThat(at).as(this + " has no " + place).isNotNegative();
    return json.substring(0, at) + text + json.substring(at + snippet.length());
  }

  /** Returns a place's name and value. */
  private String snippet(Place place) {
    return places.getOrDefault(place, "");
  }

  private String name(Place place) {
    String snippet = snippet(place);
    return snippet.substring(0, snippet.indexOf(':') + 1);
  }

  /** Checks that the result says what the answer said: these rows, in these states. */
  void check(Object result) {
    if (result instanceof Job job) {
      assertThat(job.ref().jobId()).isEqualTo("app-1");
      assertThat(job.name()).contains("demo-app");
      assertThat(job.lastState()).contains(JobState.SUCCEEDED);
      assertThat(job.retries()).hasValue(3);
      return;
    }
    Map<String, JobState> states =
        runs(result).stream().collect(Collectors.toMap(run -> run.ref().runId(), JobRun::state));
    assertThat(states)
        .isEqualTo(
            switch (this) {
              case DESCRIBE_JOB_HISTORY ->
                  Map.of("manual-1", JobState.SUCCEEDED, "manual-2", JobState.RUNNING);
              case GET_JOB_INSTANCE -> Map.of("11111111", JobState.SUCCEEDED);
              case DESCRIBE_JOBS -> Map.of("job-1", JobState.SUCCEEDED, "job-2", JobState.RUNNING);
              default -> Map.of("record-1", JobState.SUCCEEDED, "record-2", JobState.RUNNING);
            });
    assertThat(time(runs(result).get(0))).isEqualTo(TIME);
  }

  /** Returns the time of the run that stands in the answer's place for one. */
  @Nullable Instant time(JobRun run) {
    return (this == GET_JOB_INSTANCE ? run.startedAt() : run.createdAt()).orElse(null);
  }

  /** Returns the runs of a result, which is a page or a run. */
  static List<JobRun> runs(Object result) {
    return result instanceof JobPage page ? page.runs() : List.of((JobRun) result);
  }

  /** Returns all that a result can be made to say. */
  static String words(Object result) {
    if (result instanceof Job job) {
      return job + job.toJson() + job.attributes() + job.raw();
    }
    return result
        + runs(result).stream()
            .map(run -> run + run.toJson() + run.attributes() + run.raw() + run.notes())
            .collect(Collectors.joining());
  }
}
