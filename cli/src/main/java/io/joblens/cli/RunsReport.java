package io.joblens.cli;

import io.joblens.Coverage;
import io.joblens.Filter;
import io.joblens.FleetRuns;
import io.joblens.JobClient;
import io.joblens.JobException;
import io.joblens.JobQuery;
import io.joblens.JobRun;
import io.joblens.JobState;
import java.io.PrintStream;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads a listing and prints its rows, and beside them how much was read and what failed. */
final class RunsReport {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);

  private final Io io;
  private final Format format;
  private final boolean summary;
  private final Problems problems;
  private final Targets targets;
  private final PrintStream footer;
  private final Map<JobState, Integer> totals = new EnumMap<>(JobState.class);
  private final Map<String, Integer> shown = new LinkedHashMap<>();
  private final Map<String, Integer> notes = new LinkedHashMap<>();
  private final Map<String, JobException> failures = new LinkedHashMap<>();
  private final List<Coverage.Source> sources = new ArrayList<>();
  private String conditions = "";
  private String window = "";
  private boolean byJob;

  /** Takes whether runs are counted by cloud, job and state in place of being listed. */
  RunsReport(Io io, Format format, Problems problems, Targets targets, boolean summary) {
    this(io, format, problems, targets, summary, io.err());
  }

  /** Takes where totals and sources go in place of standard error. */
  RunsReport(
      Io io,
      Format format,
      Problems problems,
      Targets targets,
      boolean summary,
      PrintStream footer) {
    this.io = io;
    this.format = format;
    this.summary = summary;
    this.problems = problems;
    this.targets = targets;
    this.footer = footer;
  }

  /** Prints at most so many rows; returns the exit code. */
  int print(List<RunsCommand.Part> asked, int limit) {
    // asked together, clouds would share the limit by who answers first
    List<RunsCommand.Part> parts =
        isStreamed() || limit == Integer.MAX_VALUE
            ? asked
            : asked.stream().flatMap(RunsCommand.Part::each).toList();
    RunWriter writer =
        summary ? new RunSummary(io, format) : RunWriter.of(format, io, targets::name);
    Set<JobClient> clients = new LinkedHashSet<>();
    List<JobRun> collected = new ArrayList<>();
    boolean missing = false;
    int rows = 0;
    for (RunsCommand.Part part : parts) {
      clients.addAll(part.clients());
      if (rows >= limit) {
        part.clients()
            .forEach(
                client -> problems.note(client.name(), "not asked, because --limit was reached"));
        continue;
      }
      int read = 0;
      Set<Object> expected = new LinkedHashSet<>(part.query().runs());
      window = window(part.query());
      conditions = conditions(part.query());
      byJob |= !part.query().jobs().isEmpty();
      FleetRuns runs = part.ask();
      try (var stream = runs.stream()) {
        for (JobRun run : (Iterable<JobRun>) stream::iterator) {
          expected.remove(run.ref());
          read++;
          if (isStreamed()) {
            if (!write(writer, run)) {
              return ExitCode.OK; // nobody reads any more, as in `| head -1`
            }
            if (++rows >= limit) {
              break;
            }
          } else {
            collected.add(run);
          }
        }
      }
      Map<String, JobException> failed = JobLensCommand.byCloud(runs.failures());
      failed.forEach(failures::putIfAbsent);
      sources.addAll(runs.coverage().sources());
      if (failed.isEmpty() && read < limit && isOnlyById(part)) {
        missing |= !expected.isEmpty();
        String cloud = part.clients().get(0).name();
        expected.forEach(ref -> problems.error("not found: " + cloud + "@" + ref));
      }
    }
    if (collected.size() > limit) {
      collected.sort(RunWriter.NEWEST_FIRST);
      problems.progress(
          "Shown are the newest %d of %d runs; each cloud was read no further than that."
              .formatted(limit, collected.size()),
          Map.of());
    }
    for (JobRun run : collected.subList(0, Math.min(limit, collected.size()))) {
      write(writer, run);
    }
    writer.end(new Coverage(sources));
    if (format == Format.TABLE && !io.out().checkError()) {
      printFooter(clients);
    }
    if (totals.isEmpty() && isStreamed()) {
      problems.progress(noRuns() + ".", Map.of());
    }
    printProblems();
    int code = ExitCode.of(new ExitCode.Outcome(clients.size(), failures, false, missing, false));
    return code == ExitCode.OK && !skipped().isEmpty() ? ExitCode.PARTIAL : code;
  }

  /** Tells whether rows are printed as they come, and the first of them where not all are. */
  private boolean isStreamed() {
    return !summary && (format == Format.NDJSON || format == Format.CSV);
  }

  private boolean write(RunWriter writer, JobRun run) {
    totals.merge(run.state(), 1, Integer::sum);
    shown.merge(run.cloud(), 1, Integer::sum);
    run.notes().forEach(note -> notes.merge(note, 1, Integer::sum));
    return writer.write(run);
  }

  /** Returns parts of clouds that could not be listed while the rest could. */
  private List<Coverage.Source> skipped() {
    return sources.stream()
        .filter(source -> source.error().isPresent() && !failures.containsKey(source.cloud()))
        .toList();
  }

  /** Only without other conditions is a run that does not come one that does not exist. */
  private static boolean isOnlyById(RunsCommand.Part part) {
    var query = part.query();
    return !query.problemsOnly()
        && query.states().isEmpty()
        && query.name().isEmpty()
        && query.tags().isEmpty()
        && query.since().isEmpty()
        && query.until().isEmpty();
  }

  private void printFooter(Set<JobClient> clients) {
    int runs = totals.values().stream().mapToInt(Integer::intValue).sum();
    String states =
        totals.entrySet().stream()
            .map(entry -> entry.getValue() + " " + entry.getKey())
            .collect(Collectors.joining(", "));
    line(
        (runs == 0 ? noRuns() : runs + (runs == 1 ? " run: " : " runs: ") + states)
            + ". Times are "
            + (io.zone().normalized().equals(ZoneOffset.UTC) ? "UTC" : io.zone().getId())
            + ".");
    if (runs == 0 && byJob) {
      line(
          "--job takes an id or a name of the configuration; --name looks for the vendor's names.");
    }
    long complete = clients.stream().filter(client -> isComplete(client.name())).count();
    line(complete + " of " + clients.size() + " sources complete:");
    Table table = new Table("source", "provider", ">runs", "read");
    for (JobClient client : clients) {
      table.row(
          client.name(),
          client.provider().value(),
          Integer.toString(shown.getOrDefault(client.name(), 0)),
          failures.containsKey(client.name())
              ? "failed"
              : isComplete(client.name()) ? "to the end" : "in part");
    }
    table.lines(0, false).stream().skip(1).forEach(line -> line("  " + line));
    notes.forEach((note, count) -> line(count + (count == 1 ? " run: " : " runs: ") + note));
    footer.flush();
  }

  /** Says how many runs were read and which conditions they did not meet. */
  private String noRuns() {
    long read = sources.stream().mapToLong(Coverage.Source::read).sum();
    if (read == 0) {
      return "No runs" + conditions + window;
    }
    Map<Filter, Long> dropped = new EnumMap<>(Filter.class);
    sources.forEach(
        source -> source.dropped().forEach((by, count) -> dropped.merge(by, count, Long::sum)));
    return "No runs match"
        + window
        + "; of "
        + read
        + " read, "
        + dropped.entrySet().stream()
            .map(entry -> entry.getValue() + " " + condition(entry.getKey()))
            .collect(Collectors.joining(", "));
  }

  /** Says which runs were asked for, for vendors that leave the others out themselves. */
  private static String conditions(JobQuery query) {
    StringBuilder text = new StringBuilder();
    if (!query.states().isEmpty()) {
      text.append(" in state ")
          .append(query.states().stream().map(JobState::name).collect(Collectors.joining(", ")));
    }
    query.name().ifPresent(name -> text.append(" named ").append(name));
    query.tags().forEach((key, value) -> text.append(" tagged ").append(key + "=" + value));
    if (!query.jobs().isEmpty()) {
      text.append(" of job ").append(String.join(", ", query.jobs()));
    }
    return text.toString();
  }

  /** Says which time was asked about, in the user's own zone. */
  private String window(JobQuery query) {
    String from = query.since().map(time -> " from " + show(time)).orElse("");
    String to = query.until().map(time -> " to " + show(time)).orElse("");
    return from.isEmpty() && to.isEmpty()
        ? ""
        : " that were " + query.by().name().toLowerCase(Locale.ROOT) + from + to;
  }

  private String show(Instant time) {
    return time.atZone(io.zone()).format(TIME);
  }

  private static String condition(Filter filter) {
    return switch (filter) {
      case CREATED -> "were created outside the time asked for";
      case FINISHED -> "finished outside the time asked for";
      case STATE -> "are in another state";
      case PROBLEM -> "are no problems";
      case NAME -> "have another name";
      case TAG -> "do not have the tag";
      case JOB -> "are of another job";
      case RUN_ID -> "are other runs";
    };
  }

  private boolean isComplete(String cloud) {
    return !failures.containsKey(cloud) && of(cloud).stream().allMatch(Coverage.Source::complete);
  }

  private List<Coverage.Source> of(String cloud) {
    return sources.stream().filter(source -> source.cloud().equals(cloud)).toList();
  }

  private void printProblems() {
    Map<String, List<Coverage.Source>> clouds =
        sources.stream()
            .collect(
                Collectors.groupingBy(
                    Coverage.Source::cloud, LinkedHashMap::new, Collectors.toList()));
    clouds.forEach(this::printNotes);
    skipped().forEach(source -> source.error().ifPresent(problems::error));
    failures.values().forEach(problems::error);
  }

  /** What is true of every scope of a cloud is said once, without a scope. */
  private void printNotes(String cloud, List<Coverage.Source> scopes) {
    Map<String, List<String>> scopesByNote = new LinkedHashMap<>();
    for (Coverage.Source source : scopes) {
      for (String note : new LinkedHashSet<>(source.notes())) {
        scopesByNote.computeIfAbsent(note, key -> new ArrayList<>()).add(source.scope());
      }
    }
    scopesByNote.forEach(
        (note, where) -> {
          String prefix = where.size() == scopes.size() ? "" : String.join(", ", where) + ": ";
          problems.note(cloud, prefix + note);
        });
  }

  private void line(String text) {
    footer.print(text + "\n");
  }
}
