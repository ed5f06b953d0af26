package io.joblens.spi;

import java.time.Duration;

/**
 * Decides when a call may go out. Thread-safe. The default paces calls evenly and is shared by all
 * clients of the process; put another in its place to share a quota between processes.
 */
public interface RateLimiter {

  /**
   * Takes the next free place for a call, unless it lies too far ahead.
   *
   * @param key account and the vendor's quota key
   * @param rate the limit of that key
   * @param nowNanos the caller's reading of {@link TimeSource#nanoTime()}
   * @param longest how long the caller can wait at most
   * @return how long to wait; when that is more than {@code longest}, no place was taken
   */
  Duration acquire(String key, Rate rate, long nowNanos, Duration longest);

  /**
   * Takes a place back: the call was given up, and nothing was sent. The default leaves it unused.
   *
   * @param place when the call could have gone out: the time of {@link #acquire}, and the wait
   */
  default void release(String key, long place) {}

  /**
   * Hears that a call is about to go out, unless the one before was late and this one would follow
   * too soon. The default lets every call go.
   *
   * @return how much longer to wait before asking again; zero when the call goes out now
   */
  default Duration depart(String key, Rate rate, long nowNanos) {
    return Duration.ZERO;
  }

  /** Hears that a call that departed is on the wire now, or will never be. */
  default void onWire(String key, long nowNanos) {}

  /**
   * Hears that the vendor refused a call of this key as one too many. The default does nothing.
   *
   * @param pause how long the vendor asks to wait, at most a day; zero when it does not say
   */
  default void throttled(String key, Rate rate, long nowNanos, Duration pause) {}

  /** Hears that the vendor answered a call of this key. The default does nothing. */
  default void answered(String key) {}
}
