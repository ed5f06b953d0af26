package io.joblens.examples;

import io.joblens.JobClient;
import io.joblens.JobQuery;
import io.joblens.JobRun;
import io.joblens.JobState;
import io.joblens.tencent.batch.TencentBatch;
import java.time.Duration;
import java.time.Instant;

/** The first query, with one cloud. */
public final class FirstQuery {
  private FirstQuery() {}

  /** Prints what failed in the last day; the key comes from TENCENTCLOUD_SECRET_ID and _KEY. */
  public static void main(String[] args) {
    try (JobClient batch = TencentBatch.builder().region("ap-guangzhou").build()) {
      printFailed(batch);
    }
  }

  static void printFailed(JobClient batch) {
    // snippet: first-query
    JobQuery failed =
        JobQuery.builder()
            .states(JobState.FAILED)
            .since(Instant.now().minus(Duration.ofDays(1)))
            .build();
    for (JobRun run : batch.listAllRuns(failed)) { // reads the next page when it is needed
      System.out.println(run.ref().runId() + " " + run.name().orElse("") + " " + run.rawState());
    }
    // end
  }
}
