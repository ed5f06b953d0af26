package io.joblens.internal;

import io.joblens.spi.Rate;
import io.joblens.spi.RateLimiter;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Spaces calls evenly: one at a time, 3 % further apart than the rate asks, so that no sliding
 * window at the server ever holds more calls than the vendor allows, jitter on the way included.
 */
public final class PacedLimiter implements RateLimiter {
  /** The process's own: all clients of one account share its quotas. */
  public static final RateLimiter SHARED = new PacedLimiter();

  private static final double MARGIN = 1.03;

  private final Map<String, Long> nextFree = new ConcurrentHashMap<>();

  /** Returns how far apart calls at this rate are. */
  static Duration interval(Rate rate) {
    return Duration.ofNanos((long) (rate.per().toNanos() * MARGIN / rate.calls()));
  }

  @Override
  public Duration acquire(String key, Rate rate, long nowNanos, Duration longest) {
    long interval = interval(rate).toNanos();
    long[] wait = new long[1];
    nextFree.compute(
        key,
        (ignored, free) -> {
          // differences, not values: a monotonic clock may be negative or wrap
          wait[0] = free == null ? 0 : Math.max(0, free - nowNanos);
          if (wait[0] > longest.toNanos()) {
            return free;
          }
          return nowNanos + wait[0] + interval;
        });
    return Duration.ofNanos(wait[0]);
  }
}
