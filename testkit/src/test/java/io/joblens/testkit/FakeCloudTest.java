package io.joblens.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FakeCloudTest {
  private final ManualTime time = ManualTime.startingAt(Instant.parse("2026-03-01T12:00:00Z"));
  private final EchoCloud cloud = new EchoCloud(new World(time));
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  /** Answers with what it was sent, and refuses what was not signed with the key. */
  private static final class EchoCloud extends FakeCloud {
    EchoCloud(World world) {
      super(world);
    }

    @Override
    protected Reply handle(Request request) {
      if (request.path().equals("/broken")) {
        throw new IllegalStateException("a mistake");
      }
      if (request.path().equals("/token")) {
        return key(request.header("x-key").orElse(""))
            .map(key -> checkToken(key, request.header("x-token")))
            .map(verdict -> Reply.json(verdict.outcome()))
            .orElseGet(() -> Reply.json(401, "no such key"));
      }
      if (request.path().equals("/page")) {
        long offset = Long.parseLong(request.parameter("offset").orElse("0"));
        return Reply.json(page(List.of("a", "b", "c"), offset, 2));
      }
      return Reply.of(200, "text/plain", request + " " + nextRequestId());
    }
  }

  @AfterEach
  void close() {
    cloud.close();
  }

  @Test
  void recordsRequestsJustAsTheyCame() throws Exception {
    time.advance(Duration.ofSeconds(5));
    http.send(
        HttpRequest.newBuilder(URI.create(cloud.endpoint() + "/a%2Fb/%E4%B8%AD?x=1%202&y=+&x=3"))
            .header("X-Nonce", "n1")
            .POST(HttpRequest.BodyPublishers.ofString("{\"a\":\"中\"}"))
            .build(),
        HttpResponse.BodyHandlers.ofString());

    assertThat(cloud.requests()).hasSize(1);
    FakeCloud.Request request = cloud.requests().get(0);
    assertThat(request.method()).isEqualTo("POST");
    assertThat(request.path()).isEqualTo("/a%2Fb/%E4%B8%AD");
    assertThat(request.segments()).containsExactly("a/b", "中");
    assertThat(request.rawQuery()).isEqualTo("x=1%202&y=+&x=3");
    assertThat(request.parameters())
        .containsExactly(
            new FakeCloud.Parameter("x", "1 2"),
            new FakeCloud.Parameter("y", " "),
            new FakeCloud.Parameter("x", "3"));
    assertThat(request.parameter("x")).hasValue("1 2");
    assertThat(request.header("x-nonce")).hasValue("n1");
    assertThat(request.host()).isEqualTo(cloud.authority());
    assertThat(request.bodyText()).isEqualTo("{\"a\":\"中\"}");
    assertThat(request.receivedAt()).isEqualTo("2026-03-01T12:00:05Z");

    cloud.clearRequests();
    assertThat(cloud.requests()).isEmpty();
  }

  @Test
  void readsChunkedBodiesAndKeepsConnections() throws Exception {
    for (int i = 0; i < 2; i++) {
      http.send(
          HttpRequest.newBuilder(URI.create(cloud.endpoint() + "/"))
              .POST(
                  HttpRequest.BodyPublishers.ofInputStream(
                      () -> new ByteArrayInputStream("chunked".getBytes(StandardCharsets.UTF_8))))
              .build(),
          HttpResponse.BodyHandlers.ofString());
    }
    assertThat(cloud.requests())
        .extracting(FakeCloud.Request::bodyText)
        .containsExactly("chunked", "chunked");
  }

  @Test
  void theDateIsThatOfItsOwnClock() throws Exception {
    time.advance(Duration.ofDays(400));
    assertThat(get("/").headers().firstValue("date")).hasValue("Mon, 05 Apr 2027 12:00:00 GMT");
  }

  @Test
  void requestIdsAreNewEachTime() throws Exception {
    assertThat(get("/").body()).endsWith("000000000001");
    assertThat(get("/").body()).endsWith("000000000002");
  }

  @Test
  void failsTheNextRequestAndNoOther() throws Exception {
    cloud.failNext(503, "{}", Map.of("Retry-After", "7"));
    HttpResponse<String> failed = get("/");
    assertThat(failed.statusCode()).isEqualTo(503);
    assertThat(failed.headers().firstValue("retry-after")).hasValue("7");
    assertThat(get("/").statusCode()).isEqualTo(200);
    assertThat(cloud.requests()).hasSize(2);
  }

  @Test
  void failsSeveralRequestsThenAlwaysUntilCleared() throws Exception {
    cloud.failNext(2, FakeCloud.Reply.json(429, Map.of()));
    cloud.failAlways(FakeCloud.Reply.json(500, Map.of()));
    List<Integer> statuses = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      statuses.add(get("/").statusCode());
    }
    cloud.clearFaults();
    statuses.add(get("/").statusCode());
    assertThat(statuses).containsExactly(429, 429, 500, 500, 200);
  }

  @Test
  void aRuleAnswersOnlyTheRequestsItIsFor() throws Exception {
    cloud.answer(
        request -> request.path().equals("/jobs"), 1, request -> FakeCloud.Reply.json(404, "no"));
    assertThat(get("/runs").statusCode()).isEqualTo(200);
    assertThat(get("/jobs").statusCode()).isEqualTo(404);
    assertThat(get("/jobs").statusCode()).isEqualTo(200);
  }

  @Test
  void hooksChangeEveryAnswer() throws Exception {
    cloud.onReply((request, reply) -> reply.header("Date", "yesterday").header("X-More", "1"));
    assertThat(get("/").headers().firstValue("date")).hasValue("yesterday");
    assertThat(get("/").headers().firstValue("x-more")).hasValue("1");
  }

  @Test
  void closesConnectionsWhenToldTo() {
    cloud.closeConnection(100);
    assertThatThrownBy(() -> get("/")).isInstanceOf(IOException.class);
  }

  @Test
  void resetsConnectionsWhenToldTo() throws IOException {
    cloud.failNext(1, FakeCloud.Reply.resetConnection());
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), cloud.port())) {
      socket.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.UTF_8));
      assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketException.class);
    }
  }

  @Test
  void knowsHowManyConnectionsAreOpen() throws IOException {
    assertThat(cloud.connections()).isZero();
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), cloud.port())) {
      socket.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.UTF_8));
      assertThat(socket.getInputStream().read()).isEqualTo('H');
      assertThat(cloud.connections()).isEqualTo(1);
    }
  }

  @Test
  void cutsBodiesWhenToldTo() {
    cloud.failAlways(FakeCloud.Reply.of(200, "text/plain", "0123456789").cutAfter(3));
    assertThatThrownBy(() -> get("/")).isInstanceOf(IOException.class);
  }

  @Test
  void hangsWhenToldTo() {
    cloud.hang(1);
    assertThatThrownBy(
            () ->
                http.send(
                    HttpRequest.newBuilder(URI.create(cloud.endpoint()))
                        .timeout(Duration.ofMillis(100))
                        .build(),
                    HttpResponse.BodyHandlers.ofString()))
        .isInstanceOf(HttpTimeoutException.class);
  }

  @Test
  void anIncompleteEscapeIsABadRequest() {
    RawHttp raw = new RawHttp("GET", "/?a=%2", Map.of("host", "x"), new byte[0]);
    assertThat(raw.send(cloud.port()).status()).isEqualTo(400);
  }

  @Test
  void whatIsNoHttpGetsNoAnswer() throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), cloud.port())) {
      socket.getOutputStream().write("nonsense\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      assertThat(socket.getInputStream().read()).isEqualTo(-1);
    }
    assertThat(cloud.requests()).isEmpty();
  }

  @Test
  void showsTheFirstPageAgainWhenOffsetsAreIgnored() throws Exception {
    assertThat(get("/page?offset=2").body()).isEqualTo("[\"c\"]");
    assertThat(get("/page?offset=9").body()).isEqualTo("[]");
    cloud.ignoreOffset(true);
    assertThat(get("/page?offset=2").body()).isEqualTo("[\"a\",\"b\"]");
  }

  @Test
  void judgesSessionTokens() throws Exception {
    cloud.addKey("lasting", "canary-s");
    cloud.addKey("temporary", "canary-s", "canary-t");
    cloud.addKey(
        new FakeCloud.Key(
            "old", "canary-s", Optional.of("canary-t"), Optional.of(time.now().plusSeconds(60))));
    assertThat(token("lasting", "")).isEqualTo("\"ACCEPTED\"");
    assertThat(token("lasting", "canary-t")).isEqualTo("\"WRONG_TOKEN\"");
    assertThat(token("temporary", "canary-t")).isEqualTo("\"ACCEPTED\"");
    assertThat(token("temporary", "")).isEqualTo("\"WRONG_TOKEN\"");
    assertThat(token("temporary", "other")).isEqualTo("\"WRONG_TOKEN\"");
    assertThat(token("old", "canary-t")).isEqualTo("\"ACCEPTED\"");
    time.advance(Duration.ofSeconds(60));
    assertThat(token("old", "canary-t")).isEqualTo("\"EXPIRED_TOKEN\"");
    assertThat(token("nobody", "canary-t")).isEqualTo("\"no such key\"");
  }

  @Test
  void aMistakeOfTheFakeItselfIsNotHidden() throws Exception {
    EchoCloud broken = new EchoCloud(new World(time));
    HttpResponse<String> answer =
        http.send(
            HttpRequest.newBuilder(URI.create(broken.endpoint() + "/broken")).build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).isEqualTo(500);
    assertThatThrownBy(broken::close)
        .isInstanceOf(IllegalStateException.class)
        .hasRootCauseMessage("a mistake");
  }

  @Test
  void nothingListensAfterItIsClosed() {
    cloud.close();
    assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), cloud.port()).close())
        .isInstanceOf(IOException.class);
  }

  @Test
  void keysHideTheirSecrets() {
    assertThat(new FakeCloud.Key("id", "secret", Optional.of("token"), Optional.empty()).toString())
        .doesNotContain("secret")
        .doesNotContain("token");
  }

  private String token(String key, String token) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(cloud.endpoint() + "/token")).header("x-key", key);
    if (!token.isEmpty()) {
      request.header("x-token", token);
    }
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString()).body();
  }

  private HttpResponse<String> get(String target) throws Exception {
    return http.send(
        HttpRequest.newBuilder(URI.create(cloud.endpoint() + target)).build(),
        HttpResponse.BodyHandlers.ofString());
  }
}
