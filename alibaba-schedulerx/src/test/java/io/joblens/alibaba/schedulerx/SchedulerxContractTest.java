package io.joblens.alibaba.schedulerx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.joblens.Finality;
import io.joblens.JobClient;
import io.joblens.JobPage;
import io.joblens.JobQuery;
import io.joblens.JobRun;
import io.joblens.JobServiceException.Kind;
import io.joblens.JobState;
import io.joblens.RawRequest;
import io.joblens.RunListing;
import io.joblens.RunRef;
import io.joblens.TaskCounts;
import io.joblens.Trigger;
import io.joblens.UnsupportedQueryException;
import io.joblens.spi.StateTable;
import io.joblens.testkit.AlibabaSchedulerxCloud;
import io.joblens.testkit.FakeCloud;
import io.joblens.testkit.FakeCloud.Reply;
import io.joblens.testkit.FakeJob;
import io.joblens.testkit.FakeRun;
import io.joblens.testkit.ProviderContract;
import io.joblens.testkit.World;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** The contract of every provider, and what SchedulerX has besides, against its fake cloud. */
class SchedulerxContractTest extends ProviderContract {
  private static final String GROUP = "testSchedulerx.defaultGroup";
  private static final String JOB = "92583";

  private UnaryOperator<AlibabaSchedulerx.Builder> change =
      builder -> builder.timeZone(ZoneId.of("Asia/Shanghai"));

  @Override
  protected FakeCloud cloud(World shown) {
    return new AlibabaSchedulerxCloud(shown);
  }

  @Override
  protected AlibabaSchedulerx.Builder client() {
    return change.apply(
        AlibabaSchedulerx.builder().region("cn-hangzhou").namespace("ns").group(GROUP));
  }

  @Override
  protected FakeRun.Builder run(String id) {
    return FakeRun.builder(id).region("cn-hangzhou").namespace("ns").group(GROUP).job(JOB);
  }

  @Override
  protected List<String> idsOf(String runId) {
    return List.of("ns", GROUP, JOB, runId);
  }

  @Override
  protected String runId(int number) {
    return Integer.toString(11111111 + number);
  }

  @Override
  protected StateTable states() {
    return SchedulerxStates.TABLE;
  }

  @Override
  protected String unknownWord() {
    return "77";
  }

  @Override
  protected boolean pagesByRows() {
    return false;
  }

  @Override
  protected Optional<FakeJob> job() {
    return Optional.of(
        FakeJob.builder(JOB)
            .namespace("ns")
            .group(GROUP)
            .name("helloworld")
            .field("Parameters", "--password " + CANARY)
            .field("Content", CANARY)
            .field(
                "JobMonitorInfo",
                Map.of("ContactInfo", List.of(Map.of("Ding", "https://x/?t=" + CANARY))))
            .build());
  }

  @Override
  protected List<String> idsOfJob(String jobId) {
    return List.of(jobId.equals("no-such-job") ? "404" : jobId);
  }

  @Override
  protected List<ErrorCase> errors() {
    return List.of(
        new ErrorCase(
            "Throttling.User",
            gateway(400, "Throttling.User", "Request was denied due to user flow control."),
            Kind.THROTTLED,
            Optional.of("r-1")),
        new ErrorCase(
            "InvalidAccessKeyId.NotFound",
            gateway(404, "InvalidAccessKeyId.NotFound", "Specified access key is not found."),
            Kind.AUTHENTICATION,
            Optional.of("r-1")),
        new ErrorCase(
            "MissingRegionId",
            gateway(400, "MissingRegionId", "RegionId is mandatory for this action."),
            Kind.INVALID_REQUEST,
            Optional.of("r-1")),
        new ErrorCase(
            "-10003 inside 200",
            Reply.json(
                Map.of(
                    "Success",
                    false,
                    "Code",
                    -10003,
                    "Message",
                    "groupId not exist",
                    "RequestId",
                    "r-1")),
            Kind.NOT_FOUND,
            Optional.of("r-1")));
  }

  @Override
  protected RawRequest raw() {
    return RawRequest.action("GetJobInfo")
        .query("Namespace", "ns")
        .query("GroupId", GROUP)
        .query("JobId", JOB)
        .repeatable()
        .build();
  }

  @Test
  void aRunIsReadWithAllThatTheVendorSays() {
    world.add(
        run("5")
            .name("ManualJob")
            .message("3 of 20 failed")
            .trigger("2")
            .tasks(TaskCounts.builder().total(20L).running(0L).succeeded(17L).failed(3L).build())
            .scheduled(Duration.ofMinutes(-10))
            .data(Duration.ofDays(-1))
            .starts(Duration.ofMinutes(-9), "3")
            .ends(Duration.ofMinutes(-5), "11"));
    JobClient client = connect(open());

    JobRun run = client.getRun(client.runRef(JOB, "5"));
    assertThat(run.name()).contains("ManualJob");
    assertThat(run.state()).isEqualTo(JobState.FAILED);
    assertThat(run.finality()).isEqualTo(Finality.FINISHED);
    assertThat(run.message()).contains("3 of 20 failed");
    assertThat(run.trigger()).isEqualTo(Trigger.BACKFILL);
    assertThat(run.scheduledAt()).contains(world.start().minus(Duration.ofMinutes(10)));
    assertThat(run.dataAt()).contains(world.start().minus(Duration.ofDays(1)));
    assertThat(run.duration()).contains(Duration.ofMinutes(4));
    assertThat(run.tasks().failed()).hasValue(3);
    assertThat(run.notes()).isEmpty();
    JobRun listed = client.listRuns(JobQuery.ALL).runs().get(0);
    assertThat(listed.name()).isEmpty();
    assertThat(listed.tasks()).isEqualTo(run.tasks());
  }

