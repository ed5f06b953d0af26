package io.joblens.alibaba.sae;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.joblens.TaskCounts;
import io.joblens.alibaba.Acs3Signer;
import io.joblens.spi.Credentials;
import io.joblens.spi.Endpoint;
import io.joblens.spi.JsonReader;
import io.joblens.spi.WireRequest;
import io.joblens.testkit.AlibabaSaeCloud;
import io.joblens.testkit.FakeCloud;
import io.joblens.testkit.FakeJob;
import io.joblens.testkit.FakeRun;
import io.joblens.testkit.ManualTime;
import io.joblens.testkit.RawHttp;
import io.joblens.testkit.TamperTable;
import io.joblens.testkit.World;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the fake cloud lets in and refuses: without it, tests against it would prove nothing. */
class SaeCloudTest {
  private static final String APP = "app-1";
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final Credentials LASTING = Credentials.accessKey("lasting", "canary-secret-1");
  private static final Credentials TEMPORARY =
      Credentials.temporary("temporary", "canary-secret-2", "canary-token-2", null);

  private final ManualTime time = ManualTime.startingAt(NOW);
  private final World world = new World(time);
  private final AlibabaSaeCloud cloud = new AlibabaSaeCloud(world);
  private int nonces;

  SaeCloudTest() {
    world.add(FakeJob.builder(APP).name("settle").field("OssAkSecret", "CANARY"));
    cloud.addKey("lasting", "canary-secret-1");
    cloud.addKey("temporary", "canary-secret-2", "canary-token-2");
    cloud.addKey(
        new FakeCloud.Key(
            "ended",
            "canary-secret-3",
            Optional.of("canary-token-3"),
            Optional.of(NOW.minusSeconds(1))));
  }

  @AfterEach
  void close() {
    cloud.close();
  }

  @Test
  void everyChangeAfterSigningIsRefused() {
    Predicate<RawHttp.Answer> wrongSignature = refusal("SignatureDoesNotMatch");
    TamperTable table =
        new TamperTable(() -> sign(history().build(), TEMPORARY, NOW), SaeCloudTest::letIn)
            .method(wrongSignature)
            .eachByteOfPath(wrongSignature)
            .longerPath(wrongSignature)
            .eachByteOfQuery(
                answer ->
                    answer.status() == 400
                        && (answer.body().contains("SignatureDoesNotMatch")
                            || answer.body().contains("an escape")))
            .longerQuery(wrongSignature)
            .eachByteOfBody(wrongSignature)
            .eachByteOfHeader("host", SaeCloudTest::anyRefusal)
            .eachByteOfHeader("authorization", SaeCloudTest::anyRefusal)
            .eachByteOfHeader("x-acs-action", SaeCloudTest::anyRefusal)
            .eachByteOfHeader("x-acs-version", SaeCloudTest::anyRefusal)
            .eachByteOfHeader("x-acs-date", SaeCloudTest::anyRefusal)
            .eachByteOfHeader("x-acs-signature-nonce", SaeCloudTest::anyRefusal)
            .eachByteOfHeader("x-acs-content-sha256", SaeCloudTest::anyRefusal)
            .eachByteOfHeader("x-acs-security-token", refusal("InvalidSecurityToken"))
            .change(
                "header x-acs-more added",
                raw -> raw.withHeader("x-acs-more", "1"),
                refusal("IncompleteSignature"))
            .change(
                "header content-type added",
                raw -> raw.withHeader("content-type", "application/json"),
                refusal("IncompleteSignature"));
    assertThat(table.size()).isGreaterThan(400);
    assertThat(table.failures(cloud.port())).isEmpty();
  }

  @Test
  void bodyAndContentTypeAreSignedToo() {
    TamperTable table =
        new TamperTable(
                () ->
                    sign(
                        history().header("content-type", "application/json").body("{}").build(),
                        LASTING,
                        NOW),
                SaeCloudTest::letIn)
            .eachByteOfBody(refusal("SignatureDoesNotMatch"))
            .eachByteOfHeader("content-type", SaeCloudTest::anyRefusal);
    assertThat(table.failures(cloud.port())).isEmpty();
  }

  @Test
  void headersThatNobodySignsMayChangeOnTheWay() {
    RawHttp raw = RawHttp.of(sign(history().build(), LASTING, NOW));
    assertThat(letIn(raw.withHeader("user-agent", "proxy").send(cloud.port()))).isTrue();
  }

