package io.joblens.examples;

import io.joblens.JobClient;
import io.joblens.JobRun;
import io.joblens.JobState;
import io.joblens.WaitTimeoutException;
import io.joblens.tencent.batch.TencentBatch;
import java.time.Duration;

/** Waits for a run to end and reacts, as a script that gates a deploy does. */
public final class WaitAndReact {
  private WaitAndReact() {}

  /** Waits for the run whose id is the first argument; exits with 0 only if it succeeded. */
  public static void main(String[] args) {
    try (JobClient batch = TencentBatch.builder().region("ap-guangzhou").build()) {
      if (!succeeds(batch, args[0])) {
        System.exit(1);
      }
    }
  }

  static boolean succeeds(JobClient batch, String id) {
    // snippet: wait
    try {
      JobRun run =
          batch
              .waiter()
              .onLook(look -> System.out.println(look.state() + " " + look.tasks()))
              .until(batch.runRef(id), Duration.ofMinutes(30));
      return run.state() == JobState.SUCCEEDED;
    } catch (WaitTimeoutException e) {
      System.out.println("still not over: " + e.lastSeen());
      return false;
    }
    // end
  }
}
