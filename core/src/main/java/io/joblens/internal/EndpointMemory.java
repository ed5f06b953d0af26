package io.joblens.internal;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What a client remembers of one host: how far its clock is from ours, and how many retries it may
 * still cost. Thread-safe.
 *
 * <p>A retry takes one of five tokens, a retry that succeeds gives it back, and a call that
 * succeeds at once gives back a tenth. So short trouble is smoothed over, and while all calls fail
 * five retries are made in all: a host that is down gets hardly more requests than there are calls.
 */
final class EndpointMemory {
  private static final int TOKEN = 10;
  private static final int FULL = 5 * TOKEN;

  private final AtomicInteger tenths = new AtomicInteger(FULL);
  private volatile Duration clockOffset = Duration.ZERO;

  /** Takes a token for a retry; false when there is none. */
  boolean takeRetry() {
    int before = tenths.getAndUpdate(left -> left >= TOKEN ? left - TOKEN : left);
    return before >= TOKEN;
  }

  void succeeded(boolean afterRetry) {
    tenths.getAndUpdate(left -> Math.min(FULL, left + (afterRetry ? TOKEN : 1)));
  }

  /** Returns what to add to our time to get the host's; zero until the host complained. */
  Duration clockOffset() {
    return clockOffset;
  }

  void correctClock(Duration offset) {
    clockOffset = offset;
  }
}
