package io.joblens;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** How many tasks of a run are where. A count that the vendor does not give is absent, never 0. */
public final class TaskCounts {
  /** No counts at all. */
  public static final TaskCounts NONE = builder().build();

  private final @Nullable Long total;
  private final @Nullable Long pending;
  private final @Nullable Long running;
  private final @Nullable Long succeeded;
  private final @Nullable Long failed;

  private TaskCounts(Builder builder) {
    this.total = builder.total;
    this.pending = builder.pending;
    this.running = builder.running;
    this.succeeded = builder.succeeded;
    this.failed = builder.failed;
  }

  /** Starts with every count absent. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns all tasks. */
  public OptionalLong total() {
    return optional(total);
  }

  /** Returns tasks that have not started. */
  public OptionalLong pending() {
    return optional(pending);
  }

  /** Returns tasks that execute. */
  public OptionalLong running() {
    return optional(running);
  }

  /** Returns tasks that ended well. */
  public OptionalLong succeeded() {
    return optional(succeeded);
  }

  /** Returns tasks that ended badly. */
  public OptionalLong failed() {
    return optional(failed);
  }

  /** Tells whether no count is there. */
  public boolean isEmpty() {
    return toMap().isEmpty();
  }

  /** Tells whether more tasks are somewhere than there are in all. */
  boolean exceedTotal() {
    long parts =
        pending().orElse(0) + running().orElse(0) + succeeded().orElse(0) + failed().orElse(0);
    return total != null && parts > total;
  }

  Map<String, Long> toMap() {
    Map<String, Long> map = new LinkedHashMap<>();
    total().ifPresent(count -> map.put("total", count));
    pending().ifPresent(count -> map.put("pending", count));
    running().ifPresent(count -> map.put("running", count));
    succeeded().ifPresent(count -> map.put("succeeded", count));
    failed().ifPresent(count -> map.put("failed", count));
    return map;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof TaskCounts counts && toMap().equals(counts.toMap());
  }

  @Override
  public int hashCode() {
    return toMap().hashCode();
  }

  @Override
  public String toString() {
    return toMap().toString();
  }

  private static OptionalLong optional(@Nullable Long value) {
    return value == null ? OptionalLong.empty() : OptionalLong.of(value);
  }

  /** Builds {@link TaskCounts}; null means absent. */
  public static final class Builder {
    private @Nullable Long total;
    private @Nullable Long pending;
    private @Nullable Long running;
    private @Nullable Long succeeded;
    private @Nullable Long failed;

    private Builder() {}

    /** Sets all tasks. */
    public Builder total(@Nullable Long count) {
      total = count;
      return this;
    }

    /** Sets tasks that have not started. */
    public Builder pending(@Nullable Long count) {
      pending = count;
      return this;
    }

    /** Sets tasks that execute. */
    public Builder running(@Nullable Long count) {
      running = count;
      return this;
    }

    /** Sets tasks that ended well. */
    public Builder succeeded(@Nullable Long count) {
      succeeded = count;
      return this;
    }

    /** Sets tasks that ended badly. */
    public Builder failed(@Nullable Long count) {
      failed = count;
      return this;
    }

    /** Returns the counts. */
    public TaskCounts build() {
      return new TaskCounts(this);
    }
  }
}
