package io.joblens.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.joblens.CredentialsException;
import io.joblens.Finality;
import io.joblens.JobServiceException;
import io.joblens.JobServiceException.Kind;
import io.joblens.JobState;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SpiTest {
  private static final Endpoint HOST = Endpoint.https("api.example");

  // ---- text

  @Test
  void textIsMadeFitForAMessage() {
    assertThat(Text.printable("a\r\n\t\u0000\u001b[31mb\u0085"))
        .isEqualTo("a????[31mb?".replace("????", "?????"));
    assertThat(Text.printable("x".repeat(80))).hasSize(80);
    assertThat(Text.printable("x".repeat(81))).isEqualTo("x".repeat(80) + "…");
    assertThat(Text.printable("空😀")).isEqualTo("空😀");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "\t",
        " a",
        "a ",
        "a\nb",
        "a\u0000",
        "a\u0085",
        "a\u2028b",
        "a\u2029b",
        ".",
        "..",
        "\ud83d",
        "a\ude00b"
      })
  void whatCannotBeAnIdIsRefusedByName(String id) {
    assertThatThrownBy(() -> Text.requireId("task id", id))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("task id ");
  }

  @ParameterizedTest
  @CsvSource({
    "'', id is blank",
    "'a\u0007', id contains a control character",
    "'a\ud83d', id contains half of a character",
    "' a', id has blanks around it",
    "'..', 'id is ''..'', which is a path'"
  })
  void whatIsWrongWithAnIdIsSaid(String id, String problem) {
    assertThatThrownBy(() -> Text.requireId("id", id)).hasMessageStartingWith(problem);
  }

  @Test
  void idsMayBeAlmostAnythingElse() {
    for (String id : List.of("a", "...", "a/b", "%2e", "空 😀", "x".repeat(512), "a?b#c")) {
      assertThat(Text.requireId("id", id)).isEqualTo(id);
    }
    assertThatThrownBy(() -> Text.requireId("id", "x".repeat(513)))
        .hasMessageStartingWith("id is longer than 512");
  }

  // ---- rates

  @ParameterizedTest
  @CsvSource({"20/min,20,60", "2/s,2,1", "500/h,500,3600", "' 1/s ',1,1", "999999/s,999999,1"})
  void ratesAreReadAsPeopleWriteThem(String text, int calls, int seconds) {
    assertThat(Rate.parse(text)).isEqualTo(new Rate(calls, Duration.ofSeconds(seconds)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "20",
        "0/s",
        "-1/s",
        "1.5/s",
        "20/m",
        "20 / min",
        "20/day",
        "1000000/s",
        "٢/s"
      })
  void whatIsNoRateIsRefused(String text) {
    assertThatThrownBy(() -> Rate.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("expected calls per time, such as 20/min, 2/s or 500/h");
  }

  @Test
  void aRateNeedsCallsAndTime() {
    assertThatThrownBy(() -> new Rate(0, Duration.ofSeconds(1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Rate(1, Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class);
  }

  // ---- credentials

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "canary\n",
        "canary\r\nX: 1",
        "can ary",
        "canary\t",
        "canaré",
        "\u0000",
        "canary\u007f"
      })
  void whatCannotBeASecretIsRefusedWithoutBeingShown(String bad) {
    for (Runnable attempt :
        List.<Runnable>of(
            () -> Credentials.accessKey(bad, "canary-s"),
            () -> Credentials.accessKey("i", bad),
            () -> Credentials.temporary("i", "canary-s", bad, null),
            () -> Credentials.token(bad, null))) {
      assertThatThrownBy(attempt::run)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("the ")
          .hasMessageNotContaining("canar");
    }
  }

  @Test
  void credentialsAreMasked() {
    Instant end = Instant.EPOCH;
    Credentials.AccessKey key = Credentials.temporary("canary1", "canary2", "canary3", end);
    assertThat(key.toString()).isEqualTo("AccessKey[***]");
    assertThat(key.id() + key.secret() + key.token().orElseThrow())
        .isEqualTo("canary1canary2canary3");
    assertThat(key.expiresAt()).hasValue(end);
    assertThat(Credentials.accessKey("a", "canary-b").token()).isEmpty();
    assertThat(Credentials.token("canary4", null).toString()).isEqualTo("Token[***]");
    assertThat(CredentialsProvider.of(key).toString()).doesNotContain("canary");
  }

  @Test
  void anAccountWithoutANameIsAFingerprintOfItsKey() {
    String one = CredentialsProvider.of(Credentials.accessKey("id-1", "canary-x")).account();
    assertThat(one).matches("key-[0-9a-f]{8}");
    assertThat(CredentialsProvider.of(Credentials.accessKey("id-1", "canary-y")).account())
        .isEqualTo(one);
    assertThat(CredentialsProvider.of(Credentials.accessKey("id-2", "canary-x")).account())
        .isNotEqualTo(one);
    assertThat(CredentialsProvider.of(Credentials.token("t", null)).account()).isEqualTo("default");
  }

  @Test
  void credentialsAreReadFromTheEnvironmentWhenAsked() {
    List<String> tokens = List.of("T1", "T2");
    assertThat(resolve(Map.of("I", "id", "S", "secret", "T2", "token"), tokens).token())
        .hasValue("token");
    assertThat(resolve(Map.of("I", "id", "S", "secret", "T1", ""), tokens).token()).isEmpty();
    for (Map<String, String> incomplete :
        List.of(Map.<String, String>of(), Map.of("I", "id"), Map.of("I", "", "S", "s"))) {
      assertThatThrownBy(() -> resolve(incomplete, tokens))
          .isInstanceOf(CredentialsException.class)
          .message()
          .containsPattern("environment variables: .*\\b[IS] is (not|set)");
    }
    assertThatThrownBy(() -> resolve(Map.of("I", "id", "S", "canary\n"), tokens))
        .isInstanceOf(CredentialsException.class)
        .hasMessageContaining("access key secret")
        .hasMessageNotContaining("canary");
  }

  private static Credentials.AccessKey resolve(Map<String, String> environment, List<String> t) {
    Step<Credentials> step =
        CredentialsProvider.firstOf(
                "default",
                List.of(CredentialsSource.variables(Environment.of(environment), "I", "S", t)))
            .resolve();
    return (Credentials.AccessKey) ((Step.Done<Credentials>) step).value();
  }

  // ---- requests

  @Test
  void aRequestIsSentAsItIsSigned() {
    WireRequest request =
        WireRequest.post(HOST)
            .path("/v1/tasks")
            .id("task id", "a/../b?x#y 空")
            .query("b", "2 +")
            .query("a", 1)
            .header("X-One", "1")
            .header("x-one", "2")
            .body("é")
            .build();
    assertThat(request.url())
        .isEqualTo("https://api.example/v1/tasks/a%2F..%2Fb%3Fx%23y%20%E7%A9%BA?b=2%20%2B&a=1");
    assertThat(request.canonicalQuery()).isEqualTo("a=1&b=2%20%2B");
    assertThat(request.headers()).isEqualTo(Map.of("x-one", "2"));
    assertThat(request.header("X-ONE")).hasValue("2");
    assertThat(request.body()).isEqualTo(new byte[] {(byte) 0xc3, (byte) 0xa9});
    assertThat(request.toString()).doesNotContain("b=2").startsWith("POST https://api.example/v1");
    assertThat(request.toBuilder().build().url()).isEqualTo(request.url());
    assertThat(request.method()).isEqualTo("POST");
    assertThat(request.scheme()).isEqualTo("https");
    assertThat(request.host()).isEqualTo("api.example");
    assertThat(request.segments()).containsExactly("v1", "tasks", "a/../b?x#y 空");
    assertThat(request.query())
        .containsExactly(
            new WireRequest.Parameter("b", "2 +"), new WireRequest.Parameter("a", "1"));
    assertThat(WireRequest.get(HOST).build().url()).isEqualTo("https://api.example/");
  }

  @Test
  void canonicalQueriesAreSortedByEncodedNameThenValue() {
    WireRequest.Builder request = WireRequest.get(HOST);
    for (String[] pair :
        new String[][] {
          {"b", "1"},
          {"a1", "x"},
          {"a.1", "x"},
          {"a", "z"},
          {"a", "b"},
          {"A", "1"},
          {"a-", "1"},
          {"空", ""},
          {"a", ""}
        }) {
      request.query(pair[0], pair[1]);
    }
    assertThat(request.build().canonicalQuery())
        .isEqualTo("%E7%A9%BA=&A=1&a=&a=b&a=z&a-=1&a.1=x&a1=x&b=1");
    assertThat(WireRequest.get(HOST).query("a b", "c d").build().canonicalQuery())
        .isEqualTo("a%20b=c%20d");
    assertThat(WireRequest.get(HOST).build().canonicalQuery()).isEmpty();
  }

  @Test
  void theOrderOfParametersDoesNotChangeTheCanonicalQuery() {
    java.util.Random random = new java.util.Random(5);
    for (int i = 0; i < 200; i++) {
      List<WireRequest.Parameter> parameters = new java.util.ArrayList<>();
      for (int n = 0; n < 8; n++) {
        parameters.add(new WireRequest.Parameter("k" + random.nextInt(4), "v" + random.nextInt(4)));
      }
      String first = canonical(parameters);
      java.util.Collections.shuffle(parameters, random);
      assertThat(canonical(parameters)).isEqualTo(first);
    }
  }

  private static String canonical(List<WireRequest.Parameter> parameters) {
    WireRequest.Builder request = WireRequest.get(HOST);
    parameters.forEach(p -> request.query(p.name(), p.value()));
    return request.build().canonicalQuery();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"canary\n", "canary\r\nInjected: 1", "canary\u0000", "canaré", "\u007fcanary"})
  void aHeaderThatCannotBeSentIsNamedAndNotShown(String value) {
    assertThatThrownBy(() -> WireRequest.get(HOST).header("X-Auth-Token", value))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("the value of header X-Auth-Token has a character at position")
        .hasMessageNotContaining("canary");
  }

  @Test
  void blanksAndTabsWithinAHeaderAreSent() {
    assertThat(WireRequest.get(HOST).header("x", "a b\tc~").build().header("x"))
        .contains("a b\tc~");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", " ", "a\nb"})
  void aPathSegmentThatIsNoneIsRefused(String id) {
    assertThatThrownBy(() -> WireRequest.get(HOST).id("task id", id))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("task id ");
  }

  @Test
  void anEncodedDotSegmentStaysEncoded() {
    assertThat(WireRequest.get(HOST).id("id", "%2e%2e").build().encodedPath())
        .isEqualTo("/%252e%252e");
  }

  @Test
  void aResponsesHeadersAreFoundInAnyCase() {
    WireResponse response =
        new WireResponse(
            299, Map.of("Retry-After", List.of("1", "2"), "Empty", List.of()), new byte[3]);
    assertThat(response.header("retry-AFTER")).hasValue("1");
    assertThat(response.header("empty")).isEmpty();
    assertThat(response.isSuccessful()).isTrue();
    assertThat(new WireResponse(300, Map.of(), new byte[0]).isSuccessful()).isFalse();
    assertThat(response).hasToString("HTTP 299, 3 bytes");
  }

  // ---- errors

  @Test
  void aVendorsWordsAreCutAndCleaned() {
    ServiceError error =
        ServiceError.of(Kind.UNKNOWN, 500)
            .code("c\n")
            .message("m".repeat(600) + "\u0000")
            .requestId("r\r\n")
            .build();
    assertThat(error.code()).hasValue("c?");
    assertThat(error.message().orElseThrow()).hasSize(501).endsWith("…");
    assertThat(error.requestId()).hasValue("r??");
    assertThat(new JobServiceException(error))
        .hasMessageStartingWith("UNKNOWN (c?, HTTP 500): mmm")
        .hasMessageEndingWith(" [request id r??]");
  }

  @Test
  void aStatusMeansWhatItMeansWithoutACode() {
    assertThat(Kind.ofStatus(401)).isEqualTo(Kind.AUTHENTICATION);
    assertThat(Kind.ofStatus(403)).isEqualTo(Kind.ACCESS_DENIED);
    assertThat(Kind.ofStatus(404)).isEqualTo(Kind.NOT_FOUND);
    assertThat(Kind.ofStatus(429)).isEqualTo(Kind.THROTTLED);
    assertThat(Kind.ofStatus(503)).isEqualTo(Kind.UNAVAILABLE);
    assertThat(Kind.ofStatus(500)).isEqualTo(Kind.SERVER_ERROR);
    assertThat(Kind.ofStatus(418)).isEqualTo(Kind.INVALID_REQUEST);
    assertThat(Kind.ofStatus(999)).isEqualTo(Kind.UNKNOWN);
  }

  // ---- states

  @Test
  void aStateTableKeepsItsOrderAndKnowsWhatItDoesNotKnow() {
    StateTable table =
        StateTable.builder()
            .open("W", JobState.QUEUED)
            .open("R", JobState.RUNNING)
            .unsettled("K", JobState.CANCELLED)
            .finished("S", JobState.SUCCEEDED)
            .finished("T", JobState.SUCCEEDED)
            .build();
    assertThat(table.rows().keySet()).containsExactly("W", "R", "K", "S", "T");
    assertThat(table.words(EnumSet.of(JobState.SUCCEEDED, JobState.QUEUED)))
        .containsExactly("W", "S", "T");
    assertThat(table.of("K"))
        .isEqualTo(new StateTable.Meaning(JobState.CANCELLED, Finality.UNSETTLED));
    StateTable.Meaning unknown = new StateTable.Meaning(JobState.UNKNOWN, Finality.OPEN);
    assertThat(table.of("k")).isEqualTo(unknown);
    assertThat(table.of(null)).isEqualTo(unknown);
    assertThat(table.states())
        .containsExactly(
            JobState.QUEUED,
            JobState.RUNNING,
            JobState.SUCCEEDED,
            JobState.CANCELLED,
            JobState.UNKNOWN);
    assertThatThrownBy(
            () -> StateTable.builder().open("W", JobState.QUEUED).finished("W", JobState.FAILED))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("W stands twice");
  }

  @Test
  void theSystemsClockGoesOnAndItsTimersEnd() {
    TimeSource time = TimeSource.system();
    CompletableFuture<Void> timer = time.after(Duration.ofMillis(1));
    timer.join();
    long before = time.nanoTime();
    assertThat(time.nanoTime() - before).isNotNegative();
    assertThat(time.now()).isAfter(Instant.parse("2024-01-01T00:00:00Z"));
  }

  @Test
  void aScopeIsShownAsRegionPathAndSlice() {
    assertThat(new Scope("r1", List.of(), "")).hasToString("r1");
    assertThat(new Scope("r1", List.of("a", "b"), "OK")).hasToString("r1:a/b?OK");
    assertThat(Scopes.all(List.of()).next()).isEqualTo(Optional.empty());
  }
}
