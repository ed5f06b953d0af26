package io.joblens.reliability;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.joblens.CallListener;
import io.joblens.FoundRuns;
import io.joblens.JobClient;
import io.joblens.JobException;
import io.joblens.JobQuery;
import io.joblens.JobRun;
import io.joblens.PageToken;
import io.joblens.RunListing;
import io.joblens.RunRef;
import io.joblens.Timeouts;
import io.joblens.spi.Credentials;
import io.joblens.spi.CredentialsProvider;
import io.joblens.spi.Rate;
import io.joblens.spi.Step;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.ToDoubleFunction;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Many callers of four clouds that fail now and then, for a few seconds in the normal build and for
 * long in profile {@code soak}: nothing is lost or repeated, every failure has a type, and nothing
 * grows.
 */
class SoakTest {
  private static final Duration WHOLE =
      Duration.ofSeconds(
          Integer.getInteger("soak.minutes") == null
              ? Integer.getInteger("soak.seconds", 5)
              : 60L * Integer.getInteger("soak.minutes"));
  private static final boolean LONG = WHOLE.compareTo(Duration.ofMinutes(1)) >= 0;
  private static final int CALLERS = 64;
  private static final int SAMPLES = 40;
  private static final int RESUMPTIONS = 10;

  /** Seconds are too few to tell growth from chance: the miniature only sees a landslide. */
  private static final double GROWTH = LONG ? 1.05 : 2;

  /** Threads and connections follow how many calls are under way, which is chance within limits. */
  private static final double UNDER_LOAD = 1.25;

  /** What the faults may end as; anything else would be a failure of another making. */
  private static final Set<String> FAILURES =
      Set.of(
          "JobServiceException UNAVAILABLE",
          "JobServiceException THROTTLED",
          "JobServiceException EXPIRED_CREDENTIALS",
          "JobTransportException CONNECTION_LOST",
          "JobTransportException ATTEMPT_TIMEOUT",
          "JobDataException MALFORMED");

  /**
   * Threads of the JDK's, which stay, and, for which the miniature has no time to wait, those of
   * the process's pools, which end after a minute without work.
   */
  private static final Pattern NOT_THE_CLIENTS =
      Pattern.compile(
          "process reaper.*|CompletableFutureDelayScheduler"
              + (LONG ? "" : "|OkHttp TaskRunner|joblens-calls"));

  /** What the server says: requests and faults so far, connections open now. */
  private record Seen(long requests, long faults, int connections) {}

  /** What there is when there should be nothing. */
  private record Left(int connections, Set<String> threads) {
    static final Left NOTHING = new Left(0, Set.of());

    @Override
    public String toString() {
      return "connections " + connections + ", threads " + threads;
    }
  }

  /** What there is at one moment. */
  private record Sample(double threads, double connections, double heap) {}

  private final Map<SoakCloud, JobClient> clients = new TreeMap<>();
  private final LongAdder calls = new LongAdder();
  private final AtomicLong attempts = new AtomicLong();
  private final LongAdder complete = new LongAdder();
  private final LongAdder resumed = new LongAdder();
  private final LongAdder lost = new LongAdder();
  private final LongAdder repeated = new LongAdder();
  private final Map<String, LongAdder> failures = new ConcurrentHashMap<>();
  private final ConcurrentLinkedQueue<String> wrong = new ConcurrentLinkedQueue<>();
  private volatile long opened;
  private volatile long begin;

  @Test
  void nothingIsLostRepeatedOrLeakedHoweverLongItLasts() throws Exception {
    Thread.setDefaultUncaughtExceptionHandler((thread, e) -> wrong.add(thread + ": " + e));
    Set<Thread> before = Thread.getAllStackTraces().keySet();
    Process server = serve();
    try (PrintStream ask = new PrintStream(server.getOutputStream(), true, StandardCharsets.UTF_8);
        BufferedReader answers =
            new BufferedReader(
                new InputStreamReader(server.getInputStream(), StandardCharsets.UTF_8))) {
      Iterator<String> ports = List.of(line(answers).split(" ", -1)).iterator();
      opened = System.nanoTime();
      for (SoakCloud cloud : SoakCloud.values()) {
        JobClient client = client(cloud, ports.next());
        clients.put(cloud, client);
        list(cloud, client); // the first answer takes both sides long
      }
      begin = System.nanoTime();
      List<Thread> callers = callers();
      List<Sample> samples = new ArrayList<>();
      for (int i = 0; i < SAMPLES; i++) {
        pass(begin + WHOLE.toNanos() * (i + 1) / (SAMPLES + 1));
        samples.add(sample(seen(ask, answers)));
      }
      for (Thread caller : callers) {
        caller.join();
      }
      Duration took = since(begin);
      // what is idle ends by itself, so that what stays is what was forgotten
      await(
          LONG ? 30 : 0,
          () -> seen(ask, answers).connections() == 0 && clientThreads(before).isEmpty());
      Left atRest = new Left(seen(ask, answers).connections(), clientThreads(before));
      clients.values().forEach(JobClient::close);
      await(
          LONG ? 90 : 5, () -> seen(ask, answers).connections() == 0 && threads(before).isEmpty());
      Seen end = seen(ask, answers);
      Left closed = new Left(end.connections(), threads(before));
      judge(took, samples.subList(SAMPLES / 5, SAMPLES), end, atRest, closed);
    } finally {
      Thread.setDefaultUncaughtExceptionHandler(null);
      server.destroy();
    }
  }

