package io.joblens.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.joblens.JobServiceException.Kind;
import io.joblens.spi.ServiceError;
import io.joblens.spi.TransportFailure;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RetryPolicyTest {
  private static final RetryPolicy HALF = new RetryPolicy(() -> 0.5);

  private static ServiceError error(Kind kind) {
    return ServiceError.of(kind, 503).build();
  }

  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"UNAVAILABLE", "SERVER_ERROR"})
  void theWaitIsARandomPartOfATimeThatDoubles(Kind kind) {
    assertThat(HALF.delayAfter(error(kind), 1)).contains(Duration.ofMillis(200));
    assertThat(HALF.delayAfter(error(kind), 2)).contains(Duration.ofMillis(400));
    assertThat(new RetryPolicy(() -> 0).delayAfter(error(kind), 1)).contains(Duration.ZERO);
  }

  @Test
  void whoIsThrottledWaitsFiveTimesAsLong() {
    assertThat(HALF.delayAfter(error(Kind.THROTTLED), 1)).contains(Duration.ofSeconds(1));
    assertThat(HALF.delayAfter(error(Kind.THROTTLED), 2)).contains(Duration.ofSeconds(2));
  }

  @Test
  void aBrokenExchangeWaitsLikeAnUnavailableServer() {
    TransportFailure lost = new TransportFailure(TransportFailure.Kind.CONNECTION_LOST, "lost");
    assertThat(HALF.delayAfter(lost, 1)).contains(Duration.ofMillis(200));
    assertThat(HALF.delayAfter(lost, 3)).isEmpty();
  }

  @Test
  void theWaitGrowsNoFurtherThanTwentySeconds() {
    Duration base = Duration.ofSeconds(1);
    assertThat(HALF.backOff(base, 4)).isEqualTo(Duration.ofSeconds(8));
    assertThat(HALF.backOff(base, 5)).isEqualTo(Duration.ofSeconds(10));
    assertThat(HALF.backOff(base, 1000)).isEqualTo(Duration.ofSeconds(10));
  }

  @Test
  void whatTheServerAsksForCountsWhereItIsLonger() {
    for (Kind kind : new Kind[] {Kind.THROTTLED, Kind.UNAVAILABLE, Kind.SERVER_ERROR}) {
      ServiceError later = error(kind).toBuilder().retryAfter(Duration.ofSeconds(7)).build();
      assertThat(HALF.delayAfter(later, 1)).contains(Duration.ofSeconds(7));
      ServiceError sooner = error(kind).toBuilder().retryAfter(Duration.ofMillis(1)).build();
      assertThat(HALF.delayAfter(sooner, 1)).isEqualTo(HALF.delayAfter(error(kind), 1));
    }
  }
}
