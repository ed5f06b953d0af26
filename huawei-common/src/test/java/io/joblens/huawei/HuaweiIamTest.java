package io.joblens.huawei;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.joblens.JobServiceException.Kind;
import io.joblens.spi.Credentials;
import io.joblens.spi.CredentialsProvider;
import io.joblens.spi.Endpoint;
import io.joblens.spi.Json;
import io.joblens.spi.ServiceError;
import io.joblens.spi.Step;
import io.joblens.spi.WireDataException;
import io.joblens.spi.WireRequest;
import io.joblens.spi.WireResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class HuaweiIamTest {
  private final HuaweiIam iam = new HuaweiIam(Optional.empty());

  @ParameterizedTest
  @CsvFileSource(resources = "/iam-hosts.csv", useHeadersInDisplayName = true)
  void aRegionHasItsHostAndAnyOtherTheGlobalOne(String region, String host) {
    assertThat(iam.endpoint(region)).hasToString("https://" + host);
    assertThat(asked(iam.projectId(region)).url())
        .isEqualTo("https://" + host + "/v3/projects?name=" + region);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x@evil.example/", "evil.example#", "CN-NORTH-4", "a.b", "a\r\nb"})
  void aRegionThatIsNoHostLabelLeadsNowhere(String region) {
    assertThatThrownBy(() -> iam.endpoint(region))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("region ");
  }

  @Test
  void anEndpointCountsForAllRegions() {
    HuaweiIam overridden = new HuaweiIam(Optional.of(new Endpoint("http", "127.0.0.1:1")));
    assertThat(overridden.endpoint("cn-north-4")).hasToString("http://127.0.0.1:1");
  }

  @Test
  void thePasswordIsInTheBodyAndNowhereElse() {
    CredentialsProvider provider =
        iam.password("domain", "user", "canary\"<&", "cn-north-4", Optional.of("project"));
    WireRequest request = asked(provider.resolve());
    assertThat(request.url())
        .isEqualTo("https://iam.cn-north-4.myhuaweicloud.com/v3/auth/tokens?nocatalog=true");
    assertThat(new String(request.body(), StandardCharsets.UTF_8))
        .contains("\"password\":\"canary\\\"<&\"")
        .contains("\"scope\":{\"project\":{\"id\":\"project\"}}");
    assertThat(request.toString()).doesNotContain("canary");
    assertThat(provider.toString()).isEqualTo("IAM user user of domain");
    assertThat(provider.resolve().toString()).doesNotContain("canary");
    assertThat(provider.account()).isEqualTo("user");
  }

  // ---- what the vendor says, and what of it may be said

  private static final String PASSWORD = "Canary-Pass\"w0rd\\Canary";

  private Step.Ask<Credentials> login() {
    return (Step.Ask<Credentials>)
        iam.password("domain", "user", PASSWORD, "cn-north-4", Optional.empty()).resolve();
  }

  /** Returns what the error is shown as; empty when core may try again. */
  private Optional<ServiceError> shown(ServiceError error) {
    return login().recover().apply(error).map(step -> ((Step.Failed<Credentials>) step).error());
  }

  private static ServiceError.Builder error(Kind kind) {
    return ServiceError.of(kind, 401);
  }

  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"THROTTLED", "UNAVAILABLE", "SERVER_ERROR"})
  void whatPassesByItselfMayBeTriedAgainUnlessItRepeatsThePassword(Kind kind) {
    assertThat(shown(error(kind).message("try later").build())).isEmpty();

    ServiceError open = shown(error(kind).message("it was " + PASSWORD).build()).orElseThrow();
    assertThat(open.kind()).isEqualTo(kind);
    assertThat(open.message()).isEmpty();
  }

  @Test
  void anErrorKeepsItsWords() {
    ServiceError error =
        shown(
                error(Kind.ACCESS_DENIED)
                    .code("IAM.0003")
                    .message("not allowed")
                    .requestId("id-1")
                    .hint("ask somebody")
                    .build())
            .orElseThrow();
    assertThat(error.kind()).isEqualTo(Kind.ACCESS_DENIED);
    assertThat(error.httpStatus()).isEqualTo(401);
    assertThat(error.code()).contains("IAM.0003");
    assertThat(error.message()).contains("not allowed");
    assertThat(error.requestId()).contains("id-1");
    assertThat(error.hint()).contains("ask somebody");
  }

  @Test
  void anErrorThatRepeatsThePasswordLosesAllItsWords() {
    for (ServiceError error :
        List.of(
            error(Kind.INVALID_REQUEST).code(PASSWORD).message("a").requestId("b").build(),
            error(Kind.INVALID_REQUEST).code("a").message("x" + PASSWORD + "y").build(),
            error(Kind.INVALID_REQUEST).message("a").requestId(PASSWORD).build(),
            error(Kind.INVALID_REQUEST).message(Json.write(List.of(PASSWORD))).build(),
            error(Kind.INVALID_REQUEST).message(PASSWORD.substring(3)).build(),
            error(Kind.INVALID_REQUEST).message(PASSWORD.replace("\"", "%22")).build(),
            // cut, perhaps within the password
            error(Kind.INVALID_REQUEST).message("x".repeat(501)).build())) {
      ServiceError shown = shown(error).orElseThrow();
      assertThat(shown.kind()).isEqualTo(Kind.INVALID_REQUEST);
      assertThat(shown.httpStatus()).isEqualTo(401);
      assertThat(shown.code()).isEmpty();
      assertThat(shown.message()).isEmpty();
      assertThat(shown.requestId()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"AUTHENTICATION", "NOT_FOUND"})
  void aUserOrProjectThatIamDoesNotKnowIsAWrongLogin(Kind kind) {
    for (String message : List.of("unknown", PASSWORD)) {
      ServiceError error = shown(error(kind).message(message).build()).orElseThrow();
      assertThat(error.kind()).isEqualTo(Kind.AUTHENTICATION);
      assertThat(error.hint().orElseThrow()).startsWith("check user, password and domain");
    }
  }

  // ---- answers

  private static WireResponse response(int status, String body, String... header) {
    return new WireResponse(
        status,
        header.length == 0 ? Map.of() : Map.of("X-Subject-Token", List.of(header)),
        body.getBytes(StandardCharsets.UTF_8));
  }

  private Credentials.Token token(String body) {
    Step<Credentials> step = login().then().apply(response(201, body, "t0ken"));
    return (Credentials.Token) ((Step.Done<Credentials>) step).value();
  }

  @Test
  void aTokenSaysWhoseItIsAndWhenItEndsIfItDoes() {
    Credentials.Token token =
        token("{\"a\":{\"expires_at\":\"x\"},\"token\":{\"expires_at\":\"2026-01-02T03:04:05Z\"}}");
    assertThat(token.value()).isEqualTo("t0ken");
    assertThat(token.source()).contains("IAM user user of domain");
    assertThat(token.expiresAt()).contains(Instant.parse("2026-01-02T03:04:05Z"));
    assertThat(token("{\"token\":{\"expires_at\":null}}").expiresAt()).isEmpty();
    assertThat(token("{}").expiresAt()).isEmpty();
  }

  @Test
  void anAnswerWithoutATokenOrWithATimeThatIsNoneCannotBeRead() {
    for (WireResponse answer : List.of(response(201, "{}"), response(201, "{}", " "))) {
      assertThatThrownBy(() -> login().then().apply(answer))
          .isInstanceOf(WireDataException.class)
          .hasMessage("the header X-Subject-Token is missing");
    }
    assertThatThrownBy(() -> token("{\"token\":{\"expires_at\":\"tomorrow\"}}"))
        .isInstanceOf(WireDataException.class)
        .hasMessageContaining("is no time");
  }

  @Test
  void onlyARefusalLeadsToTheProjectsOfOnesOwn() {
    Step.Ask<String> ask = (Step.Ask<String>) iam.projectId("cn-north-4");
    assertThat(ask.recover().apply(error(Kind.NOT_FOUND).build())).isEmpty();
    Step<String> own = ask.recover().apply(error(Kind.ACCESS_DENIED).build()).orElseThrow();
    assertThat(asked(own).url()).endsWith("/v3/auth/projects");
    assertThat(ask.call().quota().key()).isEqualTo("huawei-iam/KeystoneListProjects");
    assertThat(((Step.Ask<?>) own).call().quota().key())
        .isEqualTo("huawei-iam/KeystoneListAuthProjects");
  }

  @Test
  void anAnswerWithoutProjectsIsNotOneWithNone() {
    Step.Ask<String> ask = (Step.Ask<String>) iam.projectId("cn-north-4");
    for (String body : List.of("{}", "{\"projects\":null}")) {
      assertThatThrownBy(() -> ask.then().apply(response(200, body)))
          .isInstanceOf(WireDataException.class)
          .hasMessage("/projects is missing");
    }
  }

  private static WireRequest asked(Step<?> step) {
    return ((Step.Ask<?>) step).call().request();
  }
}
