package io.joblens.spi;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The one source of time: tests put their own in its place, and nothing ever sleeps for real. */
public interface TimeSource {

  /** Returns the time of day, for signatures and rows. */
  Instant now();

  /** Returns a reading of a clock that never jumps, for limits and waits. */
  long nanoTime();

  /** Returns a future that completes once the time is over. Cancelling it frees its timer. */
  CompletableFuture<Void> after(Duration delay);

  /** Returns the system's clock and a daemon timer. */
  static TimeSource system() {
    return SystemTime.INSTANCE;
  }

  /** The system's clock. */
  enum SystemTime implements TimeSource {
    /** The only one. */
    INSTANCE;

    @Override
    public Instant now() {
      return Instant.now();
    }

    @Override
    public long nanoTime() {
      return System.nanoTime();
    }

    @Override
    public CompletableFuture<Void> after(Duration delay) {
      CompletableFuture<Void> wait = new CompletableFuture<>();
      CompletableFuture<Boolean> timer =
          new CompletableFuture<Boolean>()
              .completeOnTimeout(true, delay.toNanos(), TimeUnit.NANOSECONDS);
      CompletableFuture<?> unusedEnd = timer.thenAccept(over -> wait.complete(null));
      // not timer.cancel(): up to JDK 20 that would leave the task with the JDK's timer
      CompletableFuture<?> unusedTimer =
          wait.whenComplete((done, problem) -> timer.complete(false));
      return wait;
    }
  }
}
