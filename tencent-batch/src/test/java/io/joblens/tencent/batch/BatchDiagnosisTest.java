package io.joblens.tencent.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.joblens.CheckUp;
import io.joblens.JobClient;
import io.joblens.JobQuery;
import io.joblens.JobRun;
import io.joblens.JobServiceException;
import io.joblens.JobServiceException.Kind;
import io.joblens.JobState;
import io.joblens.QueryPlan;
import io.joblens.RunDetail;
import io.joblens.TaskCounts;
import io.joblens.TaskDetail;
import io.joblens.UnsupportedQueryException;
import io.joblens.spi.Credentials;
import io.joblens.spi.LogTail;
import io.joblens.testkit.FakeCloud;
import io.joblens.testkit.FakeRun;
import io.joblens.testkit.FakeTask;
import io.joblens.testkit.ManualTime;
import io.joblens.testkit.TencentBatchCloud;
import io.joblens.testkit.World;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Why a job failed, asked of the fake cloud. */
class BatchDiagnosisTest {
  private static final String ID = "job-1abcdefg";

  private final ManualTime time = ManualTime.autoAdvancing(Instant.parse("2026-03-01T12:00:00Z"));
  private final World world = new World(time);
  private final TencentBatchCloud cloud = new TencentBatchCloud(world);
  private final JobClient client =
      TencentBatch.builder()
          .name("batch")
          .region("ap-guangzhou")
          .endpoint(cloud.endpoint())
          .credentials(Credentials.accessKey("id", "canary-secret"))
          .time(time)
          .build();

  BatchDiagnosisTest() {
    cloud.addKey("id", "canary-secret");
  }

  @AfterEach
  void close() {
    client.close();
    cloud.close();
  }

  @Test
  void aFailedTaskIsShownByItsFailedInstancesWithExitCodeReasonAndLog() {
    world.add(
        failed()
            .message("task etl failed")
            .task(new FakeTask("etl/0", "SUCCEED").exitCode(0).log("all is well"))
            .task(
                new FakeTask("etl/1", "FAILED")
                    .exitCode(137)
                    .reason("out of memory")
                    .log("数据\nkilled\n"))
            .task(new FakeTask("report/0", "PENDING")));

    RunDetail detail = diagnose();

    assertThat(detail.run().state()).isEqualTo(JobState.FAILED);
    assertThat(detail.reason()).hasValue("task etl failed");
    assertThat(detail.tasks()).extracting(TaskDetail::name).containsExactly("etl/1", "report");
    TaskDetail etl = detail.tasks().get(0);
    assertThat(etl.exitCode()).hasValue(137);
    assertThat(etl.reason()).hasValue("out of memory");
    assertThat(etl.logTail()).hasValue("StdoutLog:\n数据\nkilled\n");
    assertThat(actions()).containsExactly("DescribeJob", "DescribeTask", "DescribeTaskLogs");
  }

  @Test
  void whatIsNotFailedCostsOneCall() {
    world.add(
        FakeRun.builder(ID)
            .at(Duration.ofMinutes(-5), "RUNNABLE")
            .task(new FakeTask("etl/0", "RUNNABLE")));

    RunDetail detail = diagnose();

    assertThat(detail.waitingFor()).hasValue("a compute node");
    assertThat(detail.notes()).isEmpty();
    assertThat(actions()).containsExactly("DescribeJob");
  }

  @Test
  void itCostsOneCallAndTwoForEachFailedTaskUpToALimitThatItNames() {
    FakeRun.Builder run = failed();
    for (int i = 0; i < 37; i++) {
      run.task(new FakeTask("t" + i + "/0", i % 2 == 0 ? "FAILED" : "FAILED_INTERRUPTED"));
    }
    world.add(run.task(new FakeTask("good/0", "SUCCEED")));

    RunDetail detail = diagnose();

    Map<String, Long> calls =
        actions().stream().collect(Collectors.groupingBy(name -> name, Collectors.counting()));
    assertThat(calls)
        .containsOnly(
            Map.entry("DescribeJob", 1L),
            Map.entry("DescribeTask", 10L),
            Map.entry("DescribeTaskLogs", 10L));
    assertThat(detail.tasks()).hasSize(38);
    assertThat(detail.notes())
        .containsExactly("only the first 10 of 37 failed tasks were looked into");
  }

  @Test
  void ofManyFailedInstancesSomeAreShownAndTheNumberIsSaid() {
    FakeRun.Builder run = failed();
    for (int i = 0; i < 57; i++) {
      run.task(new FakeTask("etl/" + i, "FAILED").log("line " + i));
    }
    world.add(run);

    RunDetail detail = diagnose();

    assertThat(detail.tasks()).hasSize(5).allMatch(task -> task.logTail().isPresent());
    assertThat(detail.notes()).containsExactly("task etl: 5 of its 57 failed instances are shown");
    assertThat(actions()).hasSize(3);
  }

  @Test
  void failedTasksThatAreCountedButNotListedAreSaid() {
    world.add(failed().tasks(TaskCounts.builder().succeeded(4L).failed(3L).build()));

    RunDetail detail = diagnose();

    assertThat(detail.notes())
        .containsExactly("3 failed by the vendor's count, none of those that were read");
    assertThat(actions()).containsExactly("DescribeJob");
  }

