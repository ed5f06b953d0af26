package io.joblens.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.joblens.spi.JsonReader;
import io.joblens.testkit.FakeCloud;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The operator's questions: which jobs, what does it cost, why did it fail, what is wrong. */
class OperatorsTest {
  private DemoClouds clouds;

  @BeforeEach
  void start(@TempDir Path directory) {
    clouds = new DemoClouds(directory);
  }

  @AfterEach
  void stop() {
    clouds.close();
  }

  private Map<?, ?> json() {
    return (Map<?, ?>)
        Objects.requireNonNull(JsonReader.readTree(clouds.out().getBytes(StandardCharsets.UTF_8)));
  }

  private static List<?> list(Map<?, ?> map, String key) {
    return (List<?>) Objects.requireNonNull(map.get(key), key);
  }

  private static long number(Object row, String key) {
    return ((Number) Objects.requireNonNull(((Map<?, ?>) row).get(key), key)).longValue();
  }

  // ---- jobs

  @Test
  void jobsShowsWhatThereIsWithItsLastState() {
    assertThat(clouds.run("jobs", "--cloud", "sae-prod")).isZero();
    assertThat(clouds.out()).contains("daily-settlement", "LAST STATE", "SUCCEEDED");
  }

  @Test
  void jobsByNameAndAsJson() {
    assertThat(clouds.run("jobs", "--cloud", "sae-prod", "--name", "night*", "-o", "json"))
        .isZero();
    assertThat(list(json(), "jobs")).hasSize(1);
    assertThat(clouds.out()).contains("\"name\":\"nightly-report\"");
  }

  @Test
  void aCloudWithoutAJobListIsANoteBesideOthersAndAnErrorAlone() {
    assertThat(clouds.run("jobs", "--cloud", "sae-prod", "--cloud", "batch-prod")).isZero();
    assertThat(clouds.err()).contains("batch-prod: Tencent Batch has no list of jobs");
    assertThat(clouds.run("jobs", "--cloud", "batch-prod")).isEqualTo(2);
  }

  @Test
  void aGlobThatMatchesNoJobIsSaid() {
    assertThat(clouds.run("jobs", "--cloud", "sae-prod", "--name", "nope-*")).isZero();
    assertThat(clouds.err()).contains("No jobs match, of 2 read.");
  }

  // ---- runs

  @Test
  void problemsAreRunsToLookAtAndNoOthers() {
    assertThat(clouds.run("runs", "--problems", "-o", "ndjson")).isZero();
    assertThat(clouds.terminal.lines())
        .isNotEmpty()
        .allSatisfy(line -> assertThat(line).contains("\"problem\":true"));
    assertThat(clouds.out()).contains("\"state\":\"REJECTED\"", "\"state\":\"SUCCEEDED\"");
  }

  @Test
  void aSummaryCountsByCloudJobAndState() {
    assertThat(clouds.run("runs", "--summary")).isZero();
    assertThat(clouds.terminal.lines().get(0)).contains("CLOUD", "JOB", "PROBLEMS", "FAILED");
    assertThat(clouds.out()).contains("每日结算").doesNotContain("job-demo");
    List<String> rows = clouds.terminal.lines().stream().skip(1).toList();
    assertThat(rows.stream().map(row -> row.substring(0, row.indexOf(" ")))).isSorted();

    assertThat(clouds.run("runs", "--summary", "-o", "json")).isZero();
  }

  @Test
  void aSummaryAsJsonAddsUpToTheRuns() {
    assertThat(clouds.run("runs", "--summary", "-o", "json")).isZero();
    long runs = list(json(), "summary").stream().mapToLong(row -> number(row, "runs")).sum();
    assertThat(runs).isEqualTo(30);
  }

  @Test
  void byFinishedIsAboutTheEnd() {
    assertThat(
            clouds.run(
                "runs",
                "--since",
                "1s",
                "--by",
                "finished",
                "--cloud",
                "batch-prod",
                "--state",
                "FAILED"))
        .isZero();
    assertThat(clouds.err()).contains("No runs match").contains("finished outside the time");
  }

  @Test
  void anEmptyResultSaysWhatDroppedTheRunsThatWereRead() {
    assertThat(clouds.run("runs", "--name", "no-such-*", "--cloud", "batch-prod")).isZero();
    assertThat(clouds.err())
        .containsPattern("No runs match; of \\d+ read, \\d+ have another name\\.");
  }

  @Test
  void whereThereIsNothingTheLikelyMistakesOfTheVendorAreNamed() {
    clouds.config(text -> text.replace("region: ap-guangzhou", "region: ap-beijing"));
    assertThat(clouds.run("runs", "--cloud", "batch-prod")).isZero();
    assertThat(clouds.err())
        .contains("No runs.")
        .contains("this cloud asks ap-beijing, set region if they are elsewhere")
        .contains("keys of the international site need endpoint");
    assertThat(clouds.run("runs", "--cloud", "batch-prod", "--state", "FAILED")).isZero();
    assertThat(clouds.err()).containsOnlyOnce("set region if they are elsewhere");
  }

  @Test
  void anEmptyResultNamesTheWindow() {
    clouds.terminal.zone("UTC");
    assertThat(
            clouds.run(
                "runs",
                "--cloud",
                "batch-prod",
                "--since",
                "2020-01-01T00:00:00Z",
                "--until",
                "2020-01-02T00:00:00Z"))
        .isZero();
    assertThat(clouds.err())
        .containsPattern(
            "No runs match that were created from 2020-01-01 00:00:00 to 2020-01-02 00:00:00; of"
                + " \\d+ read, \\d+ were created outside the time asked for\\.");
  }

