package io.joblens.internal;

import io.joblens.spi.Credentials;
import io.joblens.spi.CredentialsProvider;
import io.joblens.spi.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Keeps credentials until shortly before they expire; however many callers ask, one resolves. The
 * lock guards two fields and is never held while something is resolved.
 */
final class CredentialsCache {
  private static final Duration EARLY = Duration.ofMinutes(1);

  private final CredentialsProvider source;
  private final Object lock = new Object();
  private @Nullable Credentials current;
  private @Nullable CompletableFuture<Credentials> resolving;

  CredentialsCache(CredentialsProvider source) {
    this.source = source;
  }

  /**
   * Returns credentials other than those that the vendor rejected.
   *
   * @param runner what runs the source's step
   */
  CompletableFuture<Credentials> get(
      Optional<Credentials> rejected,
      Instant now,
      Function<Step<Credentials>, CompletableFuture<Credentials>> runner) {
    CompletableFuture<Credentials> mine;
    synchronized (lock) {
      if (current != null && rejected.filter(current::equals).isPresent()) {
        current = null;
      }
      if (current != null && isFresh(current, now)) {
        return CompletableFuture.completedFuture(current);
      }
      if (resolving != null) {
        return resolving.copy();
      }
      mine = new CompletableFuture<>();
      resolving = mine;
    }
    var unused =
        resolve(runner)
            .whenComplete((credentials, problem) -> settle(mine, credentials, problem, now));
    // a copy, so that a caller who gives up does not cancel it for the others
    return mine.copy();
  }

  private CompletableFuture<Credentials> resolve(
      Function<Step<Credentials>, CompletableFuture<Credentials>> runner) {
    try {
      return runner.apply(source.resolve());
    } catch (RuntimeException | Error e) {
      // also an Error, such as a missing class of a vendor's SDK: else the next caller waits for
      // ever
      return CompletableFuture.failedFuture(e);
    }
  }

  private void settle(
      CompletableFuture<Credentials> mine,
      @Nullable Credentials credentials,
      @Nullable Throwable problem,
      Instant now) {
    Credentials usable = credentials;
    synchronized (lock) {
      if (problem != null && current != null && isValid(current, now)) {
        usable = current; // the new ones failed early; the old ones still work
      }
      current = usable;
      resolving = null;
    }
    if (usable != null || problem == null) {
      mine.complete(usable);
    } else {
      mine.completeExceptionally(problem);
    }
  }

  private static boolean isValid(Credentials credentials, Instant now) {
    return credentials.expiresAt().map(now::isBefore).orElse(true);
  }

  private static boolean isFresh(Credentials credentials, Instant now) {
    return credentials.expiresAt().map(end -> now.isBefore(end.minus(EARLY))).orElse(true);
  }
}
