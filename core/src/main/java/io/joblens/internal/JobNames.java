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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The names of jobs, for vendors whose run lists have none; read from their job lists. */
final class JobNames {
  private static final Duration KEPT = Duration.ofMinutes(10);

  private final TimeSource time;
  private final Map<String, String> aliases;
  private final Map<JobRef, String> names = new ConcurrentHashMap<>();
  private final Map<Scope, Reading> readings = new ConcurrentHashMap<>();

  /** When a job list was read, or not let be read. */
  private record Reading(Instant at, int jobs, Optional<ServiceError> refusal) {}

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
    return !isNamedJob && provider.jobScope(scope).filter(where -> !isFresh(where)).isPresent();
  }

  /**
   * Reads the names of the jobs of these rows, if they are not known.
   *
   * @return what the vendor said if it does not let the job list be read; the rows stand without
   */
  Step<Optional<ServiceError>> load(JobProvider provider, Scope scope, List<JobRun.Builder> rows) {
    boolean known = rows.stream().allMatch(row -> row.hasName() || isKnown(row.ref().job()));
    Optional<Scope> where = known ? Optional.empty() : provider.jobScope(scope);
    if (where.isEmpty()) {
      return Step.done(Optional.empty());
    }
    Reading last = readings.get(where.get());
    if (last != null && isFresh(where.get())) {
      return Step.done(last.refusal());
    }
    Step<Optional<ServiceError>> step =
        Jobs.all(provider, where.get(), JobQuery.ALL).map(jobs -> add(where.get(), jobs));
    return step.recover(
        error -> {
          if (error.kind() != Kind.ACCESS_DENIED && error.kind() != Kind.NOT_FOUND) {
            return Optional.empty();
          }
          readings.put(where.get(), new Reading(time.now(), 0, Optional.of(error)));
          return Optional.of(Step.done(Optional.of(error)));
        });
  }

  private Optional<ServiceError> add(Scope where, List<Job.Builder> rows) {
    for (Job.Builder row : rows) {
      Job job = row.build();
      job.name().ifPresent(name -> names.put(job.ref(), name));
    }
    readings.put(where, new Reading(time.now(), rows.size(), Optional.empty()));
    return Optional.empty();
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
