package io.joblens.internal;

import io.joblens.CallTimeoutException;
import io.joblens.ClientClosedException;
import io.joblens.Finality;
import io.joblens.FoundRuns;
import io.joblens.JobCancelledException;
import io.joblens.JobClient;
import io.joblens.JobException;
import io.joblens.JobRun;
import io.joblens.JobServiceException;
import io.joblens.JobServiceException.Kind;
import io.joblens.JobTransportException;
import io.joblens.QuotaExceededException;
import io.joblens.RunRef;
import io.joblens.WaitTimeoutException;
import io.joblens.Waiter;
import io.joblens.spi.ServiceError;
import io.joblens.spi.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Waits by looking again and again. */
final class PollingWaiter implements Waiter {
  private static final Duration FIRST_POLL = Duration.ofSeconds(5);
  private static final Duration LONGEST_POLL = Duration.ofSeconds(30);
  private static final Duration SETTLED_AFTER = Duration.ofSeconds(60);
  private static final Duration LAST_LOOK = Duration.ofSeconds(2);
  private static final int MOST_ABSENCES = 3;

  private final JobClient client;
  private final TimeSource time;
  private final Function<Duration, CompletableFuture<Void>> pauses;
  private final @Nullable Duration poll;
  private final Duration grace;
  private final Consumer<JobRun> listener;

  /**
   * @param pauses how to let time pass between two looks
   */
  PollingWaiter(
      JobClient client, TimeSource time, Function<Duration, CompletableFuture<Void>> pauses) {
    this(client, time, pauses, null, Duration.ofSeconds(60), run -> {});
  }

  private PollingWaiter(
      JobClient client,
      TimeSource time,
      Function<Duration, CompletableFuture<Void>> pauses,
      @Nullable Duration poll,
      Duration grace,
      Consumer<JobRun> listener) {
    this.client = client;
    this.time = time;
    this.pauses = pauses;
    this.poll = poll;
    this.grace = grace;
    this.listener = listener;
  }

  @Override
  public Waiter poll(Duration interval) {
    if (interval.isNegative() || interval.isZero()) {
      throw new IllegalArgumentException("poll must be more than zero");
    }
    return new PollingWaiter(client, time, pauses, interval, grace, listener);
  }

  @Override
  public Waiter grace(Duration period) {
    if (period.isNegative()) {
      throw new IllegalArgumentException("grace must not be negative");
    }
    return new PollingWaiter(client, time, pauses, poll, period, listener);
  }

  @Override
  public Waiter onLook(Consumer<JobRun> newListener) {
    return new PollingWaiter(client, time, pauses, poll, grace, newListener);
  }

  @Override
  public JobRun until(RunRef ref, Duration timeout) {
    return until(List.of(ref), timeout).get(0);
  }

  @Override
  public List<JobRun> until(Collection<RunRef> refs, Duration timeout) {
    Watch watch = new Watch(refs, false);
    while (!watch.isOver()) {
      watch.look(timeout);
    }
    return watch.ended();
  }

  @Override
  public List<JobRun> untilAny(Collection<RunRef> refs, Duration timeout) {
    Watch watch = new Watch(refs, true);
    while (!watch.isOver()) {
      watch.look(timeout);
    }
    return watch.ended();
  }

  /** One run as the looks showed it. */
  private static final class Target {
    private @Nullable JobRun lastSeen;
    private boolean ended;
    private boolean lost;
    private int absences;
    private long unchangedSince;
  }

  /** Some runs, watched from one moment on. */
  private final class Watch {
    private final boolean oneIsEnough;
    private final long begin = time.nanoTime();
    private final Map<RunRef, Target> targets = new LinkedHashMap<>();
    private Duration pause = poll == null ? FIRST_POLL : poll;
    private boolean looked;
    private @Nullable JobException lastProblem;

    Watch(Collection<RunRef> refs, boolean oneIsEnough) {
      this.oneIsEnough = oneIsEnough;
      refs.forEach(ref -> targets.put(ref, new Target()));
    }

    boolean isOver() {
      return (oneIsEnough && targets.values().stream().anyMatch(target -> target.ended))
          || targets.values().stream().allMatch(target -> target.ended);
    }

    List<JobRun> ended() {
      List<JobRun> runs = new ArrayList<>();
      for (Target target : targets.values()) {
        if (target.ended && target.lastSeen != null) {
          runs.add(target.lastSeen);
        }
      }
      return runs;
    }

