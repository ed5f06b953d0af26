package io.joblens;

import org.jspecify.annotations.Nullable;

/**
 * There are no usable credentials; the message says where they were looked for. Nothing was sent.
 */
public final class CredentialsException extends JobException {
  private static final long serialVersionUID = 1L;

  /** Takes what happened, never a part of a credential. */
  public CredentialsException(String detail) {
    this(detail, null);
  }

  /** Takes what happened and why; neither may hold a part of a credential. */
  public CredentialsException(String detail, @Nullable Throwable cause) {
    super(detail, cause);
  }
}
