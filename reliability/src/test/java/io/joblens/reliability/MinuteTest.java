package io.joblens.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import io.joblens.JobClient;
import io.joblens.JobQuery;
import io.joblens.JobServiceException;
import io.joblens.spi.Credentials;
import io.joblens.spi.Rate;
import io.joblens.spi.TimeSource;
import io.joblens.tencent.batch.TencentBatch;
import io.joblens.testkit.FakeCloud.Reply;
import io.joblens.testkit.FakeCloud.Request;
import io.joblens.testkit.TencentBatchCloud;
import io.joblens.testkit.World;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What only shows in real time, each for a minute and all at once: a quota that many callers share,
 * and an outage. They hardly use the processor.
 */
class MinuteTest {
  private static final Duration MINUTE =
      Duration.ofSeconds(Integer.getInteger("minute.seconds", 60));
  private static final int CALLERS = 32;
  private static final Rate LIMIT = Rate.perSecond(2);

  private static final ExecutorService THREADS =
      Executors.newCachedThreadPool(
          work -> {
            Thread thread = new Thread(work, "minute");
            thread.setDaemon(true);
            return thread;
          });

  private static CompletableFuture<Shared> shared = new CompletableFuture<>();
  private static CompletableFuture<Outage> outage = new CompletableFuture<>();

  /** When the requests of a quota that is shared arrived. */
  private record Shared(List<Instant> times) {
    /** Returns the windows with one request more than allowed that are shorter than allowed. */
    List<Duration> tooClose() {
      List<Duration> windows = new ArrayList<>();
      for (int i = LIMIT.calls(); i < times.size(); i++) {
        Duration window = Duration.between(times.get(i - LIMIT.calls()), times.get(i));
        if (window.compareTo(LIMIT.per()) < 0) {
          windows.add(window);
        }
      }
      return windows;
    }

    Duration whole() {
      return Duration.between(times.get(0), times.get(times.size() - 1));
    }

    double rate() {
      return (times.size() - 1) * 1e9 / whole().toNanos();
    }

    boolean holds() {
      return tooClose().isEmpty() && rate() >= 1.9;
    }

    Shared printed() {
      System.out.printf(
          Locale.ROOT,
          "[FIGURE] quota: %d callers, %d requests in %d s, %.3f a second of %d; windows of a"
              + " second with more: %d%n",
          CALLERS,
          times.size(),
          whole().toSeconds(),
          rate(),
          LIMIT.calls(),
          tooClose().size());
      return this;
    }
  }

  /** What an outage cost. */
  private record Outage(long calls, long requests, Duration recovery) {}

  @BeforeAll
  static void begin() {
    shared = CompletableFuture.supplyAsync(MinuteTest::shareAQuota, THREADS);
    outage = CompletableFuture.supplyAsync(MinuteTest::sufferAnOutage, THREADS);
  }

  @AfterAll
  static void end() {
    THREADS.shutdownNow();
  }

  private static TencentBatchCloud cloud() {
    TencentBatchCloud cloud = new TencentBatchCloud(new World(TimeSource.system()));
    cloud.addKey("minute", Canaries.SECRET);
    return cloud;
  }

  private static JobClient client(TencentBatchCloud cloud, String account) {
    return TencentBatch.builder()
        .account(account)
        .region("ap-guangzhou")
        .endpoint(cloud.endpoint())
        .credentials(Credentials.accessKey("minute", Canaries.SECRET))
        .quota(LIMIT)
        .build();
  }

  /** Lets the callers call for a minute; each has a client of its own, as in a big application. */
  private static Shared shareAQuota() {
    try (TencentBatchCloud cloud = cloud()) {
      try (JobClient first = client(cloud, "first")) {
        first.listRuns(JobQuery.ALL); // the server's first answer takes it long
      }
      cloud.clearRequests();
      long end = System.nanoTime() + MINUTE.toNanos();
      Supplier<Long> caller =
          () -> {
            long calls = 0;
            try (JobClient client = client(cloud, "shared")) {
              while (System.nanoTime() < end) {
                client.listRuns(JobQuery.ALL);
                calls++;
              }
            }
            return calls;
          };
      List<CompletableFuture<Long>> callers = new ArrayList<>();
      for (int i = 0; i < CALLERS; i++) {
        callers.add(CompletableFuture.supplyAsync(caller, THREADS));
      }
      callers.forEach(CompletableFuture::join);
      return new Shared(cloud.requests().stream().map(Request::receivedAt).sorted().toList());
    }
  }

  private static Outage sufferAnOutage() {
    try (TencentBatchCloud cloud = cloud();
        JobClient client = client(cloud, "outage")) {
      cloud.failAlways(Reply.json(503, Map.of()));
      long end = System.nanoTime() + MINUTE.toNanos();
      long calls = 0;
      while (System.nanoTime() < end) {
        try {
          client.listRuns(JobQuery.ALL);
          throw new AssertionError("a call succeeded while the service was down");
        } catch (JobServiceException e) {
          calls++;
        }
      }
      long requests = cloud.requests().size();
      cloud.clearFaults();
      long back = System.nanoTime();
      client.listRuns(JobQuery.ALL);
      return new Outage(calls, requests, Duration.ofNanos(System.nanoTime() - back));
    }
  }

  @Test
  void aQuotaIsNeverExceededAndHardlyLeftUnused() {
    Shared seen = shared.join().printed();
    for (int again = 0; again < 3 && !seen.holds(); again++) {
      // a machine that had other work; alone, as cells of the fault matrix, it must hold
      outage.join();
      seen = shareAQuota().printed();
    }
    assertThat(seen.tooClose()).isEmpty();
    assertThat(seen.rate()).isBetween(1.9, 2.0);
  }

  @Test
  void anOutageCostsHardlyMoreThanOneRequestACallAndEndsAtOnce() {
    Outage seen = outage.join();
    double ratio = (double) seen.requests() / seen.calls();
    System.out.printf(
        Locale.ROOT,
        "[FIGURE] outage: %d calls, %d requests, %.3f a call; first success %d ms after its end%n",
        seen.calls(),
        seen.requests(),
        ratio,
        seen.recovery().toMillis());
    assertThat(ratio).isBetween(1.0, 1.1);
    assertThat(seen.recovery()).isLessThan(Duration.ofSeconds(5));
  }
}