  @Test
  void partlyFailedIsNoEndWhileTheVendorTriesAgain() {
    world.add(
        run("5")
            .at(Duration.ZERO, "3")
            .at(Duration.ofMinutes(2), "11")
            .at(Duration.ofMinutes(2).plusSeconds(40), "3")
            .ends(Duration.ofMinutes(4), "4"));
    JobClient client = connect(open());

    JobRun done = client.waiter().until(client.runRef(JOB, "5"), Duration.ofMinutes(30));
    assertThat(done.rawState()).isEqualTo("4");
    assertThat(done.state()).isEqualTo(JobState.SUCCEEDED);
  }

  @Test
  void partlyFailedThatStandsUnchangedIsAnEnd() {
    world.add(run("5").at(Duration.ZERO, "3").at(Duration.ofMinutes(2), "11"));
    JobClient client = connect(open());

    JobRun done = client.waiter().until(client.runRef(JOB, "5"), Duration.ofMinutes(30));
    assertThat(done.rawState()).isEqualTo("11");
    assertThat(done.isFinished()).isTrue();
    assertThat(time.elapsed()).isBetween(Duration.ofMinutes(3), Duration.ofMinutes(5));
  }

  @Test
  void anEditionThatShowsTheLatestTenRunsOnlyIsSaidToHaveLeftSomeOut() {
    addRuns(15);
    AlibabaSchedulerxCloud cloud = (AlibabaSchedulerxCloud) open();
    cloud.latestTenOnly(true);

    JobPage page = connect(cloud).listRuns(JobQuery.ALL);
    assertThat(page.runs()).hasSize(10);
    assertThat(page.total().exact()).isFalse();
    assertThat(page.notes()).anyMatch(note -> note.contains("latest 10"));
    RunListing listing = connect(cloud).listAllRuns(JobQuery.ALL);
    assertThat(listing.stream()).hasSize(10);
    assertThat(listing.coverage().isComplete()).isFalse();
  }

  @Test
  void aWindowIsAskedForWiderThanItIsAndAppliedAsItIs() {
    for (int hours = 0; hours < 100; hours += 5) {
      world.add(run(runId(hours)).at(Duration.ofHours(-hours), "4"));
    }
    FakeCloud cloud = open();
    JobQuery query =
        JobQuery.builder()
            .since(world.start().minus(Duration.ofHours(50)))
            .until(world.start().minus(Duration.ofHours(30)))
            .build();

    assertThat(connect(cloud).listRuns(query).runs())
        .extracting(run -> run.ref().runId())
        .containsExactlyInAnyOrder(runId(35), runId(40), runId(45), runId(50));
    long since = Long.parseLong(cloud.requests().get(0).parameter("StartTimestamp").orElseThrow());
    assertThat(since).isEqualTo(world.start().minus(Duration.ofHours(50 + 24)).toEpochMilli());
  }

  @Test
  void aZoneThatIsAssumedIsNoted() {
    addRuns(1);
    change = builder -> builder;

    assertThat(connect(open()).listRuns(JobQuery.ALL).runs().get(0).notes())
        .containsExactly("zone assumed Asia/Shanghai");
  }

  @Test
  void jobsOfSeveralGroupsAreListedByTheirAliases() {
    world.add(run("1").at(Duration.ZERO, "3"));
    world.add(run("2").group("g2").job("8").at(Duration.ZERO, "3"));
    world.add(run("3").group("g2").job("9").at(Duration.ZERO, "3"));
    change = builder -> builder.jobs(List.of(JOB, "g2/8")).aliases(Map.of("g2/8", "settle"));
    JobClient client = connect(open());

    assertThat(client.listAllRuns(JobQuery.ALL).stream())
        .extracting(run -> run.ref().runId())
        .containsExactlyInAnyOrder("1", "2");
    JobRun settle = client.listRuns(JobQuery.builder().job("settle").build()).runs().get(0);
    assertThat(settle.ref().job().jobId()).isEqualTo("8");
    assertThat(settle.name()).contains("settle");
  }

  @Test
  void aNameIsNoFilterOfListsBecauseTheirRowsHaveNone() {
    addRuns(1);
    FakeCloud cloud = open();
    JobQuery query = JobQuery.builder().name("etl-*").build();

    assertThatThrownBy(() -> connect(cloud).listRuns(query))
        .isInstanceOf(UnsupportedQueryException.class)
        .hasMessageContaining("name");
    assertThat(cloud.requests()).isEmpty();
    JobClient client = connect(cloud);
    List<RunRef> refs = List.of(client.runRef(JOB, runId(0)));
    assertThat(client.listRuns(query.toBuilder().runs(refs).build()).runs()).isEmpty();
  }

  private static Reply gateway(int status, String code, String message) {
    return Reply.json(
        status, Map.of("RequestId", "r-1", "HostId", "x", "Code", code, "Message", message));
  }
}
