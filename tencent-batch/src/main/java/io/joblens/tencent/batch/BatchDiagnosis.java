package io.joblens.tencent.batch;

import static io.joblens.tencent.batch.BatchErrors.ERRORS;
import static java.util.Objects.requireNonNull;

import io.joblens.JobException;
import io.joblens.JobState;
import io.joblens.RawJson;
import io.joblens.RunDetail;
import io.joblens.RunRef;
import io.joblens.TaskDetail;
import io.joblens.spi.Call;
import io.joblens.spi.JsonReader;
import io.joblens.spi.LogTail;
import io.joblens.spi.Step;
import io.joblens.spi.Text;
import io.joblens.spi.WireDataException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads why a job failed or what it waits for: DescribeJob, then DescribeTask and DescribeTaskLogs
 * for each failed task. Sources: <a
 * href="https://www.tencentcloud.com/document/api/599/30561">DescribeJob</a>, <a
 * href="https://www.tencentcloud.com/document/api/599/30555">DescribeTask</a>, <a
 * href="https://www.tencentcloud.com/document/api/599/30553">DescribeTaskLogs</a>.
 */
final class BatchDiagnosis {
  /** Failed tasks that are looked into: at the smallest quota, 21 calls take some five seconds. */
  static final int MOST_TASKS = 10;

  /** Failed instances of a task that are shown: so many logs come without asking for more. */
  static final int MOST_INSTANCES = 5;

  /**
   * What open states wait for. That RUNNABLE is about compute nodes follows from {@code
   * StateIfCreateCvmFailed} of SubmitJob: RUNNABLE is where a job goes on waiting for one.
   */
  private static final Map<String, String> WAITING =
      Map.of(
          "SUBMITTED", "Batch to look at it",
          "PENDING", "what it depends on",
          "RUNNABLE", "a compute node",
          "STARTING", "its compute node to be up");

  /** What came of looking into a failed task. */
  private record Found(List<TaskDetail> details, List<String> notes) {}

  private final BatchRequests requests;
  private final RunRef ref;

  BatchDiagnosis(BatchRequests requests, RunRef ref) {
    this.requests = requests;
    this.ref = ref;
  }

  Step<RunDetail.Builder> run() {
    Call call = requests.describeJob(ref);
    Step<JobAnswer> described =
        Step.ask(
            call,
            response -> {
              JobAnswer job = new JobAnswer();
              return ERRORS.read(call, response, job::read, job::complete);
            });
    return described.flatMap(
        job -> {
          List<BatchTask> failed = job.tasks.stream().filter(BatchDiagnosis::hasFailed).toList();
          List<BatchTask> chosen = failed.subList(0, Math.min(MOST_TASKS, failed.size()));
          return Step.each(chosen, this::lookInto)
              .map(found -> job.detail(ref, failed.size(), chosen, found));
        });
  }

  private Step<Found> lookInto(BatchTask task) {
    Call call = requests.describeTask(ref, task.name(), MOST_INSTANCES);
    Step<BatchTask.Instances> described =
        Step.ask(
            call,
            response -> {
              BatchTask.Instances answer = new BatchTask.Instances(task.name());
              return ERRORS.read(call, response, answer::read, whole -> answer);
            });
    return described
        .flatMap(answer -> withLogs(task, answer))
        .orElse(
            problem ->
                without(
                    problem,
                    "task " + task.name() + " was not looked into",
                    new Found(List.of(task.detail().build()), List.of())));
  }

  private Step<Found> withLogs(BatchTask task, BatchTask.Instances answer) {
    List<BatchTask> shown = answer.all().subList(0, Math.min(MOST_INSTANCES, answer.all().size()));
    if (shown.isEmpty()) {
      return Step.done(
          new Found(
              List.of(task.detail().build()),
              List.of("task " + task.name() + ": DescribeTask lists none of its instances")));
    }
    List<String> notes = new ArrayList<>();
    if (answer.failed() > shown.size()) {
      notes.add(
          "task %s: %d of its %d failed instances are shown"
              .formatted(task.name(), shown.size(), answer.failed()));
    } else if (answer.failed() == 0 && shown.size() == MOST_INSTANCES) {
      // without a count, a page that is full may not be all
      notes.add(
          "task %s: %d failed instances are shown; there may be more among its %s"
              .formatted(
                  task.name(), shown.size(), answer.total().map(String::valueOf).orElse("others")));
    }
    Call call =
        requests.describeTaskLogs(ref, task.name(), shown.stream().map(BatchTask::index).toList());
    Step<Found> logs =
        Step.ask(
            call,
            response -> {
              BatchTask.Logs answered = new BatchTask.Logs();
              return ERRORS.read(
                  call, response, answered::read, whole -> withLogs(shown, answered, notes));
            });
    return logs.orElse(
        problem ->
            without(
                problem,
                "the logs of task " + task.name() + " were not read",
                new Found(shown.stream().map(each -> each.detail().build()).toList(), notes)));
  }

