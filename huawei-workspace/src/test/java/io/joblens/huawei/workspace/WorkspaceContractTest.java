package io.joblens.huawei.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.joblens.JobClient;
import io.joblens.JobQuery;
import io.joblens.JobRun;
import io.joblens.JobServiceException;
import io.joblens.JobServiceException.Kind;
import io.joblens.RawRequest;
import io.joblens.TaskCounts;
import io.joblens.spi.Credentials;
import io.joblens.spi.StateTable;
import io.joblens.testkit.FakeCloud;
import io.joblens.testkit.FakeCloud.Reply;
import io.joblens.testkit.FakeJob;
import io.joblens.testkit.FakeRun;
import io.joblens.testkit.HuaweiWorkspaceCloud;
import io.joblens.testkit.ProviderContract;
import io.joblens.testkit.World;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The contract of every provider, and what Huawei has besides, against its fake cloud. */
final class WorkspaceContractTest extends ProviderContract {
  private static final String PROJECT = "0123456789abcdef0123456789abcdef";
  private static final String TASK = "62f48b59-0ebb-4b1e-ad35-f64948a0591b";
  private static final String REQUEST_ID = "d4e8174b0a1c4ff0a1f8a0a2b3c4d5e6";

  @Override
  protected FakeCloud cloud(World shown) {
    shown.add(FakeJob.builder(TASK).namespace(PROJECT));
    return new HuaweiWorkspaceCloud(shown);
  }

  @Override
  protected HuaweiWorkspace.Builder client() {
    return HuaweiWorkspace.builder().region("cn-north-4").projectId(PROJECT).job(TASK);
  }

  @Override
  protected FakeRun.Builder run(String id) {
    return FakeRun.builder(id).namespace(PROJECT).job(TASK);
  }

  @Override
  protected List<String> idsOf(String runId) {
    return List.of(PROJECT, TASK, runId);
  }

  @Override
  protected StateTable states() {
    return WorkspaceStates.TABLE;
  }

  @Override
  protected Optional<FakeJob> job() {
    return Optional.of(
        FakeJob.builder("another-task").namespace(PROJECT).name("restart every night").build());
  }

  @Override
  protected HuaweiWorkspace.Builder finder() {
    return HuaweiWorkspace.builder().region("cn-north-4").projectId(PROJECT);
  }

  @Override
  protected FakeJob.Builder jobNumber(int number) {
    return FakeJob.builder("task-" + number).namespace(PROJECT);
  }

  @Override
  protected FakeRun.Builder runOfJob(int number, String id) {
    return FakeRun.builder(id).namespace(PROJECT).job("task-" + number);
  }

  @Override
  protected boolean listsRunsOfJob(int number, FakeCloud.Request request) {
    return request.path().endsWith("/schedule-task/task-" + number + "/execute-history");
  }

  @Override
  protected RawRequest raw() {
    return RawRequest.action("ShowScheduleTask")
        .path("/v1/" + PROJECT + "/schedule-task/" + TASK)
        .repeatable()
        .build();
  }

  @Override
  protected List<ErrorCase> errors() {
    return List.of(
        gateway(
            429,
            "APIGW.0308",
            "The throttling threshold has been reached: policy user over"
                + " ratelimit,limit:10,time:1 second",
            Kind.THROTTLED),
        gateway(
            401,
            "APIGW.0301",
            "verify aksk signature fail, canonicalRequest:GET|/||x-security-token:"
                + TOKEN
                + "||host|e3b0c442",
            Kind.AUTHENTICATION),
        gateway(
            401,
            "APIGW.0301",
            "token expires, expires_at: 2021-12-17T06:43:03.000000Z",
            Kind.EXPIRED_CREDENTIALS),
        gateway(403, "APIGW.0302", "The IAM user is not authorized.", Kind.ACCESS_DENIED),
        gateway(404, "APIGW.0101", "The API does not exist.", Kind.INVALID_REQUEST),
        service(404, "WKS.00211902", Kind.NOT_FOUND),
        service(400, "WKS.00169901", Kind.INVALID_REQUEST),
        service(500, "WKS.00211401", Kind.SERVER_ERROR),
        service(503, "WKS.00050902", Kind.UNAVAILABLE),
        service(200, "WKS.00050902", Kind.UNAVAILABLE));
  }

