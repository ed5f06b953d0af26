package io.joblens.tencent.batch;

import io.joblens.JobState;
import io.joblens.spi.StateTable;
import java.util.List;
import java.util.Set;

/**
 * The words of JobState, from the documentation of JobView (<a
 * href="https://cloud.tencent.com/document/api/599/15912">599/15912</a>).
 *
 * <p>There is no word for "cancelled": TerminateJob ends a job as {@code FAILED}. Nor is {@code
 * FAILED} the last word for ever, because RetryJobs starts such a job again.
 */
final class BatchStates {
  /** Failed, and its instances are kept, at the user's cost, until somebody terminates the job. */
  static final String HOLDS_RESOURCES = "FAILED_INTERRUPTED";

  static final StateTable TABLE =
      StateTable.builder()
          .open("SUBMITTED", JobState.QUEUED)
          .open("PENDING", JobState.QUEUED)
          .open("RUNNABLE", JobState.QUEUED)
          .open("STARTING", JobState.STARTING)
          .open("RUNNING", JobState.RUNNING)
          .finished("SUCCEED", JobState.SUCCEEDED)
          .finished("FAILED", JobState.FAILED)
          .finished(HOLDS_RESOURCES, JobState.FAILED)
          .build();

  /** The words for a failure. */
  static final List<String> FAILED_WORDS = TABLE.words(Set.of(JobState.FAILED));

  private BatchStates() {}
}
