package io.joblens.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.joblens.TaskCounts;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class HuaweiWorkspaceCloudTest {
  // The example of support.huaweicloud.com/devg-apisign, api-sign-algorithm-002 to -005.
  private static final String GUIDE =
      """
      GET /v1/77b6a44cba5143ab91d13ab9a8ff44fd/vpcs?limit=2&marker=13551d6b-755d-4757-b956-536f674975c0 HTTP/1.1
      Host: service.region.example.com
      Content-Type: application/json
      X-Sdk-Date: 20191115T033655Z
      Authorization: SDK-HMAC-SHA256 Access=QTWAOYTTINDUT2QVKYUC, SignedHeaders=content-type;host;x-sdk-date, Signature=7be6668032f70418fcc22abc52071e57aff61b84a1d2381bb430d6870f4f6ebe
      """;
  private static final Instant GUIDE_TIME = Instant.parse("2019-11-15T03:36:55Z");
  private static final String TOKEN = "MIIF";

  private final ManualTime time = ManualTime.startingAt(GUIDE_TIME);
  private final World world = new World(time);
  private final HuaweiWorkspaceCloud cloud = new HuaweiWorkspaceCloud(world);

  @BeforeEach
  void fill() {
    cloud.addKey("QTWAOYTTINDUT2QVKYUC", "MFyfvK41ba2giqM7Uio6PznpdUKGpownRZlmVmHc");
    cloud.addAuthToken(TOKEN, GUIDE_TIME.plus(Duration.ofDays(1)));
    world.add(
        FakeJob.builder("t").namespace("p").name("restart").field("description", "every night"));
    for (int i = 0; i < 12; i++) {
      world.add(
          FakeRun.builder("r" + i)
              .namespace("p")
              .job("t")
              .tasks(TaskCounts.builder().total(2L).succeeded(2L).build())
              .at(Duration.ofMinutes(-60), "WAITING")
              .starts(Duration.ofMinutes(-50), "RUNNING")
              .ends(Duration.ofMinutes(-40), "SUCCESS"));
    }
  }

  @AfterEach
  void close() {
    cloud.close();
  }

  @Test
  void theGuidesExampleIsAcceptedByTheGatewayAndNoApiOfThisService() {
    assertThat(send(GUIDE)).startsWith("404").contains("APIGW.0101");
  }

  @ParameterizedTest
  @CsvSource({
    "limit=2, limit=3, verify aksk signature fail",
    "GET, PUT, verify aksk signature fail",
    "vpcs, vpc, verify aksk signature fail",
    "application/json, text/plain, verify aksk signature fail",
    "service.region, service2.region, verify aksk signature fail",
    "033655Z, 033656Z, verify aksk signature fail",
    "QTWA, QTWB, 'err:ak not exist'",
    "7be6, 7be7, verify aksk signature fail",
    "SDK-HMAC-SHA256 Access, SDK-HMAC-SHA1 Access, x-auth-token not found"
  })
  void aChangedExampleIsRefusedInTheGatewaysWords(String part, String other, String words) {
    String changed = GUIDE.replace(part, other);
    assertThat(changed).isNotEqualTo(GUIDE);
    assertThat(send(changed)).startsWith("401").contains(words);
  }

  @Test
  void theGatewayRepeatsWhatItTookForTheCanonicalRequest() {
    assertThat(send(GUIDE.replace("limit=2", "limit=3")))
        .contains("canonicalRequest:GET|/v1/77b6a44cba5143ab91d13ab9a8ff44fd/vpcs/|limit=3&marker=")
        .contains("|host:service.region.example.com|x-sdk-date:20191115T033655Z||content-type;");
  }

  @ParameterizedTest
  @ValueSource(longs = {-901, 901})
  void aDateMoreThanAQuarterOfAnHourOffIsRefused(long seconds) {
    ManualTime other = ManualTime.startingAt(GUIDE_TIME.plusSeconds(seconds));
    try (HuaweiWorkspaceCloud late = new HuaweiWorkspaceCloud(new World(other))) {
      late.addKey("QTWAOYTTINDUT2QVKYUC", "MFyfvK41ba2giqM7Uio6PznpdUKGpownRZlmVmHc");
      assertThat(send(late, GUIDE))
          .startsWith("401")
          .contains("signature expired, signature time:20191115T033655Z,server time:20191115T03");
    }
  }

  @Test
  void aKeyIsLockedForFiveMinutesAfterFiveFailuresInARow() {
    cloud.lockKeys();
    String wrong = GUIDE.replace("7be6", "7be7");
    for (int i = 0; i < 4; i++) {
      send(wrong);
    }
    assertThat(send(GUIDE)).startsWith("404");
    for (int i = 0; i < 5; i++) {
      assertThat(send(wrong)).contains("verify aksk signature fail");
    }
    assertThat(send(GUIDE)).contains("AK access failed to reach the limit,forbidden");
    time.advance(Duration.ofMinutes(5));
    assertThat(send(GUIDE)).startsWith("404");
  }

  @Test
  void theHistoryIsPagedByItemsTenUnlessToldOtherwise() {
    String first = get("/v1/p/schedule-task/t/execute-history", TOKEN);
    assertThat(first)
        .startsWith("200")
        .contains("\"count\":12")
        .contains("\"id\":\"r0\"")
        .contains("\"id\":\"r9\"")
        .doesNotContain("\"id\":\"r10\"")
        .contains(
            "\"status\":\"SUCCESS\"",
            "\"total_count\":2,\"success_count\":2,\"time_zone\"",
            "\"begin_time\":\"2019-11-15T02:46:55.000Z\"",
            "\"end_time\":\"2019-11-15T02:56:55.000Z\"",
            "\"create_time\":\"2019-11-15T02:36:55.000Z\"");
    assertThat(get("/v1/p/schedule-task/t/execute-history?offset=11&limit=100", TOKEN))
        .contains("\"id\":\"r11\"")
        .doesNotContain("\"id\":\"r10\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"limit=0", "limit=101", "limit=x", "offset=-1"})
  void aPageThatCannotBeIsAnInvalidRequest(String query) {
    assertThat(get("/v1/p/schedule-task/t/execute-history?" + query, TOKEN))
        .startsWith("400")
        .contains("WKS.00211102");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/p/schedule-task/none/execute-history",
        "/v1/other/schedule-task/t/execute-history",
        "/v1/p/schedule-task/none"
      })
  void aTaskThatIsNotThereIsNotFound(String path) {
    assertThat(get(path, TOKEN)).startsWith("404").contains("WKS.00211902");
  }

  @Test
  void aTaskIsShown() {
    assertThat(get("/v1/p/schedule-task/t", TOKEN))
        .startsWith("200")
        .contains("\"task_name\":\"restart\"", "\"description\":\"every night\"");
  }

  @Test
  void tasksAreListedWithTheStateOfTheirLastRun() {
    cloud.world().add(FakeJob.builder("other").namespace("p").name("stop"));
    assertThat(get("/v1/p/schedule-task", TOKEN))
        .startsWith("200")
        .contains("\"count\":2", "\"id\":\"t\"", "\"id\":\"other\"", "\"is_enable\":true")
        .contains("\"last_status\":\"SUCCESS\"");
    assertThat(get("/v1/p/schedule-task?task_name=sto", TOKEN))
        .contains("\"count\":1", "\"id\":\"other\"");
    assertThat(get("/v1/empty/schedule-task", TOKEN)).contains("\"count\":0,\"items\":[]");
    assertThat(get("/v1/p/schedule-task?limit=101", TOKEN)).startsWith("400");
  }

  @Test
  void aRunShowsItsServers() {
    cloud
        .world()
        .add(
            FakeRun.builder("x")
                .namespace("p")
                .job("t")
                .at(Duration.ZERO, "FAILED")
                .task(new FakeTask("APS-1", "FAILED").reason("locked")));
    assertThat(get("/v1/p/schedule-task/x/execute-detail", TOKEN))
        .startsWith("200")
        .contains("\"count\":1", "\"server_name\":\"APS-1\"", "\"result_message\":\"locked\"");
    assertThat(get("/v1/p/schedule-task/none/execute-detail", TOKEN)).startsWith("404");
    cloud.deny("ListTaskExecuteDetail");
    assertThat(get("/v1/p/schedule-task/x/execute-detail", TOKEN))
        .startsWith("403")
        .contains("WKS.00081102");
  }

  @Test
  void tokensAreLookedAt() {
    assertThat(get("/v1/p/schedule-task/t", "other")).contains("decrypt token fail");
    time.advance(Duration.ofDays(1));
    assertThat(get("/v1/p/schedule-task/t", TOKEN)).contains("token expires, expires_at");
  }

  private String get(String target, String token) {
    return send("GET " + target + " HTTP/1.1\nHost: h\nX-Auth-Token: " + token + "\n");
  }

  private String send(String http) {
    return send(cloud, http);
  }

  private static String send(HuaweiWorkspaceCloud cloud, String http) {
    Map<String, String> headers = new LinkedHashMap<>();
    List<String> lines = http.lines().toList();
    for (String line : lines.subList(1, lines.size())) {
      headers.put(line.substring(0, line.indexOf(':')), line.substring(line.indexOf(':') + 2));
    }
    List<String> words = List.of(lines.get(0).split(" ", -1));
    return new RawHttp(words.get(0), words.get(1), headers, new byte[0])
        .send(cloud.port())
        .toString();
  }
}