  @Test
  void anotherEncodingOfTheSameQueryIsLetIn() {
    WireRequest signed = sign(history().query("Name", "a b*~").build(), LASTING, NOW);
    RawHttp raw = RawHttp.of(signed);
    String other = raw.target().replace("a%20b%2A~", "a+b*%7E");
    assertThat(other).isNotEqualTo(raw.target());
    assertThat(letIn(raw.withTarget(other).send(cloud.port()))).isTrue();
  }

  @Test
  void requestSentTwiceIsRefused() {
    RawHttp raw = RawHttp.of(sign(history().build(), LASTING, NOW));
    assertThat(letIn(raw.send(cloud.port()))).isTrue();
    assertThat(raw.send(cloud.port())).matches(refusal("SignatureNonceUsed"));
    time.advance(Duration.ofMinutes(15));
    assertThat(raw.send(cloud.port())).matches(refusal("SignatureNonceUsed"));
    time.advance(Duration.ofSeconds(1));
    assertThat(raw.send(cloud.port())).matches(refusal("InvalidTimeStamp.Expired"));
  }

  @Test
  void dateMayDifferBy15Minutes() {
    for (Duration skew : List.of(Duration.ofMinutes(15), Duration.ofMinutes(-15))) {
      assertThat(letIn(send(history(), LASTING, NOW.plus(skew)))).isTrue();
      assertThat(send(history(), LASTING, NOW.plus(skew).plusSeconds(skew.isNegative() ? -1 : 1)))
          .matches(refusal("InvalidTimeStamp.Expired"));
    }
  }

  @Test
  void badKeysAreRefusedInTheVendorsWords() {
    Credentials unknown = Credentials.accessKey("unknown", "canary-s");
    assertThat(send(history(), unknown, NOW)).matches(refusal("InvalidAccessKeyId.NotFound"));
    Credentials wrong = Credentials.accessKey("lasting", "canary-other");
    assertThat(send(history(), wrong, NOW)).matches(refusal("SignatureDoesNotMatch"));
    Credentials mixed =
        Credentials.temporary("temporary", "canary-secret-2", "canary-token-3", null);
    assertThat(send(history(), mixed, NOW))
        .matches(refusal("InvalidSecurityToken.MismatchWithAccessKey"));
    Credentials bare = Credentials.accessKey("temporary", "canary-secret-2");
    assertThat(send(history(), bare, NOW)).matches(refusal("InvalidSecurityToken"));
    Credentials ended = Credentials.temporary("ended", "canary-secret-3", "canary-token-3", null);
    assertThat(send(history(), ended, NOW)).matches(refusal("InvalidSecurityToken.Expired"));
  }

  @Test
  void refusalsRepeatNoToken() {
    RawHttp raw = RawHttp.of(sign(history().build(), TEMPORARY, NOW));
    RawHttp.Answer answer = raw.withTarget(raw.target() + "&x=1").send(cloud.port());
    assertThat(answer.body()).contains("ACS3-HMAC-SHA256").doesNotContain("token-2", "secret-2");
  }

  @Test
  void unsignedRequestIsIncomplete() {
    assertThat(RawHttp.of(history().build()).send(cloud.port()))
        .matches(refusal("IncompleteSignature"));
  }

  @Test
  void pagesAreNumberedAndFilteredByState() {
    for (int i = 0; i < 5; i++) {
      world.add(
          FakeRun.builder("run-" + i).job(APP).at(Duration.ofSeconds(-i), i % 2 == 0 ? "1" : "2"));
    }
    world.add(FakeRun.builder("other").job("app-2").at(Duration.ZERO, "1"));
    assertThat(ids(history().query("CurrentPage", 1).query("PageSize", 2)))
        .containsExactly("run-0", "run-1");
    assertThat(ids(history().query("CurrentPage", 3).query("PageSize", 2)))
        .containsExactly("run-4");
    assertThat(ids(history().query("CurrentPage", 4).query("PageSize", 2))).isEmpty();
    assertThat(ids(history().query("State", "2"))).containsExactly("run-1", "run-3");
    assertThat(ids(history())).hasSize(5);
    cloud.ignoreOffset(true);
    assertThat(ids(history().query("CurrentPage", 2).query("PageSize", 2)))
        .containsExactly("run-0", "run-1");
  }

  @Test
  void parametersOutsideTheirBoundsAreRefused() {
    assertThat(send(history().query("PageSize", 10_001), LASTING, NOW))
        .matches(refusal("InvalidParameter"));
    assertThat(send(history().query("CurrentPage", 0), LASTING, NOW))
        .matches(refusal("InvalidParameter"));
    assertThat(send(request("DescribeJobHistory"), LASTING, NOW)).matches(refusal("MissingAppId"));
    assertThat(send(request("DescribeJob").query("AppId", "none"), LASTING, NOW))
        .matches(refusal("InvalidAppId.NotFound"))
        .matches(answer -> answer.status() == 404);
    assertThat(send(request("RestartJob").query("AppId", APP), LASTING, NOW))
        .matches(refusal("InvalidApi.NotFound"));
    assertThat(send(history().header("x-acs-version", "2020-01-01"), LASTING, NOW))
        .matches(refusal("InvalidVersion"));
  }

