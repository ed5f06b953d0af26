package io.joblens.vendor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.huaweicloud.sdk.core.exception.SdkException;
import com.huaweicloud.sdk.core.utils.JsonUtils;
import com.huaweicloud.sdk.workspaceapp.v1.model.ListTaskExecuteHistoryResponse;
import com.huaweicloud.sdk.workspaceapp.v1.model.ScheduleTaskExecuteHistory;
import io.joblens.JobClient;
import io.joblens.JobDataException;
import io.joblens.JobPage;
import io.joblens.JobQuery;
import io.joblens.JobRun;
import io.joblens.TaskCounts;
import io.joblens.huawei.workspace.HuaweiWorkspace;
import io.joblens.spi.Credentials;
import io.joblens.spi.JsonReader;
import io.joblens.testkit.ManualTime;
import io.joblens.testkit.Unlimited;
import io.joblens.testkit.WireCase;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The same bytes of ListTaskExecuteHistory, read by the vendor's model and by ours. */
class WorkspaceDecodingTest {
  private static final String TASK = "62f48b59-0ebb-4b1e-ad35-f64948a0591b";
  private static final List<String> STATES = List.of("WAITING", "RUNNING", "SUCCESS", "FAILED");
  private static final List<Function<Instant, String>> TIMES =
      List.of(
          Instant::toString,
          time -> time.atOffset(ZoneOffset.ofHours(8)).toString(),
          time -> local(time).replace('T', ' '),
          time -> local(time).replace('T', ' ') + "Z",
          WorkspaceDecodingTest::local);

  private final CannedTransport canned = new CannedTransport();
  private final JobClient ours =
      HuaweiWorkspace.builder()
          .region("cn-north-4")
          .projectId("0a1b2c3d4e5f60718293a4b5c6d7e8f9")
          .job(TASK)
          .credentials(Credentials.accessKey("ak", "canary-sk"))
          .transport(canned)
          .limiter(Unlimited.INSTANCE)
          .time(ManualTime.autoAdvancing(Instant.parse("2026-01-01T00:00:00Z")))
          .build();

  @AfterEach
  void close() {
    ours.close();
  }

  static Stream<WireCase> examples() {
    // vendor-varies is about what the vendor's model cannot read, see the deviations below
    return Stream.of("beyond-the-end", "documented-example", "every-status", "no-records")
        .map(
            name ->
                new WireCase(Path.of("../huawei-workspace/src/test/resources/wire/list", name)));
  }

  @ParameterizedTest
  @MethodSource("examples")
  void everyExampleIsReadAsTheVendorReadsIt(WireCase example) {
    String body = example.text("response.json");

    compare(theirs(body), page(body));
  }

  @Test
  void everyRandomAnswerIsReadAsTheVendorReadsIt() {
    int rows = 0;
    for (int number = 0; number < RandomAnswer.ANSWERS; number++) {
      byte[] body = answer(new RandomAnswer(number));
      String text = new String(body, StandardCharsets.UTF_8);
      try {
        rows += compare(theirs(text), page(text));
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError(RandomAnswer.where(number, body), e);
      }
    }
    System.out.printf(
        Locale.ROOT,
        "%,d answers of ListTaskExecuteHistory with %,d records read alike, seed %d%n",
        RandomAnswer.ANSWERS,
        rows,
        RandomParts.SEED);
    assertThat(rows).isGreaterThan(RandomAnswer.ANSWERS);
  }

