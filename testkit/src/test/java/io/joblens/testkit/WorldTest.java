package io.joblens.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class WorldTest {
  private final ManualTime time = ManualTime.startingAt(Instant.parse("2026-03-01T12:00:00Z"));
  private final World world =
      new World(time)
          .add(
              FakeRun.builder("r1")
                  .region("here")
                  .at(Duration.ofMinutes(1), "PENDING")
                  .starts(Duration.ofMinutes(5), "RUNNING")
                  .ends(Duration.ofMinutes(12), "SUCCEED"))
          .add(FakeRun.builder("r2").at(Duration.ofHours(-1), "FAILED"));

  @Test
  void aRunAppearsWithItsFirstState() {
    assertThat(world.run("r1")).isEmpty();
    time.advance(Duration.ofMinutes(1));
    assertThat(world.run("r1").orElseThrow().word()).isEqualTo("PENDING");
    assertThat(world.run("r1").orElseThrow().createdAt()).isEqualTo("2026-03-01T12:01:00Z");
  }

  @Test
  void statesAndTimesComeWithTheClock() {
    time.advance(Duration.ofMinutes(5));
    World.Row running = world.run("r1").orElseThrow();
    assertThat(running.word()).isEqualTo("RUNNING");
    assertThat(running.startedAt()).hasValue(Instant.parse("2026-03-01T12:05:00Z"));
    assertThat(running.finishedAt()).isEmpty();

    time.advance(Duration.ofMinutes(7));
    World.Row done = world.run("r1").orElseThrow();
    assertThat(done.word()).isEqualTo("SUCCEED");
    assertThat(done.finishedAt()).hasValue(Instant.parse("2026-03-01T12:12:00Z"));
    assertThat(running.word()).as("a row does not move any more").isEqualTo("RUNNING");
  }

  @Test
  void aRunWithoutARegionIsInEveryRegion() {
    time.advance(Duration.ofHours(1));
    assertThat(world.runs("here")).extracting(World.Row::id).containsExactly("r1", "r2");
    assertThat(world.runs("there")).extracting(World.Row::id).containsExactly("r2");
  }

  @Test
  void removedRunsAreGone() {
    assertThat(world.remove("r2").runs()).isEmpty();
  }

  @Test
  void aRunNeedsAState() {
    assertThatThrownBy(() -> FakeRun.builder("r").build())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("r has no state");
  }
}
