package io.joblens.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.joblens.spi.JsonReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WaitTest {
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
  void successIsZeroAndTheLastRowIsPrinted() {
    clouds.batchRun("job-w1", "RUNNING", "SUCCEED");

    assertThat(wait("batch-prod@job-w1")).isZero();
    assertThat(clouds.terminal.lines()).hasSize(2);
    assertThat(clouds.terminal.lines().get(1)).contains("job-w1", "SUCCEEDED");
    assertThat(clouds.err())
        .containsSubsequence("job-w1 RUNNING", "job-w1 SUCCEEDED (SUCCEED)")
        .doesNotContain("\r");
  }

  @ParameterizedTest
  @ValueSource(strings = {"FAILED", "FAILED_INTERRUPTED"})
  void failureIsThreeWithItsReason(String word) {
    clouds.batchRun("job-w1", "RUNNING", word);

    assertThat(wait("batch-prod@job-w1")).isEqualTo(3);
    assertThat(clouds.err())
        .contains("joblens: batch-prod@tencent-batch:ap-guangzhou:job-w1 is FAILED (" + word + ")");
    assertThat(clouds.out()).contains("job-w1");
  }

  @Test
  void terminatedRunIsThreeWithTheVendorsReason() {
    assertThat(wait("sx-prod@2002/300202")).isEqualTo(3);
    assertThat(clouds.err()).contains("is CANCELLED (6): killed by 王伟");
  }

  @Test
  void runThatNeverEndsIsSixOnTime() {
    long begin = System.nanoTime();

    assertThat(wait("batch-prod@job-demo0002", "--timeout", "700ms")).isEqualTo(6);
    assertThat((System.nanoTime() - begin) / 1_000_000).isBetween(700L, 10_000L);
    assertThat(clouds.out()).contains("job-demo0002", "RUNNING");
    assertThat(clouds.err()).contains("not finished within");
  }

  @Test
  void unknownRunIsOneAfterTheGracePeriod() {
    assertThat(wait("batch-prod@job-none", "--grace", "300ms")).isEqualTo(1);
    assertThat(clouds.err()).contains("job-none did not appear");
    assertThat(clouds.out()).isEmpty();
  }

  @Test
  void runThatAppearsWithinTheGracePeriodIsWaitedFor() {
    clouds.batchRun("job-w1", "", "", "SUCCEED");

    assertThat(wait("batch-prod@job-w1", "--grace", "60s")).isZero();
  }

  @Test
  void wrongKeyIsFour() {
    clouds.config(text -> text.replace("demo-tencent-secret", "wrong"));

    assertThat(wait("batch-prod@job-demo0002")).isEqualTo(4);
    assertThat(clouds.err()).contains("joblens: batch-prod (tencent-batch)");
  }

  @Test
  void partlyFailedWithoutAnEndIsNotTheEnd() {
    clouds.schedulerxRun("309001", "3", "11", "11", "4");

    assertThat(wait("sx-prod@2001/309001")).isZero();
    assertThat(clouds.err()).containsSubsequence("FAILED (11)", "SUCCEEDED (4)");
  }

  @Test
  void runsOfSeveralCloudsAreWaitedForTogether() {
    clouds.batchRun("job-w1", "RUNNING", "SUCCEED");
    clouds.schedulerxRun("309001", "3", "12");

    assertThat(wait("batch-prod@job-w1", "batch-prod@job-demo0003", "sx-prod@2001/309001"))
        .isEqualTo(3);
    assertThat(clouds.terminal.lines()).hasSize(4);
    assertThat(clouds.err()).contains("is SKIPPED (12)");
  }

  @Test
  void anyEndsWithTheFirst() {
    assertThat(wait("--any", "batch-prod@job-demo0002", "sx-prod@2001/300101")).isZero();
    assertThat(clouds.out()).contains("300101");
  }

  @Test
  void failedCloudDoesNotHideTheOthers() {
    clouds.config(text -> text.replace("demo-tencent-secret", "wrong"));

    assertThat(wait("batch-prod@job-demo0003", "sx-prod@2001/300101")).isEqualTo(5);
    assertThat(clouds.out()).contains("300101").doesNotContain("job-demo0003");
  }

  @Test
  void failureComesBeforeTimeOver() {
    assertThat(wait("--timeout", "500ms", "batch-prod@job-demo0002", "batch-prod@job-demo0004"))
        .isEqualTo(3);
  }

  @Test
  void terminalShowsOneLiveLine() {
    clouds.terminal.watched(100);
    clouds.batchRun("job-w1", "RUNNING", "SUCCEED");

    assertThat(wait("batch-prod@job-w1")).isZero();
    assertThat(clouds.err())
        .startsWith("\r")
        .contains("\rbatch-prod@job-w1 RUNNING · waited ")
        .doesNotContain("\n")
        .endsWith("\r");
  }

  @Test
  void progressIsJsonForPrograms() {
    assertThat(wait("-o", "json", "batch-prod@job-demo0004")).isEqualTo(3);
    assertThat(clouds.err().lines())
        .isNotEmpty()
        .allSatisfy(
            line ->
                assertThat(JsonReader.readTree(line.getBytes(StandardCharsets.UTF_8)))
                    .isInstanceOf(Map.class));
    assertThat(clouds.out()).startsWith("{\"schema\":1,\"runs\":[");
  }

  private int wait(String... words) {
    String[] all = new String[words.length + 3];
    all[0] = "wait";
    all[1] = "--poll";
    all[2] = "100ms";
    System.arraycopy(words, 0, all, 3, words.length);
    return clouds.run(all);
  }
}
