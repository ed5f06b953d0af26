package io.joblens;

import java.time.Duration;

/** The client's own limiter has no place for the call within the call's limit. Nothing was sent. */
public final class QuotaExceededException extends JobException {
  private static final long serialVersionUID = 1L;

  private final Duration wait;

  /** Takes how long the call would have to wait. */
  public QuotaExceededException(Duration wait) {
    super(
        "the quota has no free place for "
            + wait.toMillis()
            + " ms, which is longer than the call may take; try later or raise the call's limit",
        null);
    this.wait = wait;
  }

  /** Returns how long the call would have to wait. */
  public Duration waitTime() {
    return wait;
  }
}
