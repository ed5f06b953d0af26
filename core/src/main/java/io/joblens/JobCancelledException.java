package io.joblens;

/** The call was cancelled or its thread interrupted; the interrupt flag is set again. */
public final class JobCancelledException extends JobException {
  private static final long serialVersionUID = 1L;

  /** Takes what happened. */
  public JobCancelledException(String detail) {
    super(detail, null);
  }
}
