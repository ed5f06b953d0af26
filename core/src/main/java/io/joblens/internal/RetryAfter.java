package io.joblens.internal;

import io.joblens.spi.WireResponse;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * How long a server asks to wait, by the one header that all of HTTP shares.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3">RFC 9110, Retry-After</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-5.6.7">RFC 9110, the three forms of
 *     dates that a recipient must read</a>
 */
final class RetryAfter {
  /** What is longer says no more than "not now". */
  private static final Duration LONGEST = Duration.ofDays(1);

  /** Servers send fractions too, though only whole seconds are allowed. */
  private static final Pattern SECONDS = Pattern.compile("\\d{1,18}(\\.\\d{1,18})?");

  /** Says nothing that the date does not, and must not make it unreadable when it is wrong. */
  private static final Pattern WEEKDAY =
      Pattern.compile("(?i)^(mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6},? ");

  private static final Pattern RFC_850 =
      Pattern.compile("(\\d{2})-([A-Za-z]{3})-(\\d{2}) (\\d{2}:\\d{2}:\\d{2} (?i:GMT))");

  private static final Pattern ASCTIME =
      Pattern.compile("([A-Za-z]{3}) {1,2}(\\d{1,2}) (\\d{2}:\\d{2}:\\d{2}) (\\d{4})");

  /** Years of two digits lie in the hundred from this one. */
  private static final int FIRST_YEAR = 1970;

  private RetryAfter() {}

  /**
   * Returns the longest wait that the header's values name, at most a day. What is neither seconds
   * nor a date, or negative, says nothing.
   *
   * @param now our time; the server's own, where it says so, is what its dates are compared with
   */
  static Optional<Duration> of(WireResponse response, Instant now) {
    List<String> values = response.headers().getOrDefault("retry-after", List.of());
    return values.stream()
        .flatMap(value -> wait(value.strip(), date(response).orElse(now)))
        .max(Duration::compareTo);
  }

  /** Returns when the server answered, by its own clock. */
  static Optional<Instant> date(WireResponse response) {
    return response.header("date").flatMap(text -> instant(text.strip()));
  }

  private static Stream<Duration> wait(String value, Instant now) {
    Optional<Instant> date = instant(value);
    if (date.isPresent()) {
      return Stream.of(bounded(Duration.between(now, date.get())));
    }
    // proxies join the values of two headers into one, "0,120"
    return Stream.of(value.split(",", -1))
        .map(String::strip)
        .filter(text -> SECONDS.matcher(text).matches())
        .map(text -> new BigDecimal(text).min(BigDecimal.valueOf(LONGEST.toSeconds())))
        .map(seconds -> Duration.ofMillis(seconds.movePointRight(3).longValue()));
  }

  /** Returns what of a wait is believed, whoever named it: at most a day. */
  static Duration bounded(Duration wait) {
    if (wait.isNegative()) {
      return Duration.ZERO;
    }
    return wait.compareTo(LONGEST) > 0 ? LONGEST : wait;
  }

  private static Optional<Instant> instant(String text) {
    String day = WEEKDAY.matcher(text).replaceFirst("");
    Matcher rfc850 = RFC_850.matcher(day);
    Matcher asctime = ASCTIME.matcher(day);
    String date = day;
    if (rfc850.matches()) {
      String century = Integer.parseInt(rfc850.group(3)) < FIRST_YEAR % 100 ? "20" : "19";
      date = rfc850.replaceFirst("$1 $2 " + century + "$3 $4");
    } else if (asctime.matches()) {
      date = asctime.replaceFirst("$2 $1 $4 $3 GMT");
    }
    try {
      return Optional.of(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date, Instant::from));
    } catch (DateTimeException e) {
      return Optional.empty(); // not a date; the caller knows what else it may be
    }
  }
}
