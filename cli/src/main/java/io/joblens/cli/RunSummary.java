package io.joblens.cli;

import io.joblens.Coverage;
import io.joblens.JobRef;
import io.joblens.JobRun;
import io.joblens.JobState;
import io.joblens.spi.Json;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Counts runs by cloud, job and state. */
final class RunSummary extends RunWriter {
  private record Key(String cloud, JobRef job) {}

  private static final class Count {
    private Optional<String> name = Optional.empty();
    private final Map<JobState, Long> states = new EnumMap<>(JobState.class);
    private long problems;

    private long runs() {
      return states.values().stream().mapToLong(Long::longValue).sum();
    }
  }

  private final Io io;
  private final Format format;
  private final Map<Key, Count> counts =
      new TreeMap<>(Comparator.comparing(Key::cloud).thenComparing(key -> key.job().toString()));

  RunSummary(Io io, Format format) {
    super(io.out());
    this.io = io;
    this.format = format;
  }

  @Override
  boolean write(JobRun run) {
    // a job that is executed once is its own run: counted each for itself they would be no summary
    JobRef ref = run.ref().job();
    boolean isOwnRun = ref.segments().equals(run.ref().segments());
    JobRef job = isOwnRun ? new JobRef(ref.provider(), ref.region(), List.of("*")) : ref;
    Count count = counts.computeIfAbsent(new Key(run.cloud(), job), key -> new Count());
    if (!isOwnRun) {
      count.name = run.name();
    }
    count.states.merge(run.state(), 1L, Long::sum);
    count.problems += run.isProblem() ? 1 : 0;
    return true;
  }

  @Override
  void end(Coverage coverage) {
    List<Map<String, Object>> rows = new ArrayList<>();
    counts.forEach((key, count) -> rows.add(row(key, count)));
    switch (format) {
      case JSON ->
          out.print(
              "{\"schema\":1,\"summary\":"
                  + Json.write(rows)
                  + ",\"sources\":"
                  + coverage.toJson()
                  + "}\n");
      case NDJSON -> rows.forEach(row -> out.print(Json.write(row) + "\n"));
      default -> table().lines(0, io.colours()).forEach(line -> out.print(line + "\n"));
    }
    out.flush();
  }

  private static Map<String, Object> row(Key key, Count count) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("cloud", key.cloud());
    row.put("job", key.job());
    row.put("name", count.name);
    row.put("runs", count.runs());
    row.put("problems", count.problems);
    row.put("states", count.states);
    return row;
  }

  private static String label(Key key, Count count) {
    return count.name.orElseGet(() -> key.job().jobId());
  }

  /** Returns where a job is whose name others have, too. */
  private static String place(JobRef job) {
    return job.region() + ":" + Address.join(job.segments());
  }

  private Table table() {
    Set<JobState> states = EnumSet.noneOf(JobState.class);
    counts.values().forEach(count -> states.addAll(count.states.keySet()));
    List<String> headings = new ArrayList<>(List.of("CLOUD", "JOB", ">RUNS", ">PROBLEMS"));
    states.forEach(state -> headings.add(">" + state));
    Table table = new Table(headings.toArray(String[]::new));
    Set<List<String>> shown = new HashSet<>();
    Set<List<String>> ambiguous = new HashSet<>();
    counts.forEach(
        (key, count) -> {
          List<String> label = List.of(key.cloud(), label(key, count));
          if (!shown.add(label)) {
            ambiguous.add(label);
          }
        });
    counts.forEach(
        (key, count) -> {
          String label = label(key, count);
          boolean isAmbiguous = ambiguous.contains(List.of(key.cloud(), label));
          List<Table.Cell> cells = new ArrayList<>();
          cells.add(Table.Cell.of(key.cloud()));
          cells.add(Table.Cell.of(isAmbiguous ? label + " (" + place(key.job()) + ")" : label));
          cells.add(Table.Cell.of(Long.toString(count.runs())));
          cells.add(new Table.Cell(Long.toString(count.problems), count.problems > 0 ? "31" : ""));
          states.forEach(
              state ->
                  cells.add(
                      Table.Cell.of(
                          count.states.containsKey(state)
                              ? Long.toString(count.states.get(state))
                              : "")));
          table.row(cells);
        });
    return table;
  }
}
