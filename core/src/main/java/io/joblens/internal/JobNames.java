package io.joblens.internal;

import io.joblens.Job;
import io.joblens.JobQuery;
import io.joblens.JobRef;
import io.joblens.JobRun;
import io.joblens.JobServiceException.Kind;
import io.joblens.spi.JobProvider;
import io.joblens.spi.Jobs;
import io.joblens.spi.Scope;
import io.joblens.spi.ServiceError;
import io.joblens.spi.Step;
import io.joblens.spi.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The names of jobs, for vendors whose run lists have none; read from their job lists. */
final class JobNames {
  private static final Duration KEPT = Duration.ofMinutes(10);

  private final TimeSource time;
  private final Map<String, String> aliases;
  private final Map<JobRef, String> names = new ConcurrentHashMap<>();
  private final Map<Scope, Reading> readings = new ConcurrentHashMap<>();

  /**
   * When a job list was read, or not let be read.
   *
   * @param missing jobs that have runs and are not in it, which may have been deleted
   */
  private record Reading(
      Instant at, int jobs, Optional<ServiceError> refusal, Set<JobRef> missing) {}

  /**
   * @param aliases the user's own names by job id, which make a look-up needless
   */
  JobNames(TimeSource time, Map<String, String> aliases) {
    this.time = time;
    this.aliases = aliases;
  }

  /** Returns a job's name if it is known. */
  @Nullable String of(JobRef ref) {
    return names.get(ref);
  }

  void add(Map<JobRef, String> found) {
    names.putAll(found);
  }

  /** Tells whether the names for a scope's runs have to be read first. */
  boolean isDue(JobProvider provider, Scope scope) {
    boolean isNamedJob =
        !scope.path().isEmpty() && isKnown(new JobRef(provider.id(), scope.region(), scope.path()));
    return provider
        .jobScope(scope)
        .filter(where -> !isFresh(where) && (!isNamedJob || readings.containsKey(where)))
        .isPresent();
  }

  /**
   * Reads the names of the jobs of these rows, if they are not known, or were read too long ago.
   *
   * @param all whether a job that has come since then is not to wait for its name
   * @return what the vendor said if it does not let the job list be read; the rows stand without
   */
  Step<Optional<ServiceError>> load(
      JobProvider provider, Scope scope, List<JobRun.Builder> rows, boolean all) {
    Set<JobRef> jobs =
        rows.stream()
            .filter(row -> !row.hasName())
            .map(row -> row.ref().job())
            .filter(job -> !aliases.containsKey(job.jobId()))
            .collect(Collectors.toSet());
    Set<JobRef> unknown = new HashSet<>(jobs);
    unknown.removeAll(names.keySet());
    Optional<Scope> where = provider.jobScope(scope);
    Reading last = where.map(readings::get).orElse(null);
    boolean isFresh = where.isPresent() && isFresh(where.get());
    if (where.isEmpty()
        || jobs.isEmpty()
        || (unknown.isEmpty() && (last == null || isFresh))) { // found on the way, or read lately
      return Step.done(Optional.empty());
    }
    boolean hasCome = last != null && !last.missing().containsAll(unknown);
    if (last != null && isFresh && (last.refusal().isPresent() || !all || !hasCome)) {
      return Step.done(last.refusal());
    }
    Step<Optional<ServiceError>> step =
        Jobs.all(provider, where.get(), JobQuery.ALL)
            .map(
                found -> {
                  add(where.get(), found, unknown);
                  return Optional.empty();
                });
    return step.recover(
        error -> {
          if (error.kind() != Kind.ACCESS_DENIED && error.kind() != Kind.NOT_FOUND) {
            return Optional.empty();
          }
          readings.put(where.get(), new Reading(time.now(), 0, Optional.of(error), Set.of()));
          return Optional.of(Step.done(Optional.of(error)));
        });
  }

  private void add(Scope where, List<Job.Builder> rows, Set<JobRef> wanted) {
    for (Job.Builder row : rows) {
      Job job = row.build();
      job.name().ifPresent(name -> names.put(job.ref(), name));
    }
    Set<JobRef> missing = new HashSet<>(wanted);
    Reading last = readings.get(where);
    if (last != null && isFresh(where)) {
      missing.addAll(last.missing());
    }
    missing.removeAll(names.keySet());
    readings.put(where, new Reading(time.now(), rows.size(), Optional.empty(), missing));
  }

  /** Returns how many jobs there are, where their list was read lately. */
  OptionalInt count(Scope where) {
    Reading last = readings.get(where);
    return last != null && isFresh(where) ? OptionalInt.of(last.jobs()) : OptionalInt.empty();
  }

  private boolean isKnown(JobRef job) {
    return aliases.containsKey(job.jobId()) || names.containsKey(job);
  }

  private boolean isFresh(Scope where) {
    Reading last = readings.get(where);
    return last != null && time.now().isBefore(last.at().plus(KEPT));
  }
}
