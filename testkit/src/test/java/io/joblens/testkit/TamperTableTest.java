package io.joblens.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.joblens.spi.Endpoint;
import io.joblens.spi.WireRequest;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TamperTableTest {
  private final World world =
      new World(ManualTime.startingAt(Instant.parse("2026-03-01T12:00:00Z")));
  private FakeCloud cloud = new SigningCloud(world, true);

  /** A toy scheme: a hash over method, target, body and, unless it is careless, the host. */
  private static final class SigningCloud extends FakeCloud {
    private final boolean careful;

    SigningCloud(World world, boolean careful) {
      super(world);
      this.careful = careful;
    }

    @Override
    protected Reply handle(Request request) {
      String target =
          request.rawQuery().isEmpty() ? request.path() : request.path() + "?" + request.rawQuery();
      String host = careful ? request.host() : authority();
      String expected = hash(request.method(), target, host, request.body());
      return Oracle.isSame(expected, request.header("authorization").orElse(""))
          ? Reply.json("welcome")
          : Reply.json(403, "no");
    }
  }

  @AfterEach
  void close() {
    cloud.close();
  }

  @Test
  void aCloudThatVerifiesEverythingPasses() {
    TamperTable table = table();
    assertThat(table.size()).isGreaterThan(100);
    assertThat(table.failures(cloud.port())).isEmpty();
  }

  @Test
  void aCloudThatForgetsTheHostIsFoundOut() {
    cloud.close();
    cloud = new SigningCloud(world, false);
    assertThat(table().failures(cloud.port()))
        .isNotEmpty()
        .allSatisfy((change, answer) -> assertThat(change).startsWith("host "));
  }

  @Test
  void aCloudThatRefusesEverythingProvesNothing() {
    cloud.failAlways(FakeCloud.Reply.json(403, "no"));
    assertThatThrownBy(() -> table().failures(cloud.port()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("itself is refused");
  }

  @Test
  void anotherRefusalThanExpectedIsAFailure() {
    TamperTable table = new TamperTable(this::signed, TamperTableTest::isLetIn);
    table.method(answer -> answer.status() == 405);
    assertThat(table.failures(cloud.port())).containsOnlyKeys("method GET");
  }

  @Test
  void aChangeMustChangeSomething() {
    TamperTable table = new TamperTable(this::signed, TamperTableTest::isLetIn);
    table.change("nothing", raw -> raw, TamperTableTest::isRefused);
    assertThatThrownBy(() -> table.failures(cloud.port()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("changes nothing");
  }

  private static boolean isLetIn(RawHttp.Answer answer) {
    return answer.status() == 200;
  }

  private static boolean isRefused(RawHttp.Answer answer) {
    return answer.status() == 403;
  }

  private TamperTable table() {
    return new TamperTable(this::signed, TamperTableTest::isLetIn)
        .method(TamperTableTest::isRefused)
        .eachByteOfPath(TamperTableTest::isRefused)
        .longerPath(TamperTableTest::isRefused)
        .eachByteOfQuery(answer -> answer.status() == 403 || answer.status() == 400)
        .longerQuery(TamperTableTest::isRefused)
        .eachByteOfBody(TamperTableTest::isRefused)
        .eachByteOfHeader("authorization", TamperTableTest::isRefused)
        .eachByteOfHeader("host", TamperTableTest::isRefused);
  }

  private WireRequest signed() {
    WireRequest request =
        WireRequest.post(new Endpoint("http", cloud.authority()))
            .path("/v1/runs")
            .query("name", "a b")
            .query("limit", 10)
            .header("content-type", "application/json")
            .body("{\"a\":1}")
            .build();
    String target = request.encodedPath() + "?" + request.encodedQuery();
    return request.toBuilder()
        .header("authorization", hash("POST", target, request.host(), request.body()))
        .build();
  }

  private static String hash(String method, String target, String host, byte[] body) {
    return Oracle.sha256Hex(method + "\n" + target + "\n" + host + "\n" + Oracle.sha256Hex(body));
  }
}
