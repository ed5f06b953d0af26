package io.joblens.internal;

import io.joblens.CallTimeoutException;
import io.joblens.JobCancelledException;
import io.joblens.JobDataException;
import io.joblens.JobException;
import io.joblens.JobServiceException;
import io.joblens.JobServiceException.Kind;
import io.joblens.JobTransportException;
import io.joblens.QuotaExceededException;
import io.joblens.spi.Call;
import io.joblens.spi.Credentials;
import io.joblens.spi.JobProvider;
import io.joblens.spi.ServiceError;
import io.joblens.spi.Signer;
import io.joblens.spi.Step;
import io.joblens.spi.Text;
import io.joblens.spi.TransportFailure;
import io.joblens.spi.WireDataException;
import io.joblens.spi.WireRequest;
import io.joblens.spi.WireResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One call with all its attempts, as a state machine without time, threads or I/O: it is told what
 * happened and when, and answers what to do next. One attempt goes acquire → authenticate → send →
 * answer; blocking and non-blocking callers drive the same machine.
 *
 * @param <T> what the call's step comes to
 */
final class CallMachine<T> {
  /** A reading of both clocks. */
  record Now(long nanos, Instant wall) {}

  /** What happened. */
  sealed interface Event {
    /** The limiter answered: so long to wait; no place was taken if that is longer than asked. */
    record Acquired(Duration delay) implements Event {}

    /** The time is over. */
    record Slept() implements Event {}

    /** Credentials are there. */
    record Authenticated(Credentials credentials) implements Event {}

    /** The vendor answered. */
    record Answered(WireResponse response) implements Event {}

    /** No complete answer came. */
    record Broken(TransportFailure failure) implements Event {}

    /** The call's time ended while something was waited for. */
    record TimedOut() implements Event {}

    /** Something else ended the call, such as missing credentials. */
    record Ended(JobException problem) implements Event {}
  }

  /** What to do next. */
  sealed interface Action<T> {
    /** Ask the limiter for a place, at most so far ahead. */
    record Acquire<T>(Duration longest) implements Action<T> {}

    /** Let this time pass. */
    record Sleep<T>(Duration time) implements Action<T> {}

    /** Get credentials; when some are rejected, other ones than these. */
    record Authenticate<T>(Optional<Credentials> rejected) implements Action<T> {}

    /** Send this, within this time. */
    record Send<T>(WireRequest request, Duration limit) implements Action<T> {}

    /** Go on with this step. */
    record Proceed<T>(Step<T> step) implements Action<T> {}

    /** Throw this. */
    record Fail<T>(JobException problem) implements Action<T> {}
  }

  private final Step.Ask<T> ask;
  private final JobProvider provider;
  private final Signer signer;
  private final Supplier<String> nonces;
  private final RetryPolicy policy;
  private final Duration attemptLimit;
  private final long deadline;

  private int attempts;
  private boolean placeTaken;
  private boolean refreshed;
  private @Nullable Credentials credentials;
  private @Nullable JobException lastProblem;

  /**
   * @param deadline the reading of the monotonic clock at which the call must be over
   */
  CallMachine(
      Step.Ask<T> ask,
      JobProvider provider,
      Supplier<String> nonces,
      RetryPolicy policy,
      Duration attemptLimit,
      long deadline) {
    this.ask = ask;
    this.provider = provider;
    this.signer = provider.signer();
    this.nonces = nonces;
    this.policy = policy;
    this.attemptLimit = attemptLimit;
    this.deadline = deadline;
  }

  /** Returns how many requests were to be sent. */
  int attempts() {
    return attempts;
  }

  Action<T> start(Now now) {
    return new Action.Acquire<>(remaining(now));
  }

  Action<T> on(Event event, Now now) {
    if (event instanceof Event.Acquired acquired) {
      return onAcquired(acquired.delay(), now);
    }
    if (event instanceof Event.Slept) {
      return placeTaken ? authenticate(now) : new Action.Acquire<>(remaining(now));
    }
    if (event instanceof Event.Authenticated authenticated) {
      Credentials before = credentials;
      credentials = authenticated.credentials();
      return placeTaken ? send(now) : afterRefresh(before, now);
    }
    if (event instanceof Event.Answered answered) {
      placeTaken = false;
      return onAnswer(answered.response(), now);
    }
    if (event instanceof Event.Broken broken) {
      placeTaken = false;
      return onBroken(broken.failure(), now);
    }
    return event instanceof Event.Ended ended ? new Action.Fail<>(ended.problem()) : timeout();
  }

  private Action<T> onAcquired(Duration wait, Now now) {
    if (wait.compareTo(remaining(now)) > 0) {
      return new Action.Fail<>(
          lastProblem == null ? new QuotaExceededException(wait) : lastProblem);
    }
    placeTaken = true;
    return wait.isZero() ? authenticate(now) : new Action.Sleep<>(wait);
  }

  /**
   * The next call has the new credentials; this one goes out again only if that does no harm, and
   * if there is something new to send: a vendor may lock a key that keeps failing.
   */
  private Action<T> afterRefresh(@Nullable Credentials before, Now now) {
    JobException problem = lastProblem;
    boolean isNew = !Objects.equals(before, credentials);
    return problem == null || (ask.call().repeatable() && isNew)
        ? new Action.Acquire<>(remaining(now))
        : new Action.Fail<>(problem);
  }

