package io.joblens.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimesTest {
  private static final Instant NOW = Instant.parse("2026-03-10T02:30:00Z");
  private static final ZoneId SHANGHAI = ZoneId.of("Asia/Shanghai");

  @ParameterizedTest
  @CsvSource({
    "24h, 2026-03-09T02:30:00Z",
    "90m, 2026-03-10T01:00:00Z",
    "7d, 2026-03-03T02:30:00Z",
    "2w, 2026-02-24T02:30:00Z",
    "1h30m, 2026-03-10T01:00:00Z",
    "now, 2026-03-10T02:30:00Z",
    "today, 2026-03-09T16:00:00Z",
    "Yesterday, 2026-03-08T16:00:00Z",
    "2026-03-01, 2026-02-28T16:00:00Z",
    "2026-03-01T08:00, 2026-03-01T00:00:00Z",
    "2026-03-01 08:00:30, 2026-03-01T00:00:30Z",
    "2026-03-01T08:00:00Z, 2026-03-01T08:00:00Z",
    "2026-03-01T08:00:00.5z, 2026-03-01T08:00:00.500Z",
    "2026-03-01T08:00+08:00, 2026-03-01T00:00:00Z",
    "2026-03-01T08:00:00-05:00, 2026-03-01T13:00:00Z",
  })
  void timesAreReadInTheLocalZone(String text, Instant expected) {
    assertThat(Times.parseInstant("--since", text, NOW, SHANGHAI)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "soon", "24", "24x", "-1h", "2026-02-30", "99999999999999999999h", "1e3s"})
  void whatIsNoTimeIsRefusedWithExamples(String text) {
    assertThatThrownBy(() -> Times.parseInstant("--since", text, NOW, SHANGHAI))
        .isInstanceOf(UsageException.class)
        .hasMessageStartingWith("--since: ")
        .hasMessageContaining("yesterday");
  }

  @Test
  void durationsAreReadInTheirUnits() {
    assertThat(Times.parseDuration("--poll", "10s")).isEqualTo(Duration.ofSeconds(10));
    assertThat(Times.parseDuration("--poll", "1H30M")).isEqualTo(Duration.ofMinutes(90));
    assertThat(Times.parseDuration("--poll", "250ms")).isEqualTo(Duration.ofMillis(250));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0s", "10", "-5m", "9223372036854775807d", "30 m"})
  void whatIsNoDurationIsRefused(String text) {
    assertThatThrownBy(() -> Times.parseDuration("--timeout", text))
        .isInstanceOf(UsageException.class)
        .hasMessageStartingWith("--timeout: ");
  }

  @ParameterizedTest
  @CsvSource({
    "PT0S, 0s",
    "PT0.4S, 0.4s",
    "PT45S, 45s",
    "PT80S, 1m20s",
    "PT2H5M, 2h05m",
    "P3DT4H, 3d04h"
  })
  void durationsAreShownInTwoUnits(Duration duration, String text) {
    assertThat(Times.show(duration)).isEqualTo(text);
  }
}
