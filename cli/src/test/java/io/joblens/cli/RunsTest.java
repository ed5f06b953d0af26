package io.joblens.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.joblens.spi.JsonReader;
import io.joblens.testkit.FakeCloud;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class RunsTest {
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
  void tableShowsAllCloudsWithTotalsAndSourcesBesideIt() {
    assertThat(clouds.run("runs")).isZero();

    assertThat(clouds.terminal.lines()).hasSize(31);
    assertThat(clouds.out())
        .startsWith("CLOUD ")
        .contains("每日结算", "视频转码-第7批", "FAILED_INTERRUPTED", "61/64 (3 failed)");
    assertThat(clouds.err())
        .contains("30 runs: ", "Times are Asia/Shanghai.", "4 of 4 sources complete:")
        .contains("desktops    huawei-workspace       5  to the end");
  }

  @Test
  void everyNeutralStateIsInTheDemo() {
    clouds.run("runs");

    assertThat(clouds.err())
        .contains("QUEUED", "STARTING", "RUNNING", "PAUSED", "SUCCEEDED", "FAILED")
        .contains("CANCELLED", "REJECTED", "SKIPPED", "UNKNOWN");
  }

  @Test
  void jsonIsOneDocumentWithSources() {
    assertThat(clouds.run("runs", "-o", "json")).isZero();

    Map<?, ?> document = tree(clouds.out());
    assertThat(document.get("schema")).hasToString("1");
    assertThat((List<?>) document.get("runs")).hasSize(30);
    assertThat((List<?>) document.get("sources")).isNotEmpty();
    assertThat(clouds.err()).isEmpty();
  }

  @Test
  void ndjsonIsARowALine() {
    assertThat(clouds.run("runs", "-o", "ndjson")).isZero();

    assertThat(clouds.terminal.lines())
        .hasSize(30)
        .allSatisfy(line -> assertThat(tree(line)).isNotEmpty())
        .allSatisfy(line -> assertThat(line).startsWith("{\"cloud\":\""));
  }

  @Test
  void csvHasAHeaderAndARowALine() {
    assertThat(clouds.run("runs", "-o", "csv")).isZero();

    assertThat(clouds.terminal.lines()).hasSize(31);
    assertThat(clouds.terminal.lines().get(0)).startsWith("cloud,account,provider,");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--cloud sae-*                               | 6",
        "--cloud sae-prod --cloud batch-prod         | 14",
        "--provider huawei-workspace                 | 5",
        "--account ali-prod                          | 17",
        "--state CANCELLED                           | 1",
        "--state failed,rejected --cloud s?-prod     | 3",
        "--cloud sae-prod --job 每日结算             | 4",
        "--job sae-prod@nightly-report               | 2",
        "--job 日切🌙                                | 2",
        "--name monte-*                              | 3",
        "--cloud batch-prod --tag team=bio           | 2",
        "--cloud batch-prod --since 12h              | 6",
        "--cloud batch-prod --since 45h --until 12h  | 2",
        "--cloud batch-prod --id job-demo0003        | 1",
        "--id batch-prod@job-demo0003 --id sx-prod@2001/300101 | 2",
        "--id tencent-batch:ap-guangzhou:job-demo0001 | 1",
        "--limit 7                                   | 7",
      })
  void filtersLeaveWhatFits(String options, int rows) {
    assertThat(clouds.run(("runs " + options.strip()).split(" +"))).isIn(0, 5);

    assertThat(clouds.terminal.lines()).hasSize(rows + 1);
  }

  @Test
  void filterThatACloudCannotAnswerIsItsFailureAlone() {
    assertThat(clouds.run("runs", "--tag", "team=bio")).isEqualTo(5);

    assertThat(clouds.terminal.lines()).hasSize(3);
    assertThat(clouds.err()).contains("joblens: desktops (huawei-workspace)");
  }

  @Test
  void whatIsTrueOfAllScopesOfACloudIsSaidOnce() {
    assertThat(clouds.run("runs", "--state", "CANCELLED", "--cloud", "desktops")).isZero();

    assertThat(clouds.err().lines().filter(line -> line.contains("never reports")))
        .containsExactly("joblens: desktops: huawei-workspace never reports [CANCELLED]");
  }

  @Test
  void filterThatNoChosenCloudCanAnswerIsUsage() {
    assertThat(clouds.run("runs", "--tag", "team=bio", "--cloud", "desktops")).isEqualTo(2);

    assertThat(clouds.world.workspace().requests()).isEmpty();
    assertThat(clouds.out()).isEmpty();
  }

  @Test
  void deadCloudLeavesTheRowsOfTheOthers() {
    clouds.world.batch().close();
    clouds.config(text -> text.replace("quota:", "timeouts: {call: 1s}\n    quota:"));

    assertThat(clouds.run("runs")).isEqualTo(5);

    assertThat(clouds.terminal.lines()).hasSize(23);
    assertThat(clouds.err())
        .contains("3 of 4 sources complete:", "batch-prod  tencent-batch          0  failed")
        .contains("joblens: batch-prod (tencent-batch)");
  }

  @Test
  void failureOfOneCloudIsOneJsonObjectForPrograms() {
    clouds.world.batch().failAlways(denied());

    assertThat(clouds.run("runs", "-o", "ndjson")).isEqualTo(5);

    assertThat(clouds.terminal.lines()).hasSize(22);
    assertThat(clouds.err().lines()).hasSize(1);
    assertThat(tree(clouds.err()))
        .extracting("level", "cloud", "provider", "error")
        .extracting(String::valueOf)
        .containsExactly("error", "batch-prod", "tencent-batch", "AUTHENTICATION");
  }

  @Test
  void wrongKeyEverywhereIsDenied() {
    clouds.config(text -> text.replaceAll("(demo-[a-z]+)-secret", "$1-wrong"));

    assertThat(clouds.run("runs")).isEqualTo(4);

    assertThat(clouds.out()).isEmpty();
    assertThat(clouds.err())
        .contains("sae-prod (", "sx-prod (", "batch-prod (", "desktops (")
        .doesNotContain("-wrong");
  }

  @Test
  void runThatDoesNotExistIsNotFound() {
    assertThat(clouds.run("runs", "--id", "batch-prod@job-none")).isEqualTo(1);

    assertThat(clouds.err()).contains("not found: batch-prod@tencent-batch:ap-guangzhou:job-none");
  }

  @Test
  void aJobThatIsNotFoundMayBeMeantByName() {
    assertThat(clouds.run("runs", "--cloud", "batch-prod", "--job", "no-such")).isZero();
    assertThat(clouds.err()).contains("--name looks for the vendor's names");
  }

  @Test
  void aJobsReferenceIsListedAsItStands() {
    String group = "4a06d5ea-f576-4326-842c-fb14ea043d8d/trade.settlement/2001";
    assertThat(clouds.run("runs", "--job", "alibaba-schedulerx:cn-hangzhou:" + group)).isZero();
    assertThat(clouds.out()).contains("2001/");
    assertThat(clouds.run("runs", "--job", "alibaba-schedulerx:cn-hangzhou:other/group/2001"))
        .isEqualTo(1);
    assertThat(clouds.run("runs", "--job", "sx-prod@alibaba-schedulerx:cn-shanghai:" + group))
        .isEqualTo(2);
    assertThat(clouds.err()).contains("cloud sx-prod lists runs in [cn-hangzhou]");
  }

  @ParameterizedTest
  @CsvSource({"--job,sae-prod@每日结算", "--job,sae-prod@每*", "--id,sae-prod@每日结算/settle-20260310"})
  void anAddressAtACloudThatIsLeftOutIsRefused(String option, String address) {
    assertThat(clouds.run("runs", "--cloud", "batch-prod", option, address)).isEqualTo(2);
    assertThat(clouds.err()).contains("leave cloud sae-prod out", "batch-prod");
  }

  @Test
  void aLimitShowsTheNewestOfWhatAllCloudsGaveWhicheverAnswersFirst() {
    List<String> first = printed("runs", "--limit", "3").stream().map(RunsTest::cells).toList();
    assertThat(first).hasSize(4);
    for (int i = 0; i < 5; i++) {
      assertThat(printed("runs", "--limit", "3").stream().map(RunsTest::cells))
          .containsExactlyElementsOf(first);
    }
    assertThat(clouds.err())
        .contains("Shown are the newest 3 of 12 runs; each cloud was read no further than that.")
        .contains("3 runs: ");
  }

  @Test
  void rowsThatStreamSayWhichCloudsALimitLeftOut() {
    assertThat(printed("runs", "--job", "*", "--limit", "1", "-o", "ndjson")).hasSize(1);
    assertThat(clouds.err()).contains("not asked, because --limit was reached");
  }

  private List<String> printed(String... words) {
    int before = clouds.out().length();
    assertThat(clouds.run(words)).isZero();
    return clouds.out().substring(before).lines().toList();
  }

  /** Cloud, job and run: what does not depend on when it was read. */
  private static String cells(String row) {
    return String.join(" ", List.of(row.split(" +")).subList(0, 3));
  }

  @Test
  void runsThatHaveNotFinishedAreKeptWithAWord() {
    assertThat(clouds.run("runs", "--by", "finished", "--since", "30m")).isZero();
    assertThat(clouds.err()).containsPattern("\\d runs: kept, though it has not finished");
  }

  @Test
  void aRunThatIsNoProblemIsNotSaidToBeMissing() {
    assertThat(clouds.run("runs", "--id", "batch-prod@job-demo0002", "--state", "QUEUED")).isZero();
    assertThat(clouds.run("runs", "--id", "sae-prod@每日结算/settle-20260310", "--problems")).isZero();
    assertThat(clouds.err()).contains("1 are no problems").doesNotContain("not found");
  }

  @Test
  void anEmptyResultNamesWhatTheVendorFilteredBy() {
    assertThat(clouds.run("runs", "--cloud", "batch-prod", "--tag", "x=y", "--state", "FAILED"))
        .isZero();
    assertThat(clouds.err()).contains("No runs in state FAILED tagged x=y.");
    assertThat(clouds.run("runs", "--name", "nope*", "-o", "csv")).isZero();
    assertThat(clouds.err()).contains("No runs match", "have another name");
  }

  @Test
  void closedOutputEndsQuietly() {
    Io gone = takesNoMore("Broken pipe");
    assertThat(JobLens.run(gone, "runs", "-o", "ndjson", "--config", clouds.file())).isZero();
    assertThat(JobLens.run(gone, "runs", "--config", clouds.file())).isZero();
    assertThat(clouds.err()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Format.class)
  void outputThatCannotBeWrittenIsAFailure(Format format) {
    Io full = takesNoMore("No space left on device");
    assertThat(JobLens.run(full, "runs", "-o", format.name(), "--config", clouds.file()))
        .isEqualTo(ExitCode.FAILED);
    assertThat(clouds.err()).contains("the output could not be written: No space left on device");
  }

  private Io takesNoMore(String why) {
    OutputStream stream =
        new OutputStream() {
          private int left = 100;

          @Override
          public void write(int b) throws IOException {
            if (left-- < 0) {
              throw new IOException(why);
            }
          }
        };
    Io io = clouds.terminal.io();
    Output out = new Output(stream);
    return new Io(out, io.err(), io.environment(), io.zone(), io.clock(), false, false, 80);
  }

  private static FakeCloud.Reply denied() {
    return FakeCloud.Reply.json(
        Map.of(
            "Response",
            Map.of(
                "Error",
                Map.of("Code", "AuthFailure.SignatureFailure", "Message", "wrong"),
                "RequestId",
                "r-1")));
  }

  private static Map<?, ?> tree(String json) {
    Object tree = JsonReader.readTree(json.getBytes(StandardCharsets.UTF_8));
    return tree instanceof Map<?, ?> map ? map : Map.of();
  }
}
