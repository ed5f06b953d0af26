package io.joblens;

/** A query asks for what this cloud cannot answer. Nothing was sent. */
public final class UnsupportedQueryException extends JobException {
  private static final long serialVersionUID = 1L;

  /** Takes what happened. */
  public UnsupportedQueryException(String detail) {
    super(detail, null);
  }
}
