package io.joblens.internal;

import static io.joblens.internal.StubCloud.rows;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.joblens.CallTimeoutException;
import io.joblens.ClientClosedException;
import io.joblens.ConfigException;
import io.joblens.CredentialsException;
import io.joblens.FoundRuns;
import io.joblens.Job;
import io.joblens.JobCancelledException;
import io.joblens.JobClient;
import io.joblens.JobDataException;
import io.joblens.JobException;
import io.joblens.JobQuery;
import io.joblens.JobRun;
import io.joblens.JobServiceException;
import io.joblens.JobServiceException.Kind;
import io.joblens.JobTransportException;
import io.joblens.QueryPlan;
import io.joblens.QuotaExceededException;
import io.joblens.RawRequest;
import io.joblens.RawResponse;
import io.joblens.RunListing;
import io.joblens.RunRef;
import io.joblens.Timeouts;
import io.joblens.spi.Credentials;
import io.joblens.spi.CredentialsProvider;
import io.joblens.spi.JobProvider;
import io.joblens.spi.Rate;
import io.joblens.spi.RateLimiter;
import io.joblens.spi.Scopes;
import io.joblens.spi.Step;
import io.joblens.spi.TimeSource;
import io.joblens.spi.TransportFailure;
import io.joblens.spi.WireRequest;
import io.joblens.spi.WireResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ProviderClientTest {
  private static final RunRef REF = new RunRef(StubProvider.ID, "r1", List.of("a", "r1"));
  private static final String NO_RUNS = "{\"rows\":[]}";
  private static final String ONE_RUN = "{\"rows\":[{\"id\":\"r1\",\"state\":\"OK\"}]}";

  private final StubProvider provider = new StubProvider();
  private final StubTransport transport = new StubTransport();
  private final TestTime time = TestTime.jumping();

  private StubBuilder builder() {
    return StubBuilder.of(provider, transport).name("c1").time(time);
  }

  private JobClient client() {
    return builder().build();
  }

  /** What is the same of two exceptions when a caller cannot tell them apart. */
  private static String essence(Throwable problem) {
    String text = problem.getClass().getName() + " | " + problem.getMessage();
    return problem instanceof JobException e
        ? text + " | " + e.cloud() + e.provider() + e.operation() + e.attempts()
        : text;
  }

  private static Throwable asyncProblem(CompletableFuture<?> future) {
    Throwable problem = catchThrowable(() -> future.get(20, TimeUnit.SECONDS));
    assertThat(problem).isNotNull();
    Throwable cause = problem.getCause();
    return cause == null ? problem : cause;
  }

  // ---- both ways of calling

  @Test
  void blockingAndAsyncCallsFailAlike() {
    List<Consumer<StubTransport>> scripts =
        List.of(
            t -> t.answer(403, "ACCESS_DENIED:no"),
            t -> t.answer(503, "UNAVAILABLE").answer(503, "UNAVAILABLE").answer(503, "UNAVAILABLE"),
            t -> t.answerLater(503, "UNAVAILABLE").answerLater(404, "NOT_FOUND"),
            t -> t.answer(200, "{\"error\":\"INVALID_REQUEST\"}"),
            t -> t.answer(200, "<html>"),
            t -> t.answerLater(200, ""),
            t -> t.answer(302, ""),
            t -> t.fail(TransportFailure.Kind.TLS),
            t -> t.fail(TransportFailure.Kind.TOO_LARGE),
            t ->
                t.fail(TransportFailure.Kind.DNS)
                    .fail(TransportFailure.Kind.CONNECT)
                    .fail(TransportFailure.Kind.CONNECTION_LOST),
            t -> t.answer(200, NO_RUNS),
            t -> t.future(CompletableFuture.failedFuture(new IllegalStateException("a bug"))));
    for (Consumer<StubTransport> script : scripts) {
      StubTransport one = new StubTransport();
      StubTransport two = new StubTransport();
      script.accept(one);
      script.accept(two);
      Throwable blocking =
          catchThrowable(() -> StubBuilder.of(provider, one).name("c1").build().getRun(REF));
      Throwable async =
          asyncProblem(StubBuilder.of(provider, two).name("c1").build().async().getRun(REF));
      assertThat(essence(async)).isEqualTo(essence(blocking));
      assertThat(two.requests).hasSameSizeAs(one.requests);
    }
  }

  @Test
  void blockingAndAsyncCallsAnswerAlike() {
    StubCloud cloud = new StubCloud().with("a", rows(25));
    JobClient client = StubBuilder.of(provider, cloud).build();
    assertThat(client.async().listRuns(JobQuery.ALL).join().runs()).hasSize(10);
    assertThat(client.listRuns(JobQuery.ALL).runs()).hasSize(10);
    var token = client.listRuns(JobQuery.ALL).nextPageToken().orElseThrow();
    assertThat(client.async().listRuns(JobQuery.ALL, token).join().runs().get(0).ref())
        .isEqualTo(client.listRuns(JobQuery.ALL, token).runs().get(0).ref());
    assertThat(client.async().getRun(REF).join().ref()).isEqualTo(client.getRun(REF).ref());
    FoundRuns found = client.async().getRuns(List.of(REF, client.runRef("nope"))).join();
    assertThat(found.runs()).hasSize(1);
    assertThat(found.missing()).containsExactly(client.runRef("nope"));
    Job job = client.getJob(client.jobRef("a"));
    assertThat(client.async().getJob(client.jobRef("a")).join().toJson()).isEqualTo(job.toJson());
    assertThat(job.account()).isEqualTo("acc");
  }

  @Test
  void aMessageSaysCloudProviderAndOperation() {
    transport.answer(403, "ACCESS_DENIED:no permission");
    assertThatThrownBy(() -> client().getRun(REF))
        .hasMessage("c1 (stub-jobs) GetRuns: ACCESS_DENIED (Stub13, HTTP 403): no permission");
  }

  @Test
  void aRunThatDoesNotExistIsNotFound() {
    transport.answer(200, NO_RUNS);
    JobServiceException problem = (JobServiceException) catchThrowable(() -> client().getRun(REF));
    assertThat(problem.kind()).isEqualTo(Kind.NOT_FOUND);
    assertThat(problem).hasMessageContaining("stub-jobs:r1:a/r1");
  }

  @Test
  void noRefsCostNoCall() {
    assertThat(client().getRuns(List.of()).runs()).isEmpty();
    assertThat(transport.requests).isEmpty();
  }

  @Test
  void anInterruptedCallEndsAtOnceKeepsTheFlagAndCancelsTheExchange() throws Exception {
    transport.hang();
    assertInterruptible(() -> client().getRun(REF));
    assertThat(transport.hanging.get(0)).isCancelled();
  }

  @Test
  void anInterruptedBackOffEndsAtOnceAndFreesItsTimer() throws Exception {
    TestTime standing = TestTime.standing();
    transport.answer(503, "UNAVAILABLE");
    assertInterruptible(() -> builder().time(standing).build().getRun(REF));
    assertThat(standing.waiting()).isZero();
    assertThat(transport.requests).hasSize(1);
  }

  @Test
  void anInterruptedWaitForQuotaEndsAtOnce() throws Exception {
    TestTime standing = TestTime.standing();
    JobClient client =
        builder()
            .time(standing)
            .limiter((key, rate, now, longest) -> Duration.ofSeconds(30))
            .build();
    assertInterruptible(() -> client.getRun(REF));
    assertThat(transport.requests).isEmpty();
  }

  @Test
  void anInterruptedWaitForCredentialsEndsAtOnceAndLeavesThemToOthers() throws Exception {
    StubTransport slow = new StubTransport().hang().answer(200, ONE_RUN);
    JobClient client =
        StubBuilder.of(provider, slow).credentials(asking(new AtomicInteger())).build();
    assertInterruptible(() -> client.getRun(REF));
    while (slow.hanging.isEmpty()) {
      Thread.onSpinWait(); // they are got on another thread
    }
    assertThat(slow.hanging.get(0)).isNotDone();
    CompletableFuture<?> other = client.async().getRun(REF);
    slow.hanging.get(0).complete(StubTransport.response(200, ""));
    assertThat(other).succeedsWithin(Duration.ofSeconds(10));
  }

  private static void assertInterruptible(Runnable call) throws InterruptedException {
    AtomicReference<Throwable> problem = new AtomicReference<>();
    AtomicReference<Boolean> flag = new AtomicReference<>(false);
    Thread thread =
        new Thread(
            () -> {
              problem.set(catchThrowable(call::run));
              flag.set(Thread.currentThread().isInterrupted());
            });
    thread.start();
    while (thread.getState() != Thread.State.WAITING
        && thread.getState() != Thread.State.TERMINATED) {
      Thread.onSpinWait();
    }
    try (Stopwatch watch = new Stopwatch()) {
      thread.interrupt();
      thread.join();
      assertThat(watch.elapsed()).isLessThan(Duration.ofMillis(250));
    }
    assertThat(problem.get())
        .isInstanceOf(JobCancelledException.class)
        .hasMessageContaining("interrupted");
    assertThat(flag.get()).isTrue();
  }

  @Test
  void cancellingAFutureCancelsTheExchange() {
    transport.hang();
    CompletableFuture<?> future = client().async().getRun(REF);
    assertThat(transport.hanging).hasSize(1);
    assertThat(future.cancel(true)).isTrue();
    assertThat(transport.hanging.get(0)).isCancelled();
    assertThatThrownBy(future::join).isInstanceOf(CancellationException.class);
  }

  @Test
  void cancellingAFutureInItsBackOffSendsNothingMore() {
    TestTime standing = TestTime.standing();
    transport.answer(503, "UNAVAILABLE");
    CompletableFuture<?> future = builder().time(standing).build().async().getRun(REF);
    future.cancel(true);
    assertThat(standing.waiting()).isZero();
    standing.advance(Duration.ofHours(1));
    assertThat(transport.requests).hasSize(1);
  }

  // ---- closing

  @Test
  void closingEndsWhatIsUnderWayInBothModes() throws Exception {
    transport.hang().hang();
    JobClient client = client();
    CompletableFuture<?> async = client.async().getRun(REF);
    AtomicReference<Throwable> blocking = new AtomicReference<>();
    Thread thread = new Thread(() -> blocking.set(catchThrowable(() -> client.getRun(REF))));
    thread.start();
    while (transport.hanging.size() < 2) {
      Thread.onSpinWait();
    }
    client.close();
    thread.join();
    assertThat(blocking.get())
        .isInstanceOf(ClientClosedException.class)
        .hasMessageContaining("under way");
    assertThat(asyncProblem(async)).isInstanceOf(ClientClosedException.class);
    assertThat(transport.hanging).allMatch(CompletableFuture::isCancelled);
    assertThat(transport.closed).as("a given transport stays open").isFalse();
  }

  @Test
  void aClosedClientSaysSoAndSendsNothing() {
    JobClient client = client();
    client.close();
    client.close();
    assertThatThrownBy(() -> client.getRun(REF))
        .isInstanceOf(ClientClosedException.class)
        .hasMessage("c1 (stub-jobs) GetRuns: the client is closed");
    assertThat(asyncProblem(client.async().listRuns(JobQuery.ALL)))
        .isInstanceOf(ClientClosedException.class);
    assertThatThrownBy(() -> client.listAllRuns(JobQuery.ALL).iterator().hasNext())
        .isInstanceOf(ClientClosedException.class);
    assertThat(transport.requests).isEmpty();
  }

  @Test
  void aTransportOfItsOwnIsMadeForTheFirstRequestAndClosedWithTheClient() {
    StubTransportFactory.reset();
    JobClient client =
        new StubBuilder(provider)
            .region("r1")
            .credentials(Credentials.accessKey("id", "canary-secret"))
            .proxy("proxy.example", 3128)
            .timeouts(
                new Timeouts(Duration.ofSeconds(3), Duration.ofSeconds(4), Duration.ofSeconds(5)))
            .limiter(StubBuilder.UNLIMITED)
            .build();
    assertThat(StubTransportFactory.made()).isEmpty();
    assertThat(client.getRuns(List.of(REF)).missing()).containsExactly(REF);
    client.getRuns(List.of(REF));
    assertThat(StubTransportFactory.made()).hasSize(1);
    assertThat(StubTransportFactory.made().get(0).options().connectTimeout())
        .isEqualTo(Duration.ofSeconds(3));
    assertThat(StubTransportFactory.made().get(0).options().proxy())
        .hasValueSatisfying(proxy -> assertThat(proxy.isUnresolved()).isTrue());
    client.close();
    assertThat(StubTransportFactory.made().get(0).transport().closed).isTrue();
  }

  // ---- limits

  @Test
  void theQuotaKeyHasTheAccountAndTheConfiguredShareReplacesTheVendorsRate() {
    List<String> asked = new ArrayList<>();
    transport.answer(200, ONE_RUN).answer(200, ONE_RUN);
    provider.rate = Rate.perMinute(60);
    JobClient usual =
        builder()
            .limiter(
                (key, rate, now, longest) -> {
                  asked.add(key + " " + rate + " " + longest);
                  return Duration.ZERO;
                })
            .build();
    usual.getRun(REF);
    builder()
        .quota(Rate.perMinute(20))
        .account("other")
        .limiter(
            (key, rate, now, longest) -> {
              asked.add(key + " " + rate);
              return Duration.ZERO;
            })
        .build()
        .getRun(REF);
    assertThat(asked).containsExactly("acc/stub 60/PT1M PT2M", "other/stub 20/PT1M");
  }

  @Test
  void callsArePacedByTheirQuota() {
    provider.rate = Rate.perSecond(1);
    StubCloud cloud = new StubCloud().with("a", rows(55));
    JobClient client =
        StubBuilder.of(provider, cloud).time(time).limiter(new PacedLimiter()).build();
    assertThat(client.listAllRuns(JobQuery.ALL).stream()).hasSize(55);
    assertThat(time.elapsed()).isEqualTo(Duration.ofMillis(1030L * (cloud.asked.size() - 1)));
  }

  @Test
  void aClientOfAnotherClockHasALimiterOfItsOwn() {
    provider.rate = new Rate(1, Duration.ofHours(1));
    for (int i = 0; i < 3; i++) {
      StubTransport one = new StubTransport().answer(200, ONE_RUN);
      JobClient client =
          new StubBuilder(provider)
              .region("r1")
              .account("shared")
              .credentials(Credentials.accessKey("id", "canary-secret"))
              .transport(one)
              .time(TestTime.jumping())
              .build();
      assertThat(client.getRun(REF).ref()).isEqualTo(REF);
    }
  }

  @Test
  void aQuotaWithoutAPlaceInTimeIsToldWithItsWait() {
    provider.rate = new Rate(1, Duration.ofHours(1));
    transport.answer(200, ONE_RUN);
    JobClient client = builder().limiter(new PacedLimiter()).build();
    client.getRun(REF);
    QuotaExceededException problem =
        (QuotaExceededException) catchThrowable(() -> client.getRun(REF));
    assertThat(problem.waitTime()).isGreaterThan(Duration.ofMinutes(61));
    assertThat(problem.attempts()).isZero();
    assertThat(transport.requests).hasSize(1);
  }

  /** One call is refused while another waits for its turn. */
  @Test
  void aCallWithAPlaceThatTheVendorsPauseMovesOutOfItsLimitIsToldHowLongItWouldTake() {
    provider.rate = Rate.perSecond(1);
    TestTime standing = TestTime.standing();
    CompletableFuture<WireResponse> answer = new CompletableFuture<>();
    transport.future(answer);
    Duration limit = Duration.ofSeconds(40);
    JobClient client =
        builder()
            .time(standing)
            .timeouts(new Timeouts(limit, limit, limit))
            .limiter(new PacedLimiter())
            .build();
    CompletableFuture<?> refused = client.async().getRun(REF);
    CompletableFuture<?> waiting = client.async().getRun(REF);

    answer.complete(StubTransport.response(429, "THROTTLED:slow:50"));
    assertThat(asyncProblem(refused)).isInstanceOf(JobServiceException.class);
    assertThat(waiting).isNotDone();
    standing.advance(Duration.ofMillis(1030));
    assertThat(((QuotaExceededException) asyncProblem(waiting)).waitTime())
        .isEqualTo(Duration.ofMillis(50_000 - 1030));
    assertThat(transport.requests).hasSize(1);
  }

  @Test
  void clientsOfOneAccountShareTheRetriesOfAHost() {
    StubTransport down = new StubTransport(request -> StubTransport.response(503, "UNAVAILABLE"));
    for (int call = 0; call < 32; call++) {
      JobClient one = StubBuilder.of(provider, down).time(TestTime.jumping()).build();
      assertThat(catchThrowable(() -> one.getRun(REF))).isInstanceOf(JobServiceException.class);
      one.close();
    }
    assertThat(down.requests).hasSize(32 + 5);
    JobClient other = StubBuilder.of(provider, down).account("other").build();
    assertThat(catchThrowable(() -> other.getRun(REF))).isInstanceOf(JobServiceException.class);
    assertThat(down.requests).hasSize(32 + 5 + 3);
  }

  /** Grants every place after the same wait, and writes down which are given back. */
  private static final class Lender implements RateLimiter {
    final Duration wait;
    final Queue<Duration> departures = new ConcurrentLinkedQueue<>();
    final Queue<String> released = new ConcurrentLinkedQueue<>();

    Lender(Duration wait) {
      this.wait = wait;
    }

    @Override
    public Duration acquire(String key, Rate rate, long nowNanos, Duration longest) {
      return wait;
    }

    @Override
    public void release(String key, long place) {
      released.add(key + " " + Duration.ofNanos(place));
    }

    @Override
    public Duration depart(String key, Rate rate, long nowNanos) {
      return departures.isEmpty() ? Duration.ZERO : departures.remove();
    }

    void awaitOne() {
      while (released.isEmpty()) {
        Thread.onSpinWait(); // an asynchronous call ends on another thread
      }
      assertThat(released).containsExactly("acc/stub " + wait);
    }
  }

  @Test
  void aCallThatIsCancelledWhileItWaitsForQuotaGivesItsPlaceBack() {
    Lender limiter = new Lender(Duration.ofSeconds(30));
    JobClient client = builder().time(TestTime.standing()).limiter(limiter).build();
    CompletableFuture<?> call = client.async().getRun(REF);
    assertThat(limiter.released).isEmpty();
    call.cancel(true);
    limiter.awaitOne();
  }

  @Test
  void aCallOfAClientThatIsClosedMeanwhileGivesItsPlaceBack() {
    Lender limiter = new Lender(Duration.ofSeconds(30));
    JobClient client = builder().time(TestTime.standing()).limiter(limiter).build();
    CompletableFuture<?> unused = client.async().getRun(REF);
    client.close();
    limiter.awaitOne();
  }

  @Test
  void anInterruptedCallGivesItsPlaceBack() throws Exception {
    Lender limiter = new Lender(Duration.ofSeconds(30));
    JobClient client = builder().time(TestTime.standing()).limiter(limiter).build();
    assertInterruptible(() -> client.getRun(REF));
    limiter.awaitOne();
  }

  @Test
  void aCallWithoutCredentialsGivesItsPlaceBack() {
    Lender limiter = new Lender(Duration.ZERO);
    JobClient client =
        new StubBuilder(provider)
            .region("r1")
            .account("acc")
            .environment(Map.of())
            .transport(transport)
            .time(TestTime.jumping())
            .limiter(limiter)
            .build();
    assertThat(catchThrowable(() -> client.getRun(REF))).isInstanceOf(CredentialsException.class);
    limiter.awaitOne();
  }

  @Test
  void anOptionalCallThatIsNotSentAgainGivesItsPlaceBack() {
    StubProvider lenient =
        new StubProvider() {
          @Override
          public Step<List<JobRun.Builder>> get(List<RunRef> refs) {
            return super.get(refs).orElse(problem -> Step.done(List.of()));
          }
        };
    Lender limiter = new Lender(Duration.ZERO);
    limiter.departures.addAll(List.of(Duration.ZERO, Duration.ofHours(1)));
    transport.answer(503, "UNAVAILABLE");
    JobClient client = StubBuilder.of(lenient, transport).limiter(limiter).build();
    assertThat(client.getRuns(List.of(REF)).missing()).containsExactly(REF);
    assertThat(limiter.released).hasSize(1);
    assertThat(transport.requests).hasSize(1);
  }

  @Test
  void aCallThatWasSentKeepsItsPlaceHoweverItEnds() {
    Lender limiter = new Lender(Duration.ZERO);
    JobClient client = builder().limiter(limiter).build();
    transport.answer(200, ONE_RUN).answer(403, "ACCESS_DENIED").hang();
    client.getRun(REF);
    assertThat(catchThrowable(() -> client.getRun(REF))).isInstanceOf(JobServiceException.class);
    CompletableFuture<?> hanging = client.async().getRun(REF);
    client.close();
    assertThat(asyncProblem(hanging)).isInstanceOf(ClientClosedException.class);
    assertThat(limiter.released).isEmpty();
  }

  @Test
  void aDeadlineOfAQueryBoundsThePage() {
    TestTime standing = TestTime.standing();
    transport.hang();
    CompletableFuture<?> page =
        builder()
            .time(standing)
            .build()
            .async()
            .listRuns(JobQuery.builder().deadline(Duration.ofSeconds(7)).build());
    assertThat(transport.limits).containsExactly(Duration.ofSeconds(7));
    standing.advance(Duration.ofSeconds(7));
    transport
        .hanging
        .get(0)
        .completeExceptionally(
            new TransportFailure(TransportFailure.Kind.ATTEMPT_TIMEOUT, "too slow"));
    assertThat(asyncProblem(page)).isInstanceOf(CallTimeoutException.class);
  }

  @Test
  void aDeadlineOfAQueryBoundsAllPagesOfAListing() {
    StubCloud cloud = new StubCloud().with("a", rows(40));
    cloud.beforeListing = number -> time.advance(Duration.ofSeconds(3));
    JobClient client = StubBuilder.of(provider, cloud).time(time).build();
    RunListing listing =
        client.listAllRuns(JobQuery.builder().pageSize(10).deadline(Duration.ofSeconds(7)).build());
    List<JobRun> delivered = new ArrayList<>();

    Throwable problem = catchThrowable(() -> listing.forEach(delivered::add));

    assertThat(problem)
        .isInstanceOfSatisfying(
            CallTimeoutException.class, e -> assertThat(e.resumeToken()).isPresent());
    assertThat(delivered).hasSize(30).doesNotHaveDuplicates();
    assertThat(listing.coverage().isComplete()).isFalse();
  }

  @Test
  void aTransportThatKeepsNoLimitIsLeftBehind() {
    transport.hang().hang().hang();
    JobClient client =
        builder()
            .time(TimeSource.system())
            .timeouts(
                new Timeouts(
                    Duration.ofMillis(200), Duration.ofMillis(200), Duration.ofMillis(300)))
            .build();
    for (Supplier<Throwable> call :
        List.<Supplier<Throwable>>of(
            () -> catchThrowable(() -> client.getRun(REF)),
            () -> asyncProblem(client.async().getRun(REF)))) {
      try (Stopwatch watch = new Stopwatch()) {
        assertThat(call.get())
            .isInstanceOfAny(CallTimeoutException.class, JobTransportException.class);
        assertThat(watch.elapsed()).isLessThan(Duration.ofMillis(550));
      }
    }
    assertThat(transport.hanging).allMatch(CompletableFuture::isCancelled);
  }

  @Test
  void timesThatLastForeverDoNotOverflow() {
    Duration forever = java.time.temporal.ChronoUnit.FOREVER.getDuration();
    StubCloud cloud = new StubCloud().with("a", rows(2));
    JobClient client =
        StubBuilder.of(provider, cloud).timeouts(new Timeouts(forever, forever, forever)).build();
    assertThat(client.listRuns(JobQuery.builder().deadline(forever).build()).runs()).hasSize(2);
    assertThat(client.waiter().grace(forever).poll(forever).until(REF, forever).ref())
        .isEqualTo(REF);
  }

  @Test
  void theLargestBodyIsToldToTheTransport() {
    assertThatThrownBy(() -> builder().maxBodyBytes(0))
        .isInstanceOf(IllegalArgumentException.class);
  }

  // ---- credentials

  /** Credentials that ask the vendor for a token, as IAM does. */
  private CredentialsProvider asking(AtomicInteger resolved) {
    return new CredentialsProvider() {
      @Override
      public String account() {
        return "acc";
      }

      @Override
      public Step<Credentials> resolve() {
        int number = resolved.incrementAndGet();
        WireRequest request = WireRequest.get(provider.endpoint).path("/token").build();
        return Step.ask(
            new io.joblens.spi.Call(
                "GetToken",
                new io.joblens.spi.Quota("iam", Rate.perSecond(10)),
                true,
                false,
                request),
            response ->
                Step.done(
                    Credentials.token("token-" + number, time.now().plus(Duration.ofMinutes(10)))));
      }
    };
  }

  @Test
  void aHundredCallersAtExpiryResolveOnce() throws InterruptedException {
    AtomicInteger resolved = new AtomicInteger();
    StubTransport server =
        new StubTransport(request -> StubTransport.response(200, ONE_RUN)).hang();
    JobClient client = StubBuilder.of(provider, server).credentials(asking(resolved)).build();
    CountDownLatch ready = new CountDownLatch(100);
    List<Thread> threads = new ArrayList<>();
    AtomicInteger answered = new AtomicInteger();
    for (int i = 0; i < 100; i++) {
      Thread thread =
          new Thread(
              () -> {
                ready.countDown();
                if (client.getRun(REF).ref().equals(REF)) {
                  answered.incrementAndGet();
                }
              });
      threads.add(thread);
      thread.start();
    }
    ready.await();
    while (threads.stream().anyMatch(thread -> thread.getState() == Thread.State.RUNNABLE)) {
      Thread.onSpinWait();
    }
    server.hanging.get(0).complete(StubTransport.response(200, ""));
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(answered).hasValue(100);
    assertThat(resolved).hasValue(1);
  }

  private static CredentialsProvider source(java.util.function.Supplier<Credentials> supplier) {
    return new CredentialsProvider() {
      @Override
      public String account() {
        return "acc";
      }

      @Override
      public Step<Credentials> resolve() {
        return Step.done(supplier.get());
      }
    };
  }

  @Test
  void aSourceOfCredentialsThatBreaksBreaksEachCallAndNoneHangs() {
    AtomicInteger resolved = new AtomicInteger();
    JobClient client =
        builder()
            .credentials(
                source(
                    () -> {
                      resolved.incrementAndGet();
                      throw new NoClassDefFoundError("com/vendor/Sdk");
                    }))
            .build();
    for (int i = 1; i <= 2; i++) {
      assertThat(catchThrowable(() -> client.getRun(REF)))
          .hasRootCauseInstanceOf(NoClassDefFoundError.class);
      assertThat(resolved).hasValue(i);
    }
    assertThat(asyncProblem(client.async().getRun(REF)))
        .hasRootCauseInstanceOf(NoClassDefFoundError.class);
  }

  @Test
  void rejectedCredentialsAreResolvedAgainAndTheCallGoesOn() {
    AtomicInteger resolved = new AtomicInteger();
    transport.answer(401, "EXPIRED_CREDENTIALS").answer(200, ONE_RUN).answer(200, ONE_RUN);
    JobClient client =
        builder()
            .credentials(
                source(
                    () ->
                        Credentials.accessKey(
                            "key-" + resolved.incrementAndGet(), "canary-secret")))
            .build();
    client.getRun(REF);
    client.getRun(REF);
    assertThat(transport.requests)
        .extracting(request -> request.header("x-key").orElse(""))
        .containsExactly("key-1", "key-2", "key-2");
  }

  @Test
  void theSameCredentialsAreNotSentAgainOnceTheyAreRejected() {
    transport.answer(401, "EXPIRED_CREDENTIALS");
    JobClient client =
        builder().credentials(source(() -> Credentials.accessKey("key", "canary-secret"))).build();
    assertThatThrownBy(() -> client.getRun(REF))
        .isInstanceOf(JobServiceException.class)
        .hasMessageContaining("EXPIRED_CREDENTIALS");
    assertThat(transport.requests).hasSize(1);
  }

  @Test
  void aRefusalNamesThePlaceThatTheCredentialsAreFrom() {
    transport.answer(403, "ACCESS_DENIED");
    Credentials key =
        Credentials.accessKey("key", "canary-secret").from("~/.vendor/file profile prod");
    JobClient client = builder().credentials(source(() -> key)).build();
    assertThatThrownBy(() -> client.getRun(REF))
        .hasMessageContaining("credentials from ~/.vendor/file profile prod");
  }

  @Test
  void aSourceThatHangsEndsTheCallWhenItsTimeIsOver() {
    CompletableFuture<Credentials> never = new CompletableFuture<>();
    Timeouts limits =
        new Timeouts(Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofMillis(50));
    JobClient client = builder().timeouts(limits).credentials(source(never::join)).build();
    assertThatThrownBy(() -> client.getRun(REF)).isInstanceOf(CallTimeoutException.class);
    assertThat(asyncProblem(client.async().getRun(REF))).isInstanceOf(CallTimeoutException.class);
    assertThat(transport.requests).isEmpty();
    never.complete(Credentials.accessKey("id", "canary-secret"));
  }

  @Test
  void closingEndsTheThreadOfASourceThatHangsAndTheWaitForIt() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch left = new CountDownLatch(1);
    CredentialsProvider hanging =
        source(
            () -> {
              begun.countDown();
              try {
                new CountDownLatch(1).await();
              } catch (InterruptedException e) {
                left.countDown();
              }
              throw new IllegalStateException("interrupted");
            });
    JobClient client = builder().credentials(hanging).build();
    CompletableFuture<?> call = client.async().getRun(REF);
    begun.await();

    client.close();

    assertThat(left.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(asyncProblem(call)).isInstanceOf(ClientClosedException.class);
    assertThat(catchThrowable(() -> client.getRun(REF))).isInstanceOf(ClientClosedException.class);
  }

  @Test
  void closingEndsAnExaminationThatWaitsForCredentials() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    JobClient client =
        builder()
            .credentials(
                source(
                    () -> {
                      begun.countDown();
                      try {
                        new CountDownLatch(1).await();
                      } catch (InterruptedException e) {
                        // it ends
                      }
                      throw new IllegalStateException("interrupted");
                    }))
            .build();
    CompletableFuture<?> checkUp = CompletableFuture.supplyAsync(() -> client.checkUp(Set.of()));
    begun.await();
    client.close();
    assertThat(asyncProblem(checkUp)).isInstanceOf(ClientClosedException.class);
  }

  @Test
  void defaultCredentialsComeFromTheEnvironmentAndTheirAbsenceSaysWhere() {
    JobClient client =
        new StubBuilder(provider)
            .region("r1")
            .environment(java.util.Map.of("STUB_ID", "x"))
            .transport(transport)
            .limiter(StubBuilder.UNLIMITED)
            .build();
    assertThat(client.account()).isEqualTo("default");
    assertThatThrownBy(() -> client.getRun(REF))
        .isInstanceOf(CredentialsException.class)
        .hasMessageStartingWith("stub-jobs GetRuns: no credentials; ")
        .hasMessageContainingAll("STUB_ID", "STUB_SECRET");
    assertThat(transport.requests).isEmpty();
  }

  // ---- raw requests

  @Test
  void aRawRequestIsSentOnceUnlessItIsRepeatable() {
    transport.answer(503, "UNAVAILABLE");
    RawRequest.Builder raw = RawRequest.action("Reboot").json("{}");
    assertThatThrownBy(() -> client().sendRaw(raw.build()))
        .isInstanceOf(JobServiceException.class)
        .hasMessageStartingWith("c1 (stub-jobs) Reboot: ");
    assertThat(transport.requests).hasSize(1);
    transport.answer(503, "UNAVAILABLE").answer(200, "{\"secret\":\"x\",\"a\":1}");
    RawResponse response = client().sendRaw(raw.repeatable().build());
    assertThat(transport.requests).hasSize(3);
    assertThat(response.httpStatus()).isEqualTo(200);
    assertThat(response.body().json()).isEqualTo("{\"secret\":\"***\",\"a\":1}");
    assertThat(response.body().unmasked()).isEqualTo("{\"secret\":\"x\",\"a\":1}");
    assertThat(response.toString()).doesNotContain("\"x\"");
  }

  @Test
  void aRawAnswerThatIsNoJsonIsMalformedAndOneWithoutContentIsNull() {
    for (String body : List.of("", "<html>", "{", "{} {}")) {
      transport.answer(200, body);
      assertThatThrownBy(() -> client().sendRaw(RawRequest.action("Get").build()))
          .isInstanceOf(JobDataException.class);
    }
    transport.answer(204, "");
    assertThat(client().sendRaw(RawRequest.action("Get").build()).body().json()).isEqualTo("null");
  }

  // ---- providers and transports that are wrong

  @Test
  void aProvidersBugReachesTheCallerInBothModes() {
    StubProvider buggy =
        new StubProvider() {
          @Override
          public Step<Scopes> scopes(JobQuery query, Optional<String> after) {
            throw new IllegalStateException("a bug before I/O");
          }

          @Override
          public Step<List<io.joblens.JobRun.Builder>> get(List<RunRef> refs) {
            return Step.ask(
                read("GetRuns", WireRequest.get(endpoint).path("/x").build()),
                response -> {
                  throw new ArrayIndexOutOfBoundsException("a bug while reading");
                });
          }
        };
    JobClient client =
        StubBuilder.of(buggy, new StubTransport(r -> StubTransport.response(200, "{}"))).build();
    assertThatThrownBy(() -> client.listRuns(JobQuery.ALL))
        .isInstanceOf(IllegalStateException.class);
    assertThat(asyncProblem(client.async().listRuns(JobQuery.ALL)))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> client.getRun(REF)).isInstanceOf(ArrayIndexOutOfBoundsException.class);
    assertThat(asyncProblem(client.async().getRun(REF)))
        .isInstanceOf(ArrayIndexOutOfBoundsException.class);
  }

  @Test
  void aTransportThatBreaksItsPromiseIsSeenByTheCaller() {
    transport.future(CompletableFuture.failedFuture(new java.io.IOException("undocumented")));
    assertThatThrownBy(() -> client().getRun(REF))
        .isInstanceOf(IllegalStateException.class)
        .hasRootCauseInstanceOf(java.io.IOException.class);
  }

  @Test
  void aFailureThatIsWrappedIsStillAFailure() {
    transport.future(
        CompletableFuture.failedFuture(
            new CompletionException(new TransportFailure(TransportFailure.Kind.TLS, "untrusted"))));
    assertThatThrownBy(() -> client().getRun(REF)).isInstanceOf(JobTransportException.class);
  }

  @Test
  void anExceptionWithAPlaceIsThrownByTheTransportToo() {
    StubTransport throwing =
        new StubTransport(
            request -> {
              throw new ConfigException("no transport for you");
            });
    assertThatThrownBy(() -> StubBuilder.of(provider, throwing).build().getRun(REF))
        .hasMessage("stub-jobs GetRuns: no transport for you");
  }

  // ---- steps

  @Test
  void fiveThousandStepsDoNotOverflowTheStack() {
    for (Function<StubTransport, StubTransport> kind :
        List.<Function<StubTransport, StubTransport>>of(t -> t, t -> later(t, 5000))) {
      StubProvider walking =
          new StubProvider() {
            @Override
            public Step<List<io.joblens.JobRun.Builder>> get(List<RunRef> refs) {
              return Step.each(
                      IntStream.range(0, 5000).boxed().toList(),
                      i ->
                          i % 3 == 0
                              ? Step.done(i)
                              : Step.ask(
                                  read("Walk", WireRequest.get(endpoint).path("/x").build()),
                                  response -> Step.done(i)))
                  .map(
                      numbers -> {
                        assertThat(numbers).isEqualTo(IntStream.range(0, 5000).boxed().toList());
                        return List.of(io.joblens.JobRun.builder(REF));
                      });
            }
          };
      StubTransport server =
          kind.apply(new StubTransport(request -> StubTransport.response(200, "{}")));
      JobClient client = StubBuilder.of(walking, server).build();
      assertThat(client.async().getRun(REF).join().ref()).isEqualTo(REF);
      assertThat(client.getRun(REF).ref()).isEqualTo(REF);
    }
  }

  private static StubTransport later(StubTransport transport, int times) {
    for (int i = 0; i < times; i++) {
      transport.answerLater(200, "{}");
    }
    return transport;
  }

  private StubProvider connecting() {
    return new StubProvider() {
      @Override
      public Step<JobProvider> connect() {
        return Step.ask(
            read("Connect", WireRequest.get(endpoint).path("/connect").build()),
            response -> Step.done(provider));
      }
    };
  }

  @Test
  void aProviderConnectsOnceBeforeItsFirstStep() {
    StubTransport server = new StubTransport(request -> StubTransport.response(200, ONE_RUN));
    JobClient client = StubBuilder.of(connecting(), server).build();
    client.getRun(REF);
    client.getRun(REF);
    client.listRuns(JobQuery.ALL);
    assertThat(server.requests)
        .extracting(WireRequest::encodedPath)
        .containsExactly("/connect", "/ids", "/ids", "/runs");
  }

  @Test
  void aPlanCountsWhatItConnectsWith() {
    StubTransport server = new StubTransport(request -> StubTransport.response(200, ONE_RUN));
    JobClient client = StubBuilder.of(connecting(), server).build();
    QueryPlan first = client.plan(JobQuery.ALL);
    assertThat(server.requests).hasSize(1);
    assertThat(first.discovery()).isEqualTo(1);
    assertThat(first.leastCalls()).isEqualTo(2);
    assertThat(first.notes()).singleElement().asString().contains("1 of the requests");
    QueryPlan second = client.plan(JobQuery.ALL);
    assertThat(second.discovery()).isZero();
    assertThat(second.leastCalls()).isEqualTo(1);
    assertThat(second.notes()).isEmpty();
  }

  @Test
  void whoeverWaitsForTheConnectionCanGiveUpAndLeavesItToOthers() throws Exception {
    StubTransport slow = new StubTransport().hang().answer(200, ONE_RUN);
    JobClient client = StubBuilder.of(connecting(), slow).build();
    CompletableFuture<?> other = client.async().getRun(REF);
    assertInterruptible(() -> client.getRun(REF));
    CompletableFuture<?> third = client.async().getRun(REF);
    third.cancel(true);
    assertThat(slow.hanging.get(0)).isNotDone();
    slow.hanging.get(0).complete(StubTransport.response(200, ""));
    assertThat(other).succeedsWithin(Duration.ofSeconds(10));
    assertThat(slow.requests).hasSize(2);
  }

  @Test
  void aConnectionThatFailsFailsAllWhoWaitAndIsTriedAgainByTheNext() {
    StubTransport server = new StubTransport().hang().answer(200, "").answer(200, ONE_RUN);
    JobClient client = StubBuilder.of(connecting(), server).build();
    CompletableFuture<?> first = client.async().getRun(REF);
    CompletableFuture<?> second = client.async().listRuns(JobQuery.ALL);
    server.hanging.get(0).complete(StubTransport.response(403, "ACCESS_DENIED"));
    assertThat(asyncProblem(first)).hasMessageContaining("Connect: ACCESS_DENIED");
    assertThat(asyncProblem(second)).hasMessageContaining("Connect: ACCESS_DENIED");
    assertThat(client.getRun(REF).ref()).isEqualTo(REF);
    assertThat(server.requests).hasSize(3);
  }

  @Test
  void aQuerysDeadlineCountsForTheConnectionToo() {
    StubTransport never = new StubTransport().hang();
    JobClient client = StubBuilder.of(connecting(), never).build();
    JobQuery query = JobQuery.builder().deadline(Duration.ofMillis(50)).build();
    assertThatThrownBy(() -> client.listRuns(query)).isInstanceOf(CallTimeoutException.class);
  }

  @Test
  void closingEndsTheWaitForTheConnection() {
    StubTransport never = new StubTransport().hang();
    JobClient client = StubBuilder.of(connecting(), never).build();
    CompletableFuture<?> waiting = client.async().getRun(REF);
    client.close();
    assertThat(asyncProblem(waiting)).isInstanceOf(ClientClosedException.class);
    assertThat(never.hanging.get(0)).isCancelled();
  }

  @Test
  void noThreadIsLeftThatKeepsTheProgramAlive() {
    Set<Thread> before = Thread.getAllStackTraces().keySet();
    StubCloud cloud = new StubCloud().with("a", rows(25));
    try (JobClient client = StubBuilder.of(provider, cloud).build()) {
      client.listAllRuns(JobQuery.ALL).forEach(run -> assertThat(run).isNotNull());
      client.async().getRun(REF).join();
      io.joblens.spi.TimeSource.system().after(Duration.ofMillis(1)).join();
    }
    Set<Thread> left =
        Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> !before.contains(thread) && thread.isAlive())
            .collect(Collectors.toSet());
    assertThat(left).allMatch(Thread::isDaemon);
  }

  @Test
  void theAnswersTimeIsWhenTheRowWasObserved() {
    transport.answer(200, ONE_RUN);
    Instant seen = client().getRun(REF).observedAt();
    assertThat(seen).isEqualTo(TestTime.START);
  }

  @Test
  void whatIsWrongWithABuildersValueIsSaidAtOnce() {
    assertThatThrownBy(() -> new StubBuilder(provider).build())
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith("region is missing");
    for (String region :
        List.of(
            "", "CN", "x@evil.com/", "evil.com/#", "a/b", "a?b", "a\\b", "a:8080", "a.b", "-a")) {
      assertThatThrownBy(() -> new StubBuilder(provider).region(region))
          .as(region)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("region must be a host label");
    }
    assertThatThrownBy(() -> new StubBuilder(provider).name(" "))
        .hasMessageStartingWith("name is blank");
    assertThatThrownBy(() -> new StubBuilder(provider).account("a\n"))
        .hasMessageStartingWith("account ");
    assertThatThrownBy(
            () -> new StubBuilder(provider).region("r1").endpoint("https://evil.example").build())
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("stub.example");
  }

  @Test
  void aResponseIsNotSharedBetweenCalls() {
    WireResponse response = StubTransport.response(200, ONE_RUN);
    assertThat(response.toString()).isEqualTo("HTTP 200, " + ONE_RUN.length() + " bytes");
  }
}
