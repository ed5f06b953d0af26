package io.joblens.huawei.workspace;

import static io.joblens.huawei.workspace.WorkspaceErrors.ERRORS;

import io.joblens.Job;
import io.joblens.JobRef;
import io.joblens.RawJson;
import io.joblens.huawei.HuaweiErrors.Envelope;
import io.joblens.spi.Call;
import io.joblens.spi.Jobs;
import io.joblens.spi.JsonReader;
import io.joblens.spi.Scope;
import io.joblens.spi.Step;
import io.joblens.spi.WireDataException;
import io.joblens.spi.WireResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads the definitions of tasks. Source: support.huaweicloud.com/intl/en-us/api-workspace, pages
 * ListScheduleTasks and ShowScheduleTask, which do not show the same: {@code task_cron}, {@code
 * is_enable}, {@code last_status} and {@code next_execution_time} are in the list only.
 *
 * <p>{@code next_execution_time} stays an attribute, as it is no time that could be read: {@code
 * 2022-12-23 09:00:00} in the list's example, with {@code GMT+08:00} or {@code GMT} behind it in
 * answers to the vendor's Terraform provider.
 */
final class WorkspaceTasks {
  /** Reading on for ever helps nobody; Huawei documents no limit. */
  private static final int MAX_TASKS = 10_000;

  private static final Set<String> NEUTRAL_FIELDS =
      Set.of("id", "task_name", "description", "task_cron", "time_zone", "is_enable");

  private static final String LAST_STATUS = "last_status";

  /** What a schedule is made of, in the order in which it reads well. */
  private static final List<String> SCHEDULE_FIELDS =
      List.of(
          "scheduled_type",
          "day_interval",
          "month_list",
          "week_list",
          "date_list",
          "scheduled_date",
          "scheduled_time");

  private final Map<String, String> texts = new HashMap<>();
  private @Nullable Boolean enabled;
  private @Nullable RawJson raw;

  private WorkspaceTasks() {}

  /** Reads one task. */
  static Step<Job.Builder> task(Call call, JobRef ref, WireResponse response) {
    return ERRORS.read(
        call,
        response,
        () -> {
          Envelope envelope = ERRORS.envelope();
          WorkspaceTasks task = new WorkspaceTasks();
          JsonReader.read(
              response.body(), json -> task.read(json, field -> envelope.take(json, field)));
          return envelope.unlessError(
              call,
              response,
              () -> {
                if (task.id() == null) {
                  throw new WireDataException("/id", "is missing");
                }
                return task.job(ref);
              });
        });
  }

  /**
   * Reads a page of a project's tasks.
   *
   * @param offset how many tasks stand before it
   */
  static Step<Jobs> page(Call call, Scope project, long offset, WireResponse response) {
    return WorkspaceResponses.page(
        call,
        response,
        json -> row(json, project),
        (rows, claimed) -> {
          long read = offset + rows.size();
          if (WorkspaceResponses.isLast(rows.size(), claimed, read)) {
            return new Jobs(rows, Optional.empty());
          }
          if (read >= MAX_TASKS) {
            throw new WireDataException("/items", "goes on after " + MAX_TASKS + " tasks");
          }
          return new Jobs(rows, Optional.of(Long.toString(read)));
        });
  }

  private static Job.Builder row(JsonReader json, Scope project) {
    WorkspaceTasks task = new WorkspaceTasks();
    task.read(json, field -> {});
    String id = task.id();
    try {
      List<String> path = List.of(project.path().get(0), id == null ? "" : id);
      return task.job(new JobRef(HuaweiWorkspace.ID, project.region(), path));
    } catch (IllegalArgumentException e) {
      throw new WireDataException("/items", "has a row whose " + e.getMessage());
    }
  }

  private WorkspaceTasks read(JsonReader json, Consumer<String> other) {
    raw =
        json.rawObject(
            WorkspaceResponses.MASKING,
            field -> {
              if (field.equals("is_enable")) {
                enabled = json.bool();
              } else if (NEUTRAL_FIELDS.contains(field)
                  || SCHEDULE_FIELDS.contains(field)
                  || field.equals(LAST_STATUS)) {
                WorkspaceResponses.put(texts, field, json.text());
              } else {
                other.accept(field);
              }
            });
    return this;
  }

  private @Nullable String id() {
    return texts.get("id");
  }

  private Job.Builder job(JobRef ref) {
    String last = texts.get(LAST_STATUS);
    Job.Builder job =
        Job.builder(ref)
            .name(texts.get("task_name"))
            .description(texts.get("description"))
            .schedule(schedule())
            .zone(texts.get("time_zone"))
            .enabled(enabled)
            .lastState(last == null ? null : WorkspaceStates.of(last).state());
    return raw == null ? job : job.raw(raw, NEUTRAL_FIELDS);
  }

  /** Returns the schedule in the vendor's words, such as {@code WEEK week_list=1,7 …}. */
  private @Nullable String schedule() {
    String words =
        SCHEDULE_FIELDS.stream()
            .filter(texts::containsKey)
            .map(field -> (field.equals("scheduled_type") ? "" : field + "=") + texts.get(field))
            .collect(Collectors.joining(" "));
    String schedule = texts.getOrDefault("task_cron", words);
    return schedule.isEmpty() ? null : schedule;
  }
}
