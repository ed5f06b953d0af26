package io.joblens.internal;

import static io.joblens.internal.StubCloud.rows;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.joblens.CloudFailure;
import io.joblens.Coverage;
import io.joblens.FleetResult;
import io.joblens.FleetRuns;
import io.joblens.JobCancelledException;
import io.joblens.JobClient;
import io.joblens.JobFleet;
import io.joblens.JobQuery;
import io.joblens.JobRun;
import io.joblens.JobState;
import io.joblens.PageToken;
import io.joblens.ProviderId;
import io.joblens.RunRef;
import io.joblens.UnsupportedQueryException;
import io.joblens.spi.HttpTransport;
import io.joblens.spi.Scopes;
import io.joblens.spi.Step;
import io.joblens.spi.WireRequest;
import io.joblens.spi.WireResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class JobFleetTest {
  private static JobClient client(String name, int runs) {
    return client(name, new StubProvider(), new StubCloud().with("a", rows(name, runs, "OK")));
  }

  private static JobClient client(String name, StubProvider provider, StubCloud cloud) {
    return StubBuilder.of(provider, cloud).name(name).build();
  }

  private static JobClient failing(String name) {
    StubTransport transport =
        new StubTransport(request -> StubTransport.response(403, "ACCESS_DENIED:no"));
    return StubBuilder.of(new StubProvider(), transport).name(name).build();
  }

  private static JobClient hanging(String name, StubTransport transport) {
    return StubBuilder.of(new StubProvider(), transport.hang()).name(name).build();
  }

  @Test
  void allCloudsAreReadToTheirEnd() {
    try (JobFleet fleet = JobFleet.of(client("x", 25), client("y", 0), client("z", 3))) {
      for (int i = 0; i < 50; i++) {
        FleetRuns runs = fleet.stream(JobQuery.ALL);
        assertThat(runs.stream()).hasSize(28).extracting(JobRun::ref).doesNotHaveDuplicates();
        assertThat(runs.failures()).isEmpty();
        assertThat(runs.coverage().isComplete()).isTrue();
        assertThat(runs.coverage().sources()).hasSize(3);
      }
    }
  }

  @Test
  void oneOfFourFailsAndTheOthersAnswer() {
    JobFleet fleet = JobFleet.of(client("w", 5), failing("bad"), client("y", 15), client("z", 3));
    FleetResult result = fleet.collect(JobQuery.ALL, 1000);
    assertThat(result.runs()).hasSize(23);
    assertThat(result.isComplete()).isFalse();
    assertThat(result.failures()).extracting(CloudFailure::cloud).containsExactly("bad");
    assertThat(result.failures().get(0).error())
        .hasMessageStartingWith("bad (stub-jobs) ListRuns: ACCESS_DENIED");
    assertThat(result.coverage().sources())
        .filteredOn(source -> source.error().isPresent())
        .extracting(Coverage.Source::cloud)
        .containsExactly("bad");
  }

  @Test
  void aCloudThatFailsInTheMiddleKeepsItsRowsAndSaysWhereToGoOn() {
    StubCloud cloud = new StubCloud().with("a", rows("x", 25, "OK"));
    cloud.errors.put(3, StubTransport.response(403, "ACCESS_DENIED"));
    JobClient client = client("x", new StubProvider(), cloud);
    FleetRuns runs = JobFleet.of(client, client("y", 5)).stream(JobQuery.ALL);
    assertThat(runs.stream()).hasSize(25);
    PageToken token = runs.failures().get(0).error().resumeToken().orElseThrow();
    assertThat(runs.coverage().sources())
        .anySatisfy(source -> assertThat(source.resumeToken()).contains(token));
    assertThat(client.listAllRuns(JobQuery.ALL, token).stream()).hasSize(5);
  }

  @Test
  void rowsComeAsTheyArrive() {
    StubTransport slow = new StubTransport();
    JobFleet fleet = JobFleet.of(hanging("slow", slow), client("fast", 15));
    Iterator<JobRun> runs = fleet.stream(JobQuery.ALL).iterator();
    for (int i = 0; i < 15; i++) {
      assertThat(runs.next().cloud()).isEqualTo("fast");
    }
    slow.hanging
        .get(0)
        .complete(StubTransport.response(200, "{\"rows\":[{\"id\":\"s\",\"state\":\"OK\"}]}"));
    assertThat(runs.next().cloud()).isEqualTo("slow");
    assertThat(runs.hasNext()).isFalse();
  }

  @Test
  void anIterationThatIsGivenUpReadsOnePageAheadAndLeavesNoThread() throws InterruptedException {
    StubCloud cloud = new StubCloud().with("a", rows("x", 1000, "OK"));
    JobFleet fleet = JobFleet.of(client("x", new StubProvider(), cloud), client("y", 1000));
    Iterator<JobRun> runs = fleet.stream(JobQuery.ALL).iterator();
    runs.next();
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (fleetThreads() > 0 && System.nanoTime() < end) {
      Thread.onSpinWait();
    }
    assertThat(fleetThreads()).isZero();
    assertThat(cloud.asked).hasSizeLessThanOrEqualTo(2);
    assertThat(runs.next()).isNotNull();
  }

  private static long fleetThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("joblens-fleet") && thread.isAlive())
        .peek(thread -> assertThat(thread.isDaemon()).isTrue())
        .count();
  }

  @Test
  void aLimitIsForAllCloudsTogetherAndItsResultIsNotComplete() {
    JobFleet fleet = JobFleet.of(client("x", 10), client("y", 10), client("z", 10));
    for (int limit : new int[] {1, 9, 10, 11, 29}) {
      FleetResult result = fleet.collect(JobQuery.ALL, limit);
      assertThat(result.runs()).hasSize(limit);
      assertThat(result.isComplete()).as("limit %d", limit).isFalse();
    }
    assertThat(fleet.collect(JobQuery.ALL, 31).isComplete()).isTrue();
    assertThat(fleet.collect(JobQuery.builder().limit(4).build(), 20).runs()).hasSize(4);
    assertThat(fleet.collect(JobQuery.builder().limit(20).build(), 4).runs()).hasSize(4);
    assertThatThrownBy(() -> fleet.collect(JobQuery.ALL, 0))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aQueryThatOneCloudCannotAnswerIsThatCloudsFailure() {
    StubProvider poor = new StubProvider();
    poor.local = java.util.Set.of();
    JobFleet fleet =
        JobFleet.of(client("poor", poor, new StubCloud().with("a", rows(3))), client("rich", 3));
    FleetResult result = fleet.collect(JobQuery.builder().states(JobState.SUCCEEDED).build(), 100);
    assertThat(result.runs()).hasSize(3).allMatch(run -> run.cloud().equals("rich"));
    assertThat(result.failures().get(0).error()).isInstanceOf(UnsupportedQueryException.class);
    assertThat(result.coverage().sources()).hasSize(2);
  }

  @Test
  void anIdThatIsNoneOfOneCloudsIsThatCloudsFailure() {
    StubProvider picky =
        new StubProvider() {
          @Override
          public Step<Scopes> scopes(JobQuery query, Optional<String> after) {
            throw new IllegalArgumentException("job ids here are numbers");
          }
        };
    JobFleet fleet = JobFleet.of(client("picky", picky, new StubCloud()), client("other", 3));
    FleetResult result = fleet.collect(JobQuery.builder().job("a").build(), 100);
    assertThat(result.runs()).hasSize(3);
    assertThat(result.failures().get(0).error())
        .isInstanceOf(UnsupportedQueryException.class)
        .hasMessage("picky (stub-jobs): job ids here are numbers");
  }

  @Test
  void aProvidersBugAndAnErrorReachTheIteratingThread() {
    for (Throwable bug : List.of(new IllegalStateException("a bug"), new LinkageError("a jar"))) {
      StubProvider buggy =
          new StubProvider() {
            @Override
            public Step<Scopes> scopes(JobQuery query, Optional<String> after) {
              if (bug instanceof Error error) {
                throw error;
              }
              throw (RuntimeException) bug;
            }
          };
      JobFleet fleet = JobFleet.of(client("buggy", buggy, new StubCloud()));
      assertThat(catchThrowable(() -> fleet.collect(JobQuery.ALL, 10))).isSameAs(bug);
    }
  }

  @Test
  void aRunThatIsOfNoneOfTheCloudsIsRefusedBeforeAnythingIsSent() {
    StubCloud cloud = new StubCloud().with("a", rows("x", 5, "OK"));
    JobClient client = client("x", new StubProvider(), cloud);
    RunRef own = client.runRef("x1");
    RunRef ofAnotherProvider = new RunRef(new ProviderId("elsewhere"), "r1", List.of("q"));
    RunRef ofAnotherRegion = new RunRef(own.provider(), "far-away", own.segments());

    for (RunRef foreign : List.of(ofAnotherProvider, ofAnotherRegion)) {
      JobQuery query = JobQuery.builder().runs(List.of(own, foreign)).build();
      assertThatThrownBy(() -> JobFleet.of(client).collect(query, 10))
          .isInstanceOf(UnsupportedQueryException.class)
          .hasMessageContaining(foreign.toString());
    }
    assertThat(cloud.asked).isEmpty();
  }

  @Test
  void theRunsOfAFleetAreIteratedOnce() {
    FleetRuns runs = JobFleet.of(client("x", 2)).stream(JobQuery.ALL);
    assertThat(runs).hasSize(2);
    assertThatThrownBy(runs::iterator)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("ask again");
  }

  @Test
  void nothingIsSentBeforeTheIteration() {
    StubCloud cloud = new StubCloud().with("a", rows(3));
    FleetRuns runs = JobFleet.of(client("x", new StubProvider(), cloud)).stream(JobQuery.ALL);
    assertThat(cloud.asked).isEmpty();
    assertThat(runs.coverage().isComplete()).isFalse();
  }

  @Test
  void anEmptyFleetHasNoRunsAndCoversNothing() {
    FleetResult result = JobFleet.of().collect(JobQuery.ALL, 10);
    assertThat(result.runs()).isEmpty();
    assertThat(result.isComplete()).isFalse();
  }

  @Test
  void twoCloudsOfOneNameAreRefused() {
    assertThatThrownBy(() -> JobFleet.of(client("x", 1), client("x", 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("two clouds are named 'x'");
  }

  @Test
  void anInterruptedIterationEndsAndItsReadsAreCancelled() throws InterruptedException {
    StubTransport transport = new StubTransport();
    JobFleet fleet = JobFleet.of(hanging("slow", transport));
    AtomicReference<Throwable> problem = new AtomicReference<>();
    CountDownLatch begun = new CountDownLatch(1);
    Thread thread =
        new Thread(
            () -> {
              Iterator<JobRun> runs = fleet.stream(JobQuery.ALL).iterator();
              begun.countDown();
              problem.set(catchThrowable(runs::hasNext));
            });
    thread.start();
    begun.await();
    while (transport.hanging.isEmpty()) {
      Thread.onSpinWait();
    }
    thread.interrupt();
    thread.join();
    assertThat(problem.get()).isInstanceOf(JobCancelledException.class);
    CompletableFuture<WireResponse> read = transport.hanging.get(0);
    assertThat(read).failsWithin(Duration.ofSeconds(10));
    assertThat(read).isCancelled();
  }

  @Test
  void closingAFleetClosesAllEvenIfOneBreaks() {
    List<String> closed = new ArrayList<>();
    JobFleet fleet =
        JobFleet.of(
            closing("a", closed, true), closing("b", closed, true), closing("c", closed, false));
    Throwable problem = catchThrowable(fleet::close);
    assertThat(problem).hasMessage("a broke");
    assertThat(problem.getSuppressed()).hasSize(1);
    assertThat(closed).containsExactly("a", "b", "c");
  }

  private static JobClient closing(String name, List<String> closed, boolean breaks) {
    JobClient real = client(name, 0);
    return (JobClient)
        java.lang.reflect.Proxy.newProxyInstance(
            JobFleetTest.class.getClassLoader(),
            new Class<?>[] {JobClient.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("close")) {
                closed.add(name);
                if (breaks) {
                  throw new IllegalStateException(name + " broke");
                }
                return null;
              }
              return method.invoke(real, arguments);
            });
  }

  @Test
  void coverageIsOneLineOfJson() {
    FleetRuns runs = JobFleet.of(client("x", 2)).stream(JobQuery.ALL);
    assertThat(runs).hasSize(2);
    assertThat(runs.coverage().toJson())
        .isEqualTo("[{\"cloud\":\"x\",\"scope\":\"r1:a\",\"rows\":2,\"complete\":true}]");
  }

  @Test
  void aTransportIsNotUsedByTwoThreadsOfOneCloud() {
    AtomicReference<Thread> within = new AtomicReference<>();
    HttpTransport watching =
        new HttpTransport() {
          private final StubTransport real =
              new StubCloud().with("a", rows("x", 200, "OK")).transport();

          @Override
          public CompletableFuture<WireResponse> send(
              WireRequest request, Duration limit, long maxDecodedBytes) {
            assertThat(within.getAndSet(Thread.currentThread())).isNull();
            CompletableFuture<WireResponse> answer = real.send(request, limit, maxDecodedBytes);
            within.set(null);
            return answer;
          }

          @Override
          public void close() {}
        };
    JobClient client =
        StubBuilder.of(new StubProvider(), new StubTransport())
            .name("x")
            .transport(watching)
            .build();
    assertThat(JobFleet.of(client, client("y", 200)).collect(JobQuery.ALL, 1000).runs())
        .hasSize(400);
  }
}
