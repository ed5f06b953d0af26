package io.joblens.alibaba.schedulerx;

import io.joblens.JobState;
import io.joblens.Trigger;
import io.joblens.spi.StateTable;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What SchedulerX's numbers mean. Its <a
 * href="https://help.aliyun.com/zh/schedulerx/api-get-job-instancelist">documentation</a> lists the
 * status values 1, 3, 4, 5 and 9 and refers to the enumeration {@code
 * com.alibaba.schedulerx.common.domain.InstanceStatus} for the rest; the others are from there, as
 * the vendor's worker for Java (schedulerx2-worker 1.3.4) and for Go (schedulerx-worker-go) have
 * it. SchedulerX 3 counts differently from 6 on: this table is not for it.
 */
final class SchedulerxStates {
  static final StateTable TABLE =
      StateTable.builder()
          .open("8", JobState.QUEUED) // SUBMITTED
          .open("1", JobState.QUEUED) // WAITING, documented
          .open("2", JobState.QUEUED) // READY, in the pool
          .open("10", JobState.STARTING) // ACCEPTED by a worker
          .open("3", JobState.RUNNING) // RUNNING, documented
          .open("7", JobState.PAUSED) // PAUSED
          .finished("4", JobState.SUCCEEDED) // SUCCESS, documented
          .finished("5", JobState.FAILED) // FAILED, documented
          // isFinished() of the vendor's own enumeration is false for the next three
          .unsettled("11", JobState.FAILED) // PARTIAL_FAILED
          .unsettled("6", JobState.CANCELLED) // KILLED, in the Go worker only
          .unsettled("9", JobState.REJECTED) // REJECTED, documented
          .finished("99", JobState.CANCELLED) // REMOVED
          .finished("12", JobState.SKIPPED) // SKIPPED, in the Go worker only
          .open("0", JobState.UNKNOWN) // UNKNOWN
          .build();

  /** From {@code com.alibaba.schedulerx.common.domain.TriggerType}, as documented. */
  private static final Map<String, Trigger> TRIGGERS =
      Map.of(
          "1", Trigger.SCHEDULE,
          // the English page says "due to data update", the Chinese one means a run for past data
          "2", Trigger.BACKFILL,
          "3", Trigger.API,
          "4", Trigger.MANUAL_RETRY,
          "5", Trigger.SYSTEM_RETRY);

  private SchedulerxStates() {}

  /** Returns what a TriggerType means. */
  static Trigger trigger(@Nullable String type) {
    return type == null ? Trigger.UNKNOWN : TRIGGERS.getOrDefault(type, Trigger.UNKNOWN);
  }
}
