package io.joblens.cli;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Times and durations as people write and read them. */
final class Times {
  private static final Pattern DURATION = Pattern.compile("(\\d+(ms|[smhdw]))+");
  private static final Pattern PART = Pattern.compile("(\\d+)(ms|[smhdw])");

  private Times() {}

  /**
   * Reads a point in time: an ISO time with offset, a local date or date-time, {@code now}, {@code
   * today}, {@code yesterday}, or a duration such as {@code 24h}, which is so long ago.
   */
  static Instant parseInstant(String option, String text, Instant now, ZoneId zone) {
    String word = text.trim().toLowerCase(Locale.ROOT);
    LocalDate today = now.atZone(zone).toLocalDate();
    try {
      return switch (word) {
        case "now" -> now;
        case "today" -> today.atStartOfDay(zone).toInstant();
        case "yesterday" -> today.minusDays(1).atStartOfDay(zone).toInstant();
        default ->
            DURATION.matcher(word).matches()
                ? now.minus(duration(word))
                : iso(word.toUpperCase(Locale.ROOT).replace(' ', 'T'), zone);
      };
    } catch (DateTimeException | ArithmeticException e) {
      throw new UsageException(
          option
              + ": '"
              + Cells.clean(text)
              + "' is no time; expected 24h, 7d, today, yesterday, 2026-01-31, 2026-01-31T08:00"
              + " (local) or 2026-01-31T08:00:00Z");
    }
  }

  private static Instant iso(String text, ZoneId zone) {
    int t = text.indexOf('T');
    if (t < 0) {
      return LocalDate.parse(text).atStartOfDay(zone).toInstant();
    }
    return text.substring(t).matches(".*[Z+-].*")
        ? OffsetDateTime.parse(text).toInstant()
        : LocalDateTime.parse(text).atZone(zone).toInstant();
  }

  /** Reads a duration more than zero, such as {@code 90s}, {@code 30m} or {@code 1h30m}. */
  static Duration parseDuration(String option, String text) {
    String word = text.trim().toLowerCase(Locale.ROOT);
    try {
      if (DURATION.matcher(word).matches()) {
        Duration duration = duration(word);
        if (!duration.isZero()) {
          return duration;
        }
      }
    } catch (ArithmeticException e) {
      // as any other text that is no duration
    }
    throw new UsageException(
        option + ": '" + Cells.clean(text) + "' is no duration; expected 10s, 30m or 1h30m");
  }

  private static Duration duration(String word) {
    Duration sum = Duration.ZERO;
    Matcher part = PART.matcher(word);
    while (part.find()) {
      long count;
      try {
        count = Long.parseLong(part.group(1));
      } catch (NumberFormatException e) {
        throw new ArithmeticException(e.getMessage());
      }
      sum =
          sum.plus(
              switch (part.group(2)) {
                case "ms" -> Duration.ofMillis(count);
                case "s" -> Duration.ofSeconds(count);
                case "m" -> Duration.ofMinutes(count);
                case "h" -> Duration.ofHours(count);
                case "d" -> Duration.ofDays(count);
                default -> Duration.ofDays(Math.multiplyExact(count, 7L));
              });
    }
    // Longer than Java's clocks count is no duration that anybody means.
    if (sum.compareTo(Duration.ofDays(36_500)) > 0) {
      throw new ArithmeticException("too long");
    }
    return sum;
  }

  /** Returns the duration in its two largest units: {@code 0.4s}, {@code 45s}, {@code 2h05m}. */
  static String show(Duration duration) {
    long seconds = duration.toSeconds();
    if (seconds < 1) {
      return duration.isZero()
          ? "0s"
          : String.format(Locale.ROOT, "%.1fs", duration.toMillis() / 1e3);
    }
    if (seconds < 60) {
      return seconds + "s";
    }
    if (seconds < 3600) {
      return String.format(Locale.ROOT, "%dm%02ds", seconds / 60, seconds % 60);
    }
    if (seconds < 86_400) {
      return String.format(Locale.ROOT, "%dh%02dm", seconds / 3600, seconds / 60 % 60);
    }
    return String.format(Locale.ROOT, "%dd%02dh", seconds / 86_400, seconds / 3600 % 24);
  }
}
