package io.joblens;

import io.joblens.spi.Json;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The definition of a job. Immutable. What a vendor does not say is absent. The vendor's other
 * fields are in {@link #attributes()}, secrets masked.
 */
public final class Job {
  private final JobRef ref;
  private final String cloud;
  private final String account;
  private final @Nullable String name;
  private final @Nullable String description;
  private final @Nullable String schedule;
  private final @Nullable String zone;
  private final @Nullable Boolean enabled;
  private final @Nullable Duration timeout;
  private final @Nullable Integer retries;
  private final @Nullable String concurrencyPolicy;
  private final Map<String, String> resources;
  private final Map<String, String> labels;
  private final @Nullable JobState lastState;
  private final Set<String> neutralFields;
  private final @Nullable RawJson raw;

  private Job(Builder builder) {
    this.ref = builder.ref;
    this.cloud = builder.cloud;
    this.account = builder.account;
    this.name = builder.name;
    this.description = builder.description;
    this.schedule = builder.schedule;
    this.zone = builder.zone;
    this.enabled = builder.enabled;
    this.timeout = builder.timeout;
    this.retries = builder.retries;
    this.concurrencyPolicy = builder.concurrencyPolicy;
    this.resources = Collections.unmodifiableMap(new LinkedHashMap<>(builder.resources));
    this.labels = Collections.unmodifiableMap(new LinkedHashMap<>(builder.labels));
    this.lastState = builder.lastState;
    this.neutralFields = builder.neutralFields;
    this.raw = builder.raw;
  }

  /** Starts a job that knows nothing but its reference. */
  public static Builder builder(JobRef ref) {
    return new Builder(ref);
  }

  /** Returns what names this job everywhere. */
  public JobRef ref() {
    return ref;
  }

  /** Returns the name of the configured cloud it was read from. */
  public String cloud() {
    return cloud;
  }

  /** Returns the label of the account it belongs to. */
  public String account() {
    return account;
  }

  /** Returns its name. */
  public Optional<String> name() {
    return Optional.ofNullable(name);
  }

  /** Returns its description. */
  public Optional<String> description() {
    return Optional.ofNullable(description);
  }

  /** Returns when it runs, in the vendor's notation, such as a cron expression. */
  public Optional<String> schedule() {
    return Optional.ofNullable(schedule);
  }

  /** Returns the zone of the schedule in the vendor's notation, such as {@code GMT+8:00}. */
  public Optional<String> zone() {
    return Optional.ofNullable(zone);
  }

  /** Returns whether it runs by its schedule. */
  public Optional<Boolean> enabled() {
    return Optional.ofNullable(enabled);
  }

  /** Returns after what time the vendor ends a run. */
  public Optional<Duration> timeout() {
    return Optional.ofNullable(timeout);
  }

  /** Returns how often the vendor tries a failed run again. */
  public OptionalInt retries() {
    return retries == null ? OptionalInt.empty() : OptionalInt.of(retries);
  }

  /** Returns what happens when a run is due while another goes on, in the vendor's word. */
  public Optional<String> concurrencyPolicy() {
    return Optional.ofNullable(concurrencyPolicy);
  }

  /** Returns what a run gets, such as {@code cpu}, {@code memory} and {@code replicas}. */
  public Map<String, String> resources() {
    return resources;
  }

  /** Returns its tags. */
  public Map<String, String> labels() {
    return labels;
  }

  /** Returns the state of its last run, where the vendor says. */
  public Optional<JobState> lastState() {
    return Optional.ofNullable(lastState);
  }

  /** Returns the vendor's other fields by their own names, secrets masked. */
  public Map<String, @Nullable Object> attributes() {
    if (raw == null) {
      return Map.of();
    }
    Map<String, @Nullable Object> others = new LinkedHashMap<>(raw.fields());
    others.keySet().removeAll(neutralFields);
    return Collections.unmodifiableMap(others);
  }

  /** Returns the vendor's own JSON. */
  public Optional<RawJson> raw() {
    return Optional.ofNullable(raw);
  }

  /** Returns the job as one line of JSON: absent fields left out, secrets masked. */
  public String toJson() {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("cloud", cloud);
    row.put("account", account);
    row.put("provider", ref.provider());
    row.put("region", ref.region());
    row.put("ref", ref);
    row.put("jobId", ref.jobId());
    row.put("name", name());
    row.put("description", description());
    row.put("schedule", schedule());
    row.put("zone", zone());
    row.put("enabled", enabled());
    row.put("timeoutMs", timeout().map(Duration::toMillis));
    row.put("retries", Optional.ofNullable(retries));
    row.put("concurrencyPolicy", concurrencyPolicy());
    row.put("resources", Optional.of(resources).filter(map -> !map.isEmpty()));
    row.put("labels", Optional.of(labels).filter(map -> !map.isEmpty()));
    row.put("lastState", lastState());
    row.put("attributes", Optional.of(attributes()).filter(map -> !map.isEmpty()));
    return Json.write(row);
  }

  @Override
  public String toString() {
    return cloud + "@" + ref + (name == null ? "" : " " + name);
  }

  /** Builds a {@link Job}; null means absent. */
  public static final class Builder {
    private final JobRef ref;
    private String cloud = "";
    private String account = "";
    private @Nullable String name;
    private @Nullable String description;
    private @Nullable String schedule;
    private @Nullable String zone;
    private @Nullable Boolean enabled;
    private @Nullable Duration timeout;
    private @Nullable Integer retries;
    private @Nullable String concurrencyPolicy;
    private Map<String, String> resources = Map.of();
    private Map<String, String> labels = Map.of();
    private @Nullable JobState lastState;
    private Set<String> neutralFields = Set.of();
    private @Nullable RawJson raw;

    private Builder(JobRef ref) {
      this.ref = ref;
    }

    /** Returns the job's reference. */
    public JobRef ref() {
      return ref;
    }

    /** Sets the cloud's name. Core does this. */
    public Builder cloud(String value) {
      cloud = value;
      return this;
    }

    /** Sets the account's label. Core does this. */
    public Builder account(String value) {
      account = value;
      return this;
    }

    /** Sets its name. */
    public Builder name(@Nullable String value) {
      name = value;
      return this;
    }

    /** Sets its description. */
    public Builder description(@Nullable String value) {
      description = value;
      return this;
    }

    /** Sets when it runs, in the vendor's notation. */
    public Builder schedule(@Nullable String value) {
      schedule = value;
      return this;
    }

    /** Sets the zone of the schedule, in the vendor's notation. */
    public Builder zone(@Nullable String value) {
      zone = value;
      return this;
    }

    /** Sets whether it runs by its schedule. */
    public Builder enabled(@Nullable Boolean value) {
      enabled = value;
      return this;
    }

    /** Sets after what time the vendor ends a run. */
    public Builder timeout(@Nullable Duration value) {
      timeout = value;
      return this;
    }

    /** Sets how often the vendor tries a failed run again. */
    public Builder retries(@Nullable Integer value) {
      retries = value;
      return this;
    }

    /** Sets what happens when a run is due while another goes on. */
    public Builder concurrencyPolicy(@Nullable String value) {
      concurrencyPolicy = value;
      return this;
    }

    /** Sets what a run gets. */
    public Builder resources(Map<String, String> value) {
      resources = value;
      return this;
    }

    /** Sets its tags. */
    public Builder labels(Map<String, String> value) {
      labels = value;
      return this;
    }

    /** Sets the state of its last run. */
    public Builder lastState(@Nullable JobState value) {
      lastState = value;
      return this;
    }

    /**
     * Sets the vendor's own JSON.
     *
     * @param neutral its top-level fields that have a neutral name here and so are no attributes
     */
    public Builder raw(RawJson value, Set<String> neutral) {
      raw = value;
      neutralFields = Set.copyOf(neutral);
      return this;
    }

    /** Returns the job. */
    public Job build() {
      return new Job(this);
    }
  }
}
