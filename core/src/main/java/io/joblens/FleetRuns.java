package io.joblens;

import java.util.List;
import java.util.stream.Stream;

/**
 * The runs of several clouds, as their pages arrive, and the failures beside them: a cloud that
 * fails never ends the iteration. Lazy: each cloud is read one page ahead at most. It can be
 * iterated once.
 */
public interface FleetRuns extends Iterable<JobRun> {

  /** Returns the runs as a stream, as lazy as the iteration. */
  Stream<JobRun> stream();

  /** Returns the clouds that have failed so far. */
  List<CloudFailure> failures();

  /** Returns how far the iteration has come, by cloud and scope. */
  Coverage coverage();
}
