package io.joblens.cli;

import io.joblens.Coverage;
import io.joblens.JobRun;
import io.joblens.TaskCounts;
import io.joblens.spi.Json;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.Year;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.StringJoiner;
import java.util.function.Function;
import java.util.stream.Stream;

/** Prints runs in one of the formats. */
abstract class RunWriter {
  /** Newest first, by the first time that a run knows; those that know none at the end. */
  static final Comparator<JobRun> NEWEST_FIRST =
      Comparator.comparing(
          run ->
              Stream.of(run.createdAt(), run.scheduledAt(), run.startedAt(), run.finishedAt())
                  .flatMap(Optional::stream)
                  .findFirst()
                  .orElse(Instant.MIN),
          Comparator.reverseOrder());

  final PrintStream out;

  RunWriter(PrintStream out) {
    this.out = out;
  }

  /**
   * Returns a writer to standard output.
   *
   * @param runName what to call a run in a table: what can follow {@code CLOUD@}
   */
  static RunWriter of(Format format, Io io, Function<JobRun, String> runName) {
    return switch (format) {
      case TABLE -> new TableWriter(io, runName);
      case JSON -> new JsonWriter(io.out());
      case NDJSON -> new NdjsonWriter(io.out());
      case CSV -> new CsvWriter(io.out());
    };
  }

  /** Takes the next run; tells whether anybody still reads. */
  abstract boolean write(JobRun run);

  /** Ends the output. */
  abstract void end(Coverage coverage);

  /** A document or a table is printed as a whole, newest first. */
  private abstract static class Collector extends RunWriter {
    final List<JobRun> runs = new ArrayList<>();

    Collector(PrintStream out) {
      super(out);
    }

    @Override
    boolean write(JobRun run) {
      runs.add(run);
      return true;
    }

    @Override
    void end(Coverage coverage) {
      runs.sort(NEWEST_FIRST);
      print(coverage);
      out.flush();
    }

    abstract void print(Coverage coverage);
  }

  private static final class TableWriter extends Collector {
    private final Io io;
    private final Function<JobRun, String> runName;

    TableWriter(Io io, Function<JobRun, String> runName) {
      super(io.out());
      this.io = io;
      this.runName = runName;
    }

    @Override
    void print(Coverage coverage) {
      if (runs.isEmpty()) {
        return;
      }
      DateTimeFormatter time = timeFormat(runs, io.clock().instant(), io.zone());
      Table table =
          new Table(
              "CLOUD",
              "JOB",
              "RUN",
              "STATE",
              "VENDOR",
              "CREATED",
              "STARTED",
              "FINISHED",
              ">DURATION",
              "TASKS",
              "MESSAGE");
      for (JobRun run : runs) {
        table.row(
            List.of(
                Table.Cell.of(run.cloud()),
                Table.Cell.of(run.name().orElseGet(() -> run.ref().job().jobId())),
                Table.Cell.of(runName.apply(run)),
                new Table.Cell(run.state().name(), style(run)),
                Table.Cell.of(run.rawState()),
                Table.Cell.of(run.createdAt().map(time::format).orElse("")),
                Table.Cell.of(run.startedAt().map(time::format).orElse("")),
                Table.Cell.of(run.finishedAt().map(time::format).orElse("")),
                Table.Cell.of(showDuration(run)),
                Table.Cell.of(showTasks(run.tasks())),
                Table.Cell.of(run.message().orElse(""))));
      }
      int columns = io.outIsTerminal() ? io.columns() : 0;
      for (String line : table.lines(columns, io.colours())) {
        out.print(line + "\n");
        if (out.checkError()) {
          return;
        }
      }
    }

    private static String style(JobRun run) {
      return switch (run.state()) {
        case SUCCEEDED -> run.isProblem() ? "33" : "32";
        case FAILED, REJECTED -> "31";
        case CANCELLED, UNKNOWN -> "33";
        case RUNNING, STARTING -> "36";
        case QUEUED, PAUSED, SKIPPED -> "";
      };
    }
  }

  private static final class JsonWriter extends Collector {
    JsonWriter(PrintStream out) {
      super(out);
    }

    @Override
    void print(Coverage coverage) {
      out.print("{\"schema\":1,\"runs\":[");
      String separator = "\n";
      for (JobRun run : runs) {
        out.print(separator + run.toJson());
        separator = ",\n";
      }
      out.print((runs.isEmpty() ? "" : "\n") + "],\"sources\":" + coverage.toJson() + "}\n");
    }
  }

  private static final class NdjsonWriter extends RunWriter {
    NdjsonWriter(PrintStream out) {
      super(out);
    }

    @Override
    boolean write(JobRun run) {
      out.print(run.toJson() + "\n");
      return !out.checkError();
    }