  private Action<T> authenticate(Now now) {
    return ask.call().signed() ? new Action.Authenticate<>(Optional.empty()) : send(now);
  }

  private Action<T> send(Now now) {
    Duration left = remaining(now);
    if (left.isZero()) {
      return timeout();
    }
    WireRequest request = ask.call().request();
    if (credentials != null) {
      try {
        request = signer.sign(request, credentials, now.wall(), nonces.get());
      } catch (JobException e) {
        return new Action.Fail<>(e);
      }
    }
    attempts++;
    return new Action.Send<>(request, left.compareTo(attemptLimit) < 0 ? left : attemptLimit);
  }

  private Action<T> onAnswer(WireResponse response, Now now) {
    if (response.status() >= 300 && response.status() < 400) {
      return new Action.Fail<>(
          new JobTransportException(
              JobTransportException.Kind.REDIRECT_REFUSED,
              "the host answered HTTP "
                  + response.status()
                  + requestIdOf(response)
                  + "; redirects are never followed, check the endpoint",
              null));
    }
    if (!response.isSuccessful()) {
      return onError(errorIn(response), now, true);
    }
    Step<T> next;
    try {
      next = ask.then().apply(response);
    } catch (WireDataException | IllegalArgumentException e) {
      // the latter when an id in the answer is none; neither repeats a value
      return new Action.Fail<>(
          new JobDataException(
              JobDataException.Kind.MALFORMED,
              "the answer (HTTP "
                  + response.status()
                  + requestIdOf(response)
                  + ") cannot be read: "
                  + e.getMessage(),
              e));
    } catch (JobException e) {
      return new Action.Fail<>(e);
    }
    return next instanceof Step.Failed<T> failed
        ? onError(failed.error(), now, false)
        : new Action.Proceed<>(next);
  }

  private ServiceError errorIn(WireResponse response) {
    return provider
        .error(ask.call(), response)
        .orElseGet(
            () ->
                ServiceError.of(Kind.UNKNOWN, response.status())
                    .message("the answer holds no error that " + provider.id() + " documents")
                    .build());
  }

  private Action<T> onError(ServiceError reported, Now now, boolean recoverable) {
    Credentials used = credentials;
    ServiceError error =
        used == null ? reported : withSource(Secrets.removed(reported, used), used);
    if (error.kind() == Kind.EXPIRED_CREDENTIALS
        && used != null
        && !refreshed
        && RetryPolicy.allowsAnother(attempts)) {
      refreshed = true;
      lastProblem = new JobServiceException(error);
      return new Action.Authenticate<>(Optional.of(used));
    }
    Optional<Step<T>> recovered = recoverable ? ask.recover().apply(error) : Optional.empty();
    return recovered.isPresent()
        ? new Action.Proceed<>(recovered.get())
        : retryOrFail(new JobServiceException(error), policy.delayAfter(error, attempts), now);
  }

  /** Says whose access it was: with several places to keep credentials that is half the answer. */
  private static ServiceError withSource(ServiceError error, Credentials used) {
    boolean isAboutThem =
        switch (error.kind()) {
          case AUTHENTICATION, EXPIRED_CREDENTIALS, ACCESS_DENIED -> true;
          default -> false;
        };
    if (!isAboutThem || used.source().isEmpty()) {
      return error;
    }
    String source = "credentials from " + used.source().get();
    return error.toBuilder()
        .hint(error.hint().map(hint -> hint + "; " + source).orElse(source))
        .build();
  }

  private Action<T> onBroken(TransportFailure failure, Now now) {
    if (remaining(now).isZero()) {
      return timeout();
    }
    JobException problem =
        switch (failure.kind()) {
          case TOO_LARGE ->
              new JobDataException(JobDataException.Kind.TOO_LARGE, failure.detail(), failure);
          case MALFORMED ->
              new JobDataException(JobDataException.Kind.MALFORMED, failure.detail(), failure);
          case CANCELLED -> new JobCancelledException("the exchange was cancelled");
          case DNS, CONNECT, TLS, CONNECTION_LOST, ATTEMPT_TIMEOUT ->
              new JobTransportException(
                  JobTransportException.Kind.valueOf(failure.kind().name()),
                  failure.detail(),
                  failure);
        };
    return retryOrFail(problem, policy.delayAfter(failure, attempts), now);
  }

  private Action<T> retryOrFail(JobException problem, Optional<Duration> delay, Now now) {
    Call call = ask.call();
    if (!call.repeatable() || delay.isEmpty() || delay.get().compareTo(remaining(now)) >= 0) {
      return new Action.Fail<>(problem);
    }
    lastProblem = problem;
    return new Action.Sleep<>(delay.get());
  }

  private Action<T> timeout() {
    CallTimeoutException timeout =
        new CallTimeoutException(
            "not over within the call's limit, after " + attempts + " attempts");
    if (lastProblem != null) {
      timeout.addSuppressed(lastProblem);
    }
    return new Action.Fail<>(timeout);
  }

  private Duration remaining(Now now) {
    return Duration.ofNanos(Math.max(0, deadline - now.nanos()));
  }

  /** Every vendor has a header for it, each under its own name. */
  private static String requestIdOf(WireResponse response) {
    return response.headers().keySet().stream()
        .filter(name -> name.replace("-", "").endsWith("requestid"))
        .findFirst()
        .flatMap(response::header)
        .map(id -> ", request id " + Text.printable(id))
        .orElse("");
  }
}
