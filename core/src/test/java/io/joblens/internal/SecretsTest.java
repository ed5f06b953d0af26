package io.joblens.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.joblens.JobClient;
import io.joblens.JobQuery;
import io.joblens.JobRun;
import io.joblens.JobServiceException.Kind;
import io.joblens.RunRef;
import io.joblens.spi.Credentials;
import io.joblens.spi.Endpoint;
import io.joblens.spi.Json;
import io.joblens.spi.ServiceError;
import io.joblens.spi.TransportFailure;
import io.joblens.spi.WireRequest;
import io.joblens.spi.WireResponse;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Field;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.EventConstants;

/** Plants secrets everywhere and looks for them in all that a user or a log gets to see. */
class SecretsTest {
  private static final String SECRET = "canary-secret/of+the%key-canary";
  private static final String TOKEN = "canary=token\"of\\the-session-canary";
  private static final RunRef REF = new RunRef(StubProvider.ID, "r1", List.of("a", "r1"));

  private static String everythingOf(Throwable problem) {
    StringBuilder text = new StringBuilder();
    List<Throwable> left = new ArrayList<>(List.of(problem));
    while (!left.isEmpty()) {
      Throwable next = left.remove(0);
      text.append(next).append('\n').append(next.getMessage()).append('\n');
      if (next.getCause() != null) {
        left.add(next.getCause());
      }
      left.addAll(List.of(next.getSuppressed()));
    }
    return text.toString();
  }

