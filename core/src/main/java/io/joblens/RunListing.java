package io.joblens;

import java.util.stream.Stream;

/**
 * All runs of a query, read page by page while they are iterated: each iteration begins anew and
 * holds one page. Within one iteration no run comes twice: one that changes meanwhile stays as it
 * was read first. An iteration that fails throws with a {@link JobException#resumeToken()}.
 * Iterations are not thread-safe.
 */
public interface RunListing extends Iterable<JobRun> {

  /** Returns the runs as a stream, as lazy as the iteration. */
  Stream<JobRun> stream();

  /** Returns the pages. Each makes one request, plus those that find out what to list. */
  Iterable<JobPage> byPage();

  /** Returns how far the latest iteration has come. */
  Coverage coverage();
}
