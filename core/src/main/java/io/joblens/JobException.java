package io.joblens;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Everything that can go wrong, unchecked. The message says which cloud and operation, what
 * happened, the vendor's request id and what to try; never a secret and never a whole body.
 */
public abstract class JobException extends RuntimeException implements Cloneable {
  private static final long serialVersionUID = 1L;

  private @Nullable String cloud;
  private @Nullable String provider;
  private @Nullable String operation;
  private int attempts;
  private transient @Nullable PageToken resumeToken;
  private @Nullable JobException shared;

  /** Takes what happened, without cloud and operation: core adds those. */
  protected JobException(String detail, @Nullable Throwable cause) {
    super(detail, cause);
  }

  /** Returns the name of the cloud, once core has seen the exception. */
  public Optional<String> cloud() {
    return Optional.ofNullable(cloud);
  }

  /** Returns the provider's id, once core has seen the exception. */
  public Optional<String> provider() {
    return Optional.ofNullable(provider);
  }

  /** Returns the vendor's name of the operation, where one was under way. */
  public Optional<String> operation() {
    return Optional.ofNullable(operation);
  }

  /** Returns how many requests were sent for the call that failed. */
  public int attempts() {
    return attempts;
  }

  /** Returns where a listing can be resumed, for exceptions that end one. */
  public Optional<PageToken> resumeToken() {
    return Optional.ofNullable(resumeToken);
  }

  /** Returns what happened, without cloud and operation. */
  public String detail() {
    return String.valueOf(super.getMessage());
  }

  /** Says where it happened; the first word stands. Called by core. */
  public JobException at(
      String cloudName, ProviderId providerId, @Nullable String action, int attemptsMade) {
    if (cloud == null) {
      cloud = cloudName;
      provider = providerId.value();
      operation = action;
      attempts = attemptsMade;
    }
    return this;
  }

  /** Says where the listing can be resumed; the first word stands. Called by core. */
  public JobException resumableAt(@Nullable PageToken token) {
    if (resumeToken == null) {
      resumeToken = token;
    }
    return this;
  }

  /**
   * Returns the same problem for one of several whom it met, with this one as its cause: where it
   * happened and where to resume is each one's own. Called by core.
   */
  public JobException ownCopy() {
    try {
      JobException copy = (JobException) clone();
      copy.shared = this;
      Throwable unusedSame = copy.fillInStackTrace();
      return copy;
    } catch (CloneNotSupportedException e) {
      throw new AssertionError("every one can be cloned", e);
    }
  }

  @Override
  public synchronized @Nullable Throwable getCause() {
    return shared == null ? super.getCause() : shared;
  }

  @Override
  public String getMessage() {
    if (cloud == null) {
      return detail();
    }
    String where = cloud.equals(provider) ? cloud : cloud + " (" + provider + ")";
    return where + (operation == null ? "" : " " + operation) + ": " + detail();
  }
}
