package io.joblens.cli;

import io.joblens.JobClient;
import io.joblens.JobException;
import io.joblens.JobServiceException;
import io.joblens.RunDetail;
import io.joblens.TaskDetail;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Prints why runs failed or what they wait for. */
final class Diagnosis {
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
    detail.reason().ifPresent(reason -> line("  ", "reason: " + reason));
    detail.run().message().ifPresent(message -> line("  ", "message: " + message));
    detail.waitingFor().ifPresent(what -> line("  ", "waits for: " + what));
    detail.tasks().forEach(this::print);
    detail.notes().forEach(note -> line("  ", "note: " + note));
  }

  private void print(TaskDetail task) {
    StringBuilder text = new StringBuilder(task.name()).append("  ").append(task.state());
    if (task.exitCode().isPresent()) {
      text.append("  exit code ").append(task.exitCode().getAsInt());
    }
    task.finishedAt().map(this::time).ifPresent(end -> text.append("  ended ").append(end));
    task.reason().ifPresent(reason -> text.append("  ").append(reason));
    line("  ", text.toString());
    task.logTail().ifPresent(log -> log.lines().forEach(each -> line("    | ", each)));
  }

  private String time(Instant instant) {
    return instant.atZone(io.zone()).toLocalDateTime().toString();
  }

  private void line(String indent, String text) {
    io.out().print(indent + Cells.clean(text) + "\n");
  }
}
