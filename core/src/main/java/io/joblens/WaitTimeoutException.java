package io.joblens;

import java.time.Duration;
import java.util.List;

/** Waiting ended before the runs did. */
public final class WaitTimeoutException extends JobException {
  private static final long serialVersionUID = 1L;

  private final transient List<JobRun> lastSeen; // exceptions are not sent between JVMs

  /** Takes the limit and every awaited run as it was last seen. */
  public WaitTimeoutException(Duration timeout, List<JobRun> lastSeen) {
    super(
        "not finished within "
            + timeout
            + "; last seen: "
            + (lastSeen.isEmpty() ? "nothing" : lastSeen),
        null);
    this.lastSeen = List.copyOf(lastSeen);
  }

  /** Returns every awaited run that was seen, as it was last seen, finished ones included. */
  public List<JobRun> lastSeen() {
    return lastSeen;
  }
}
