package io.joblens.internal;

import io.joblens.spi.Rate;
import io.joblens.spi.RateLimiter;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;

/**
 * Spaces calls evenly: one at a time, 3 % further apart than the rate asks, so that no sliding
 * window at the server ever holds more calls than the vendor allows, jitter on the way included.
 *
 * <p>When the vendor throttles all the same, because others use the quota too, the pace is halved,
 * down to an eighth, and every answer brings back a twentieth of the full one. As long as it asks,
 * but a minute at most, no call goes out: what one answer says must not stop all others for longer,
 * and who asks again after a minute learns whether it still holds.
 */
public final class PacedLimiter implements RateLimiter {
  /** The process's own: all clients of one account share its quotas. */
  public static final RateLimiter SHARED = new PacedLimiter();

  private static final double MARGIN = 1.03;

  /** How close to each other calls may go out after one was held up: half of the margin is left. */
  private static final double CLOSEST = (1 + MARGIN) / 2 / MARGIN;

  private static final double SLOWEST = 0.125;
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
  private static final double RECOVERY = 0.05;

  /** More keys than any process uses at once; beyond, those that limit nothing are forgotten. */
  private static final int MANY = 1000;

  private final Map<String, Pace> paces = new HashMap<>();
  private int next = MANY;

  /** Where one key stands. Guarded by the limiter. */
  private static final class Pace {
    /** The places that calls hold, without those that are over, but always with the last one. */
    private final NavigableSet<Long> taken = new TreeSet<>(Pace::order);

    /** The places before the last that is taken which calls gave back. */
    private final NavigableSet<Long> freed = new TreeSet<>(Pace::order);

    private boolean used;
    private long nextFree;
    private boolean held;
    private long notBefore;
    private boolean departed;
    private long latest;
    private boolean onTheWay;
    private long rest;
    private double share = 1;
    private long slowedAt;

    /** Differences, not values: a monotonic clock may be negative or wrap. */
    private static int order(long one, long other) {
      return Long.signum(one - other);
    }

    long acquire(long interval, long now, long longest) {
      long earliest = now + pause(now);
      freed.headSet(earliest).clear();
      taken.headSet(now).removeIf(place -> !place.equals(taken.last()));
      boolean again = !freed.isEmpty();
      long place = again ? freed.first() : used && nextFree - earliest > 0 ? nextFree : earliest;
      if (place - now <= longest) {
        taken.add(place);
        if (again) {
          freed.remove(place);
        } else {
          used = true;
          nextFree = place + spaced(interval);
        }
      }
      return place - now;
    }

    /** What lies behind the last call that comes is free altogether, the others' time as it was. */
    void release(long place) {
      if (taken.remove(place)) {
        freed.add(place);
        while (!freed.isEmpty() && (taken.isEmpty() || freed.last() - taken.last() > 0)) {
          nextFree = freed.pollLast();
        }
      }
    }

    /**
     * A call that is held up after its wait, by a connection that takes its time or for want of a
     * processor, must not meet the next one. But none is held up for long by one that never comes.
     * When the vendor asks to wait, calls that hold a place already wait too.
     */
    long depart(long interval, long now) {
      long closest = (long) (spaced(interval) * CLOSEST);
      long wait = Math.max(pause(now), departed ? latest + closest - now : 0);
      if (wait == 0 && onTheWay && now - latest < 2 * spaced(interval)) {
        wait = Math.max(1, spaced(interval) / 16); // and then look again
      }
      if (wait == 0) {
        departed = true;
        latest = now;
        rest = 2 * spaced(interval);
        onTheWay = true;
      }
      return wait;
    }

    void onWire(long now) {
      onTheWay = false;
      latest = now - latest > 0 ? now : latest;
    }

    /** Calls that went out before the last slow-down say nothing about the new pace. */
    void slowDown(long interval, long now, long pause) {
      if (share == 1 || now - slowedAt > spaced(interval)) {
        share = Math.max(SLOWEST, share / 2);
        slowedAt = now;
      }
      notBefore = now + Math.max(pause(now), Math.max(pause, spaced(interval)));
      held = true;
      // those who wait with a place go first
      long free = notBefore + taken.tailSet(now, false).size() * spaced(interval);
      if (!used || free - nextFree > 0) {
        used = true;
        nextFree = free;
      }
    }

    /** Returns how much longer the vendor asked to wait. */
    private long pause(long now) {
      held = held && notBefore - now > 0;
      return held ? notBefore - now : 0;
    }

    void speedUp() {
      share = Math.min(1, share + RECOVERY);
    }

    /** Tells whether a call would find the same if the key were new. */
    boolean isOver(long now) {
      return share == 1
          && pause(now) == 0
          && (!used || nextFree - now <= 0)
          && (taken.isEmpty() || taken.last() - now <= 0)
          && (!departed || now - latest >= rest);
    }

    private long spaced(long interval) {
      return (long) (interval / share);
    }
  }

  /** Returns how far apart calls at this rate are. */
  static Duration interval(Rate rate) {
    return Duration.ofNanos((long) (rate.per().toNanos() * MARGIN / rate.calls()));
  }

  @Override
  public synchronized Duration acquire(String key, Rate rate, long nowNanos, Duration longest) {
    long interval = interval(rate).toNanos();
    return Duration.ofNanos(
        pace(key, nowNanos).acquire(interval, nowNanos, Durations.nanos(longest)));
  }

  @Override
  public synchronized void release(String key, long place) {
    Pace pace = paces.get(key);
    if (pace != null) {
      pace.release(place);
    }
  }

  @Override
  public synchronized Duration depart(String key, Rate rate, long nowNanos) {
    long interval = interval(rate).toNanos();
    return Duration.ofNanos(pace(key, nowNanos).depart(interval, nowNanos));
  }

  @Override
  public synchronized void onWire(String key, long nowNanos) {
    Pace pace = paces.get(key);
    if (pace != null) {
      pace.onWire(nowNanos);
    }
  }

  @Override
  public synchronized void throttled(String key, Rate rate, long nowNanos, Duration pause) {
    Duration heeded = pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
    pace(key, nowNanos).slowDown(interval(rate).toNanos(), nowNanos, heeded.toNanos());
  }

  @Override
  public synchronized void answered(String key) {
    Pace pace = paces.get(key);
    if (pace != null) {
      pace.speedUp();
    }
  }

  /** Returns how many keys are remembered. */
  synchronized int keys() {
    return paces.size();
  }

  private Pace pace(String key, long now) {
    if (paces.size() >= next && !paces.containsKey(key)) {
      paces.values().removeIf(pace -> pace.isOver(now));
      next = Math.max(MANY, 2 * paces.size()); // else each new key would look at all of them
    }
    return paces.computeIfAbsent(key, name -> new Pace());
  }
}
