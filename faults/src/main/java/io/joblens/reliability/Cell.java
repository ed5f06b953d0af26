package io.joblens.reliability;

import io.joblens.JobClient;
import io.joblens.JobClientBuilder;
import io.joblens.JobException;
import io.joblens.Timeouts;
import io.joblens.reliability.Row.Attempts;
import io.joblens.spi.Credentials;
import io.joblens.spi.CredentialsProvider;
import io.joblens.spi.HttpTransport;
import io.joblens.spi.Step;
import io.joblens.testkit.Unlimited;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/** One row for one operation, called in one of both ways. */
record Cell(Row row, Operation operation, boolean isAsync, long seed) {
  private static final Duration GRACE = Duration.ofMillis(250);
  private static final long HANG_SECONDS = 30;

  /** The largest answer that clients here accept. */
  static final int CAP = 256 * 1024;

  /**
   * What a cell came to.
   *
   * @param end how the call ended, by name
   * @param wrong what is not as it should be; empty when all is
   */
  record Verdict(Cell cell, String end, int attempts, List<String> wrong) {}

  /** What a client of a cell is given in place of the clock and the credentials of its user. */
  private static final class Watch implements CredentialsProvider {
    private final SkippingTime time = new SkippingTime();
    private final AtomicInteger signed = new AtomicInteger();
    private final AtomicInteger given = new AtomicInteger();

    @Override
    public String account() {
      return "main";
    }

    /** Gives other credentials each time. */
    @Override
    public Step<Credentials> resolve() {
      return Step.done(Canaries.credentials(given.incrementAndGet()));
    }

    /** Taken once for each request that is signed. */
    String nonce() {
      return String.format(Locale.ROOT, "%032x", signed.incrementAndGet());
    }
  }

  @Override
  public String toString() {
    return row.id() + " " + operation.action() + (isAsync ? " async" : " sync");
  }

  Verdict run() {
    try (Line line = row.line().get();
        FaultServer server = row.server(line, operation, seed)) {
      return judge(line, server);
    }
  }

  private Verdict judge(Line line, FaultServer server) {
    Watch watch = new Watch();
    JobClient client = client(watch, line, server.port());
    if (row.isWarm()) {
      Object unused = operation.call(client);
    }
    int before = watch.signed.get();
    long start = System.nanoTime();
    Object end = end(client);
    Duration elapsed = Duration.ofNanos(System.nanoTime() - start);
    client.close();
    line.close();

    int attempts = watch.signed.get() - before;
    List<String> wrong = new ArrayList<>();
    judgeEnd(end, attempts, wrong);
    judgeWire(server, watch.signed.get(), wrong);
    Duration longest = row.limits().of(Math.max(1, attempts)).plus(GRACE);
    require(
        wrong,
        elapsed.compareTo(longest) <= 0,
        "took " + elapsed.toMillis() + " ms of " + longest.toMillis());
    if (wrong.isEmpty()) {
      try {
        row.check().check(operation, end, new Row.Seen(watch.time.waits(), watch.given.get()));
      } catch (AssertionError | RuntimeException e) {
        wrong.add(String.valueOf(e));
      }
    }
    return new Verdict(this, Row.nameOf(end), attempts, wrong);
  }

  private JobClient client(Watch watch, Line line, int port) {
    JobClientBuilder<?> builder =
        operation
            .builder()
            .allowPlainHttp()
            .endpoint(line.endpoint(port))
            .credentials(watch)
            .limiter(Unlimited.INSTANCE)
            .maxBodyBytes(CAP)
            .timeouts(new Timeouts(row.limits().connect, row.limits().attempt, row.limits().call))
            .time(watch.time)
            .nonces(watch::nonce);
    HttpTransport transport = line.transport();
    return (transport == null ? builder : builder.transport(transport)).build();
  }

  private void judgeEnd(Object end, int attempts, List<String> wrong) {
    String name = Row.nameOf(end);
    String expected = row.ends().apply(operation);
    require(wrong, name.equals(expected), "ended as " + name + ", not as " + expected + told(end));
    Attempts due = row.attempts().apply(operation);
    require(
        wrong,
        due.least() <= attempts && attempts <= due.most(),
        attempts + " attempts, not " + due.least() + " to " + due.most());
    if (end instanceof JobException problem) {
      require(wrong, problem.attempts() == attempts, "attempts() is " + problem.attempts());
      require(wrong, problem.cloud().isPresent(), "names no cloud");
      require(wrong, problem.provider().isPresent(), "names no provider");
      require(
          wrong,
          problem.operation().equals(Optional.of(operation.action())),
          "names the operation " + problem.operation());
    }
    require(wrong, !Canaries.areIn(words(end)), "shows a secret");
  }

  private void judgeWire(FaultServer server, int signed, List<String> wrong) {
    // first, for until then it may still have to read what was sent
    require(wrong, server.isDeserted(1_000), "left a connection open");
    int seen =
        switch (row.sees()) {
          case REQUESTS -> server.requests();
          case CONNECTIONS -> server.connections();
          case NOTHING -> signed;
        };
    require(wrong, seen == signed, seen + " on the wire for " + signed + " attempts");
    require(
        wrong, row.sees() == Row.Sees.REQUESTS || server.requests() == 0, "requests came through");
    require(wrong, server.secrets() == server.requests(), "requests came without a secret");
  }

  private static void require(List<String> wrong, boolean holds, String otherwise) {
    if (!holds) {
      wrong.add(otherwise);
    }
  }

  private Object end(JobClient client) {
    try {
      return isAsync
          ? operation.start(client).get(HANG_SECONDS, TimeUnit.SECONDS)
          : operation.call(client);
    } catch (ExecutionException e) {
      return e.getCause() == null ? e : e.getCause();
    } catch (TimeoutException e) {
      return new IllegalStateException("hangs", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return e;
    } catch (RuntimeException | Error e) {
      return e;
    }
  }

  private static String told(Object end) {
    return end instanceof Throwable problem ? ": " + problem.getMessage() : "";
  }

  /** Returns all that the end can be made to say, with all causes. */
  static String words(Object end) {
    if (end instanceof Throwable problem) {
      StringWriter text = new StringWriter();
      problem.printStackTrace(new PrintWriter(text));
      return problem + problem.getMessage() + text;
    }
    return Operation.words(end);
  }
}
