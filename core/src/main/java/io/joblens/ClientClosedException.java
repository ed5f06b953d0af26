package io.joblens;

/** The client was used after it had been closed, or closed while it worked. */
public final class ClientClosedException extends JobException {
  private static final long serialVersionUID = 1L;

  /** Takes what happened. */
  public ClientClosedException(String detail) {
    super(detail, null);
  }
}
