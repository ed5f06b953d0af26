package io.joblens;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Hears what calls do: for metrics, traces and logs. One call is one API request as its caller sees
 * it, with all its attempts; a listing makes many. Nothing that a listener gets holds a secret, a
 * query or a word of an answer but the vendor's request id and error.
 *
 * <p>Methods are called on the threads that drive calls, for one call one after the other, for
 * several calls at once; they must be quick. What they throw is logged and dropped.
 */
public interface CallListener {

  /**
   * One call.
   *
   * @param number a number that no other call of the process has
   * @param cloud the name of the cloud
   * @param operation the vendor's name of the operation
   * @param host where it goes
   */
  record Call(long number, String cloud, ProviderId provider, String operation, String host) {}

  /**
   * One exchange.
   *
   * @param number 1 for a call's first
   * @param took from sending to the complete answer
   * @param httpStatus empty when no complete answer came
   * @param requestId the vendor's, without what it repeats of the credentials; of calls that are
   *     not signed, such as a log-in, only the error's
   * @param problem what was wrong, also inside an HTTP 200
   */
  record Attempt(
      int number,
      Duration took,
      OptionalInt httpStatus,
      Optional<String> requestId,
      Optional<JobException> problem) {}

  /**
   * A call that is over.
   *
   * @param took all of it, waits included
   * @param quotaWait what of it was waited for quota
   * @param problem why it failed, if it did
   */
  record Summary(int attempts, Duration took, Duration quotaWait, Optional<JobException> problem) {}

  /** Hears that a call begins. */
  default void started(Call call) {}

  /**
   * Hears that a call waits for its place in the quota; more than once when others are late or the
   * vendor asks to wait meanwhile.
   */
  default void throttled(Call call, Duration wait) {}

  /** Hears that an exchange has ended. */
  default void attempted(Call call, Attempt attempt) {}

  /**
   * Hears that another attempt will follow after a pause, and why. It is zero where something else
   * is sent: with new credentials, or by the host's clock.
   */
  default void retried(Call call, Duration pause, JobException problem) {}

  /** Hears that a call is over. */
  default void finished(Call call, Summary summary) {}
}
