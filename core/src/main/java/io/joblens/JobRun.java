package io.joblens;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One execution of a job, as it was at {@link #observedAt()}. Immutable. What a vendor does not say
 * is absent; nothing is invented.
 */
public interface JobRun {

  /** Returns what names this run everywhere. */
  RunRef ref();

  /** Returns the name of the configured cloud it was read from. */
  String cloud();

  /** Returns the label of the account it belongs to. */
  String account();

  /**
   * Returns the job's name, where the row carries one or the configuration gives the job an alias.
   */
  Optional<String> name();

  /** Returns the state in neutral words. */
  JobState state();

  /** Returns the vendor's own word for the state; empty text when it gave none. */
  String rawState();

  /** Returns how final the vendor's word is. */
  Finality finality();

  /** Tells whether the run has ended. A vendor may start it again later. */
  default boolean isFinished() {
    return finality() == Finality.FINISHED;
  }

  /**
   * Tells whether somebody should look: FAILED, REJECTED, CANCELLED, UNKNOWN, or SUCCEEDED with
   * failed tasks.
   */
  default boolean isProblem() {
    return switch (state()) {
      case FAILED, REJECTED, CANCELLED, UNKNOWN -> true;
      case SUCCEEDED -> tasks().failed().orElse(0) > 0;
      default -> false;
    };
  }

  /** Returns what the vendor says about the run, such as the reason of a failure. */
  Optional<String> message();

  /** Returns what caused the run. */
  Trigger trigger();

  /** Returns when the vendor made the run. */
  Optional<Instant> createdAt();

  /** Returns when it was due. */
  Optional<Instant> scheduledAt();

  /** Returns the business time it works for. */
  Optional<Instant> dataAt();

  /** Returns when it started to execute. */
  Optional<Instant> startedAt();

  /** Returns when it ended. */
  Optional<Instant> finishedAt();

  /** Returns when the vendor's answer with this row arrived, by the clock of the client. */
  Instant observedAt();

  /** Returns finished − started; absent unless both are known and in that order. */
  default Optional<Duration> duration() {
    return startedAt()
        .flatMap(start -> finishedAt().map(end -> Duration.between(start, end)))
        .filter(time -> !time.isNegative());
  }

  /**
   * Returns the duration or, for a run that goes on, the time from its start to the observation.
   */
  default Optional<Duration> elapsed() {
    return duration()
        .or(
            () ->
                isFinished()
                    ? Optional.empty()
                    : startedAt()
                        .map(start -> Duration.between(start, observedAt()))
                        .filter(time -> !time.isNegative()));
  }

  /** Returns how many tasks of it are where. */
  TaskCounts tasks();

  /** Returns the run's tags. */
  Map<String, String> tags();

  /**
   * Returns the vendor's other fields by their own names — text, numbers, booleans, maps, lists —
   * with secrets masked. Read from {@link #raw()} on each call.
   */
  Map<String, @Nullable Object> attributes();

  /** Returns contradictions in the vendor's data and assumptions made about it. */
  List<String> notes();

  /** Returns the vendor's own JSON for this row. */
  Optional<RawJson> raw();

  /**
   * Returns the row as one line of JSON: absent fields left out, times in ISO-8601 UTC, secrets
   * masked. The field names are a contract.
   */
  String toJson();

  /** Returns a builder that starts from this run. */
  Builder toBuilder();

  /** Starts a run. Without more it is UNKNOWN, not finished, and knows no time. */
  static Builder builder(RunRef ref) {
    return new Builder(ref);
  }

  /** Builds a {@link JobRun}; null means absent. Not thread-safe. */
  final class Builder {
    final RunRef ref;
    String cloud = "";
    String account = "";
    @Nullable String name;
    JobState state = JobState.UNKNOWN;
    String rawState = "";
    Finality finality = Finality.OPEN;
    @Nullable String message;
    Trigger trigger = Trigger.UNKNOWN;
    @Nullable Instant createdAt;
    @Nullable Instant scheduledAt;
    @Nullable Instant dataAt;
    @Nullable Instant startedAt;
    @Nullable Instant finishedAt;
    Instant observedAt = Instant.EPOCH;
    TaskCounts tasks = TaskCounts.NONE;
    Map<String, String> tags = Map.of();
    @Nullable Map<String, @Nullable Object> attributes;
    Set<String> neutralFields = Set.of();
    List<String> notes = List.of();
    @Nullable RawJson raw;

    Builder(RunRef ref) {
      this.ref = ref;
    }

    /** Returns the run's reference. */
    public RunRef ref() {
      return ref;
    }

    /** Sets the cloud's name. Core does this for every row. */
    public Builder cloud(String value) {
      cloud = value;
      return this;
    }

    /** Sets the account's label. Core does this for every row. */
    public Builder account(String value) {
      account = value;
      return this;
    }

    /** Sets the job's name. */
    public Builder name(@Nullable String value) {
      name = value;
      return this;
    }

    /** Tells whether there is a name. */
    public boolean hasName() {
      return name != null;
    }

    /** Sets the name unless there is one. Core does this with the configuration's aliases. */
    public Builder nameIfAbsent(@Nullable String value) {
      return name == null ? name(value) : this;
    }

    /** Sets the state, finished or not by its usual meaning: SUCCEEDED, FAILED and the like are. */
    public Builder state(JobState value) {
      finality =
          switch (value) {
            case SUCCEEDED, FAILED, CANCELLED, REJECTED, SKIPPED -> Finality.FINISHED;
            default -> Finality.OPEN;
          };
      return state(value, finality, value.name());
    }

    /** Sets the state, how final it is, and the vendor's own word. */
    public Builder state(JobState value, Finality howFinal, String vendorWord) {
      state = value;
      finality = howFinal;
      rawState = vendorWord;
      return this;
    }

    /** Sets how final the state is. */
    public Builder finality(Finality value) {
      finality = value;
      return this;
    }

    /** Sets what the vendor says about the run. */
    public Builder message(@Nullable String value) {
      message = value;
      return this;
    }

    /** Sets what caused it. */
    public Builder trigger(Trigger value) {
      trigger = value;
      return this;
    }

    /** Sets when the vendor made it. */
    public Builder createdAt(@Nullable Instant value) {
      createdAt = value;
      return this;
    }

    /** Sets when it was due. */
    public Builder scheduledAt(@Nullable Instant value) {
      scheduledAt = value;
      return this;
    }

    /** Sets its business time. */
    public Builder dataAt(@Nullable Instant value) {
      dataAt = value;
      return this;
    }

    /** Sets when it started. */
    public Builder startedAt(@Nullable Instant value) {
      startedAt = value;
      return this;
    }

    /** Sets when it ended. */
    public Builder finishedAt(@Nullable Instant value) {
      finishedAt = value;
      return this;
    }

    /** Sets when it was seen. Core does this for every row. */
    public Builder observedAt(Instant value) {
      observedAt = value;
      return this;
    }

    /** Sets the task counts; a note says so when they exceed their total. */
    public Builder tasks(TaskCounts value) {
      tasks = value;
      return value.exceedTotal() ? note("task counts exceed total") : this;
    }

    /** Sets the tags. */
    public Builder tags(Map<String, String> value) {
      tags = Collections.unmodifiableMap(new LinkedHashMap<>(value)); // in the vendor's order
      return this;
    }

    /** Sets the vendor's other fields; without this they are read from the raw JSON. */
    public Builder attributes(Map<String, @Nullable Object> value) {
      attributes = value;
      return this;
    }

    /**
     * Sets the vendor's own JSON.
     *
     * @param neutral its top-level fields that have a neutral name here and so are no attributes
     */
    public Builder raw(RawJson value, Set<String> neutral) {
      raw = value;
      neutralFields = neutral;
      return this;
    }

    /** Adds a contradiction or an assumption. */
    public Builder note(String value) {
      if (!notes.contains(value)) {
        List<String> longer = new ArrayList<>(notes);
        longer.add(value);
        notes = List.copyOf(longer);
      }
      return this;
    }

    /**
     * Returns the run. With an end time, an unsettled state is a finished one; a state that goes on
     * gets a note, and so does an end before the start.
     */
    public JobRun build() {
      if (finishedAt != null) {
        if (finality == Finality.UNSETTLED) {
          finality = Finality.FINISHED;
        } else if (finality == Finality.OPEN) {
          note("has an end time but a state that goes on");
        }
        if (startedAt != null && finishedAt.isBefore(startedAt)) {
          note("ends before it starts");
        }
      }
      return new JobRunValue(this);
    }
  }
}
