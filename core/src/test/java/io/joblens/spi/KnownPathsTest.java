package io.joblens.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.joblens.JobRef;
import io.joblens.ProviderId;
import io.joblens.RunRef;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class KnownPathsTest {
  private static final List<String> NAMES = List.of("space", "group", "job", "run");

  @Test
  void idsAreCompletedFromTheLeftWithTheOneThingThatIsConfigured() {
    KnownPaths known = paths("s/g/7");

    assertThat(known.run(List.of("42"))).hasToString("stub:r1:s/g/7/42");
    assertThat(known.run(List.of("7", "42"))).hasToString("stub:r1:s/g/7/42");
    assertThat(known.run(List.of("h", "8", "42"))).hasToString("stub:r1:s/h/8/42");
    assertThat(known.run(List.of("t", "h", "8", "42"))).hasToString("stub:r1:t/h/8/42");
    assertThat(known.job(List.of("7"))).hasToString("stub:r1:s/g/7");
  }

  @Test
  void anIdThatIsConfiguredInOnePlaceBringsThatPlaceWithIt() {
    KnownPaths known = paths("s/g/7", "s/h/8");

    assertThat(known.run(List.of("8", "42"))).hasToString("stub:r1:s/h/8/42");
    assertThat(known.jobPath(List.of("7"))).containsExactly("s", "g", "7");
  }

  @Test
  void whatTheConfigurationCannotDecideIsRefusedWithTheIdsToGive() {
    KnownPaths known = paths("s/g/7", "s/h/8");

    assertRefused(() -> known.run(List.of("42")), "more than one job", "give job, run");
    assertRefused(() -> known.job(List.of("9")), "more than one group", "give group, job");
    assertRefused(() -> paths().job(List.of("9")), "no group is configured");
    assertRefused(() -> known.run(List.of()), "expected space, group, job, run");
    assertRefused(() -> known.run(List.of("a", "b", "c", "d", "e")), "not 5 ids");
    assertRefused(() -> known.run(List.of("8", "..")), "run is '..'");
  }

  @Test
  void severalRegionsNeedTheWholeReference() {
    KnownPaths known =
        new KnownPaths(new ProviderId("stub"), List.of("r1", "r2"), NAMES, List.of());

    assertRefused(
        () -> known.run(List.of("s", "g", "7", "42")), "r1, r2", "stub:REGION:SPACE/GROUP/JOB/RUN");
  }

  @Test
  void aReferenceWithTooFewIdsIsRefused() {
    KnownPaths known = paths();

    known.require(RunRef.parse("stub:r1:s/g/7/42"));
    known.require(JobRef.parse("stub:r1:s/g/7"));
    assertRefused(
        () -> known.require(RunRef.parse("stub:r1:42")), "space/group/job/run", "not by 1 id");
    assertRefused(() -> known.require(JobRef.parse("stub:r1:g/7")), "not by 2 ids");
  }

  /** Takes paths as texts, such as {@code s/g/7}. */
  private static KnownPaths paths(String... paths) {
    return new KnownPaths(
        new ProviderId("stub"),
        List.of("r1"),
        NAMES,
        Stream.of(paths).map(path -> List.of(path.split("/"))).toList());
  }

  private static void assertRefused(ThrowingCallable call, String... parts) {
    assertThatThrownBy(call)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll(parts);
  }
}
