package io.joblens.reliability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.joblens.CallListener;
import io.joblens.CallTimeoutException;
import io.joblens.ClientClosedException;
import io.joblens.CredentialsException;
import io.joblens.FleetResult;
import io.joblens.JobCancelledException;
import io.joblens.JobClient;
import io.joblens.JobFleet;
import io.joblens.JobQuery;
import io.joblens.JobServiceException;
import io.joblens.JobServiceException.Kind;
import io.joblens.QuotaExceededException;
import io.joblens.Timeouts;
import io.joblens.spi.Credentials;
import io.joblens.spi.CredentialsProvider;
import io.joblens.spi.Rate;
import io.joblens.spi.Step;
import io.joblens.tencent.batch.TencentBatch;
import io.joblens.testkit.Unlimited;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows H: interrupts, cancelling and closing, on real connections and in real time. */
class EndingTest {
  private static final Duration AT_ONCE = Duration.ofMillis(250);

  /** Where a call can be when somebody has had enough. */
  @SuppressWarnings("ImmutableEnumChecker") // none of these faults has a state
  enum Stage {
    IN_THE_EXCHANGE((request, wire) -> wire.stall(), Rate.perSecond(1000)),
    IN_THE_BACK_OFF(
        Fault.reply(Reply.of(429, "{}").with("Retry-After", "30")), Rate.perSecond(1000)),
    IN_THE_LIMITER((request, wire) -> wire.stall(), Rate.perMinute(1)),
    IN_THE_CREDENTIALS((request, wire) -> wire.stall(), Rate.perSecond(1000));

    private final Fault fault;
    private final Rate rate;

    Stage(Fault fault, Rate rate) {
      this.fault = fault;
      this.rate = rate;
    }
  }

  private final AtomicBoolean arrived = new AtomicBoolean();
  private final List<AutoCloseable> opened = new ArrayList<>();
  private final CompletableFuture<Void> over = new CompletableFuture<>();

  @AfterEach
  void close() throws Exception {
    over.complete(null);
    for (AutoCloseable each : opened) {
      each.close();
    }
  }

  private FaultServer server(Stage stage) {
    FaultServer server =
        new FaultServer(
            (request, wire) -> {
              arrived.set(stage == Stage.IN_THE_EXCHANGE || arrived.get());
              stage.fault.answer(request, wire);
            },
            null);
    opened.add(server);
    return server;
  }

  private JobClient client(FaultServer server, Stage stage) {
    JobClient client =
        TencentBatch.builder()
            .account("ending-" + server.port())
            .region("ap-guangzhou")
            .endpoint("http://127.0.0.1:" + server.port())
            .credentials(
                stage == Stage.IN_THE_CREDENTIALS
                    ? new Slow()
                    : CredentialsProvider.of(Credentials.accessKey("id", Canaries.SECRET)))
            .quota(stage.rate)
            .timeouts(
                new Timeouts(
                    Duration.ofSeconds(60), Duration.ofSeconds(60), Duration.ofSeconds(90)))
            .listener(
                new CallListener() {
                  @Override
                  public void throttled(Call call, Duration wait) {
                    arrived.set(true);
                  }

                  @Override
                  public void retried(Call call, Duration pause, io.joblens.JobException why) {
                    arrived.set(true);
                  }
                })
            .build();
    opened.add(0, client);
    if (stage == Stage.IN_THE_LIMITER) { // somebody else has taken the minute's only place
      client.async().listRuns(JobQuery.ALL).cancel(true);
    }
    return client;
  }

  /** A source that is read until the test is over. */
  private final class Slow implements CredentialsProvider {
    @Override
    public String account() {
      return "slow";
    }

    @Override
    public Step<Credentials> resolve() {
      arrived.set(true);
      over.join();
      throw new CredentialsException("the test is over");
    }
  }

  private void awaitArrival() {
    while (!arrived.get()) {
      LockSupport.parkNanos(1_000_000);
    }
  }

  @ParameterizedTest
  @EnumSource
  void anInterruptEndsACallAtOnceAndIsKept(Stage stage) throws InterruptedException {
    FaultServer server = server(stage);
    JobClient client = client(server, stage);
    AtomicReference<Throwable> problem = new AtomicReference<>();
    AtomicBoolean kept = new AtomicBoolean();
    Thread caller =
        new Thread(
            () -> {
              problem.set(catchThrowable(() -> client.listRuns(JobQuery.ALL)));
              kept.set(Thread.currentThread().isInterrupted());
            });
    caller.start();
    awaitArrival();

    long begin = System.nanoTime();
    caller.interrupt();
    caller.join();

    assertSoon("interrupt " + stage, begin);
    assertThat(problem.get()).isInstanceOf(JobCancelledException.class);
    assertThat(kept).isTrue();
    client.close();
    assertThat(server.isDeserted(1000)).isTrue();
  }

  @ParameterizedTest
  @EnumSource
  void cancellingAFutureEndsItsCallAtOnce(Stage stage) {
    FaultServer server = server(stage);
    JobClient client = client(server, stage);
    CompletableFuture<?> call = client.async().listRuns(JobQuery.ALL);
    awaitArrival();

    long begin = System.nanoTime();
    call.cancel(true);

    assertThat(catchThrowable(call::join)).isInstanceOf(CancellationException.class);
    assertSoon("cancel " + stage, begin);
    int requests = server.requests();
    if (stage == Stage.IN_THE_EXCHANGE) {
      assertThat(server.isDeserted(250)).as("the exchange is given up").isTrue();
    }
    client.close();
    assertThat(server.isDeserted(1000)).isTrue();
    assertThat(server.requests()).isEqualTo(requests);
  }

