package io.joblens;

import io.joblens.spi.Text;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The state of a run in neutral words, in life-cycle order. Whether a run is finished is not part
 * of the state: that belongs to the vendor's own word, see {@link JobRun#isFinished()} and {@link
 * JobRun#rawState()}.
 */
public enum JobState {
  /** Accepted by the vendor, waiting for its turn. */
  QUEUED,
  /** Resources or a worker are being prepared. */
  STARTING,
  /** Executing. */
  RUNNING,
  /** Held; goes on later. */
  PAUSED,
  /** Ended well. Tasks of it may still have failed, see {@link JobRun#isProblem()}. */
  SUCCEEDED,
  /** Ended badly. Where a vendor has no word for "cancelled" this includes terminated runs. */
  FAILED,
  /** Stopped by somebody. */
  CANCELLED,
  /** Refused by the vendor; nothing ran. */
  REJECTED,
  /** Left out on purpose; nothing ran. */
  SKIPPED,
  /** A vendor word that this version does not know; {@link JobRun#rawState()} has it. */
  UNKNOWN;

  /**
   * Reads a state's name in any case.
   *
   * @throws IllegalArgumentException naming all states, when the text is none of them
   */
  public static JobState parse(String text) {
    try {
      return valueOf(text.trim().toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "unknown state '"
              + Text.printable(text)
              + "'; expected one of "
              + Arrays.stream(values()).map(Enum::name).collect(Collectors.joining(", ")),
          e);
    }
  }
}
