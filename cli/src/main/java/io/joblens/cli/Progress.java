package io.joblens.cli;

import io.joblens.JobClient;
import io.joblens.JobException;
import io.joblens.JobRun;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * How waiting goes on, on standard error: one live line on a terminal, otherwise a line whenever a
 * run changes its state. Thread-safe.
 */
final class Progress implements AutoCloseable {
  private final Io io;
  private final Problems problems;
  private final boolean live;
  private final Duration limit;
  private final Instant start;
  private final int awaited;
  private final Map<String, JobClient> clients = new LinkedHashMap<>();
  private final Map<Targets.Run, JobRun> last = new LinkedHashMap<>();
  private int shown;
  private boolean closed;

  Progress(
      Io io,
      Problems problems,
      boolean json,
      Duration limit,
      Map<JobClient, List<Targets.Run>> asked) {
    this.io = io;
    this.problems = problems;
    this.live = io.errIsTerminal() && !json;
    this.limit = limit;
    this.start = io.clock().instant();
    this.awaited = asked.values().stream().mapToInt(List::size).sum();
    asked.keySet().forEach(client -> clients.put(client.name(), client));
    if (live) {
      Thread ticker = new Thread(this::tick, "progress");
      ticker.setDaemon(true);
      ticker.start();
    }
  }

  /** Takes a run as a look shows it. */
  synchronized void saw(JobRun run) {
    JobClient client = clients.get(run.cloud());
    if (client == null || closed) {
      return;
    }
    JobRun before = last.put(new Targets.Run(client, run.ref()), run);
    if (live) {
      show();
    } else if (before == null
        || before.state() != run.state()
        || !before.rawState().equals(run.rawState())) {
      problems.progress(
          DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT)
                  .withZone(io.zone())
                  .format(run.observedAt())
              + " "
              + run.cloud()
              + "@"
              + run.ref()
              + " "
              + words(run),
          RunWriter.progressFields(run));
    }
  }

  /** Returns each run as it was last seen. */
  synchronized Map<Targets.Run, JobRun> lastSeen() {
    return new LinkedHashMap<>(last);
  }

  /** Says what went wrong, above the live line. */
  synchronized void problem(String message) {
    clear();
    problems.error(message);
  }

  /** Says what went wrong, above the live line. */
  synchronized void problem(JobException error) {
    clear();
    problems.error(error);
  }

  /** Takes the live line away. */
  @Override
  public synchronized void close() {
    clear();
    closed = true;
    notifyAll();
  }

  private synchronized void tick() {
    try {
      while (!closed) {
        show();
        wait(1000);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void show() {
    Duration waited = Duration.between(start, io.clock().instant()).truncatedTo(ChronoUnit.SECONDS);
    String line =
        Cells.cut(
            Cells.clean(state() + " · waited " + Times.show(waited) + " of " + Times.show(limit)),
            io.columns() - 1);
    int width = Cells.width(line);
    io.err().print("\r" + line + " ".repeat(Math.max(0, shown - width)));
    io.err().flush();
    shown = width;
  }

  private String state() {
    if (last.isEmpty()) {
      return "looking for " + (awaited == 1 ? "the run" : awaited + " runs");
    }
    if (awaited == 1) {
      JobRun run = last.values().iterator().next();
      return run.cloud() + "@" + run.ref().runId() + " " + words(run);
    }
    Map<String, Long> states =
        last.values().stream()
            .collect(
                Collectors.groupingBy(r -> r.state().name(), TreeMap::new, Collectors.counting()));
    long finished = last.values().stream().filter(JobRun::isFinished).count();
    return finished
        + " of "
        + awaited
        + " finished ("
        + states.entrySet().stream()
            .map(entry -> entry.getValue() + " " + entry.getKey())
            .collect(Collectors.joining(", "))
        + ")";
  }

  private static String words(JobRun run) {
    String raw = run.rawState();
    String tasks = RunWriter.showTasks(run.tasks());
    String duration = RunWriter.showDuration(run);
    return run.state()
        + (raw.isEmpty() || raw.equals(run.state().name()) ? "" : " (" + raw + ")")
        + (tasks.isEmpty() ? "" : " · tasks " + tasks)
        + (duration.isEmpty() ? "" : " · " + duration);
  }

  private void clear() {
    if (shown > 0) {
      io.err().print("\r" + " ".repeat(shown) + "\r");
      io.err().flush();
      shown = 0;
    }
  }
}
