package io.joblens.internal;

import io.joblens.CallListener;
import io.joblens.JobException;
import io.joblens.ProviderId;
import io.joblens.spi.WireResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the listeners what one call does. One thread at a time uses it. */
final class CallWatch {
  private static final Logger LOG = LoggerFactory.getLogger("io.joblens.listeners");
  private static final AtomicLong NUMBERS = new AtomicLong();

  private final List<CallListener> listeners;
  private final CallListener.Call call;
  private final LongSupplier clock;
  private final long begun;
  private long sentAt;
  private Duration quotaWait = Duration.ZERO;
  private boolean over;

  CallWatch(ClientSettings settings, ProviderId provider, io.joblens.spi.Call asked) {
    this.listeners = settings.listeners();
    this.clock = settings.time()::nanoTime;
    this.begun = clock.getAsLong();
    this.call =
        new CallListener.Call(
            NUMBERS.incrementAndGet(),
            settings.name(),
            provider,
            asked.action(),
            asked.request().host());
    tell(listener -> listener.started(call));
  }

  void throttled(Duration wait) {
    quotaWait = quotaWait.plus(wait);
    tell(listener -> listener.throttled(call, wait));
  }

  void sending() {
    sentAt = clock.getAsLong();
  }

  void attempted(
      int number,
      @Nullable WireResponse answer,
      Optional<String> requestId,
      Optional<JobException> problem) {
    CallListener.Attempt attempt =
        new CallListener.Attempt(
            number,
            since(sentAt),
            answer == null ? OptionalInt.empty() : OptionalInt.of(answer.status()),
            requestId,
            problem);
    tell(listener -> listener.attempted(call, attempt));
  }

  void retried(Duration pause, JobException problem) {
    tell(listener -> listener.retried(call, pause, problem));
  }

  boolean isOver() {
    return over;
  }

  /** Says that the call is over, once. */
  void finished(int attempts, Optional<JobException> problem) {
    if (!over) {
      over = true;
      CallListener.Summary summary =
          new CallListener.Summary(attempts, since(begun), quotaWait, problem);
      tell(listener -> listener.finished(call, summary));
    }
  }

  private Duration since(long nanos) {
    return Duration.ofNanos(clock.getAsLong() - nanos);
  }

  private void tell(Consumer<CallListener> what) {
    for (CallListener listener : listeners) {
      try {
        what.accept(listener);
      } catch (RuntimeException e) {
        // only its class: what a listener says may repeat anything
        LOG.warn("a listener failed: {}", e.getClass().getName());
      }
    }
  }
}
