package io.joblens.alibaba.sae;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.joblens.CheckUp;
import io.joblens.ConfigException;
import io.joblens.FoundJobs;
import io.joblens.JobClient;
import io.joblens.JobQuery;
import io.joblens.JobRun;
import io.joblens.JobServiceException;
import io.joblens.JobServiceException.Kind;
import io.joblens.JobState;
import io.joblens.QueryPlan;
import io.joblens.RawRequest;
import io.joblens.RunDetail;
import io.joblens.RunListing;
import io.joblens.TaskCounts;
import io.joblens.UnsupportedQueryException;
import io.joblens.spi.StateTable;
import io.joblens.testkit.AlibabaSaeCloud;
import io.joblens.testkit.FakeCloud;
import io.joblens.testkit.FakeCloud.Reply;
import io.joblens.testkit.FakeJob;
import io.joblens.testkit.FakeRun;
import io.joblens.testkit.ProviderContract;
import io.joblens.testkit.World;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The contract of every provider, and what SAE has besides, against its fake cloud. */
class SaeContractTest extends ProviderContract {
  private static final String APP = "7171a6ca-d1cd-4928-8642-7d5cfe690000";

  @Override
  protected FakeCloud cloud(World shown) {
    if (shown.job(APP).isEmpty()) {
      shown.add(FakeJob.builder(APP)); // a job template that is not there is an error, not empty
    }
    return new AlibabaSaeCloud(shown);
  }

  @Override
  protected AlibabaSae.Builder client() {
    return AlibabaSae.builder().region("cn-hangzhou").job(APP);
  }

  @Override
  protected FakeRun.Builder run(String id) {
    return FakeRun.builder(id).region("cn-hangzhou").job(APP);
  }

  @Override
  protected List<String> idsOf(String runId) {
    return List.of(APP, runId);
  }

  @Override
  protected StateTable states() {
    return SaeStates.TABLE;
  }

  @Override
  protected List<ErrorCase> errors() {
    return List.of(
        new ErrorCase(
            "Throttling.User",
            gateway(400, "Throttling.User", "Request was denied due to user flow control.")
                .header("x-acs-retry-after", "1500"),
            Kind.THROTTLED,
            Optional.of("r-1")),
        new ErrorCase(
            "InvalidAccessKeyId.NotFound",
            gateway(404, "InvalidAccessKeyId.NotFound", "Specified access key is not found."),
            Kind.AUTHENTICATION,
            Optional.of("r-1")),
        new ErrorCase(
            "InvalidAppId.NotFound",
            gateway(404, "InvalidAppId.NotFound", "The specified AppId does not exist."),
            Kind.NOT_FOUND,
            Optional.of("r-1")),
        new ErrorCase(
            "AccessDenied",
            gateway(403, "AccessDenied", "Access denied."),
            Kind.ACCESS_DENIED,
            Optional.of("r-1")),
        new ErrorCase(
            "failure inside 200",
            Reply.json(
                Map.of(
                    "Success",
                    false,
                    "Code",
                    "400",
                    "ErrorCode",
                    "InvalidParameter.NotEmpty",
                    "Message",
                    "You must specify the parameter AppId.",
                    "RequestId",
                    "r-1")),
            Kind.INVALID_REQUEST,
            Optional.of("r-1")));
  }

  @Override
  protected String unknownWord() {
    return "9";
  }

  @Override
  protected int maxPage() {
    return SaeProvider.MAX_PAGE;
  }

  @Override
  protected Optional<FakeJob> job() {
    return Optional.of(
        FakeJob.builder(APP)
            .name("settle")
            .field("OssAkId", CANARY)
            .field("OssAkSecret", CANARY)
            .field("ImagePullSecrets", CANARY)
            .field("Envs", "[{\"name\":\"PASSWORD\",\"value\":\"" + CANARY + "\"}]")
            .field("SliceEnvs", CANARY)
            .field("PublicWebHookUrls", List.of("https://h/webhook/putEvents?token=" + CANARY))
            .field("VpcWebHookUrls", List.of("http://h/webhook/putEvents?token=" + CANARY))
            .build());
  }

