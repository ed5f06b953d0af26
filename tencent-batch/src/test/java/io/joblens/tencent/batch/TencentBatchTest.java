package io.joblens.tencent.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.joblens.Filter;
import io.joblens.FoundRuns;
import io.joblens.Job;
import io.joblens.JobClient;
import io.joblens.JobPage;
import io.joblens.JobQuery;
import io.joblens.JobRun;
import io.joblens.JobServiceException;
import io.joblens.JobState;
import io.joblens.RawRequest;
import io.joblens.RunRef;
import io.joblens.UnsupportedQueryException;
import io.joblens.spi.Credentials;
import io.joblens.testkit.FakeRun;
import io.joblens.testkit.ManualTime;
import io.joblens.testkit.TencentBatchCloud;
import io.joblens.testkit.Unlimited;
import io.joblens.testkit.World;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whole conversations with the fake cloud, over HTTP. */
class TencentBatchTest {
  private final ManualTime time = ManualTime.autoAdvancing(Instant.parse("2026-03-01T12:00:00Z"));
  private final World world = new World(time);
  private final TencentBatchCloud cloud = new TencentBatchCloud(world);
  private final JobClient batch;

  TencentBatchTest() {
    cloud.addKey("AKIDexample", "canary-secret-example");
    batch =
        TencentBatch.builder()
            .name("batch")
            .account("tc-prod")
            .regions(List.of("ap-guangzhou", "ap-shanghai"))
            .endpoint(cloud.endpoint())
            .credentials(Credentials.accessKey("AKIDexample", "canary-secret-example"))
            .time(time)
            .limiter(Unlimited.INSTANCE)
            .build();
  }

  @AfterEach
  void close() {
    batch.close();
    cloud.close();
  }

  @Test
  void twoHundredAndFiftyIdsAreThreeRequests() {
    List<RunRef> refs = IntStream.range(0, 250).mapToObj(i -> add(i, "SUCCEED")).toList();

    FoundRuns found = batch.getRuns(refs);

    assertThat(found.runs()).hasSize(250);
    assertThat(found.missing()).isEmpty();
    assertThat(cloud.requests()).hasSize(3);
  }

  @Test
  void idsTogetherWithStatesAreFilteredLocallyAndThePageSaysSo() {
    RunRef failed = add(1, "FAILED");
    RunRef running = add(2, "RUNNING");

    JobPage page =
        batch.listRuns(
            JobQuery.builder().runs(List.of(failed, running)).states(JobState.FAILED).build());

    assertThat(page.runs()).extracting(JobRun::ref).containsExactly(failed);
    assertThat(page.localFilters()).contains(Filter.STATE);
    assertThat(cloud.requests()).hasSize(1);
    assertThat(cloud.requests().get(0).bodyText()).contains("JobIds").doesNotContain("Filters");
  }

  @Test
  void idsTogetherWithAFilterOfTheVendorsOwnAreRefused() {
    JobQuery query =
        JobQuery.builder().runs(List.of(add(1, "FAILED"))).extra("zone", "ap-guangzhou-4").build();

    assertThatThrownBy(() -> batch.listRuns(query)).isInstanceOf(UnsupportedQueryException.class);
    assertThat(cloud.requests()).isEmpty();
  }

  @Test
  void allPagesOfAllRegionsAreRead() {
    IntStream.range(0, 230).forEach(i -> add(i, "SUCCEED"));
    world.add(FakeRun.builder("job-elsewhere").region("ap-shanghai").at(Duration.ZERO, "RUNNING"));

    assertThat(batch.listAllRuns(JobQuery.ALL).stream().map(run -> run.ref().runId()))
        .hasSize(231)
        .doesNotHaveDuplicates()
        .contains("job-elsewhere");
  }

  @Test
  void theVendorsFiltersFilter() {
    add(1, "FAILED");
    add(2, "FAILED_INTERRUPTED");
    add(3, "RUNNING");
    world.add(
        FakeRun.builder("job-tagged")
            .region("ap-guangzhou")
            .name("每日")
            .tag("环境", "测试")
            .at(Duration.ZERO, "FAILED"));

    assertThat(ids(JobQuery.builder().states(JobState.FAILED).build()))
        .containsExactlyInAnyOrder("job-1", "job-2", "job-tagged");
    assertThat(ids(JobQuery.builder().name("每日").tag("环境", "测试").build()))
        .containsExactly("job-tagged");
    assertThat(ids(JobQuery.builder().name("n*-1").build())).containsExactly("job-1");
    assertThat(ids(JobQuery.builder().job("job-3").build())).containsExactly("job-3");
    assertThat(ids(JobQuery.builder().extra("tag-key", "环境").build()))
        .containsExactly("job-tagged");
    assertThat(ids(JobQuery.builder().extra("zone", "ap-guangzhou-7").build())).isEmpty();
  }

  @Test
  void theJobIsItsRun() {
    RunRef ref = add(1, "FAILED");

    Job job = batch.getJob(ref.job());

    assertThat(job.name()).hasValue("name-1");
    assertThat(job.lastState()).hasValue(JobState.FAILED);
    assertThatThrownBy(
            () -> batch.getJob(new RunRef(ref.provider(), "ap-seoul", List.of("job-1")).job()))
        .isInstanceOfSatisfying(
            JobServiceException.class,
            e -> assertThat(e.kind()).isEqualTo(JobServiceException.Kind.NOT_FOUND));
  }

  @Test
  void aRawRequestGivesTheAnswerOrItsError() {
    add(1, "FAILED");

    assertThat(
            batch
                .sendRaw(RawRequest.action("DescribeJob").json("{\"JobId\":\"job-1\"}").build())
                .httpStatus())
        .isEqualTo(200);
    assertThatThrownBy(
            () ->
                batch.sendRaw(
                    RawRequest.action("DescribeJob").json("{\"JobId\":\"job-9\"}").build()))
        .isInstanceOfSatisfying(
            JobServiceException.class,
            e -> {
              assertThat(e.kind()).isEqualTo(JobServiceException.Kind.NOT_FOUND);
              assertThat(e.errorCode()).hasValue("ResourceNotFound.Job");
              assertThat(e.requestId()).isPresent();
            });
    assertThatThrownBy(() -> batch.sendRaw(RawRequest.action("DescribeNothing").build()))
        .isInstanceOf(JobServiceException.class)
        .hasMessageContaining("InvalidAction");
  }

  private RunRef add(int number, String word) {
    world.add(
        FakeRun.builder("job-" + number)
            .region("ap-guangzhou")
            .name("name-" + number)
            .at(Duration.ofSeconds(-number), word));
    return new RunRef(TencentBatch.ID, "ap-guangzhou", List.of("job-" + number));
  }

  private List<String> ids(JobQuery query) {
    return batch.listAllRuns(query).stream().map(run -> run.ref().runId()).toList();
  }
}
