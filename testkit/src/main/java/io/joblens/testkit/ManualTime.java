package io.joblens.testkit;

import static java.util.Objects.requireNonNull;

import io.joblens.spi.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;

/**
 * A clock that stands still until it is told to move, or, when auto-advancing, jumps ahead whenever
 * somebody waits: a wait of half an hour is over at once. Thread-safe. Waits end on the thread that
 * moves the clock, in the order in which they are due.
 */
public final class ManualTime implements TimeSource {
  private record Timer(long dueNanos, long number, CompletableFuture<Void> future) {}

  private final Instant start;
  private final boolean autoAdvancing;
  private final PriorityQueue<Timer> timers =
      new PriorityQueue<>(
          Comparator.comparingLong(Timer::dueNanos).thenComparingLong(Timer::number));
  private long elapsedNanos;
  private long timersMade;

  private ManualTime(Instant start, boolean autoAdvancing) {
    this.start = requireNonNull(start, "start");
    this.autoAdvancing = autoAdvancing;
  }

  /** Returns a clock that moves only by {@link #advance}. */
  public static ManualTime startingAt(Instant start) {
    return new ManualTime(start, false);
  }

  /** Returns a clock that also jumps to the end of every wait as soon as the wait begins. */
  public static ManualTime autoAdvancing(Instant start) {
    return new ManualTime(start, true);
  }

  @Override
  public synchronized Instant now() {
    return start.plusNanos(elapsedNanos);
  }

  @Override
  public synchronized long nanoTime() {
    return elapsedNanos;
  }

  /** Returns how far the clock has moved. */
  public synchronized Duration elapsed() {
    return Duration.ofNanos(elapsedNanos);
  }

  /** Returns how many waits are under way; those cancelled or completed otherwise do not count. */
  public synchronized int waiting() {
    timers.removeIf(timer -> timer.future().isDone());
    return timers.size();
  }

  @Override
  public CompletableFuture<Void> after(Duration delay) {
    if (delay.isNegative() || delay.isZero()) {
      return CompletableFuture.completedFuture(null);
    }
    if (autoAdvancing) {
      advance(delay);
      return CompletableFuture.completedFuture(null);
    }
    synchronized (this) {
      CompletableFuture<Void> future = new CompletableFuture<>();
      timers.add(new Timer(elapsedNanos + delay.toNanos(), timersMade++, future));
      return future;
    }
  }

  /**
   * Moves the clock and ends the waits that are over by then. Each of them sees the clock at the
   * time it was due; waits that they begin count from there, and end too if they are over by then.
   *
   * @throws IllegalArgumentException when the time is negative: this clock never goes back
   */
  public void advance(Duration time) {
    if (time.isNegative()) {
      throw new IllegalArgumentException("time is negative; this clock never goes back");
    }
    long until;
    synchronized (this) {
      until = elapsedNanos + time.toNanos();
    }
    for (List<Timer> due = nextDue(until); !due.isEmpty(); due = nextDue(until)) {
      due.forEach(timer -> timer.future().complete(null)); // outside the lock: it runs others' code
    }
  }

  private synchronized List<Timer> nextDue(long until) {
    List<Timer> due = new ArrayList<>();
    Timer first = timers.peek();
    if (first == null || first.dueNanos() > until) {
      elapsedNanos = Math.max(elapsedNanos, until);
      return due;
    }
    elapsedNanos = Math.max(elapsedNanos, first.dueNanos());
    while (!timers.isEmpty() && timers.peek().dueNanos() <= elapsedNanos) {
      due.add(timers.remove());
    }
    return due;
  }

  @Override
  public String toString() {
    return "ManualTime[" + now() + "]";
  }
}
