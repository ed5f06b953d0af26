package io.joblens.huawei.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.joblens.CheckUp;
import io.joblens.FoundJobs;
import io.joblens.Job;
import io.joblens.JobClient;
import io.joblens.JobQuery;
import io.joblens.JobRun;
import io.joblens.JobServiceException;
import io.joblens.JobServiceException.Kind;
import io.joblens.JobState;
import io.joblens.QueryPlan;
import io.joblens.RunDetail;
import io.joblens.RunListing;
import io.joblens.TaskCounts;
import io.joblens.TaskDetail;
import io.joblens.spi.Credentials;
import io.joblens.testkit.FakeCloud;
import io.joblens.testkit.FakeJob;
import io.joblens.testkit.FakeRun;
import io.joblens.testkit.FakeTask;
import io.joblens.testkit.HuaweiWorkspaceCloud;
import io.joblens.testkit.ManualTime;
import io.joblens.testkit.World;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of tasks and servers, and of several projects at once, asked of the fake cloud. */
final class WorkspaceDiagnosisTest {
  private static final List<String> PROJECTS = List.of("p1", "p2", "p3");

  private final ManualTime time = ManualTime.autoAdvancing(Instant.parse("2026-03-01T12:00:00Z"));
  private final World world = new World(time);
  private final HuaweiWorkspaceCloud cloud = new HuaweiWorkspaceCloud(world);
  private final List<JobClient> clients = new ArrayList<>();

  WorkspaceDiagnosisTest() {
    cloud.addKey("id", "canary-secret");
  }

  @AfterEach
  void close() {
    clients.forEach(JobClient::close);
    cloud.close();
  }

  @Test
  void theServersOfARunAreShownTheFailedOnesFirst() {
    world.add(
        record()
            .task(new FakeTask("APS-1", "SUCCESS"))
            .task(new FakeTask("APS-2", "FAILED").reason("The server is locked."))
            .task(new FakeTask("APS-3", "RUNNING")));

    RunDetail detail = diagnose();

    assertThat(detail.run().state()).isEqualTo(JobState.FAILED);
    assertThat(detail.tasks())
        .extracting(TaskDetail::name)
        .containsExactly("APS-2", "APS-1", "APS-3");
    assertThat(detail.tasks().get(0).reason()).hasValue("WKS.00129901: The server is locked.");
    assertThat(detail.tasks().get(0).startedAt()).isPresent();
    assertThat(detail.notes()).isEmpty();
    assertThat(cloud.requests())
        .extracting(FakeCloud.Request::path)
        .containsExactly(
            "/v1/p1/schedule-task/t/execute-history", "/v1/p1/schedule-task/r/execute-detail");
  }

  @Test
  void ofManyServersSomeAreReadAndTheLimitIsNamed() {
    FakeRun.Builder run = record();
    for (int i = 0; i < 1200; i++) {
      run.task(new FakeTask("APS-" + i, i == 7 ? "FAILED" : "SUCCESS"));
    }
    world.add(run);

    RunDetail detail = diagnose();

    assertThat(detail.tasks()).hasSize(500).first().extracting(TaskDetail::name).isEqualTo("APS-7");
    assertThat(detail.notes()).containsExactly("only the first 500 of 1200 servers were read");
    assertThat(cloud.requests()).hasSize(6);
  }

  @Test
  void theRunStandsWithoutServersThatMayNotBeRead() {
    cloud.deny("ListTaskExecuteDetail");
    world.add(record().task(new FakeTask("APS-1", "FAILED")));

    RunDetail detail = diagnose();

    assertThat(detail.run().state()).isEqualTo(JobState.FAILED);
    assertThat(detail.tasks()).isEmpty();
    assertThat(detail.notes())
        .singleElement()
        .asString()
        .contains("the servers were not read", "workspace:scheduledTasks:getRecord");
  }

  @Test
  void theRunStandsWithoutServersBehindAGatewayThatFails() {
    world.add(record().task(new FakeTask("APS-1", "FAILED")));
    cloud.onReply(
        (request, reply) ->
            request.path().endsWith("/execute-detail")
                ? FakeCloud.Reply.of(502, "text/html", "<html>Bad Gateway</html>")
                : reply);

    assertThat(diagnose().notes())
        .singleElement()
        .asString()
        .contains("the servers were not read: UNAVAILABLE (HTTP 502)");
  }

  @Test
  void ofARunThatWaitsItIsSaidThatTheVendorDoesNotTellWhatFor() {
    world.add(FakeRun.builder("r").namespace("p1").job("t").at(Duration.ofMinutes(-5), "WAITING"));

    assertThat(diagnose().notes()).containsExactly("Workspace does not tell what a run waits for");
  }

