package io.joblens.internal;

import io.joblens.ClientClosedException;
import io.joblens.JobException;
import io.joblens.JobServiceException;
import io.joblens.spi.Credentials;
import io.joblens.spi.CredentialsProvider;
import io.joblens.spi.Step;
import io.joblens.spi.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.FutureTask;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps credentials and renews them shortly before they expire, not all clients of the world in the
 * same second. However many callers ask, one resolves; nobody waits for that while the old ones
 * still work. The lock guards the fields and is never held while something is resolved.
 *
 * <p>What a source gives is used even if it has expired by this machine's clock: the clock may be
 * what is wrong, and the vendor's answer tells.
 */
final class CredentialsCache implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger("io.joblens.credentials");
  private static final Duration EARLIEST = Duration.ofMinutes(5);
  private static final Duration PAUSE = Duration.ofSeconds(30);

  /** How long a source may take; longer than any log-in with its repetitions should. */
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final CredentialsProvider source;
  private final TimeSource time;
  private final DoubleSupplier random;
  private final Function<Step<Credentials>, CompletableFuture<Credentials>> runner;
  private final Object lock = new Object();
  private final Set<CompletableFuture<Credentials>> waiting = new HashSet<>();
  private @Nullable Credentials current;
  private Instant end;
  private Instant renewAt = Instant.MAX;
  private @Nullable Attempt resolving;
  private @Nullable Refusal refusal;
  private boolean closed;

  /** One look at the source, which began at a reading of the monotonic clock. */
  private static final class Attempt {
    private final long began;
    private final CompletableFuture<Credentials> result = new CompletableFuture<>();

    Attempt(long began) {
      this.began = began;
    }
  }

  /** What the vendor said of the identity itself. */
  private record Refusal(JobServiceException problem, long came) {}

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
    this.end = source.fixed().flatMap(Credentials::expiresAt).orElse(Instant.MAX);
  }

  /** Returns credentials other than those that the vendor rejected. */
  CompletableFuture<Credentials> get(Optional<Credentials> rejected) {
    @Nullable Attempt mine = null;
    @Nullable Attempt stuck = null;
    CompletableFuture<Credentials> result;
    synchronized (lock) {
      if (current != null && rejected.filter(current::equals).isPresent()) {
        current = null;
      }
      Instant now = time.now();
      long nanos = time.nanoTime();
      Credentials usable = usable(now);
      if (resolving != null && nanos - resolving.began >= LIMIT.toNanos()) {
        stuck = resolving;
        resolving = null;
      }
      if (closed && usable == null) {
        return CompletableFuture.failedFuture(new ClientClosedException("the client is closed"));
      }
      boolean isDue = usable == null || !now.isBefore(renewAt);
      if (isDue && usable == null && refusal != null) {
        Duration left = PAUSE.minusNanos(nanos - refusal.came());
        if (left.compareTo(Duration.ZERO) > 0) {
          return CompletableFuture.failedFuture(remembered(refusal.problem(), left));
        }
      }
      if (isDue && resolving == null && !closed) {
        mine = new Attempt(nanos);
        resolving = mine;
      }
      result = usable == null ? waiter() : CompletableFuture.completedFuture(usable);
    }
    if (stuck != null) {
      LOG.warn("{} gave no credentials within {} s; it is asked again", source, LIMIT.toSeconds());
      stuck.result.cancel(true);
    }
    if (mine != null) {
      begin(mine);
    }
    return result;
  }

  /** Returns a wait of one caller's own, of which nothing stays behind when the caller gives up. */
  private CompletableFuture<Credentials> waiter() {
    CompletableFuture<Credentials> waiter = new CompletableFuture<>();
    waiting.add(waiter);
    CompletableFuture<?> unusedEnd =
        waiter.whenComplete(
            (credentials, problem) -> {
              synchronized (lock) {
                waiting.removeIf(each -> each == waiter);
              }
            });
    return waiter;
  }

  private void begin(Attempt attempt) {
    FutureTask<Void> look =
        new FutureTask<>(
            () -> {
              try {
                Step<Credentials> step = source.resolve();
                if (attempt.result.isCancelled()) {
                  return null; // too late to send anything
                }
                CompletableFuture<Credentials> run = runner.apply(step);
                CompletableFuture<?> unusedEnd =
                    run.whenComplete((credentials, problem) -> end(attempt, credentials, problem));
                CompletableFuture<?> unusedCancel =
                    attempt.result.whenComplete((credentials, problem) -> run.cancel(true));
              } catch (RuntimeException | Error e) { // else nobody would ever hear of it
                end(attempt, null, e);
              }
              return null;
            });
    // a source that hangs is interrupted, or its thread would be left behind
    CompletableFuture<?> unusedEnd =
        attempt.result.whenComplete(
            (credentials, problem) -> {
              if (attempt.result.isCancelled()) {
                look.cancel(true);
              }
            });
    Daemons.CALLS.execute(look);
  }

  /** Ends what is being resolved, on the source's thread too, and the wait for it. */
  @Override
  public void close() {
    @Nullable Attempt ended;
    List<CompletableFuture<Credentials>> told;
    synchronized (lock) {
      closed = true;
      ended = resolving;
      resolving = null;
      told = List.copyOf(waiting);
      waiting.clear();
    }
    if (ended != null) {
      ended.result.cancel(true);
    }
    told.forEach(
        waiter ->
            waiter.completeExceptionally(
                new ClientClosedException("the client was closed while the call was under way")));
  }

  /** Tells whether nothing is being resolved. */
  boolean isIdle() {
    synchronized (lock) {
      return resolving == null;
    }
  }

  /** Tells how many callers wait. */
  int waiting() {
    synchronized (lock) {
      return waiting.size();
    }
  }

  private void end(Attempt attempt, @Nullable Credentials resolved, @Nullable Throwable problem) {
    Instant now = time.now();
    Credentials usable;
    List<CompletableFuture<Credentials>> told;
    synchronized (lock) {
      if (resolving != attempt) {
        return; // took too long, and another one is under way
      }
      if (resolved != null) {
        boolean isNew = !resolved.equals(current);
        refusal = null;
        current = resolved;
        accept(resolved, now, isNew);
      } else {
        refusal = refusal(problem, time.nanoTime());
        if (usable(now) != null) {
          renewAt = now.plus(PAUSE);
          LOG.warn("credentials were not renewed; the old ones still work: {}", said(problem));
        } else {
          current = null;
        }
      }
      usable = current;
      resolving = null;
      told = List.copyOf(waiting);
      waiting.clear();
    }
    for (CompletableFuture<Credentials> waiter : told) {
      if (usable != null) {
        waiter.complete(usable);
      } else {
        waiter.completeExceptionally(problem == null ? new CancellationException() : problem);
      }
    }
  }

  private void accept(Credentials resolved, Instant now, boolean isNew) {
    Instant stated = resolved.expiresAt().orElse(Instant.MAX);
    boolean isOver = !now.isBefore(stated);
    if (isOver && isNew) {
      LOG.warn(
          "{} gives credentials that expired at {} by this machine's clock; they are tried",
          resolved.source().orElse("the source"),
          stated);
    }
    end = isOver ? Instant.MAX : stated;
    renewAt = isOver ? Instant.MAX : renewal(stated, now);
  }

  /** Returns what there is, unless it has ended since it was resolved. */
  private @Nullable Credentials usable(Instant now) {
    return now.isBefore(end) ? current : null;
  }

  /** A vendor may lock an identity that keeps failing, so it is not tried at each call. */
  private static @Nullable Refusal refusal(@Nullable Throwable problem, long nanos) {
    return cause(problem) instanceof JobServiceException service
            && service.kind() == JobServiceException.Kind.AUTHENTICATION
        ? new Refusal(service, nanos)
        : null;
  }

  private static JobServiceException remembered(JobServiceException problem, Duration left) {
    return problem.again(
        "this was the answer to an earlier log-in, which is not repeated for another "
            + left.plusNanos(999_999_999).toSeconds()
            + " s, because vendors lock identities that keep failing");
  }

  private Instant renewal(Instant stated, Instant now) {
    if (stated.equals(Instant.MAX)) {
      return Instant.MAX;
    }
    Duration lead = Duration.between(now, stated).dividedBy(4);
    Duration longest = lead.compareTo(EARLIEST) < 0 ? lead : EARLIEST;
    return stated.minusMillis((long) (longest.toMillis() * (0.5 + random.getAsDouble() / 2)));
  }

  /** Core's own exceptions hold no secret; of any other only the class is told. */
  private static String said(@Nullable Throwable failure) {
    Throwable cause = cause(failure);
    if (cause == null) {
      return "it was cancelled";
    }
    return cause instanceof JobException
        ? String.valueOf(cause.getMessage())
        : cause.getClass().getName();
  }

  private static @Nullable Throwable cause(@Nullable Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }
}
