package io.joblens.internal;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * How long something took, less what the machine withheld meanwhile: a thread beside it that wakes
 * each millisecond sees by how much it is late.
 */
final class Stopwatch implements AutoCloseable {
  private static final long TICK = 1_000_000;

  private final AtomicLong withheld = new AtomicLong();
  private final Thread ticker = new Thread(this::tick, "stopwatch");
  private volatile long ticked = System.nanoTime();
  private volatile boolean over;
  private final long begin = ticked;

  Stopwatch() {
    ticker.setDaemon(true);
    ticker.start();
  }

  private void tick() {
    while (!over) {
      LockSupport.parkNanos(TICK);
      long now = System.nanoTime();
      withheld.addAndGet(Math.max(0, now - ticked - 2 * TICK));
      ticked = now;
    }
  }

  Duration elapsed() {
    long now = System.nanoTime();
    long late = Math.max(0, now - ticked - 2 * TICK);
    return Duration.ofNanos(now - begin - withheld.get() - late);
  }

  @Override
  public void close() {
    over = true;
  }
}
