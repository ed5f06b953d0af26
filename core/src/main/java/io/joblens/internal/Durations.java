package io.joblens.internal;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Durations as people write them: {@code 500ms}, {@code 10s}, {@code 2m}, {@code 1h}, {@code 7d}.
 */
final class Durations {
  private static final Pattern SHAPE = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");

  private static final long LONGEST_NANOS = Long.MAX_VALUE / 4;

  private Durations() {}

  /** Returns the nanoseconds, at most some 70 years of them, so that sums do not overflow. */
  static long nanos(Duration time) {
    return time.compareTo(Duration.ofNanos(LONGEST_NANOS)) < 0 ? time.toNanos() : LONGEST_NANOS;
  }

  static Duration parse(String text) {
    Matcher matcher = SHAPE.matcher(text.strip());
    if (!matcher.matches()) {
      throw new IllegalArgumentException("expected a duration, such as 500ms, 10s, 2m or 1h");
    }
    long number = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "ms" -> Duration.ofMillis(number);
      case "s" -> Duration.ofSeconds(number);
      case "m" -> Duration.ofMinutes(number);
      case "h" -> Duration.ofHours(number);
      default -> Duration.ofDays(number);
    };
  }
}
