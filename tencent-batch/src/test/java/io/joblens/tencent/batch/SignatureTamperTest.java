package io.joblens.tencent.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.joblens.JobQuery;
import io.joblens.spi.Credentials;
import io.joblens.spi.Scope;
import io.joblens.spi.Step;
import io.joblens.spi.WireRequest;
import io.joblens.testkit.ManualTime;
import io.joblens.testkit.RawHttp;
import io.joblens.testkit.TamperTable;
import io.joblens.testkit.TencentBatchCloud;
import io.joblens.testkit.World;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the fake cloud, which verifies TC3 by code of its own, makes of changed requests. */
class SignatureTamperTest {
  private static final Credentials KEY =
      Credentials.temporary("AKIDexample", "canary-secret-example", "canary-token-example", null);

  private final ManualTime time = ManualTime.startingAt(Instant.parse("2026-03-01T23:59:58Z"));
  private final TencentBatchCloud cloud = new TencentBatchCloud(new World(time));

  SignatureTamperTest() {
    cloud.addKey("AKIDexample", "canary-secret-example", "canary-token-example");
  }

  @AfterEach
  void close() {
    cloud.close();
  }

  @Test
  void noByteOfARequestCanBeChangedUnnoticed() {
    TamperTable table =
        new TamperTable(() -> signed(KEY, time.now()), SignatureTamperTest::isLetIn)
            .method(refused("SignatureFailure"))
            .longerPath(refused("SignatureFailure"))
            .longerQuery(refused("SignatureFailure"))
            .eachByteOfBody(refused("SignatureFailure"))
            .eachByteOfHeader("host", refused("SignatureFailure"))
            .eachByteOfHeader("content-type", refused("SignatureFailure"))
            .eachByteOfHeader("x-tc-action", refused("SignatureFailure"))
            .eachByteOfHeader("x-tc-timestamp", refused(""))
            .eachByteOfHeader("x-tc-token", refused("TokenFailure"))
            .eachByteOfHeader("authorization", refused(""));

    assertThat(table.size()).isGreaterThan(300);
    assertThat(table.failures(cloud.port())).isEmpty();
  }

  @Test
  void theDocumentedSchemeLeavesRegionVersionAndLanguageUnsigned() {
    RawHttp request = RawHttp.of(signed(KEY, time.now()));

    assertThat(request.withHeader("x-tc-region", "ap-tokyo").send(cloud.port()))
        .matches(SignatureTamperTest::isLetIn);
    assertThat(request.withHeader("x-tc-language", "zh-CN").send(cloud.port()))
        .matches(SignatureTamperTest::isLetIn);
    assertThat(request.withHeader("x-tc-version", "2018-01-01").send(cloud.port()).body())
        .contains("\"NoSuchVersion\"");
  }

  @Test
  void aSignatureHoldsForFiveMinutesEitherWay() {
    for (int seconds : new int[] {-300, -299, 0, 1, 2, 299, 300}) {
      Instant date = time.now().plusSeconds(seconds);
      assertThat(RawHttp.of(signed(KEY, date)).send(cloud.port()))
          .as("%s s off", seconds)
          .matches(SignatureTamperTest::isLetIn);
    }
    for (int seconds : new int[] {-301, 301, -86_400, 86_400}) {
      Instant date = time.now().plusSeconds(seconds);
      assertThat(RawHttp.of(signed(KEY, date)).send(cloud.port()))
          .as("%s s off", seconds)
          .matches(refused("SignatureExpire"));
    }
  }

  @Test
  void aSignatureOfYesterdayEveningIsGoodAfterMidnight() {
    WireRequest signed = signed(KEY, time.now());
    time.advance(Duration.ofSeconds(3));

    assertThat(RawHttp.of(signed).send(cloud.port())).matches(SignatureTamperTest::isLetIn);
  }

  @Test
  void eachWrongKeyHasItsOwnError() {
    Instant now = time.now();
    assertThat(
            RawHttp.of(signed(Credentials.accessKey("nobody", "canary-secret-example"), now))
                .send(cloud.port()))
        .matches(refused("SecretIdNotFound"));
    assertThat(
            RawHttp.of(signed(Credentials.accessKey("AKIDexample", "canary-secret-example"), now))
                .send(cloud.port()))
        .matches(refused("TokenFailure"));
    assertThat(
            RawHttp.of(
                    signed(
                        Credentials.temporary(
                            "AKIDexample", "canary-wrong", "canary-token-example", null),
                        now))
                .send(cloud.port()))
        .matches(refused("SignatureFailure"));
  }

  private WireRequest signed(Credentials credentials, Instant now) {
    BatchProvider provider = TestProvider.at(cloud.endpoint(), false, List.of("ap-guangzhou"));
    JobQuery query = JobQuery.builder().tag("环境", "测试 a&b").build();
    Step<?> step = provider.runs(new Scope("ap-guangzhou", List.of(), "FAILED"), query, 0, 100);
    return provider
        .signer()
        .sign(((Step.Ask<?>) step).call().request(), credentials, now, "0123456789abcdef");
  }

  private static boolean isLetIn(RawHttp.Answer answer) {
    return answer.status() == 200 && answer.body().contains("\"JobSet\"");
  }

  private static Predicate<RawHttp.Answer> refused(String reason) {
    return answer ->
        answer.status() == 200 && answer.body().contains("\"Code\":\"AuthFailure." + reason);
  }
}
