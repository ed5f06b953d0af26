package io.joblens.examples;

import static io.joblens.testkit.FakeJobClient.run;
import static org.assertj.core.api.Assertions.assertThat;

import io.joblens.JobFleet;
import io.joblens.JobServiceException.Kind;
import io.joblens.JobState;
import io.joblens.testkit.FakeJobClient;
import io.joblens.testkit.ManualTime;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Runs each example against clouds in memory. */
class ExamplesTest {
  private final PrintStream stdout = System.out;
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

  @BeforeEach
  void capture() {
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
  }

  @AfterEach
  void release() {
    System.setOut(stdout);
  }

  @Test
  void firstQueryPrintsWhatFailed() {
    try (FakeJobClient batch = cloud("batch").build()) {
      FirstQuery.printFailed(batch);
    }

    assertThat(output()).contains("run-2 nightly FAILED").doesNotContain("run-1");
  }

  @Test
  void fourCloudsPrintTheRowsOfThreeAndTheFailureOfTheFourth() {
    FakeJobClient dead = cloud("workspace").build();
    dead.failAlways(Kind.ACCESS_DENIED);
    try (JobFleet fleet =
        JobFleet.of(
            cloud("sae").build(), cloud("schedulerx").build(), cloud("batch").build(), dead)) {
      FourClouds.printAll(fleet);
    }

    assertThat(output())
        .contains("sae run-1 SUCCEEDED", "schedulerx run-2 FAILED", "batch run-1 SUCCEEDED")
        .contains("workspace failed: workspace")
        .contains("incomplete");
  }

  @Test
  void stoppingEarlyReadsNoFurtherPage() {
    FakeJobClient.Builder builder = cloud("batch").maxPage(10);
    for (int i = 0; i < 95; i++) {
      builder.add(run("more-" + i).at(Duration.ZERO, JobState.FAILED));
    }
    try (FakeJobClient batch = builder.build()) {
      assertThat(StopEarly.firstProblem(batch)).isPresent();
      assertThat(batch.requests()).isEqualTo(1);
      assertThat(StopEarly.countByPage(batch)).isEqualTo(97);
    }
  }

  @Test
  void errorsAreToldApartByKind() {
    try (FakeJobClient batch = cloud("batch").build()) {
      assertThat(HandleErrors.advice(batch)).isEqualTo("2 runs");
      batch.failAlways(Kind.AUTHENTICATION);
      assertThat(HandleErrors.advice(batch)).isEqualTo("check key and clock");
      batch.failAlways(Kind.UNAVAILABLE);
      assertThat(HandleErrors.advice(batch)).startsWith("try later");
    }
  }

  private static FakeJobClient.Builder cloud(String name) {
    return FakeJobClient.builder()
        .name(name)
        .time(ManualTime.autoAdvancing(Instant.now()))
        .add(run("run-1").name("nightly").at(Duration.ZERO, JobState.SUCCEEDED))
        .add(run("run-2").name("nightly").at(Duration.ZERO, JobState.FAILED));
  }

  private String output() {
    return printed.toString(StandardCharsets.UTF_8);
  }
}
