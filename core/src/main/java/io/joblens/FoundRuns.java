package io.joblens;

import java.util.List;

/**
 * The answer to a question for runs by reference.
 *
 * @param runs the runs that exist
 * @param missing the references that the vendor knows no run for
 */
public record FoundRuns(List<JobRun> runs, List<RunRef> missing) {
  /** Copies the lists. */
  public FoundRuns {
    runs = List.copyOf(runs);
    missing = List.copyOf(missing);
  }
}