  @Test
  void aFailedTaskWithoutInstancesIsSaid() {
    world.add(failed().task(new FakeTask("etl/0", "FAILED")));
    cloud.onReply(
        (request, reply) ->
            request.header("X-TC-Action").orElse("").equals("DescribeTask")
                ? FakeCloud.Reply.json(Map.of("Response", Map.of("RequestId", "r-1")))
                : reply);

    RunDetail detail = diagnose();

    assertThat(detail.tasks()).extracting(TaskDetail::name).containsExactly("etl");
    assertThat(detail.notes())
        .containsExactly("task etl: DescribeTask lists none of its instances");
    assertThat(actions()).containsExactly("DescribeJob", "DescribeTask");
  }

  @Test
  void logsAreCutAndWithoutSecretsInBothForms() {
    String noise = "0123456789abcdef 数据处理\n".repeat(500);
    String secrets =
        "password=CanaryOne\nAuthorization: Bearer CanaryTwo-abcdefgh\n{\"SecretKey\": \"CanaryThree\"}"
            + "\nAKIDCanaryFour12345678\nafterwards";
    world.add(
        failed()
            .task(
                new FakeTask("etl/0", "FAILED")
                    .log("db_password=" + "Canary".repeat(400) + "\n" + noise + secrets)
                    .field("StderrLog", base64(secrets)))
            .task(
                new FakeTask("load/0", "FAILED")
                    // the vendor's cut goes through the value, and leaves its name away
                    .log("db_password=" + "Canary".repeat(400) + "\nrest")));

    RunDetail detail = diagnose();

    assertThat(detail.toJson()).doesNotContain("Canary");
    String log = detail.tasks().get(0).logTail().orElseThrow();
    assertThat(log.length()).isLessThanOrEqualTo(LogTail.MOST);
    assertThat(log)
        .contains("StdoutLog:", "StderrLog:", "password=***")
        .doesNotContain("\ufffd")
        .endsWith("afterwards");
    assertThat(detail.tasks().get(1).logTail()).hasValue("StdoutLog:\nrest");
  }

  @Test
  void whatMayNotBeReadIsNotedWithItsPermission() {
    cloud.deny("DescribeTaskLogs");
    world.add(failed().task(new FakeTask("etl/0", "FAILED").exitCode(1).log("never seen")));

    RunDetail detail = diagnose();

    assertThat(detail.tasks().get(0).exitCode()).hasValue(1);
    assertThat(detail.tasks().get(0).logTail()).isEmpty();
    assertThat(detail.notes())
        .singleElement()
        .asString()
        .contains("the logs of task etl were not read", "batch:DescribeTaskLogs");

    cloud.deny("DescribeTask");
    assertThat(diagnose().notes())
        .singleElement()
        .asString()
        .contains("task etl was not looked into", "batch:DescribeTask");
  }

  @Test
  void whatAnsweredBeforeSurvivesAGatewayThatFailsLater() {
    world.add(
        failed().message("task etl failed").task(new FakeTask("etl/0", "FAILED").exitCode(137)));
    String[] broken = {"DescribeTaskLogs"};
    cloud.onReply(
        (request, reply) ->
            request.header("X-TC-Action").orElse("").equals(broken[0])
                ? FakeCloud.Reply.of(502, "text/html", "<html>Bad Gateway</html>")
                : reply);

    RunDetail detail = diagnose();

    assertThat(detail.reason()).hasValue("task etl failed");
    assertThat(detail.tasks().get(0).exitCode()).hasValue(137);
    assertThat(detail.notes())
        .singleElement()
        .asString()
        .contains("the logs of task etl were not read: UNAVAILABLE (HTTP 502)");
    assertThat(actions()).filteredOn("DescribeTaskLogs"::equals).hasSize(3);

    broken[0] = "DescribeTask";
    assertThat(diagnose().notes())
        .singleElement()
        .asString()
        .contains("task etl was not looked into: UNAVAILABLE (HTTP 502)");

    broken[0] = "DescribeJob";
    assertThatThrownBy(this::diagnose).isInstanceOf(JobServiceException.class);
  }

  @Test
  void aKeyThatIsWrongEndsTheDiagnosis() {
    world.add(failed().task(new FakeTask("etl/0", "FAILED")));
    cloud.onReply(
        (request, reply) ->
            request.header("X-TC-Action").orElse("").equals("DescribeTask")
                ? error("AuthFailure.SignatureFailure")
                : reply);

    assertThatThrownBy(this::diagnose)
        .isInstanceOfSatisfying(
            JobServiceException.class, e -> assertThat(e.kind()).isEqualTo(Kind.AUTHENTICATION));
  }

  private static FakeCloud.Reply error(String code) {
    return FakeCloud.Reply.json(
        Map.of(
            "Response",
            Map.of("RequestId", "r-1", "Error", Map.of("Code", code, "Message", "no"))));
  }

