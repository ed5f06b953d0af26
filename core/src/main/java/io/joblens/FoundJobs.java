package io.joblens;

import java.util.List;

/**
 * The definitions of a cloud's jobs.
 *
 * @param jobs those that match, in the vendor's order
 * @param failures parts that could not be read, such as a namespace that the key may not see
 * @param read how many definitions were read, those that do not match included
 * @param notes where else to look if none was there at all, jobs whose last state nobody knows
 *     where states were asked for, and that a limit was reached
 */
public record FoundJobs(
    List<Job> jobs, List<JobException> failures, long read, List<String> notes) {
  /** Copies the lists. */
  public FoundJobs {
    jobs = List.copyOf(jobs);
    failures = List.copyOf(failures);
    notes = List.copyOf(notes);
  }

  /** Tells whether everything could be read. */
  public boolean isComplete() {
    return failures.isEmpty();
  }
}
