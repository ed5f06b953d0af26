package io.joblens.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.joblens.spi.JsonReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that show single things: get, job, raw, clouds and providers. */
class ShowTest {
  private DemoClouds clouds;

  @BeforeEach
  void start(@TempDir Path directory) {
    clouds = new DemoClouds(directory);
  }

  @AfterEach
  void stop() {
    clouds.close();
  }

  @Test
  void getShowsRunsOfSeveralClouds() {
    assertThat(clouds.run("get", "batch-prod@job-demo0003", "sx-prod@2001/300102")).isZero();

    assertThat(clouds.terminal.lines()).hasSize(3);
    assertThat(clouds.out()).contains("genome-align", "渠道「银联」对账文件缺失");
  }

  @Test
  void getPrintsWhatThereIsAndNamesWhatThereIsNot() {
    assertThat(clouds.run("get", "batch-prod@job-demo0003", "batch-prod@job-none", "-o", "ndjson"))
        .isEqualTo(1);

    assertThat(clouds.terminal.lines()).hasSize(1);
    assertThat(clouds.err())
        .contains("\"message\":\"not found: batch-prod@tencent-batch:ap-guangzhou:job-none\"");
  }

  @Test
  void getWithAWrongKeyIsDenied() {
    clouds.config(text -> text.replace("demo-tencent-secret", "wrong"));

    assertThat(clouds.run("get", "batch-prod@job-demo0003")).isEqualTo(4);
    assertThat(clouds.err()).contains("joblens: batch-prod (tencent-batch) DescribeJobs: ");
  }

  @Test
  void jobIsShownLineByLineWithoutSecrets() {
    assertThat(clouds.run("job", "sae-prod@每日结算")).isZero();

    assertThat(clouds.terminal.lines().get(0))
        .startsWith("ref: ")
        .endsWith(" sae-prod@alibaba-sae:cn-hangzhou:" + DemoWorld.SETTLEMENT);
    assertThat(clouds.out())
        .contains("daily-settlement", "OssAkSecret", "***")
        .doesNotContain("TEST_ENV_VAR");
  }

  @Test
  void jobIsAlsoJson() {
    assertThat(clouds.run("job", "sae-prod@每日结算", "-o", "json")).isZero();

    assertThat(tree(clouds.out())).extracting("name").hasToString("daily-settlement");
  }

  @Test
  void jobThatDoesNotExistIsNotFound() {
    assertThat(clouds.run("job", "sae-prod@0000")).isEqualTo(1);
    assertThat(clouds.err()).contains("NOT_FOUND");
  }

  @Test
  void rawPrintsTheVendorsOwnJson() {
    assertThat(clouds.run("raw", "batch-prod", "DescribeJobs", "--json", "{\"Limit\":1}")).isZero();

    assertThat(clouds.out()).startsWith("{\"Response\":{").contains("\"TotalCount\":8");
  }

  @Test
  void rawMasksSecretsUnlessToldOtherwise() {
    String[] words = {
      "raw",
      "sae-prod",
      "DescribeJob",
      "--method",
      "GET",
      "--path",
      "/pop/v1/sam/job/describeJob",
      "--query",
      "AppId=" + DemoWorld.SETTLEMENT,
      "--unmasked"
    };
    assertThat(clouds.run(Arrays.copyOf(words, words.length - 1))).isZero();
    assertThat(clouds.out()).doesNotContain("TEST_ENV_VAR");

    assertThat(clouds.run(words)).isZero();
    assertThat(clouds.out()).contains("TEST_ENV_VAR");
  }

  @Test
  void rawReportsTheVendorsError() {
    assertThat(clouds.run("raw", "batch-prod", "NoSuchAction")).isEqualTo(1);
    assertThat(clouds.err()).contains("InvalidAction");
  }

  @Test
  void cloudsAreListedWithoutSecrets() {
    assertThat(clouds.run("clouds")).isZero();

    assertThat(clouds.out())
        .contains("sae-prod", "alibaba-sae", "ali-prod", "cn-hangzhou", "http://127.0.0.1:")
        .contains("group " + DemoWorld.GROUP)
        .contains("jobs 每日结算, nightly-report")
        .doesNotContain("secret");
    assertThat(clouds.world.sae().requests()).isEmpty();
  }

  @Test
  void cloudsAreAlsoJson() {
    assertThat(clouds.run("clouds", "-o", "json")).isZero();

    assertThat((List<?>) tree(clouds.out()).get("clouds")).hasSize(4);
  }

  @Test
  void providersAreListedWithTheirStateWords() {
    Terminal terminal = new Terminal();

    assertThat(terminal.run("providers")).isZero();
    assertThat(terminal.out())
        .contains("alibaba-sae\n", "alibaba-schedulerx\n", "huawei-workspace\n", "tencent-batch\n")
        .contains("FAILED_INTERRUPTED (the end)", "11 (usually the end)", "secret-id");
  }

  @Test
  void providersAreAlsoJson() {
    Terminal terminal = new Terminal();

    assertThat(terminal.run("providers", "-o", "json")).isZero();
    assertThat((List<?>) tree(terminal.out()).get("providers")).hasSize(4);
  }

  private static Map<?, ?> tree(String json) {
    Object tree = JsonReader.readTree(json.getBytes(StandardCharsets.UTF_8));
    return tree instanceof Map<?, ?> map ? map : Map.of();
  }
}
