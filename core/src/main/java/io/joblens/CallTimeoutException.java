package io.joblens;

/** The call did not end within its limit, which covers every attempt and every wait between. */
public final class CallTimeoutException extends JobException {
  private static final long serialVersionUID = 1L;

  /** Takes what happened. */
  public CallTimeoutException(String detail) {
    super(detail, null);
  }
}