  @Test
  void explainPrintsThePlanAndSendsNothingThatItDoesNotAnnounce() {
    List<FakeCloud> fakes = clouds.world.clouds();
    assertThat(clouds.run("runs", "--problems", "--explain", "-o", "json")).isZero();
    assertThat(fakes).allSatisfy(fake -> assertThat(fake.requests()).isEmpty());
    List<?> plans = list(json(), "plans");
    assertThat(plans).hasSize(4);
    long planned = plans.stream().mapToLong(plan -> number(plan, "leastCalls")).sum();

    assertThat(clouds.run("runs", "--problems")).isZero();
    assertThat(fakes.stream().mapToLong(fake -> fake.requests().size()).sum()).isEqualTo(planned);
  }

  @Test
  void explainIsAlsoATable() {
    assertThat(clouds.run("runs", "--state", "FAILED", "--explain")).isZero();
    assertThat(clouds.terminal.lines().get(0)).contains("REQUESTS", "AT QUOTA", "FILTERED HERE");
    assertThat(clouds.terminal.lines()).hasSize(5);
  }

  @ParameterizedTest
  @CsvSource({
    "--by later, --by",
    "--summary -o csv, --summary",
    "--summary --explain, --summary",
    "--explain -o csv, csv",
    "--by later, CREATED",
    "--since 1h --until 2h, since",
    "--state NOPE, NOPE"
  })
  void wrongOptionsAreUsageErrors(String options, String expected) {
    String[] words = ("runs " + options).split(" ");
    assertThat(clouds.run(words)).isEqualTo(2);
    assertThat(clouds.err()).contains(expected);
    assertThat(clouds.world.clouds()).allMatch(fake -> fake.requests().isEmpty());
  }

  @Test
  void jobsThatNobodyMaySeeAreDeniedThoughOneVendorHasNone() {
    clouds.config(text -> text.replaceAll("(demo-(?:ali|huawei)-)secret", "$1canary"));
    assertThat(clouds.run("jobs")).isEqualTo(ExitCode.DENIED);
    assertThat(clouds.run("jobs", "--cloud", "batch-prod")).isEqualTo(ExitCode.USAGE);
  }

  @Test
  void jobsThatAreLeftOutAreSaid() {
    assertThat(clouds.run("jobs", "--cloud", "sx-prod", "--state", "FAILED")).isZero();
    assertThat(clouds.err()).contains("does not tell their last state");
    assertThat(clouds.run("jobs", "--cloud", "sx-prod", "--limit", "1", "-o", "json")).isZero();
    assertThat(clouds.err()).contains("the limit is reached; there may be more jobs");
  }

  // ---- why

  @Test
  void whyNeedsAVendorThatTells() {
    assertThat(clouds.run("get", "--why", "sae-prod@每日结算/no-such-run")).isEqualTo(1);
    assertThat(clouds.run("get", "--why", "-o", "csv", "batch-prod@job-demo0003")).isEqualTo(2);
  }

  @Test
  void whyShowsTimesWithTheirZoneAndEachTextOnce() {
    assertThat(clouds.run("get", "--why", "batch-prod@job-demo0003")).isZero();
    String shown = clouds.out();
    assertThat(shown)
        .contains("created 20")
        .containsPattern("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d");
    assertThat(shown).doesNotContainPattern("\\dT\\d");
    assertThat(
            shown
                .lines()
                .filter(line -> line.contains("reason: ") || line.contains("message: "))
                .map(line -> line.replaceAll(".*(reason|message): ", ""))
                .toList())
        .doesNotHaveDuplicates();
  }

  @Test
  void whyShowsTwentyOfTheTasksThatWentWell() {
    assertThat(clouds.run("get", "--why", "desktops@9f1c7a52-3b64-4d0e-8a11-5d2c9b7e0401/e1a0c002"))
        .isZero();
    assertThat(clouds.out().lines().filter(line -> line.matches(".*desktop-.*SUCCEEDED.*")))
        .hasSize(20);
    assertThat(clouds.out()).contains("  97 more SUCCEEDED; -o json has them all");
  }

  // ---- doctor

  @Test
  void doctorShowsWhoseKeyItIsAndThatAllWorks() {
    assertThat(clouds.run("doctor", "--cloud", "sae-prod")).isZero();
    assertThat(clouds.out())
        .contains("sae-prod: alibaba-sae, account ali-prod, cn-hangzhou")
        .contains("  ok    credentials: access key *** from ")
        .contains("  ok    DescribeJobHistory at 127.0.0.1:")
        .contains("  ok    clock: within ")
        .doesNotContain("demo-ali-secret");
  }

  @Test
  void doctorNamesAWrongSecretAndDoesNotTryItOften() {
    clouds.config(text -> text.replace("demo-ali-secret", "wrong-secret-canary"));
    assertThat(clouds.run("doctor", "--cloud", "sae-prod")).isEqualTo(4);
    assertThat(clouds.out()).contains("  FAIL  ListJobs at 127.0.0.1").doesNotContain("canary");
    assertThat(clouds.world.sae().requests()).hasSizeLessThanOrEqualTo(2);
  }

  @Test
  void doctorAsJson() {
    assertThat(clouds.run("doctor", "--cloud", "sae-prod", "-o", "json")).isZero();
    Map<?, ?> cloud = (Map<?, ?>) list(json(), "clouds").get(0);
    assertThat(cloud.get("healthy")).isEqualTo(true);
    assertThat(cloud.get("clockSkewSeconds")).isEqualTo(0);
  }
}
