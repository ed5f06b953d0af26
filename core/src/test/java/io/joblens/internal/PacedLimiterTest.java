package io.joblens.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.joblens.spi.Rate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PacedLimiterTest {
  private static final Duration FOREVER = Duration.ofDays(365);

  @ParameterizedTest
  @CsvSource({"1,1", "2,1", "10,1", "60,60", "100,60", "200,60", "999,1"})
  void noSlidingWindowEverHoldsMoreThanTheRate(int calls, int seconds) {
    Rate rate = new Rate(calls, Duration.ofSeconds(seconds));
    PacedLimiter limiter = new PacedLimiter();
    Random random = new Random(calls);
    long[] times = new long[10_000];
    long now = Long.MAX_VALUE - 5_000_000_000L; // the clock wraps on the way
    long begin = now;
    for (int i = 0; i < times.length; i++) {
      times[i] = now - begin + limiter.acquire("k", rate, now, FOREVER).toNanos();
      long mean = rate.per().toNanos() / calls;
      now += random.nextInt(10) == 0 ? 20 * mean : (long) (random.nextDouble() * 2 * mean);
    }
    assertHeld(times, rate);
  }

  private static void assertHeld(long[] times, Rate rate) {
    Arrays.sort(times);
    for (int i = rate.calls(); i < times.length; i++) {
      assertThat(times[i] - times[i - rate.calls()]).isGreaterThanOrEqualTo(rate.per().toNanos());
    }
  }

  @Test
  void keysThatLimitNothingAnyMoreAreForgottenAndNoOthers() {
    PacedLimiter limiter = new PacedLimiter();
    Rate rate = Rate.perSecond(1);
    Rate slow = new Rate(1, Duration.ofHours(10));
    assertThat(limiter.acquire("slow", slow, 0, FOREVER)).isZero();
    assertThat(limiter.acquire("departed", rate, 0, FOREVER)).isZero();
    assertThat(limiter.depart("departed", slow, 0)).isZero();
    limiter.throttled("throttled", rate, 0, Duration.ZERO);

    long now = 0;
    for (int i = 0; i < 10_000; i++) {
      now += Duration.ofSeconds(1).toNanos();
      assertThat(limiter.acquire("key " + i, rate, now, FOREVER)).isZero();
      assertThat(limiter.depart("key " + i, rate, now)).isZero();
      limiter.onWire("key " + i, now);
      limiter.answered("key " + i);
    }

    assertThat(limiter.keys()).isBetween(3, 1000);
    assertThat(limiter.acquire("slow", slow, now, FOREVER)).isPositive();
    assertThat(limiter.depart("departed", slow, now)).isPositive();
    assertThat(limiter.acquire("throttled", rate, now, FOREVER)).isZero();
    assertThat(limiter.acquire("throttled", rate, now, FOREVER))
        .as("at half the pace")
        .isGreaterThan(Duration.ofSeconds(2));
  }

  @Test
  void manyKeysThatAreAllInUseAreAllRemembered() {
    PacedLimiter limiter = new PacedLimiter();
    Rate rate = Rate.perSecond(1);
    for (int i = 0; i < 5000; i++) {
      assertThat(limiter.acquire("key " + i, rate, 0, FOREVER)).isZero();
    }
    assertThat(limiter.keys()).isEqualTo(5000);
    for (int i = 0; i < 5000; i++) {
      assertThat(limiter.acquire("key " + i, rate, 0, FOREVER)).isPositive();
    }
  }

  @Test
  void theRateIsUsedToAtLeastNinetyFivePercent() {
    PacedLimiter limiter = new PacedLimiter();
    Rate rate = Rate.perSecond(2);
    Duration last = Duration.ZERO;
    for (int i = 0; i <= 120; i++) {
      last = limiter.acquire("k", rate, 0, FOREVER);
    }
    assertThat(last).isBetween(Duration.ofSeconds(60), Duration.ofSeconds(63));
  }

  @Test
  void thirtyTwoThreadsShareOneQuota() throws InterruptedException {
    PacedLimiter limiter = new PacedLimiter();
    Rate rate = Rate.perSecond(100);
    ConcurrentLinkedQueue<Long> times = new ConcurrentLinkedQueue<>();
    CountDownLatch ready = new CountDownLatch(32);
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 32; t++) {
      Thread thread =
          new Thread(
              () -> {
                ready.countDown();
                for (int i = 0; i < 100; i++) {
                  times.add(limiter.acquire("k", rate, 0, FOREVER).toNanos());
                }
              });
      threads.add(thread);
      thread.start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(times).hasSize(3200).doesNotHaveDuplicates();
    assertHeld(times.stream().mapToLong(Long::longValue).toArray(), rate);
  }

  @Test
  void aWaitThatIsTooLongTakesNoPlace() {
    PacedLimiter limiter = new PacedLimiter();
    Rate rate = Rate.perSecond(1);
    assertThat(limiter.acquire("k", rate, 0, Duration.ZERO)).isZero();
    for (int i = 0; i < 100; i++) {
      assertThat(limiter.acquire("k", rate, 0, Duration.ofMillis(1029)))
          .isEqualTo(Duration.ofMillis(1030));
    }
    assertThat(limiter.acquire("k", rate, 0, Duration.ofMillis(1030)))
        .isEqualTo(Duration.ofMillis(1030));
  }

  @Test
  void differentKeysDoNotWaitForEachOther() {
    PacedLimiter limiter = new PacedLimiter();
    assertThat(limiter.acquire("a", Rate.perMinute(1), 0, FOREVER)).isZero();
    assertThat(limiter.acquire("b", Rate.perMinute(1), 0, FOREVER)).isZero();
    assertThat(limiter.acquire("a", Rate.perMinute(1), 0, FOREVER)).isPositive();
  }

  @Test
  void aVendorThatThrottlesHalvesThePaceAndAnswersBringItBackSlowly() {
    PacedLimiter limiter = new PacedLimiter();
    Rate rate = Rate.perSecond(10);
    long full = PacedLimiter.interval(rate).toNanos();
    assertThat(spacing(limiter, rate, 0)).isEqualTo(full);

    limiter.throttled("k", rate, full, Duration.ZERO);
    assertThat(spacing(limiter, rate, 100 * full)).isEqualTo(2 * full);
    limiter.throttled("k", rate, 200 * full, Duration.ZERO);
    assertThat(spacing(limiter, rate, 300 * full)).isEqualTo(4 * full);

    limiter.answered("k");
    assertThat(spacing(limiter, rate, 400 * full)).isBetween(3 * full, 4 * full);
    for (int i = 0; i < 20; i++) {
      limiter.answered("k");
    }
    assertThat(spacing(limiter, rate, 500 * full)).isEqualTo(full);
  }

  @Test
  void noPaceIsSlowerThanAnEighth() {
    PacedLimiter limiter = new PacedLimiter();
    Rate rate = Rate.perSecond(10);
    long full = PacedLimiter.interval(rate).toNanos();
    for (int i = 1; i < 100; i++) {
      limiter.throttled("k", rate, i * 100L * full, Duration.ZERO);
    }
    assertThat(spacing(limiter, rate, 100_000 * full)).isEqualTo(8 * full);
  }

  /** They were all sent at the old pace. */
  @Test
  void severalRefusalsAtOnceSlowDownOnce() {
    PacedLimiter limiter = new PacedLimiter();
    Rate rate = Rate.perSecond(10);
    long full = PacedLimiter.interval(rate).toNanos();
    for (int i = 0; i < 32; i++) {
      limiter.throttled("k", rate, 5 + i, Duration.ZERO);
    }
    assertThat(spacing(limiter, rate, 100 * full)).isEqualTo(2 * full);
  }

  @Test
  void whatTheVendorAsksToWaitIsWaitedByAllCallsOfTheKey() {
    PacedLimiter limiter = new PacedLimiter();
    Rate rate = Rate.perSecond(10);
    limiter.throttled("k", rate, 0, Duration.ofSeconds(7));
    assertThat(limiter.acquire("k", rate, 0, FOREVER)).isEqualTo(Duration.ofSeconds(7));
    assertThat(limiter.acquire("other", rate, 0, FOREVER)).isZero();
  }

  @Test
  void aPlaceThatIsGivenBackIsTheNextOnesAndNoOtherMoves() {
    PacedLimiter limiter = new PacedLimiter();
    Rate rate = Rate.perSecond(1);
    for (int i = 0; i < 4; i++) {
      limiter.acquire("k", rate, 0, FOREVER);
    }
    limiter.release("k", 1_030_000_000L);
    limiter.release("k", 1_030_000_000L);
    assertThat(limiter.acquire("k", rate, 1, Duration.ofSeconds(1))).isGreaterThan(seconds(1));
    assertThat(limiter.acquire("k", rate, 1, FOREVER).toNanos()).isEqualTo(1_030_000_000L - 1);
    assertThat(limiter.acquire("k", rate, 1, FOREVER).toNanos()).isEqualTo(4 * 1_030_000_000L - 1);
  }

  @Test
  void aPlaceThatIsGivenBackTooLateIsLost() {
    PacedLimiter limiter = new PacedLimiter();
    Rate rate = Rate.perSecond(1);
    limiter.acquire("k", rate, 0, FOREVER);
    limiter.acquire("k", rate, 0, FOREVER);
    limiter.release("k", 0);
    assertThat(limiter.acquire("k", rate, 1, FOREVER).toNanos()).isEqualTo(2 * 1_030_000_000L - 1);
  }

  @Test
  void whenAllPlacesAreGivenBackNobodyWaits() {
    PacedLimiter limiter = new PacedLimiter();
    Rate rate = Rate.perSecond(2);
    List<Long> places = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      places.add(limiter.acquire("k", rate, 0, FOREVER).toNanos());
    }
    Collections.shuffle(places, new Random(1));
    places.forEach(place -> limiter.release("k", place));
    assertThat(limiter.acquire("k", rate, 1, FOREVER)).isZero();
  }

  @ParameterizedTest
  @CsvSource({"1,1", "2,1", "10,1", "100,60"})
  void noWindowHoldsMoreThanTheRateWhateverIsGivenBack(int calls, int seconds) {
    Rate rate = new Rate(calls, Duration.ofSeconds(seconds));
    PacedLimiter limiter = new PacedLimiter();
    Random random = new Random(calls);
    List<Long> held = new ArrayList<>();
    long now = Long.MAX_VALUE - 5_000_000_000L; // the clock wraps on the way
    long begin = now;
    long mean = rate.per().toNanos() / calls;
    for (int i = 0; i < 20_000; i++) {
      held.add(now + limiter.acquire("k", rate, now, FOREVER).toNanos());
      if (random.nextInt(2) == 0) {
        int given = Math.max(0, held.size() - 1 - random.nextInt(8));
        if (held.get(given) - now >= -mean / 4) { // a little late, too
          limiter.release("k", held.remove(given));
        }
      }
      now += random.nextInt(10) == 0 ? 8 * mean : (long) (random.nextDouble() * mean);
    }
    assertThat(held).hasSizeGreaterThan(9000);
    assertHeld(held.stream().mapToLong(place -> place - begin).toArray(), rate);
  }

  private static Duration seconds(int count) {
    return Duration.ofSeconds(count);
  }

  @Test
  void whatTheVendorAsksToWaitIsWaitedByCallsThatHoldAPlaceToo() {
    PacedLimiter limiter = new PacedLimiter();
    Rate rate = Rate.perSecond(2);
    List<Long> places = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      places.add(limiter.acquire("k", rate, 0, FOREVER).toNanos());
    }
    assertThat(limiter.depart("k", rate, 0)).isZero();
    limiter.onWire("k", 0);
    long told = 100_000_000L;
    limiter.throttled("k", rate, told, seconds(50));
    limiter.throttled("k", rate, told, seconds(1)); // says less, and takes nothing back

    List<Long> departures = new ArrayList<>();
    for (long place : places.subList(1, 6)) {
      long now = place;
      Duration more = limiter.depart("k", rate, now);
      while (!more.isZero()) {
        now += more.toNanos();
        more = limiter.depart("k", rate, now);
      }
      limiter.onWire("k", now);
      departures.add(now);
    }
    assertThat(departures.get(0)).isEqualTo(told + seconds(50).toNanos());
    assertHeld(departures.stream().mapToLong(Long::longValue).toArray(), Rate.perSecond(1));
    assertThat(told + limiter.acquire("k", rate, told, FOREVER).toNanos())
        .as("the first place of one who comes later")
        .isGreaterThan(departures.get(4));
    assertThat(limiter.depart("other", rate, told)).isZero();
  }

  @Test
  void aPlaceThatIsGivenBackWhileTheVendorAsksToWaitIsNoneBefore() {
    PacedLimiter limiter = new PacedLimiter();
    Rate rate = Rate.perSecond(2);
    for (int i = 0; i < 6; i++) {
      limiter.acquire("k", rate, 0, FOREVER);
    }
    limiter.throttled("k", rate, 0, seconds(50));
    limiter.release("k", 515_000_000L);
    limiter.release("k", 5 * 515_000_000L);
    assertThat(limiter.acquire("k", rate, 0, FOREVER)).isEqualTo(seconds(50));
  }

  /** The vendor said so once, may have meant something else, and all clients would hear of it. */
  @Test
  void aSenselessPauseHoldsAKeyForAMinuteAtMost() {
    PacedLimiter limiter = new PacedLimiter();
    Rate rate = Rate.perSecond(10);
    limiter.throttled("k", rate, 0, Duration.ofSeconds(Long.MAX_VALUE));
    assertThat(limiter.acquire("k", rate, 0, FOREVER)).isEqualTo(Duration.ofMinutes(1));
  }

  /** The first thread was not given the processor in time, the second was. */
  @Test
  void aCallThatGoesOutLateHoldsUpTheNext() {
    PacedLimiter limiter = new PacedLimiter();
    Rate rate = Rate.perSecond(2);
    long second = limiter.acquire("k", rate, 0, FOREVER).toNanos();
    assertThat(second).isZero();
    long third = limiter.acquire("k", rate, 0, FOREVER).toNanos();
    long late = 400_000_000L;
    assertThat(limiter.depart("k", rate, late)).isZero();
    limiter.onWire("k", late);

    Duration more = limiter.depart("k", rate, third);
    assertThat(more.toNanos() + third - late).isGreaterThan(500_000_000L);
    assertThat(limiter.depart("k", rate, third + more.toNanos())).isZero();
  }

  @Test
  void aCallWhoseConnectionTakesLongHoldsUpTheNextForOneIntervalAtMost() {
    PacedLimiter limiter = new PacedLimiter();
    Rate rate = Rate.perSecond(2);
    long interval = PacedLimiter.interval(rate).toNanos();
    assertThat(limiter.depart("k", rate, 0)).isZero();
    assertThat(limiter.depart("k", rate, interval)).isPositive();
    assertThat(limiter.depart("k", rate, 2 * interval - 1)).isPositive();
    assertThat(limiter.depart("k", rate, 2 * interval)).isZero();
    limiter.onWire("k", 3 * interval);
    limiter.onWire("k", 3 * interval);
    assertThat(limiter.depart("k", rate, 3 * interval + 1)).isGreaterThan(Duration.ofMillis(500));
  }

  /** Its client was closed just then, or its credentials could not sign. */
  @Test
  void aCallThatNeverComesHoldsUpOneOtherAndNoMore() {
    PacedLimiter limiter = new PacedLimiter();
    Rate rate = Rate.perSecond(2);
    long interval = PacedLimiter.interval(rate).toNanos();
    assertThat(limiter.depart("k", rate, 0)).isZero();
    for (long now = 2 * interval; now < 100 * interval; now += interval) {
      assertThat(limiter.depart("k", rate, now)).isZero();
      limiter.onWire("k", now);
    }
  }

  @Test
  void callsOnTimeAreNotHeldUp() {
    PacedLimiter limiter = new PacedLimiter();
    Rate rate = Rate.perSecond(2);
    for (int i = 0; i < 100; i++) {
      long wait = limiter.acquire("k", rate, 0, FOREVER).toNanos();
      assertThat(limiter.depart("k", rate, wait + (i % 2) * 5_000_000L)).isZero();
      limiter.onWire("k", wait + 5_000_000L);
    }
  }

  /** How far apart two calls are that come at once. */
  private static long spacing(PacedLimiter limiter, Rate rate, long now) {
    long first = limiter.acquire("k", rate, now, FOREVER).toNanos();
    return limiter.acquire("k", rate, now, FOREVER).toNanos() - first;
  }

  @Test
  void aClockThatIsNegativeIsNoHindrance() {
    PacedLimiter limiter = new PacedLimiter();
    assertThat(limiter.acquire("k", Rate.perSecond(1), -10_000_000_000L, FOREVER)).isZero();
    assertThat(limiter.acquire("k", Rate.perSecond(1), -9_000_000_000L, FOREVER))
        .isEqualTo(Duration.ofMillis(30));
  }
}
