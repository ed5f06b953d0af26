package io.joblens;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One task, instance or target of a run, as far as the vendor tells. Immutable. What it does not
 * say is absent.
 */
public final class TaskDetail {
  private final String name;
  private final JobState state;
  private final String rawState;
  private final @Nullable Integer exitCode;
  private final @Nullable String reason;
  private final @Nullable Instant createdAt;
  private final @Nullable Instant startedAt;
  private final @Nullable Instant finishedAt;
  private final @Nullable String logTail;
  private final Map<String, String> attributes;

  private TaskDetail(Builder builder) {
    this.name = builder.name;
    this.state = builder.state;
    this.rawState = builder.rawState;
    this.exitCode = builder.exitCode;
    this.reason = builder.reason;
    this.createdAt = builder.createdAt;
    this.startedAt = builder.startedAt;
    this.finishedAt = builder.finishedAt;
    this.logTail = builder.logTail;
    this.attributes = Map.copyOf(builder.attributes);
  }

  /**
   * Starts a task.
   *
   * @param name what the vendor calls it, such as {@code etl/0} or a server's name
   * @param rawState the vendor's own word
   */
  public static Builder builder(String name, JobState state, String rawState) {
    return new Builder(name, state, rawState);
  }

  /** Returns what the vendor calls it. */
  public String name() {
    return name;
  }

  /** Returns its state. */
  public JobState state() {
    return state;
  }

  /** Returns the vendor's own word for its state. */
  public String rawState() {
    return rawState;
  }

  /** Returns its exit code. */
  public OptionalInt exitCode() {
    return exitCode == null ? OptionalInt.empty() : OptionalInt.of(exitCode);
  }

  /** Returns what the vendor says of why it is in its state. */
  public Optional<String> reason() {
    return Optional.ofNullable(reason);
  }

  /** Returns when it was created. */
  public Optional<Instant> createdAt() {
    return Optional.ofNullable(createdAt);
  }

  /** Returns when it began to execute. */
  public Optional<Instant> startedAt() {
    return Optional.ofNullable(startedAt);
  }

  /** Returns when it ended. */
  public Optional<Instant> finishedAt() {
    return Optional.ofNullable(finishedAt);
  }

  /**
   * Returns the end of what it wrote, at most {@link io.joblens.spi.LogTail#MOST} characters, with
   * what looks like a secret masked.
   */
  public Optional<String> logTail() {
    return Optional.ofNullable(logTail);
  }

  /** Returns what else the vendor tells, by its own names. */
  public Map<String, String> attributes() {
    return attributes;
  }

  /** Returns the same with these words cleaned: a vendor may repeat what a job printed. */
  TaskDetail cleaned(UnaryOperator<String> clean) {
    Builder builder = new Builder(name, state, rawState);
    attributes.forEach((key, value) -> builder.attribute(key, clean.apply(value)));
    return builder
        .exitCode(exitCode)
        .reason(reason().map(clean).orElse(null))
        .createdAt(createdAt)
        .startedAt(startedAt)
        .finishedAt(finishedAt)
        .logTail(logTail().map(clean).orElse(null))
        .build();
  }

  Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("name", name);
    map.put("state", state);
    map.put("rawState", rawState);
    map.put("exitCode", Optional.ofNullable(exitCode));
    map.put("reason", reason());
    map.put("createdAt", createdAt());
    map.put("startedAt", startedAt());
    map.put("finishedAt", finishedAt());
    map.put("logTail", logTail());
    map.put("attributes", Optional.of(attributes).filter(all -> !all.isEmpty()));
    return map;
  }

  @Override
  public String toString() {
    return name + " " + state;
  }

  /** Builds a {@link TaskDetail}; what is null stays absent. */
  public static final class Builder {
    private final String name;
    private final JobState state;
    private final String rawState;
    private @Nullable Integer exitCode;
    private @Nullable String reason;
    private @Nullable Instant createdAt;
    private @Nullable Instant startedAt;
    private @Nullable Instant finishedAt;
    private @Nullable String logTail;
    private final Map<String, String> attributes = new LinkedHashMap<>();

    private Builder(String name, JobState state, String rawState) {
      this.name = name;
      this.state = state;
      this.rawState = rawState;
    }

    /** Sets the exit code. */
    public Builder exitCode(@Nullable Integer value) {
      exitCode = value;
      return this;
    }

    /** Sets what the vendor says of why it is in its state. */
    public Builder reason(@Nullable String value) {
      reason = value;
      return this;
    }

    /** Sets when it was created. */
    public Builder createdAt(@Nullable Instant value) {
      createdAt = value;
      return this;
    }

    /** Sets when it began to execute. */
    public Builder startedAt(@Nullable Instant value) {
      startedAt = value;
      return this;
    }

    /** Sets when it ended. */
    public Builder finishedAt(@Nullable Instant value) {
      finishedAt = value;
      return this;
    }

    /** Sets the end of what it wrote, made by {@link io.joblens.spi.LogTail}. */
    public Builder logTail(@Nullable String value) {
      logTail = value;
      return this;
    }

    /** Adds what else the vendor tells, by its own name; null adds nothing. */
    public Builder attribute(String key, @Nullable String value) {
      if (value != null) {
        attributes.put(key, value);
      }
      return this;
    }

    /** Returns the task. */
    public TaskDetail build() {
      return new TaskDetail(this);
    }
  }
}
