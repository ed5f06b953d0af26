package io.joblens;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;

/**
 * Waits for runs to end, by asking again and again. Looks come after 5 s at first and up to 30 s
 * apart, respect the quota, and read all awaited runs together. A word that only usually ends a run
 * ({@link Finality#UNSETTLED}) counts once it stood unchanged over two looks at least 60 s apart.
 * The last look is taken when the time is up, and has two seconds: so much later a wait can end.
 * Immutable.
 */
public interface Waiter {

  /** Looks this often instead. */
  Waiter poll(Duration interval);

  /** Gives a run that nobody has seen yet so long to appear; 60 s unless set. */
  Waiter grace(Duration time);

  /** Passes every run that a look shows to the listener, on the waiting thread. */
  Waiter onLook(Consumer<JobRun> listener);

  /**
   * Blocks until the run has ended, well or badly.
   *
   * @throws WaitTimeoutException when it has not ended in that time
   * @throws JobServiceException of kind NOT_FOUND when it was not seen within the grace period, or
   *     was gone in three looks
   */
  JobRun until(RunRef ref, Duration timeout);

  /** Blocks until all runs have ended; returns them in the order asked. */
  List<JobRun> until(Collection<RunRef> refs, Duration timeout);

  /** Blocks until one of the runs has ended; returns those that have. */
  List<JobRun> untilAny(Collection<RunRef> refs, Duration timeout);
}
