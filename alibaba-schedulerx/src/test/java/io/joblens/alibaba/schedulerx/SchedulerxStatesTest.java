package io.joblens.alibaba.schedulerx;

import static org.assertj.core.api.Assertions.assertThat;

import io.joblens.Finality;
import io.joblens.JobState;
import io.joblens.Trigger;
import io.joblens.spi.StateTable.Meaning;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SchedulerxStatesTest {

  @ParameterizedTest
  @CsvSource({
    "0,  UNKNOWN,   OPEN",
    "1,  QUEUED,    OPEN",
    "2,  QUEUED,    OPEN",
    "3,  RUNNING,   OPEN",
    "4,  SUCCEEDED, FINISHED",
    "5,  FAILED,    FINISHED",
    "6,  CANCELLED, UNSETTLED",
    "7,  PAUSED,    OPEN",
    "8,  QUEUED,    OPEN",
    "9,  REJECTED,  UNSETTLED",
    "10, STARTING,  OPEN",
    "11, FAILED,    UNSETTLED",
    "12, SKIPPED,   FINISHED",
    "99, CANCELLED, FINISHED",
  })
  void everyStatusOfTheVendorHasItsMeaning(String word, JobState state, Finality finality) {
    assertThat(SchedulerxStates.TABLE.rows()).hasSize(14).containsKey(word);
    assertThat(SchedulerxStates.TABLE.of(word)).isEqualTo(new Meaning(state, finality));
  }

  @Test
  void aStatusThatNobodyKnowsIsUnknownAndNotFinished() {
    assertThat(SchedulerxStates.TABLE.of("13"))
        .isEqualTo(new Meaning(JobState.UNKNOWN, Finality.OPEN));
    assertThat(SchedulerxStates.TABLE.of(null).state()).isEqualTo(JobState.UNKNOWN);
  }

  @Test
  void everyNeutralStateCanBeReported() {
    assertThat(SchedulerxStates.TABLE.states()).isEqualTo(EnumSet.allOf(JobState.class));
    assertThat(SchedulerxStates.TABLE.words(Set.of(JobState.CANCELLED))).containsExactly("6", "99");
  }

  @ParameterizedTest
  @CsvSource({
    "0, UNKNOWN",
    "1, SCHEDULE",
    "2, BACKFILL",
    "3, API",
    "4, MANUAL_RETRY",
    "5, SYSTEM_RETRY",
    "6, UNKNOWN",
    ",  UNKNOWN",
  })
  void everyTriggerTypeHasItsMeaning(String word, Trigger trigger) {
    assertThat(SchedulerxStates.trigger(word)).isEqualTo(trigger);
  }
}
