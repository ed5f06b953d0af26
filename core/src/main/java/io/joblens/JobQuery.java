package io.joblens;

import io.joblens.spi.Text;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is asked, in neutral words. Every condition must hold; several values of one condition are
 * alternatives. Where a vendor cannot filter, core does, and page and coverage say so; a condition
 * on something that a cloud's rows do not carry is an {@link UnsupportedQueryException}. Immutable.
 */
public interface JobQuery {

  /** Everything that the clouds list. */
  JobQuery ALL = builder().build();

  /**
   * Returns the jobs whose runs are asked for: ids as the vendor's console shows them, or aliases
   * from the configuration. Empty: the jobs and groups that the cloud is configured with.
   */
  List<String> jobs();

  /** Returns the runs asked for. Empty: all. */
  List<RunRef> runs();

  /** Returns the states asked for. Empty: any. */
  Set<JobState> states();

  /** Tells whether only runs with {@link JobRun#isProblem()} are asked for. */
  boolean problemsOnly();

  /** Returns the glob, with {@code *} and {@code ?}, that the name matches. */
  Optional<String> name();

  /** Returns the tags that a run must all have. */
  Map<String, String> tags();

  /** Returns the time from which on, inclusive. */
  Optional<Instant> since();

  /** Returns the time before which, exclusive. */
  Optional<Instant> until();

  /** Returns which time since and until are about. A run without that time is kept, with a note. */
  TimeField by();

  /** Returns how many rows at most, over all pages. */
  OptionalInt limit();

  /** Returns how many rows a page at most; a vendor's own maximum may be less. */
  OptionalInt pageSize();

  /**
   * Returns how long a listing may take, from its first page to its last, over all their calls and
   * what the caller does in between; for a page that is asked for by itself, how long that may
   * take. Without it only each call has a limit, the client's.
   */
  Optional<Duration> deadline();

  /** Returns the vendor's own filters, by their own names. */
  Map<String, String> extras();

  /**
   * Tells whether the names of jobs are looked up where run lists do not carry them. That costs the
   * calls of the job list, once in ten minutes; a filter by name implies it, and reads the list
   * again for each job that has come since.
   */
  boolean resolveNames();

  /** Returns a builder that starts from this query. */
  Builder toBuilder();

  /** Starts a query for everything. */
  static Builder builder() {
    return new Builder();
  }

  /** Builds a {@link JobQuery}; every value is checked as it is given. */
  final class Builder {
    private List<String> jobs = List.of();
    private List<RunRef> runs = List.of();
    private Set<JobState> states = Set.of();
    private boolean problemsOnly;
    private @Nullable String name;
    private final Map<String, String> tags = new LinkedHashMap<>();
    private @Nullable Instant since;
    private @Nullable Instant until;
    private TimeField by = TimeField.CREATED;
    private @Nullable Integer limit;
    private @Nullable Integer pageSize;
    private @Nullable Duration deadline;
    private final Map<String, String> extras = new LinkedHashMap<>();
    private boolean resolveNames;

    private Builder() {}

    /** Asks for the runs of these jobs. */
    public Builder jobs(Collection<String> ids) {
      ids.forEach(id -> Text.requireId("job", id));
      jobs = List.copyOf(ids);
      return this;
    }

    /** Asks for the runs of this job. */
    public Builder job(String id) {
      return jobs(List.of(id));
    }

    /** Asks for these runs. */
    public Builder runs(Collection<RunRef> refs) {
      runs = refs.stream().distinct().toList();
      return this;
    }

    /** Asks for runs in any of these states. */
    public Builder states(JobState... any) {
      return states(List.of(any));
    }

    /** Asks for runs in any of these states. */
    public Builder states(Collection<JobState> any) {
      EnumSet<JobState> set = EnumSet.noneOf(JobState.class);
      set.addAll(any);
      states = Collections.unmodifiableSet(set);
      return this;
    }

    /** Asks only for runs that somebody should look at. */
    public Builder problemsOnly(boolean value) {
      problemsOnly = value;
      return this;
    }

    /** Asks for runs whose name matches, case-sensitively. */
    public Builder name(String glob) {
      if (glob.isBlank()) {
        throw new IllegalArgumentException("name is blank; give a name, or a glob such as etl-*");
      }
      name = glob;
      return this;
    }

    /** Asks for runs that also have this tag. */
    public Builder tag(String key, String value) {
      tags.put(Text.requireId("tag key", key), value);
      return this;
    }

    /** Asks for runs from this time on. */
    public Builder since(Instant time) {
      since = time;
      return this;
    }

    /** Asks for runs before this time. */
    public Builder until(Instant time) {
      until = time;
      return this;
    }

    /** Says which time since and until are about. */
    public Builder by(TimeField field) {
      by = field;
      return this;
    }

    /** Asks for so many rows at most. */
    public Builder limit(int rows) {
      limit = atLeastOne("limit", rows);
      return this;
    }

    /** Asks for so many rows a page at most. */
    public Builder pageSize(int rows) {
      pageSize = atLeastOne("page size", rows);
      return this;
    }

    /** Limits the time that a listing may take, all its pages together. */
    public Builder deadline(Duration time) {
      if (time.isNegative() || time.isZero()) {
        throw new IllegalArgumentException("deadline must be more than zero");
      }
      deadline = time;
      return this;
    }

    /** Adds a filter of the vendor's own, by its own name. */
    public Builder extra(String key, String value) {
      extras.put(Text.requireId("filter name", key), value);
      return this;
    }

    /** Asks for the names of jobs even where they cost calls of their own. */
    public Builder resolveNames(boolean value) {
      resolveNames = value;
      return this;
    }

    /**
     * Returns the query.
     *
     * @throws IllegalArgumentException when until is not after since
     */
    public JobQuery build() {
      if (since != null && until != null && !since.isBefore(until)) {
        throw new IllegalArgumentException(
            "since (" + since + ") must be before until (" + until + ")");
      }
      return new JobQueryValue(
          jobs,
          runs,
          states,
          problemsOnly,
          Optional.ofNullable(name),
          Collections.unmodifiableMap(new LinkedHashMap<>(tags)),
          Optional.ofNullable(since),
          Optional.ofNullable(until),
          by,
          limit == null ? OptionalInt.empty() : OptionalInt.of(limit),
          pageSize == null ? OptionalInt.empty() : OptionalInt.of(pageSize),
          Optional.ofNullable(deadline),
          Collections.unmodifiableMap(new LinkedHashMap<>(extras)),
          resolveNames);
    }

    private static int atLeastOne(String parameter, int value) {
      if (value < 1) {
        throw new IllegalArgumentException(parameter + " is " + value + "; it must be at least 1");
      }
      return value;
    }
  }
}
