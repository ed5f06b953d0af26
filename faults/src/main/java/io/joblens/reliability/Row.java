package io.joblens.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import io.joblens.JobDataException;
import io.joblens.JobServiceException;
import io.joblens.JobTransportException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * One row of the fault matrix: a fault, and how a call under it must end.
 *
 * @param id the row's number in the plan, with a letter where one number has several forms
 * @param fault what happens, in words
 * @param line the way to the server
 * @param does what the server does
 * @param ends how the call ends, as {@link #nameOf} names it, by operation
 * @param attempts how many attempts it takes, by operation
 * @param sees what of the attempts the server sees
 * @param limits how long things may take
 * @param isWarm whether a good call is made before, on the same client
 * @param check what else must hold
 */
record Row(
    String id,
    String fault,
    Supplier<Line> line,
    Function<Setting, Fault> does,
    Function<Operation, String> ends,
    Function<Operation, Attempts> attempts,
    Sees sees,
    Limits limits,
    boolean isWarm,
    Check check) {

  /** One cell's operation, and where its cuts and sizes come from. */
  record Setting(Operation operation, Random random) {
    /** Returns a number from the first up to, but not with, the second. */
    int between(int from, int to) {
      return from + random.nextInt(to - from);
    }
  }

  /** How many attempts. */
  record Attempts(int least, int most) {}

  /** What of the attempts the server sees. */
  enum Sees {
    REQUESTS,
    CONNECTIONS,
    NOTHING
  }

  /** How long things may take. */
  enum Limits {
    /** Long enough not to matter. */
    AMPLE(5_000, 10_000, 30_000),
    /** An attempt runs into its limit. */
    SHORT_ATTEMPT(300, 400, 30_000),
    /** A call runs into its limit. */
    SHORT_CALL(5_000, 10_000, 600);

    final Duration connect;
    final Duration attempt;
    final Duration call;

    Limits(int connect, int attempt, int call) {
      this.connect = Duration.ofMillis(connect);
      this.attempt = Duration.ofMillis(attempt);
      this.call = Duration.ofMillis(call);
    }

    /** Returns how long a call of so many attempts may take, besides the grace of 250 ms. */
    Duration of(int attempts) {
      return switch (this) {
        case AMPLE -> Duration.ofSeconds(5);
        case SHORT_ATTEMPT -> attempt.multipliedBy(attempts);
        case SHORT_CALL -> call;
      };
    }
  }

  /** What else must hold of a cell that ended as it should. */
  @FunctionalInterface
  interface Check {
    /** Throws an AssertionError if it does not hold. */
    void check(Operation operation, Object end, Seen seen);
  }

  /**
   * What the client was seen to do meanwhile.
   *
   * @param waits how long it waited, each time
   * @param credentials how often it asked for credentials
   */
  record Seen(List<Duration> waits, int credentials) {}

  /** How a call ends that gives what was asked for. */
  static final String SUCCESS = "success";

  /** Starts a row for a call over a line that is in order. */
  static Row of(String id, String fault, Function<Setting, Fault> does) {
    return new Row(
        id,
        fault,
        Line::direct,
        does,
        operation -> SUCCESS,
        operation -> new Attempts(1, 1),
        Sees.REQUESTS,
        Limits.AMPLE,
        false,
        (operation, end, seen) -> {
          assertThat(seen.credentials()).as("times that credentials were asked for").isEqualTo(1);
          if (!(end instanceof Throwable)) {
            operation.check(end);
          }
        });
  }

  /** Starts the server, with the cuts and sizes that this seed gives for this operation. */
  FaultServer server(Line open, Operation operation, long seed) {
    Random random = new Random(List.of(seed, id, operation.action()).hashCode());
    return new FaultServer(does.apply(new Setting(operation, random)), open.serverTls());
  }

  /** Returns the row with the end and the number of attempts that it has for all operations. */
  Row ends(String end, int number) {
    return ends(operation -> end).attempts(number, number);
  }

  Row ends(Function<Operation, String> end) {
    return new Row(id, fault, line, does, end, attempts, sees, limits, isWarm, check);
  }

  Row attempts(int least, int most) {
    return attempts(operation -> new Attempts(least, most));
  }

  Row attempts(Function<Operation, Attempts> by) {
    return new Row(id, fault, line, does, ends, by, sees, limits, isWarm, check);
  }

  Row over(Supplier<Line> other, Sees seen) {
    return new Row(id, fault, other, does, ends, attempts, seen, limits, isWarm, check);
  }

  Row within(Limits other) {
    return new Row(id, fault, line, does, ends, attempts, sees, other, isWarm, check);
  }

  Row warm() {
    return new Row(id, fault, line, does, ends, attempts, sees, limits, true, check);
  }

  Row and(Check other) {
    return new Row(id, fault, line, does, ends, attempts, sees, limits, isWarm, other);
  }

  /** Returns what an end is called in the table: the exception's class and kind. */
  static String nameOf(Object end) {
    if (!(end instanceof Throwable problem)) {
      return SUCCESS;
    }
    String name = problem.getClass().getSimpleName();
    if (problem instanceof JobServiceException service) {
      return name + " " + service.kind();
    }
    if (problem instanceof JobTransportException transport) {
      return name + " " + transport.kind();
    }
    return problem instanceof JobDataException data ? name + " " + data.kind() : name;
  }

  static String service(JobServiceException.Kind kind) {
    return "JobServiceException " + kind;
  }

  static String transport(JobTransportException.Kind kind) {
    return "JobTransportException " + kind;
  }

  static String data(JobDataException.Kind kind) {
    return "JobDataException " + kind;
  }
}
