package io.joblens.tencent.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.joblens.Finality;
import io.joblens.JobState;
import io.joblens.spi.StateTable;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BatchStatesTest {
  @ParameterizedTest
  @CsvSource({
    "SUBMITTED, QUEUED, OPEN",
    "PENDING, QUEUED, OPEN",
    "RUNNABLE, QUEUED, OPEN",
    "STARTING, STARTING, OPEN",
    "RUNNING, RUNNING, OPEN",
    "SUCCEED, SUCCEEDED, FINISHED",
    "FAILED, FAILED, FINISHED",
    "FAILED_INTERRUPTED, FAILED, FINISHED",
  })
  void everyDocumentedWordHasItsMeaning(String word, JobState state, Finality finality) {
    assertThat(BatchStates.TABLE.of(word)).isEqualTo(new StateTable.Meaning(state, finality));
  }

  @Test
  void thereAreNoOtherWords() {
    assertThat(BatchStates.TABLE.rows().keySet())
        .containsExactly(
            "SUBMITTED",
            "PENDING",
            "RUNNABLE",
            "STARTING",
            "RUNNING",
            "SUCCEED",
            "FAILED",
            "FAILED_INTERRUPTED");
  }

  @ParameterizedTest
  @CsvSource({"TERMINATING", "SUCCEEDED", "succeed", "'FAILED '"})
  void anyOtherWordIsUnknownAndNotFinished(String word) {
    assertThat(BatchStates.TABLE.of(word))
        .isEqualTo(new StateTable.Meaning(JobState.UNKNOWN, Finality.OPEN));
  }

  @Test
  void aStateCanBeSeveralWords() {
    assertThat(BatchStates.TABLE.words(EnumSet.of(JobState.FAILED)))
        .containsExactly("FAILED", "FAILED_INTERRUPTED");
  }
}
