package io.joblens.internal;

import io.joblens.spi.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A clock that tests move. When it jumps, every wait is over at once and the clock is ahead. */
final class TestTime implements TimeSource {
  static final Instant START = Instant.parse("2024-05-01T12:00:00Z");

  private final boolean jumping;
  private final List<Duration> waits = new ArrayList<>();
  private final List<Timer> timers = new ArrayList<>();
  private long elapsed;

  private record Timer(long due, CompletableFuture<Void> future) {}

  private TestTime(boolean jumping) {
    this.jumping = jumping;
  }

  static TestTime jumping() {
    return new TestTime(true);
  }

  static TestTime standing() {
    return new TestTime(false);
  }

  @Override
  public synchronized Instant now() {
    return START.plusNanos(elapsed);
  }

  @Override
  public synchronized long nanoTime() {
    return elapsed;
  }

  @Override
  public CompletableFuture<Void> after(Duration delay) {
    synchronized (this) {
      waits.add(delay);
      if (!jumping && !delay.isZero()) {
        CompletableFuture<Void> future = new CompletableFuture<>();
        timers.add(new Timer(elapsed + delay.toNanos(), future));
        return future;
      }
      elapsed += delay.toNanos();
    }
    return CompletableFuture.completedFuture(null);
  }

  void advance(Duration time) {
    List<Timer> due = new ArrayList<>();
    synchronized (this) {
      elapsed += time.toNanos();
      for (Timer timer : List.copyOf(timers)) {
        if (timer.due() <= elapsed) {
          due.add(timer);
          timers.remove(timer);
        }
      }
    }
    due.forEach(timer -> timer.future().complete(null));
  }

  /** What was waited for, in order. */
  synchronized List<Duration> waits() {
    return List.copyOf(waits);
  }

  /** Timers that nobody has cancelled or ended. */
  synchronized long waiting() {
    return timers.stream().filter(timer -> !timer.future().isDone()).count();
  }

  synchronized Duration elapsed() {
    return Duration.ofNanos(elapsed);
  }
}
