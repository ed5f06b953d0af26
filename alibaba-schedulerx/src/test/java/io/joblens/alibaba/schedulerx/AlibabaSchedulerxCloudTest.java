package io.joblens.alibaba.schedulerx;

import static org.assertj.core.api.Assertions.assertThat;

import io.joblens.alibaba.Acs3Signer;
import io.joblens.spi.Credentials;
import io.joblens.spi.Endpoint;
import io.joblens.spi.WireRequest;
import io.joblens.testkit.AlibabaSchedulerxCloud;
import io.joblens.testkit.FakeRun;
import io.joblens.testkit.ManualTime;
import io.joblens.testkit.RawHttp;
import io.joblens.testkit.RawHttp.Answer;
import io.joblens.testkit.TamperTable;
import io.joblens.testkit.World;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The fake cloud as such: what it refuses, and in which words. */
class AlibabaSchedulerxCloudTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

  private final World world = new World(ManualTime.startingAt(NOW));
  private final AlibabaSchedulerxCloud cloud = new AlibabaSchedulerxCloud(world);
  private int nonces;

  AlibabaSchedulerxCloudTest() {
    cloud.addKey("id", "canary-secret", "canary-token");
    world.add(FakeRun.builder("5").group("g").job("7").name("n").at(Duration.ZERO, "3"));
  }

  @AfterEach
  void close() {
    cloud.close();
  }

  @Test
  void everyByteOfARequestIsVerified() {
    WireRequest request = request("GetJobInstance", "GroupId=g&JobId=7&JobInstanceId=5");
    TamperTable table =
        new TamperTable(() -> signed(request), answer -> answer.body().contains("\"Success\":true"))
            .method(AlibabaSchedulerxCloudTest::isRefused)
            .longerPath(AlibabaSchedulerxCloudTest::isRefused)
            .eachByteOfQuery(AlibabaSchedulerxCloudTest::isRefused)
            .longerQuery(AlibabaSchedulerxCloudTest::isRefused);
    for (String header :
        List.of("x-acs-action", "x-acs-signature-nonce", "x-acs-security-token", "authorization")) {
      table.eachByteOfHeader(header, AlibabaSchedulerxCloudTest::isRefused);
    }

    assertThat(table.failures(cloud.port())).isEmpty();
    assertThat(table.size()).isGreaterThan(200);
  }

  @Test
  void aRequestIsTakenOnlyOnce() {
    RawHttp raw =
        RawHttp.of(signed(request("GetJobInstance", "GroupId=g&JobId=7&JobInstanceId=5")));

    assertThat(raw.send(cloud.port()).status()).isEqualTo(200);
    assertThat(raw.send(cloud.port()).body()).contains("SignatureNonceUsed");
  }

  @ParameterizedTest
  @CsvSource({
    "GetJobInstance,     GroupId=g&JobId=7&JobInstanceId=6,         200, is not existed",
    "GetJobInstance,     GroupId=g&JobId=8&JobInstanceId=5,         200, not match groupId",
    "GetJobInstance,     GroupId=h&JobId=7&JobInstanceId=5,         200, not match groupId",
    "GetJobInstance,     GroupId=g&JobId=7,                         400, MissingJobInstanceId",
    "GetJobInstance,     GroupId=g&JobId=x&JobInstanceId=5,         400, InvalidJobId",
    "GetJobInstance,     GroupId=g&JobId=7&JobInstanceId=5&Limit=1, 400, InvalidParameter",
    "GetJobInstanceList, JobId=7,                                   400, MissingGroupId",
    "GetJobInstanceList, GroupId=g&JobId=8,                         200, not match groupId",
    "GetJobInstanceList, GroupId=g&PageNum=0,                       200, PageNum",
    "GetJobInfo,         GroupId=g&JobId=7,                         200, not match groupId",
    "GetLog,             GroupId=g&JobId=7&JobInstanceId=5,         200, professional",
    "ListJobs,           GroupId=h,                                 200, is not existed",
    "DescribeNothing,    GroupId=g,                                 404, InvalidApi.NotFound",
  })
  void whatIsNotThereIsRefusedInTheVendorsWords(
      String action, String query, int status, String words) {
    Answer answer = send(request(action, query));

    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.body()).contains(words);
    assertThat(answer.body().contains("\"Success\":false")).isEqualTo(status == 200);
  }

  @Test
  void theRegionIsMandatory() {
    WireRequest request =
        WireRequest.get(new Endpoint("http", cloud.authority()))
            .header("x-acs-action", "GetJobInstanceList")
            .header("x-acs-version", "2019-04-30")
            .query("Namespace", "ns")
            .query("GroupId", "g")
            .build();

    assertThat(send(request).status()).isEqualTo(400);
    assertThat(send(request).body()).contains("MissingRegionId");
  }

  @Test
  void aPageHasTenRunsUnlessAskedOtherwiseTheLastDueFirst() {
    for (int i = 0; i < 12; i++) {
      String id = Integer.toString(100 + i);
      world.add(FakeRun.builder(id).group("g").job("7").at(Duration.ofHours(-1 - i), "4"));
    }

    assertThat(ids(send(request("GetJobInstanceList", "GroupId=g"))))
        .containsExactly("5", "100", "101", "102", "103", "104", "105", "106", "107", "108");
    assertThat(ids(send(request("GetJobInstanceList", "GroupId=g&PageNum=2"))))
        .containsExactly("109", "110", "111");
    assertThat(ids(send(request("GetJobInstanceList", "GroupId=g&Status=3")))).containsExactly("5");
    assertThat(
            ids(
                send(
                    request(
                        "GetJobInstanceList",
                        "GroupId=g&EndTimestamp="
                            + NOW.minus(Duration.ofHours(11)).toEpochMilli()))))
        .containsExactly("110", "111");
  }

  private static List<String> ids(Answer answer) {
    return Pattern.compile("\"InstanceId\":(\\d+)")
        .matcher(answer.body())
        .results()
        .map(match -> match.group(1))
        .toList();
  }

  private WireRequest request(String action, String query) {
    WireRequest.Builder request =
        WireRequest.get(new Endpoint("http", cloud.authority()))
            .header("x-acs-action", action)
            .header("x-acs-version", "2019-04-30")
            .query("RegionId", "cn-hangzhou")
            .query("Namespace", "ns");
    for (String parameter : query.split("&", -1)) {
      request.query(
          parameter.substring(0, parameter.indexOf('=')),
          parameter.substring(parameter.indexOf('=') + 1));
    }
    return request.build();
  }

  private WireRequest signed(WireRequest request) {
    String nonce = String.format(Locale.ROOT, "%032x", ++nonces);
    return new Acs3Signer()
        .sign(
            request,
            Credentials.temporary("id", "canary-secret", "canary-token", null),
            NOW,
            nonce);
  }

  private Answer send(WireRequest request) {
    return RawHttp.of(signed(request)).send(cloud.port());
  }

  private static boolean isRefused(Answer answer) {
    return answer.status() >= 400 && answer.status() < 500;
  }
}
