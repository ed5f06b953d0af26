package io.joblens.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.joblens.CallListener;
import io.joblens.ClientClosedException;
import io.joblens.JobClient;
import io.joblens.JobException;
import io.joblens.JobQuery;
import io.joblens.JobServiceException;
import io.joblens.ProviderId;
import io.joblens.RunRef;
import io.joblens.spi.Credentials;
import io.joblens.spi.CredentialsProvider;
import io.joblens.spi.Endpoint;
import io.joblens.spi.Quota;
import io.joblens.spi.Rate;
import io.joblens.spi.RateLimiter;
import io.joblens.spi.Step;
import io.joblens.spi.TransportFailure;
import io.joblens.spi.WireRequest;
import io.joblens.spi.WireResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

class CallListenerTest {
  private static final RunRef REF = new RunRef(StubProvider.ID, "r1", List.of("a", "one"));
  private static final String ONE = "{\"rows\":[{\"id\":\"one\",\"state\":\"OK\"}]}";

  private final StubTransport transport = new StubTransport();
  private final Told told = new Told();

  /** Writes down what it hears, one line each. */
  private static final class Told implements CallListener {
    final List<String> lines = new CopyOnWriteArrayList<>();

    @Override
    public void started(Call call) {
      lines.add("started " + call.cloud() + " " + call.operation() + " " + call.host());
    }

    @Override
    public void throttled(Call call, Duration wait) {
      lines.add("throttled");
    }

    @Override
    public void attempted(Call call, Attempt attempt) {
      lines.add(
          "attempt "
              + attempt.number()
              + " "
              + (attempt.httpStatus().isPresent() ? attempt.httpStatus().getAsInt() : "broken")
              + attempt.requestId().map(id -> " " + id).orElse("")
              + attempt.problem().map(problem -> " " + named(problem)).orElse(""));
    }

    @Override
    public void retried(Call call, Duration pause, JobException problem) {
      lines.add("retried after " + named(problem));
    }

    @Override
    public void finished(Call call, Summary summary) {
      lines.add(
          "finished "
              + summary.attempts()
              + summary.problem().map(problem -> " " + named(problem)).orElse(""));
    }

    private static String named(JobException problem) {
      return problem.getClass().getSimpleName();
    }
  }

  private StubBuilder builder() {
    return StubBuilder.of(new StubProvider(), transport).name("c1").listener(told);
  }

  @Test
  void aCallIsToldFromItsStartToItsEnd() {
    transport
        .answer(503, "UNAVAILABLE")
        .fail(TransportFailure.Kind.CONNECTION_LOST)
        .future(
            CompletableFuture.completedFuture(
                new WireResponse(
                    200,
                    Map.of("X-Stub-Request-Id", List.of("r-1")),
                    ONE.getBytes(StandardCharsets.UTF_8))));

    builder().build().getRun(REF);

    assertThat(told.lines)
        .containsExactly(
            "started c1 GetRuns api.stub.example",
            "attempt 1 503 JobServiceException",
            "retried after JobServiceException",
            "attempt 2 broken JobTransportException",
            "retried after JobTransportException",
            "attempt 3 200 r-1",
            "finished 3");
  }

  @Test
  void blockingAndAsyncCallsAreToldAlike() {
    transport.answer(403, "ACCESS_DENIED").answer(403, "ACCESS_DENIED");
    JobClient client = builder().build();

    assertThat(catchThrowable(() -> client.getRun(REF))).isInstanceOf(JobServiceException.class);
    List<String> blocking = List.copyOf(told.lines);
    told.lines.clear();
    assertThat(catchThrowable(() -> client.async().getRun(REF).join())).isNotNull();

    assertThat(told.lines)
        .isEqualTo(blocking)
        .endsWith("attempt 1 403 JobServiceException", "finished 1 JobServiceException");
  }

  @Test
  void aWaitForQuotaIsTold() {
    JobClient client = builder().limiter(new PacedLimiter()).quota(Rate.perSecond(1)).build();
    transport.answer(403, "ACCESS_DENIED").answer(403, "ACCESS_DENIED");

    assertThat(catchThrowable(() -> client.getRun(REF))).isInstanceOf(JobServiceException.class);
    assertThat(told.lines).doesNotContain("throttled");
    assertThat(catchThrowable(() -> client.getRun(REF))).isInstanceOf(JobServiceException.class);
    assertThat(told.lines).contains("throttled");
  }

