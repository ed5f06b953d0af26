package io.joblens.spi;

import io.joblens.Job;
import io.joblens.JobQuery;
import io.joblens.JobRef;
import io.joblens.JobRun;
import io.joblens.ProviderId;
import io.joblens.RawRequest;
import io.joblens.RunDetail;
import io.joblens.RunRef;
import io.joblens.UnsupportedQueryException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One kind of service, configured. Pure and immutable: it builds requests and reads answers; core
 * does the rest. What it throws before a step is made ({@link io.joblens.ConfigException}, {@link
 * io.joblens.UnsupportedQueryException}, {@link IllegalArgumentException}) costs no request.
 */
public interface JobProvider {

  /** Returns the provider's id. */
  ProviderId id();

  /** Returns what it can do for this query. */
  Capabilities capabilities(JobQuery query);

  /** Returns the provider with what it had to look up once, before its first other step. */
  default Step<JobProvider> connect() {
    return Step.done(this);
  }

  /**
   * Returns what to list for the query. Never called for a query by run ids.
   *
   * @param after what the {@link Scopes} before these gave as next
   * @throws io.joblens.ConfigException when nothing says what to list, naming the configuration key
   *     and where to find the id
   */
  Step<Scopes> scopes(JobQuery query, Optional<String> after);

  /**
   * Reads one vendor page of a scope.
   *
   * @param offset rows before the page; a multiple of the limit where the vendor counts pages
   * @param limit rows at most, within the provider's maximum
   */
  Step<Slice> runs(Scope scope, JobQuery query, long offset, int limit);

  /**
   * Reads these runs with as few calls as the vendor allows. Runs that do not exist are left out.
   */
  Step<List<JobRun.Builder>> get(List<RunRef> refs);

  /** Reads one job's definition; fails with NOT_FOUND when there is none. */
  Step<Job.Builder> job(JobRef ref);

  /**
   * Returns where the definitions of jobs are listed: what the configuration names, else what there
   * is.
   *
   * @param after what the {@link Scopes} before these gave as next
   * @throws io.joblens.UnsupportedQueryException when the vendor has no list of jobs
   */
  default Step<Scopes> jobScopes(JobQuery query, Optional<String> after) {
    throw new UnsupportedQueryException(id() + " has no list of jobs");
  }

  /**
   * Reads one vendor page of the definitions in one of {@link #jobScopes}, all of them: core
   * applies the query.
   *
   * @param after what the page before gave as next
   */
  default Step<Jobs> jobs(Scope scope, JobQuery query, Optional<String> after) {
    throw new UnsupportedQueryException(id() + " has no list of jobs");
  }

  /**
   * Returns in which of {@link #jobScopes} the jobs are that the runs of a scope belong to; empty
   * where run lists carry the names themselves.
   */
  default Optional<Scope> jobScope(Scope scope) {
    return Optional.empty();
  }

  /**
   * Returns in which of {@link #jobScopes} the jobs are that {@link #runs} gives in a scope's place
   * when its list looks cut ({@link Slice#instead}); empty where it never does.
   */
  default Optional<Scope> listedByJob(Scope scope) {
    return Optional.empty();
  }

  /**
   * Reads why a run failed or what it waits for, with as few calls as that takes; fails with
   * NOT_FOUND when there is no such run.
   *
   * @throws io.joblens.UnsupportedQueryException when the vendor has nothing to tell but the run
   */
  default Step<RunDetail.Builder> diagnose(RunRef ref) {
    throw new UnsupportedQueryException(id() + " tells nothing more of a run than its row");
  }

  /**
   * Returns the cheapest call for each operation that the provider lives on, to check a set-up, and
   * one for each thing that the configuration names but {@link #namedJobs}.
   */
  default List<Probe> probes() {
    return List.of();
  }

  /**
   * Returns the jobs that the configuration names. A job must be in one of its places at least,
   * which {@link #job} is asked for one after the other.
   *
   * @return the places of each job, at least one
   */
  default List<List<JobRef>> namedJobs() {
    return List.of();
  }

  /**
   * Tells whether a scope can only have been found, not named by the configuration: such a one may
   * be gone when it is listed. A scope that is named must be there.
   */
  default boolean isFound(Scope scope) {
    return false;
  }

  /** Returns how many calls {@link #get} of these runs takes, where that is known beforehand. */
  default OptionalLong callsToGet(List<RunRef> refs) {
    return OptionalLong.empty();
  }

  /**
   * Returns how many runs of a scope the vendor can list for the query at most, where it documents
   * that.
   */
  default OptionalLong mostRuns(Scope scope, JobQuery query) {
    return OptionalLong.empty();
  }

  /** Returns what to look at when a listing finds nothing at all, most likely first. */
  default List<String> hintsWhenEmpty() {
    return List.of();
  }

  /**
   * Makes a reference of what a user has in hand, filling in what the configuration says.
   *
   * @param ids the ids from an outer one to the run's own
   * @throws IllegalArgumentException saying which ids are expected
   */
  RunRef runRef(List<String> ids);

  /**
   * Makes a reference of what a user has in hand, filling in what the configuration says.
   *
   * @param ids the ids from an outer one to the job's own
   * @throws IllegalArgumentException saying which ids are expected
   */
  JobRef jobRef(List<String> ids);

  /** Returns the call for a request in the vendor's own words. */
  Call raw(RawRequest request);

  /**
   * Returns the error in an answer, if it is one. Total: any status, any bytes. Every answer
   * outside 2xx is an error; one inside is when its body says so.
   */
  Optional<ServiceError> error(Call call, WireResponse response);

  /** Returns the signer. */
  Signer signer();

  /** Returns which fields of answers carry secrets. */
  Masking masking();
}
