package io.joblens.internal;

import io.joblens.CallTimeoutException;
import io.joblens.ClientClosedException;
import io.joblens.CredentialsException;
import io.joblens.JobCancelledException;
import io.joblens.JobException;
import io.joblens.JobServiceException;
import io.joblens.ProviderId;
import io.joblens.internal.CallMachine.Action;
import io.joblens.internal.CallMachine.Event;
import io.joblens.internal.CallMachine.Now;
import io.joblens.spi.Call;
import io.joblens.spi.Credentials;
import io.joblens.spi.HttpTransport;
import io.joblens.spi.JobProvider;
import io.joblens.spi.Rate;
import io.joblens.spi.Step;
import io.joblens.spi.TimeSource;
import io.joblens.spi.TransportFailure;
import io.joblens.spi.WireResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs steps: the only place where a call takes time. A blocking caller waits interruptibly for
 * each action of the {@link CallMachine}; a non-blocking one goes on when the action's future
 * completes.
 */
final class Shell implements AutoCloseable {
  /** How much longer than its limit a transport may take to say that it is over. */
  private static final Duration GRACE = Duration.ofMillis(100);

  private final ClientSettings settings;
  private final Supplier<HttpTransport> transport;
  private final CredentialsCache credentials;
  private final RetryPolicy policy =
      new RetryPolicy(() -> ThreadLocalRandom.current().nextDouble());
  private final Set<Run<?>> underWay = ConcurrentHashMap.newKeySet();
  private final Set<Pause> pauses = ConcurrentHashMap.newKeySet();
  private final ProviderId id;
  private volatile boolean closed;
  private volatile @Nullable Duration clockSkew;

  Shell(JobProvider provider, ClientSettings settings, Supplier<HttpTransport> transport) {
    this.id = provider.id();
    this.settings = settings;
    this.transport = transport;
    this.credentials =
        new CredentialsCache(
            settings.credentials(),
            settings.time(),
            () -> ThreadLocalRandom.current().nextDouble(),
            step -> runAsync(provider, () -> step, settings.timeouts().call()));
  }

  /**
   * Runs the step on the calling thread.
   *
   * @param ready what to wait for before the step's first call; the step is then made anew
   */
  <T> T run(
      JobProvider provider,
      Supplier<CompletableFuture<JobProvider>> ready,
      Supplier<Step<T>> step,
      Duration limit) {
    return new Run<>(provider, ready, step, limit).block();
  }

  /** Does the same without blocking. */
  <T> CompletableFuture<T> runAsync(
      JobProvider provider,
      Supplier<CompletableFuture<JobProvider>> ready,
      Supplier<Step<T>> step,
      Duration limit) {
    Run<T> run = new Run<>(provider, ready, step, limit);
    run.proceed();
    return run.result;
  }