  /** StrictIntegerDeserializer and StrictStringDeserializer of huaweicloud-sdk-core. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"count\":\"1\",\"items\":[{\"id\":\"1\"}]}",
        "{\"count\":2147483648,\"items\":[{\"id\":\"1\"}]}",
        "{\"count\":1,\"items\":[{\"id\":\"1\",\"total_count\":\"5\"}]}",
        "{\"count\":1,\"items\":[{\"id\":1}]}",
        "{\"count\":1,\"items\":[{\"id\":\"1\",\"begin_time\":\"2026-01-01T00:00:00+0000\"}]}",
        "{\"count\":1,\"items\":[{\"id\":\"1\",\"begin_time\":\"soon\"}]}"
      })
  void theVendorRefusesTheWholeAnswerWhereWeReadOn(String body) {
    assertThatThrownBy(() -> theirs(body)).isInstanceOf(SdkException.class);
    assertThat(page(body).runs()).hasSize(1);
  }

  /** The model has no field that must be there. */
  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"items\":null}", "{\"items\":[{\"id\":null}]}"})
  void theVendorTakesAnAnswerWithoutRecordsOrIdsForAnAnswer(String body) {
    assertThat(theirs(body)).isNotNull();
    assertThatThrownBy(() -> page(body)).isInstanceOf(JobDataException.class);
  }

  /** JsonUtils.toObject() returns null for it, and the client goes on with that. */
  @Test
  void theVendorReadsNothingIntoNull() {
    assertThat(JsonUtils.toObject("", ListTaskExecuteHistoryResponse.class)).isNull();
    assertThatThrownBy(() -> page("")).isInstanceOf(JobDataException.class);
  }

  /** Jackson reads duplicate names unless told otherwise, and takes the last. */
  @Test
  void theVendorTakesTheLastOfFieldsThatStandTwice() {
    String body = "{\"count\":1,\"items\":[{\"id\":\"1\",\"id\":\"2\"}]}";

    assertThat(theirs(body).getItems()).extracting(ScheduleTaskExecuteHistory::getId).contains("2");
    assertThatThrownBy(() -> page(body)).isInstanceOf(JobDataException.class);
  }

  private static ListTaskExecuteHistoryResponse theirs(String body) {
    return JsonUtils.toObject(body, ListTaskExecuteHistoryResponse.class);
  }

  private JobPage page(String body) {
    canned.answer(body.getBytes(StandardCharsets.UTF_8));
    return ours.listRuns(JobQuery.ALL);
  }

  private static byte[] answer(RandomAnswer random) {
    List<Object> items = new ArrayList<>();
    for (int count = random.parts.below(5); count > 0; count--) {
      Map<String, @Nullable Object> item = new LinkedHashMap<>();
      item.put("id", count + random.parts.word(30));
      random.maybe(item, "task_id", () -> random.parts.oneIn(4) ? random.parts.word(20) : TASK);
      random.maybe(item, "task_type", () -> random.word(List.of("START_SERVER", "STOP_SERVER")));
      random.maybe(item, "status", () -> random.word(STATES));
      random.maybe(item, "scheduled_type", () -> random.word(List.of("DAY", "day", "WEEK")));
      for (String name :
          List.of("total_count", "success_count", "failed_count", "excuting_count")) {
        random.maybe(item, name, () -> count(random));
      }
      random.maybe(item, "time_zone", random::text);
      for (String name : List.of("begin_time", "end_time", "create_time")) {
        random.maybe(item, name, () -> time(random));
      }
      random.unknown(item);
      items.add(item);
    }
    Map<String, @Nullable Object> body = new LinkedHashMap<>();
    random.maybe(body, "count", () -> random.parts.below(500));
    random.unknown(body);
    body.put("items", items);
    return random.bytes(body);
  }

  private static Object count(RandomAnswer random) {
    return switch (random.parts.below(4)) {
      case 0 -> Integer.MAX_VALUE;
      case 1 -> -1;
      default -> random.parts.below(1000);
    };
  }

  private static Object time(RandomAnswer random) {
    return random.parts.oneIn(6) ? "" : random.parts.oneOf(TIMES).apply(random.time());
  }

  private static String local(Instant time) {
    return DateTimeFormatter.ISO_LOCAL_DATE_TIME.format(time.atOffset(ZoneOffset.UTC));
  }

  private static int compare(ListTaskExecuteHistoryResponse theirs, JobPage ours) {
    List<ScheduleTaskExecuteHistory> items =
        theirs.getItems() == null ? List.of() : theirs.getItems();
    assertThat(ours.runs()).hasSameSizeAs(items);
    assertThat(ours.claimedTotal().isPresent() ? (int) ours.claimedTotal().getAsLong() : null)
        .as("count")
        .isEqualTo(theirs.getCount());
    for (int i = 0; i < items.size(); i++) {
      compare(items.get(i), ours.runs().get(i));
    }
    return items.size();
  }

  private static void compare(ScheduleTaskExecuteHistory theirs, JobRun ours) {
    assertThat(ours.ref().runId()).isEqualTo(theirs.getId());
    assertThat(
            ours.notes().stream().anyMatch(note -> note.startsWith("task_id names another task")))
        .as("task_id")
        .isEqualTo(theirs.getTaskId() != null && !theirs.getTaskId().equals(TASK));
    String status = theirs.getStatus() == null ? null : theirs.getStatus().getValue();
    assertThat(ours.rawState().isEmpty() ? null : ours.rawState())
        .as("status")
        .isEqualTo(present(status));
    assertThat(ours.createdAt().orElse(null)).isEqualTo(instant(theirs.getCreateTime()));
    assertThat(ours.startedAt().orElse(null)).isEqualTo(instant(theirs.getBeginTime()));
    assertThat(ours.finishedAt().orElse(null)).isEqualTo(instant(theirs.getEndTime()));
    assertThat(ours.tasks())
        .isEqualTo(
            TaskCounts.builder()
                .total(count(theirs.getTotalCount()))
                .succeeded(count(theirs.getSuccessCount()))
                .failed(count(theirs.getFailedCount()))
                .running(count(theirs.getExcutingCount()))
                .build());
    Map<String, @Nullable Object> attributes = ours.attributes();
    assertThat(attributes.get("task_type"))
        .isEqualTo(theirs.getTaskType() == null ? null : theirs.getTaskType().getValue());
    assertThat(attributes.get("scheduled_type"))
        .isEqualTo(theirs.getScheduledType() == null ? null : theirs.getScheduledType().getValue());
    assertThat(attributes.get("time_zone")).isEqualTo(theirs.getTimeZone());
  }

  /** Less than none is no count: JobLens leaves it out and says so in a note. */
  private static @Nullable Long count(@Nullable Integer count) {
    return count == null || count < 0 ? null : count.longValue();
  }

  private static @Nullable String present(@Nullable String text) {
    return text == null || JsonReader.isAbsent(text) ? null : text;
  }

  private static @Nullable Instant instant(@Nullable OffsetDateTime time) {
    return time == null ? null : time.toInstant();
  }
}
