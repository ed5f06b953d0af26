package io.joblens.compat;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.joblens.ConfigException;
import io.joblens.JobClient;
import io.joblens.JobQuery;
import io.joblens.okhttp.OkHttpTransport;
import io.joblens.spi.Credentials;
import io.joblens.tencent.batch.TencentBatch;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.Test;

/** What JobLens says where another library's OkHttp 3 is loaded instead of ours. */
class WithoutBomTest {
  @Test
  void okHttp3IsNamedTogetherWithTheRemedy() {
    try (JobClient ours =
        TencentBatch.builder()
            .region("ap-guangzhou")
            .credentials(Credentials.accessKey("AKIDexample", "secret-example"))
            .build()) {
      assertThatThrownBy(() -> ours.listRuns(JobQuery.builder().build()))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("OkHttp 3")
          .hasMessageContaining("joblens-bom");
    }
  }

  @Test
  void aClientOfTheUsersOwnIsRefusedToo() {
    assertThatThrownBy(() -> OkHttpTransport.create(new OkHttpClient()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("OkHttp 3");
  }
}
