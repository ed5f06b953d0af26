package io.joblens.compat;

import static org.assertj.core.api.Assertions.assertThat;

import com.tencentcloudapi.common.CommonClient;
import com.tencentcloudapi.common.Credential;
import com.tencentcloudapi.common.profile.ClientProfile;
import com.tencentcloudapi.common.profile.HttpProfile;
import io.joblens.JobClient;
import io.joblens.JobQuery;
import io.joblens.spi.Credentials;
import io.joblens.spi.TimeSource;
import io.joblens.tencent.batch.TencentBatch;
import io.joblens.testkit.FakeRun;
import io.joblens.testkit.TencentBatchCloud;
import io.joblens.testkit.World;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Tencent's own client and ours, in one JVM, ask the same cloud. */
class TencentSdkTest {
  @Test
  void bothClientsSeeTheRun() throws Exception {
    World world = new World(TimeSource.system());
    world.add(
        FakeRun.builder("job-10000000")
            .region("ap-guangzhou")
            .name("settle")
            .at(Duration.ZERO, "RUNNING"));
    try (TencentBatchCloud cloud = new TencentBatchCloud(world)) {
      cloud.addKey("AKIDexample", "secret-example");
      HttpProfile http = new HttpProfile();
      http.setProtocol(HttpProfile.REQ_HTTP);
      http.setEndpoint(cloud.authority());
      CommonClient theirs =
          new CommonClient(
              "batch",
              "2017-03-12",
              new Credential("AKIDexample", "secret-example"),
              "ap-guangzhou",
              new ClientProfile(ClientProfile.SIGN_TC3_256, http));

      assertThat(theirs.commonRequest(new DescribeJobs(), "DescribeJobs")).contains("job-10000000");
      try (JobClient ours =
          TencentBatch.builder()
              .region("ap-guangzhou")
              .endpoint(cloud.endpoint())
              .credentials(Credentials.accessKey("AKIDexample", "secret-example"))
              .build()) {
        assertThat(ours.listRuns(JobQuery.builder().build()).runs())
            .singleElement()
            .satisfies(run -> assertThat(run.name()).contains("settle"));
      }
      assertThat(cloud.requests()).hasSize(2);
    }
  }

  private static final class DescribeJobs extends com.tencentcloudapi.common.AbstractModel {
    @Override
    protected void toMap(java.util.HashMap<String, String> map, String prefix) {}
  }
}
