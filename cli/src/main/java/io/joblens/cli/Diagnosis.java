package io.joblens.cli;

import io.joblens.JobClient;
import io.joblens.JobException;
import io.joblens.JobRun;
import io.joblens.JobServiceException;
import io.joblens.JobState;
import io.joblens.RunDetail;
import io.joblens.TaskDetail;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Prints why runs failed or what they wait for. */
final class Diagnosis {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);

  private static final int MOST_SUCCEEDED = 20;

  private final Io io;
  private final Format format;
  private final Problems problems;

  Diagnosis(Io io, Format format, Problems problems) {
    this.io = io;
    this.format = format;
    this.problems = problems;
  }

  /** Asks for each run; returns the exit code. */
  int print(Map<JobClient, List<Targets.Run>> asked) {
    if (format == Format.CSV) {
      throw new UsageException("--why goes with -o table or json");
    }
    Map<String, JobException> failures = new LinkedHashMap<>();
    boolean missing = false;
    List<RunDetail> details = new ArrayList<>();
    for (Map.Entry<JobClient, List<Targets.Run>> entry : asked.entrySet()) {
      for (Targets.Run run : entry.getValue()) {
        try {
          RunDetail detail = entry.getKey().diagnose(run.ref());
          details.add(detail);
          if (format != Format.JSON) {
            print(detail);
          }
        } catch (JobException e) {
          problems.error(e);
          if (e instanceof JobServiceException said
              && said.kind() == JobServiceException.Kind.NOT_FOUND) {
            missing = true;
          } else {
            failures.put(entry.getKey().name(), e);
          }
        }
      }
    }
    if (format == Format.JSON) {
      io.out()
          .print(
              "{\"schema\":1,\"runs\":["
                  + details.stream().map(RunDetail::toJson).collect(Collectors.joining(",\n"))
                  + "]}\n");
    }
    io.out().flush();
    return ExitCode.of(new ExitCode.Outcome(asked.size(), failures, false, missing, false));
  }

  private void print(RunDetail detail) {
    if (format == Format.NDJSON) {
      io.out().print(detail.toJson() + "\n");
      return;
    }
    line("", detail.run().cloud() + "@" + detail.run().ref());
    line(
        "  ",
        detail.run().state()
            + (detail.run().rawState().isEmpty() ? "" : " (" + detail.run().rawState() + ")")
            + detail.run().name().map(name -> ", " + name).orElse(""));
    printTimes(detail.run());
    Optional<String> message = detail.run().message();
    // of what went well there is nothing to explain, and most vendors have one text for both
    Optional<String> reason =
        detail.run().state() == JobState.SUCCEEDED && message.isPresent()
            ? Optional.empty()
            : detail.reason();
    reason.ifPresent(text -> line("  ", "reason: " + text));
    message
        .filter(text -> !text.equals(reason.orElse(detail.waitingFor().orElse(null))))
        .ifPresent(text -> line("  ", "message: " + text));
    detail.waitingFor().ifPresent(what -> line("  ", "waits for: " + what));
    printTasks(detail.tasks(), Stream.of(reason, message).toList());
    Stream.concat(detail.run().notes().stream(), detail.notes().stream())
        .distinct()
        .forEach(note -> line("  ", "note: " + note));
  }

  private void printTimes(JobRun run) {
    List<String> times = new ArrayList<>();
    run.createdAt().ifPresent(at -> times.add("created " + time(at)));
    run.startedAt().ifPresent(at -> times.add("started " + time(at)));
    run.finishedAt().ifPresent(at -> times.add("ended " + time(at)));
    if (!times.isEmpty()) {
      line("  ", String.join(", ", times) + " " + zone());
    }
  }

  /** Prints the tasks; of those that went well not more than somebody may want to see. */
  private void printTasks(List<TaskDetail> tasks, List<Optional<String>> said) {
    int well = 0;
    for (TaskDetail task : tasks) {
      if (task.state() != JobState.SUCCEEDED || ++well <= MOST_SUCCEEDED) {
        print(task, said);
      }
    }
    if (well > MOST_SUCCEEDED) {
      line("  ", (well - MOST_SUCCEEDED) + " more SUCCEEDED; -o json has them all");
    }
  }

  /** Prints a task, without its reason where that is the run's own. */
  private void print(TaskDetail task, List<Optional<String>> said) {
    StringBuilder text = new StringBuilder(task.name()).append("  ").append(task.state());
    if (task.exitCode().isPresent()) {
      text.append("  exit code ").append(task.exitCode().getAsInt());
    }
    task.startedAt().map(this::time).ifPresent(start -> text.append("  started ").append(start));
    task.finishedAt().map(this::time).ifPresent(end -> text.append("  ended ").append(end));
    if (task.startedAt().isPresent() || task.finishedAt().isPresent()) {
      text.append(' ').append(zone());
    }
    if (!said.contains(task.reason())) {
      task.reason().ifPresent(reason -> text.append("  ").append(reason));
    }
    line("  ", text.toString());
    task.logTail().ifPresent(log -> log.lines().forEach(each -> line("    | ", each)));
  }

  private String time(Instant instant) {
    return TIME.format(instant.atZone(io.zone()));
  }

  private String zone() {
    return io.zone().normalized().equals(ZoneOffset.UTC) ? "UTC" : io.zone().getId();
  }

  private void line(String indent, String text) {
    io.out().print(indent + Cells.clean(text) + "\n");
  }
}
