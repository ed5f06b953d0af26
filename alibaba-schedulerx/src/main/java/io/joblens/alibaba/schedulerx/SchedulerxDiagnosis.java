package io.joblens.alibaba.schedulerx;

import io.joblens.JobException;
import io.joblens.JobRun;
import io.joblens.JobState;
import io.joblens.RunDetail;
import io.joblens.TaskDetail;
import io.joblens.spi.Call;
import io.joblens.spi.JsonReader;
import io.joblens.spi.LogTail;
import io.joblens.spi.Step;
import io.joblens.spi.WireResponse;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Tells why a run is in its state, from the run itself and its log. */
final class SchedulerxDiagnosis {
  private SchedulerxDiagnosis() {}

  /** Reads the lines of an answer of GetLog, the last one first. */
  static Step<List<String>> lines(Call call, WireResponse response) {
    return SchedulerxResponses.read(
        call,
        response,
        "Logs",
        json -> {
          List<String> lines = new ArrayList<>();
          json.array(
              () -> {
                String line = json.exactText();
                lines.add(line == null ? "" : line);
              });
          return lines;
        });
  }

  /** Returns what the run's own row tells. */
  static RunDetail.Builder of(JobRun.Builder row, JobRun run, List<String> lines) {
    RunDetail.Builder detail = detail(row, run);
    List<String> inOrder = new ArrayList<>(lines);
    Collections.reverse(inOrder);
    String whole = String.join("\n", inOrder);
    if (inOrder.isEmpty()) {
      return detail.task(worker(run).build()).note("GetLog shows no line of this run");
    }
    String log = LogTail.of(whole);
    detail.task(worker(run).logTail(log).build());
    String read = "of the log, the last " + lines.size() + " lines were read";
    if (LogTail.isCut(whole)) {
      detail.note(read + "; the last " + log.length() + " characters are shown");
    } else if (lines.size() >= SchedulerxRequests.LINES) {
      detail.note(read);
    }
    return detail;
  }

  /** Returns the same where the log cannot be read. */
  static RunDetail.Builder withoutLog(JobRun.Builder row, JobRun run, JobException problem) {
    String said = String.valueOf(problem.getMessage());
    boolean isEdition = said.toLowerCase(Locale.ROOT).contains("professional");
    String why = isEdition ? ", for which SchedulerX wants its professional edition: " : ": ";
    return detail(row, run).task(worker(run).build()).note("the log was not read" + why + said);
  }

  /** Returns what there is on a run that no worker has begun. */
  static RunDetail.Builder notBegun(JobRun.Builder row, JobRun run) {
    return detail(row, run)
        .note(
            run.state() == JobState.REJECTED
                ? "nothing ran; see whether workers of the group were connected, and the job's"
                    + " MaxConcurrency"
                : "SchedulerX does not tell what a run waits for; see whether workers of the group"
                    + " are connected, and the job's MaxConcurrency");
  }

  private static RunDetail.Builder detail(JobRun.Builder row, JobRun run) {
    RunDetail.Builder detail = RunDetail.builder(row).reason(run.message().orElse(null));
    String progress = run.attributes().get("Progress") instanceof String text ? text : null;
    for (Object level : SchedulerxResponses.progress(progress, "taskProgress")) {
      task(level, "name", detail);
    }
    for (Object worker : SchedulerxResponses.progress(progress, "workerProgress")) {
      task(worker, "workerAddr", detail);
    }
    return detail;
  }

  /** Adds a level of a distributed run, or one of its workers, each with counts of tasks. */
  private static void task(@Nullable Object item, String nameField, RunDetail.Builder detail) {
    if (!(item instanceof Map<?, ?> fields) || !(fields.get(nameField) instanceof String name)) {
      return;
    }
    JobState state =
        count(fields, "failed") > 0
            ? JobState.FAILED
            : count(fields, "running") > 0
                ? JobState.RUNNING
                : count(fields, "total") > 0 && count(fields, "success") == count(fields, "total")
                    ? JobState.SUCCEEDED
                    : JobState.UNKNOWN;
    TaskDetail.Builder task = TaskDetail.builder(name, state, "");
    fields.forEach(
        (key, value) -> {
          if (!key.equals(nameField) && (value instanceof Number || value instanceof String)) {
            task.attribute(String.valueOf(key), value.toString());
          }
        });
    detail.task(task.reason(counts(fields)).build());
  }

  /** Says how many of its tasks are where, as far as the vendor counts them. */
  private static @Nullable String counts(Map<?, ?> fields) {
    String text =
        Stream.of("total", "success", "failed", "running")
            .filter(name -> fields.get(name) instanceof Number)
            .map(name -> fields.get(name) + " " + name)
            .collect(Collectors.joining(", "));
    return text.isEmpty() ? null : text;
  }

  private static long count(Map<?, ?> fields, String name) {
    String text = String.valueOf(fields.get(name));
    return text.matches("\\d{1,18}") ? Long.parseLong(text) : 0;
  }

  /** The worker that the run was given to; of a distributed run, the one that leads it. */
  private static TaskDetail.Builder worker(JobRun run) {
    Object address = run.attributes().get("WorkAddr");
    String name =
        address instanceof String text && !JsonReader.isAbsent(text) ? text : "worker not named";
    return TaskDetail.builder(name, run.state(), run.rawState())
        .reason(run.message().orElse(null))
        .startedAt(run.startedAt().orElse(null))
        .finishedAt(run.finishedAt().orElse(null));
  }
}
