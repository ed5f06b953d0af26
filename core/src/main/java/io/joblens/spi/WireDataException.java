package io.joblens.spi;

/**
 * An answer that cannot be read. It names the place and what is wrong there, never the value. Core
 * catches it and throws {@link io.joblens.JobDataException} with cloud and operation.
 */
public final class WireDataException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * @param place a JSON pointer or the name of a part, such as {@code /Data/Jobs}
   * @param problem what is wrong there, such as {@code is missing}
   */
  public WireDataException(String place, String problem) {
    super(place + " " + problem);
  }
}
