package io.joblens.internal;

import io.joblens.spi.ServiceError;
import io.joblens.spi.TransportFailure;
import io.joblens.spi.WireDataException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.DoubleSupplier;

/**
 * Whether and when to try again: at most three attempts, two for a name not found, only after what
 * passes by itself, with full jitter under a growing cap; what the server asks for counts first.
 * Whether the host may get another request at all is up to {@link EndpointMemory}.
 *
 * @param random numbers from 0 up to 1
 */
record RetryPolicy(DoubleSupplier random) {
  private static final int MAX_ATTEMPTS = 3;
  private static final Duration BASE = Duration.ofMillis(200);
  private static final Duration THROTTLED_BASE = Duration.ofSeconds(1);
  private static final Duration CAP = Duration.ofSeconds(20);

  /** Tells whether a call of so many attempts may have one more. */
  static boolean allowsAnother(int attempts) {
    return attempts < MAX_ATTEMPTS;
  }

  /** Returns how long to wait before the next attempt, or empty when there must be none. */
  Optional<Duration> delayAfter(ServiceError error, int attempts) {
    return switch (error.kind()) {
      case THROTTLED -> delay(THROTTLED_BASE, attempts).map(d -> longer(d, error));
      case UNAVAILABLE, SERVER_ERROR -> delay(BASE, attempts).map(d -> longer(d, error));
      default -> Optional.empty();
    };
  }

  /** Returns how long to wait before the next attempt, or empty when there must be none. */
  Optional<Duration> delayAfter(TransportFailure failure, int attempts) {
    return switch (failure.kind()) {
      // a name that nobody knew twice is misspelt sooner than it is known
      case DNS -> attempts < 2 ? delay(BASE, attempts) : Optional.empty();
      case CONNECT, CONNECTION_LOST, ATTEMPT_TIMEOUT, MALFORMED -> delay(BASE, attempts);
      default -> Optional.empty();
    };
  }

  /** Returns how long to wait before the next attempt, or empty when there must be none. */
  Optional<Duration> delayAfter(WireDataException problem, int attempts) {
    return problem.isCutOff() ? delay(BASE, attempts) : Optional.empty();
  }

  private Optional<Duration> delay(Duration base, int attempts) {
    return allowsAnother(attempts) ? Optional.of(backOff(base, attempts)) : Optional.empty();
  }

  /** Returns a random part of a time that doubles with each attempt, up to the cap. */
  Duration backOff(Duration base, int attempts) {
    long cap = Math.min(CAP.toNanos(), base.toNanos() << Math.min(attempts, 16));
    return Duration.ofNanos((long) (cap * random.getAsDouble()));
  }

  private static Duration longer(Duration delay, ServiceError error) {
    return error.retryAfter().filter(asked -> asked.compareTo(delay) > 0).orElse(delay);
  }
}
