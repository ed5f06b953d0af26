package io.joblens.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.joblens.ClientClosedException;
import io.joblens.Finality;
import io.joblens.JobCancelledException;
import io.joblens.JobClient;
import io.joblens.JobRun;
import io.joblens.JobServiceException;
import io.joblens.JobServiceException.Kind;
import io.joblens.JobState;
import io.joblens.JobTransportException;
import io.joblens.RunRef;
import io.joblens.WaitTimeoutException;
import io.joblens.internal.StubCloud.Row;
import io.joblens.spi.TransportFailure;
import io.joblens.spi.WireRequest;
import io.joblens.spi.WireResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class PollingWaiterTest {
  private static final Duration HALF_AN_HOUR = Duration.ofMinutes(30);

  private final TestTime time = TestTime.jumping();
  private final StubProvider provider = new StubProvider();
  private final StubCloud cloud = new StubCloud();
  private final List<Duration> looks = new ArrayList<>();
  private IntConsumer beforeLook = number -> {};
  private final StubTransport transport = new StubTransport(this::look);
  private final JobClient client =
      StubBuilder.of(provider, transport).name("c1").time(time).build();
  private final RunRef one = client.runRef("one");
  private final RunRef two = client.runRef("two");

  private WireResponse look(WireRequest request) {
    looks.add(time.elapsed());
    beforeLook.accept(looks.size());
    return cloud.answer(request);
  }

  private Row add(String id, String state) {
    Row row = new Row(id, state);
    cloud.scopes.computeIfAbsent("a", scope -> new ArrayList<>()).add(row);
    return row;
  }

  @Test
  void aFinishedRunIsReturnedAfterOneLook() {
    add("one", "BAD");
    JobRun run = client.waiter().until(one, HALF_AN_HOUR);
    assertThat(run.state()).isEqualTo(JobState.FAILED);
    assertThat(looks).containsExactly(Duration.ZERO);
  }

  @Test
  void looksComeFartherApart() {
    Row row = add("one", "RUN");
    beforeLook =
        number -> {
          if (number == 9) {
            row.state = "OK";
          }
        };
    assertThat(client.waiter().until(one, HALF_AN_HOUR).state()).isEqualTo(JobState.SUCCEEDED);
    assertThat(time.waits())
        .extracting(Duration::toMillis)
        .containsExactly(5000L, 7500L, 11250L, 16875L, 25312L, 30000L, 30000L, 30000L);
  }

  @Test
  void aPollThatIsSetDoesNotGrow() {
    Row row = add("one", "RUN");
    beforeLook =
        number -> {
          if (number == 4) {
            row.state = "OK";
          }
        };
    client.waiter().poll(Duration.ofSeconds(2)).until(one, HALF_AN_HOUR);
    assertThat(time.waits()).containsOnly(Duration.ofSeconds(2)).hasSize(3);
  }

  @Test
  void aWaitEndsOnTimeWithWhatWasSeenLast() {
    add("one", "RUN");
    add("two", "OK");
    WaitTimeoutException problem =
        (WaitTimeoutException)
            catchThrowable(() -> client.waiter().until(List.of(one, two), Duration.ofSeconds(60)));
    assertThat(time.elapsed()).isEqualTo(Duration.ofSeconds(60));
    assertThat(looks).last().isEqualTo(Duration.ofSeconds(60));
    assertThat(problem.lastSeen())
        .extracting(JobRun::state)
        .containsExactly(JobState.RUNNING, JobState.SUCCEEDED);
    assertThat(problem)
        .hasMessageStartingWith("c1 (stub-jobs): not finished within PT1M; last seen: ");
  }

  @Test
  void aWaitWithoutTimeLooksOnce() {
    add("one", "RUN");
    for (Duration none : List.of(Duration.ZERO, Duration.ofSeconds(-5))) {
      looks.clear();
      assertThatThrownBy(() -> client.waiter().until(one, none))
          .isInstanceOf(WaitTimeoutException.class);
      assertThat(looks).hasSize(1);
    }
    add("two", "OK");
    assertThat(client.waiter().until(two, Duration.ZERO).isFinished()).isTrue();
  }

  @Test
  void aRunThatDoesNotAppearInItsGraceIsNotFound() {
    JobServiceException problem =
        (JobServiceException)
            catchThrowable(
                () -> client.waiter().grace(Duration.ofSeconds(20)).until(one, HALF_AN_HOUR));
    assertThat(problem.kind()).isEqualTo(Kind.NOT_FOUND);
    assertThat(problem)
        .hasMessageContaining("stub-jobs:r1:a/one did not appear within PT20S")
        .hasMessageStartingWith("c1 (stub-jobs)");
    assertThat(time.elapsed()).isBetween(Duration.ofSeconds(20), Duration.ofSeconds(40));
  }

  @Test
  void aRunThatAppearsWithinItsGraceIsAwaited() {
    beforeLook =
        number -> {
          if (number == 3) {
            add("one", "OK");
          }
        };
    assertThat(client.waiter().until(one, HALF_AN_HOUR).isFinished()).isTrue();
  }

  @Test
  void aRunThatIsGoneInThreeLooksIsNotFoundAndInTwoIsNot() {
    Row row = add("one", "RUN");
    beforeLook =
        number -> {
          List<Row> rows = cloud.scopes.computeIfAbsent("a", scope -> new ArrayList<>());
          switch (number) {
            case 2, 5 -> rows.remove(row);
            case 4 -> rows.add(row);
            default -> {}
          }
        };
    JobServiceException problem =
        (JobServiceException) catchThrowable(() -> client.waiter().until(one, HALF_AN_HOUR));
    assertThat(problem.kind()).isEqualTo(Kind.NOT_FOUND);
    assertThat(problem).hasMessageContaining("is gone: it was missing in 3 looks");
    assertThat(looks).hasSize(7);
  }

  @Test
  void aWordThatOnlyUsuallyEndsARunCountsAfterAMinuteUnchanged() {
    Row row = add("one", "RUN");
    beforeLook =
        number -> {
          if (number == 3) {
            row.state = "KILLED";
          }
        };
    JobRun run = client.waiter().poll(Duration.ofSeconds(10)).until(one, HALF_AN_HOUR);
    assertThat(run.finality()).isEqualTo(Finality.FINISHED);
    assertThat(run.state()).isEqualTo(JobState.CANCELLED);
    assertThat(run.notes())
        .containsExactly("taken as finished: the state stood unchanged for PT1M");
    assertThat(time.elapsed()).isEqualTo(Duration.ofSeconds(20 + 60));
  }

  @Test
  void aWordThatOnlyUsuallyEndsARunIsOvertakenByALaterOne() {
    Row row = add("one", "KILLED");
    beforeLook =
        number -> {
          switch (number) {
            case 4 -> row.state = "RUN";
            case 5 -> row.state = "KILLED";
            case 9 -> row.state = "OK";
            default -> {}
          }
        };
    JobRun run = client.waiter().poll(Duration.ofSeconds(15)).until(one, HALF_AN_HOUR);
    assertThat(run.state()).isEqualTo(JobState.SUCCEEDED);
    assertThat(looks).hasSize(9);
  }

  @Test
  void problemsThatPassAreSurvived() {
    Row row = add("one", "RUN");
    transport.answer(200, "{\"rows\":[{\"id\":\"one\",\"state\":\"RUN\"}]}");
    for (int i = 0; i < 3; i++) {
      transport.fail(TransportFailure.Kind.CONNECTION_LOST);
    }
    for (int i = 0; i < 3; i++) {
      transport.answer(503, "UNAVAILABLE");
    }
    for (int i = 0; i < 3; i++) {
      transport.answer(429, "THROTTLED");
    }
    beforeLook = number -> row.state = "OK";
    assertThat(client.waiter().until(one, HALF_AN_HOUR).isFinished()).isTrue();
  }

  @Test
  void aQuotaThatIsUsedUpForNowIsSurvived() {
    add("one", "OK");
    int[] asked = new int[1];
    JobClient scarce =
        StubBuilder.of(provider, transport)
            .time(time)
            .limiter(
                (key, rate, now, longest) ->
                    asked[0]++ == 0 ? Duration.ofMinutes(5) : Duration.ZERO)
            .build();
    assertThat(scarce.waiter().until(one, HALF_AN_HOUR).isFinished()).isTrue();
  }

  @Test
  void aWaitWhoseLooksAllFailTellsTheLastProblemBesideTheTimeout() {
    StubTransport down =
        new StubTransport(request -> StubTransport.response(503, "UNAVAILABLE:down"));
    JobClient unlucky = StubBuilder.of(provider, down).time(time).build();
    Throwable problem = catchThrowable(() -> unlucky.waiter().until(one, Duration.ofSeconds(30)));
    assertThat(problem).isInstanceOf(WaitTimeoutException.class);
    assertThat(problem.getSuppressed()).hasSize(1);
    assertThat(problem.getSuppressed()[0]).hasMessageContaining("down");
  }

  @Test
  void problemsThatDoNotPassEndTheWait() {
    for (String kind : List.of("AUTHENTICATION", "ACCESS_DENIED", "INVALID_REQUEST", "UNKNOWN")) {
      transport.answer(400, kind);
      assertThatThrownBy(() -> client.waiter().until(one, HALF_AN_HOUR))
          .isInstanceOf(JobServiceException.class)
          .hasMessageStartingWith("c1 (stub-jobs) GetRuns: " + kind);
    }
    transport.fail(TransportFailure.Kind.TLS);
    assertThatThrownBy(() -> client.waiter().until(one, HALF_AN_HOUR))
        .isInstanceOf(JobTransportException.class);
    transport.answer(302, "");
    assertThatThrownBy(() -> client.waiter().until(one, HALF_AN_HOUR))
        .isInstanceOf(JobTransportException.class);
    assertThat(time.elapsed()).isZero();
  }

  @Test
  void allRunsAreAwaitedInTheOrderAskedAndReadTogether() {
    Row first = add("one", "RUN");
    add("two", "OK");
    beforeLook =
        number -> {
          if (number == 3) {
            first.state = "BAD";
          }
        };
    List<JobRun> runs = client.waiter().until(List.of(one, two, one), HALF_AN_HOUR);
    assertThat(runs).extracting(JobRun::ref).containsExactly(one, two);
    assertThat(cloud.askedIds)
        .containsExactly(List.of("one", "two"), List.of("one"), List.of("one"));
  }

  @Test
  void theFirstThatEndsIsEnoughForAny() {
    add("one", "RUN");
    Row second = add("two", "RUN");
    beforeLook =
        number -> {
          if (number == 2) {
            second.state = "BAD";
          }
        };
    assertThat(client.waiter().untilAny(List.of(one, two), HALF_AN_HOUR))
        .extracting(JobRun::ref)
        .containsExactly(two);
    assertThat(looks).hasSize(2);
  }

  @Test
  void aRunThatHasEndedCountsForAnyThoughAnotherIsNotFound() {
    Row first = add("one", "RUN");
    beforeLook =
        number -> {
          if (looks.get(number - 1).compareTo(Duration.ofSeconds(60)) >= 0) {
            first.state = "OK";
          }
        };
    assertThat(client.waiter().untilAny(List.of(one, two), HALF_AN_HOUR))
        .extracting(JobRun::ref)
        .containsExactly(one);
  }

  @Test
  void anyIsAwaitedFurtherThoughOneOfThemNeverAppears() {
    Row first = add("one", "RUN");
    beforeLook =
        number -> {
          if (looks.get(number - 1).compareTo(Duration.ofMinutes(10)) >= 0) {
            first.state = "OK";
          }
        };
    assertThat(client.waiter().untilAny(List.of(one, two), HALF_AN_HOUR))
        .extracting(JobRun::ref)
        .containsExactly(one);
  }

  @Test
  void nothingToAwaitIsOverAtOnce() {
    assertThat(client.waiter().until(List.of(), HALF_AN_HOUR)).isEmpty();
    assertThat(client.waiter().untilAny(List.of(), HALF_AN_HOUR)).isEmpty();
    assertThat(looks).isEmpty();
  }

  @Test
  void eachLookIsTold() {
    Row row = add("one", "RUN");
    beforeLook =
        number -> {
          if (number == 3) {
            row.state = "OK";
          }
        };
    List<JobState> told = new ArrayList<>();
    client.waiter().onLook(run -> told.add(run.state())).until(one, HALF_AN_HOUR);
    assertThat(told).containsExactly(JobState.RUNNING, JobState.RUNNING, JobState.SUCCEEDED);
  }

  @Test
  void badSettingsAreRefused() {
    assertThatThrownBy(() -> client.waiter().poll(Duration.ZERO))
        .hasMessage("poll must be more than zero");
    assertThatThrownBy(() -> client.waiter().grace(Duration.ofSeconds(-1)))
        .hasMessage("grace must not be negative");
  }

  @Test
  void anInterruptedPauseEndsAtOnce() throws Exception {
    add("one", "RUN");
    TestTime standing = TestTime.standing();
    assertInterrupted(StubBuilder.of(provider, transport).name("c1").time(standing).build());
    assertThat(standing.waiting()).isZero();
  }

  @Test
  void closingTheClientEndsAPauseAtOnce() throws Exception {
    add("one", "RUN");
    TestTime standing = TestTime.standing();
    JobClient closed = StubBuilder.of(provider, transport).name("c1").time(standing).build();
    AtomicReference<Throwable> problem = new AtomicReference<>();
    Thread thread =
        new Thread(
            () -> problem.set(catchThrowable(() -> closed.waiter().until(one, HALF_AN_HOUR))));
    thread.start();
    while (standing.waiting() == 0) {
      Thread.onSpinWait();
    }
    closed.close();
    thread.join();
    assertThat(problem.get())
        .isInstanceOf(ClientClosedException.class)
        .hasMessage("c1 (stub-jobs): the client was closed while it waited");
  }

  @Test
  void anInterruptedLookEndsAtOnceAndIsCancelled() throws Exception {
    StubTransport hanging = new StubTransport().hang();
    assertInterrupted(StubBuilder.of(provider, hanging).name("c1").time(time).build());
    assertThat(hanging.hanging).allMatch(CompletableFuture::isCancelled);
  }

  private void assertInterrupted(JobClient waiting) throws InterruptedException {
    AtomicReference<Throwable> problem = new AtomicReference<>();
    AtomicReference<Boolean> flag = new AtomicReference<>(false);
    Thread thread =
        new Thread(
            () -> {
              problem.set(catchThrowable(() -> waiting.waiter().until(one, HALF_AN_HOUR)));
              flag.set(Thread.currentThread().isInterrupted());
            });
    thread.start();
    while (thread.getState() == Thread.State.RUNNABLE || thread.getState() == Thread.State.NEW) {
      Thread.onSpinWait();
    }
    try (Stopwatch watch = new Stopwatch()) {
      thread.interrupt();
      thread.join();
      assertThat(watch.elapsed()).isLessThan(Duration.ofMillis(250));
    }
    assertThat(problem.get())
        .isInstanceOf(JobCancelledException.class)
        .hasMessage("c1 (stub-jobs): the waiting thread was interrupted");
    assertThat(flag.get()).isTrue();
  }
}