  @ParameterizedTest
  @EnumSource
  void closingEndsCallsOfBothKinds(Stage stage) throws InterruptedException {
    FaultServer server = server(stage);
    JobClient client = client(server, stage);
    AtomicReference<Throwable> blocking = new AtomicReference<>();
    Thread caller =
        new Thread(() -> blocking.set(catchThrowable(() -> client.listRuns(JobQuery.ALL))));
    List<CompletableFuture<?>> calls = new ArrayList<>();
    caller.start();
    for (int i = 0; i < 32; i++) {
      calls.add(client.async().listRuns(JobQuery.ALL));
    }
    awaitArrival();

    long begin = System.nanoTime();
    client.close();
    caller.join();

    for (CompletableFuture<?> call : calls) {
      Throwable problem = catchThrowable(call::join);
      assertThat(problem).isInstanceOf(CompletionException.class);
      assertThat(problem.getCause()).matches(e -> isEndedOrOver(stage, e), "ended");
    }
    Duration took = Duration.ofNanos(System.nanoTime() - begin);
    System.out.printf(Locale.ROOT, "[FIGURE] close, 33 calls %s: %d ms%n", stage, took.toMillis());
    assertThat(took).isLessThan(Duration.ofSeconds(5));
    assertThat(blocking.get()).matches(e -> isEndedOrOver(stage, e), "ended");
    assertThat(server.isDeserted(1000)).isTrue();
  }

  /** Some calls need no end: those without a place in the quota, and those without a retry left. */
  private static boolean isEndedOrOver(Stage stage, Throwable problem) {
    return problem instanceof ClientClosedException
        || switch (stage) {
          case IN_THE_LIMITER -> problem instanceof QuotaExceededException;
          case IN_THE_BACK_OFF ->
              problem instanceof JobServiceException refused && refused.kind() == Kind.THROTTLED;
          case IN_THE_EXCHANGE, IN_THE_CREDENTIALS -> false;
        };
  }

  @Test
  void closingAnIdleClientTakesLessThanASecondAndLeavesNoConnection() {
    FaultServer server =
        new FaultServer(
            Fault.reply(
                Reply.of(
                    200, "{\"Response\":{\"JobSet\":[],\"TotalCount\":0,\"RequestId\":\"r\"}}")),
            null);
    opened.add(server);
    JobClient client = client(server, Stage.IN_THE_EXCHANGE);
    assertThat(client.listRuns(JobQuery.ALL).runs()).isEmpty();

    long begin = System.nanoTime();
    client.close();

    Duration took = Duration.ofNanos(System.nanoTime() - begin);
    System.out.printf(Locale.ROOT, "[FIGURE] close, idle: %d ms%n", took.toMillis());
    assertThat(took).isLessThan(Duration.ofSeconds(1));
    assertThat(server.isDeserted(1000)).isTrue();
    assertThat(catchThrowable(() -> client.listRuns(JobQuery.ALL)))
        .isInstanceOf(ClientClosedException.class);
  }

  @Test
  void aQuotaWithoutAPlaceInTimeIsSaidAtOnce() {
    FaultServer server = server(Stage.IN_THE_LIMITER);
    JobClient client = client(server, Stage.IN_THE_LIMITER);
    JobQuery hurried = JobQuery.builder().deadline(Duration.ofSeconds(5)).build();
    long begin = System.nanoTime();

    assertThat(catchThrowable(() -> client.listRuns(hurried)))
        .isInstanceOfSatisfying(
            QuotaExceededException.class,
            e -> assertThat(e.waitTime()).isGreaterThan(Duration.ofSeconds(50)));
    assertSoon("no place in the quota", begin);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void deadCloudsCostNoMoreThanTheDeadline(int dead) {
    JobClient[] clients = new JobClient[4];
    for (int i = 0; i < clients.length; i++) {
      Fault well = Fault.reply(Reply.of(200, Operation.DESCRIBE_JOBS.json()));
      FaultServer server = new FaultServer(i < dead ? (request, wire) -> wire.stall() : well, null);
      opened.add(server);
      clients[i] =
          TencentBatch.builder()
              .name("cloud-" + i)
              .region("ap-guangzhou")
              .endpoint("http://127.0.0.1:" + server.port())
              .credentials(Credentials.accessKey("id", Canaries.SECRET))
              .limiter(Unlimited.INSTANCE)
              .build();
    }
    Duration deadline = Duration.ofSeconds(2);
    try (JobFleet fleet = JobFleet.of(clients)) {
      long begin = System.nanoTime();

      FleetResult result = fleet.collect(JobQuery.builder().deadline(deadline).build(), 100);

      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(deadline.plus(AT_ONCE));
      assertThat(result.runs()).hasSize(2 * (clients.length - dead));
      assertThat(result.failures())
          .hasSize(dead)
          .allSatisfy(
              failure -> assertThat(failure.error()).isInstanceOf(CallTimeoutException.class));
    }
  }

  private static void assertSoon(String what, long begin) {
    Duration took = Duration.ofNanos(System.nanoTime() - begin);
    System.out.printf(Locale.ROOT, "[FIGURE] %s: %d ms%n", what, took.toMillis());
    assertThat(took).isLessThan(AT_ONCE);
  }
}