  @Override
  protected AlibabaSae.Builder finder() {
    return AlibabaSae.builder().region("cn-hangzhou");
  }

  @Override
  protected FakeJob.Builder jobNumber(int number) {
    return FakeJob.builder("app-" + number)
        .region("cn-hangzhou")
        .field("OssAkSecret", CANARY)
        .field("Envs", "[{\"name\":\"PASSWORD\",\"value\":\"" + CANARY + "\"}]");
  }

  @Override
  protected FakeRun.Builder runOfJob(int number, String id) {
    return FakeRun.builder(id).region("cn-hangzhou").job("app-" + number);
  }

  @Override
  protected boolean listsRunsOfJob(int number, FakeCloud.Request request) {
    return request.path().endsWith("/describeJobHistory")
        && request.parameter("AppId").filter(("app-" + number)::equals).isPresent();
  }

  @Override
  protected RawRequest raw() {
    return RawRequest.action("DescribeJob").query("AppId", APP).repeatable().build();
  }

  @Test
  void rowsCarryTimesCountsAndMessage() {
    world.add(
        run("run-1")
            .message("BackoffLimitExceeded")
            .tasks(TaskCounts.builder().running(0L).succeeded(2L).failed(1L).build())
            .at(Duration.ZERO, "0")
            .starts(Duration.ofSeconds(10), "3")
            .ends(Duration.ofSeconds(50), "2"));
    JobClient client = connect(open());
    JobRun queued = client.listRuns(JobQuery.ALL).runs().get(0);
    assertThat(queued.state()).isEqualTo(JobState.QUEUED);
    assertThat(queued.createdAt()).contains(world.start());
    assertThat(queued.startedAt()).isEmpty();
    assertThat(queued.finishedAt()).isEmpty();

    time.advance(Duration.ofSeconds(50));
    JobRun failed = client.listRuns(JobQuery.ALL).runs().get(0);
    assertThat(failed.state()).isEqualTo(JobState.FAILED);
    assertThat(failed.isFinished()).isTrue();
    assertThat(failed.startedAt()).contains(world.start());
    assertThat(failed.finishedAt()).contains(world.start().plusSeconds(50));
    assertThat(failed.duration()).contains(Duration.ofSeconds(50));
    assertThat(failed.message()).contains("BackoffLimitExceeded");
    assertThat(failed.tasks().failed()).hasValue(1);
    assertThat(failed.tasks().total()).isEmpty();
    assertThat(failed.notes()).anyMatch(note -> note.startsWith("start assumed at creation"));
  }

  @Test
  void oneStateIsOneCallAndUnknownIsLookedForInAll() {
    addRuns(3);
    FakeCloud cloud = open();
    JobClient client = connect(cloud);
    client.listAllRuns(JobQuery.builder().states(JobState.FAILED).build()).forEach(run -> {});
    assertThat(cloud.requests()).hasSize(1);
    assertThat(cloud.requests().get(0).parameter("State")).contains("2");
    assertThat(cloud.requests().get(0).parameter("PageSize")).contains("1000");
    cloud.clearRequests();
    client.listAllRuns(JobQuery.builder().states(JobState.UNKNOWN).build()).forEach(run -> {});
    assertThat(cloud.requests()).hasSize(1);
    assertThat(cloud.requests().get(0).parameter("State")).isEmpty();
    cloud.clearRequests();
    client.listAllRuns(JobQuery.builder().states(JobState.PAUSED).build()).forEach(run -> {});
    assertThat(cloud.requests()).as("SAE never reports it").isEmpty();
  }

  @Test
  void runsOfSeveralTemplatesAreListed() {
    world.add(run("a").at(Duration.ZERO, "1"));
    world.add(FakeRun.builder("b").job("other").at(Duration.ZERO, "1"));
    JobClient client = connect(open());
    RunListing listing = client.listAllRuns(JobQuery.builder().jobs(List.of(APP, "other")).build());
    assertThat(listing.stream().map(run -> run.ref().segments()))
        .containsExactly(List.of(APP, "a"), List.of("other", "b"));
  }

