package io.joblens.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class EndpointMemoryTest {
  private final EndpointMemory memory = new EndpointMemory();

  /** Takes all that are left. */
  private int retries() {
    int count = 0;
    while (memory.takeRetry()) {
      count++;
    }
    return count;
  }

  @Test
  void aHostMayCostFiveRetries() {
    assertThat(retries()).isEqualTo(5);
  }

  @Test
  void aRetryThatSucceedsGivesItsTokenBackAndTenCallsOne() {
    retries();
    memory.succeeded(true);
    assertThat(retries()).isOne();
    for (int i = 0; i < 9; i++) {
      memory.succeeded(false);
    }
    assertThat(retries()).isZero();
    memory.succeeded(false);
    assertThat(retries()).isOne();
  }

  @Test
  void noSuccessSavesMoreThanTheHostBeginsWith() {
    memory.succeeded(true);
    memory.succeeded(false);
    assertThat(retries()).isEqualTo(5);
  }

  @Test
  void onlyCallsThatAreUnderWayAtOnceGetMoreRetries() {
    for (int i = 0; i < 20; i++) {
      memory.began();
      memory.ended();
    }
    assertThat(retries()).isEqualTo(5);
    for (int i = 0; i < 8; i++) {
      memory.began();
    }
    assertThat(retries()).as("what eight have more than five").isEqualTo(3);
    for (int i = 0; i < 100; i++) {
      memory.succeeded(true);
    }
    assertThat(retries()).isEqualTo(8);
  }

  @Test
  void whatIsRememberedBelongsToAccountAndHostAndTheWayToIt() {
    EndpointMemories memories = new EndpointMemories();
    Object way = new Object();
    EndpointMemory known = memories.of(way, "acc", "host:1");
    assertThat(memories.of(way, "acc", "host:1")).isSameAs(known);
    assertThat(memories.of(way, "other", "host:1")).isNotSameAs(known);
    assertThat(memories.of(way, "acc", "host:2")).isNotSameAs(known);
    assertThat(memories.of(new Object(), "acc", "host:1")).isNotSameAs(known);
  }

  @Test
  void hostsThatWereNotAskedForLongAreForgotten() {
    EndpointMemories memories = new EndpointMemories();
    EndpointMemory busy = memories.of(this, "acc", "busy");
    EndpointMemory idle = memories.of(this, "acc", "idle");
    for (int i = 0; i < 1500; i++) {
      EndpointMemory unused = memories.of(this, "acc", "host:" + i);
      assertThat(memories.of(this, "acc", "busy")).isSameAs(busy);
    }
    assertThat(memories.of(this, "acc", "idle")).isNotSameAs(idle);
  }

  @Test
  void theClocksOffsetIsKeptUntilItIsCorrectedAgain() {
    assertThat(memory.clockOffset()).isZero();
    memory.correctClock(Duration.ofMinutes(-16));
    assertThat(memory.clockOffset()).isEqualTo(Duration.ofMinutes(-16));
  }
}
