package io.joblens.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class ManualTimeTest {
  private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

  @Test
  void standsStillUntilItIsMoved() {
    ManualTime time = ManualTime.startingAt(START);
    assertThat(time.now()).isEqualTo(START);
    long before = time.nanoTime();

    time.advance(Duration.ofMinutes(30));

    assertThat(time.now()).isEqualTo(START.plusSeconds(1800));
    assertThat(time.nanoTime() - before).isEqualTo(Duration.ofMinutes(30).toNanos());
    assertThat(time.elapsed()).isEqualTo(Duration.ofMinutes(30));
  }

  @Test
  void waitsEndWhenTheyAreDueAndNotBefore() {
    ManualTime time = ManualTime.startingAt(START);
    CompletableFuture<Void> wait = time.after(Duration.ofSeconds(10));

    time.advance(Duration.ofSeconds(10).minusNanos(1));
    assertThat(wait).isNotDone();
    assertThat(time.waiting()).isOne();

    time.advance(Duration.ofNanos(1));
    assertThat(wait).isDone();
    assertThat(time.waiting()).isZero();
  }

  @Test
  void waitsEndInTheOrderTheyAreDueAndSeeTheTimeTheyWereDue() {
    ManualTime time = ManualTime.startingAt(START);
    List<String> log = new ArrayList<>();
    CompletableFuture<Void> second =
        time.after(Duration.ofSeconds(20)).thenRun(() -> log.add("second at " + time.elapsed()));
    CompletableFuture<Void> first =
        time.after(Duration.ofSeconds(10))
            .thenRun(() -> log.add("first at " + time.elapsed()))
            .thenCompose(nothing -> time.after(Duration.ofSeconds(5)))
            .thenRun(() -> log.add("new at " + time.elapsed()));

    time.advance(Duration.ofSeconds(60));

    assertThat(first).isDone();
    assertThat(second).isDone();

    assertThat(log).containsExactly("first at PT10S", "new at PT15S", "second at PT20S");
    assertThat(time.elapsed()).isEqualTo(Duration.ofSeconds(60));
  }

  @Test
  void cancelledWaitsAreForgotten() {
    ManualTime time = ManualTime.startingAt(START);
    time.after(Duration.ofSeconds(10)).cancel(true);
    assertThat(time.waiting()).isZero();
  }

  @Test
  void anAutoAdvancingClockIsAtTheEndOfEachWaitAtOnce() {
    ManualTime time = ManualTime.autoAdvancing(START);
    assertThat(time.after(Duration.ofMinutes(30))).isDone();
    assertThat(time.now()).isEqualTo(START.plusSeconds(1800));
  }

  @Test
  void aWaitForNoTimeIsOver() {
    assertThat(ManualTime.startingAt(START).after(Duration.ZERO)).isDone();
    assertThat(ManualTime.startingAt(START).after(Duration.ofSeconds(-1))).isDone();
  }

  @Test
  void neverGoesBack() {
    assertThatThrownBy(() -> ManualTime.startingAt(START).advance(Duration.ofNanos(-1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("never goes back");
  }

  @Test
  void manyThreadsMayWaitAndMoveItAtOnce() throws Exception {
    ManualTime time = ManualTime.autoAdvancing(START);
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Future<?>> work = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        work.add(
            threads.submit(
                () -> {
                  for (int j = 0; j < 1000; j++) {
                    time.after(Duration.ofMillis(1)).join();
                  }
                }));
      }
      for (Future<?> each : work) {
        each.get();
      }
    } finally {
      threads.shutdownNow();
    }
    // two threads may begin a wait at the same moment, and both are over at the same moment
    assertThat(time.elapsed()).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(8));
  }
}
