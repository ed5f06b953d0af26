package io.joblens.huawei.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import io.joblens.huawei.SdkHmacSigner;
import io.joblens.spi.Credentials;
import io.joblens.spi.Endpoint;
import io.joblens.spi.WireRequest;
import io.joblens.testkit.HuaweiWorkspaceCloud;
import io.joblens.testkit.ManualTime;
import io.joblens.testkit.RawHttp;
import io.joblens.testkit.TamperTable;
import io.joblens.testkit.World;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The signer against a verifier that was written apart from it. */
final class SdkHmacTamperTest {
  private static final Instant NOW = Instant.parse("2026-03-07T10:40:43Z");
  private static final Credentials LASTING = Credentials.accessKey("AK", "canary-SK");
  private static final Credentials TEMPORARY =
      Credentials.temporary("TEMP", "canary-SK2", "canary-TOKEN+/=", null);

  private final ManualTime time = ManualTime.startingAt(NOW);
  private final HuaweiWorkspaceCloud cloud = new HuaweiWorkspaceCloud(new World(time));

  @BeforeEach
  void addKeys() {
    cloud.addKey("AK", "canary-SK");
    cloud.addKey("TEMP", "canary-SK2", "canary-TOKEN+/=");
    cloud.addAuthToken("MIIF+x==", NOW.plusSeconds(60));
  }

  @AfterEach
  void close() {
    cloud.close();
  }

  @Test
  void aChangedByteIsNoticedWhereverItIs() {
    Predicate<RawHttp.Answer> refused = SdkHmacTamperTest::refused;
    TamperTable table =
        new TamperTable(() -> sign(request(), TEMPORARY), SdkHmacTamperTest::letIn)
            .method(refused)
            .eachByteOfPath(refused)
            .longerPath(refused)
            .eachByteOfQuery(refused)
            .longerQuery(refused)
            .eachByteOfBody(refused)
            .eachByteOfHeader("host", refused)
            .eachByteOfHeader("x-sdk-date", refused)
            .eachByteOfHeader("x-security-token", refused)
            .eachByteOfHeader("x-project-id", refused)
            .eachByteOfHeader("authorization", refused);
    assertThat(table.failures(cloud.port())).isEmpty();
    assertThat(table.size()).isGreaterThan(200);
  }

  @Test
  void contentTypeMayChangeOnTheWay() {
    RawHttp sent = RawHttp.of(sign(request(), TEMPORARY));
    assertThat(sent.withHeader("Content-Type", "text/plain").send(cloud.port()))
        .matches(SdkHmacTamperTest::letIn);
  }

  @Test
  void aLastingKeyNeedsNoToken() {
    assertThat(RawHttp.of(sign(request(), LASTING)).send(cloud.port()))
        .matches(SdkHmacTamperTest::letIn);
  }

  @ParameterizedTest
  @ValueSource(strings = {"urn:a b~(*)é", "a%20b", "a+b", "一", "a;b=c&d?e#f", "..x"})
  void pathAndQueryAreSignedInTheFormInWhichTheyAreSent(String text) {
    WireRequest request =
        request().toBuilder().id("id", text).query(text, text).query("z", "").build();
    assertThat(RawHttp.of(sign(request, LASTING)).send(cloud.port()))
        .matches(SdkHmacTamperTest::letIn);
  }

  @Test
  void theDateMayBeAQuarterOfAnHourOffAndNoMore() {
    RawHttp sent = RawHttp.of(sign(request(), LASTING));
    time.advance(Duration.ofMinutes(15));
    assertThat(sent.send(cloud.port())).matches(SdkHmacTamperTest::letIn);
    time.advance(Duration.ofSeconds(1));
    RawHttp.Answer answer = sent.send(cloud.port());
    assertThat(answer).matches(SdkHmacTamperTest::refused);
    assertThat(answer.body()).contains("signature expired, signature time:20260307T104043Z");
  }

  @Test
  void anIamTokenIsLetInUntilItEnds() {
    RawHttp sent = RawHttp.of(sign(request(), Credentials.token("MIIF+x==", null)));
    assertThat(sent.send(cloud.port())).matches(SdkHmacTamperTest::letIn);
    assertThat(sent.withHeader("X-Auth-Token", "MIIF+y==").send(cloud.port()))
        .matches(SdkHmacTamperTest::refused);
    time.advance(Duration.ofSeconds(60));
    assertThat(sent.send(cloud.port()).body()).contains("token expires");
  }

  /** The signature is verified before the path is looked at: no such API means it was right. */
  private static boolean letIn(RawHttp.Answer answer) {
    return answer.status() == 404 && answer.body().contains("APIGW.0101");
  }

  private static boolean refused(RawHttp.Answer answer) {
    return answer.status() == 401 && answer.body().contains("APIGW.0301");
  }

  private WireRequest request() {
    return WireRequest.post(new Endpoint("http", cloud.authority()))
        .path("/v1/p/future-executions")
        .query("offset", "0")
        .query("limit", "1")
        .header("Content-Type", "application/json")
        .header("X-Project-Id", "p")
        .body("{\"名\":1}")
        .build();
  }

  private static WireRequest sign(WireRequest request, Credentials credentials) {
    return new SdkHmacSigner().sign(request, credentials, NOW, "");
  }
}