  private static Found withLogs(List<BatchTask> shown, BatchTask.Logs logs, List<String> notes) {
    List<String> all = new ArrayList<>(notes);
    List<TaskDetail> details = new ArrayList<>();
    for (BatchTask instance : shown) {
      String text = logs.of(instance, all::add);
      details.add(instance.detail().logTail(text.isEmpty() ? null : LogTail.of(text)).build());
    }
    return new Found(details, all);
  }

  /** Returns what there is without an answer, and says so. */
  private static Step<Found> without(JobException problem, String what, Found rest) {
    String note = what + ": " + problem.getMessage();
    return Step.done(
        new Found(rest.details(), Stream.concat(rest.notes().stream(), Stream.of(note)).toList()));
  }

  /** What DescribeJob says: a JobView, flat in the answer, and the job's tasks. */
  private static final class JobAnswer {
    private final BatchResponses.Row row = new BatchResponses.Row();
    private final List<BatchTask> tasks = new ArrayList<>();
    private final Map<String, List<String>> conditions = new HashMap<>();
    private @Nullable String reason;
    private @Nullable String nextAction;
    private @Nullable RawJson whole;

    void read(String field, JsonReader json) {
      switch (field) {
        case "TaskSet" -> json.array(() -> tasks.add(BatchTask.task(json)));
        case "DependenceSet" -> json.array(() -> readDependence(json));
        case "StateReason" -> reason = json.text();
        case "NextAction" -> nextAction = json.text();
        default -> row.read(field, json);
      }
    }

    private void readDependence(JsonReader json) {
      Map<String, @Nullable String> pair = new HashMap<>();
      json.object(
          name -> {
            if (name.equals("StartTask") || name.equals("EndTask")) {
              pair.put(name, json.text());
            }
          });
      String before = pair.get("StartTask");
      String task = pair.get("EndTask");
      if (before != null && task != null) {
        conditions.computeIfAbsent(task, name -> new ArrayList<>()).add(before);
      }
    }

    JobAnswer complete(RawJson response) {
      if (row.word().isEmpty() && tasks.isEmpty()) {
        throw new WireDataException("/Response/JobState", "is missing");
      }
      whole = response;
      return this;
    }

    RunDetail.Builder detail(RunRef ref, int failed, List<BatchTask> chosen, List<Found> found) {
      RunDetail.Builder detail =
          RunDetail.builder(row.run(ref, requireNonNull(whole)))
              // the state's own word, as in the API's definition, says nothing
              .reason(row.word().equals(reason) ? null : reason)
              .waitingFor(WAITING.get(row.word()));
      found.forEach(each -> each.details().forEach(detail::task));
      for (BatchTask task : tasks) {
        if (!chosen.contains(task)) {
          detail.task(task.detail().reason(condition(task)).build());
        }
      }
      if (nextAction != null) {
        // TERMINATING: there is no state for a job that somebody ends until it has FAILED
        detail.note("NextAction is " + Text.printable(nextAction));
      }
      if (failed > chosen.size()) {
        detail.note(
            "only the first %d of %d failed tasks were looked into"
                .formatted(chosen.size(), failed));
      }
      found.forEach(each -> each.notes().forEach(detail::note));
      return detail;
    }

    /** Returns what a task that has not begun waits for, as far as other tasks go. */
    private @Nullable String condition(BatchTask task) {
      List<String> before = conditions.getOrDefault(task.name(), List.of());
      String open =
          tasks.stream()
              .filter(each -> before.contains(each.name()))
              .filter(each -> each.state() != JobState.SUCCEEDED)
              .map(each -> each.name() + " (" + each.word() + ")")
              .collect(Collectors.joining(", "));
      return task.state() == JobState.QUEUED && !open.isEmpty() ? "waits for " + open : null;
    }
  }

  private static boolean hasFailed(BatchTask task) {
    return task.state() == JobState.FAILED;
  }
}
