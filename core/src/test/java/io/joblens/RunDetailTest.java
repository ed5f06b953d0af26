package io.joblens;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RunDetailTest {
  private static final RunRef REF =
      new RunRef(new ProviderId("test-jobs"), "r1", List.of("j", "run"));

  private static RunDetail.Builder detail() {
    return RunDetail.builder(JobRun.builder(REF));
  }

  private static JobRun.Builder run() {
    return JobRun.builder(REF).state(JobState.FAILED);
  }

  @Test
  void whatLooksLikeASecretIsMaskedInEveryTextOfTheVendor() {
    RunDetail detail =
        detail()
            .reason("exited; password=canary")
            .waitingFor("https://user:canary@h to answer")
            .task(
                TaskDetail.builder("t", JobState.FAILED, "BAD")
                    .exitCode(7)
                    .reason("token=canary")
                    .logTail("curl -u me:canary")
                    .attribute("Result", "DB_PASS=canary")
                    .build())
            .build(
                run()
                    .message("exited; password=canary")
                    .attributes(Map.of("Result", "exited; password=canary", "Count", 3L))
                    .build());

    assertThat(detail.toJson() + detail).doesNotContain("canary");
    assertThat(detail.reason()).hasValue("exited; password=***");
    assertThat(detail.run().message()).hasValue("exited; password=***");
    assertThat(detail.run().attributes()).containsEntry("Count", 3L);
    assertThat(detail.tasks().get(0).reason()).hasValue("token=***");
    assertThat(detail.tasks().get(0).exitCode()).hasValue(7);
  }

  @Test
  void whatCoreKnowsAsASecretIsMaskedToo() {
    RunDetail detail =
        detail()
            .reason("used canary today")
            .note("said canary")
            .task(TaskDetail.builder("t", JobState.FAILED, "BAD").logTail("canary\n").build())
            .build(run().build(), text -> text.replace("canary", "***"));

    assertThat(detail.toJson()).doesNotContain("canary");
    assertThat(detail.reason()).hasValue("used *** today");
    assertThat(detail.notes()).containsExactly("said ***");
    assertThat(detail.tasks().get(0).logTail()).hasValue("***\n");
  }

  @Test
  void aCountOfFailuresContradictsOnlyAListOfTasks() {
    JobRun counted = run().tasks(TaskCounts.builder().failed(3L).build()).build();
    assertThat(detail().build(counted).notes())
        .containsExactly("3 failed by the vendor's count, none of those that were read");
    assertThat(detail().noTaskList("the console lists them").build(counted).notes())
        .containsExactly("the console lists them");
  }
}