    @Override
    void end(Coverage coverage) {
      out.flush();
    }
  }

  private static final class CsvWriter extends RunWriter {
    private static final String HEADER =
        "cloud,account,provider,region,ref,jobId,runId,name,state,rawState,finished,problem,message,"
            + "trigger,createdAt,scheduledAt,dataAt,startedAt,finishedAt,observedAt,durationMs,"
            + "tasksTotal,tasksPending,tasksRunning,tasksSucceeded,tasksFailed,tags,notes";

    private boolean begun;

    CsvWriter(PrintStream out) {
      super(out);
    }

    @Override
    boolean write(JobRun run) {
      begin();
      TaskCounts tasks = run.tasks();
      StringJoiner row = new StringJoiner(",", "", "\n");
      Stream.of(
              run.cloud(),
              run.account(),
              run.ref().provider(),
              run.ref().region(),
              run.ref(),
              run.ref().job().jobId(),
              run.ref().runId(),
              text(run.name()),
              run.state(),
              run.rawState(),
              run.isFinished(),
              run.isProblem(),
              text(run.message()),
              run.trigger(),
              text(run.createdAt()),
              text(run.scheduledAt()),
              text(run.dataAt()),
              text(run.startedAt()),
              text(run.finishedAt()),
              run.observedAt(),
              text(run.duration().map(Duration::toMillis)),
              text(tasks.total()),
              text(tasks.pending()),
              text(tasks.running()),
              text(tasks.succeeded()),
              text(tasks.failed()),
              run.tags().isEmpty() ? "" : Json.write(run.tags()),
              run.notes().isEmpty() ? "" : Json.write(run.notes()))
          .forEach(field -> row.add(quote(field.toString())));
      out.print(row);
      return !out.checkError();
    }

    @Override
    void end(Coverage coverage) {
      begin();
      out.flush();
    }

    private void begin() {
      if (!begun) {
        begun = true;
        out.print(HEADER + "\n");
      }
    }

    private static String text(Optional<?> value) {
      return value.map(Object::toString).orElse("");
    }

    private static String text(OptionalLong value) {
      return value.isPresent() ? Long.toString(value.getAsLong()) : "";
    }

    /** As RFC 4180 says, except that lines end as everywhere else on the command line. */
    static String quote(String field) {
      boolean plain = field.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
      return plain ? field : '"' + field.replace("\"", "\"\"") + '"';
    }
  }

  /** Returns local times without the year when all of them are of this one. */
  private static DateTimeFormatter timeFormat(List<JobRun> runs, Instant now, ZoneId zone) {
    int thisYear = Year.from(now.atZone(zone)).getValue();
    boolean ofThisYear =
        runs.stream()
            .flatMap(run -> Stream.of(run.createdAt(), run.startedAt(), run.finishedAt()))
            .flatMap(Optional::stream)
            .allMatch(time -> time.atZone(zone).getYear() == thisYear);
    return DateTimeFormatter.ofPattern(
            ofThisYear ? "MM-dd HH:mm:ss" : "uuuu-MM-dd HH:mm:ss", Locale.ROOT)
        .withZone(zone);
  }

  /** Returns how long the run took, or with a plus sign how long it has gone on. */
  static String showDuration(JobRun run) {
    return run.duration()
        .map(Times::show)
        .or(() -> run.elapsed().map(time -> Times.show(time) + "+"))
        .orElse("");
  }

  /** Returns how far the tasks are: {@code 3/10}, {@code 3/10 (1 failed)}, {@code 2 running}. */
  static String showTasks(TaskCounts tasks) {
    boolean failures = tasks.failed().orElse(0) > 0;
    if (tasks.total().isPresent() && tasks.succeeded().isPresent()) {
      return tasks.succeeded().getAsLong()
          + "/"
          + tasks.total().getAsLong()
          + (failures ? " (" + tasks.failed().getAsLong() + " failed)" : "");
    }
    StringJoiner words = new StringJoiner(", ");
    tasks.total().ifPresent(count -> words.add(count + (count == 1 ? " task" : " tasks")));
    tasks.pending().ifPresent(count -> addUnlessZero(words, count, "pending"));
    tasks.running().ifPresent(count -> addUnlessZero(words, count, "running"));
    tasks.succeeded().ifPresent(count -> addUnlessZero(words, count, "ok"));
    tasks.failed().ifPresent(count -> addUnlessZero(words, count, "failed"));
    return words.toString();
  }

  private static void addUnlessZero(StringJoiner words, long count, String word) {
    if (count != 0) {
      words.add(count + " " + word);
    }
  }

  /** Returns the fields of a run that its progress on standard error shows as JSON. */
  static Map<String, ?> progressFields(JobRun run) {
    return Map.of("cloud", run.cloud(), "ref", run.ref(), "state", run.state());
  }
}