    void look(Duration timeout) {
      if (looked) {
        pauseOrEnd(timeout);
      }
      looked = true;
      List<RunRef> open =
          targets.entrySet().stream()
              .filter(entry -> !entry.getValue().ended && !entry.getValue().lost)
              .map(Map.Entry::getKey)
              .toList();
      CompletableFuture<FoundRuns> reading = client.async().getRuns(open);
      try {
        long longest = Math.max(left(timeout), LAST_LOOK.toNanos());
        FoundRuns found = reading.get(longest, TimeUnit.NANOSECONDS);
        lastProblem = null;
        found.runs().forEach(this::saw);
        if (!isOver()) {
          found.missing().forEach(this::missed);
        }
      } catch (InterruptedException e) {
        reading.cancel(true);
        throw interrupted();
      } catch (TimeoutException e) {
        reading.cancel(true);
        throw overdue(timeout);
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof JobException problem) || !passesByItself(problem)) {
          throw rethrown(e);
        }
        lastProblem = problem; // the next look, if there is time for one, says more
      }
    }

    private void saw(JobRun run) {
      Target target = targets.get(run.ref());
      if (target == null) {
        return;
      }
      long now = time.nanoTime();
      JobRun before = target.lastSeen;
      if (before == null || !before.rawState().equals(run.rawState())) {
        target.unchangedSince = now;
      }
      target.absences = 0;
      target.lastSeen = run;
      if (run.isFinished()) {
        target.ended = true;
      } else if (run.finality() == Finality.UNSETTLED
          && now - target.unchangedSince >= SETTLED_AFTER.toNanos()) {
        target.ended = true;
        target.lastSeen =
            run.toBuilder()
                .finality(Finality.FINISHED)
                .note("taken as finished: the state stood unchanged for " + SETTLED_AFTER)
                .build();
      }
      listener.accept(target.lastSeen);
    }

    private void missed(RunRef ref) {
      Target target = targets.get(ref);
      if (target == null) {
        return;
      }
      target.absences++;
      boolean neverSeen =
          target.lastSeen == null && time.nanoTime() - begin >= Durations.nanos(grace);
      boolean gone = target.lastSeen != null && target.absences >= MOST_ABSENCES;
      if (!neverSeen && !gone) {
        return;
      }
      target.lost = true;
      boolean anotherMayEnd =
          oneIsEnough && targets.values().stream().anyMatch(other -> !other.lost);
      if (!anotherMayEnd) {
        throw new JobServiceException(
                ServiceError.of(Kind.NOT_FOUND, 200)
                    .message(
                        gone
                            ? ref + " is gone: it was missing in " + MOST_ABSENCES + " looks"
                            : ref + " did not appear within " + grace)
                    .hint("check region and id")
                    .build())
            .at(client.name(), client.provider(), null, 0);
      }
    }

    private void pauseOrEnd(Duration timeout) {
      if (left(timeout) <= 0) {
        throw overdue(timeout);
      }
      sleep(Duration.ofNanos(Math.min(left(timeout), Durations.nanos(pause))));
      if (poll == null) {
        Duration longer = pause.plus(pause.dividedBy(2));
        pause = longer.compareTo(LONGEST_POLL) < 0 ? longer : LONGEST_POLL;
      }
    }

    private long left(Duration timeout) {
      return Durations.nanos(timeout) - (time.nanoTime() - begin);
    }

    private JobException overdue(Duration timeout) {
      List<JobRun> seen =
          targets.values().stream()
              .map(target -> target.lastSeen)
              .flatMap(Stream::ofNullable)
              .toList();
      WaitTimeoutException overdue = new WaitTimeoutException(timeout, seen);
      if (lastProblem != null) {
        overdue.addSuppressed(lastProblem);
      }
      return located(overdue);
    }

    private void sleep(Duration duration) {
      CompletableFuture<Void> timer = pauses.apply(duration);
      try {
        timer.get();
      } catch (InterruptedException e) {
        timer.cancel(true);
        throw interrupted();
      } catch (CancellationException e) {
        throw located(new ClientClosedException("the client was closed while it waited"));
      } catch (ExecutionException e) {
        throw new IllegalStateException("the time source failed", e);
      }
    }
  }

  private JobException interrupted() {
    Thread.currentThread().interrupt();
    return located(new JobCancelledException("the waiting thread was interrupted"));
  }

  private JobException located(JobException problem) {
    return problem.at(client.name(), client.provider(), null, 0);
  }

  private static RuntimeException rethrown(ExecutionException e) {
    return e.getCause() instanceof RuntimeException cause
        ? cause
        : new IllegalStateException("a look failed", e.getCause());
  }

  private static boolean passesByItself(JobException problem) {
    if (problem instanceof JobServiceException service) {
      return switch (service.kind()) {
        case THROTTLED, UNAVAILABLE, SERVER_ERROR -> true;
        default -> false;
      };
    }
    if (problem instanceof CallTimeoutException || problem instanceof QuotaExceededException) {
      return true;
    }
    return problem instanceof JobTransportException transport
        && transport.kind() != JobTransportException.Kind.TLS
        && transport.kind() != JobTransportException.Kind.REDIRECT_REFUSED;
  }
}
