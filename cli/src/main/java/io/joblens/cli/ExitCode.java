package io.joblens.cli;

import io.joblens.ConfigException;
import io.joblens.CredentialsException;
import io.joblens.JobException;
import io.joblens.JobServiceException;
import io.joblens.UnsupportedQueryException;
import java.util.Collection;
import java.util.Map;
import java.util.function.Predicate;

/** The exit codes, a contract with scripts. */
final class ExitCode {
  static final int OK = 0;
  static final int FAILED = 1;
  static final int USAGE = 2;
  static final int RUN_FAILED = 3;
  static final int DENIED = 4;
  static final int PARTIAL = 5;
  static final int TIME_OVER = 6;

  /**
   * What came of a command.
   *
   * @param clouds how many clouds were asked
   * @param failures why clouds failed, by the cloud's name
   * @param runFailed whether an awaited run finished and is not SUCCEEDED
   * @param notFound whether something asked for does not exist
   * @param timeOver whether time was over before the awaited runs were
   */
  record Outcome(
      int clouds,
      Map<String, JobException> failures,
      boolean runFailed,
      boolean notFound,
      boolean timeOver) {
    Outcome {
      failures = Map.copyOf(failures);
    }

    /** Returns what came of asking so many clouds, of which these failed. */
    static Outcome of(int clouds, Map<String, JobException> failures) {
      return new Outcome(clouds, failures, false, false, false);
    }
  }

  private ExitCode() {}

  /**
   * Returns the code; the earlier one counts: 2 when every cloud refused before anything was sent,
   * 3, 4 when every cloud failed on authentication or access, 1, 6, 5, 0.
   */
  static int of(Outcome outcome) {
    Collection<JobException> errors = outcome.failures().values();
    boolean allFailed = !errors.isEmpty() && errors.size() >= outcome.clouds();
    if (allFailed && all(errors, ExitCode::isRefused)) {
      return USAGE;
    }
    if (outcome.runFailed()) {
      return RUN_FAILED;
    }
    if (allFailed && all(errors, ExitCode::isDenied)) {
      return DENIED;
    }
    if (allFailed || outcome.notFound()) {
      return FAILED;
    }
    if (outcome.timeOver()) {
      return TIME_OVER;
    }
    return errors.isEmpty() ? OK : PARTIAL;
  }

  private static boolean all(Collection<JobException> errors, Predicate<JobException> test) {
    return errors.stream().allMatch(test);
  }

  /** Nothing was sent, and asking the same again cannot help. */
  private static boolean isRefused(JobException error) {
    return error instanceof ConfigException || error instanceof UnsupportedQueryException;
  }

  private static boolean isDenied(JobException error) {
    if (error instanceof JobServiceException service) {
      return switch (service.kind()) {
        case AUTHENTICATION, ACCESS_DENIED, EXPIRED_CREDENTIALS -> true;
        default -> false;
      };
    }
    return error instanceof CredentialsException;
  }
}