  private void judge(Duration took, List<Sample> samples, Seen end, Left atRest, Left closed) {
    int quarter = samples.size() / 4;
    List<Sample> first = samples.subList(0, quarter);
    List<Sample> last = samples.subList(samples.size() - quarter, samples.size());
    System.out.printf(
        Locale.ROOT,
        "[FIGURE] soak: %d s, %d callers, %d clouds: %,d calls, %,d requests, %,d faults (%.1f %%);"
            + " %,d listings of %d runs complete (%,d of them resumed), lost %d, repeated %d;"
            + " failures %s; after warm-up and at the end: threads %.0f, %.0f, connections %.0f,"
            + " %.0f, heap after GC %.2f, %.2f MiB; then at rest: %s, closed: %s%n",
        took.toSeconds(),
        CALLERS,
        clients.size(),
        calls.sum(),
        end.requests(),
        end.faults(),
        100.0 * end.faults() / end.requests(),
        complete.sum(),
        SoakCloud.RUNS,
        resumed.sum(),
        lost.sum(),
        repeated.sum(),
        new TreeMap<>(failures),
        median(first, Sample::threads),
        median(last, Sample::threads),
        median(first, Sample::connections),
        median(last, Sample::connections),
        median(first, Sample::heap),
        median(last, Sample::heap),
        LONG ? atRest : "not awaited",
        closed);
    assertThat(wrong).isEmpty();
    assertThat(lost.sum()).isZero();
    assertThat(repeated.sum()).isZero();
    assertThat(FAILURES).containsAll(failures.keySet());
    assertThat(complete.sum()).as("complete listings").isPositive();
    assertThat(end.requests()).as("none but ours").isLessThanOrEqualTo(attempts.get());
    assertThat(median(last, Sample::heap))
        .isLessThanOrEqualTo(median(first, Sample::heap) * GROWTH);
    if (LONG) {
      assertThat(median(last, Sample::threads))
          .isLessThanOrEqualTo(median(first, Sample::threads) * UNDER_LOAD);
      assertThat(median(last, Sample::connections))
          .isLessThanOrEqualTo(median(first, Sample::connections) * UNDER_LOAD);
      assertThat(atRest).isEqualTo(Left.NOTHING);
    }
    assertThat(closed).isEqualTo(Left.NOTHING);
  }

  private static Process serve() throws IOException {
    return new ProcessBuilder(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                SoakServer.class.getName(),
                Long.toString(WHOLE.toSeconds())))
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private static Seen seen(PrintStream ask, BufferedReader answers) {
    ask.println();
    String[] words = line(answers).split(" ", -1);
    return new Seen(Long.parseLong(words[0]), Long.parseLong(words[1]), Integer.parseInt(words[2]));
  }

