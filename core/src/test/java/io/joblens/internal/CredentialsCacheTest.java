package io.joblens.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.joblens.CredentialsException;
import io.joblens.JobServiceException;
import io.joblens.JobServiceException.Kind;
import io.joblens.spi.Credentials;
import io.joblens.spi.CredentialsProvider;
import io.joblens.spi.ServiceError;
import io.joblens.spi.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class CredentialsCacheTest {
  private static final Instant END = TestTime.START.plus(Duration.ofMinutes(20));

  private final TestTime time = TestTime.standing();
  private final AtomicInteger asked = new AtomicInteger();

  /** What the source gives next; it waits for it. */
  private final LinkedBlockingQueue<Object> answers = new LinkedBlockingQueue<>();

  private final LinkedBlockingQueue<Boolean> interrupted = new LinkedBlockingQueue<>();

  private final CredentialsProvider source =
      new CredentialsProvider() {
        @Override
        public String account() {
          return "acc";
        }

        @Override
        public Step<Credentials> resolve() {
          asked.incrementAndGet();
          try {
            Object answer = answers.take();
            if (answer instanceof RuntimeException problem) {
              throw problem;
            }
            return Step.done((Credentials) answer);
          } catch (InterruptedException e) {
            interrupted.add(true);
            throw new IllegalStateException(e);
          }
        }
      };

  private CredentialsCache cache(double random) {
    return new CredentialsCache(
        source,
        time,
        () -> random,
        step -> CompletableFuture.completedFuture(((Step.Done<Credentials>) step).value()));
  }

  private static Credentials token(String value, Instant end) {
    return Credentials.token(value, end).from("the file");
  }

  private Credentials first(CredentialsCache cache) {
    answers.add(token("one", END));
    return cache.get(Optional.empty()).join();
  }

  /** Waits until the renewal under way is over: whoever rejects the old ones waits for it. */
  private Credentials renewed(CredentialsCache cache, Credentials old) {
    return cache.get(Optional.of(old)).join();
  }

  @Test
  void theyAreRenewedAtAQuarterOfTheirLifeButNoEarlierThanFiveMinutesBeforeTheirEnd() {
    CredentialsCache cache = cache(1);
    Credentials one = first(cache);
    time.advance(Duration.ofMinutes(15).minusMillis(1));
    assertThat(cache.get(Optional.empty()).join()).isEqualTo(one);
    assertThat(asked).hasValue(1);

    time.advance(Duration.ofMillis(1));
    assertThat(cache.get(Optional.empty())).isCompletedWithValue(one);
    answers.add(token("two", END.plusSeconds(999)));
    assertThat(renewed(cache, one)).isEqualTo(token("two", END));
    assertThat(asked).hasValue(2);
  }

  @Test
  void notAllRenewAtTheSameMoment() {
    CredentialsCache late = cache(0);
    Credentials one = first(late);
    time.advance(Duration.ofMinutes(17).plusSeconds(29));
    assertThat(late.get(Optional.empty()).join()).isEqualTo(one);
    assertThat(asked).hasValue(1);
  }

  @Test
  void nobodyWaitsForARenewalWhileTheOldOnesWork() {
    CredentialsCache cache = cache(1);
    Credentials one = first(cache);
    time.advance(Duration.ofMinutes(16));
    for (int i = 0; i < 100; i++) {
      assertThat(cache.get(Optional.empty())).isCompletedWithValue(one);
    }
    answers.add(token("two", END.plusSeconds(999)));
    renewed(cache, one);
    assertThat(asked).hasValue(2);
  }

  @Test
  void aHundredThreadsAtExpiryCauseOneRenewal() throws InterruptedException {
    CredentialsCache cache = cache(1);
    first(cache);
    time.advance(Duration.ofMinutes(20));
    List<CompletableFuture<Credentials>> waiting = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      Thread thread =
          new Thread(
              () -> {
                CompletableFuture<Credentials> mine = cache.get(Optional.empty());
                synchronized (waiting) {
                  waiting.add(mine);
                }
              });
      threads.add(thread);
      thread.start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    answers.add(token("two", END.plusSeconds(999)));
    assertThat(waiting).hasSize(100);
    assertThat(waiting).allSatisfy(each -> assertThat(each.join()).isEqualTo(token("two", END)));
    assertThat(asked).hasValue(2);
  }

  @Test
  void aFailedRenewalKeepsTheOldOnesAndIsTriedAgainLaterNotAtEachCall() {
    CredentialsCache cache = cache(1);
    Credentials one = first(cache);
    time.advance(Duration.ofMinutes(16));
    assertThat(cache.get(Optional.empty()).join()).isEqualTo(one);
    answers.add(new CredentialsException("the source is down"));
    awaitIdle(cache, one);
    for (int i = 0; i < 10; i++) {
      assertThat(cache.get(Optional.empty())).isCompletedWithValue(one);
    }
    assertThat(asked).hasValue(2);

    time.advance(Duration.ofSeconds(30));
    assertThat(cache.get(Optional.empty())).isCompletedWithValue(one);
    answers.add(token("two", END.plusSeconds(999)));
    assertThat(renewed(cache, one)).isEqualTo(token("two", END));
  }

  @Test
  void onceTheOldOnesAreOverAFailureIsTheAnswerAndTheNextCallerAsksAgainHoweverOften() {
    CredentialsCache cache = cache(1);
    first(cache);
    time.advance(Duration.ofMinutes(21));
    for (int i = 0; i < 100; i++) {
      answers.add(new CredentialsException("the source is down"));
      assertThatThrownBy(() -> cache.get(Optional.empty()).join())
          .isInstanceOf(CompletionException.class)
          .hasRootCauseMessage("the source is down");
    }
    answers.add(token("two", END.plusSeconds(999)));
    assertThat(cache.get(Optional.empty()).join()).isEqualTo(token("two", END));
  }

  /** The clock may be hours ahead; then nothing but the vendor's answer can tell. */
  @Test
  void whatASourceGivesAfterItsEndIsTriedUntilTheVendorRejectsIt() {
    CredentialsCache cache = cache(1);
    Credentials over = token("canary", TestTime.START.minusSeconds(3600));
    answers.add(over);
    assertThat(cache.get(Optional.empty()).join()).isEqualTo(over);
    time.advance(Duration.ofHours(1));
    assertThat(cache.get(Optional.empty())).isCompletedWithValue(over);
    assertThat(asked).hasValue(1);

    answers.add(token("two", END));
    assertThat(renewed(cache, over)).isEqualTo(token("two", END));
    assertThat(asked).hasValue(2);
  }

  @Test
  void aSourceThatHangsIsInterruptedAndAskedAgainAfterAMinuteAndNoWaiterStaysBehind()
      throws InterruptedException {
    CredentialsCache cache = cache(1);
    for (int i = 0; i < 10; i++) {
      assertThat(cache.get(Optional.empty()).cancel(true)).isTrue();
    }
    CompletableFuture<Credentials> patient = cache.get(Optional.empty());
    assertThat(cache.waiting()).isEqualTo(1);
    awaitAsked(1);

    time.advance(Duration.ofSeconds(60).minusNanos(1));
    assertThat(cache.get(Optional.empty()).cancel(true)).isTrue();
    assertThat(asked).hasValue(1);

    time.advance(Duration.ofNanos(1));
    CompletableFuture<Credentials> next = cache.get(Optional.empty());
    assertThat(interrupted.take()).isTrue();
    answers.add(token("one", END));
    assertThat(next.join()).isEqualTo(token("one", END));
    assertThat(patient.join()).isEqualTo(token("one", END));
    assertThat(asked).hasValue(2);
    assertThat(cache.waiting()).isZero();
  }

  @Test
  void aStepThatHangsIsCancelledAndAskedAgainAfterAMinute() {
    List<CompletableFuture<Credentials>> runs = new CopyOnWriteArrayList<>();
    CredentialsCache cache =
        new CredentialsCache(
            source,
            time,
            () -> 1,
            step -> {
              CompletableFuture<Credentials> run = new CompletableFuture<>();
              runs.add(run);
              return run;
            });
    answers.add(token("one", END));
    answers.add(token("two", END));
    CompletableFuture<Credentials> first = cache.get(Optional.empty());
    awaitSize(runs, 1);
    time.advance(Duration.ofSeconds(60));
    CompletableFuture<Credentials> second = cache.get(Optional.empty());
    awaitSize(runs, 2);
    while (!runs.get(0).isCancelled()) {
      Thread.onSpinWait();
    }
    assertThat(first).isNotDone();
    runs.get(1).complete(token("two", END));
    assertThat(second.join()).isEqualTo(first.join()).isEqualTo(token("two", END));
  }

  private static void awaitSize(List<?> list, int size) {
    while (list.size() < size) {
      Thread.onSpinWait();
    }
  }

  private void awaitAsked(int times) {
    while (asked.get() < times) {
      Thread.onSpinWait();
    }
  }

  @Test
  void aRefusedLogInIsRememberedForHalfAMinuteAndSaysSo() {
    CredentialsCache cache = cache(1);
    answers.add(refused(Kind.AUTHENTICATION));
    assertThatThrownBy(() -> cache.get(Optional.empty()).join())
        .hasRootCauseMessage("AUTHENTICATION (HTTP 401): wrong password; look it up");
    for (int second = 0; second < 30; second++) {
      int left = 30 - second;
      assertThatThrownBy(() -> cache.get(Optional.empty()).join())
          .rootCause()
          .isInstanceOf(JobServiceException.class)
          .hasMessageStartingWith("AUTHENTICATION (HTTP 401): wrong password; look it up; this was")
          .hasMessageContaining("not repeated for another " + left + " s");
      time.advance(Duration.ofSeconds(1));
    }
    assertThat(asked).hasValue(1);

    answers.add(token("one", END));
    assertThat(cache.get(Optional.empty()).join()).isEqualTo(token("one", END));
    answers.add(new CredentialsException("the source is down"));
    assertThatThrownBy(() -> renewed(cache, token("one", END)))
        .hasRootCauseMessage("the source is down");
  }

  @Test
  void whatIsNoRefusalIsAskedAgainAtOnce() {
    CredentialsCache cache = cache(1);
    for (Kind kind : List.of(Kind.THROTTLED, Kind.UNAVAILABLE, Kind.ACCESS_DENIED)) {
      answers.add(refused(kind));
      assertThatThrownBy(() -> cache.get(Optional.empty()).join())
          .rootCause()
          .hasMessageStartingWith(kind.name());
    }
    assertThat(asked).hasValue(3);
  }

  private static JobServiceException refused(Kind kind) {
    return new JobServiceException(
        ServiceError.of(kind, 401).message("wrong password").hint("look it up").build());
  }

  @Test
  void rejectedOnesAreReplacedOnceForAllWhoHadThem() {
    CredentialsCache cache = cache(1);
    Credentials one = first(cache);
    answers.add(token("two", END));
    Credentials two = renewed(cache, one);
    assertThat(renewed(cache, one)).isEqualTo(two);
    assertThat(cache.get(Optional.empty())).isCompletedWithValue(two);
    assertThat(asked).hasValue(2);
  }

  @Test
  void fixedOnesAreNeverLookedUp() {
    Credentials key = Credentials.accessKey("id", "canary-secret");
    CredentialsCache cache =
        new CredentialsCache(
            CredentialsProvider.of(key), time, () -> 1, step -> new CompletableFuture<>());
    assertThat(cache.get(Optional.empty())).isCompletedWithValue(key);
  }

  /** Returns once no renewal is under way: then the next look starts none and gives the old. */
  private void awaitIdle(CredentialsCache cache, Credentials old) {
    while (!cache.isIdle()) {
      Thread.onSpinWait();
    }
    assertThat(cache.get(Optional.empty())).isCompletedWithValue(old);
  }
}
