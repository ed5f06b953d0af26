package io.joblens;

/** A listing cannot go on without losing or repeating runs. */
public final class PagingException extends JobException {
  private static final long serialVersionUID = 1L;

  /** Why it cannot go on. */
  public enum Kind {
    /** The vendor gives the same page again and again. */
    LOOP,
    /** Runs moved between pages so much that some may be lost. */
    DRIFT,
    /** The token is none, or belongs to another query or cloud. Nothing was sent. */
    INVALID_TOKEN
  }

  private final Kind kind;

  /** Takes why and where. */
  public PagingException(Kind kind, String detail) {
    super(kind + ": " + detail, null);
    this.kind = kind;
  }

  /** Returns why it cannot go on. */
  public Kind kind() {
    return kind;
  }
}