  /** Returns the credentials, resolving them if need be. */
  Credentials credentials() {
    try {
      return credentials
          .get(Optional.empty())
          .get(Durations.nanos(settings.timeouts().call()), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new JobCancelledException("the calling thread was interrupted");
    } catch (TimeoutException e) {
      throw new CredentialsException(
          settings.credentials() + " gave no credentials within the call's limit");
    } catch (ExecutionException e) {
      throw problemOf(e).at(settings.name(), id, null, 0);
    }
  }

  /** Returns the text without the credentials in use: a job may print those that it shares. */
  String masked(String text) {
    CompletableFuture<Credentials> current = credentials.get(Optional.empty());
    boolean isKnown = current.isDone() && !current.isCompletedExceptionally();
    return isKnown ? Secrets.removed(text, current.join()) : text;
  }

  /** Returns how far the vendor's clock is ahead, by the last answer that had a date. */
  Optional<Duration> clockSkew() {
    return Optional.ofNullable(clockSkew);
  }

  /** Takes an answer's date: whole seconds, and as old as the way it came. */
  private WireResponse observed(WireResponse response) {
    Instant now = settings.time().now().truncatedTo(ChronoUnit.SECONDS);
    RetryAfter.date(response).ifPresent(date -> clockSkew = Duration.between(now, date));
    return response;
  }

  /** Returns a wait that ends at once, as cancelled, when the client closes. */
  CompletableFuture<Void> pause(Duration time) {
    Pause pause = new Pause(settings.time().after(time));
    pauses.add(pause);
    CompletableFuture<?> unusedEnd =
        pause.timer().whenComplete((done, problem) -> pauses.remove(pause));
    if (closed) { // close() may have looked just before
      pause.timer().cancel(true);
    }
    return pause.timer();
  }

  private record Pause(CompletableFuture<Void> timer) {}

  /** Runs a step that waits for nothing, on the calling thread. */
  <T> T run(JobProvider provider, Supplier<Step<T>> step, Duration limit) {
    return run(provider, () -> CompletableFuture.completedFuture(provider), step, limit);
  }

  /** Runs a step that waits for nothing, without blocking. */
  <T> CompletableFuture<T> runAsync(JobProvider provider, Supplier<Step<T>> step, Duration limit) {
    return runAsync(provider, () -> CompletableFuture.completedFuture(provider), step, limit);
  }

  private Now now() {
    return new Now(settings.time().nanoTime(), settings.time().now());
  }

  @Override
  public void close() {
    closed = true;
    underWay.forEach(Run::abort);
    pauses.forEach(pause -> pause.timer().cancel(true));
    credentials.close();
  }

  /** A future whose cancelling also cancels what the run is waiting for. */
  private static final class Result<T> extends CompletableFuture<T> {
    private volatile @Nullable CompletableFuture<?> waitingFor;

    void waitFor(CompletableFuture<?> future) {
      waitingFor = future;
      if (isCancelled()) {
        future.cancel(true);
      }
    }

    @Override
    public boolean cancel(boolean mayInterrupt) {
      boolean cancelled = super.cancel(mayInterrupt);
      CompletableFuture<?> future = waitingFor;
      if (future != null) {
        future.cancel(mayInterrupt);
      }
      return cancelled;
    }

    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
      return new CompletableFuture<>();
    }
  }

  /** What a call holds of a quota until it is sent. */
  private record Place(String key, long at) {}

  /** One step on its way to its value. */
  private final class Run<T> {
    private final JobProvider provider;
    private final long deadline;
    private final Result<T> result = new Result<>();
    private final Supplier<Step<T>> first;
    private final Supplier<CompletableFuture<JobProvider>> ready;
    private boolean isReady;
    private @Nullable Step<T> step;
    private @Nullable CallMachine<T> machine;
    private @Nullable Action<T> action;
    private @Nullable Call call;
    private @Nullable CallWatch watch;
    private long callEnds;
    private @Nullable Place place;
    private volatile @Nullable CompletableFuture<Event> waiting;

    Run(
        JobProvider provider,
        Supplier<CompletableFuture<JobProvider>> ready,
        Supplier<Step<T>> first,
        Duration limit) {
      this.provider = provider;
      this.ready = ready;
      this.first = first;
      this.deadline = settings.time().nanoTime() + Durations.nanos(limit);
    }

    /** Drives the run on this thread. */
    T block() {
      underWay.add(this);
      try {
        while (true) {
          CompletableFuture<Event> future = advance();
          if (future == null) {
            return finished();
          }
          on(await(future));
        }
      } finally {
        end();
      }
    }

    /** Drives the run as far as it goes without waiting, then again when each wait is over. */
    void proceed() {
      underWay.add(this);
      guarded(this::drive);
    }

    private void drive() {
      while (!result.isDone()) {
        CompletableFuture<Event> future = advance();
        if (future == null) {
          result.complete(finished());
        } else if (future.isDone()) {
          on(await(future));
        } else {
          result.waitFor(future);
          var unused =
              future.whenCompleteAsync(
                  (event, problem) -> guarded(() -> resume(event, problem)), Daemons.CALLS);
          return;
        }
      }
      end();
    }

