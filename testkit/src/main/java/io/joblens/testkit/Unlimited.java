package io.joblens.testkit;

import io.joblens.spi.Rate;
import io.joblens.spi.RateLimiter;
import java.time.Duration;

/** A limiter that lets every call go at once, for tests that are not about quota. */
public enum Unlimited implements RateLimiter {
  /** The only one. */
  INSTANCE;

  @Override
  public Duration acquire(String key, Rate rate, long nowNanos, Duration longest) {
    return Duration.ZERO;
  }
}
