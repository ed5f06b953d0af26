package io.joblens.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.joblens.JobPage;
import io.joblens.JobQuery;
import io.joblens.JobRun;
import io.joblens.JobServiceException;
import io.joblens.JobServiceException.Kind;
import io.joblens.JobState;
import io.joblens.JobTransportException;
import io.joblens.PageToken;
import io.joblens.PagingException;
import io.joblens.ProviderId;
import io.joblens.RunRef;
import io.joblens.TaskCounts;
import io.joblens.Trigger;
import io.joblens.WaitTimeoutException;
import io.joblens.spi.TransportFailure;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FakeJobClientTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final FakeJobClient client =
      FakeJobClient.builder()
          .name("batch")
          .account("me")
          .add(
              FakeJobClient.run("r1")
                  .job("nightly")
                  .name("Nightly totals")
                  .at(Duration.ZERO, JobState.QUEUED)
                  .at(Duration.ofMinutes(5), JobState.RUNNING)
                  .at(Duration.ofMinutes(12), JobState.SUCCEEDED)
                  .message("done")
                  .trigger(Trigger.SCHEDULE)
                  .tasks(TaskCounts.builder().total(3L).succeeded(3L).build())
                  .tag("team", "data")
                  .attribute("zone", "a"))
          .add(FakeJobClient.run("r2").at(Duration.ZERO, JobState.FAILED))
          .add(FakeJob.builder("nightly").name("Nightly").field("cron", "0 3 * * *").build())
          .build();

  @Test
  void aWaitOfHalfAnHourTakesNoTime() {
    long before = System.nanoTime();
    List<JobState> looks = new ArrayList<>();

    JobRun done =
        client
            .waiter()
            .onLook(run -> looks.add(run.state()))
            .until(client.runRef("r1"), Duration.ofMinutes(30));

    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofMinutes(1));
    assertThat(done.state()).isEqualTo(JobState.SUCCEEDED);
    assertThat(looks).contains(JobState.QUEUED, JobState.RUNNING, JobState.SUCCEEDED);
    assertThat(client.time().now())
        .isBetween(START.plus(Duration.ofMinutes(12)), START.plus(Duration.ofMinutes(13)));
    assertThat(client.requests()).isGreaterThan(20);
  }

  @Test
  void aRunThatDoesNotEndIsATimeout() {
    client.add(FakeJobClient.run("r3").at(Duration.ZERO, JobState.RUNNING));
    assertThatThrownBy(() -> client.waiter().until(client.runRef("r3"), Duration.ofMinutes(30)))
        .isInstanceOf(WaitTimeoutException.class);
    assertThat(Duration.between(START, client.time().now()))
        .isBetween(Duration.ofMinutes(30), Duration.ofMinutes(31));
  }

  @Test
  void showsWhatTheScriptSays() {
    ((ManualTime) client.time()).advance(Duration.ofMinutes(12));
    JobRun run = client.getRun(client.runRef("nightly", "r1"));
    assertThat(run.cloud()).isEqualTo("batch");
    assertThat(run.account()).isEqualTo("me");
    assertThat(run.ref()).hasToString("fake:local:nightly/r1");
    assertThat(run.name()).hasValue("Nightly totals");
    assertThat(run.state()).isEqualTo(JobState.SUCCEEDED);
    assertThat(run.isFinished()).isTrue();
    assertThat(run.message()).hasValue("done");
    assertThat(run.trigger()).isEqualTo(Trigger.SCHEDULE);
    assertThat(run.createdAt()).hasValue(START);
    assertThat(run.startedAt()).hasValue(START.plusSeconds(300));
    assertThat(run.finishedAt()).hasValue(START.plusSeconds(720));
    assertThat(run.observedAt()).isEqualTo(START.plusSeconds(720));
    assertThat(run.tasks().total()).hasValue(3);
    assertThat(run.tasks().failed()).isEmpty();
    assertThat(run.tags()).containsOnly(Map.entry("team", "data"));
    assertThat(run.attributes()).containsOnly(Map.entry("zone", "a"));
  }

  @Test
  void timesThatAreNotYetAreAbsent() {
    JobRun run = client.getRun(client.runRef("r1"));
    assertThat(run.state()).isEqualTo(JobState.QUEUED);
    assertThat(run.isFinished()).isFalse();
    assertThat(run.message()).isEmpty();
    assertThat(run.startedAt()).isEmpty();
    assertThat(run.finishedAt()).isEmpty();
  }

  @Test
  void filtersAsEveryClientDoes() {
    assertThat(ids(JobQuery.builder().states(JobState.FAILED).build())).containsExactly("r2");
    assertThat(ids(JobQuery.builder().job("nightly").build())).containsExactly("r1");
    assertThat(ids(JobQuery.builder().name("Night*").build())).containsExactly("r1");
    assertThat(ids(JobQuery.builder().tag("team", "data").build())).containsExactly("r1");
    assertThat(ids(JobQuery.builder().problemsOnly(true).build())).containsExactly("r2");
    assertThat(ids(JobQuery.builder().since(START.plusSeconds(1)).build())).isEmpty();
    assertThat(ids(JobQuery.builder().limit(1).build())).containsExactly("r1");
  }

  @Test
  void everyRunComesOnceForAnyPageSize() {
    for (int i = 0; i < 23; i++) {
      client.add(FakeJobClient.run("run-" + i).at(Duration.ZERO, JobState.RUNNING));
    }
    for (int size : new int[] {1, 2, 3, 7, 25, 100}) {
      assertThat(ids(JobQuery.builder().pageSize(size).build()))
          .as("page size %s", size)
          .hasSize(25)
          .doesNotHaveDuplicates();
    }
  }

  @Test
  void tokensWorkInAnotherClientAndNotForAnotherQuery() {
    JobQuery query = JobQuery.builder().pageSize(1).build();
    PageToken token = client.listRuns(query).nextPageToken().orElseThrow();
    FakeJobClient other =
        FakeJobClient.builder()
            .account(client.account())
            .add(FakeJobClient.run("r1").job("nightly"))
            .add(FakeJobClient.run("r2"))
            .build();

    JobPage page = other.listRuns(query, token);
    assertThat(page.runs()).extracting(run -> run.ref().runId()).containsExactly("r2");

    int before = other.requests();
    assertThatThrownBy(
            () -> other.listRuns(JobQuery.builder().states(JobState.FAILED).build(), token))
        .isInstanceOf(PagingException.class);
    assertThat(other.requests()).isEqualTo(before);
  }

  @Test
  void throttlingIsTriedAgainAndAuthenticationIsNot() {
    client.failNext(Kind.THROTTLED, Duration.ofSeconds(7));
    client.listRuns(JobQuery.ALL);
    assertThat(client.requests()).isEqualTo(2);
    assertThat(client.time().now()).isAfterOrEqualTo(START.plusSeconds(7));

    client.failAlways(Kind.AUTHENTICATION);
    JobServiceException refused =
        catchThrowableOfType(JobServiceException.class, () -> client.listRuns(JobQuery.ALL));
    assertThat(refused.kind()).isEqualTo(Kind.AUTHENTICATION);
    assertThat(refused.requestId()).hasValue("request-3");
    assertThat(client.requests()).isEqualTo(3);

    client.recover();
    assertThat(client.listRuns(JobQuery.ALL).runs()).hasSize(2);
  }

  @Test
  void everyKindOfErrorCanBeHad() {
    for (Kind kind : Kind.values()) {
      client.failAlways(kind);
      JobServiceException error =
          catchThrowableOfType(JobServiceException.class, () -> client.listRuns(JobQuery.ALL));
      assertThat(error.kind()).isEqualTo(kind);
      assertThat(error.cloud()).hasValue("batch");
    }
  }

  @Test
  void aBrokenConnectionIsATransportException() {
    client.failAlways(TransportFailure.Kind.CONNECTION_LOST);
    JobTransportException lost =
        catchThrowableOfType(JobTransportException.class, () -> client.listRuns(JobQuery.ALL));
    assertThat(lost.kind()).isEqualTo(JobTransportException.Kind.CONNECTION_LOST);
    assertThat(client.requests()).isEqualTo(3);
  }

  @Test
  void unknownRunsAndJobsAreNotFound() {
    RunRef ghost = client.runRef("ghost");
    assertThat(client.getRuns(List.of(client.runRef("r2"), ghost)).missing())
        .containsExactly(ghost);
    assertThatThrownBy(() -> client.getRun(ghost)).isInstanceOf(JobServiceException.class);
    assertThatThrownBy(() -> client.getJob(client.jobRef("ghost")))
        .isInstanceOf(JobServiceException.class);
    assertThat(client.getJob(client.jobRef("nightly")).name()).hasValue("Nightly");
    assertThat(client.getJob(client.jobRef("nightly")).attributes()).containsKey("cron");
  }

  @Test
  void removedRunsAreGone() {
    client.remove("r2");
    assertThat(ids(JobQuery.ALL)).containsExactly("r1");
  }

  @Test
  void canPretendToBeAnyProviderInSeveralRegions() {
    FakeJobClient several =
        FakeJobClient.builder()
            .provider(new ProviderId("tencent-batch"))
            .regions(List.of("here", "there"))
            .add(FakeJobClient.run("r1").region("there"))
            .build();
    List<JobRun> runs = several.listAllRuns(JobQuery.ALL).stream().toList();
    assertThat(runs)
        .extracting(run -> run.ref().toString())
        .containsExactly("tencent-batch:there:job/r1");
    assertThat(several.name()).isEqualTo("tencent-batch");
  }

  @Test
  void theAsyncClientIsThereToo() {
    assertThat(client.async().listRuns(JobQuery.ALL).join().runs()).hasSize(2);
  }

  @Test
  void refusesATransport() {
    assertThatThrownBy(
            () -> FakeJobClient.builder().transport(new MemoryTransport(new World(client.time()))))
        .isInstanceOf(UnsupportedOperationException.class);
  }

  /**
   * In a process of its own, where every way to a socket throws, and whose end proves another
   * thing.
   */
  @Test
  void opensNoSocketAndLetsMainReturn() throws Exception {
    Process process =
        new ProcessBuilder(
                System.getProperty("java.home") + "/bin/java",
                "-cp",
                System.getProperty("java.class.path"),
                NoSockets.class.getName())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    assertThat(output).contains("socket refused").contains("ended as SUCCEEDED");
  }

  private List<String> ids(JobQuery query) {
    return client.listAllRuns(query).stream().map(run -> run.ref().runId()).toList();
  }
}