  /** Returns what is logged meanwhile, down to the finest level that is used. */
  private static String logged(Runnable work) throws ReflectiveOperationException {
    Logger logger = LoggerFactory.getLogger("io.joblens.calls");
    Field level = logger.getClass().getDeclaredField("currentLogLevel");
    level.setAccessible(true);
    Object usual = level.get(logger);
    PrintStream before = System.err;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    System.setErr(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    level.set(logger, EventConstants.TRACE_INT);
    try {
      work.run();
    } finally {
      level.set(logger, usual);
      System.setErr(before);
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @Test
  void noSecretIsInAnExceptionATextFormOrALog() throws ReflectiveOperationException {
    String body = "{\"secret\":\"canary-body\",\"broken\":canary-body}";
    List<Consumer<StubTransport>> failures =
        List.of(
            t -> t.answer(200, body),
            t -> t.answer(200, "canary-body"),
            t -> t.answer(403, "ACCESS_DENIED:your secret is " + SECRET),
            t -> t.answer(401, "AUTHENTICATION:token " + TOKEN + " and " + SECRET),
            t ->
                t.answer(
                    401,
                    "AUTHENTICATION:"
                        + URLEncoder.encode(TOKEN, StandardCharsets.UTF_8)
                        + " and "
                        + Base64.getEncoder()
                            .encodeToString(SECRET.getBytes(StandardCharsets.UTF_8))),
            t ->
                t.answer(
                    401,
                    "AUTHENTICATION:" + Json.write(List.of(TOKEN)) + " and " + SECRET.substring(8)),
            t ->
                t.answer(401, "EXPIRED_CREDENTIALS:" + TOKEN)
                    .answer(401, "EXPIRED_CREDENTIALS:" + TOKEN),
            t ->
                t.answer(503, "UNAVAILABLE:" + TOKEN)
                    .answer(503, "UNAVAILABLE:" + SECRET)
                    .answer(503, "UNAVAILABLE:" + TOKEN),
            t ->
                t.future(
                    java.util.concurrent.CompletableFuture.completedFuture(
                        new WireResponse(
                            302,
                            Map.of("Location", List.of("https://evil.example/?t=" + TOKEN)),
                            new byte[0]))),
            t -> t.fail(TransportFailure.Kind.TLS),
            t -> t.answer(200, "{\"rows\":[{\"id\":[\"canary-body\"]}]}"),
            t -> t.answer(200, "{\"rows\":[{\"id\":\"x\",\"created\":\"canary-body\"}]}"),
            t -> t.answer(200, "{\"rows\":[{\"id\":\"canary-body\\n\"}]}"));
    StringBuilder shown = new StringBuilder();
    String log =
        logged(
            () -> {
              for (Consumer<StubTransport> failure : failures) {
                StubTransport one = new StubTransport();
                StubTransport two = new StubTransport();
                failure.accept(one);
                failure.accept(two);
                Throwable blocking = catchThrowable(() -> client(one).getRun(REF));
                Throwable async = catchThrowable(() -> client(two).async().getRun(REF).join());
                assertThat(blocking).isNotNull();
                assertThat(async).isNotNull();
                shown.append(everythingOf(blocking)).append(everythingOf(async));
                shown.append(one.requests);
              }
            });
    assertThat(shown.toString()).doesNotContain("canary", "Y2FuYXJ5");
    assertThat(log).contains("GetRuns: attempt 1 took").doesNotContain("canary");
  }

  private static final ServiceError BARE = ServiceError.of(Kind.AUTHENTICATION, 401).build();
  private static final WireRequest UNSIGNED =
      WireRequest.get(new Endpoint("https", "h.example")).build();

  private static String shown(String message, Credentials used) {
    ServiceError error = BARE.toBuilder().message(message).build();
    return Secrets.removed(error, used, UNSIGNED).message().orElse("");
  }

  @Test
  void allThatTheVendorSaysIsRidOfSecretsAndNothingElse() {
    Credentials key = Credentials.temporary("the-id", SECRET, TOKEN, null);
    ServiceError error =
        BARE.toBuilder()
            .code("a " + SECRET)
            .message("b " + TOKEN + " c")
            .requestId("d " + SECRET)
            .hint("e " + TOKEN)
            .build();
    ServiceError cleaned = Secrets.removed(error, key, UNSIGNED);
    assertThat(cleaned.code()).contains("a ***");
    assertThat(cleaned.message()).contains("b *** c");
    assertThat(cleaned.requestId()).contains("d ***");
    assertThat(cleaned.hint()).contains("e ***");

    ServiceError silent = Secrets.removed(BARE, key, UNSIGNED);
    assertThat(silent.code()).isEmpty();
    assertThat(silent.message()).isEmpty();
    assertThat(silent.requestId()).isEmpty();
    assertThat(silent.hint()).isEmpty();
  }

  @Test
  void aSecretIsTakenOutWhereverItStandsHoweverOftenAndHoweverItIsCut() {
    Credentials key = Credentials.accessKey("the-id", SECRET);
    assertThat(shown(SECRET, key)).isEqualTo("***");
    assertThat(shown(SECRET + SECRET, key)).isEqualTo("***");
    assertThat(shown("x" + SECRET + "y" + SECRET + "z", key)).isEqualTo("x***y***z");
    assertThat(shown("ends with " + SECRET.substring(0, 20), key)).isEqualTo("ends with ***");
    assertThat(shown("twice " + SECRET + ", " + SECRET.substring(0, 16) + "…", key))
        .isEqualTo("twice ***, ***…");
    assertThat(shown("its end " + SECRET.substring(8), key)).isEqualTo("its end ***");
    assertThat(shown("no " + SECRET.substring(0, 11), key))
        .isEqualTo("no " + SECRET.substring(0, 11));
  }

  @Test
  void aTokenIsASecretToo() {
    assertThat(shown("bad " + TOKEN + "!", Credentials.token(TOKEN, null))).isEqualTo("bad ***!");
  }

  /** Tests and examples sign with words like these, which messages hold too. */
  @Test
  void whatIsTooShortForASecretStaysInTheMessage() {
    String longest = "fifteen-letters";
    assertThat(shown("no " + longest + " here", Credentials.accessKey("the-id", longest)))
        .isEqualTo("no " + longest + " here");
    assertThat(shown("no sixteen-letters.", Credentials.accessKey("the-id", "sixteen-letters.")))
        .isEqualTo("no ***");
  }

  private static JobClient client(StubTransport transport) {
    return StubBuilder.of(new StubProvider(), transport)
        .credentials(Credentials.temporary("the-id", SECRET, TOKEN, null))
        .build();
  }

  @Test
  void noSecretOfARowIsShownUnlessItIsAskedForByName() {
    StubCloud cloud = new StubCloud().with("a", StubCloud.rows(1));
    JobRun run =
        StubBuilder.of(new StubProvider(), cloud).build().listRuns(JobQuery.ALL).runs().get(0);
    assertThat(run.toJson() + run + run.attributes() + run.raw()).doesNotContain("canary");
    assertThat(run.raw().orElseThrow().unmasked()).contains("canary-in-a-row");
  }

  @Test
  void noSecretIsInTheTextFormsOfWhatAClientIsMadeOf() {
    StubTransport transport = new StubTransport().answer(200, "{\"rows\":[]}");
    Credentials key = Credentials.temporary("the-id", SECRET, TOKEN, null);
    JobClient client = StubBuilder.of(new StubProvider(), transport).credentials(key).build();
    client.getRuns(List.of(REF));
    assertThat(client + "" + key + transport.requests).doesNotContain("canary");
  }
}
