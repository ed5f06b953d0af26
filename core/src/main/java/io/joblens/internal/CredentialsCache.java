package io.joblens.internal;

import io.joblens.CredentialsException;
import io.joblens.JobException;
import io.joblens.spi.Credentials;
import io.joblens.spi.CredentialsProvider;
import io.joblens.spi.Step;
import io.joblens.spi.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps credentials and renews them shortly before they expire, not all clients of the world in the
 * same second. However many callers ask, one resolves; nobody waits for that while the old ones
 * still work. The lock guards three fields and is never held while something is resolved.
 */
final class CredentialsCache {
  private static final Logger LOG = LoggerFactory.getLogger("io.joblens.credentials");
  private static final Duration EARLIEST = Duration.ofMinutes(5);
  private static final Duration PAUSE = Duration.ofSeconds(30);

  private final CredentialsProvider source;
  private final TimeSource time;
  private final DoubleSupplier random;
  private final Function<Step<Credentials>, CompletableFuture<Credentials>> runner;
  private final Object lock = new Object();
  private @Nullable Credentials current;
  private Instant renewAt = Instant.MAX;
  private @Nullable CompletableFuture<Credentials> resolving;

  /**
   * @param random a number from 0 to 1, for how early to renew
   * @param runner runs the source's step, within a limit of its own: it works for all who wait
   */
  CredentialsCache(
      CredentialsProvider source,
      TimeSource time,
      DoubleSupplier random,
      Function<Step<Credentials>, CompletableFuture<Credentials>> runner) {
    this.source = source;
    this.time = time;
    this.random = random;
    this.runner = runner;
    this.current = source.fixed().orElse(null);
  }

  /** Returns credentials other than those that the vendor rejected. */
  CompletableFuture<Credentials> get(Optional<Credentials> rejected) {
    CompletableFuture<Credentials> mine;
    Credentials usable;
    synchronized (lock) {
      if (current != null && rejected.filter(current::equals).isPresent()) {
        current = null;
      }
      Instant now = time.now();
      usable = current != null && isValid(current, now) ? current : null;
      if (usable != null && (now.isBefore(renewAt) || resolving != null)) {
        return CompletableFuture.completedFuture(usable);
      }
      if (resolving != null) {
        return resolving.copy();
      }
      mine = new CompletableFuture<>();
      resolving = mine;
    }
    var unused =
        CompletableFuture.supplyAsync(source::resolve, Daemons.CALLS)
            .thenCompose(runner)
            .whenComplete((credentials, problem) -> settle(mine, credentials, problem));
    // a copy, so that a caller who gives up does not cancel it for the others
    return usable == null ? mine.copy() : CompletableFuture.completedFuture(usable);
  }

  /** Tells whether nothing is being resolved. */
  boolean isIdle() {
    synchronized (lock) {
      return resolving == null;
    }
  }

  private void settle(
      CompletableFuture<Credentials> mine,
      @Nullable Credentials resolved,
      @Nullable Throwable problem) {
    Instant now = time.now();
    Throwable failure = problem;
    if (resolved != null && !isValid(resolved, now)) {
      failure =
          new CredentialsException(
              resolved.source().orElse("the source")
                  + " gives credentials that expired at "
                  + resolved.expiresAt().orElse(now)
                  + "; get new ones where they come from");
    }
    Credentials usable;
    synchronized (lock) {
      if (failure == null) {
        current = resolved;
        renewAt = renewal(resolved, now);
      } else if (current != null && isValid(current, now)) {
        renewAt = now.plus(PAUSE);
        LOG.warn("credentials were not renewed; the old ones still work: {}", said(failure));
      } else {
        current = null;
      }
      usable = current;
      resolving = null;
    }
    if (usable == null && failure != null) {
      mine.completeExceptionally(failure);
    } else {
      mine.complete(usable);
    }
  }

  private Instant renewal(@Nullable Credentials credentials, Instant now) {
    Optional<Instant> end = credentials == null ? Optional.empty() : credentials.expiresAt();
    if (end.isEmpty()) {
      return Instant.MAX;
    }
    Duration lead = Duration.between(now, end.get()).dividedBy(4);
    Duration longest = lead.compareTo(EARLIEST) < 0 ? lead : EARLIEST;
    return end.get().minusMillis((long) (longest.toMillis() * (0.5 + random.getAsDouble() / 2)));
  }

  /** Core's own exceptions hold no secret; of any other only the class is told. */
  private static String said(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    return cause instanceof JobException
        ? String.valueOf(cause.getMessage())
        : cause.getClass().getName();
  }

  private static boolean isValid(Credentials credentials, Instant now) {
    return credentials.expiresAt().map(now::isBefore).orElse(true);
  }
}
