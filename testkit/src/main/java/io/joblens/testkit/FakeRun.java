package io.joblens.testkit;

import static java.util.Objects.requireNonNull;

import io.joblens.TaskCounts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A run in a {@link World}: what it is, and in which of the vendor's state words it is when. Times
 * count from the start of the world and may be negative. Immutable.
 */
public final class FakeRun {
  private final Builder data;

  private FakeRun(Builder data) {
    this.data = data;
  }

  /** Starts a run. It appears in the world with the first of its state words. */
  public static Builder builder(String id) {
    return new Builder(id);
  }

  /** Returns the run's own id. */
  public String id() {
    return data.id;
  }

  /** Returns the id of its job; empty where a job is its own run. */
  public String jobId() {
    return data.jobId;
  }

  /** Returns its region; empty when it is in every region. */
  public String region() {
    return data.region;
  }

  /** Returns its namespace or project; empty where the vendor has none. */
  public String namespace() {
    return data.namespace;
  }

  /** Returns its group; empty where the vendor has none. */
  public String group() {
    return data.group;
  }

  /** Returns its name; empty when it has none. */
  public String name() {
    return data.name;
  }

  /** Returns what the vendor says about it; empty when nothing. */
  public String message() {
    return data.message;
  }

  /** Returns the vendor's word for what caused it; empty when there is none. */
  public String trigger() {
    return data.trigger;
  }

  /** Returns the task counts. */
  public TaskCounts tasks() {
    return data.tasks;
  }

  /** Returns the tasks, instances or targets, as far as somebody said what became of them. */
  public List<FakeTask> taskList() {
    return data.taskList;
  }

  /** Returns the tags. */
  public Map<String, String> tags() {
    return data.tags;
  }

  /** Returns the vendor's other fields, by the vendor's names. */
  public Map<String, @Nullable Object> fields() {
    return data.fields;
  }

  /** Returns the state words by the time from which on they hold; never empty. */
  public NavigableMap<Duration, String> timeline() {
    return data.timeline;
  }

  /** Returns when it starts to execute, if it does. */
  public Optional<Duration> started() {
    return Optional.ofNullable(data.started);
  }

  /** Returns when it ends, if it does. */
  public Optional<Duration> ended() {
    return Optional.ofNullable(data.ended);
  }

  /** Returns when it is due, if that was said. */
  public Optional<Duration> scheduled() {
    return Optional.ofNullable(data.scheduled);
  }

  /** Returns the business time it works for, if that was said. */
  public Optional<Duration> data() {
    return Optional.ofNullable(data.data);
  }

  @Override
  public String toString() {
    return "FakeRun[" + data.id + " " + data.timeline + "]";
  }

  /** Builds a {@link FakeRun}. */
  public static final class Builder {
    private final String id;
    private String jobId = "";
    private String region = "";
    private String namespace = "";
    private String group = "";
    private String name = "";
    private String message = "";
    private String trigger = "";
    private TaskCounts tasks = TaskCounts.NONE;
    private List<FakeTask> taskList = new ArrayList<>();
    private Map<String, String> tags = new LinkedHashMap<>();
    private Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    private NavigableMap<Duration, String> timeline = new TreeMap<>();
    private @Nullable Duration started;
    private @Nullable Duration ended;
    private @Nullable Duration scheduled;
    private @Nullable Duration data;

    private Builder(String id) {
      this.id = requireNonNull(id, "id");
    }

    private Builder(Builder other) {
      id = other.id;
      jobId = other.jobId;
      region = other.region;
      namespace = other.namespace;
      group = other.group;
      name = other.name;
      message = other.message;
      trigger = other.trigger;
      tasks = other.tasks;
      taskList = List.copyOf(other.taskList);
      tags = Collections.unmodifiableMap(new LinkedHashMap<>(other.tags));
      fields = Collections.unmodifiableMap(new LinkedHashMap<>(other.fields));
      timeline = Collections.unmodifiableNavigableMap(new TreeMap<>(other.timeline));
      started = other.started;
      ended = other.ended;
      scheduled = other.scheduled;
      data = other.data;
    }

    /** Sets the id of its job. */
    public Builder job(String value) {
      jobId = value;
      return this;
    }

    /** Sets the region; without it the run is in every region. */
    public Builder region(String value) {
      region = value;
      return this;
    }

    /** Sets the namespace or project. */
    public Builder namespace(String value) {
      namespace = value;
      return this;
    }

    /** Sets the group. */
    public Builder group(String value) {
      group = value;
      return this;
    }

    /** Sets the name. */
    public Builder name(String value) {
      name = value;
      return this;
    }

    /** Sets what the vendor says about it. */
    public Builder message(String value) {
      message = value;
      return this;
    }

    /** Sets the vendor's word for what caused it. */
    public Builder trigger(String value) {
      trigger = value;
      return this;
    }

    /** Sets the task counts. */
    public Builder tasks(TaskCounts value) {
      tasks = value;
      return this;
    }

    /** Adds a task, an instance or a target; the counts are said apart. */
    public Builder task(FakeTask value) {
      taskList.add(value);
      return this;
    }

    /** Adds a tag. */
    public Builder tag(String key, String value) {
      tags.put(key, value);
      return this;
    }

    /** Adds a field by the vendor's name. */
    public Builder field(String key, @Nullable Object value) {
      fields.put(key, value);
      return this;
    }

    /** Puts the run into the state word from then on. */
    public Builder at(Duration time, String word) {
      timeline.put(time, word);
      return this;
    }

    /** Puts the run into the state word from then on, when it also starts to execute. */
    public Builder starts(Duration time, String word) {
      started = time;
      return at(time, word);
    }

    /** Puts the run into the state word from then on, when it also ends. */
    public Builder ends(Duration time, String word) {
      ended = time;
      return at(time, word);
    }

    /** Sets when it is due. */
    public Builder scheduled(Duration time) {
      scheduled = time;
      return this;
    }

    /** Sets the business time it works for. */
    public Builder data(Duration time) {
      data = time;
      return this;
    }

    /**
     * Returns the run.
     *
     * @throws IllegalStateException when it has no state word
     */
    public FakeRun build() {
      if (timeline.isEmpty()) {
        throw new IllegalStateException("run " + id + " has no state; call at(Duration, word)");
      }
      return new FakeRun(new Builder(this));
    }
  }
}
