package io.joblens.testkit;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A job's definition in a {@link World}. Immutable.
 *
 * @param id the job's own id
 * @param region its region; empty when it is in every region
 * @param namespace its namespace or project; empty where the vendor has none
 * @param group its group; empty where the vendor has none
 * @param name its name; empty when it has none
 * @param fields the vendor's other fields, by the vendor's names
 */
public record FakeJob(
    String id,
    String region,
    String namespace,
    String group,
    String name,
    Map<String, @Nullable Object> fields) {

  /** Copies the fields. */
  public FakeJob {
    fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
  }

  /** Starts a job. */
  public static Builder builder(String id) {
    return new Builder(id);
  }

  /** Builds a {@link FakeJob}. */
  public static final class Builder {
    private final String id;
    private String region = "";
    private String namespace = "";
    private String group = "";
    private String name = "";
    private final Map<String, @Nullable Object> fields = new LinkedHashMap<>();

    private Builder(String id) {
      this.id = requireNonNull(id, "id");
    }

    /** Sets the region; without it the job is in every region. */
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

    /** Adds a field by the vendor's name. */
    public Builder field(String key, @Nullable Object value) {
      fields.put(key, value);
      return this;
    }

    /** Returns the job. */
    public FakeJob build() {
      return new FakeJob(id, region, namespace, group, name, fields);
    }
  }
}
