package io.joblens;

import java.util.List;

/**
 * What several clouds answered.
 *
 * @param runs the runs, as they arrived
 * @param failures the clouds that failed
 * @param coverage how much was read
 */
public record FleetResult(List<JobRun> runs, List<CloudFailure> failures, Coverage coverage) {
  /** Copies the lists. */
  public FleetResult {
    runs = List.copyOf(runs);
    failures = List.copyOf(failures);
  }

  /** Tells whether every cloud was read to its end. */
  public boolean isComplete() {
    return failures.isEmpty() && coverage.isComplete();
  }
}