  @Test
  void aTemplateThatIsNotThereIsAnErrorAndNoEmptyListing() {
    JobClient client = connect(open());
    assertThatThrownBy(() -> client.listRuns(JobQuery.builder().job("gone").build()))
        .isInstanceOfSatisfying(
            JobServiceException.class, e -> assertThat(e.kind()).isEqualTo(Kind.NOT_FOUND));
    assertThat(client.getRuns(List.of(client.runRef("gone", "run-1"))).missing()).hasSize(1);
  }

  @Test
  void namesAndTagsCannotBeAskedFor() {
    FakeCloud cloud = open();
    JobClient client = connect(cloud);
    assertThatThrownBy(() -> client.listRuns(JobQuery.builder().tag("k", "v").build()))
        .isInstanceOf(UnsupportedQueryException.class);
    assertThat(cloud.requests()).isEmpty();
  }

  @Test
  void thirtyTemplatesAndTheirProblemsAreThirtyOneCalls() {
    for (int i = 0; i < 30; i++) {
      world.add(jobNumber(i).name("name-" + i));
      world.add(runOfJob(i, "ok-" + i).ends(Duration.ofHours(-1), "1"));
    }
    world.add(runOfJob(3, "failed").message("OOMKilled").ends(Duration.ofHours(-2), "2"));
    world.add(
        runOfJob(4, "half")
            .tasks(TaskCounts.builder().succeeded(2L).failed(1L).build())
            .ends(Duration.ofHours(-3), "1"));
    // begun at 20:00 of the day before, failed at 03:00
    world.add(runOfJob(5, "night").at(Duration.ofHours(-16), "3").ends(Duration.ofHours(-9), "2"));
    FakeCloud cloud = open();
    world.remove(FakeJob.builder(APP).build());
    JobClient client = connect(cloud, finder());
    JobQuery query =
        JobQuery.builder()
            .problemsOnly(true)
            .since(world.start().minus(Duration.ofHours(36)))
            .resolveNames(true)
            .build();
    QueryPlan plan = client.plan(query);
    assertThat(plan.discovery()).isEqualTo(1);
    assertThat(plan.leastCalls()).isEqualTo(31);
    cloud.clearRequests();
    assertThat(client.listAllRuns(query).stream().map(run -> run.ref().runId()))
        .containsExactlyInAnyOrder("failed", "half", "night");
    assertThat(cloud.requests()).hasSize(31);
  }

  @Test
  void moreTemplatesThanOnePageShowsAreAllFound() {
    for (int i = 0; i < 401; i++) {
      world.add(jobNumber(i).name("name-" + i));
    }
    FakeCloud cloud = open();
    JobClient client = connect(cloud, finder());
    assertThat(client.listJobs(JobQuery.ALL).jobs()).hasSize(402);
    assertThat(cloud.requests()).hasSize(3);
  }

  @Test
  void definitionsSayHowTheLastRunWent() {
    world.add(jobNumber(0).name("settle"));
    world.add(runOfJob(0, "old").ends(Duration.ofHours(-2), "1"));
    world.add(runOfJob(0, "new").ends(Duration.ofHours(-1), "2"));
    world.add(jobNumber(1).name("never ran"));
    JobClient client = connect(open(), finder());
    assertThat(client.listJobs(JobQuery.builder().states(JobState.FAILED).build()).jobs())
        .singleElement()
        .satisfies(job -> assertThat(job.name()).contains("settle"));
  }

