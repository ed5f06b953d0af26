package io.joblens.cli;

/** The user asked for something that cannot be; nothing was sent. Ends with exit code 2. */
final class UsageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UsageException(String message) {
    super(message);
  }

  /** Takes what a value's own check says about it. */
  UsageException(IllegalArgumentException cause) {
    super(cause.getMessage(), cause);
  }
}
