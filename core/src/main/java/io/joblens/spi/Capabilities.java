package io.joblens.spi;

import io.joblens.Filter;
import io.joblens.JobState;
import java.util.Set;

/**
 * What a provider can do for one query. A filter that is neither pushed nor local cannot be
 * answered: core refuses the query before any I/O.
 *
 * @param pushed filters that the vendor applies
 * @param local filters that core applies, because the rows carry the field
 * @param paging how the vendor counts pages
 * @param defaultPage rows a page when the user does not say: the largest that is useful
 * @param maxPage the largest page the vendor accepts
 * @param maxIds how many runs one page of a listing by ids asks for
 * @param states the states the vendor can report
 * @param extras the vendor's own filters that a query may name
 */
public record Capabilities(
    Set<Filter> pushed,
    Set<Filter> local,
    Paging paging,
    int defaultPage,
    int maxPage,
    int maxIds,
    Set<JobState> states,
    Set<String> extras) {

  /** How a vendor counts pages. */
  public enum Paging {
    /** By the number of rows before the page. */
    OFFSET,
    /**
     * By pages from 1, of any size up to the largest: core asks for sizes that let pages overlap.
     */
    PAGE_NUMBER
  }

  /** Copies the sets. */
  public Capabilities {
    pushed = Set.copyOf(pushed);
    local = Set.copyOf(local);
    states = Set.copyOf(states);
    extras = Set.copyOf(extras);
  }
}
