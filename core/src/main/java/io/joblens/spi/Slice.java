package io.joblens.spi;

import io.joblens.JobRun;
import java.util.List;
import java.util.OptionalLong;

/**
 * One page of a vendor's listing.
 *
 * @param rows the runs, in the vendor's order; core completes each with cloud, account, job alias
 *     and the time it was seen
 * @param claimedTotal the vendor's own count, which core never takes for exact
 * @param capped whether the vendor may have left rows out without a way to ask for them
 * @param instead narrower scopes that show what it shows and more; core lists them in its place
 */
public record Slice(
    List<JobRun.Builder> rows, OptionalLong claimedTotal, boolean capped, List<Scope> instead) {
  /** Copies the lists. */
  public Slice {
    rows = List.copyOf(rows);
    instead = List.copyOf(instead);
  }

  /** Takes a page that stands for itself. */
  public Slice(List<JobRun.Builder> rows, OptionalLong claimedTotal, boolean capped) {
    this(rows, claimedTotal, capped, List.of());
  }

  /** Returns the same page, in whose place these scopes are to be listed. */
  public Slice shownBy(List<Scope> narrower) {
    return new Slice(rows, claimedTotal, capped, narrower);
  }
}
