package io.joblens;

import static java.util.Objects.requireNonNull;

import io.joblens.spi.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A run with what the vendor tells of why it failed, or what it waits for. Immutable. The failed
 * tasks come first.
 */
public final class RunDetail {
  private final JobRun run;
  private final @Nullable String reason;
  private final @Nullable String waitingFor;
  private final List<TaskDetail> tasks;
  private final List<String> notes;

  private RunDetail(Builder builder, JobRun run) {
    this.run = run;
    this.reason = builder.reason;
    this.waitingFor = builder.waitingFor;
    List<TaskDetail> ordered = new ArrayList<>();
    builder.tasks.stream().filter(task -> task.state() == JobState.FAILED).forEach(ordered::add);
    builder.tasks.stream().filter(task -> task.state() != JobState.FAILED).forEach(ordered::add);
    this.tasks = List.copyOf(ordered);
    List<String> all = new ArrayList<>(builder.notes);
    long failed = run.tasks().failed().orElse(0);
    if (failed > 0 && tasks.stream().noneMatch(task -> task.state() == JobState.FAILED)) {
      all.add(failed + " failed by the vendor's count, none of those that were read");
    }
    this.notes = List.copyOf(all);
  }

  /** Starts a detail of this run. */
  public static Builder builder(JobRun.Builder run) {
    return new Builder(run);
  }

  /** Returns the run, as it was read for this. */
  public JobRun run() {
    return run;
  }

  /** Returns the vendor's word on why the run as a whole is in its state. */
  public Optional<String> reason() {
    return Optional.ofNullable(reason);
  }

  /** Returns what a run that has not started waits for. */
  public Optional<String> waitingFor() {
    return Optional.ofNullable(waitingFor);
  }

  /** Returns its tasks, as many as were read: {@link #notes()} names a limit that was met. */
  public List<TaskDetail> tasks() {
    return tasks;
  }

  /** Returns what is to be known about this: limits, contradictions, what could not be read. */
  public List<String> notes() {
    return notes;
  }

  /** Returns everything as one line of JSON, secrets masked. */
  public String toJson() {
    Map<String, @Nullable Object> map = new LinkedHashMap<>(RawJson.of(run.toJson()).fields());
    map.put("reason", reason());
    map.put("waitingFor", waitingFor());
    map.put("taskDetails", tasks.stream().map(TaskDetail::toMap).toList());
    map.put("detailNotes", Optional.of(notes).filter(list -> !list.isEmpty()));
    return Json.write(map);
  }

  @Override
  public String toString() {
    return run.ref() + " " + run.state() + (reason == null ? "" : ": " + reason);
  }

  /** Builds a {@link RunDetail}; what is null stays absent. */
  public static final class Builder {
    private final JobRun.Builder run;
    private @Nullable String reason;
    private @Nullable String waitingFor;
    private final List<TaskDetail> tasks = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    private Builder(JobRun.Builder run) {
      this.run = requireNonNull(run, "run");
    }

    /** Returns the run, for core to complete. */
    public JobRun.Builder run() {
      return run;
    }

    /** Sets the vendor's word on why the run is in its state. */
    public Builder reason(@Nullable String value) {
      reason = value;
      return this;
    }

    /** Sets what the run waits for. */
    public Builder waitingFor(@Nullable String value) {
      waitingFor = value;
      return this;
    }

    /** Adds a task. */
    public Builder task(TaskDetail task) {
      tasks.add(task);
      return this;
    }

    /** Adds something to be known. */
    public Builder note(String note) {
      notes.add(note);
      return this;
    }

    /** Returns the detail, with the run that core has completed. */
    public RunDetail build(JobRun completed) {
      return new RunDetail(this, completed);
    }
  }
}
