package io.joblens.vendor;

import static org.assertj.core.api.Assertions.assertThat;

import com.aliyun.credentials.Client;
import com.huaweicloud.sdk.core.auth.CredentialProviderChain;
import com.tencentcloudapi.common.provider.DefaultCredentialsProvider;
import io.joblens.JobClient;
import io.joblens.alibaba.sae.AlibabaSae;
import io.joblens.huawei.workspace.HuaweiWorkspace;
import io.joblens.tencent.batch.TencentBatch;
import org.junit.jupiter.api.Test;

/** The README's example, which needs what only this module has on its class path. */
class VendorCredentialsExampleTest {

  /** Their default chains would look at files and at metadata services, which takes seconds. */
  @Test
  void noneOfThemIsAskedBeforeTheFirstCall() {
    // snippet: vendor-credentials
    var sae = AlibabaSae.builder().credentials(AliyunSdkCredentials.of(new Client()));
    var chain = new DefaultCredentialsProvider(); // of Tencent's SDK
    var batch = TencentBatch.builder().credentials(TencentSdkCredentials.of(chain));
    var basic = CredentialProviderChain.getBasicCredentialProviderChain(); // of Huawei's SDK
    var workspace = HuaweiWorkspace.builder().credentials(HuaweiSdkCredentials.of(basic));
    // end

    try (JobClient one = sae.region("cn-hangzhou").job("app").build();
        JobClient two = batch.region("ap-guangzhou").build();
        JobClient three = workspace.region("cn-north-4").projectId("project").job("task").build()) {
      assertThat(one.runRef("app", "run").runId()).isEqualTo("run");
      assertThat(two.runRef("job-1").runId()).isEqualTo("job-1");
      assertThat(three.runRef("task", "record").runId()).isEqualTo("record");
    }
  }
}
