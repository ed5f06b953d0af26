package io.joblens.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.joblens.spi.WireResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {
  private static final Instant NOW = Instant.parse("2024-05-01T12:00:00Z");

  private static Optional<Duration> wait(String... values) {
    return RetryAfter.of(response(Map.of("Retry-After", List.of(values))), NOW);
  }

  private static WireResponse response(Map<String, List<String>> headers) {
    return new WireResponse(503, headers, new byte[0]);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "7, 7000",
    "' 7 ', 7000",
    "007, 7000",
    "299.997, 299997",
    "0.0004, 0",
    "'0,120', 120000",
    "'0, 120 ', 120000",
    "86400, 86400000",
    "'3, x', 3000",
    "99999999999, 86400000",
    "999999999999999999, 86400000",
    "'Wed, 01 May 2024 12:00:30 GMT', 30000",
    "' Wed, 01 May 2024 12:00:30 GMT ', 30000",
    "'Wed, 1 May 2024 12:00:30 GMT', 30000",
    "'Wed, 01 May 2024 11:00:00 GMT', 0",
    "'Sun, 01 May 2044 12:00:00 GMT', 86400000",
    "'wed, 01 may 2024 12:00:30 gmt', 30000",
    "'Thu, 01 May 2024 12:00:30 GMT', 30000",
    "'Wednesday, 01-May-24 12:00:30 GMT', 30000",
    "'Monday, 01-May-24 12:00:30 GMT', 30000",
    "'Sunday, 06-Nov-94 08:49:37 GMT', 0",
    "'Wednesday, 01-May-69 12:00:30 GMT', 86400000",
    "'Thursday, 01-Jan-70 12:00:30 GMT', 0",
    "'Wed May  1 12:00:30 2024', 30000",
    "'Wed May 01 12:00:30 2024', 30000",
    "'Fri May  1 12:00:30 2024', 30000",
    "'Sun Nov  6 08:49:37 1994', 0",
  })
  void secondsAndDatesAreReadAndBounded(String value, long millis) {
    assertThat(wait(value)).contains(Duration.ofMillis(millis));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "-1",
        "+5",
        "soon",
        "1e9",
        "5s",
        "0x10",
        ".5",
        "5.",
        "9999999999999999999999",
        "Wed, 45 May 2024 12:00:30 GMT",
        "Wednesday, 45-May-24 12:00:30 GMT",
        "Wednesday, 01-Xyz-24 12:00:30 GMT",
        "Wednesday, 01-May-24 12:00:30",
        "Wed May  1 12:00:30",
        "Wed Xyz  1 12:00:30 2024",
        "２",
        "null"
      })
  void whatIsNeitherSecondsNorADateSaysNothing(String value) {
    assertThat(wait(value)).isEmpty();
  }

  @Test
  void theLongestOfSeveralCounts() {
    assertThat(wait("1", "9", "3", "junk")).contains(Duration.ofSeconds(9));
  }

  @Test
  void withoutTheHeaderNothingIsAsked() {
    assertThat(RetryAfter.of(response(Map.of()), NOW)).isEmpty();
  }

  /** A client whose clock is an hour slow would else wait an hour. */
  @Test
  void aDateIsComparedWithTheServersOwnClock() {
    WireResponse response =
        response(
            Map.of(
                "date", List.of(" Wed, 01 May 2024 13:00:00 GMT "),
                "retry-after", List.of("Wed, 01 May 2024 13:00:05 GMT")));
    assertThat(RetryAfter.of(response, NOW)).contains(Duration.ofSeconds(5));
  }

  @Test
  void theServersClockIsReadInEachFormOfDates() {
    for (String date :
        List.of(
            "Wed, 01 May 2024 12:00:00 GMT",
            "Wednesday, 01-May-24 12:00:00 GMT",
            "Wed May  1 12:00:00 2024")) {
      assertThat(RetryAfter.date(response(Map.of("date", List.of(date))))).contains(NOW);
    }
  }

  @Test
  void noTextWhateverBreaksIt() {
    Random random = new Random(7);
    String letters = "0123456789.,- :+eEGMTWedMay\u0000\uD800é２";
    for (int i = 0; i < 100_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int n = random.nextInt(30); n > 0; n--) {
        text.append(letters.charAt(random.nextInt(letters.length())));
      }
      Map<String, List<String>> headers = new HashMap<>();
      headers.put("retry-after", List.of(text.toString()));
      headers.put("date", List.of(text.reverse().toString()));
      assertThat(RetryAfter.of(response(headers), NOW))
          .satisfiesAnyOf(
              wait -> assertThat(wait).isEmpty(),
              wait -> assertThat(wait.orElseThrow()).isBetween(Duration.ZERO, Duration.ofDays(1)));
    }
  }
}
