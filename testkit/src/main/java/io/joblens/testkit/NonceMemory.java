package io.joblens.testkit;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** Remembers nonces for a while, so that a request sent again is refused. Thread-safe. */
public final class NonceMemory {
  private final Duration window;
  private final Map<String, Instant> seen = new HashMap<>();

  /** Remembers each nonce for so long. */
  public NonceMemory(Duration window) {
    this.window = window;
  }

  /** Takes a nonce; returns false when it was taken before, within the window. */
  public synchronized boolean take(String nonce, Instant now) {
    seen.values().removeIf(at -> at.plus(window).isBefore(now));
    return seen.putIfAbsent(nonce, now) == null;
  }
}
