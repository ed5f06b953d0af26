package io.joblens.huawei.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import io.joblens.spi.Credentials;
import io.joblens.spi.Endpoint;
import io.joblens.spi.WireRequest;
import io.joblens.testkit.HuaweiWorkspaceCloud;
import io.joblens.testkit.ManualTime;
import io.joblens.testkit.Verdict;
import io.joblens.testkit.Verdict.Outcome;
import io.joblens.testkit.World;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The signer against a verifier that was written apart from it. */
final class SdkHmacTamperTest {
  private static final Instant NOW = Instant.parse("2026-03-07T10:40:43Z");
  private static final String BODY = "{\"名\":1}";

  private final ManualTime time = ManualTime.startingAt(NOW);
  private final HuaweiWorkspaceCloud cloud = new HuaweiWorkspaceCloud(new World(time));

  @BeforeEach
  void addKeys() {
    cloud.addKey("AK", "SK");
    cloud.addKey("TEMP", "SK2", "TOKEN+/=");
    cloud.addAuthToken("MIIF+x==", NOW.plusSeconds(60));
  }

  @AfterEach
  void close() {
    cloud.close();
  }

  @Test
  void whatWasSignedIsAccepted() throws IOException {
    assertThat(judge(http(signed()))).isEqualTo(Verdict.ACCEPTED);
  }

  @Test
  void aLastingKeyIsAcceptedWithoutAToken() throws IOException {
    WireRequest request =
        new SdkHmacSigner().sign(request(), Credentials.accessKey("AK", "SK"), NOW, "");
    assertThat(judge(http(request))).isEqualTo(Verdict.ACCEPTED);
  }

  @Test
  void anIamTokenIsAcceptedUntilItEnds() throws IOException {
    WireRequest request =
        new SdkHmacSigner().sign(request(), Credentials.token("MIIF+x==", null), NOW, "");
    assertThat(judge(http(request))).isEqualTo(Verdict.ACCEPTED);
    time.advance(Duration.ofSeconds(60));
    assertThat(judge(http(request)).outcome()).isEqualTo(Outcome.EXPIRED_TOKEN);
  }

  static Stream<Arguments> changes() {
    return Stream.of(
        change("method", Outcome.WRONG_SIGNATURE, http -> http.replaceFirst("^POST", "PUT")),
        change("path", Outcome.WRONG_SIGNATURE, http -> http.replace("schedule-task", "other")),
        change("query value", Outcome.WRONG_SIGNATURE, http -> http.replace("limit=1", "limit=2")),
        change("query name", Outcome.WRONG_SIGNATURE, http -> http.replace("limit=", "limits=")),
        change("more query", Outcome.WRONG_SIGNATURE, http -> http.replace("limit=1", "a&limit=1")),
        change("body", Outcome.WRONG_SIGNATURE, http -> http.replace("名", "各")),
        change("host", Outcome.WRONG_SIGNATURE, http -> http.replace("host: 127.", "host: 128.")),
        change("date", Outcome.WRONG_SIGNATURE, http -> http.replace("T104043Z", "T104044Z")),
        change("token", Outcome.WRONG_SIGNATURE, http -> http.replace("TOKEN+", "token+")),
        change("project", Outcome.WRONG_SIGNATURE, http -> http.replace("-id: p", "-id: q")),
        change(
            "signature",
            Outcome.WRONG_SIGNATURE,
            http -> http.replaceFirst("Signature=.{8}", "Signature=00000000")),
        change(
            "signed headers",
            Outcome.WRONG_SIGNATURE,
            http -> http.replace("host;x-project-id;", "host;")),
        change("key", Outcome.UNKNOWN_KEY, http -> http.replace("Access=TEMP", "Access=NONE")),
        change("other key", Outcome.WRONG_SIGNATURE, http -> http.replace("=TEMP", "=AK")),
        change("scheme", Outcome.MALFORMED, http -> http.replace("SDK-HMAC", "SDK-HMAK")),
        change("no date", Outcome.MISSING, http -> http.replaceFirst("x-sdk-date: [^\n]+\n", "")),
        change(
            "no authorization",
            Outcome.MISSING,
            http -> http.replaceFirst("authorization: [^\n]+\n", "")));
  }

  private static Arguments change(String part, Outcome outcome, UnaryOperator<String> change) {
    return Arguments.of(part, outcome, change);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("changes")
  void aChangeOnTheWayIsNoticed(String part, Outcome outcome, UnaryOperator<String> change)
      throws IOException {
    String sent = http(signed());
    String changed = change.apply(sent);
    assertThat(changed).isNotEqualTo(sent);
    assertThat(judge(changed).outcome()).isEqualTo(outcome);
  }

  @Test
  void contentTypeMayChangeOnTheWay() throws IOException {
    String changed = http(signed()).replace("application/json", "application/json; charset=utf-8");
    assertThat(judge(changed)).isEqualTo(Verdict.ACCEPTED);
  }

  @Test
  void theDateMayBeAQuarterOfAnHourOffAndNoMore() throws IOException {
    String sent = http(signed());
    time.advance(Duration.ofMinutes(15));
    assertThat(judge(sent)).isEqualTo(Verdict.ACCEPTED);
    time.advance(Duration.ofSeconds(1));
    assertThat(judge(sent).outcome()).isEqualTo(Outcome.OUTSIDE_DATE_WINDOW);
  }

  private WireRequest request() {
    return WireRequest.post(new Endpoint("http", cloud.authority()))
        .path("/v1/p/schedule-task/urn:a b~(*)é")
        .query("offset", "0")
        .query("limit", "1")
        .query("q", "一 (&=?!#%.*+)")
        .header("Content-Type", "application/json")
        .header("X-Project-Id", "p")
        .body(BODY)
        .build();
  }

  private WireRequest signed() {
    return new SdkHmacSigner()
        .sign(request(), Credentials.temporary("TEMP", "SK2", "TOKEN+/=", null), NOW, "");
  }

  private static String http(WireRequest request) {
    return WireCase.http(request) + "\n" + BODY;
  }

  /** Sends the bytes as they are and returns what the cloud thinks of them. */
  private Verdict judge(String http) throws IOException {
    cloud.clearRequests();
    int end = http.indexOf("\n\n");
    byte[] body = http.substring(end + 2).getBytes(StandardCharsets.UTF_8);
    String head =
        http.substring(0, end).replace("\n", "\r\n")
            + "\r\ncontent-length: "
            + body.length
            + "\r\nconnection: close\r\n\r\n";
    try (Socket socket = new Socket("127.0.0.1", cloud.port())) {
      socket.getOutputStream().write(head.getBytes(StandardCharsets.UTF_8));
      socket.getOutputStream().write(body);
      socket.getInputStream().readAllBytes();
    }
    return cloud.verify(cloud.requests().get(0));
  }
}
