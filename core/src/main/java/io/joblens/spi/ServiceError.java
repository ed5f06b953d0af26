package io.joblens.spi;

import io.joblens.JobServiceException.Kind;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An error that a vendor reported, as a value; only core makes an exception of it. */
public final class ServiceError {
  private static final int LONGEST_MESSAGE = 500;

  private final Kind kind;
  private final int httpStatus;
  private final @Nullable String code;
  private final @Nullable String message;
  private final @Nullable String requestId;
  private final @Nullable Duration retryAfter;
  private final @Nullable String hint;

  private ServiceError(Builder builder) {
    this.kind = builder.kind;
    this.httpStatus = builder.httpStatus;
    this.code = builder.code;
    this.message = builder.message;
    this.requestId = builder.requestId;
    this.retryAfter = builder.retryAfter;
    this.hint = builder.hint;
  }

  /** Starts an error of that kind. */
  public static Builder of(Kind kind, int httpStatus) {
    return new Builder(kind, httpStatus);
  }

  /** Starts an error like this one. */
  public Builder toBuilder() {
    Builder builder = new Builder(kind, httpStatus);
    builder.code = code;
    builder.message = message;
    builder.requestId = requestId;
    builder.retryAfter = retryAfter;
    builder.hint = hint;
    return builder;
  }

  /** Returns the kind, by the vendor's code first and the HTTP status second. */
  public Kind kind() {
    return kind;
  }

  /** Returns the HTTP status, which is 200 for many an error. */
  public int httpStatus() {
    return httpStatus;
  }

  /** Returns the vendor's error code. */
  public Optional<String> code() {
    return Optional.ofNullable(code);
  }

  /** Returns the vendor's message, free of control characters and cut after 500 characters. */
  public Optional<String> message() {
    return Optional.ofNullable(message);
  }

  /** Returns the vendor's id of the request. */
  public Optional<String> requestId() {
    return Optional.ofNullable(requestId);
  }

  /** Returns how long the vendor asks to wait. */
  public Optional<Duration> retryAfter() {
    return Optional.ofNullable(retryAfter);
  }

  /** Returns what the user can try, where the provider knows. */
  public Optional<String> hint() {
    return Optional.ofNullable(hint);
  }

  @Override
  public String toString() {
    return kind + " " + (code == null ? "HTTP " + httpStatus : code);
  }

  /** Builds a {@link ServiceError}; every part may be null, which means the vendor did not say. */
  public static final class Builder {
    private final Kind kind;
    private final int httpStatus;
    private @Nullable String code;
    private @Nullable String message;
    private @Nullable String requestId;
    private @Nullable Duration retryAfter;
    private @Nullable String hint;

    private Builder(Kind kind, int httpStatus) {
      this.kind = kind;
      this.httpStatus = httpStatus;
    }

    /** Takes the vendor's error code. */
    public Builder code(@Nullable String value) {
      code = value == null ? null : Text.printable(value);
      return this;
    }

    /** Takes the vendor's message. */
    public Builder message(@Nullable String value) {
      message = value == null ? null : Text.printable(value, LONGEST_MESSAGE);
      return this;
    }

    /** Takes the vendor's id of the request. */
    public Builder requestId(@Nullable String value) {
      requestId = value == null ? null : Text.printable(value);
      return this;
    }

    /** Takes how long the vendor asks to wait. */
    public Builder retryAfter(@Nullable Duration value) {
      retryAfter = value;
      return this;
    }

    /** Takes what the user can try. */
    public Builder hint(@Nullable String value) {
      hint = value;
      return this;
    }

    /** Returns the error. */
    public ServiceError build() {
      return new ServiceError(this);
    }
  }
}