  @Test
  void aNamespaceThatMayNotBeReadIsReportedAndTheOthersListed() {
    for (int i = 0; i < 3; i++) {
      world.add(jobNumber(i).namespace("cn-hangzhou:n" + i).name("name-" + i));
      world.add(runOfJob(i, "run-" + i).at(Duration.ZERO, "1"));
    }
    AlibabaSaeCloud cloud = (AlibabaSaeCloud) open();
    cloud.deny("cn-hangzhou:n1");
    List<String> namespaces = List.of("cn-hangzhou:n0", "cn-hangzhou:n1", "cn-hangzhou:n2");
    JobClient client = connect(cloud, finder().namespaces(namespaces));
    RunListing listing = client.listAllRuns(JobQuery.ALL);
    assertThat(listing.stream().map(run -> run.ref().runId())).containsExactly("run-0", "run-2");
    assertThat(listing.coverage().toJson())
        .contains("cn-hangzhou:cn-hangzhou:n1")
        .contains("sae:ListJobs");
    FoundJobs jobs = client.listJobs(JobQuery.ALL);
    assertThat(jobs.jobs()).hasSize(2);
    assertThat(jobs.failures()).hasSize(1);
    assertThatThrownBy(
            () ->
                connect(cloud, finder().namespaces(List.of("cn-hangzhou:n1")))
                    .listRuns(JobQuery.ALL))
        .as("nothing can be read")
        .isInstanceOf(JobServiceException.class)
        .hasMessageContaining("sae:ListJobs");
    assertThatThrownBy(() -> finder().namespaces(List.of("cn-beijing:n1")).build())
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("cn-beijing:n1");
  }

  @Test
  void oneEndpointShowsOneRegionAndIsRefusedForSeveral() {
    FakeCloud cloud = open();
    AlibabaSae.Builder builder = AlibabaSae.builder().regions(List.of("cn-hangzhou", "cn-beijing"));
    assertThatThrownBy(() -> connect(cloud, builder))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("endpoint is one host for 2 regions (cn-hangzhou, cn-beijing)")
        .hasMessageContaining("a cloud of its own");
    assertThat(cloud.requests()).isEmpty();
  }

  @Test
  void whatSaeDoesNotTellOfARunIsSaid() {
    world.add(run("run-1").message("BackoffLimitExceeded").ends(Duration.ZERO, "2"));
    world.add(run("run-2").at(Duration.ZERO, "0"));
    world.add(run("run-3").ends(Duration.ZERO, "2"));
    FakeCloud cloud = open();
    JobClient client = connect(cloud);
    RunDetail failed = client.diagnose(client.runRef(APP, "run-1"));
    assertThat(cloud.requests()).hasSize(1);
    assertThat(failed.reason()).contains("BackoffLimitExceeded");
    assertThat(failed.notes()).singleElement().asString().contains("exit codes");
    RunDetail queued = client.diagnose(client.runRef(APP, "run-2"));
    assertThat(queued.waitingFor()).isEmpty();
    assertThat(queued.notes()).contains("SAE gives no message on this run");
    assertThat(client.diagnose(client.runRef(APP, "run-3")).notes())
        .contains("SAE gives no message on this run");
  }

  @Test
  void theSetUpIsTriedWithOneCallForEachOperation() {
    FakeCloud cloud = open();
    CheckUp found = connect(cloud, finder()).checkUp();
    assertThat(found.isHealthy()).as("%s", found.checks()).isTrue();
    assertThat(found.checks())
        .extracting(CheckUp.Check::what)
        .contains("ListJobs", "DescribeJobHistory", "DescribeJobStatus", "DescribeJob");
    ((AlibabaSaeCloud) cloud).deny("DescribeJobHistory");
    assertThat(connect(cloud, finder()).checkUp().checks())
        .filteredOn(check -> check.problem().isPresent())
        .singleElement()
        .satisfies(
            check ->
                assertThat(check.problem().orElseThrow())
                    .hasMessageContaining("sae:DescribeJobHistory"));
  }

  @Test
  void throttlingWaitsAsLongAsTheGatewayAsks() {
    addRuns(1);
    FakeCloud cloud = open();
    cloud.failNext(1, gateway(400, "Throttling.User", "slow").header("x-acs-retry-after", "7500"));
    Duration before = time.elapsed();
    assertThat(connect(cloud).listRuns(JobQuery.ALL).runs()).hasSize(1);
    assertThat(time.elapsed().minus(before)).isGreaterThanOrEqualTo(Duration.ofMillis(7500));
    assertThat(cloud.requests())
        .extracting(request -> request.header("x-acs-signature-nonce"))
        .doesNotHaveDuplicates();
  }

  private static Reply gateway(int status, String code, String message) {
    return Reply.json(
        status,
        Map.of(
            "RequestId",
            "r-1",
            "HostId",
            "sae.cn-hangzhou.aliyuncs.com",
            "Code",
            code,
            "Message",
            message));
  }
}
