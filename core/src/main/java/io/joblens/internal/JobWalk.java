package io.joblens.internal;

import io.joblens.FoundJobs;
import io.joblens.Job;
import io.joblens.JobException;
import io.joblens.JobQuery;
import io.joblens.JobServiceException;
import io.joblens.JobServiceException.Kind;
import io.joblens.UnsupportedQueryException;
import io.joblens.spi.JobProvider;
import io.joblens.spi.Jobs;
import io.joblens.spi.Scope;
import io.joblens.spi.Scopes;
import io.joblens.spi.Step;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the definitions of jobs: where they are listed, page by page, and which match. */
final class JobWalk {
  private final ClientSettings settings;
  private final JobNames names;
  private final JobQuery query;
  private final List<String> ids;
  private final @Nullable Glob name;

  JobWalk(ClientSettings settings, JobNames names, JobQuery query) {
    this.settings = settings;
    this.names = names;
    this.query = query;
    this.ids = query.jobs().stream().map(settings::idOf).toList();
    this.name = query.name().map(Glob::new).orElse(null);
    if (query.since().isPresent() || query.until().isPresent() || !query.runs().isEmpty()) {
      throw new UnsupportedQueryException(
          "definitions of jobs have neither times nor runs; leave since, until and run ids out");
    }
  }

  /** What was found so far. An answer may be read again, so each step has its own. */
  private record Found(List<Job> jobs, List<JobException> failures, long read, long untold) {
    Found with(List<Job> more, int rows, long without) {
      List<Job> all = new ArrayList<>(jobs);
      all.addAll(more);
      return new Found(all, failures, read + rows, untold + without);
    }

    Found without(List<JobException> more) {
      List<JobException> all = new ArrayList<>(failures);
      all.addAll(more);
      return new Found(jobs, all, read, untold);
    }
  }

  Step<FoundJobs> run(JobProvider provider) {
    return scopes(provider, Optional.empty(), new Found(List.of(), List.of(), 0, 0))
        .map(
            found ->
                new FoundJobs(
                    limited(found.jobs()), found.failures(), found.read(), notes(provider, found)));
  }

  private List<String> notes(JobProvider provider, Found found) {
    if (found.read() == 0) {
      return provider.hintsWhenEmpty();
    }
    List<String> notes = new ArrayList<>();
    if (found.untold() > 0) {
      notes.add(
          found.untold() + " jobs are left out, because the vendor does not tell their last state");
    }
    if (isEnough(found)) {
      notes.add("the limit is reached; there may be more jobs");
    }
    return notes;
  }

  private Step<Found> scopes(JobProvider provider, Optional<String> after, Found soFar) {
    return provider
        .jobScopes(query, after)
        .flatMap(
            scopes -> {
              Found begun =
                  soFar.without(
                      scopes.skipped().stream().map(part -> failure(provider, part)).toList());
              return each(provider, new ArrayDeque<>(scopes.scopes()), begun)
                  .flatMap(
                      found ->
                          scopes.next().isPresent() && !isEnough(found)
                              ? scopes(provider, scopes.next(), found)
                              : Step.done(found));
            });
  }

  private Step<Found> each(JobProvider provider, Deque<Scope> todo, Found soFar) {
    if (todo.isEmpty() || isEnough(soFar)) {
      return Step.done(soFar);
    }
    Deque<Scope> rest = new ArrayDeque<>(todo);
    Scope scope = rest.remove();
    Step<Found> one = Jobs.all(provider, scope, query).map(rows -> with(soFar, rows));
    boolean othersCount = !rest.isEmpty() || !soFar.jobs().isEmpty();
    return one.recover(
            error ->
                (error.kind() == Kind.NOT_FOUND && (othersCount || isGone(provider, scope)))
                        || (error.kind() == Kind.ACCESS_DENIED && othersCount)
                    ? Optional.of(
                        Step.done(
                            soFar.without(
                                List.of(failure(provider, new Scopes.Skipped(scope, error))))))
                    : Optional.empty())
        .flatMap(found -> each(provider, rest, found));
  }

  /** Tells whether nobody named what is gone, so that its being gone is no mistake of anybody's. */
  private boolean isGone(JobProvider provider, Scope scope) {
    return query.jobs().isEmpty() && provider.isFound(scope);
  }

  private Found with(Found soFar, List<Job.Builder> rows) {
    List<Job> matching =
        rows.stream()
            .map(row -> row.cloud(settings.name()).account(settings.account()).build())
            .filter(this::matches)
            .toList();
    if (query.states().isEmpty()) {
      return soFar.with(matching, rows.size(), 0);
    }
    long untold = matching.stream().filter(job -> job.lastState().isEmpty()).count();
    List<Job> inState =
        matching.stream()
            .filter(job -> job.lastState().filter(query.states()::contains).isPresent())
            .toList();
    return soFar.with(inState, rows.size(), untold);
  }

  /** Tells whether all conditions hold but that on the state. */
  private boolean matches(Job job) {
    job.name().ifPresent(known -> names.add(Map.of(job.ref(), known)));
    String path = "/" + String.join("/", job.ref().segments());
    return (ids.isEmpty() || ids.stream().anyMatch(id -> path.endsWith("/" + id)))
        && (name == null || job.name().filter(text -> name.matches(text)).isPresent())
        && job.labels().entrySet().containsAll(query.tags().entrySet());
  }

  private boolean isEnough(Found found) {
    return query.limit().isPresent() && found.jobs().size() >= query.limit().getAsInt();
  }

  private List<Job> limited(List<Job> jobs) {
    return query.limit().isPresent() && query.limit().getAsInt() < jobs.size()
        ? jobs.subList(0, query.limit().getAsInt())
        : jobs;
  }

  private JobException failure(JobProvider provider, Scopes.Skipped part) {
    return new JobServiceException(part.named()).at(settings.name(), provider.id(), null, 0);
  }
}
