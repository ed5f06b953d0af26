package io.joblens.huawei.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import io.joblens.Finality;
import io.joblens.JobState;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class WorkspaceStatesTest {

  @ParameterizedTest
  @CsvSource({
    "WAITING, QUEUED, OPEN",
    "RUNNING, RUNNING, OPEN",
    "SUCCESS, SUCCEEDED, FINISHED",
    "FAILED, FAILED, FINISHED",
    "failed, FAILED, FINISHED",
    "SKIP, UNKNOWN, OPEN",
    "'', UNKNOWN, OPEN",
    ", UNKNOWN, OPEN"
  })
  void wordsMeanWhatTheTableSays(@Nullable String word, JobState state, Finality finality) {
    assertThat(WorkspaceStates.of(word).state()).isEqualTo(state);
    assertThat(WorkspaceStates.of(word).finality()).isEqualTo(finality);
  }

  @Test
  void everyDocumentedWordIsThereInLifeCycleOrder() {
    assertThat(WorkspaceStates.TABLE.rows().keySet())
        .containsExactly("WAITING", "RUNNING", "SUCCESS", "FAILED");
  }
}
