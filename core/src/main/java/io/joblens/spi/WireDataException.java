package io.joblens.spi;

/**
 * An answer that cannot be read. It names the place and what is wrong there, never the value. Core
 * catches it and throws {@link io.joblens.JobDataException} with cloud and operation.
 */
public final class WireDataException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean cutOff;

  /**
   * @param place a JSON pointer or the name of a part, such as {@code /Data/Jobs}
   * @param problem what is wrong there, such as {@code is missing}
   */
  public WireDataException(String place, String problem) {
    this(place, problem, false);
  }

  private WireDataException(String place, String problem, boolean cutOff) {
    super(place + " " + problem);
    this.cutOff = cutOff;
  }

  /** Returns the problem of an answer that ends before it is complete; trying again can help. */
  static WireDataException cutOff(String place, String problem) {
    return new WireDataException(place, problem, true);
  }

  /** Tells whether the answer ended before it was complete. */
  public boolean isCutOff() {
    return cutOff;
  }
}