  @Test
  void aRunIsReadWithAllThatTheVendorSays() {
    world.add(
        run("r")
            .tasks(TaskCounts.builder().total(3L).succeeded(2L).failed(1L).build())
            .at(Duration.ofMinutes(-10), "WAITING")
            .starts(Duration.ofMinutes(-9), "RUNNING")
            .ends(Duration.ofMinutes(-5), "SUCCESS"));
    JobClient client = connect(open());

    JobRun run = client.getRun(client.runRef("r"));

    assertThat(run.createdAt()).contains(world.start().minus(Duration.ofMinutes(10)));
    assertThat(run.duration()).contains(Duration.ofMinutes(4));
    assertThat(run.tasks().failed()).hasValue(1);
    assertThat(run.isProblem()).isTrue();
    assertThat(run.attributes())
        .containsOnlyKeys("task_type", "scheduled_type", "time_zone")
        .containsEntry("time_zone", "Asia/Shanghai");
    assertThat(run.notes()).isEmpty();
    assertThat(client.listRuns(JobQuery.ALL).runs().get(0).toJson()).isEqualTo(run.toJson());
  }

  @Test
  void anIamTokenIsAsGoodAsAKey() {
    addRuns(2);
    HuaweiWorkspaceCloud cloud = (HuaweiWorkspaceCloud) open();
    cloud.addAuthToken("MIIFtoken", world.start().plus(Duration.ofDays(1)));
    JobClient client = connect(cloud, Credentials.token("MIIFtoken", null));

    assertThat(client.listRuns(JobQuery.ALL).runs()).hasSize(2);
    assertThat(cloud.requests().get(0).headers())
        .containsKey("x-auth-token")
        .doesNotContainKey("authorization");
  }

  @Test
  void aLockedKeyIsNotTriedAgain() {
    HuaweiWorkspaceCloud cloud = (HuaweiWorkspaceCloud) open();
    cloud.lockKeys();
    JobClient wrong = connect(cloud, Credentials.accessKey(KEY_ID, "canary-wrong"));
    for (int i = 0; i < 5; i++) {
      assertThatThrownBy(() -> wrong.listRuns(JobQuery.ALL))
          .hasMessageContaining("locks an access key for 5 minutes");
    }
    cloud.clearRequests();
    JobClient right = connect(cloud);
    assertThatThrownBy(() -> right.listRuns(JobQuery.ALL))
        .isInstanceOf(JobServiceException.class)
        .hasMessageContaining("AK access failed to reach the limit");
    assertThat(cloud.requests()).hasSize(1);
    time.advance(Duration.ofMinutes(5));
    assertThat(right.listRuns(JobQuery.ALL).runs()).isEmpty();
  }

  @Test
  void everyRequestNamesItsProjectAndSignsIt() {
    addRuns(1);
    FakeCloud cloud = open();
    connect(cloud).listRuns(JobQuery.ALL);
    assertThat(cloud.requests())
        .allSatisfy(
            request -> {
              assertThat(request.header("X-Project-Id")).contains(PROJECT);
              assertThat(request.header("Authorization").orElse("")).contains("x-project-id");
            });
  }

  private static ErrorCase gateway(int status, String code, String message, Kind kind) {
    Map<String, Object> body =
        Map.of("error_code", code, "error_msg", message, "request_id", REQUEST_ID);
    return new ErrorCase(code, Reply.json(status, body), kind, Optional.of(REQUEST_ID));
  }

  private static ErrorCase service(int status, String code, Kind kind) {
    Map<String, Object> body = Map.of("error_code", code, "error_msg", "as documented");
    return new ErrorCase(code, Reply.json(status, body), kind, Optional.empty());
  }
}
