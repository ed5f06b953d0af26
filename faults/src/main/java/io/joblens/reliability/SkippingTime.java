package io.joblens.reliability;

import io.joblens.spi.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/** The system's time, but every wait is over at once, as if its time had passed. */
final class SkippingTime implements TimeSource {
  private final AtomicLong skipped = new AtomicLong();
  private final Queue<Duration> waits = new ConcurrentLinkedQueue<>();

  /** Returns the waits so far. */
  List<Duration> waits() {
    return List.copyOf(waits);
  }

  @Override
  public Instant now() {
    return Instant.now().plusNanos(skipped.get());
  }

  @Override
  public long nanoTime() {
    return System.nanoTime() + skipped.get();
  }

  @Override
  public CompletableFuture<Void> after(Duration delay) {
    waits.add(delay);
    skipped.addAndGet(delay.toNanos());
    return CompletableFuture.completedFuture(null);
  }
}
