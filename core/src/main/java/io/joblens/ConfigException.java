package io.joblens;

/** A setting is missing or wrong. Nothing was sent. */
public final class ConfigException extends JobException {
  private static final long serialVersionUID = 1L;

  /** Takes what happened. */
  public ConfigException(String detail) {
    super(detail, null);
  }
}
