package io.joblens.spi;

import java.io.IOException;

/** An exchange that gave no complete answer. A transport completes its future with it. */
public final class TransportFailure extends IOException {
  private static final long serialVersionUID = 1L;

  /** What went wrong. */
  public enum Kind {
    /** The host's name has no address. */
    DNS,
    /** No connection came about: refused, unreachable, or not in time. */
    CONNECT,
    /** The server's certificate or protocol was not acceptable. Trying again does not help. */
    TLS,
    /** The connection broke before the answer was complete. */
    CONNECTION_LOST,
    /** The answer was not complete within the attempt's limit. */
    ATTEMPT_TIMEOUT,
    /** The decoded body is larger than the limit. */
    TOO_LARGE,
    /** The answer broke HTTP or its content encoding. */
    MALFORMED,
    /** The exchange was cancelled by its caller. */
    CANCELLED
  }

  private final Kind kind;
  private final String detail;

  /**
   * @param detail what happened, free of header values and queries
   * @param cause the library's own exception; its message must be as free of them
   */
  public TransportFailure(Kind kind, String detail, Throwable cause) {
    super(detail, cause);
    this.kind = kind;
    this.detail = detail;
  }

  /** Takes a failure without a cause. */
  public TransportFailure(Kind kind, String detail) {
    super(detail);
    this.kind = kind;
    this.detail = detail;
  }

  /** Returns what went wrong. */
  public Kind kind() {
    return kind;
  }

  /** Returns what happened. */
  public String detail() {
    return detail;
  }
}
