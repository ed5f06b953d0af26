package io.joblens;

import java.util.regex.Pattern;

/**
 * Names a kind of service, as the vendor and its service, joined by a hyphen. It is the first part
 * of every {@link RunRef} and {@link JobRef} and the value of {@code provider:} in a configuration
 * file.
 *
 * @param value lower-case letters, digits and single hyphens, at most 63 characters
 */
public record ProviderId(String value) {
  private static final Pattern SHAPE = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");

  /** Checks the shape; throws {@link IllegalArgumentException} when it is not a provider id. */
  public ProviderId {
    if (value.length() > 63 || !SHAPE.matcher(value).matches()) {
      throw new IllegalArgumentException("provider id must be lower-case words joined by hyphens");
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
