package io.joblens.testkit;

import static java.util.Objects.requireNonNull;

import io.joblens.spi.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The runs and jobs that fake clouds show. It begins at the moment it is made and moves with its
 * clock: a {@link ManualTime} for tests, the system's for demonstrations. One world can stand
 * behind several clouds. Thread-safe.
 */
public final class World {

  /**
   * A run as it is at one moment.
   *
   * @param run the run
   * @param start when the world began
   * @param elapsed how long ago that is
   */
  public record Row(FakeRun run, Instant start, Duration elapsed) {

    /** Returns the run's id. */
    public String id() {
      return run.id();
    }

    /** Returns the vendor's word for its state. */
    public String word() {
      return run.timeline().floorEntry(elapsed).getValue();
    }

    /** Returns when it appeared. */
    public Instant createdAt() {
      return start.plus(run.timeline().firstKey());
    }

    /** Returns when it was put into its present state. */
    public Instant changedAt() {
      return start.plus(run.timeline().floorKey(elapsed));
    }

    /** Returns when it started to execute, if it has. */
    public Optional<Instant> startedAt() {
      return past(run.started());
    }

    /** Returns when it ended, if it has. */
    public Optional<Instant> finishedAt() {
      return past(run.ended());
    }

    /** Returns when it is due, if that was said. */
    public Optional<Instant> scheduledAt() {
      return run.scheduled().map(start::plus);
    }

    /** Returns the business time it works for, if that was said. */
    public Optional<Instant> dataAt() {
      return run.data().map(start::plus);
    }

    private Optional<Instant> past(Optional<Duration> time) {
      return time.filter(at -> at.compareTo(elapsed) <= 0).map(start::plus);
    }
  }

  private final TimeSource time;
  private final Instant start;
  private final Map<String, FakeRun> runs = new LinkedHashMap<>();
  private final Map<String, FakeJob> jobs = new LinkedHashMap<>();

  /** Begins a world at the clock's present time. */
  public World(TimeSource time) {
    this.time = requireNonNull(time, "time");
    this.start = time.now();
  }

  /** Returns the clock. */
  public TimeSource time() {
    return time;
  }

  /** Returns when the world began. */
  public Instant start() {
    return start;
  }

  /** Adds a run, replacing one with the same id. */
  public synchronized World add(FakeRun run) {
    runs.put(run.id(), run);
    return this;
  }

  /** Adds a run, replacing one with the same id. */
  public World add(FakeRun.Builder run) {
    return add(run.build());
  }

  /** Adds a job, replacing one with the same id. */
  public synchronized World add(FakeJob job) {
    jobs.put(job.id(), job);
    return this;
  }

  /** Adds a job, replacing one with the same id. */
  public World add(FakeJob.Builder job) {
    return add(job.build());
  }

  /** Takes a run away, as a vendor's retention does. */
  public synchronized World remove(String runId) {
    runs.remove(runId);
    return this;
  }

  /** Takes a job away, as one who deletes its definition does; its runs stay. */
  public synchronized World remove(FakeJob job) {
    jobs.remove(job.id());
    return this;
  }

  /** Returns the runs that have appeared by now, in the order they were added. */
  public List<Row> runs() {
    Duration elapsed = Duration.between(start, time.now());
    synchronized (this) {
      return runs.values().stream()
          .filter(run -> run.timeline().firstKey().compareTo(elapsed) <= 0)
          .map(run -> new Row(run, start, elapsed))
          .toList();
    }
  }

  /** Returns the runs that have appeared by now in the region. */
  public List<Row> runs(String region) {
    return runs().stream().filter(row -> isIn(row.run().region(), region)).toList();
  }

  /** Returns the run, if it has appeared by now. */
  public Optional<Row> run(String id) {
    return runs().stream().filter(row -> row.id().equals(id)).findFirst();
  }

  /** Returns the jobs, in the order they were added. */
  public synchronized List<FakeJob> jobs() {
    return List.copyOf(jobs.values());
  }

  /** Returns the jobs in the region, in the order they were added. */
  public List<FakeJob> jobs(String region) {
    return jobs().stream().filter(job -> isIn(job.region(), region)).toList();
  }

  /** Returns the job. */
  public synchronized Optional<FakeJob> job(String id) {
    return Optional.ofNullable(jobs.get(id));
  }

  private static boolean isIn(String own, String region) {
    return own.isEmpty() || own.equals(region);
  }
}
