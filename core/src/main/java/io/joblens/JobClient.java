package io.joblens;

import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * Asks one cloud about its jobs. Get one from a provider's builder. Immutable and thread-safe;
 * calls block the calling thread, and interrupting it aborts the exchange within moments. All its
 * methods that make requests throw {@link JobException}.
 */
public interface JobClient extends AutoCloseable {

  /** Returns the cloud's name, which the user chose. */
  String name();

  /** Returns the label of the account. */
  String account();

  /** Returns the kind of service. */
  ProviderId provider();

  /** Returns the regions that it is configured with; empty when it answers for any. */
  default List<String> regions() {
    return List.of();
  }

  /**
   * Reads the first page of a query. Makes one request, plus those that find out what to list.
   *
   * @throws UnsupportedQueryException when this cloud cannot answer the query; nothing was sent
   * @throws ConfigException when nothing says what to list; nothing was sent
   */
  JobPage listRuns(JobQuery query);

  /**
   * Reads the page at the token, for the same query. The token may come from another process; runs
   * that moved meanwhile may then come again.
   *
   * @throws PagingException when the token is none, or belongs to another query or cloud; nothing
   *     was sent
   */
  JobPage listRuns(JobQuery query, PageToken token);

  /** Returns all runs of a query. Nothing is sent before they are iterated. */
  RunListing listAllRuns(JobQuery query);

  /** Returns all runs of a query from the token on. Nothing is sent before they are iterated. */
  RunListing listAllRuns(JobQuery query, PageToken token);

  /**
   * Reads one run.
   *
   * @throws JobServiceException of kind NOT_FOUND when the vendor knows no such run
   */
  JobRun getRun(RunRef ref);

  /** Reads these runs with as few requests as the vendor allows. */
  FoundRuns getRuns(Collection<RunRef> refs);

  /**
   * Reads why a run failed, or what it waits for: its tasks, their exit codes, reasons and the end
   * of their logs, as far as the vendor tells. Makes several requests where that takes several; the
   * notes name a limit that was met.
   *
   * @throws JobServiceException of kind NOT_FOUND when the vendor knows no such run
   * @throws UnsupportedQueryException when the vendor tells nothing more of a run than its row
   */
  RunDetail diagnose(RunRef ref);

  /**
   * Reads the definitions of jobs with their last known state. Of the query count jobs, name, tags
   * and states. Makes the requests that the vendor's lists take, discovery included; with a limit,
   * no list is read once the ones before have shown enough.
   *
   * @throws UnsupportedQueryException when the vendor has no list of jobs, or the query has a
   *     condition that definitions do not carry; nothing was sent
   */
  FoundJobs listJobs(JobQuery query);

  /**
   * Returns what a query will cost. Makes requests only where that takes finding out what there is
   * to list, and says how many they were.
   *
   * @throws UnsupportedQueryException when this cloud cannot answer the query; nothing was sent
   */
  QueryPlan plan(JobQuery query);

  /**
   * Tries the set-up: credentials, then one cheap request for each operation that the provider
   * lives on. It ends with the first that the vendor refuses, since vendors lock keys. Throws
   * nothing but for a closed client or an interrupted thread.
   */
  default CheckUp checkUp() {
    return checkUp(Set.of());
  }

  /**
   * Does the same, but sends nothing that is signed with one of these keys: several clouds may
   * share one, and vendors lock a key after some failures in a row.
   *
   * @param spared {@link CheckUp#key()} of those that the vendor has refused, for other clouds
   */
  CheckUp checkUp(Set<String> spared);

  /**
   * Reads the definition of a job.
   *
   * @throws JobServiceException of kind NOT_FOUND when the vendor knows no such job
   */
  Job getJob(JobRef ref);

  /**
   * Makes a reference, filling in what the configuration says. Makes no request, except where the
   * provider has something to look up before its first one, such as a project's id.
   *
   * @param ids the ids from an outer one to the run's own; the last alone where that is enough
   * @throws IllegalArgumentException saying which ids are expected
   */
  RunRef runRef(String... ids);

  /**
   * Makes a reference, filling in what the configuration says. Makes no request, except where the
   * provider has something to look up before its first one, such as a project's id.
   *
   * @param ids the ids from an outer one to the job's own; the last alone where that is enough
   * @throws IllegalArgumentException saying which ids are expected
   */
  JobRef jobRef(String... ids);

  /** Returns what waits for runs to end, by asking again and again. */
  Waiter waiter();

  /** Returns the same client for callers that do not block. */
  AsyncJobClient async();

  /** Sends a request in the vendor's own words: once, unless it is marked repeatable. */
  RawResponse sendRaw(RawRequest request);

  /** Aborts what is under way and frees what the client created. A transport it was given stays. */
  @Override
  void close();
}
