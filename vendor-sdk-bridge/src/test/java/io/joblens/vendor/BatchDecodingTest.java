package io.joblens.vendor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonSyntaxException;
import com.tencentcloudapi.batch.v20170312.BatchClient;
import com.tencentcloudapi.batch.v20170312.models.DescribeJobsRequest;
import com.tencentcloudapi.batch.v20170312.models.DescribeJobsResponse;
import com.tencentcloudapi.batch.v20170312.models.JobView;
import com.tencentcloudapi.batch.v20170312.models.Placement;
import com.tencentcloudapi.batch.v20170312.models.Tag;
import com.tencentcloudapi.batch.v20170312.models.TaskMetrics;
import com.tencentcloudapi.common.Credential;
import com.tencentcloudapi.common.exception.TencentCloudSDKException;
import com.tencentcloudapi.common.profile.ClientProfile;
import io.joblens.JobClient;
import io.joblens.JobDataException;
import io.joblens.JobPage;
import io.joblens.JobQuery;
import io.joblens.JobRun;
import io.joblens.JobServiceException;
import io.joblens.TaskCounts;
import io.joblens.spi.Credentials;
import io.joblens.spi.JsonReader;
import io.joblens.tencent.batch.TencentBatch;
import io.joblens.testkit.ManualTime;
import io.joblens.testkit.Unlimited;
import io.joblens.testkit.WireCase;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The same bytes of DescribeJobs, read by the vendor's client and by ours. */
class BatchDecodingTest {
  private static final List<String> STATES =
      List.of(
          "SUBMITTED",
          "PENDING",
          "RUNNABLE",
          "STARTING",
          "RUNNING",
          "SUCCEED",
          "FAILED",
          "FAILED_INTERRUPTED");
  private static final List<String> METRICS =
      List.of(
          "SubmittedCount",
          "PendingCount",
          "RunnableCount",
          "StartingCount",
          "RunningCount",
          "SucceedCount",
          "FailedInterruptedCount",
          "FailedCount");

  private final CannedTransport canned = new CannedTransport();
  private final BatchClient theirs;
  private final JobClient ours =
      TencentBatch.builder()
          .region("ap-guangzhou")
          .credentials(Credentials.accessKey("id", "canary-key"))
          .transport(canned)
          .limiter(Unlimited.INSTANCE)
          .time(ManualTime.autoAdvancing(Instant.parse("2026-01-01T00:00:00Z")))
          .build();

  BatchDecodingTest() {
    ClientProfile profile = new ClientProfile();
    profile.getHttpProfile().setHttpClient(canned.okHttp());
    theirs = new BatchClient(new Credential("id", "canary-key"), "ap-guangzhou", profile);
  }

  @AfterEach
  void close() {
    ours.close();
  }

  static Stream<WireCase> examples() {
    // the others are answers that no client should read, see the deviations below
    return Stream.of(
            "documented-example",
            "documented-example-that-ends-before-it-begins",
            "failed-interrupted",
            "fields-left-out",
            "fields-null",
            "retried-and-running-again",
            "unreadable-times",
            "words-for-absent")
        .map(name -> new WireCase(Path.of("../tencent-batch/src/test/resources/wire/list", name)));
  }

  @ParameterizedTest
  @MethodSource("examples")
  void everyExampleIsReadAsTheVendorReadsIt(WireCase example) throws Exception {
    canned.answer(example.bytes("response.json"));

    compare(theirs.DescribeJobs(new DescribeJobsRequest()), ours.listRuns(JobQuery.ALL));
  }

  @Test
  void everyRandomAnswerIsReadAsTheVendorReadsIt() throws Exception {
    int rows = 0;
    for (int number = 0; number < RandomAnswer.ANSWERS; number++) {
      byte[] body = answer(new RandomAnswer(number));
      canned.answer(body);
      try {
        rows +=
            compare(theirs.DescribeJobs(new DescribeJobsRequest()), ours.listRuns(JobQuery.ALL));
      } catch (Exception | AssertionError e) {
        throw new AssertionError(RandomAnswer.where(number, body), e);
      }
    }
    System.out.printf(
        Locale.ROOT,
        "%,d answers of DescribeJobs with %,d jobs read alike, seed %d%n",
        RandomAnswer.ANSWERS,
        rows,
        RandomParts.SEED);
    assertThat(rows).isGreaterThan(RandomAnswer.ANSWERS);
  }

