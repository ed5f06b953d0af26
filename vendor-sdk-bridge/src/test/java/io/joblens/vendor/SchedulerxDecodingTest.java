package io.joblens.vendor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.aliyuncs.schedulerx2.model.v20190430.GetJobInstanceResponse;
import com.aliyuncs.schedulerx2.model.v20190430.GetJobInstanceResponse.Data.JobInstanceDetail;
import com.aliyuncs.transform.UnmarshallerContext;
import io.joblens.JobClient;
import io.joblens.JobDataException;
import io.joblens.JobRun;
import io.joblens.JobServiceException;
import io.joblens.JobState;
import io.joblens.RunRef;
import io.joblens.alibaba.schedulerx.AlibabaSchedulerx;
import io.joblens.spi.Credentials;
import io.joblens.spi.Json;
import io.joblens.spi.JsonReader;
import io.joblens.testkit.ManualTime;
import io.joblens.testkit.Unlimited;
import io.joblens.testkit.WireCase;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The same bytes of GetJobInstance, read by the vendor's model and by ours. The model is the old
 * one of aliyun-java-sdk-schedulerx2 1.1.1, which has no JobName, Parameters and TraceId.
 */
class SchedulerxDecodingTest {
  private static final ZoneId ZONE = ZoneId.of("Asia/Shanghai");
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT)
          .withResolverStyle(ResolverStyle.STRICT);
  private static final List<String> STATES =
      IntStream.concat(IntStream.rangeClosed(0, 13), IntStream.of(99))
          .mapToObj(Integer::toString)
          .toList();

  private final CannedTransport canned = new CannedTransport();
  private final JobClient ours =
      AlibabaSchedulerx.builder()
          .region("cn-hangzhou")
          .namespace("n")
          .group("g")
          .timeZone(ZONE)
          .credentials(Credentials.accessKey("id", "canary-secret"))
          .transport(canned)
          .limiter(Unlimited.INSTANCE)
          .time(ManualTime.autoAdvancing(Instant.parse("2026-01-01T00:00:00Z")))
          .build();

  @AfterEach
  void close() {
    ours.close();
  }

  static Stream<WireCase> examples() {
    // partial-failed-with-end has a list with null, see the deviations below
    return Stream.of(
            "documented-example",
            "partial-failed-without-end",
            "unreadable-times-and-unknown-words")
        .map(
            name ->
                new WireCase(Path.of("../alibaba-schedulerx/src/test/resources/wire/get", name)));
  }

  @ParameterizedTest
  @MethodSource("examples")
  void everyExampleIsReadAsTheVendorReadsIt(WireCase example) {
    String body = example.text("response.json");

    compare(theirs(body), body);
  }

  @Test
  void everyRandomAnswerIsReadAsTheVendorReadsIt() {
    for (int number = 0; number < RandomAnswer.ANSWERS; number++) {
      byte[] body = answer(new RandomAnswer(number));
      try {
        String text = new String(body, StandardCharsets.UTF_8);
        compare(theirs(text), text);
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError(RandomAnswer.where(number, body), e);
      }
    }
    System.out.printf(
        Locale.ROOT,
        "%,d answers of GetJobInstance read alike, seed %d%n",
        RandomAnswer.ANSWERS,
        RandomParts.SEED);
  }

  /** GetJobInstanceResponseUnmarshaller makes Data and JobInstanceDetail without a look. */
  @Test
  void theVendorMakesAnEmptyRunOfAFailure() {
    String body =
        "{\"RequestId\":\"r\",\"Code\":1006,\"Success\":false,\"Message\":\"jobInstanceId=1 is not existed\"}";

    assertThat(theirs(body).getInstanceId()).isNull();
    canned.answer(body.getBytes(StandardCharsets.UTF_8));
    assertThatThrownBy(() -> ours.getRun(ref("1", "2")))
        .isInstanceOfSatisfying(
            JobServiceException.class,
            e -> assertThat(e.kind()).isEqualTo(JobServiceException.Kind.NOT_FOUND));
  }

  /**
   * UnmarshallerContext: {@code Integer.valueOf}; its exception is not what the client declares.
   */
  @Test
  void theVendorThrowsOutOfItsContractWhereWeReadOn() {
    String body = detail("\"InstanceId\":2,\"JobId\":1,\"Status\":2147483648");

    assertThatThrownBy(() -> theirs(body)).isInstanceOf(NumberFormatException.class);
    canned.answer(body.getBytes(StandardCharsets.UTF_8));
    assertThat(ours.getRun(ref("1", "2")).rawState()).isEqualTo("2147483648");
  }

  /** com.aliyuncs.reader.JsonReader, processArray(): {@code this.token.equals(…)}. */
  @Test
  void theVendorCannotReadAListWithNull() {
    String body = detail("\"InstanceId\":2,\"JobId\":1,\"Later\":[null]");

    assertThatThrownBy(() -> theirs(body)).isInstanceOf(NullPointerException.class);
    canned.answer(body.getBytes(StandardCharsets.UTF_8));
    assertThat(ours.getRun(ref("1", "2")).attributes()).containsKey("Later");
  }

  /** com.aliyuncs.reader.JsonReader, processString(): no word of {@code \\u} among its escapes. */
  @Test
  void theVendorDropsTheBackslashOfAnEscapeByNumber() {
    String body = detail("\"InstanceId\":2,\"JobId\":1,\"Executor\":\"\\u4e2d\"");

    assertThat(theirs(body).getExecutor()).isEqualTo("u4e2d");
    canned.answer(body.getBytes(StandardCharsets.UTF_8));
    assertThat(ours.getRun(ref("1", "2")).attributes()).containsEntry("Executor", "中");
  }

  @Test
  void theVendorTakesARunWithoutIdsForARun() {
    String body = detail("\"Status\":4");

    assertThat(theirs(body).getStatus()).isEqualTo(4);
    canned.answer(body.getBytes(StandardCharsets.UTF_8));
    assertThatThrownBy(() -> ours.getRun(ref("1", "2"))).isInstanceOf(JobDataException.class);
  }

  private static String detail(String fields) {
    return "{\"Code\":200,\"Success\":true,\"Data\":{\"JobInstanceDetail\":{" + fields + "}}}";
  }

  /** As DefaultAcsClient.readResponse() does. */
  @SuppressWarnings("deprecation") // the vendor's client uses it too
  private static JobInstanceDetail theirs(String body) {
    UnmarshallerContext context = new UnmarshallerContext();
    context.setResponseMap(
        new com.aliyuncs.reader.JsonReader().read(body, "GetJobInstanceResponse"));
    return new GetJobInstanceResponse().getInstance(context).getData().getJobInstanceDetail();
  }

  private static byte[] answer(RandomAnswer random) {
    Map<String, @Nullable Object> detail = new LinkedHashMap<>();
    detail.put("InstanceId", id(random));
    detail.put("JobId", id(random));
    random.maybe(detail, "Status", () -> numeric(random, random.parts.oneOf(STATES)));
    random.maybe(detail, "Progress", random::text);
    random.maybe(detail, "Result", random::text);
    random.maybe(detail, "TimeType", () -> random.number(-1, 101));
    random.maybe(detail, "TriggerType", () -> numeric(random, "" + random.parts.below(8)));
    for (String name : List.of("StartTime", "EndTime", "ScheduleTime", "DataTime")) {
      random.maybe(detail, name, () -> time(random));
    }
    random.maybe(detail, "Executor", random::text);
    random.maybe(detail, "WorkAddr", random::text);
    random.unknownSimple(detail);
    Map<String, @Nullable Object> body = new LinkedHashMap<>();
    body.put("RequestId", random.parts.nonce());
    body.put("Code", numeric(random, "200"));
    random.maybe(body, "Message", random::text);
    body.put("Success", true);
    random.unknownSimple(body);
    body.put("Data", Map.of("JobInstanceDetail", detail));
    return Json.write(body).getBytes(StandardCharsets.UTF_8); // no escapes beyond ASCII, see above
  }

  private static Object id(RandomAnswer random) {
    long id = random.parts.oneIn(4) ? Long.MAX_VALUE : 1 + random.parts.below(Integer.MAX_VALUE);
    return random.parts.oneIn(3) ? Long.toString(id) : id;
  }

  private static Object numeric(RandomAnswer random, String number) {
    return random.parts.oneIn(2) ? number : Integer.valueOf(number);
  }

  private static Object time(RandomAnswer random) {
    return random.parts.oneIn(4)
        ? random.text()
        : TIME.format(LocalDateTime.ofInstant(random.time(), ZONE));
  }

  private void compare(JobInstanceDetail theirs, String body) {
    canned.answer(body.getBytes(StandardCharsets.UTF_8));
    JobRun run =
        ours.getRun(ref(String.valueOf(theirs.getJobId()), String.valueOf(theirs.getInstanceId())));

    assertThat(run.rawState()).as("Status").isEqualTo(text(theirs.getStatus(), ""));
    assertThat(run.startedAt().orElse(null)).isEqualTo(instant(theirs.getStartTime()));
    assertThat(run.finishedAt().orElse(null)).isEqualTo(instant(theirs.getEndTime()));
    assertThat(run.scheduledAt().orElse(null)).isEqualTo(instant(theirs.getScheduleTime()));
    assertThat(run.dataAt().orElse(null)).isEqualTo(instant(theirs.getDataTime()));
    Map<String, @Nullable Object> attributes = run.attributes();
    assertThat(text(attributes.get("TimeType"), "")).isEqualTo(text(theirs.getTimeType(), ""));
    assertThat(text(attributes.get("TriggerType"), ""))
        .isEqualTo(text(theirs.getTriggerType(), ""));
    assertThat(attributes.get("Progress")).isEqualTo(theirs.getProgress());
    assertThat(attributes.get("Result")).isEqualTo(theirs.getResult());
    assertThat(attributes.get("Executor")).isEqualTo(theirs.getExecutor());
    assertThat(attributes.get("WorkAddr")).isEqualTo(theirs.getWorkAddr());
    boolean hasMessage =
        List.of(JobState.FAILED, JobState.REJECTED, JobState.CANCELLED).contains(run.state());
    assertThat(run.message().orElse(null))
        .isEqualTo(hasMessage ? present(theirs.getResult()) : null);
  }

  private RunRef ref(String job, String instance) {
    return ours.runRef(job, instance);
  }

  private static String text(@Nullable Object value, String absent) {
    return value == null ? absent : value.toString();
  }

  private static @Nullable String present(@Nullable String text) {
    return text == null || JsonReader.isAbsent(text) ? null : text;
  }

  private static @Nullable Instant instant(@Nullable String text) {
    String present = present(text);
    try {
      return present == null ? null : LocalDateTime.parse(present, TIME).atZone(ZONE).toInstant();
    } catch (DateTimeException e) {
      return null;
    }
  }
}