  @Test
  void waitsBeforeDepartureAreWaitsForQuotaToo() {
    List<Duration> waits = new ArrayList<>();
    List<Duration> sums = new ArrayList<>();
    CallListener summing =
        new CallListener() {
          @Override
          public void throttled(Call call, Duration wait) {
            waits.add(wait);
          }

          @Override
          public void finished(Call call, Summary summary) {
            sums.add(summary.quotaWait());
          }
        };
    RateLimiter limiter =
        new RateLimiter() {
          private int asked;

          @Override
          public Duration acquire(String key, Rate rate, long nowNanos, Duration longest) {
            return Duration.ofSeconds(1);
          }

          @Override
          public Duration depart(String key, Rate rate, long nowNanos) {
            return asked++ < 2 ? Duration.ofSeconds(3) : Duration.ZERO;
          }
        };
    transport.answer(200, ONE);
    builder().limiter(limiter).listener(summing).build().getRun(REF);
    assertThat(waits)
        .containsExactly(Duration.ofSeconds(1), Duration.ofSeconds(3), Duration.ofSeconds(3));
    assertThat(sums).containsExactly(Duration.ofSeconds(7));
  }

  @Test
  void anAttemptWithNewCredentialsIsTold() {
    AtomicInteger keys = new AtomicInteger();
    CredentialsProvider source =
        new CredentialsProvider() {
          @Override
          public String account() {
            return "acc";
          }

          @Override
          public Step<Credentials> resolve() {
            return Step.done(
                Credentials.accessKey("id-" + keys.incrementAndGet(), "canary-secret-secret"));
          }
        };
    transport.answer(401, "EXPIRED_CREDENTIALS").answer(200, ONE);

    builder().credentials(source).build().getRun(REF);

    assertThat(told.lines)
        .containsExactly(
            "started c1 GetRuns api.stub.example",
            "attempt 1 401 JobServiceException",
            "retried after JobServiceException",
            "attempt 2 200",
            "finished 2");
  }

  @Test
  void aRefusedLogInIsToldAsTheFailureThatTheSourceMakesOfIt() {
    transport.answer(401, "AUTHENTICATION:canary-the-password-canary");
    List<JobException> problems = new ArrayList<>();
    CallListener listener =
        new CallListener() {
          @Override
          public void attempted(Call call, Attempt attempt) {
            attempt.problem().ifPresent(problems::add);
          }

          @Override
          public void finished(Call call, Summary summary) {
            summary.problem().ifPresent(problems::add);
          }
        };
    CredentialsProvider source =
        new CredentialsProvider() {
          @Override
          public String account() {
            return "acc";
          }

          @Override
          public Step<Credentials> resolve() {
            Step<Credentials> logIn =
                Step.ask(
                    new io.joblens.spi.Call(
                        "LogIn",
                        new Quota("iam", Rate.perSecond(10)),
                        true,
                        false,
                        WireRequest.get(Endpoint.https("iam.example")).path("/token").build()),
                    response -> Step.done(Credentials.accessKey("id", "canary-secret-secret")));
            return logIn.recover(
                error ->
                    Optional.of(Step.failed(error.toBuilder().message("wrong password").build())));
          }
        };

    Throwable thrown =
        catchThrowable(() -> builder().credentials(source).listener(listener).build().getRun(REF));

    assertThat(thrown)
        .isInstanceOf(JobServiceException.class)
        .hasMessageContaining("c1 (stub-jobs) LogIn: AUTHENTICATION");
    assertThat(((JobException) thrown).attempts()).isEqualTo(1);
    assertThat(told.lines)
        .containsSubsequence(
            "started c1 LogIn iam.example",
            "attempt 1 401 JobServiceException",
            "finished 1 JobServiceException",
            "finished 0 JobServiceException");
    assertThat(problems)
        .hasSize(3)
        .allSatisfy(
            problem ->
                assertThat(problem)
                    .hasMessageContaining("wrong password")
                    .hasMessageNotContaining("canary"));
  }

  @Test
  void credentialsThatStayTheSameAreNoOtherAttempt() {
    transport.answer(401, "EXPIRED_CREDENTIALS");
    JobClient client = builder().build();
    assertThat(catchThrowable(() -> client.getRun(REF))).isInstanceOf(JobServiceException.class);
    assertThat(told.lines).noneMatch(line -> line.startsWith("retried"));
  }

