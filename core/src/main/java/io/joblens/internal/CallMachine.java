package io.joblens.internal;

import io.joblens.CallTimeoutException;
import io.joblens.JobCancelledException;
import io.joblens.JobDataException;
import io.joblens.JobException;
import io.joblens.JobServiceException;
import io.joblens.JobServiceException.Kind;
import io.joblens.JobTransportException;
import io.joblens.QuotaExceededException;
import io.joblens.spi.Credentials;
import io.joblens.spi.JobProvider;
import io.joblens.spi.ServiceError;
import io.joblens.spi.Signer;
import io.joblens.spi.Step;
import io.joblens.spi.TransportFailure;
import io.joblens.spi.WireDataException;
import io.joblens.spi.WireRequest;
import io.joblens.spi.WireResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
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

    /** The limiter answered: so much longer to wait, or the call goes out now. */
    record Cleared(Duration delay) implements Event {}

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

    /** Ask the limiter whether the call may go out now. */
    record Depart<T>() implements Action<T> {}

    /** Send this, within this time. */
    record Send<T>(WireRequest request, Duration limit) implements Action<T> {}

    /** Go on with this step. */
    record Proceed<T>(Step<T> step) implements Action<T> {}

    /** Throw this. */
    record Fail<T>(JobException problem) implements Action<T> {}
  }

  /** What is less is no skew: dates are whole seconds, and as old as the way they came. */
  private static final Duration LEAST_SKEW = Duration.ofSeconds(30);

  /** What a request id of any vendor's looks like; anything else may repeat what was sent. */
  private static final Pattern REQUEST_ID = Pattern.compile("[\\w.:/+=-]{1,128}");

  private final Step.Ask<T> ask;
  private final JobProvider provider;
  private final Signer signer;
  private final Supplier<String> nonces;
  private final RetryPolicy policy;
  private final Duration attemptLimit;
  private final EndpointMemory memory;
  private final long deadline;

  private int attempts;
  private boolean placeTaken;
  private boolean departing;
  private boolean refreshed;
  private boolean clockCorrected;
  private Duration clockOffset = Duration.ZERO;
  private @Nullable Credentials credentials;
  private @Nullable WireRequest sent;
  private @Nullable JobException lastProblem;

  /** The error inside the latest answer, as it may be shown. */
  private @Nullable ServiceError inBody;

  /**
   * @param memory what is known of the call's host
   * @param deadline the reading of the monotonic clock at which the call must be over
   */
  CallMachine(
      Step.Ask<T> ask,
      JobProvider provider,
      Supplier<String> nonces,
      RetryPolicy policy,
      Duration attemptLimit,
      EndpointMemory memory,
      long deadline) {
    this.ask = ask;
    this.provider = provider;
    this.signer = provider.signer();
    this.nonces = nonces;
    this.policy = policy;
    this.attemptLimit = attemptLimit;
    this.memory = memory;
    this.deadline = deadline;
  }

  /** Returns how many requests were to be sent. */
  int attempts() {
    return attempts;
  }

  /** Returns what was wrong with the latest attempt. */
  Optional<JobException> problem() {
    return Optional.ofNullable(lastProblem);
  }

  Action<T> start(Now now) {
    return new Action.Acquire<>(remaining(now));
  }

  Action<T> on(Event event, Now now) {
    if (event instanceof Event.Acquired acquired) {
      return onAcquired(acquired.delay(), now);
    }
    if (event instanceof Event.Slept) {
      if (departing) {
        return new Action.Depart<>();
      }
      return placeTaken ? authenticate() : new Action.Acquire<>(remaining(now));
    }
    if (event instanceof Event.Cleared cleared) {
      return onCleared(cleared.delay(), now);
    }
    if (event instanceof Event.Authenticated authenticated) {
      Credentials before = credentials;
      credentials = authenticated.credentials();
      return placeTaken ? depart() : afterRefresh(before, now);
    }
    if (event instanceof Event.Answered answered) {
      placeTaken = false;
      return onAnswer(answered.response(), now);
    }
    if (event instanceof Event.Broken broken) {
      placeTaken = false;
      return onBroken(broken.failure(), now);
    }
    if (event instanceof Event.Ended ended) {
      lastProblem = ended.problem();
      return new Action.Fail<>(ended.problem());
    }
    return timeout();
  }

  private Action<T> onAcquired(Duration wait, Now now) {
    if (wait.compareTo(remaining(now)) > 0) {
      return withoutQuota(wait);
    }
    placeTaken = true;
    return wait.isZero() ? authenticate() : new Action.Sleep<>(wait);
  }

  /** After a failure there is no other attempt; before one the next call would fare no better. */
  private Action<T> withoutQuota(Duration wait) {
    return lastProblem == null
        ? new Action.Fail<>(new QuotaExceededException(wait))
        : fail(lastProblem);
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

  private Action<T> authenticate() {
    return ask.call().signed() ? new Action.Authenticate<>(Optional.empty()) : depart();
  }

  private Action<T> depart() {
    departing = true;
    return new Action.Depart<>();
  }

  private Action<T> onCleared(Duration wait, Now now) {
    if (wait.isZero()) {
      departing = false;
      return send(now);
    }
    return wait.compareTo(remaining(now)) > 0 ? withoutQuota(wait) : new Action.Sleep<>(wait);
  }

  private Action<T> send(Now now) {
    Duration left = remaining(now);
    if (left.isZero()) {
      return timeout();
    }
    WireRequest request = ask.call().request();
    if (credentials != null) {
      try {
        clockOffset = memory.clockOffset();
        request = signer.sign(request, credentials, now.wall().plus(clockOffset), nonces.get());
      } catch (JobException e) {
        return new Action.Fail<>(e);
      }
    }
    attempts++;
    sent = request;
    return new Action.Send<>(request, left.compareTo(attemptLimit) < 0 ? left : attemptLimit);
  }

  private Action<T> onAnswer(WireResponse response, Now now) {
    if (response.status() >= 300 && response.status() < 400) {
      return fail(
          new JobTransportException(
              JobTransportException.Kind.REDIRECT_REFUSED,
              "the host answered "
                  + described(response)
                  + "; redirects are never followed, check the endpoint",
              null));
    }
    if (!response.isSuccessful()) {
      return onError(shown(errorIn(response), response, now), response, now, true);
    }
    inBody = null;
    Step<T> next;
    try {
      next = ask.reader().read(response, error -> inBody = shown(error, response, now));
    } catch (WireDataException e) {
      return retryOrFail(unreadable(response, e), policy.delayAfter(e, attempts), now);
    } catch (IllegalArgumentException e) {
      return fail(unreadable(response, e)); // an id in the answer is none
    } catch (JobException e) {
      return fail(e);
    }
    if (next instanceof Step.Failed<T> failed) {
      ServiceError error = failed.error();
      // what a recovery made of an error that was shown needs nothing more
      return onError(inBody == null ? shown(error, response, now) : error, response, now, false);
    }
    memory.succeeded(attempts > 1);
    lastProblem = inBody == null ? null : new JobServiceException(inBody);
    return new Action.Proceed<>(next);
  }

  /** Returns the vendor's error without what it repeats of the credentials, and with what helps. */
  private ServiceError shown(ServiceError reported, WireResponse response, Now now) {
    Credentials used = credentials;
    WireRequest request = sent == null ? ask.call().request() : sent;
    ServiceError error = withRetryAfter(reported, response, now);
    return used == null
        ? error
        : withSource(Secrets.removed(explained(error), used, request), used);
  }

  /** The cause does not repeat what was read either. */
  private JobDataException unreadable(WireResponse response, RuntimeException cause) {
    return new JobDataException(
        JobDataException.Kind.MALFORMED,
        "the answer (" + described(response) + ") cannot be read: " + cause.getMessage(),
        cause);
  }

  /** Gives the call up. The problem stays its own, also where the step does without the answer. */
  private Action<T> fail(JobException problem) {
    lastProblem = problem;
    return Optional.of(problem)
        .filter(CallMachine::endsOnlyThis)
        .flatMap(ask.without())
        .<Action<T>>map(Action.Proceed::new)
        .orElseGet(() -> new Action.Fail<>(problem));
  }

  /** With credentials that are wrong, the next call would only bring the key closer to its lock. */
  private static boolean endsOnlyThis(JobException problem) {
    if (problem instanceof JobServiceException service) {
      return switch (service.kind()) {
        case AUTHENTICATION, EXPIRED_CREDENTIALS, CLOCK_SKEW -> false;
        default -> true;
      };
    }
    return problem instanceof JobTransportException || problem instanceof JobDataException;
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

  private Action<T> onError(
      ServiceError error, WireResponse response, Now now, boolean recoverable) {
    Credentials used = credentials;
    if (error.kind() == Kind.CLOCK_SKEW && used != null && correctsClock(response, now)) {
      lastProblem = new JobServiceException(error);
      return new Action.Acquire<>(remaining(now));
    }
    if (error.kind() == Kind.EXPIRED_CREDENTIALS
        && used != null
        && !refreshed
        && RetryPolicy.allowsAnother(attempts)) {
      refreshed = true;
      lastProblem = new JobServiceException(error);
      return new Action.Authenticate<>(Optional.of(used));
    }
    Optional<Step<T>> recovered = recoverable ? ask.recover().apply(error) : Optional.empty();
    if (recovered.isPresent() && recovered.get() instanceof Step.Failed<T> failed) {
      return fail(new JobServiceException(failed.error())); // the same, said better
    }
    if (recovered.isPresent()) {
      lastProblem = new JobServiceException(error);
      return new Action.Proceed<>(recovered.get());
    }
    return retryOrFail(new JobServiceException(error), policy.delayAfter(error, attempts), now);
  }

  /** The vendor's own word is first, and no more believed than the header is. */
  private static ServiceError withRetryAfter(ServiceError error, WireResponse response, Now now) {
    Optional<Duration> asked =
        error.retryAfter().map(RetryAfter::bounded).or(() -> RetryAfter.of(response, now.wall()));
    return error.toBuilder().retryAfter(asked.orElse(null)).build();
  }

  /** Shows what was signed beside what the vendor says about it. */
  private ServiceError explained(ServiceError error) {
    Optional<String> signed =
        sent == null || error.kind() != Kind.AUTHENTICATION
            ? Optional.empty()
            : signer.explain(sent, error);
    return signed
        .map(text -> "signed here was " + text + error.hint().map(hint -> "; " + hint).orElse(""))
        .map(hint -> error.toBuilder().hint(hint).build())
        .orElse(error);
  }

  /** Takes over the host's clock; tells whether the call goes out again by it, once. */
  private boolean correctsClock(WireResponse response, Now now) {
    Optional<Instant> theirs = RetryAfter.date(response);
    if (clockCorrected || theirs.isEmpty()) {
      return false;
    }
    Duration offset = Duration.between(now.wall(), theirs.get());
    if (offset.minus(clockOffset).abs().compareTo(LEAST_SKEW) < 0) {
      return false; // the same time again would not help
    }
    memory.correctClock(offset);
    clockCorrected = true;
    return ask.call().repeatable() && RetryPolicy.allowsAnother(attempts);
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
    boolean another =
        ask.call().repeatable()
            && delay.isPresent()
            && delay.get().compareTo(remaining(now)) < 0
            && memory.takeRetry();
    if (!another) {
      return fail(problem);
    }
    lastProblem = problem;
    return new Action.Sleep<>(delay.get());
  }

  static boolean isThrottling(JobException problem) {
    return problem instanceof JobServiceException service && service.kind() == Kind.THROTTLED;
  }

  private Action<T> timeout() {
    CallTimeoutException timeout =
        new CallTimeoutException(
            "not over within the call's limit, after " + attempts + " attempts");
    if (lastProblem != null) {
      timeout.addSuppressed(lastProblem);
    }
    lastProblem = timeout;
    return new Action.Fail<>(timeout);
  }

  private Duration remaining(Now now) {
    return Duration.ofNanos(Math.max(0, deadline - now.nanos()));
  }

  private String described(WireResponse response) {
    return "HTTP " + response.status() + idIn(response).map(id -> ", request id " + id).orElse("");
  }

  /** Returns the vendor's id of the last exchange: the error's, if it was one. */
  Optional<String> requestId(WireResponse response) {
    return lastProblem instanceof JobServiceException service
        ? service.requestId()
        : idIn(response);
  }

  /**
   * Every vendor has a header for it, each under its own name. What a call that is not signed holds
   * of secrets is not known here, so it cannot be taken out of what the vendor repeats.
   */
  private Optional<String> idIn(WireResponse response) {
    Credentials used = credentials;
    if (used == null) {
      return Optional.empty();
    }
    return response.headers().keySet().stream()
        .filter(name -> name.replace("-", "").endsWith("requestid"))
        .findFirst()
        .flatMap(response::header)
        .filter(id -> REQUEST_ID.matcher(id).matches())
        .map(id -> Secrets.removed(id, used));
  }
}
