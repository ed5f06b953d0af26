package io.joblens.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.joblens.ConfigException;
import io.joblens.CredentialsException;
import io.joblens.JobException;
import io.joblens.JobServiceException;
import io.joblens.JobServiceException.Kind;
import io.joblens.UnsupportedQueryException;
import io.joblens.spi.ServiceError;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ExitCodeTest {
  private final JobException config = new ConfigException("project-id is missing");
  private final JobException unsupported = new UnsupportedQueryException("no tags there");
  private final JobException noKey = new CredentialsException("no credentials");

  @Test
  void everythingReadIsFine() {
    assertThat(code(2, Map.of(), false, false, false)).isZero();
  }

  @Test
  void cloudsThatAllRefusedBeforeAnythingWasSentAreUsage() {
    assertThat(code(2, Map.of("a", config, "b", unsupported), false, false, false)).isEqualTo(2);
  }

  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"AUTHENTICATION", "ACCESS_DENIED", "EXPIRED_CREDENTIALS"})
  void everyCloudDeniedIsFour(Kind kind) {
    assertThat(code(2, Map.of("a", service(kind), "b", noKey), false, false, false)).isEqualTo(4);
  }

  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"AUTHENTICATION", "ACCESS_DENIED", "EXPIRED_CREDENTIALS"})
  void everyCloudFailedOtherwiseIsOne(Kind kind) {
    assertThat(code(1, Map.of("a", service(kind)), false, false, false)).isEqualTo(1);
  }

  @Test
  void deniedHereAndBrokenThereIsOne() {
    JobException broken = service(Kind.SERVER_ERROR);
    assertThat(code(2, Map.of("a", broken, "b", noKey), false, false, false)).isEqualTo(1);
  }

  @Test
  void someCloudsFailedIsFive() {
    assertThat(code(4, Map.of("a", noKey), false, false, false)).isEqualTo(5);
    assertThat(code(4, Map.of("a", unsupported), false, false, false)).isEqualTo(5);
  }

  @Test
  void failedRunComesBeforeEverythingThatWasSent() {
    assertThat(code(2, Map.of("a", noKey), true, true, true)).isEqualTo(3);
  }

  @Test
  void notFoundComesBeforeTimeOverAndTimeOverBeforePartial() {
    assertThat(code(2, Map.of("a", noKey), false, true, true)).isEqualTo(1);
    assertThat(code(2, Map.of("a", noKey), false, false, true)).isEqualTo(6);
    assertThat(code(1, Map.of(), false, false, true)).isEqualTo(6);
    assertThat(code(1, Map.of(), false, true, false)).isEqualTo(1);
  }

  private static int code(
      int clouds,
      Map<String, JobException> failures,
      boolean runFailed,
      boolean notFound,
      boolean timeOver) {
    return ExitCode.of(new ExitCode.Outcome(clouds, failures, runFailed, notFound, timeOver));
  }

  private static JobException service(Kind kind) {
    return new JobServiceException(ServiceError.of(kind, 400).build());
  }
}
