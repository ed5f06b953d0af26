package io.joblens.spi;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A number of calls per time.
 *
 * @param calls at least 1
 * @param per more than zero
 */
public record Rate(int calls, Duration per) {
  private static final Pattern SHAPE = Pattern.compile("(\\d{1,6})/(s|min|h)");

  /** Checks the numbers. */
  public Rate {
    if (calls < 1 || per.isNegative() || per.isZero()) {
      throw new IllegalArgumentException("a rate needs at least 1 call and a time above zero");
    }
  }

  /** Returns so many calls a second. */
  public static Rate perSecond(int calls) {
    return new Rate(calls, Duration.ofSeconds(1));
  }

  /** Returns so many calls a minute. */
  public static Rate perMinute(int calls) {
    return new Rate(calls, Duration.ofMinutes(1));
  }

  /**
   * Reads {@code 20/min}, {@code 2/s} or {@code 500/h}.
   *
   * @throws IllegalArgumentException when the text is none of these
   */
  public static Rate parse(String text) {
    Matcher matcher = SHAPE.matcher(text.strip());
    if (!matcher.matches() || Integer.parseInt(matcher.group(1)) < 1) {
      throw new IllegalArgumentException("expected calls per time, such as 20/min, 2/s or 500/h");
    }
    int calls = Integer.parseInt(matcher.group(1));
    return switch (matcher.group(2)) {
      case "s" -> perSecond(calls);
      case "min" -> perMinute(calls);
      default -> new Rate(calls, Duration.ofHours(1));
    };
  }

  @Override
  public String toString() {
    return calls + "/" + per;
  }
}
