package io.joblens;

import io.joblens.spi.ServiceError;
import java.time.Duration;
import java.util.Optional;

/** The vendor answered, and the answer is an error. */
public final class JobServiceException extends JobException {
  private static final long serialVersionUID = 1L;

  /** What a vendor's error means. */
  public enum Kind {
    /** Too many calls; later is fine. */
    THROTTLED,
    /** No such job, run or scope. */
    NOT_FOUND,
    /** The key is right, its permissions are not. */
    ACCESS_DENIED,
    /** The key, token or signature is wrong. Never tried again: some vendors lock keys. */
    AUTHENTICATION,
    /** Temporary credentials ended. Refreshed once, if their source can. */
    EXPIRED_CREDENTIALS,
    /** The request's date is too far from the vendor's. */
    CLOCK_SKEW,
    /** The vendor does not accept the request. */
    INVALID_REQUEST,
    /** The vendor cannot answer now. */
    UNAVAILABLE,
    /** The vendor failed. */
    SERVER_ERROR,
    /** An error that this version does not know. */
    UNKNOWN;

    /** Returns what an HTTP status means where the vendor's code does not say more. */
    public static Kind ofStatus(int status) {
      return switch (status) {
        case 401 -> AUTHENTICATION;
        case 403 -> ACCESS_DENIED;
        case 404 -> NOT_FOUND;
        case 429 -> THROTTLED;
        case 408, 502, 503, 504 -> UNAVAILABLE;
        case 501 -> INVALID_REQUEST; // the host does not know how, and will not the next time
        default ->
            switch (status / 100) {
              case 4 -> INVALID_REQUEST;
              case 5 -> SERVER_ERROR;
              default -> UNKNOWN;
            };
      };
    }
  }

  private final transient ServiceError error; // exceptions are not sent between JVMs

  /** Takes the vendor's error. */
  public JobServiceException(ServiceError error) {
    super(describe(error), null);
    this.error = error;
  }

  /** Returns what the error means. */
  public Kind kind() {
    return error.kind();
  }

  /** Returns the HTTP status, which is 200 for many an error. */
  public int httpStatus() {
    return error.httpStatus();
  }

  /** Returns the vendor's error code. */
  public Optional<String> errorCode() {
    return error.code();
  }

  /** Returns the vendor's id of the request, which its support asks for. */
  public Optional<String> requestId() {
    return error.requestId();
  }

  /** Returns how long the vendor asks to wait. */
  public Optional<Duration> retryAfter() {
    return error.retryAfter();
  }

  /**
   * Returns the same error for a later call that sent nothing, with a word on why it comes again.
   * Called by core.
   */
  public JobServiceException again(String why) {
    String hint = error.hint().map(before -> before + "; " + why).orElse(why);
    JobServiceException again = new JobServiceException(error.toBuilder().hint(hint).build());
    if (cloud().isPresent() && provider().isPresent()) {
      ProviderId where = new ProviderId(provider().get());
      JobException unusedSame = again.at(cloud().get(), where, operation().orElse(null), 0);
    }
    return again;
  }

  private static String describe(ServiceError error) {
    StringBuilder text = new StringBuilder(error.kind().name());
    text.append(" (");
    error.code().ifPresent(code -> text.append(code).append(", "));
    text.append("HTTP ").append(error.httpStatus()).append(')');
    error.message().ifPresent(message -> text.append(": ").append(message));
    error.requestId().ifPresent(id -> text.append(" [request id ").append(id).append(']'));
    error.hint().ifPresent(hint -> text.append("; ").append(hint));
    return text.toString();
  }
}
