package io.joblens;

import java.util.Collection;
import java.util.concurrent.CompletableFuture;

/**
 * The calls of {@link JobClient} for callers that do not block. Futures complete exceptionally with
 * {@link JobException}, or throw what the blocking call throws before any I/O. Cancelling a future
 * aborts its exchange. Dependent actions run on a daemon thread of JobLens, or at once, unless they
 * name an executor.
 */
public interface AsyncJobClient {

  /** Reads the first page of a query. */
  CompletableFuture<JobPage> listRuns(JobQuery query);

  /** Reads the page at the token. */
  CompletableFuture<JobPage> listRuns(JobQuery query, PageToken token);

  /** Reads one run. */
  CompletableFuture<JobRun> getRun(RunRef ref);

  /** Reads these runs. */
  CompletableFuture<FoundRuns> getRuns(Collection<RunRef> refs);

  /** Reads the definition of a job. */
  CompletableFuture<Job> getJob(JobRef ref);

  /** Reads why a run failed, or what it waits for. */
  CompletableFuture<RunDetail> diagnose(RunRef ref);

  /** Reads the definitions of jobs. */
  CompletableFuture<FoundJobs> listJobs(JobQuery query);

  /** Returns what a query will cost. */
  CompletableFuture<QueryPlan> plan(JobQuery query);

  /** Sends a request in the vendor's own words. */
  CompletableFuture<RawResponse> sendRaw(RawRequest request);
}
