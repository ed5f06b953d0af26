package io.joblens.alibaba.sae;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.joblens.ConfigException;
import io.joblens.JobClient;
import io.joblens.JobQuery;
import io.joblens.JobRun;
import io.joblens.JobServiceException;
import io.joblens.JobServiceException.Kind;
import io.joblens.JobState;
import io.joblens.RawRequest;
import io.joblens.RunListing;
import io.joblens.TaskCounts;
import io.joblens.UnsupportedQueryException;
import io.joblens.spi.Credentials;
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
  protected boolean pagesByRows() {
    return false;
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
  void withoutAnyJobTheKeyToSetIsNamed() {
    FakeCloud cloud = open();
    try (JobClient client =
        AlibabaSae.builder()
            .region("cn-hangzhou")
            .endpoint(cloud.endpoint())
            .credentials(Credentials.accessKey(KEY_ID, SECRET))
            .time(time)
            .build()) {
      assertThatThrownBy(() -> client.listRuns(JobQuery.ALL))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("job is missing")
          .hasMessageContaining("sae.console.aliyun.com");
    }
    assertThat(cloud.requests()).isEmpty();
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
