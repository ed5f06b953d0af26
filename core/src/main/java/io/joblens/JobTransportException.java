package io.joblens;

import org.jspecify.annotations.Nullable;

/** No usable answer came from the vendor's host. */
public final class JobTransportException extends JobException {
  private static final long serialVersionUID = 1L;

  /** What went wrong. */
  public enum Kind {
    /** The host's name has no address. */
    DNS,
    /** No connection came about. */
    CONNECT,
    /** The server's certificate or protocol was not acceptable. Never tried again. */
    TLS,
    /** The connection broke before the answer was complete. */
    CONNECTION_LOST,
    /** The answer was not complete within the attempt's limit. */
    ATTEMPT_TIMEOUT,
    /** The host answered with a redirect. None is ever followed: credentials would follow too. */
    REDIRECT_REFUSED
  }

  private final Kind kind;

  /** Takes what went wrong and why. */
  public JobTransportException(Kind kind, String detail, @Nullable Throwable cause) {
    super(kind + ": " + detail, cause);
    this.kind = kind;
  }

  /** Returns what went wrong. */
  public Kind kind() {
    return kind;
  }
}