  @Test
  void anAttemptByTheHostsClockIsTold() {
    transport
        .future(
            CompletableFuture.completedFuture(
                new WireResponse(
                    401,
                    Map.of("date", List.of("Wed, 01 May 2024 13:00:00 GMT")),
                    "CLOCK_SKEW".getBytes(StandardCharsets.UTF_8))))
        .answer(200, ONE);

    builder().build().getRun(REF);

    assertThat(told.lines)
        .containsExactly(
            "started c1 GetRuns api.stub.example",
            "attempt 1 401 JobServiceException",
            "retried after JobServiceException",
            "attempt 2 200",
            "finished 2");
  }

  @Test
  void aCallThatIsGivenUpIsFinishedToo() {
    transport.hang();
    CompletableFuture<?> call = builder().build().async().getRun(REF);
    call.cancel(true);
    while (told.lines.size() < 3) {
      Thread.onSpinWait();
    }
    assertThat(told.lines).last().isEqualTo("finished 1 JobCancelledException");
  }

  @Test
  void aCallOfAClosedClientIsFinishedToo() {
    JobClient client = builder().build();
    client.close();
    assertThat(catchThrowable(() -> client.getRun(REF))).isInstanceOf(ClientClosedException.class);
    assertThat(told.lines)
        .containsExactly("started c1 GetRuns api.stub.example", "finished 0 ClientClosedException");
  }

  /** Writes down which pauses it hears of. */
  private static final class Pauses implements RateLimiter {
    final List<Duration> heard = new CopyOnWriteArrayList<>();

    @Override
    public Duration acquire(String key, Rate rate, long nowNanos, Duration longest) {
      return Duration.ZERO;
    }

    @Override
    public void throttled(String key, Rate rate, long nowNanos, Duration pause) {
      heard.add(pause);
    }
  }

  /** Returns what was heard of a call's second attempt, after the first one was throttled. */
  private List<String> secondAttempt(BiConsumer<JobClient, CompletableFuture<?>> end) {
    told.lines.clear();
    Pauses limiter = new Pauses();
    transport.answer(429, "THROTTLED:slow:30").hang();
    JobClient client = builder().limiter(limiter).build();
    CompletableFuture<?> call = client.async().getRun(REF);
    end.accept(client, call);
    while (told.lines.stream().noneMatch(line -> line.startsWith("finished"))) {
      Thread.onSpinWait();
    }
    assertThat(limiter.heard).containsExactly(Duration.ofSeconds(30));
    return told.lines.stream().filter(line -> line.matches("(attempt|finished) 2.*")).toList();
  }

  @Test
  void anAttemptWithoutAnAnswerHasAProblemOfItsOwnAndThrottlesNobody() {
    assertThat(secondAttempt((client, call) -> call.cancel(true)))
        .containsExactly(
            "attempt 2 broken JobCancelledException", "finished 2 JobCancelledException");
    assertThat(secondAttempt((client, call) -> client.close()))
        .containsExactly(
            "attempt 2 broken ClientClosedException", "finished 2 ClientClosedException");
  }

  @Test
  void aListenerThatFailsHarmsNothing() {
    CallListener failing =
        new CallListener() {
          @Override
          public void started(Call call) {
            throw new IllegalStateException("mine");
          }
        };
    StubCloud cloud = new StubCloud().with("a", StubCloud.rows(2));
    JobClient client =
        StubBuilder.of(new StubProvider(), cloud).listener(failing).listener(told).build();
    assertThat(client.listRuns(JobQuery.ALL).runs()).hasSize(2);
    assertThat(told.lines).isNotEmpty();
  }

  @Test
  void eachCallHasANumberOfItsOwn() {
    List<Long> numbers = new ArrayList<>();
    CallListener counting =
        new CallListener() {
          @Override
          public void finished(Call call, Summary summary) {
            numbers.add(call.number());
            assertThat(call.provider()).isEqualTo(new ProviderId("stub-jobs"));
          }
        };
    StubCloud cloud = new StubCloud().with("a", StubCloud.rows(7));
    StubBuilder.of(new StubProvider(), cloud)
        .listener(counting)
        .build()
        .listAllRuns(JobQuery.builder().pageSize(2).build())
        .forEach(run -> {});
    assertThat(numbers).hasSizeGreaterThan(2).doesNotHaveDuplicates();
  }
}
