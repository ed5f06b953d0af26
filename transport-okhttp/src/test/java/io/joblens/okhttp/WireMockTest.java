package io.joblens.okhttp;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import io.joblens.spi.Endpoint;
import io.joblens.spi.TransportFailure;
import io.joblens.spi.TransportFailure.Kind;
import io.joblens.spi.WireRequest;
import io.joblens.spi.WireResponse;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The transport with a full HTTP server: its faults, its gzip, TLS and HTTP/2. */
class WireMockTest {
  private static final WireMockServer SERVER =
      new WireMockServer(wireMockConfig().dynamicPort().dynamicHttpsPort());

  @RegisterExtension final Transports transports = new Transports();

  @BeforeAll
  static void start() {
    SERVER.start();
  }

  @AfterAll
  static void stop() {
    SERVER.stop();
  }

  /** WireMock may log the request of a test that gave up only after the next one began. */
  private final String path = "/" + UUID.randomUUID();

  @AfterEach
  void reset() {
    SERVER.resetMappings();
  }

  @ParameterizedTest
  @CsvSource({
    "CONNECTION_RESET_BY_PEER, CONNECTION_LOST",
    "EMPTY_RESPONSE, CONNECTION_LOST",
    "MALFORMED_RESPONSE_CHUNK, CONNECTION_LOST",
    "RANDOM_DATA_THEN_CLOSE, CONNECTION_LOST",
  })
  void faultIsOneRequestAndHasItsKind(Fault fault, Kind kind) {
    SERVER.stubFor(any(anyUrl()).willReturn(aResponse().withFault(fault)));

    TransportFailure failure =
        Transports.failure(send(transports.standard(), plain(), Transports.LIMIT));

    assertThat(failure.kind()).isEqualTo(kind);
    assertThat(requests()).hasSize(1);
  }

  @Test
  void chunkedDribbleIsCutAtTheLimit() {
    SERVER.stubFor(
        any(anyUrl())
            .willReturn(aResponse().withBody("x".repeat(100)).withChunkedDribbleDelay(10, 2000)));

    TransportFailure failure =
        Transports.failure(send(transports.standard(), plain(), Duration.ofMillis(600)));

    assertThat(failure.kind()).isEqualTo(Kind.ATTEMPT_TIMEOUT);
  }

  @Test
  void gzipOfTheServerIsDecoded() throws Exception {
    SERVER.stubFor(any(anyUrl()).willReturn(aResponse().withBody("{\"a\":1}".repeat(1000))));

    WireResponse answer =
        Transports.send(transports.standard(), WireRequest.get(plain()).path(path).build());

    assertThat(new String(answer.body(), StandardCharsets.UTF_8))
        .isEqualTo("{\"a\":1}".repeat(1000));
    assertThat(requests().get(0).header("Accept-Encoding").values()).containsExactly("gzip");
  }

  @Test
  void certificateNobodyVouchesForIsTlsAndNothingIsSent() {
    SERVER.stubFor(any(anyUrl()).willReturn(aResponse()));

    TransportFailure failure =
        Transports.failure(send(transports.standard(), secure(), Transports.LIMIT));

    assertThat(failure.kind()).isEqualTo(Kind.TLS);
    assertThat(SERVER.findAll(anyRequestedFor(urlPathEqualTo(path)))).isEmpty();
  }

  @Test
  void http2CarriesTheSameRequestAndAnswer() throws Exception {
    SERVER.stubFor(
        any(anyUrl())
            .willReturn(aResponse().withStatus(503).withHeader("Retry-After", "0").withBody("{}")));
    OkHttpTransport transport = transports.on(trusting());

    WireResponse answer =
        Transports.send(
            transport,
            WireRequest.post(secure())
                .path(path)
                .query("a", "b c")
                .header("Content-Type", "application/json")
                .body("{}")
                .build());

    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.header("retry-after")).contains("0");
    assertThat(answer.body()).hasSize(2);
    assertThat(requests()).hasSize(1);
    LoggedRequest sent = requests().get(0);
    assertThat(sent.getProtocol()).isEqualTo("HTTP/2.0");
    assertThat(sent.getAbsoluteUrl()).isEqualTo(secure() + path + "?a=b%20c");
    assertThat(sent.header("content-type").values()).containsExactly("application/json");
    assertThat(sent.header("user-agent").values()).containsExactly("joblens");
  }

  @Test
  void misdirectedRequestIsNotSentAgainOverHttp2() throws Exception {
    SERVER.stubFor(any(anyUrl()).willReturn(aResponse().withStatus(421)));

    WireResponse answer =
        Transports.send(transports.on(trusting()), WireRequest.get(secure()).path(path).build());

    assertThat(answer.status()).isEqualTo(421);
    assertThat(requests()).hasSize(1);
  }

  /** Returns this test's requests once there is one; WireMock logs them after answering. */
  private List<LoggedRequest> requests() {
    List<LoggedRequest> requests = List.of();
    long end = System.nanoTime() + Duration.ofSeconds(5).toNanos();
    while (requests.isEmpty() && System.nanoTime() < end) {
      requests = SERVER.findAll(anyRequestedFor(urlPathEqualTo(path)));
    }
    return requests;
  }

  private static Endpoint plain() {
    return new Endpoint("http", "localhost:" + SERVER.port());
  }

  private static Endpoint secure() {
    return new Endpoint("https", "localhost:" + SERVER.httpsPort());
  }

  private CompletableFuture<WireResponse> send(
      OkHttpTransport transport, Endpoint endpoint, Duration limit) {
    return transport.send(WireRequest.get(endpoint).path(path).build(), limit, Transports.MEGABYTE);
  }

  /** Returns a user's client that trusts WireMock's certificate, as it would any. */
  private static OkHttpClient trusting() throws Exception {
    X509TrustManager everyone =
        new X509TrustManager() {
          @Override
          public void checkClientTrusted(X509Certificate[] chain, String type) {}

          @Override
          public void checkServerTrusted(X509Certificate[] chain, String type) {}

          @Override
          public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
          }
        };
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {everyone}, new SecureRandom());
    return new OkHttpClient.Builder()
        .sslSocketFactory(context.getSocketFactory(), everyone)
        .hostnameVerifier((host, session) -> true)
        .build();
  }
}
