package io.joblens.okhttp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.joblens.spi.Endpoint;
import io.joblens.spi.WireRequest;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import okhttp3.Cookie;
import okhttp3.CookieJar;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What stands in the {@link WireRequest} goes over the wire, and nothing else that could matter.
 */
class OkHttpRequestTest {
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";

  @RegisterExtension final Transports transports = new Transports();

  @Test
  void postIsSentAsItStands() throws Exception {
    RawServer server = transports.answering(OK);

    Transports.send(
        transports.standard(),
        WireRequest.post(server.endpoint())
            .path("/pop/v1")
            .id("job", "a b:c")
            .query("Marker", "a+b/c=")
            .query("Name", "任务*~'")
            .header("Content-Type", "application/json")
            .header("X-TC-Token", "token")
            .body("{\"名\":1}")
            .build());

    RawServer.Exchanged sent = server.requests().get(0);
    assertThat(sent.head().get(0))
        .isEqualTo(
            "POST /pop/v1/a%20b%3Ac?Marker=a%2Bb%2Fc%3D&Name=%E4%BB%BB%E5%8A%A1%2A~%27 HTTP/1.1");
    assertThat(sent.head().subList(1, sent.head().size()))
        .containsExactlyInAnyOrder(
            "content-type: application/json",
            "x-tc-token: token",
            "Host: 127.0.0.1:" + server.port(),
            "User-Agent: joblens",
            "Accept-Encoding: gzip",
            "Content-Length: 9",
            "Connection: Keep-Alive");
    assertThat(sent.body()).isEqualTo("{\"名\":1}");
  }

  @Test
  void postWithoutBodySaysThatItIsEmpty() throws Exception {
    RawServer server = transports.answering(OK);

    Transports.send(transports.standard(), WireRequest.post(server.endpoint()).path("/a").build());

    assertThat(server.requests().get(0).head())
        .contains("Content-Length: 0")
        .noneMatch(line -> line.toLowerCase(Locale.ROOT).startsWith("content-type"));
  }

  @Test
  void getHasNoBodyAndNoLength() throws Exception {
    RawServer server = transports.answering(OK);

    Transports.get(transports.standard(), server);

    assertThat(server.requests().get(0).head())
        .contains("GET /runs HTTP/1.1")
        .noneMatch(line -> line.startsWith("Content-"));
  }

  @Test
  void userAgentAndEncodingOfTheRequestWin() throws Exception {
    RawServer server = transports.answering(OK);

    Transports.send(
        transports.standard(),
        WireRequest.get(server.endpoint())
            .header("User-Agent", "mine/1")
            .header("Accept-Encoding", "identity")
            .build());

    assertThat(server.requests().get(0).head())
        .contains("user-agent: mine/1", "accept-encoding: identity")
        .doesNotContain("User-Agent: joblens", "Accept-Encoding: gzip");
  }

  @Test
  void requestThatOkHttpWouldChangeIsRefusedWithoutShowingItsQuery() {
    // OkHttp writes hosts in lower case: the host on the wire would not be the signed one
    WireRequest request =
        WireRequest.get(new Endpoint("http", "LOCALHOST:1")).query("Token", "canary-1").build();

    assertThatThrownBy(() -> Transports.send(transports.standard(), request))
        .hasCauseInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("GET http://LOCALHOST:1/")
        .message()
        .doesNotContain("canary");
  }

  @Test
  void getWithBodyIsRefused() {
    RawServer server = transports.answering(OK);
    WireRequest request = WireRequest.get(server.endpoint()).body("{}").build();

    assertThatThrownBy(() -> Transports.send(transports.standard(), request))
        .hasCauseInstanceOf(IllegalArgumentException.class);
    assertThat(server.requests()).isEmpty();
  }

  @Test
  void requestGoesThroughTheProxy() throws Exception {
    RawServer proxy = transports.answering(OK);
    OkHttpTransport transport =
        transports.with(
            Duration.ofSeconds(5),
            Optional.of(InetSocketAddress.createUnresolved("localhost", proxy.port())));

    Transports.send(
        transport, WireRequest.get(new Endpoint("http", "jobs.invalid")).path("/a").build());

    assertThat(proxy.requests().get(0).head())
        .contains("GET http://jobs.invalid/a HTTP/1.1", "Host: jobs.invalid");
  }

  @Test
  void cookiesOfTheGivenClientStayOutside() throws Exception {
    RawServer server =
        transports.answering("HTTP/1.1 200 OK\r\nSet-Cookie: a=b\r\nContent-Length: 0\r\n\r\n");
    CookieJar full =
        new CookieJar() {
          @Override
          public void saveFromResponse(HttpUrl url, List<Cookie> cookies) {}

          @Override
          public List<Cookie> loadForRequest(HttpUrl url) {
            return List.of(new Cookie.Builder().name("a").value("b").domain(url.host()).build());
          }
        };

    Transports.get(transports.on(new OkHttpClient.Builder().cookieJar(full).build()), server);

    assertThat(server.requests().get(0).head()).noneMatch(line -> line.startsWith("Cookie"));
  }
}