  @Test
  void aRunOfATaskThatIsGoneIsNotFound() {
    assertThatThrownBy(this::diagnose)
        .isInstanceOfSatisfying(
            JobServiceException.class, e -> assertThat(e.kind()).isEqualTo(Kind.NOT_FOUND));
  }

  @Test
  void definitionsComeWithScheduleZoneStateAndWhetherTheyAreEnabled() {
    world.add(
        FakeJob.builder("t")
            .namespace("p1")
            .name("restart")
            .field("task_cron", "0 0 2 * * ?")
            .field("is_enable", false));
    world.add(record());

    FoundJobs found = client().listJobs(JobQuery.builder().states(JobState.FAILED).build());

    assertThat(found.jobs()).hasSize(1);
    Job job = found.jobs().get(0);
    assertThat(job.name()).hasValue("restart");
    assertThat(job.schedule()).hasValue("0 0 2 * * ?");
    assertThat(job.zone()).hasValue("Asia/Shanghai");
    assertThat(job.enabled()).hasValue(false);
    assertThat(job.lastState()).hasValue(JobState.FAILED);
    assertThat(job.attributes()).containsEntry("next_execution_time", "2022-12-23 09:00:00");
  }

  @Test
  void aCheckUpNamesThePermissionThatIsMissing() {
    assertThat(client().checkUp().isHealthy()).isTrue();
    cloud.deny("ListTaskExecuteHistory");
    CheckUp denied = client().checkUp();
    assertThat(denied.checks())
        .filteredOn(check -> check.problem().isPresent())
        .singleElement()
        .satisfies(
            check ->
                assertThat(check.problem().orElseThrow())
                    .hasMessageContaining("workspace:scheduledTasks:listRecords"));
  }

  /** The world that discovery is judged in: three projects in each of two regions. */
  @Test
  void whatThreeProjectsInTwoRegionsCostIsForetoldAndTheProblemsOfTheNightAreThere() {
    for (String project : PROJECTS) {
      for (int task = 0; task < 8; task++) {
        String id = project + "-task-" + task;
        world.add(FakeJob.builder(id).namespace(project).name("nightly-" + task));
        for (int night = 0; night < 5; night++) {
          Duration start = Duration.ofHours(-16).minusDays(night); // 20:00 the day before
          Duration end = start.plusHours(7);
          world.add(
              FakeRun.builder(id + "-" + night)
                  .namespace(project)
                  .job(id)
                  .tasks(TaskCounts.builder().total(2L).failed(task == 1 ? 1L : 0L).build())
                  .starts(start, "RUNNING")
                  .ends(end, task == 0 ? "FAILED" : "SUCCESS"));
        }
      }
    }
    JobQuery query =
        JobQuery.builder().problemsOnly(true).since(Instant.parse("2026-02-28T00:00:00Z")).build();
    for (String region : List.of("cn-north-4", "ap-southeast-1")) {
      JobClient client = connect(region, PROJECTS);
      QueryPlan plan = client.plan(query);
      cloud.clearRequests();

      RunListing listing = client.listAllRuns(query);
      List<JobRun> problems = listing.stream().toList();

      assertThat(plan.discovery()).isEqualTo(3);
      assertThat(plan.leastCalls()).isEqualTo(27).isEqualTo(cloud.requests().size());
      assertThat(listing.coverage().isComplete()).isTrue();
      assertThat(problems)
          .extracting(run -> run.ref().runId())
          .containsExactlyInAnyOrderElementsOf(
              PROJECTS.stream()
                  .flatMap(p -> List.of(p + "-task-0-0", p + "-task-1-0").stream())
                  .collect(Collectors.toList()));
      assertThat(problems).allMatch(run -> run.name().isPresent());
    }
  }

  private static FakeRun.Builder record() {
    return FakeRun.builder("r")
        .namespace("p1")
        .job("t")
        .starts(Duration.ofMinutes(-20), "RUNNING")
        .ends(Duration.ofMinutes(-5), "FAILED");
  }

  private RunDetail diagnose() {
    JobClient client = client();
    return client.diagnose(client.runRef("p1", "t", "r"));
  }

  private JobClient client() {
    return connect("cn-north-4", List.of("p1"));
  }

  private JobClient connect(String region, List<String> projects) {
    JobClient client =
        HuaweiWorkspace.builder()
            .name("ws")
            .region(region)
            .projectIds(projects)
            .endpoint(cloud.endpoint())
            .credentials(Credentials.accessKey("id", "canary-secret"))
            .time(time)
            .build();
    clients.add(client);
    return client;
  }
}
