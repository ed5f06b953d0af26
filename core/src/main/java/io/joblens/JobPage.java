package io.joblens;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Some runs and how to go on. A page can be empty and still have a successor: only an absent token
 * is the end. Immutable.
 */
public interface JobPage {

  /** Returns the runs, in the vendor's order, which no vendor documents. */
  List<JobRun> runs();

  /** Returns how to go on, or empty at the end. */
  Optional<PageToken> nextPageToken();

  /**
   * Returns how many runs the listing has given so far; exact only on the last page of a listing
   * that was read to its end.
   */
  Total total();

  /** Returns the vendor's own count, which can be wrong in either direction. */
  OptionalLong claimedTotal();

  /** Returns the query's filters that core applied because the vendor cannot. */
  Set<Filter> localFilters();

  /**
   * Returns what is to be known about this page: assumptions, contradictions, what was not found.
   */
  List<String> notes();

  /** Returns how runs moved between this page and what was read before it. */
  Drift drift();

  /** Starts a page. */
  static Builder builder() {
    return new Builder();
  }

  /** Builds a {@link JobPage}. */
  final class Builder {
    private List<JobRun> runs = List.of();
    private @Nullable PageToken nextPageToken;
    private @Nullable Total total;
    private OptionalLong claimedTotal = OptionalLong.empty();
    private Set<Filter> localFilters = EnumSet.noneOf(Filter.class);
    private List<String> notes = List.of();
    private Drift drift = Drift.NONE;

    private Builder() {}

    /** Sets the runs. */
    public Builder runs(List<JobRun> value) {
      runs = value;
      return this;
    }

    /** Sets how to go on; null at the end. */
    public Builder nextPageToken(@Nullable PageToken value) {
      nextPageToken = value;
      return this;
    }

    /** Sets how many runs the listing has given so far; without it, the runs of this page. */
    public Builder total(Total value) {
      total = value;
      return this;
    }

    /** Sets the vendor's own count. */
    public Builder claimedTotal(OptionalLong value) {
      claimedTotal = value;
      return this;
    }

    /** Sets the filters that were applied locally. */
    public Builder localFilters(Set<Filter> value) {
      localFilters = value;
      return this;
    }

    /** Sets the notes. */
    public Builder notes(List<String> value) {
      notes = value;
      return this;
    }

    /** Sets how runs moved. */
    public Builder drift(Drift value) {
      drift = value;
      return this;
    }

    /** Returns the page. */
    public JobPage build() {
      return new JobPageValue(
          List.copyOf(runs),
          Optional.ofNullable(nextPageToken),
          total == null ? new Total(runs.size(), nextPageToken == null) : total,
          claimedTotal,
          Set.copyOf(localFilters),
          List.copyOf(notes),
          drift);
    }
  }
}
