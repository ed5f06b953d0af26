package io.joblens.okhttp;

import static org.assertj.core.api.Assertions.assertThat;

import io.joblens.spi.Endpoint;
import io.joblens.spi.TransportFailure;
import io.joblens.spi.WireRequest;
import io.joblens.spi.WireResponse;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import okhttp3.OkHttpClient;
import okhttp3.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One send is one request on the wire, whatever the answer. */
class SingleExchangeTest {
  @RegisterExtension final Transports transports = new Transports();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "503|0",
        "503|1",
        "503|99999999999",
        "503|0,120",
        "503|299.997",
        "503|-1",
        "503|Wed, 21 Oct 2026 07:28:00 GMT",
        "503|b\u00e4ld",
        "408|0",
        "408|1",
        "408|99999999999",
        "408|0,120",
        "429|0",
        "421|0",
        "401|0",
        "407|0",
      })
  void everyStatusAndRetryAfterIsOneRequestAndComesBackAsGiven(int status, String retryAfter)
      throws Exception {
    RawServer server =
        transports.answering(
            "HTTP/1.1 "
                + status
                + " Busy\r\nReTrY-AfTeR: "
                + retryAfter
                + "\r\n"
                + "WWW-Authenticate: Basic\r\nProxy-Authenticate: Basic\r\n"
                + "Content-Length: 4\r\n\r\nbusy");

    WireResponse answer = Transports.get(transports.standard(), server);

    assertThat(server.requests()).hasSize(1);
    assertThat(answer.status()).isEqualTo(status);
    // OkHttp reads headers as UTF-8; what is none becomes a replacement character
    assertThat(answer.header("Retry-After")).contains(retryAfter.replace('\u00e4', '\ufffd'));
    assertThat(answer.body()).hasSize(4);
    assertThat(answer.headers().keySet()).noneMatch(name -> name.contains("hidden"));
  }

  @ParameterizedTest
  @ValueSource(ints = {300, 301, 302, 303, 307, 308})
  void redirectIsAnAnswerAndTheOtherHostHearsNothing(int status) throws Exception {
    RawServer other = transports.answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    String target = "http://localhost:" + other.port() + "/elsewhere";
    RawServer server =
        transports.answering(
            "HTTP/1.1 "
                + status
                + " Moved\r\nLocation: "
                + target
                + "\r\nContent-Length: 0\r\n\r\n");
    OkHttpTransport own = transports.standard();
    OkHttpTransport onFollower =
        transports.on(
            new OkHttpClient.Builder().followRedirects(true).followSslRedirects(true).build());

    for (OkHttpTransport transport : List.of(own, onFollower)) {
      WireResponse answer = Transports.get(transport, server);

      assertThat(answer.status()).isEqualTo(status);
      assertThat(answer.header("location")).contains(target);
    }
    assertThat(server.requests()).hasSize(2);
    assertThat(other.connections()).isZero();
  }

  @Test
  void postIsNotTurnedIntoGetByRedirect() throws Exception {
    RawServer server =
        transports.answering("HTTP/1.1 303 See Other\r\nLocation: /\r\nContent-Length: 0\r\n\r\n");

    WireResponse answer =
        Transports.send(
            transports.standard(), WireRequest.post(server.endpoint()).body("{}").build());

    assertThat(answer.status()).isEqualTo(303);
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void privateHeadersOfAServerAreIgnored() throws Exception {
    RawServer server =
        transports.answering(
            String.join(
                "\r\n",
                "HTTP/1.1 200 OK",
                "joblens-hidden-status: 404",
                "joblens-hidden-retry-after: 1",
                "Content-Length: 0",
                "",
                ""));

    WireResponse answer = Transports.get(transports.standard(), server);

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.headers()).containsOnlyKeys("content-length");
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "POST"})
  void requestOnConnectionThatDiedWhileIdleIsNotSentAgain(String method) throws Exception {
    RawServer server =
        transports.server(
            (request, wire) -> {
              if (request.head().get(0).contains("/first")) {
                wire.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
              } else {
                wire.reset();
              }
            });
    OkHttpTransport transport = transports.standard();
    Transports.send(transport, WireRequest.get(server.endpoint()).path("/first").build());
    WireRequest.Builder second =
        method.equals("GET")
            ? WireRequest.get(server.endpoint())
            : WireRequest.post(server.endpoint()).body("{}");

    TransportFailure failure =
        Transports.failure(
            transport.send(second.path("/second").build(), Transports.LIMIT, Transports.MEGABYTE));

    assertThat(failure.kind()).isEqualTo(TransportFailure.Kind.CONNECTION_LOST);
    assertThat(server.connections()).isEqualTo(1);
    assertThat(server.requests())
        .extracting(request -> request.head().get(0).toLowerCase(Locale.ROOT))
        .containsExactly(
            "get /first http/1.1", method.toLowerCase(Locale.ROOT) + " /second http/1.1");
  }

  @Test
  void requestThatWentOutIsNotSentToTheNextAddress() {
    RawServer server = transports.server((request, wire) -> wire.reset());
    OkHttpClient twoAddresses =
        new OkHttpClient.Builder()
            .dns(
                host -> List.of(InetAddress.getLoopbackAddress(), InetAddress.getLoopbackAddress()))
            .build();
    WireRequest request =
        WireRequest.get(new Endpoint("http", "jobs.invalid:" + server.port())).build();

    TransportFailure failure =
        Transports.failure(
            transports.on(twoAddresses).send(request, Transports.LIMIT, Transports.MEGABYTE));

    assertThat(failure.kind()).isEqualTo(TransportFailure.Kind.CONNECTION_LOST);
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void interceptorThatRetriesIsStoppedAndNamed() {
    RawServer server = transports.answering("HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n");
    OkHttpClient retrying =
        new OkHttpClient.Builder()
            .addInterceptor(
                chain -> {
                  Response first = chain.proceed(chain.request());
                  first.close();
                  return chain.proceed(chain.request());
                })
            .build();

    TransportFailure failure =
        Transports.failure(
            transports
                .on(retrying)
                .send(
                    WireRequest.get(server.endpoint()).build(),
                    Transports.LIMIT,
                    Transports.MEGABYTE));

    assertThat(failure.kind()).isEqualTo(TransportFailure.Kind.MALFORMED);
    assertThat(failure).hasMessageContaining("interceptor");
    assertThat(server.requests()).hasSize(1);
  }
}
