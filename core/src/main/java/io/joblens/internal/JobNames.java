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
        .filter(where -> fresh(where).isEmpty() && (!isNamedJob || readings.containsKey(where)))
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
    Optional<Scope> where = provider.jobScope(scope);
    Set<JobRef> nameless = nameless(rows);
    if (where.isEmpty() || nameless.isEmpty()) {
      return Step.done(Optional.empty());
    }
    Set<JobRef> unknown = new HashSet<>(nameless);
    unknown.removeAll(names.keySet());
    Reading last = readings.get(where.get());
    if (isToBeRead(last, unknown, all)) {
      return read(provider, where.get(), unknown);
    }
    return Step.done(last == null ? Optional.empty() : last.refusal());
  }

  /** Returns the jobs of the rows that neither the vendor nor the user gave a name. */
  private Set<JobRef> nameless(List<JobRun.Builder> rows) {
    return rows.stream()
        .filter(row -> !row.hasName())
        .map(row -> row.ref().job())
        .filter(job -> !aliases.containsKey(job.jobId()))
        .collect(Collectors.toSet());
  }

  private boolean isToBeRead(@Nullable Reading last, Set<JobRef> unknown, boolean all) {
    if (last == null) {
      return !unknown.isEmpty(); // others may have been found on the way
    }
    if (!isFresh(last)) {
      return true;
    }
    return all && last.refusal().isEmpty() && !last.missing().containsAll(unknown);
  }

  private Step<Optional<ServiceError>> read(
      JobProvider provider, Scope where, Set<JobRef> unknown) {
    Step<Optional<ServiceError>> step =
        Jobs.all(provider, where, JobQuery.ALL)
            .map(
                found -> {
                  add(where, found, unknown);
                  return Optional.empty();
                });
    return step.recover(
        error -> {
          if (error.kind() != Kind.ACCESS_DENIED && error.kind() != Kind.NOT_FOUND) {
            return Optional.empty();
          }
          readings.put(where, new Reading(time.now(), 0, Optional.of(error), Set.of()));
          return Optional.of(Step.done(Optional.of(error)));
        });
  }

  private void add(Scope where, List<Job.Builder> rows, Set<JobRef> wanted) {
    for (Job.Builder row : rows) {
      Job job = row.build();
      job.name().ifPresent(name -> names.put(job.ref(), name));
    }
    Set<JobRef> missing = new HashSet<>(wanted);
    fresh(where).ifPresent(last -> missing.addAll(last.missing()));
    missing.removeAll(names.keySet());
    readings.put(where, new Reading(time.now(), rows.size(), Optional.empty(), missing));
  }

  /** Returns how many jobs there are, where their list was read lately. */
  OptionalInt count(Scope where) {
    return fresh(where)
        .filter(last -> last.refusal().isEmpty())
        .map(last -> OptionalInt.of(last.jobs()))
        .orElseGet(OptionalInt::empty);
  }

  private boolean isKnown(JobRef job) {
    return aliases.containsKey(job.jobId()) || names.containsKey(job);
  }

  private Optional<Reading> fresh(Scope where) {
    return Optional.ofNullable(readings.get(where)).filter(this::isFresh);
  }

  private boolean isFresh(Reading reading) {
    return time.now().isBefore(reading.at().plus(KEPT));
  }
}