  @Test
  void aFullPageOfInstancesWithoutACountIsTakenAsCut() {
    FakeRun.Builder run = failed();
    for (int i = 0; i < 50; i++) {
      run.task(new FakeTask("etl/" + i, "FAILED"));
    }
    world.add(run);
    cloud.onReply(
        (request, reply) ->
            request.header("X-TC-Action").orElse("").equals("DescribeTask")
                ? FakeCloud.Reply.json(
                    Map.of(
                        "Response",
                        Map.of(
                            "RequestId",
                            "r-1",
                            "TaskInstanceTotalCount",
                            50,
                            "TaskInstanceMetrics",
                            Map.of(),
                            "TaskInstanceSet",
                            IntStream.range(0, 5)
                                .mapToObj(
                                    i ->
                                        Map.of(
                                            "TaskInstanceIndex", i, "TaskInstanceState", "FAILED"))
                                .toList())))
                : reply);

    assertThat(diagnose().notes())
        .containsExactly("task etl: 5 failed instances are shown; there may be more among its 50");
  }

  @Test
  void aJobThatIsNotThereIsNotFound() {
    assertThatThrownBy(this::diagnose)
        .isInstanceOfSatisfying(
            JobServiceException.class, e -> assertThat(e.kind()).isEqualTo(Kind.NOT_FOUND));
  }

  @Test
  void thereIsNoListOfJobsAndItSaysSo() {
    assertThatThrownBy(() -> client.listJobs(JobQuery.ALL))
        .isInstanceOf(UnsupportedQueryException.class)
        .hasMessageContaining("is its own run");
    assertThat(cloud.requests()).isEmpty();
  }

  @Test
  void aCheckUpTriesEachOperationAndNamesWhatIsMissing() {
    CheckUp healthy = client.checkUp();
    assertThat(healthy.isHealthy()).as("%s", healthy.checks()).isTrue();
    assertThat(actions())
        .containsExactly("DescribeJobs", "DescribeJob", "DescribeTask", "DescribeTaskLogs");

    cloud.deny("DescribeTask");
    assertThat(client.checkUp().checks())
        .filteredOn(check -> check.problem().isPresent())
        .singleElement()
        .satisfies(
            check ->
                assertThat(check.problem().orElseThrow())
                    .hasMessageContaining("batch:DescribeTask"));
  }

  @Test
  void anEmptyListingSaysWhereElseToLook() {
    assertThat(client.listRuns(JobQuery.ALL).notes())
        .anySatisfy(note -> assertThat(note).contains("ap-guangzhou"))
        .anySatisfy(note -> assertThat(note).contains("batch.intl.tencentcloudapi.com"));
  }

  @Test
  void aWrongRegionIsSaidSo() {
    try (JobClient wrong =
        TencentBatch.builder()
            .region("cn-guangzhou")
            .endpoint(cloud.endpoint())
            .credentials(Credentials.accessKey("id", "canary-secret"))
            .time(time)
            .build()) {
      assertThatThrownBy(() -> wrong.listRuns(JobQuery.ALL))
          .isInstanceOf(JobServiceException.class)
          .hasMessageContaining("the service is not in region cn-guangzhou");
    }
  }

  /** The world that listings are judged in: 900 jobs, of which no filter of the vendor's picks. */
  @Test
  void theProblemsOfNineHundredJobsAreFoundWithTenRequests() {
    for (int i = 0; i < 900; i++) {
      boolean partly = i % 90 == 1;
      world.add(
          FakeRun.builder("job-" + (10000000 + i))
              .region("ap-guangzhou")
              .tasks(TaskCounts.builder().succeeded(3L).failed(partly ? 1L : 0L).build())
              .starts(Duration.ofHours(-16).minusMinutes(i), "RUNNING")
              .ends(Duration.ofHours(-9).minusMinutes(i), i % 90 == 0 ? "FAILED" : "SUCCEED"));
    }
    JobQuery query =
        JobQuery.builder().problemsOnly(true).since(Instant.parse("2026-02-28T00:00:00Z")).build();

    QueryPlan plan = client.plan(query);
    assertThat(cloud.requests()).isEmpty();
    List<JobRun> problems = client.listAllRuns(query).stream().toList();

    // each page after the first begins with the last row of the one before
    assertThat(cloud.requests()).hasSize(10);
    assertThat(plan.discovery()).isZero();
    assertThat(plan.leastCalls()).isEqualTo(1);
    assertThat(problems)
        .hasSize(20)
        .allMatch(run -> run.createdAt().orElseThrow().isAfter(query.since().orElseThrow()));
    assertThat(problems).extracting(JobRun::state).contains(JobState.SUCCEEDED, JobState.FAILED);
  }

  private static FakeRun.Builder failed() {
    return FakeRun.builder(ID)
        .region("ap-guangzhou")
        .name("nightly")
        .starts(Duration.ofMinutes(-50), "RUNNING")
        .ends(Duration.ofMinutes(-5), "FAILED");
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private RunDetail diagnose() {
    return client.diagnose(client.runRef(ID));
  }

  private List<String> actions() {
    return cloud.requests().stream()
        .map(request -> request.header("X-TC-Action").orElse(""))
        .toList();
  }
}