  @Test
  void oneRunIsShownAsItIsNow() {
    world.add(
        FakeRun.builder("run-1")
            .job(APP)
            .message("BackoffLimitExceeded")
            .tasks(TaskCounts.builder().running(1L).failed(2L).build())
            .at(Duration.ZERO, "0")
            .starts(Duration.ofSeconds(5), "3")
            .ends(Duration.ofSeconds(44), "2"));
    WireRequest.Builder status =
        request("DescribeJobStatus").query("AppId", APP).query("JobId", "run-1");
    Map<String, @Nullable Object> queued = data(status);
    assertThat(queued).containsEntry("State", "0").containsEntry("CompletionTime", 0);
    time.advance(Duration.ofSeconds(44));
    Map<String, @Nullable Object> failed = data(status);
    assertThat(failed)
        .containsEntry("State", "2")
        .containsEntry("Active", 1)
        .containsEntry("Failed", 2)
        .containsEntry("Message", "BackoffLimitExceeded")
        .containsEntry("StartTime", Math.toIntExact(NOW.getEpochSecond()))
        .containsEntry("CompletionTime", Math.toIntExact(NOW.getEpochSecond() + 44));
    assertThat(data(request("DescribeJobStatus").query("AppId", APP).query("JobId", "none")))
        .isEmpty();
    assertThat(data(request("DescribeJobStatus").query("AppId", APP)))
        .containsEntry("JobId", "run-1");
  }

  @Test
  void jobTemplateIsTheDocumentedExampleWithWhatTheWorldKnows() {
    Map<String, @Nullable Object> data = data(request("DescribeJob").query("AppId", APP));
    assertThat(data)
        .hasSize(60)
        .containsEntry("AppId", APP)
        .containsEntry("AppName", "settle")
        .containsEntry("OssAkSecret", "CANARY")
        .containsEntry("AppDescription", "示例应用")
        .containsEntry("Envs", "[{\"name\":\"TEST_ENV_KEY\",\"value\":\"TEST_ENV_VAR\"}]");
  }

  private WireRequest.Builder history() {
    return request("DescribeJobHistory").query("AppId", APP);
  }

  private WireRequest.Builder request(String action) {
    return WireRequest.get(new Endpoint("http", cloud.authority()))
        .path("/pop/v1/sam/job/" + Character.toLowerCase(action.charAt(0)) + action.substring(1))
        .header("x-acs-action", action)
        .header("x-acs-version", "2019-05-06");
  }

  private WireRequest sign(WireRequest request, Credentials credentials, Instant date) {
    return new Acs3Signer()
        .sign(request, credentials, date, String.format(Locale.ROOT, "%032x", ++nonces));
  }

  private RawHttp.Answer send(WireRequest.Builder request, Credentials credentials, Instant date) {
    return RawHttp.of(sign(request.build(), credentials, date)).send(cloud.port());
  }

  private Map<String, @Nullable Object> data(WireRequest.Builder request) {
    RawHttp.Answer answer = send(request, LASTING, time.now());
    assertThat(answer).matches(SaeCloudTest::letIn);
    Object body = JsonReader.readTree(answer.body().getBytes(UTF_8));
    Map<String, @Nullable Object> data = new LinkedHashMap<>();
    if (body instanceof Map<?, ?> envelope && envelope.get("Data") instanceof Map<?, ?> fields) {
      fields.forEach((name, value) -> data.put(String.valueOf(name), value));
    }
    return data;
  }

  private List<String> ids(WireRequest.Builder request) {
    List<String> ids = new ArrayList<>();
    if (data(request).get("Jobs") instanceof List<?> jobs) {
      jobs.forEach(job -> ids.add(String.valueOf(((Map<?, ?>) job).get("JobId"))));
    }
    return ids;
  }

  private static Predicate<RawHttp.Answer> refusal(String code) {
    return answer ->
        answer.status() >= 400
            && answer.body().contains("\"Code\":\"" + code)
            && answer.body().contains("\"HostId\"");
  }

  private static boolean anyRefusal(RawHttp.Answer answer) {
    return answer.status() == 400 || answer.status() == 404;
  }

  private static boolean letIn(RawHttp.Answer answer) {
    return answer.status() == 200 && answer.body().contains("\"Success\":true");
  }
}
