package io.joblens.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which cloud, run and job is meant, and where the configuration is found. */
class TargetsTest {
  private static final String TWO_ACCOUNTS =
      """
      clouds:
        here: {provider: tencent-batch, account: one, region: ap-guangzhou,
               credentials: {secret-id: id-1, secret-key: canary-1}}
        there: {provider: tencent-batch, account: two, region: ap-guangzhou,
               credentials: {secret-id: id-2, secret-key: canary-2}}
      """;

  @TempDir private Path directory;
  private DemoClouds clouds;

  @BeforeEach
  void start() {
    clouds = new DemoClouds(directory);
  }

  @AfterEach
  void stop() {
    clouds.close();
  }

  @Test
  void referenceThatFitsTwoAccountsNamesBoth() {
    clouds.config(text -> TWO_ACCOUNTS);

    assertThat(clouds.run("get", "tencent-batch:ap-guangzhou:job-1")).isEqualTo(2);
    assertThat(clouds.err()).contains("several clouds, here, there; write which, such as here@");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "get nowhere@job-1                        | there is no cloud 'nowhere'",
        "get job-1                                | fits several clouds",
        "get sae-prod@tencent-batch:ap-guangzhou:job-1 | cloud sae-prod is alibaba-sae",
        "get aws-batch:eu-1:job-1                 | unknown provider 'aws-batch'",
        "get tencent-batch:ap-beijing:job-1       | no configured cloud is tencent-batch in ap-beijing",
        "get tencent-batch:AP:job-1               | region must be a host label",
        "get sae-prod@one/two/three               | sae-prod@one/two/three",
        "get batch-prod@job%                      | two hex digits",
        "runs --id job-demo0001                   | fits several clouds",
        "runs --cloud none*                       | no cloud matches 'none*'",
        "jobs --cloud none*                       | there are sae-prod, sx-prod, batch-prod, desktops",
        "doctor --cloud none*                     | no cloud matches 'none*'",
        "runs --job nope*                         | no configured job matches 'nope*'; expected one of 每日结算",
        "runs --job sae-prod@订单*                 | expected one of 每日结算, nightly-report",
        "runs --job * --cloud batch-prod          | batch-prod name none",
        "runs --provider aws-batch                | unknown provider 'aws-batch'",
        "runs --account none                      | no cloud fits these options",
        "runs --job 12345                         | fits several clouds",
        "runs --job a --id b                      | --job and --id",
        "raw nowhere DescribeJobs                 | there is no cloud 'nowhere'",
      })
  void whatCannotBeMeantIsRefusedBeforeAnythingIsSent(String command, String problem) {
    assertThat(clouds.run(command.split(" +"))).isEqualTo(2);

    assertThat(clouds.err()).contains(problem);
    assertThat(clouds.out()).isEmpty();
    assertThat(clouds.world.batch().requests()).isEmpty();
  }

  @Test
  void aGlobNamesTheConfiguredJobsThatItMatches() {
    assertThat(clouds.run("runs", "--job", "nightly*", "-o", "ndjson")).isZero();
    assertThat(clouds.terminal.lines())
        .hasSize(2)
        .allSatisfy(line -> assertThat(line).contains("\"name\":\"nightly-report\""));
    assertThat(clouds.world.batch().requests()).isEmpty();

    assertThat(clouds.run("runs", "--job", "*", "--explain")).isZero();
    assertThat(clouds.out()).contains("sae-prod", "sx-prod", "desktops").doesNotContain("batch");
  }

  @Test
  void aGroupWithoutItsNamespaceIsAMistakeInTheConfiguration() {
    clouds.config(text -> text.replaceFirst("    namespace: .*\n", ""));

    assertThat(clouds.run("runs")).isEqualTo(2);
    assertThat(clouds.err())
        .contains("clouds.sx-prod")
        .contains("group is set, but not the namespace that it is in; set namespace to the id");
  }

  @Test
  void oneEndpointForSeveralRegionsIsAMistakeWhereOnlyTheHostTellsThem() {
    clouds.config(
        text -> text.replaceFirst("region: cn-hangzhou", "regions: [cn-hangzhou, cn-beijing]"));

    assertThat(clouds.run("runs")).isEqualTo(2);
    assertThat(clouds.err()).contains("clouds.sae-prod", "endpoint is one host for 2 regions");
  }

  @Test
  void jobsAreAlsoNamedByTheUsersNames() {
    assertThat(clouds.run("get", "sae-prod@每日结算/settle-20260310", "-o", "json")).isZero();
    assertThat(clouds.out()).contains("\"runId\":\"settle-20260310\"");
  }

  @Test
  void whatTheTablePrintsIsAccepted() {
    clouds.run("runs");
    for (String line : clouds.terminal.lines().subList(1, 31)) {
      String[] cells = line.split("  +", -1);
      Terminal again = new Terminal();

      assertThat(again.run("get", cells[0] + "@" + cells[2], "--config", clouds.file()))
          .as(line)
          .isZero();
      assertThat(again.out()).contains(cells[0]).contains(cells[2]);
    }
  }

  @Test
  void configurationIsFoundInTheHomeDirectory() throws IOException {
    Path home = Files.createDirectory(directory.resolve("home"));
    Path place = Files.createDirectories(home.resolve(".config").resolve("joblens"));
    Files.copy(Path.of(clouds.file()), place.resolve("joblens.yaml"));
    Terminal terminal = new Terminal().home(home);

    assertThat(terminal.run("clouds")).isZero();
    assertThat(terminal.out()).contains("batch-prod");
  }

  @Test
  void variableComesBeforeTheHomeDirectoryAndTheOptionBeforeBoth() throws IOException {
    Path other = Files.writeString(directory.resolve("other.yaml"), TWO_ACCOUNTS);
    Terminal terminal = new Terminal().home(directory).with("JOBLENS_CONFIG", other.toString());

    assertThat(terminal.run("clouds")).isZero();
    assertThat(terminal.out()).contains("there").doesNotContain("batch-prod");
    assertThat(clouds.terminal.with("JOBLENS_CONFIG", "no/such/file")).isNotNull();
    assertThat(clouds.run("clouds")).isZero();
  }

  @Test
  void mistakesInTheConfigurationAreAllReported() {
    clouds.config(
        text ->
            text.replace("region: ap-guangzhou", "regoin: ap-guangzhou")
                .replace("demo-ali-secret", "\"${NO_SUCH_VARIABLE}\"")
                .replace("provider: huawei-workspace", "provider: huawei-desktop"));

    assertThat(clouds.run("runs")).isEqualTo(2);
    assertThat(clouds.err())
        .contains("clouds.batch-prod.regoin")
        .contains("NO_SUCH_VARIABLE")
        .contains("huawei-desktop");
  }

  @Test
  void fullReferenceWithoutConfigurationUsesTheVendorsOwnCredentials() {
    Terminal terminal = new Terminal().home(directory);

    assertThat(terminal.run("get", "tencent-batch:ap-guangzhou:job-1")).isEqualTo(4);
    assertThat(terminal.err()).contains("TENCENTCLOUD_SECRET_ID");
  }
}
