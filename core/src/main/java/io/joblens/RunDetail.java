package io.joblens;

import static java.util.Objects.requireNonNull;

import io.joblens.spi.Json;
import io.joblens.spi.LogTail;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
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

  /** Takes what removes secrets that are known; what looks like one is always masked. */
  private RunDetail(Builder builder, JobRun run, UnaryOperator<String> known) {
    UnaryOperator<String> clean = text -> LogTail.masked(known.apply(text));
    this.run = cleaned(run, clean);
    this.reason = builder.reason == null ? null : clean.apply(builder.reason);
    this.waitingFor = builder.waitingFor == null ? null : clean.apply(builder.waitingFor);
    List<TaskDetail> ordered = new ArrayList<>();
    builder.tasks.stream().filter(task -> task.state() == JobState.FAILED).forEach(ordered::add);
    builder.tasks.stream().filter(task -> task.state() != JobState.FAILED).forEach(ordered::add);
    this.tasks = ordered.stream().map(task -> task.cleaned(clean)).toList();
    List<String> all = new ArrayList<>(builder.notes);
    long failed = run.tasks().failed().orElse(0);
    if (failed > 0
        && builder.hasTaskList
        && tasks.stream().noneMatch(task -> task.state() == JobState.FAILED)) {
      all.add(failed + " failed by the vendor's count, none of those that were read");
    }
    this.notes = all.stream().map(known).toList();
  }

  /** What the vendor says is in the message, and by the vendor's own name in an attribute too. */
  private static JobRun cleaned(JobRun run, UnaryOperator<String> clean) {
    Map<String, @Nullable Object> attributes = new LinkedHashMap<>(run.attributes());
    attributes.replaceAll(
        (name, value) -> value instanceof String text ? clean.apply(text) : value);
    return run.toBuilder()
        .message(run.message().map(clean).orElse(null))
        .attributes(attributes)
        .build();
  }

  /** Starts a detail of this run. */
  public static Builder builder(JobRun.Builder run) {
    return new Builder(run);
  }

  /** Returns the run, as it was read for this. */
  public JobRun run() {
    return run;
  }

  /**
   * Returns the vendor's word on why the run as a whole is in its state. What looks like a secret
   * is masked, here and in all other texts.
   */
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
    private boolean hasTaskList = true;

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

    /**
     * Says that the vendor has no list of tasks, and what is known of them without; a failure that
     * it counts is then no contradiction.
     */
    public Builder noTaskList(String note) {
      hasTaskList = false;
      return note(note);
    }

    /** Returns the detail, with the run that core has completed. */
    public RunDetail build(JobRun completed) {
      return build(completed, text -> text);
    }

    /**
     * Returns the detail, with the run that core has completed.
     *
     * @param masking masks the secrets that core knows, wherever the vendor or the job repeats them
     */
    public RunDetail build(JobRun completed, UnaryOperator<String> masking) {
      return new RunDetail(this, completed, masking);
    }
  }
}
