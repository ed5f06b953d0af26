package io.joblens.internal;

import io.joblens.spi.Call;
import io.joblens.spi.Quota;
import io.joblens.spi.Rate;
import io.joblens.spi.Step;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Counts calls by what the vendor limits them by. */
final class Costs {
  private final Map<Quota, Long> calls;

  Costs() {
    this(Map.of());
  }

  private Costs(Map<Quota, Long> calls) {
    this.calls = new LinkedHashMap<>(calls);
  }

  Costs copy() {
    return new Costs(calls);
  }

  /** Adds the call that a step begins with, which is not made for that. */
  void addFirstCall(Step<?> step) {
    addCalls(step, 1);
  }

  /** Adds that many calls like the one that a step begins with, which are not made for that. */
  void addCalls(Step<?> step, long count) {
    if (step instanceof Step.Ask<?> ask) {
      calls.merge(ask.call().quota(), count, Long::sum);
    }
  }

  /** Returns the same step, which adds each of its calls as it is answered. */
  <T> Step<T> counted(Step<T> step) {
    if (!(step instanceof Step.Ask<T> ask)) {
      return step;
    }
    return new Step.Ask<>(
        ask.call(),
        (answer, seen) -> {
          Step<T> next = counted(ask.reader().read(answer, seen));
          add(ask.call());
          return next;
        },
        error ->
            ask.recover()
                .apply(error)
                .map(
                    next -> {
                      add(ask.call());
                      return counted(next);
                    }),
        problem ->
            ask.without()
                .apply(problem)
                .map(
                    next -> {
                      add(ask.call());
                      return counted(next);
                    }));
  }

  private void add(Call call) {
    calls.merge(call.quota(), 1L, Long::sum);
  }

  long calls() {
    return calls.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Returns how long the calls take; different quotas pass side by side. */
  Duration atQuota(Optional<Rate> share) {
    Duration longest = Duration.ZERO;
    for (Map.Entry<Quota, Long> entry : calls.entrySet()) {
      Rate rate = share.orElse(entry.getKey().rate());
      // the first call of all waits for nothing
      Duration time = PacedLimiter.interval(rate).multipliedBy(entry.getValue() - 1);
      longest = time.compareTo(longest) > 0 ? time : longest;
    }
    return longest;
  }
}
