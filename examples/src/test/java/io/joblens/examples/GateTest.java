package io.joblens.examples;

import static io.joblens.testkit.FakeJobClient.run;
import static org.assertj.core.api.Assertions.assertThat;

import io.joblens.JobServiceException.Kind;
import io.joblens.JobState;
import io.joblens.testkit.FakeJobClient;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** How a user tests code that waits half an hour: in milliseconds, without a socket. */
class GateTest {
  @Test
  void deployGoesOnceTheRunSucceeded() {
    // snippet: test
    try (FakeJobClient jobs =
        FakeJobClient.builder()
            .add(
                run("nightly-42")
                    .at(Duration.ZERO, JobState.QUEUED)
                    .at(Duration.ofMinutes(5), JobState.RUNNING)
                    .at(Duration.ofMinutes(25), JobState.SUCCEEDED))
            .build()) {
      jobs.failNext(Kind.THROTTLED); // and one hiccup on the way

      assertThat(WaitAndReact.succeeds(jobs, "nightly-42")).isTrue();
    }
    // end
  }

  @Test
  void deployStopsWhenTheRunFailed() {
    try (FakeJobClient jobs =
        FakeJobClient.builder()
            .add(run("nightly-43").at(Duration.ofMinutes(1), JobState.FAILED))
            .build()) {
      assertThat(WaitAndReact.succeeds(jobs, "nightly-43")).isFalse();
    }
  }

  @Test
  void deployStopsWhenTheRunNeverEnds() {
    try (FakeJobClient jobs =
        FakeJobClient.builder()
            .add(run("nightly-44").at(Duration.ZERO, JobState.RUNNING))
            .build()) {
      assertThat(WaitAndReact.succeeds(jobs, "nightly-44")).isFalse();
    }
  }
}
