package io.joblens.alibaba.sae;

import io.joblens.JobState;
import io.joblens.spi.StateTable;

/**
 * The words of State, from the documentation of <a
 * href="https://www.alibabacloud.com/help/en/sae/serverless-app-engine/developer-reference/api-sae-2019-05-06-describejobhistory">
 * DescribeJobHistory</a>. There are these four only: no word says that a run was cancelled or timed
 * out.
 */
final class SaeStates {
  static final StateTable TABLE =
      StateTable.builder()
          .open("0", JobState.QUEUED) // "not executed"
          .open("3", JobState.RUNNING) // "being executed"
          // "executed" in English, 执行成功 (executed with success) in Chinese
          .finished("1", JobState.SUCCEEDED)
          .finished("2", JobState.FAILED)
          .build();

  private SaeStates() {}
}
