package io.joblens.internal;

import io.joblens.CallListener;
import io.joblens.JobException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes what calls do to the logger {@code io.joblens.calls}, failures and retries too. */
public final class CallLog implements CallListener {
  private static final Logger LOG = LoggerFactory.getLogger("io.joblens.calls");

  @Override
  public void started(Call call) {
    LOG.trace(
        "#{} {} {}: started, to {}", number(call), call.cloud(), call.operation(), call.host());
  }

  @Override
  public void throttled(Call call, Duration wait) {
    LOG.debug(
        "#{} {} {}: waits {} ms for quota",
        number(call),
        call.cloud(),
        call.operation(),
        wait.toMillis());
  }

  @Override
  public void attempted(Call call, Attempt attempt) {
    LOG.debug(
        "#{} {} {}: attempt {} took {} ms, {}, request id {}{}",
        number(call),
        call.cloud(),
        call.operation(),
        attempt.number(),
        attempt.took().toMillis(),
        attempt.httpStatus().isPresent()
            ? "HTTP " + attempt.httpStatus().getAsInt()
            : "no complete answer",
        attempt.requestId().orElse("none"),
        attempt.problem().map(problem -> ", " + problem.detail()).orElse(""));
  }

  @Override
  public void retried(Call call, Duration pause, JobException problem) {
    LOG.debug(
        "#{} {} {}: tries again in {} ms",
        number(call),
        call.cloud(),
        call.operation(),
        pause.toMillis());
  }

  @Override
  public void finished(Call call, Summary summary) {
    LOG.debug(
        "#{} {} {}: {} after {} ms, {} attempts",
        number(call),
        call.cloud(),
        call.operation(),
        summary.problem().isPresent() ? "failed" : "done",
        summary.took().toMillis(),
        summary.attempts());
    if (summary.problem().isPresent()) {
      LOG.trace(
          "#{} {} {}: why", number(call), call.cloud(), call.operation(), summary.problem().get());
    }
  }

  private static Long number(Call call) {
    return call.number();
  }
}
