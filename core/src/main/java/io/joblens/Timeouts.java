package io.joblens;

import java.time.Duration;

/**
 * How long things may take.
 *
 * @param connect a connection to come about; 10 s by default
 * @param attempt one exchange, connection included; 40 s by default, above the 30 s after which
 *     some gateways answer themselves
 * @param call one API call with all its attempts and every wait for quota, credentials and
 *     back-off; 2 minutes by default. What takes several API calls, such as a listing, a diagnosis
 *     or a project that is looked up first, can take so long for each; a query's deadline bounds
 *     all
 */
public record Timeouts(Duration connect, Duration attempt, Duration call) {
  /** What is used unless the user says otherwise. */
  public static final Timeouts DEFAULT =
      new Timeouts(Duration.ofSeconds(10), Duration.ofSeconds(40), Duration.ofMinutes(2));

  /** Checks that each is more than zero. */
  public Timeouts {
    if (isNotPositive(connect) || isNotPositive(attempt) || isNotPositive(call)) {
      throw new IllegalArgumentException("timeouts must be more than zero");
    }
  }

  private static boolean isNotPositive(Duration time) {
    return time.isNegative() || time.isZero();
  }
}
