package io.joblens.huawei.workspace;

import io.joblens.JobState;
import io.joblens.spi.StateTable;
import io.joblens.spi.StateTable.Meaning;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The words of {@code status}. Source: {@code ScheduleTaskStatus} of
 * github.com/huaweicloud/huaweicloud-sdk-java-v3, services/workspaceapp; the API's page names no
 * words but WAITING in its example. There is no word for a partial success.
 */
final class WorkspaceStates {
  static final StateTable TABLE =
      StateTable.builder()
          .open("WAITING", JobState.QUEUED)
          .open("RUNNING", JobState.RUNNING)
          .finished("SUCCESS", JobState.SUCCEEDED)
          .finished("FAILED", JobState.FAILED)
          .build();

  private WorkspaceStates() {}

  /**
   * Returns what the word means, in any case: the vendor's page writes {@code day} where the
   * service says {@code DAY}, so its case is not to be relied on.
   */
  static Meaning of(@Nullable String word) {
    return TABLE.of(word == null ? null : word.toUpperCase(Locale.ROOT));
  }
}
