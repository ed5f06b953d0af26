package io.joblens.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.joblens.Coverage;
import io.joblens.Finality;
import io.joblens.JobRun;
import io.joblens.JobState;
import io.joblens.RunRef;
import io.joblens.TaskCounts;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RunWriterTest {
  private static final Coverage NONE = new Coverage(List.of());

  private final Terminal terminal = new Terminal().at("2026-03-10T02:30:00Z");

  @Test
  void tableIsNewestFirstInLocalTime() {
    write(
        Format.TABLE,
        run("job-1").createdAt(Instant.parse("2026-03-09T16:00:00Z")).name("每日结算"),
        run("job-2")
            .createdAt(Instant.parse("2026-03-10T01:00:00Z"))
            .startedAt(Instant.parse("2026-03-10T01:00:05Z"))
            .finishedAt(Instant.parse("2026-03-10T01:01:25Z"))
            .state(JobState.FAILED, Finality.FINISHED, "FAILED_INTERRUPTED")
            .tasks(TaskCounts.builder().total(10L).succeeded(7L).failed(3L).build())
            .message("out of\nmemory"));

    assertThat(terminal.lines())
        .containsExactly(
            "CLOUD  JOB       RUN    STATE    VENDOR              CREATED         STARTED         FINISHED        DURATION  TASKS            MESSAGE",
            "batch  job-2     job-2  FAILED   FAILED_INTERRUPTED  03-10 09:00:00  03-10 09:00:05  03-10 09:01:25     1m20s  7/10 (3 failed)  out of memory",
            "batch  每日结算  job-1  UNKNOWN                      03-10 00:00:00");
  }

  @Test
  void yearIsShownWhenARunIsOfAnother() {
    write(Format.TABLE, run("job-1").createdAt(Instant.parse("2020-09-21T08:57:01Z")));

    assertThat(terminal.out()).contains("2020-09-21 16:57:01");
  }

  @Test
  void nothingToShowIsNoTable() {
    write(Format.TABLE);

    assertThat(terminal.out()).isEmpty();
  }

  @Test
  void jsonIsOneDocument() {
    JobRun row = run("job-1").build();
    RunWriter writer = RunWriter.of(Format.JSON, terminal.io(), r -> r.ref().runId());
    writer.write(row);
    writer.end(NONE);

    assertThat(terminal.out())
        .isEqualTo("{\"schema\":1,\"runs\":[\n" + row.toJson() + "\n],\"sources\":[]}\n");
  }

  @Test
  void jsonOfNothingIsStillADocument() {
    write(Format.JSON);

    assertThat(terminal.out()).isEqualTo("{\"schema\":1,\"runs\":[],\"sources\":[]}\n");
  }

  @Test
  void ndjsonIsPrintedRowByRow() {
    JobRun row = run("job-1").build();
    RunWriter writer = RunWriter.of(Format.NDJSON, terminal.io(), r -> r.ref().runId());

    assertThat(writer.write(row)).isTrue();
    assertThat(terminal.out()).isEqualTo(row.toJson() + "\n");
  }

  @Test
  void csvQuotesWhatNeedsIt() {
    write(
        Format.CSV,
        run("job-1")
            .name("a,\"b\"")
            .message("one\ntwo")
            .observedAt(Instant.parse("2026-03-10T02:30:00Z"))
            .tags(Map.of("team", "数据"))
            .tasks(TaskCounts.builder().total(2L).failed(0L).build()));

    assertThat(terminal.out())
        .isEqualTo(
            "cloud,account,provider,region,ref,jobId,runId,name,state,rawState,finished,problem,"
                + "message,trigger,createdAt,scheduledAt,dataAt,startedAt,finishedAt,observedAt,"
                + "durationMs,tasksTotal,tasksPending,tasksRunning,tasksSucceeded,tasksFailed,"
                + "tags,notes\n"
                + "batch,tc,tencent-batch,ap-guangzhou,tencent-batch:ap-guangzhou:job-1,job-1,job-1,"
                + "\"a,\"\"b\"\"\",UNKNOWN,,false,true,\"one\ntwo\",UNKNOWN,,,,,,"
                + "2026-03-10T02:30:00Z,,2,,,,0,\"{\"\"team\"\":\"\"数据\"\"}\",\n");
  }

  @Test
  void csvOfNothingIsItsHeader() {
    write(Format.CSV);

    assertThat(terminal.out())
        .startsWith("cloud,account,")
        .endsWith(",tags,notes\n")
        .hasLineCount(1);
  }

  @Test
  void writerTellsWhenNobodyReads() {
    Io io = terminal.io();
    Output closed =
        new Output(
            new OutputStream() {
              @Override
              public void write(int b) throws IOException {
                throw new IOException("Broken pipe");
              }
            });
    Io gone = new Io(closed, io.err(), io.environment(), io.zone(), io.clock(), false, false, 80);

    assertThat(RunWriter.of(Format.NDJSON, gone, r -> "").write(run("job-1").build())).isFalse();
    assertThat(RunWriter.of(Format.CSV, gone, r -> "").write(run("job-1").build())).isFalse();
  }

  @Test
  void tasksAreShownAsFarAsKnown() {
    assertThat(tasks(TaskCounts.builder())).isEmpty();
    assertThat(tasks(TaskCounts.builder().total(10L).succeeded(3L))).isEqualTo("3/10");
    assertThat(tasks(TaskCounts.builder().total(10L))).isEqualTo("10 tasks");
    assertThat(tasks(TaskCounts.builder().running(2L).succeeded(0L).failed(1L)))
        .isEqualTo("2 running, 1 failed");
  }

  private static String tasks(TaskCounts.Builder counts) {
    return RunWriter.showTasks(counts.build());
  }

  private void write(Format format, JobRun.Builder... rows) {
    RunWriter writer = RunWriter.of(format, terminal.io(), run -> run.ref().runId());
    for (JobRun.Builder row : rows) {
      writer.write(row.build());
    }
    writer.end(NONE);
  }

  private static JobRun.Builder run(String id) {
    return JobRun.builder(RunRef.parse("tencent-batch:ap-guangzhou:" + id))
        .cloud("batch")
        .account("tc");
  }
}