  /** gson reads a double for what is no long, and casts it. */
  @Test
  void theVendorClampsANumberOf64BitsAndMore() throws Exception {
    canned.answer(
        job("\"Priority\":9223372036854775808,\"TaskMetrics\":{\"SucceedCount\":1.0}")
            .getBytes(StandardCharsets.UTF_8));
    JobView view = theirs.DescribeJobs(new DescribeJobsRequest()).getJobSet()[0];

    assertThat(view.getPriority()).isEqualTo(Long.MAX_VALUE);
    assertThat(view.getTaskMetrics().getSucceedCount()).isEqualTo(1);
    assertThatThrownBy(() -> ours.listRuns(JobQuery.ALL)).isInstanceOf(JobDataException.class);
    canned.answer(job("\"Priority\":9223372036854775808").getBytes(StandardCharsets.UTF_8));
    assertThat(ours.listRuns(JobQuery.ALL).runs().get(0).attributes().get("Priority"))
        .hasToString("9223372036854775808");
  }

  /** gson's JsonSyntaxException is not among what the vendor's methods declare to throw. */
  @ParameterizedTest
  @ValueSource(strings = {"\"Priority\":1.5", "\"Placement\":[]", "\"Priority\":\"\""})
  void theVendorThrowsOutOfItsContractWhereWeReadOn(String field) {
    canned.answer(job(field).getBytes(StandardCharsets.UTF_8));

    assertThatThrownBy(() -> theirs.DescribeJobs(new DescribeJobsRequest()))
        .isInstanceOf(JsonSyntaxException.class);
    assertThat(ours.listRuns(JobQuery.ALL).runs()).hasSize(1);
  }