    /** Nothing is left behind, also when a call was given up in its middle. */
    private void end() {
      underWay.remove(this);
      giveBackPlace();
      if (watch != null && !watch.isOver()) {
        ended(Optional.of(new JobCancelledException("the call was given up")));
      }
    }

    private void giveBackPlace() {
      Place unused = place;
      if (unused != null) {
        place = null;
        settings.limiter().release(unused.key(), unused.at());
      }
    }

    private void resume(@Nullable Event event, @Nullable Throwable problem) {
      on(event != null ? event : new Event.Ended(problemOf(problem)));
      drive();
    }

    private void guarded(Runnable work) {
      try {
        work.run();
      } catch (RuntimeException | Error e) {
        // whatever it is must reach the caller, not die on a pool's thread
        end();
        result.completeExceptionally(e);
      }
    }

    void abort() {
      CompletableFuture<Event> future = waiting;
      if (future != null) {
        future.cancel(true);
      }
    }

    private Event await(CompletableFuture<Event> future) {
      try {
        return future.get();
      } catch (InterruptedException e) {
        future.cancel(true);
        Thread.currentThread().interrupt();
        return new Event.Ended(new JobCancelledException("the calling thread was interrupted"));
      } catch (ExecutionException | CancellationException e) {
        return new Event.Ended(problemOf(e));
      }
    }

    /** Returns what to wait for next, or null when the step has come to its end. */
    private @Nullable CompletableFuture<Event> advance() {
      while (true) {
        Action<T> next = action;
        if (next == null) {
          if (step == null) {
            step = located(first);
            if (!isReady && step instanceof Step.Ask) {
              isReady = true;
              step = null;
              CompletableFuture<Event> future =
                  inTime(linked(ready.get(), provider -> new Event.Slept()), deadline);
              waiting = future;
              return future;
            }
          }
          if (!(step instanceof Step.Ask<T> ask)) {
            return null;
          }
          next = start(ask);
          action = next;
        }
        if (next instanceof Action.Proceed<T> proceed) {
          giveBackPlace(); // of a last attempt that was not sent
          ended(Optional.empty());
          step = proceed.step();
          action = null;
        } else if (next instanceof Action.Fail<T> fail) {
          JobException problem = located(fail.problem());
          ended(Optional.of(problem));
          throw problem;
        } else {
          Action<T> due = next;
          CompletableFuture<Event> future = closed ? refused() : located(() -> perform(due));
          waiting = future;
          if (closed) {
            future.cancel(true); // closed while it was begun
          }
          return future;
        }
      }
    }

    private Action<T> start(Step.Ask<T> ask) {
      long callDeadline = settings.time().nanoTime() + Durations.nanos(settings.timeouts().call());
      callEnds = callDeadline - deadline < 0 ? callDeadline : deadline;
      call = ask.call();
      watch = new CallWatch(settings, provider.id(), ask.call());
      CallMachine<T> started =
          new CallMachine<>(
              ask,
              provider,
              settings.nonces(),
              policy,
              settings.timeouts().attempt(),
              memory(ask.call().request().host()),
              callEnds);
      machine = started;
      return started.start(now());
    }

    private void on(Event event) {
      if (machine != null) {
        boolean cutOff = closed && event instanceof Event.Broken;
        Event told = cutOff ? new Event.Ended(closedUnderWay()) : event;
        CallMachine<T> current = machine;
        boolean exchanged = action instanceof Action.Send;
        action = located(() -> current.on(told, now()));
        if (exchanged) {
          exchanged(current, told);
        }
        tellWait(current, told);
      } else if (event instanceof Event.Ended ended) {
        throw located(ended.problem());
      } else if (event instanceof Event.TimedOut) {
        throw located(new CallTimeoutException("not over within the limit, after 0 attempts"));
      }
    }

