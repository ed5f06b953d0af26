package io.joblens.testkit;

import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/** Remembers nonces for a while, so that a request sent again is refused. Thread-safe. */
public final class NonceMemory {
  private final Duration window;

  /** Oldest first: looking at all of them each time would make a busy cloud ever slower. */
  private final Map<String, Instant> seen = new LinkedHashMap<>();

  /** Remembers each nonce for so long. */
  public NonceMemory(Duration window) {
    this.window = window;
  }

  /** Takes a nonce; returns false when it was taken before, within the window. */
  public synchronized boolean take(String nonce, Instant now) {
    Iterator<Instant> oldest = seen.values().iterator();
    while (oldest.hasNext() && oldest.next().plus(window).isBefore(now)) {
      oldest.remove();
    }
    return seen.putIfAbsent(nonce, now) == null;
  }
}
