package io.joblens;

import io.joblens.spi.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The one implementation of {@link JobRun}. */
final class JobRunValue implements JobRun {
  private final RunRef ref;
  private final String cloud;
  private final String account;
  private final @Nullable String name;
  private final JobState state;
  private final String rawState;
  private final Finality finality;
  private final @Nullable String message;
  private final Trigger trigger;
  private final @Nullable Instant createdAt;
  private final @Nullable Instant scheduledAt;
  private final @Nullable Instant dataAt;
  private final @Nullable Instant startedAt;
  private final @Nullable Instant finishedAt;
  private final Instant observedAt;
  private final TaskCounts tasks;
  private final Map<String, String> tags;
  private final @Nullable Map<String, @Nullable Object> attributes;
  private final Set<String> neutralFields;
  private final List<String> notes;
  private final @Nullable RawJson raw;

  JobRunValue(Builder builder) {
    this.ref = builder.ref;
    this.cloud = builder.cloud;
    this.account = builder.account;
    this.name = builder.name;
    this.state = builder.state;
    this.rawState = builder.rawState;
    this.finality = builder.finality;
    this.message = builder.message;
    this.trigger = builder.trigger;
    this.createdAt = builder.createdAt;
    this.scheduledAt = builder.scheduledAt;
    this.dataAt = builder.dataAt;
    this.startedAt = builder.startedAt;
    this.finishedAt = builder.finishedAt;
    this.observedAt = builder.observedAt;
    this.tasks = builder.tasks;
    this.tags = builder.tags;
    this.attributes =
        builder.attributes == null
            ? null
            : Collections.unmodifiableMap(new LinkedHashMap<>(builder.attributes));
    this.neutralFields = builder.neutralFields;
    this.notes = builder.notes;
    this.raw = builder.raw;
  }

  @Override
  public Builder toBuilder() {
    Builder builder =
        new Builder(ref)
            .cloud(cloud)
            .account(account)
            .name(name)
            .state(state, finality, rawState)
            .message(message)
            .trigger(trigger)
            .createdAt(createdAt)
            .scheduledAt(scheduledAt)
            .dataAt(dataAt)
            .startedAt(startedAt)
            .finishedAt(finishedAt)
            .observedAt(observedAt)
            .tasks(tasks);
    builder.tags = tags;
    builder.attributes = attributes;
    builder.neutralFields = neutralFields;
    builder.notes = notes;
    builder.raw = raw;
    return builder;
  }

  @Override
  public RunRef ref() {
    return ref;
  }

  @Override
  public String cloud() {
    return cloud;
  }

  @Override
  public String account() {
    return account;
  }

  @Override
  public Optional<String> name() {
    return Optional.ofNullable(name);
  }

  @Override
  public JobState state() {
    return state;
  }

  @Override
  public String rawState() {
    return rawState;
  }

  @Override
  public Finality finality() {
    return finality;
  }

  @Override
  public Optional<String> message() {
    return Optional.ofNullable(message);
  }

  @Override
  public Trigger trigger() {
    return trigger;
  }

  @Override
  public Optional<Instant> createdAt() {
    return Optional.ofNullable(createdAt);
  }

  @Override
  public Optional<Instant> scheduledAt() {
    return Optional.ofNullable(scheduledAt);
  }

  @Override
  public Optional<Instant> dataAt() {
    return Optional.ofNullable(dataAt);
  }

  @Override
  public Optional<Instant> startedAt() {
    return Optional.ofNullable(startedAt);
  }

  @Override
  public Optional<Instant> finishedAt() {
    return Optional.ofNullable(finishedAt);
  }

  @Override
  public Instant observedAt() {
    return observedAt;
  }

  @Override
  public TaskCounts tasks() {
    return tasks;
  }

  @Override
  public Map<String, String> tags() {
    return tags;
  }

  @Override
  public Map<String, @Nullable Object> attributes() {
    if (attributes != null) {
      return attributes;
    }
    if (raw == null) {
      return Map.of();
    }
    Map<String, @Nullable Object> others = new LinkedHashMap<>(raw.fields());
    others.keySet().removeAll(neutralFields);
    return Collections.unmodifiableMap(others);
  }

  @Override
  public List<String> notes() {
    return notes;
  }

  @Override
  public Optional<RawJson> raw() {
    return Optional.ofNullable(raw);
  }

  @Override
  public String toJson() {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("cloud", cloud);
    row.put("account", account);
    row.put("provider", ref.provider());
    row.put("region", ref.region());
    row.put("ref", ref);
    row.put("jobId", ref.job().jobId());
    row.put("runId", ref.runId());
    row.put("name", name());
    row.put("state", state);
    row.put("rawState", rawState);
    row.put("finished", isFinished());
    row.put("problem", isProblem());
    row.put("message", message());
    row.put("trigger", trigger);
    row.put("createdAt", createdAt());
    row.put("scheduledAt", scheduledAt());
    row.put("dataAt", dataAt());
    row.put("startedAt", startedAt());
    row.put("finishedAt", finishedAt());
    row.put("observedAt", observedAt);
    row.put("durationMs", duration().map(Duration::toMillis));
    row.put("tasks", unlessEmpty(tasks.toMap()));
    row.put("tags", unlessEmpty(tags));
    row.put("attributes", unlessEmpty(attributes()));
    row.put("notes", Optional.of(notes).filter(list -> !list.isEmpty()));
    return Json.write(row);
  }

  private static Optional<Map<?, ?>> unlessEmpty(Map<?, ?> map) {
    return map.isEmpty() ? Optional.empty() : Optional.of(map);
  }

  @Override
  public String toString() {
    return cloud + "@" + ref + " " + state + (rawState.isEmpty() ? "" : " (" + rawState + ")");
  }
}