    /** Tells limiter and listeners what came of an exchange. */
    private void exchanged(CallMachine<T> current, Event event) {
      Optional<JobException> problem = current.problem().map(this::located);
      WireResponse answer = event instanceof Event.Answered answered ? answered.response() : null;
      Optional<String> requestId = Optional.ofNullable(answer).flatMap(current::requestId);
      watch().attempted(current.attempts(), answer, requestId, problem);
      String key = quotaKey();
      if (answer == null) {
        return; // what never came says nothing about the quota
      }
      if (problem.filter(CallMachine::isThrottling).isPresent()) {
        Duration asked = ((JobServiceException) problem.get()).retryAfter().orElse(Duration.ZERO);
        settings.limiter().throttled(key, rate(), settings.time().nanoTime(), asked);
      } else {
        settings.limiter().answered(key);
      }
    }

    /** Tells listeners what the call waits for next, if it is the quota or another attempt. */
    private void tellWait(CallMachine<T> current, Event event) {
      boolean forQuota = event instanceof Event.Acquired || event instanceof Event.Cleared;
      boolean isOver = event instanceof Event.Slept; // what was waited for has been told
      Optional<JobException> problem = current.problem().map(this::located);
      if (action instanceof Action.Sleep<T> sleep && forQuota) {
        watch().throttled(sleep.time());
      } else if (action instanceof Action.Sleep<T> sleep && problem.isPresent()) {
        watch().retried(sleep.time(), problem.get());
      } else if (action instanceof Action.Acquire<T> && problem.isPresent() && !isOver) {
        watch().retried(Duration.ZERO, problem.get()); // by the host's clock, or other credentials
      }
    }

    private void ended(Optional<JobException> problem) {
      if (watch != null && machine != null) {
        watch.finished(machine.attempts(), problem);
      }
    }

    private T finished() {
      if (step instanceof Step.Done<T> done) {
        return done.value();
      }
      if (step instanceof Step.Failed<T> failed) {
        throw located(new JobServiceException(failed.error()));
      }
      throw new IllegalStateException("a run ended before its step did");
    }

    private CompletableFuture<Event> perform(Action<T> next) {
      if (next instanceof Action.Acquire<T> acquire) {
        return CompletableFuture.completedFuture(acquire(acquire.longest()));
      }
      if (next instanceof Action.Sleep<T> sleep) {
        return linked(settings.time().after(sleep.time()), done -> new Event.Slept());
      }
      if (next instanceof Action.Depart<T>) {
        return CompletableFuture.completedFuture(
            new Event.Cleared(
                settings.limiter().depart(quotaKey(), rate(), settings.time().nanoTime())));
      }
      if (next instanceof Action.Authenticate<T> authenticate) {
        return authenticate(authenticate.rejected());
      }
      Action.Send<T> send = (Action.Send<T>) next;
      watch().sending();
      Runnable onWire = onWire(quotaKey());
      HttpTransport open = transport.get();
      place = null;
      CompletableFuture<WireResponse> exchange =
          open.send(send.request(), send.limit(), settings.maxBodyBytes(), onWire);
      EndpointMemory memory = memory(send.request().host());
      memory.began();
      CompletableFuture<?> unusedEnd =
          exchange.whenComplete(
              (response, problem) -> {
                memory.ended();
                onWire.run();
              });
      return within(
          send.limit().plus(GRACE),
          () ->
              new Event.Broken(
                  new TransportFailure(
                      TransportFailure.Kind.ATTEMPT_TIMEOUT, "the transport kept no time limit")),
          linked(exchange, response -> new Event.Answered(observed(response))));
    }

    /** Tells the limiter once that the request is on the wire, or that it never came so far. */
    private Runnable onWire(String key) {
      AtomicBoolean told = new AtomicBoolean();
      return () -> {
        if (told.compareAndSet(false, true)) {
          settings.limiter().onWire(key, settings.time().nanoTime());
        }
      };
    }

