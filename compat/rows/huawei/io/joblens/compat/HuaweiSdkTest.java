package io.joblens.compat;

import static org.assertj.core.api.Assertions.assertThat;

import com.huaweicloud.sdk.core.auth.BasicCredentials;
import com.huaweicloud.sdk.workspaceapp.v1.WorkspaceAppClient;
import com.huaweicloud.sdk.workspaceapp.v1.model.ListTaskExecuteHistoryRequest;
import io.joblens.JobClient;
import io.joblens.JobQuery;
import io.joblens.huawei.workspace.HuaweiWorkspace;
import io.joblens.spi.Credentials;
import io.joblens.spi.TimeSource;
import io.joblens.testkit.FakeJob;
import io.joblens.testkit.FakeRun;
import io.joblens.testkit.HuaweiWorkspaceCloud;
import io.joblens.testkit.World;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Huawei's own client and ours, in one JVM, ask the same cloud. */
class HuaweiSdkTest {
  private static final String PROJECT = "0123456789abcdef0123456789abcdef";
  private static final String TASK = "62f48b59-0ebb-4b1e-ad35-f64948a0591b";

  @Test
  void bothClientsSeeTheRun() {
    World world = new World(TimeSource.system());
    world.add(FakeJob.builder(TASK).namespace(PROJECT));
    world.add(FakeRun.builder("run-1").namespace(PROJECT).job(TASK).at(Duration.ZERO, "RUNNING"));
    try (HuaweiWorkspaceCloud cloud = new HuaweiWorkspaceCloud(world)) {
      cloud.addKey("AKexample", "secret-example");
      WorkspaceAppClient theirs =
          WorkspaceAppClient.newBuilder()
              .withCredential(
                  new BasicCredentials()
                      .withAk("AKexample")
                      .withSk("secret-example")
                      .withProjectId(PROJECT))
              .withEndpoint(cloud.endpoint())
              .build();

      assertThat(
              theirs
                  .listTaskExecuteHistory(
                      new ListTaskExecuteHistoryRequest()
                          .withTaskId(TASK)
                          .withOffset(0)
                          .withLimit(10))
                  .getItems())
          .singleElement()
          .satisfies(run -> assertThat(run.getId()).isEqualTo("run-1"));
      try (JobClient ours =
          HuaweiWorkspace.builder()
              .region("cn-north-4")
              .projectId(PROJECT)
              .job(TASK)
              .endpoint(cloud.endpoint())
              .credentials(Credentials.accessKey("AKexample", "secret-example"))
              .build()) {
        assertThat(ours.listRuns(JobQuery.builder().build()).runs())
            .singleElement()
            .satisfies(run -> assertThat(run.ref().runId()).isEqualTo("run-1"));
      }
    }
  }
}
