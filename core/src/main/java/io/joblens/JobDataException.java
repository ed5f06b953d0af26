package io.joblens;

import org.jspecify.annotations.Nullable;

/** An answer came but cannot be read. It is never taken for an empty one. */
public final class JobDataException extends JobException {
  private static final long serialVersionUID = 1L;

  /** Why it cannot be read. */
  public enum Kind {
    /** It is not what the vendor documents: the message names the place, never the value. */
    MALFORMED,
    /** It is larger than the limit. */
    TOO_LARGE
  }

  private final Kind kind;

  /** Takes why and where. */
  public JobDataException(Kind kind, String detail, @Nullable Throwable cause) {
    super(kind + ": " + detail, cause);
    this.kind = kind;
  }

  /** Returns why it cannot be read. */
  public Kind kind() {
    return kind;
  }
}