    private Event acquire(Duration longest) {
      long now = settings.time().nanoTime();
      Duration wait = settings.limiter().acquire(quotaKey(), rate(), now, longest);
      if (wait.compareTo(longest) <= 0) {
        place = new Place(quotaKey(), now + Durations.nanos(wait));
      }
      return new Event.Acquired(wait);
    }

    private EndpointMemory memory(String host) {
      return EndpointMemories.SHARED.of(settings, host);
    }

    private String quotaKey() {
      return settings.account() + "/" + call().quota().key();
    }

    private Rate rate() {
      return settings.quota().orElse(call().quota().rate());
    }

    private CompletableFuture<Event> authenticate(Optional<Credentials> rejected) {
      return inTime(linked(credentials.get(rejected), Event.Authenticated::new), callEnds);
    }

    private CompletableFuture<Event> inTime(CompletableFuture<Event> future, long end) {
      Duration left = Duration.ofNanos(Math.max(0, end - settings.time().nanoTime()));
      return within(left, Event.TimedOut::new, future);
    }

    private Call call() {
      if (call == null) {
        throw new IllegalStateException("no call is under way");
      }
      return call;
    }

    private CallWatch watch() {
      if (watch == null) {
        throw new IllegalStateException("no call is under way");
      }
      return watch;
    }

    private CompletableFuture<Event> refused() {
      return CompletableFuture.completedFuture(
          new Event.Ended(new ClientClosedException("the client is closed")));
    }

    private <V> V located(Supplier<V> supplier) {
      try {
        return supplier.get();
      } catch (JobException e) {
        throw located(e);
      }
    }

    private JobException located(JobException problem) {
      return problem.at(
          settings.name(),
          provider.id(),
          call == null ? null : call.action(),
          machine == null ? 0 : machine.attempts());
    }
  }

  private JobException problemOf(@Nullable Throwable problem) {
    Throwable cause = problem;
    while ((cause instanceof ExecutionException || cause instanceof CompletionException)
        && cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (cause instanceof JobException known) {
      return known.ownCopy(); // others may wait for the same credentials, or the same connection
    }
    if (cause instanceof CancellationException) {
      return closed ? closedUnderWay() : new JobCancelledException("the call was cancelled");
    }
    if (cause instanceof RuntimeException bug) {
      throw bug;
    }
    throw new IllegalStateException("a transport or time source failed", cause);
  }

  private static ClientClosedException closedUnderWay() {
    return new ClientClosedException("the client was closed while the call was under way");
  }

  /** Waits in real time: what others do meanwhile may be a library that hangs. */
  private static CompletableFuture<Event> within(
      Duration limit, Supplier<Event> otherwise, CompletableFuture<Event> future) {
    if (!future.isDone()) {
      CompletableFuture<Void> timer = TimeSource.system().after(limit);
      // the JDK's only timer thread must not run what hangs on this future
      CompletableFuture<?> unusedExpiry =
          timer.thenRunAsync(() -> future.complete(otherwise.get()), Daemons.CALLS);
      CompletableFuture<?> unusedEnd = future.whenComplete((event, problem) -> timer.cancel(false));
    }
    return future;
  }

  /** Returns a future of the event; when it ends before what it stands for, that is cancelled. */
  private static <V> CompletableFuture<Event> linked(
      CompletableFuture<V> future, Function<V, Event> event) {
    Result<Event> linked = new Result<>();
    linked.waitFor(future);
    var unused =
        future.whenComplete(
            (value, problem) -> {
              if (problem == null) {
                linked.complete(event.apply(value));
              } else if (problem instanceof TransportFailure failure) {
                linked.complete(new Event.Broken(failure));
              } else if (problem instanceof CompletionException
                  && problem.getCause() instanceof TransportFailure failure) {
                linked.complete(new Event.Broken(failure));
              } else {
                linked.completeExceptionally(problem);
              }
            });
    CompletableFuture<?> unusedEnd = linked.whenComplete((done, gone) -> future.cancel(true));
    return linked;
  }
}
