package io.joblens;

import io.joblens.spi.Text;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A request in the vendor's own words, for operations that JobLens has no neutral word for. It is
 * signed, paced and bounded as any other, and sent exactly once unless marked repeatable.
 * Immutable.
 */
public final class RawRequest {
  private final String action;
  private final @Nullable String method;
  private final @Nullable String path;
  private final @Nullable String region;
  private final Map<String, String> query;
  private final @Nullable String json;
  private final boolean repeatable;

  private RawRequest(Builder builder) {
    this.action = builder.action;
    this.method = builder.method;
    this.path = builder.path;
    this.region = builder.region;
    this.query = Collections.unmodifiableMap(new LinkedHashMap<>(builder.query));
    this.json = builder.json;
    this.repeatable = builder.repeatable;
  }

  /** Starts a request for an operation by the vendor's name, such as {@code DescribeTask}. */
  public static Builder action(String name) {
    return new Builder(Text.requireId("action", name));
  }

  /** Returns the operation's name. */
  public String action() {
    return action;
  }

  /** Returns the HTTP method; absent for the vendor's usual one. */
  public Optional<String> method() {
    return Optional.ofNullable(method);
  }

  /** Returns the path, decoded, for vendors whose operations have one. */
  public Optional<String> path() {
    return Optional.ofNullable(path);
  }

  /** Returns the region; absent for the cloud's first. */
  public Optional<String> region() {
    return Optional.ofNullable(region);
  }

  /** Returns the query parameters. */
  public Map<String, String> query() {
    return query;
  }

  /** Returns the JSON body. */
  public Optional<String> json() {
    return Optional.ofNullable(json);
  }

  /** Tells whether sending it twice does no harm. */
  public boolean isRepeatable() {
    return repeatable;
  }

  /** Builds a {@link RawRequest}. */
  public static final class Builder {
    private final String action;
    private @Nullable String method;
    private @Nullable String path;
    private @Nullable String region;
    private final Map<String, String> query = new LinkedHashMap<>();
    private @Nullable String json;
    private boolean repeatable;

    private Builder(String action) {
      this.action = action;
    }

    /** Sets the HTTP method, GET or POST. */
    public Builder method(String value) {
      if (!value.equals("GET") && !value.equals("POST")) {
        throw new IllegalArgumentException("method must be GET or POST");
      }
      method = value;
      return this;
    }

    /** Sets the path, decoded; it begins with a slash. */
    public Builder path(String value) {
      if (!value.startsWith("/")) {
        throw new IllegalArgumentException("path must begin with a slash");
      }
      path = value;
      return this;
    }

    /** Sets the region. */
    public Builder region(String value) {
      region = value;
      return this;
    }

    /** Adds a query parameter. */
    public Builder query(String name, String value) {
      query.put(name, value);
      return this;
    }

    /** Sets the JSON body. */
    public Builder json(String value) {
      json = value;
      return this;
    }

    /** Says that sending it twice does no harm, so that it may be tried again. */
    public Builder repeatable() {
      repeatable = true;
      return this;
    }

    /** Returns the request. */
    public RawRequest build() {
      return new RawRequest(this);
    }
  }
}
