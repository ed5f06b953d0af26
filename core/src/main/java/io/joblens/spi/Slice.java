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
 */
public record Slice(List<JobRun.Builder> rows, OptionalLong claimedTotal, boolean capped) {
  /** Copies the list. */
  public Slice {
    rows = List.copyOf(rows);
  }
}