  /** AbstractClient.processResponseJson() looks at {@code errResp.response.error} unchecked. */
  @ParameterizedTest
  @ValueSource(strings = {"", "null", "{}", "{\"Response\":null}"})
  void theVendorThrowsNullPointerExceptionForAnEmptyAnswer(String body) {
    canned.answer(body.getBytes(StandardCharsets.UTF_8));

    assertThatThrownBy(() -> theirs.DescribeJobs(new DescribeJobsRequest()))
        .isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> ours.listRuns(JobQuery.ALL)).isInstanceOf(JobDataException.class);
  }

  /** What has no rows and no error is a success to the vendor's model. */
  @ParameterizedTest
  @ValueSource(strings = {"{\"Response\":{}}", "{\"Response\":{\"JobSet\":null}}"})
  void theVendorTakesAnAnswerWithoutJobsForAnAnswer(String body) throws Exception {
    canned.answer(body.getBytes(StandardCharsets.UTF_8));

    assertThat(theirs.DescribeJobs(new DescribeJobsRequest()).getJobSet()).isNull();
    assertThatThrownBy(() -> ours.listRuns(JobQuery.ALL)).isInstanceOf(JobDataException.class);
  }

  @Test
  void theVendorTakesTheLastOfFieldsThatStandTwice() throws Exception {
    canned.answer(job("\"JobName\":\"one\",\"JobName\":\"two\"").getBytes(StandardCharsets.UTF_8));

    assertThat(theirs.DescribeJobs(new DescribeJobsRequest()).getJobSet()[0].getJobName())
        .isEqualTo("two");
    assertThatThrownBy(() -> ours.listRuns(JobQuery.ALL)).isInstanceOf(JobDataException.class);
  }

  @Test
  void anErrorInsideASuccessHasTheSameCodeForBoth() {
    canned.answer(
        "{\"Response\":{\"Error\":{\"Code\":\"InvalidFilter\",\"Message\":\"m\"},\"RequestId\":\"r\"}}"
            .getBytes(StandardCharsets.UTF_8));

    assertThatThrownBy(() -> theirs.DescribeJobs(new DescribeJobsRequest()))
        .isInstanceOfSatisfying(
            TencentCloudSDKException.class,
            e -> assertThat(e.getErrorCode()).isEqualTo("InvalidFilter"));
    assertThatThrownBy(() -> ours.listRuns(JobQuery.ALL))
        .isInstanceOfSatisfying(
            JobServiceException.class,
            e -> {
              assertThat(e.errorCode()).contains("InvalidFilter");
              assertThat(e.requestId()).contains("r");
            });
  }

  private static String job(String fields) {
    return "{\"Response\":{\"TotalCount\":1,\"JobSet\":[{\"JobId\":\"job-1\","
        + fields
        + "}],\"RequestId\":\"r\"}}";
  }

  private static byte[] answer(RandomAnswer random) {
    List<Object> jobs = new ArrayList<>();
    for (int count = random.parts.below(5); count > 0; count--) {
      Map<String, @Nullable Object> job = new LinkedHashMap<>();
      job.put("JobId", "job-" + count + random.parts.word(8));
      random.maybe(job, "JobName", random::textOrOther);
      random.maybe(job, "JobState", () -> random.word(STATES));
      random.maybe(job, "Priority", () -> random.number(Long.MIN_VALUE, Long.MAX_VALUE));
      random.maybe(job, "Placement", () -> placement(random));
      random.maybe(job, "CreateTime", () -> time(random));
      random.maybe(job, "EndTime", () -> time(random));
      random.maybe(job, "TaskMetrics", () -> metrics(random));
      random.maybe(job, "Tags", () -> tags(random));
      random.unknown(job);
      jobs.add(job);
    }
    Map<String, @Nullable Object> response = new LinkedHashMap<>();
    random.maybe(response, "TotalCount", () -> random.number(0, Long.MAX_VALUE));
    response.put("JobSet", jobs);
    random.unknown(response);
    response.put("RequestId", random.parts.nonce());
    Map<String, @Nullable Object> envelope = new LinkedHashMap<>();
    envelope.put("Response", response);
    return random.bytes(envelope);
  }

  private static Object time(RandomAnswer random) {
    return random.parts.oneIn(5) ? random.text() : random.time().toString();
  }

  private static Map<String, @Nullable Object> placement(RandomAnswer random) {
    Map<String, @Nullable Object> placement = new LinkedHashMap<>();
    random.maybe(placement, "Zone", random::text);
    random.maybe(placement, "ProjectId", () -> random.number(0, Long.MAX_VALUE));
    random.maybe(placement, "HostIds", () -> List.of(random.text(), "h"));
    random.unknown(placement);
    return placement;
  }

  private static Map<String, @Nullable Object> metrics(RandomAnswer random) {
    Map<String, @Nullable Object> metrics = new LinkedHashMap<>();
    boolean whole = random.parts.oneIn(2);
    for (String name : METRICS) {
      if (whole) {
        metrics.put(name, random.parts.below(50));
      } else {
        random.maybe(metrics, name, () -> random.number(Long.MIN_VALUE, Long.MAX_VALUE));
      }
    }
    return metrics;
  }

  private static List<Object> tags(RandomAnswer random) {
    List<Object> tags = new ArrayList<>();
    for (int count = random.parts.below(4); count > 0; count--) {
      Map<String, @Nullable Object> tag = new LinkedHashMap<>();
      random.maybe(tag, "Key", random.parts::text);
      random.maybe(tag, "Value", random.parts::text);
      tags.add(tag);
    }
    return tags;
  }

  private static int compare(DescribeJobsResponse theirs, JobPage ours) {
    JobView[] jobs = theirs.getJobSet();
    assertThat(ours.runs()).hasSameSizeAs(jobs);
    Long total = theirs.getTotalCount();
    assertThat(ours.claimedTotal().isPresent() ? (Long) ours.claimedTotal().getAsLong() : null)
        .as("TotalCount")
        .isEqualTo(total);
    for (int i = 0; i < jobs.length; i++) {
      compare(jobs[i], ours.runs().get(i));
    }
    return jobs.length;
  }

  private static void compare(JobView theirs, JobRun ours) {
    assertThat(ours.ref().runId()).isEqualTo(theirs.getJobId());
    assertThat(ours.name().orElse(null)).as("JobName").isEqualTo(present(theirs.getJobName()));
    assertThat(ours.rawState().isEmpty() ? null : ours.rawState())
        .as("JobState")
        .isEqualTo(present(theirs.getJobState()));
    assertThat(ours.createdAt().orElse(null))
        .as("CreateTime")
        .isEqualTo(instant(theirs.getCreateTime()));
    assertThat(ours.finishedAt().orElse(null))
        .as("EndTime")
        .isEqualTo(instant(theirs.getEndTime()));
    compareAttribute(ours.attributes(), "Priority", theirs.getPriority());
    Placement placement = theirs.getPlacement();
    if (placement == null) {
      assertThat(ours.attributes().get("Placement")).isNull();
    } else {
      Map<?, ?> own = (Map<?, ?>) ours.attributes().get("Placement");
      compareAttribute(own, "Zone", placement.getZone());
      compareAttribute(own, "ProjectId", placement.getProjectId());
      compareAttribute(
          own, "HostIds", placement.getHostIds() == null ? null : List.of(placement.getHostIds()));
    }
    assertThat(ours.tags()).as("Tags").isEqualTo(tags(theirs.getTags()));
    compare(theirs.getTaskMetrics(), ours);
  }

  private static void compare(@Nullable TaskMetrics theirs, JobRun ours) {
    if (theirs == null) {
      assertThat(ours.tasks()).isEqualTo(TaskCounts.NONE);
      assertThat(ours.attributes().get("TaskMetrics")).isNull();
      return;
    }
    Map<?, ?> own = (Map<?, ?>) ours.attributes().get("TaskMetrics");
    compareAttribute(own, "SubmittedCount", theirs.getSubmittedCount());
    compareAttribute(own, "PendingCount", theirs.getPendingCount());
    compareAttribute(own, "RunnableCount", theirs.getRunnableCount());
    compareAttribute(own, "StartingCount", theirs.getStartingCount());
    compareAttribute(own, "RunningCount", theirs.getRunningCount());
    compareAttribute(own, "SucceedCount", theirs.getSucceedCount());
    compareAttribute(own, "FailedInterruptedCount", theirs.getFailedInterruptedCount());
    compareAttribute(own, "FailedCount", theirs.getFailedCount());
    Long pending =
        sum(theirs.getSubmittedCount(), theirs.getPendingCount(), theirs.getRunnableCount());
    Long running = sum(theirs.getStartingCount(), theirs.getRunningCount());
    Long succeeded = sum(theirs.getSucceedCount());
    Long failed = sum(theirs.getFailedCount(), theirs.getFailedInterruptedCount());
    assertThat(ours.tasks())
        .isEqualTo(
            TaskCounts.builder()
                .total(sum(pending, running, succeeded, failed))
                .pending(pending)
                .running(running)
                .succeeded(succeeded)
                .failed(failed)
                .build());
  }

  private static void compareAttribute(
      @Nullable Map<?, ?> own, String name, @Nullable Object value) {
    Object mine = own == null ? null : own.get(name);
    assertThat(mine == null ? null : mine.toString())
        .as(name)
        .isEqualTo(value == null ? null : value.toString());
  }

  /** Counts that cannot be are absent with us. */
  private static @Nullable Long sum(@Nullable Long... counts) {
    long sum = 0;
    for (Long count : counts) {
      if (count == null || count < 0 || count > Integer.MAX_VALUE) {
        return null;
      }
      sum += count;
    }
    return sum;
  }

  private static Map<String, String> tags(Tag @Nullable [] tags) {
    Map<String, String> map = new LinkedHashMap<>();
    for (Tag tag : tags == null ? new Tag[0] : tags) {
      if (tag.getKey() != null) {
        map.put(tag.getKey(), tag.getValue() == null ? "" : tag.getValue());
      }
    }
    return map;
  }

  /** Returns null for the vendors' words for "absent". */
  private static @Nullable String present(@Nullable String text) {
    return text == null || JsonReader.isAbsent(text) ? null : text;
  }

  private static @Nullable Instant instant(@Nullable String text) {
    try {
      return text == null ? null : Instant.parse(text);
    } catch (DateTimeException e) {
      return null;
    }
  }
}
