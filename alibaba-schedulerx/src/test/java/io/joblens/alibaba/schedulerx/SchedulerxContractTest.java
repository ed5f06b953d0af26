package io.joblens.alibaba.schedulerx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.joblens.CheckUp;
import io.joblens.Finality;
import io.joblens.JobClient;
import io.joblens.JobPage;
import io.joblens.JobQuery;
import io.joblens.JobRun;
import io.joblens.JobServiceException;
import io.joblens.JobServiceException.Kind;
import io.joblens.JobState;
import io.joblens.PageToken;
import io.joblens.QueryPlan;
import io.joblens.RawRequest;
import io.joblens.RunDetail;
import io.joblens.RunListing;
import io.joblens.TaskCounts;
import io.joblens.Trigger;
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
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
            Optional.of("r-1")),
        new ErrorCase(
            "1003 inside 200",
            Reply.json(
                Map.of(
                    "Success",
                    false,
                    "Code",
                    1003,
                    "Message",
                    "No access permission for the namespace [***]",
                    "RequestId",
                    "r-1")),
            Kind.ACCESS_DENIED,
            Optional.of("r-1")));
  }

  @Override
  protected AlibabaSchedulerx.Builder finder() {
    return AlibabaSchedulerx.builder().region("cn-hangzhou");
  }

  @Override
  protected FakeJob.Builder jobNumber(int number) {
    return FakeJob.builder(Integer.toString(100 + number))
        .region("cn-hangzhou")
        .namespace("ns")
        .group("g" + number)
        .field("Parameters", CANARY)
        .field("Content", CANARY);
  }

  @Override
  protected FakeRun.Builder runOfJob(int number, String id) {
    return FakeRun.builder(id)
        .region("cn-hangzhou")
        .namespace("ns")
        .group("g" + number)
        .job(Integer.toString(100 + number));
  }

  @Override
  protected boolean listsRunsOfJob(int number, FakeCloud.Request request) {
    return request.header("x-acs-action").filter("GetJobInstanceList"::equals).isPresent()
        && request.parameter("GroupId").filter(("g" + number)::equals).isPresent();
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

  /** 12 groups of 40 jobs, each with a run in the window, all of which fit a page. */
  @Test
  void theProblemsOfTwelveGroupsAreOneListingEach() {
    for (int job = 0; job < 480; job++) {
      world.add(jobOf(job / 40, job));
      world.add(runOf(job / 40, job, 10_000 + job).ends(Duration.ofHours(-1), "4"));
    }
    world.add(runOf(0, 1, 1).at(Duration.ofHours(-2), "9"));
    world.add(
        runOf(1, 41, 2)
            .tasks(TaskCounts.builder().total(3L).running(0L).succeeded(2L).failed(1L).build())
            .ends(Duration.ofHours(-3), "4"));
    // begun at 20:00 of the day before, failed at 03:00
    world.add(
        runOf(2, 81, 3)
            .scheduled(Duration.ofHours(-16))
            .starts(Duration.ofHours(-16), "3")
            .ends(Duration.ofHours(-9), "5"));
    world.add(runOf(3, 121, 4).at(Duration.ofHours(-2), "11"));
    world.add(runOf(4, 161, 5).at(Duration.ofHours(-2), "77"));
    FakeCloud cloud = open();
    JobClient client = connect(cloud, finder());
    JobQuery query =
        JobQuery.builder()
            .problemsOnly(true)
            .since(world.start().minus(Duration.ofHours(36)))
            .build();

    QueryPlan plan = client.plan(query);
    assertThat(plan.discovery()).isEqualTo(2);
    assertThat(plan.leastCalls()).isEqualTo(14);
    assertThat(cloud.requests()).hasSize(2);
    cloud.clearRequests();
    assertThat(client.listAllRuns(query).stream().map(run -> run.ref().runId()))
        .containsExactlyInAnyOrder("1", "2", "3", "4", "5");
    assertThat(cloud.requests()).hasSize(14);
    cloud.clearRequests();
    JobQuery failed = query.toBuilder().problemsOnly(false).states(JobState.FAILED).build();
    assertThat(client.listAllRuns(failed).stream().map(run -> run.ref().runId()))
        .containsExactlyInAnyOrder("3", "4");
    assertThat(cloud.requests()).as("5 and 11").hasSize(2 + 24);
  }

  @Test
  void aGroupWhoseListLooksCutIsListedByJob() {
    for (int job = 0; job < 4; job++) {
      world.add(jobOf(0, job));
      for (int i = 0; i < 5; i++) {
        world.add(runOf(0, job, 100 * (job + 1) + i).at(Duration.ofHours(-i), "4"));
      }
    }
    world.add(jobOf(1, 7));
    world.add(runOf(1, 7, 900).at(Duration.ZERO, "4"));
    world.add(runOf(0, 9, 1_000).at(Duration.ofHours(1).negated(), "4")); // its job was deleted
    AlibabaSchedulerxCloud cloud = (AlibabaSchedulerxCloud) open();
    cloud.latestTenOnly(true);
    JobClient client = connect(cloud, finder());
    QueryPlan plan = client.plan(JobQuery.ALL);
    assertThat(plan.mostCalls()).isEmpty();
    assertThat(plan.notes())
        .singleElement(InstanceOfAssertFactories.STRING)
        .startsWith("a list that looks cut is read again job by job")
        .endsWith("that may happen to 2 of 2 lists");
    assertThat(cloud.requests()).as("the plan asks nothing for that").hasSize(2);
    cloud.clearRequests();
    RunListing listing = client.listAllRuns(JobQuery.ALL);

    assertThat(listing.stream().map(run -> run.ref().runId()))
        .doesNotHaveDuplicates()
        .hasSize(22)
        .contains("900", "1000");
    assertThat(listing.coverage().isComplete()).isTrue();
    assertThat(listing.coverage().toJson()).contains("looks cut after 10 runs");
    // namespaces, groups; two groups; the jobs of one, and each of them with the deleted one
    assertThat(cloud.requests()).hasSize(2 + 2 + 1 + 5);
    JobQuery named = JobQuery.builder().resolveNames(true).build();
    assertThat(client.listAllRuns(named).stream()).hasSize(22);
    assertThat(client.plan(named).notes())
        .as("once the names are known")
        .singleElement(InstanceOfAssertFactories.STRING)
        .endsWith("2 of 2 lists with 5 jobs");
    cloud.deny("ListJobs");
    JobClient refused = connect(cloud, finder());
    RunListing cut = refused.listAllRuns(JobQuery.ALL);
    assertThat(cut.stream()).hasSize(11);
    assertThat(refused.listAllRuns(named).stream()).hasSize(11);
    assertThat(refused.plan(named).notes())
        .as("names that may not be read do not tell how many there are")
        .anySatisfy(note -> assertThat(note).endsWith("2 of 2 lists"));
    assertThat(cut.coverage().isComplete()).isFalse();
  }

  @Test
  void aTokenGoesOnAmongTheJobsOfAGroupThatLookedCut() {
    for (int job = 0; job < 4; job++) {
      world.add(jobOf(0, job));
      for (int i = 0; i < 5; i++) {
        world.add(runOf(0, job, 100 * (job + 1) + i).at(Duration.ofHours(-i), "4"));
      }
    }
    AlibabaSchedulerxCloud cloud = (AlibabaSchedulerxCloud) open();
    cloud.latestTenOnly(true);
    Set<String> seen = new HashSet<>();
    Optional<PageToken> next = Optional.empty();
    do {
      JobClient another = connect(cloud, finder());
      JobPage page =
          next.isEmpty()
              ? another.listRuns(JobQuery.ALL)
              : another.listRuns(JobQuery.ALL, next.get());
      page.runs().forEach(run -> assertThat(seen.add(run.ref().runId())).isTrue());
      next = page.nextPageToken();
    } while (next.isPresent());
    assertThat(seen).hasSize(20);
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 5, 9, 10, 11, 20})
  void aGroupThatLooksCutShowsEachRunOnceForPagesOfAnySize(int size) {
    for (int job = 0; job < 4; job++) {
      world.add(jobOf(0, job));
      for (int i = 0; i < 5; i++) {
        world.add(runOf(0, job, 100 * (job + 1) + i).at(Duration.ofHours(-i), "4"));
      }
    }
    AlibabaSchedulerxCloud cloud = (AlibabaSchedulerxCloud) open();
    cloud.latestTenOnly(true);
    JobClient client = connect(cloud, finder());
    JobQuery query = JobQuery.builder().pageSize(size).build();
    assertThat(client.listAllRuns(query).stream().map(run -> run.ref().runId()))
        .doesNotHaveDuplicates()
        .hasSize(20);
    JobQuery limited = query.toBuilder().limit(12).build();
    assertThat(client.listAllRuns(limited).stream().map(run -> run.ref().runId()))
        .doesNotHaveDuplicates()
        .hasSize(12);
    cloud.clearRequests();
    assertThat(client.listRuns(JobQuery.builder().limit(5).build()).runs()).hasSize(5);
    assertThat(cloud.requests()).as("namespaces, groups, and the one page").hasSize(3);
  }

  @Test
  void aNamespaceThatMayNotBeReadIsReportedAndTheOthersListed() {
    for (String namespace : List.of("a", "b", "c")) {
      String id = Integer.toString(namespace.charAt(0));
      world.add(run(id).namespace(namespace).at(Duration.ZERO, "4"));
    }
    AlibabaSchedulerxCloud cloud = (AlibabaSchedulerxCloud) open();
    cloud.deny("b");
    JobClient client = connect(cloud, finder());
    RunListing listing = client.listAllRuns(JobQuery.ALL);

    assertThat(listing.stream().map(run -> run.ref().segments().get(0))).containsExactly("a", "c");
    assertThat(listing.coverage().toJson())
        .contains("cn-hangzhou:b")
        .contains("edas:ReadSchedulerxAppGroupQuery");
    assertThat(client.listJobs(JobQuery.ALL).failures()).hasSize(1);
    cloud.deny("a");
    cloud.deny("c");
    assertThatThrownBy(() -> client.listRuns(JobQuery.ALL))
        .as("nothing can be read")
        .isInstanceOf(JobServiceException.class);
    cloud.deny("ListNamespaces");
    assertThatThrownBy(() -> client.listRuns(JobQuery.ALL))
        .hasMessageContaining("edas:ReadSchedulerxNamespaceQuery");
  }

  @Test
  void aGroupWithoutRunsTakesNoNamesAndThePlanPromisesNone() {
    world.add(jobOf(0, 7));
    world.add(runOf(0, 7, 900).at(Duration.ZERO, "4"));
    AlibabaSchedulerxCloud cloud = (AlibabaSchedulerxCloud) open();
    cloud.addGroup("ns", "empty");
    JobClient client = connect(cloud, finder());
    JobQuery named = JobQuery.builder().resolveNames(true).build();
    QueryPlan plan = client.plan(named);
    cloud.clearRequests();

    assertThat(client.listAllRuns(named).stream()).hasSize(1);
    assertThat((long) cloud.requests().size())
        .isBetween(plan.leastCalls(), plan.expectedCalls())
        .isEqualTo(plan.expectedCalls() - 1);
    assertThat(plan.mostCalls()).as("nothing exact").isEmpty();
  }

  /** Ten rows where a hundred were asked for may be all there is, or all that is shown. */
  @Test
  void aGroupWithExactlyTenRunsIsPlannedAsAMinimum() {
    for (int i = 0; i < 10; i++) {
      world.add(jobOf(0, i));
      world.add(runOf(0, i, 100 + i).at(Duration.ofHours(-i), "4"));
    }
    FakeCloud cloud = open();
    JobClient client = connect(cloud, finder());
    QueryPlan plan = client.plan(JobQuery.ALL);
    cloud.clearRequests();

    assertThat(client.listAllRuns(JobQuery.ALL).stream()).hasSize(10);
    assertThat(plan.mostCalls()).isEmpty();
    assertThat((long) cloud.requests().size()).isGreaterThan(plan.leastCalls());
  }

  @Test
  void runsByIdAreOneCallEachAndPlannedSo() {
    world.add(run("1").at(Duration.ZERO, "3"));
    world.add(run("2").at(Duration.ZERO, "3"));
    FakeCloud cloud = open();
    JobClient client = connect(cloud);
    JobQuery query =
        JobQuery.builder().runs(List.of(client.runRef(JOB, "1"), client.runRef(JOB, "2"))).build();
    QueryPlan plan = client.plan(query);
    assertThat(client.listAllRuns(query).stream()).hasSize(2);
    assertThat(cloud.requests()).hasSize(2);
    assertThat(plan.leastCalls()).isEqualTo(2);
    assertThat(plan.mostCalls()).hasValue(2);
  }

  @Test
  void groupsWithoutJobsOrRunsCostOneListingAndNoError() {
    AlibabaSchedulerxCloud cloud = (AlibabaSchedulerxCloud) open();
    cloud.addGroup("ns", "empty");
    JobClient client = connect(cloud, finder());

    assertThat(client.listAllRuns(JobQuery.ALL).stream()).isEmpty();
    assertThat(cloud.requests()).hasSize(3);
    assertThat(client.listRuns(JobQuery.ALL).notes())
        .anyMatch(note -> note.contains("cn-hangzhou"))
        .anyMatch(note -> note.contains("latest ten"));
    assertThat(client.listJobs(JobQuery.ALL).jobs()).isEmpty();
  }

  @Test
  void theReasonIsResultProgressAndTheEndOfTheLog() {
    world.add(
        run("5")
            .message("code=500, disk full")
            .field(
                "Progress",
                "{\"taskProgress\":[{\"name\":\"MAP_TASK_ROOT\",\"total\":1,\"pulled\":0,"
                    + "\"running\":0,\"success\":1,\"failed\":0},{\"name\":\"rows\","
                    + "\"total\":20,\"pulled\":0,\"running\":0,\"success\":17,\"failed\":3},"
                    + "{\"name\":\"late\",\"total\":4,\"running\":2,\"success\":1,\"failed\":0},"
                    + "{\"name\":\"later\",\"total\":4},7],\"workerProgress\":["
                    + "{\"workerAddr\":\"10.0.0.7:16\",\"total\":21,\"success\":18,\"failed\":3}]}")
            .starts(Duration.ofDays(-2), "3")
            .ends(Duration.ofDays(-2).plusMinutes(4), "5"));
    AlibabaSchedulerxCloud cloud = (AlibabaSchedulerxCloud) open();
    List<String> lines = new ArrayList<>(List.of("never shown"));
    for (int i = 0; i < 198; i++) {
      lines.add("row " + i);
    }
    lines.add("login with password=" + SECRET);
    lines.add("java.io.IOException: disk full");
    cloud.log("5", lines);
    JobClient client = connect(cloud);

    RunDetail detail = client.diagnose(client.runRef(JOB, "5"));
    assertThat(cloud.requests()).hasSize(2);
    assertThat(detail.reason()).contains("code=500, disk full");
    assertThat(detail.tasks())
        .extracting(task -> task.name() + " " + task.state())
        .containsExactly(
            "rows FAILED",
            "10.0.0.7:16 FAILED",
            "192.168.0.10:49152 FAILED",
            "MAP_TASK_ROOT SUCCEEDED",
            "late RUNNING",
            "later UNKNOWN");
    assertThat(detail.tasks().get(0).attributes()).containsEntry("failed", "3");
    assertThat(detail.tasks().get(0).reason())
        .hasValue("20 total, 17 success, 3 failed, 0 running");
    String log = detail.tasks().get(2).logTail().orElseThrow();
    assertThat(log)
        .startsWith("row 0\nrow 1\n")
        .endsWith("login with password=***\njava.io.IOException: disk full");
    assertThat(detail.notes()).containsExactly("of the log, the last 200 lines were read");
    assertThat(detail.toJson()).doesNotContain(SECRET).doesNotContain("never shown");
  }

  @Test
  void anEditionWithoutLogsIsDiagnosedWithoutThem() {
    world.add(run("5").message("OOM").starts(Duration.ZERO, "3").ends(Duration.ZERO, "5"));
    AlibabaSchedulerxCloud cloud = (AlibabaSchedulerxCloud) open();
    JobClient client = connect(cloud);

    RunDetail basic = client.diagnose(client.runRef(JOB, "5"));
    assertThat(basic.reason()).contains("OOM");
    assertThat(basic.notes())
        .singleElement()
        .asString()
        .contains("professional edition")
        .contains("only professional edition is supported");
    cloud.deny("GetLog");
    assertThat(client.diagnose(client.runRef(JOB, "5")).notes())
        .singleElement()
        .asString()
        .contains("edas:ReadSchedulerxLogQuery")
        .doesNotContain("professional");
    cloud.clearFaults();
    cloud.onReply(
        (request, reply) ->
            request.header("x-acs-action").orElse("").equals("GetLog")
                ? FakeCloud.Reply.of(502, "text/html", "<html>Bad Gateway</html>")
                : reply);
    assertThat(client.diagnose(client.runRef(JOB, "5")).notes())
        .containsExactly("the log was not read: UNAVAILABLE (HTTP 502)");
    world.add(run("6").starts(Duration.ZERO, "3"));
    AlibabaSchedulerxCloud professional = (AlibabaSchedulerxCloud) open();
    professional.log("6", List.of());
    JobClient other = connect(professional);
    assertThat(other.diagnose(other.runRef(JOB, "6")).notes())
        .containsExactly("GetLog shows no line of this run");
  }

  @Test
  void whatNoWorkerHasBegunHasNoLogToAskFor() {
    world.add(run("5").at(Duration.ZERO, "1"));
    world.add(run("6").message("too many").at(Duration.ZERO, "9"));
    FakeCloud cloud = open();
    JobClient client = connect(cloud);

    assertThat(client.diagnose(client.runRef(JOB, "5")).notes())
        .singleElement()
        .asString()
        .contains("does not tell what a run waits for");
    RunDetail rejected = client.diagnose(client.runRef(JOB, "6"));
    assertThat(rejected.reason()).contains("too many");
    assertThat(rejected.notes()).singleElement().asString().contains("nothing ran");
    assertThat(cloud.requests()).hasSize(2);
  }

  @Test
  void theSetUpIsTriedWithOneCallForEachOperation() {
    addRuns(1);
    AlibabaSchedulerxCloud cloud = (AlibabaSchedulerxCloud) open();
    CheckUp finding = connect(cloud, finder()).checkUp();
    assertThat(finding.isHealthy()).as("%s", finding.checks()).isTrue();
    assertThat(finding.checks())
        .extracting(CheckUp.Check::what)
        .contains(
            "ListNamespaces",
            "ListGroups",
            "ListJobs",
            "GetJobInstanceList",
            "GetJobInfo",
            "GetJobInstance",
            "GetLog");
    assertThat(connect(cloud).checkUp().checks())
        .extracting(CheckUp.Check::what)
        .doesNotContain("ListNamespaces", "ListGroups");
    cloud.deny("GetJobInstanceList");
    assertThat(connect(cloud).checkUp().checks())
        .filteredOn(check -> check.problem().isPresent())
        .singleElement()
        .satisfies(
            check ->
                assertThat(check.problem().orElseThrow())
                    .hasMessageContaining("edas:ReadSchedulerxJobInstanceQuery"));
  }

  @Test
  void aSetUpThatMayNotReadLogsIsToldSo() {
    addRuns(1);
    AlibabaSchedulerxCloud cloud = (AlibabaSchedulerxCloud) open();
    cloud.deny("GetLog");
    assertThat(connect(cloud).checkUp().checks())
        .filteredOn(check -> check.problem().isPresent())
        .singleElement()
        .satisfies(
            check ->
                assertThat(check.problem().orElseThrow())
                    .hasMessageContaining("edas:ReadSchedulerxLogQuery"));
  }

  private static FakeJob.Builder jobOf(int group, int job) {
    return FakeJob.builder(Integer.toString(1 + job))
        .region("cn-hangzhou")
        .namespace("ns")
        .group("g" + group)
        .name("job-" + job);
  }

  private static FakeRun.Builder runOf(int group, int job, int id) {
    return FakeRun.builder(Integer.toString(id))
        .region("cn-hangzhou")
        .namespace("ns")
        .group("g" + group)
        .job(Integer.toString(1 + job));
  }

  private static Reply gateway(int status, String code, String message) {
    return Reply.json(
        status, Map.of("RequestId", "r-1", "HostId", "x", "Code", code, "Message", message));
  }
}
