package io.joblens.internal;

import java.time.Duration;

/**
 * What is remembered of one host: how far its clock is from ours, and how many retries it may still
 * cost. Thread-safe.
 *
 * <p>A retry takes a token, a retry that succeeds gives it back, and a call that succeeds at once
 * gives back a tenth. There are five, or as many as exchanges were ever under way at once, so that
 * each of them may survive a moment in which all connections break. While all calls fail, no more
 * retries than tokens are made: a host that is down gets hardly more requests than there are calls.
 */
final class EndpointMemory {
  private static final int TOKEN = 10;
  private static final int LEAST = 5 * TOKEN;
  private static final int MOST = 100 * TOKEN;

  private int full = LEAST;
  private int tenths = LEAST;
  private int underWay;
  private volatile Duration clockOffset = Duration.ZERO;

  synchronized void began() {
    underWay++;
    int wanted = Math.min(MOST, underWay * TOKEN);
    if (wanted > full) {
      tenths += wanted - full;
      full = wanted;
    }
  }

  synchronized void ended() {
    underWay--;
  }

  /** Takes a token for a retry; false when there is none. */
  synchronized boolean takeRetry() {
    if (tenths < TOKEN) {
      return false;
    }
    tenths -= TOKEN;
    return true;
  }

  synchronized void succeeded(boolean afterRetry) {
    tenths = Math.min(full, tenths + (afterRetry ? TOKEN : 1));
  }

  /** Returns what to add to our time to get the host's; zero until the host complained. */
  Duration clockOffset() {
    return clockOffset;
  }

  void correctClock(Duration offset) {
    clockOffset = offset;
  }
}