  private static String line(BufferedReader answers) {
    try {
      return requireNonNull(answers.readLine(), "the server has ended");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private JobClient client(SoakCloud cloud, String port) {
    return cloud
        .builder()
        .account("soak")
        .endpoint("http://127.0.0.1:" + port)
        .credentials(new TakingTurns())
        .quota(Rate.perSecond(10_000))
        .timeouts(
            new Timeouts(Duration.ofSeconds(10), Duration.ofSeconds(10), Duration.ofSeconds(60)))
        .listener(
            new CallListener() {
              @Override
              public void attempted(Call call, Attempt attempt) {
                attempts.incrementAndGet();
              }
            })
        .build();
  }

  /** Gives another key each time, all of which are good. */
  private static final class TakingTurns implements CredentialsProvider {
    private final AtomicInteger asked = new AtomicInteger();

    @Override
    public String account() {
      return "soak";
    }

    @Override
    public Step<Credentials> resolve() {
      int number = asked.getAndIncrement() % SoakServer.KEYS;
      return Step.done(
          Credentials.temporary(SoakServer.KEY + number, Canaries.SECRET, Canaries.TOKEN, null));
    }
  }

  private List<Thread> callers() {
    List<Thread> callers = new ArrayList<>();
    for (int i = 0; i < CALLERS; i++) {
      int number = i;
      Thread caller = new Thread(() -> callUntilTheEnd(number), "soak-" + i);
      caller.setDaemon(true);
      caller.start();
      callers.add(caller);
    }
    return callers;
  }

  private void callUntilTheEnd(int number) {
    SoakCloud[] clouds = SoakCloud.values();
    for (int i = number; since(begin).compareTo(WHOLE) < 0; i++) {
      SoakCloud cloud = clouds[i % clouds.length];
      JobClient client = requireNonNull(clients.get(cloud));
      try {
        calls.increment();
        call(cloud, client);
      } catch (JobException e) {
        count(e);
      } catch (RuntimeException | Error e) {
        wrong.add(cloud + ": " + e);
      }
    }
  }

  private void count(JobException failure) {
    failures.computeIfAbsent(Row.nameOf(failure), name -> new LongAdder()).increment();
  }

  private void call(SoakCloud cloud, JobClient client) {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    String id = cloud.runId(random.nextInt(SoakCloud.RUNS));
    RunRef ref = cloud.ref(client, id);
    switch (random.nextInt(20)) {
      case 0, 1, 2, 3, 4, 5, 6 -> list(cloud, client);
      case 7, 8, 9, 10, 11 -> requireSame(ref, client.getRun(ref));
      case 12, 13, 14 -> {
        RunRef other = cloud.ref(client, cloud.runId(random.nextInt(SoakCloud.RUNS)));
        Set<RunRef> asked = new HashSet<>(List.of(ref, other));
        FoundRuns found = client.getRuns(asked);
        if (!found.missing().isEmpty() || !refs(found.runs()).equals(asked)) {
          wrong.add("asked for " + asked + ", found " + found);
        }
      }
      case 15, 16, 17, 18 -> requireSame(ref, client.diagnose(ref).run());
      default -> {
        RunRef next = cloud.ref(client, cloud.nextToEnd(since(opened), WHOLE));
        JobRun ended =
            client.waiter().poll(Duration.ofMillis(500)).until(next, Duration.ofMinutes(1));
        requireSame(next, ended);
        if (!ended.isFinished()) {
          wrong.add("the waiter ended with " + ended);
        }
      }
    }
  }

  /** Lists all runs, going on where a failure ended it, and counts each of them. */
  private void list(SoakCloud cloud, JobClient client) {
    Map<String, Integer> times = new HashMap<>();
    JobQuery query = JobQuery.builder().pageSize(50).build();
    @Nullable PageToken from = null;
    for (int i = 0; i <= RESUMPTIONS; i++) {
      RunListing listing =
          from == null ? client.listAllRuns(query) : client.listAllRuns(query, from);
      try {
        for (JobRun run : listing) {
          times.merge(run.ref().runId(), 1, Integer::sum);
        }
      } catch (JobException e) {
        count(e);
        from = e.resumeToken().orElse(from);
        continue;
      }
      if (listing.coverage().isComplete()) {
        complete.increment();
        resumed.add(i == 0 ? 0 : 1);
        repeated.add(times.values().stream().filter(count -> count > 1).count());
        lost.add(cloud.runIds().stream().filter(id -> !times.containsKey(id)).count());
      } else {
        wrong.add(cloud + " listed, no failure, not complete: " + listing.coverage().toJson());
      }
      return;
    }
    wrong.add(cloud + " failed again and again");
  }

  private void requireSame(RunRef asked, JobRun answer) {
    if (!answer.ref().equals(asked)) {
      wrong.add("asked for " + asked + ", got " + answer.ref());
    }
  }

  private static Set<RunRef> refs(List<JobRun> runs) {
    Set<RunRef> refs = new HashSet<>();
    runs.forEach(run -> refs.add(run.ref()));
    return refs;
  }

  private static Duration since(long moment) {
    return Duration.ofNanos(System.nanoTime() - moment);
  }

  private static Sample sample(Seen seen) {
    System.gc();
    long heap = 0;
    for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
      if (pool.getType() == MemoryType.HEAP && pool.getCollectionUsage() != null) {
        heap += pool.getCollectionUsage().getUsed(); // what was left by that collection
      }
    }
    int threads = ManagementFactory.getThreadMXBean().getThreadCount();
    return new Sample(threads, seen.connections(), heap / 1024.0 / 1024.0);
  }

  private static double median(List<Sample> samples, ToDoubleFunction<Sample> what) {
    return samples.stream().mapToDouble(what).sorted().toArray()[samples.size() / 2];
  }

  private static void await(int seconds, BooleanSupplier condition) {
    long end = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
    while (!condition.getAsBoolean() && System.nanoTime() < end) {
      pass(System.nanoTime() + 20_000_000);
    }
  }

  /** Returns the threads that only clients have, which end when there is nothing to do. */
  private static Set<String> clientThreads(Set<Thread> before) {
    Set<String> names = threads(before);
    names.removeIf(name -> !name.startsWith("joblens-http"));
    return names;
  }

  /** Returns the threads that are there besides those from before. */
  private static Set<String> threads(Set<Thread> before) {
    Set<String> names = new HashSet<>();
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (!before.contains(thread) && !NOT_THE_CLIENTS.matcher(thread.getName()).matches()) {
        names.add(thread.getName());
      }
    }
    return names;
  }

  private static void pass(long until) {
    while (until - System.nanoTime() > 0) {
      LockSupport.parkNanos(until - System.nanoTime());
    }
  }
}
