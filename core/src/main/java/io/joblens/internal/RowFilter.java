package io.joblens.internal;

import io.joblens.Filter;
import io.joblens.JobQuery;
import io.joblens.JobRun;
import io.joblens.TimeField;
import io.joblens.UnsupportedQueryException;
import io.joblens.spi.Capabilities;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The conditions of a query as far as core applies them. States, times and the names that rows
 * carry are applied to every row, pushed or not: what was pushed may have been widened.
 */
final class RowFilter {
  private final JobQuery query;
  private final Set<Filter> pushed;
  private final Set<Filter> local;
  private final @Nullable Glob name;

  private RowFilter(JobQuery query, Set<Filter> pushed, Set<Filter> local) {
    this.query = query;
    this.pushed = pushed;
    this.local = local;
    this.name = query.name().map(Glob::new).orElse(null);
  }

  /**
   * Returns the filter for the query.
   *
   * @throws UnsupportedQueryException when nobody can apply one of its conditions
   */
  static RowFilter of(JobQuery query, Capabilities capabilities) {
    Set<Filter> local = EnumSet.noneOf(Filter.class);
    for (Filter filter : usedBy(query)) {
      if (filter == Filter.PROBLEM) {
        local.add(filter);
      } else if (!capabilities.pushed().contains(filter)) {
        if (!capabilities.local().contains(filter)) {
          throw new UnsupportedQueryException(
              "cannot filter by "
                  + describe(filter, query)
                  + ": the vendor has no such filter and its rows do not carry it; leave it out");
        }
        local.add(filter);
      }
    }
    for (String extra : query.extras().keySet()) {
      if (!capabilities.extras().contains(extra)) {
        throw new UnsupportedQueryException(
            "has no filter of its own named '"
                + extra
                + "'; it knows "
                + (capabilities.extras().isEmpty()
                    ? "none"
                    : String.join(", ", List.copyOf(capabilities.extras()))));
      }
    }
    Set<Filter> pushed = usedBy(query);
    pushed.retainAll(capabilities.pushed());
    return new RowFilter(query, pushed, local);
  }

  /** Returns the filters that the vendor applies. */
  Set<Filter> pushed() {
    return pushed;
  }

  /** Returns the filters that core applies because the vendor does not. */
  Set<Filter> local() {
    return local;
  }

  /**
   * Returns the run, perhaps with a note, or empty when a condition does not hold.
   *
   * @param dropped where to count which one
   */
  Optional<JobRun> apply(JobRun run, Map<Filter, Long> dropped) {
    Optional<Filter> failed = failed(run);
    Optional<JobRun> kept = failed.isPresent() ? Optional.empty() : inTime(run);
    if (kept.isEmpty()) {
      dropped.merge(failed.orElse(timeFilter(query)), 1L, Long::sum);
    }
    return kept;
  }

  /** Returns the first condition that does not hold, but for those on times. */
  private Optional<Filter> failed(JobRun run) {
    if (!query.states().isEmpty() && !query.states().contains(run.state())) {
      return Optional.of(Filter.STATE);
    }
    if (query.problemsOnly() && !run.isProblem()) {
      return Optional.of(Filter.PROBLEM);
    }
    boolean isPushed = pushed.contains(Filter.NAME);
    if (name != null && !run.name().map(text -> name.matches(text)).orElse(isPushed)) {
      return Optional.of(Filter.NAME);
    }
    if (local.contains(Filter.TAG) && !run.tags().entrySet().containsAll(query.tags().entrySet())) {
      return Optional.of(Filter.TAG);
    }
    if (local.contains(Filter.JOB) && !query.jobs().contains(run.ref().job().jobId())) {
      return Optional.of(Filter.JOB);
    }
    return Optional.empty();
  }

  private static Filter timeFilter(JobQuery query) {
    return query.by() == TimeField.CREATED ? Filter.CREATED : Filter.FINISHED;
  }

  private Optional<JobRun> inTime(JobRun run) {
    if (query.since().isEmpty() && query.until().isEmpty()) {
      return Optional.of(run);
    }
    Optional<Instant> time =
        query.by() == TimeField.FINISHED
            ? run.finishedAt()
            : run.createdAt().or(run::scheduledAt).or(run::startedAt);
    if (time.isEmpty()) {
      String note =
          query.by() == TimeField.CREATED
              ? "kept, because the vendor does not say when it was created"
              : run.isFinished()
                  ? "kept, because the vendor does not say when it finished"
                  : "kept, though it has not finished";
      return Optional.of(run.toBuilder().note(note).build());
    }
    boolean after = query.since().map(since -> !time.get().isBefore(since)).orElse(true);
    boolean before = query.until().map(until -> time.get().isBefore(until)).orElse(true);
    return after && before ? Optional.of(run) : Optional.empty();
  }

  private static Set<Filter> usedBy(JobQuery query) {
    Set<Filter> used = EnumSet.noneOf(Filter.class);
    Map.of(
            Filter.JOB,
            !query.jobs().isEmpty(),
            Filter.RUN_ID,
            !query.runs().isEmpty(),
            Filter.STATE,
            !query.states().isEmpty(),
            Filter.PROBLEM,
            query.problemsOnly(),
            Filter.NAME,
            query.name().isPresent(),
            Filter.TAG,
            !query.tags().isEmpty(),
            timeFilter(query),
            query.since().isPresent() || query.until().isPresent())
        .forEach(
            (filter, isUsed) -> {
              if (isUsed) {
                used.add(filter);
              }
            });
    return used;
  }

  private static String describe(Filter filter, JobQuery query) {
    return switch (filter) {
      case NAME -> "name";
      case TAG -> "tag";
      case JOB -> "job";
      case RUN_ID -> "run id";
      case STATE -> "state";
      case PROBLEM -> "problem";
      case CREATED, FINISHED ->
          (query.since().isPresent() ? "since" : "until")
              + " by "
              + (filter == Filter.CREATED ? "created" : "finished");
    };
  }
}
