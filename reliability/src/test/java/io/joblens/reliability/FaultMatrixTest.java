package io.joblens.reliability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.joblens.reliability.Cell.Verdict;
import io.joblens.reliability.Row.Limits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Runs every row for every operation, blocking and not, and writes the table of docs/reliability.md
 * from what it saw: see there for the commands.
 */
class FaultMatrixTest {
  /** Cells that wait for limits take no time of the processor; the others would take all of it. */
  private static final int WAITING_AT_ONCE = 16;

  private static final int BUSY_AT_ONCE = 4;

  private static final int SEEDS = Integer.getInteger("faults.seeds", 1);
  private static final String ONLY = System.getProperty("faults.rows", "");

  private static final List<Verdict> VERDICTS = new ArrayList<>();
  private static final Queue<String> UNCAUGHT = new ConcurrentLinkedQueue<>();
  private static final Queue<String> OKHTTP_LOG = new ConcurrentLinkedQueue<>();

  /** Held here, because the JDK forgets loggers that nobody holds. */
  private static final Logger OKHTTP = Logger.getLogger("okhttp3");

  private static final Handler LISTENER =
      new Handler() {
        @Override
        public void publish(LogRecord record) {
          OKHTTP_LOG.add(record.getMessage() + " " + record.getThrown());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  @BeforeAll
  static void runAllCells() throws Exception {
    LISTENER.setLevel(Level.ALL);
    OKHTTP.setLevel(Level.ALL);
    OKHTTP.setUseParentHandlers(false);
    OKHTTP.addHandler(LISTENER);
    Thread.setDefaultUncaughtExceptionHandler((thread, e) -> UNCAUGHT.add(thread + ": " + e));
    List<Cell> cells = cells();
    List<Cell> busy = cells.stream().filter(cell -> !isWaiting(cell)).toList();
    List<Cell> waiting = cells.stream().filter(FaultMatrixTest::isWaiting).toList();
    long start = System.nanoTime();
    VERDICTS.addAll(run(busy, BUSY_AT_ONCE));
    // now all code is warm; the first use of everything takes longer than those limits
    int again = 0;
    for (Verdict verdict : run(waiting, WAITING_AT_ONCE)) {
      // a machine that is busy with other things is late, too; alone a cell has no excuse
      boolean isGood = verdict.wrong().isEmpty();
      VERDICTS.add(isGood ? verdict : verdict.cell().run());
      again += isGood ? 0 : 1;
    }
    System.out.printf(
        Locale.ROOT,
        "[FIGURE] fault matrix: %,d of %,d cells as they must be, %d measured again alone, %d s%n",
        VERDICTS.stream().filter(verdict -> verdict.wrong().isEmpty()).count(),
        VERDICTS.size(),
        again,
        Duration.ofNanos(System.nanoTime() - start).toSeconds());
  }

  @AfterAll
  static void stopListening() {
    OKHTTP.removeHandler(LISTENER);
    OKHTTP.setLevel(null);
    Thread.setDefaultUncaughtExceptionHandler(null);
  }

  private static boolean isWaiting(Cell cell) {
    return cell.row().limits() != Limits.AMPLE;
  }

  private static List<Cell> cells() {
    List<Cell> cells = new ArrayList<>();
    for (Row row : FaultTable.rows()) {
      if (ONLY.isEmpty() || row.id().matches(ONLY)) {
        for (Operation operation : Operation.values()) {
          for (long seed = 1; seed <= SEEDS; seed++) {
            cells.add(new Cell(row, operation, false, seed));
            cells.add(new Cell(row, operation, true, seed));
          }
        }
      }
    }
    return cells;
  }

  private static List<Verdict> run(List<Cell> cells, int atOnce)
      throws InterruptedException, ExecutionException {
    ExecutorService callers = Executors.newFixedThreadPool(atOnce);
    try {
      List<Verdict> verdicts = new ArrayList<>();
      for (Future<Verdict> one :
          callers.invokeAll(cells.stream().<Callable<Verdict>>map(cell -> cell::run).toList())) {
        verdicts.add(one.get());
      }
      return verdicts;
    } finally {
      callers.shutdownNow();
    }
  }

  @TestFactory
  Stream<DynamicNode> everyCellEndsAsItsRowSays() {
    return FaultTable.rows().stream()
        .map(
            row ->
                dynamicContainer(
                    row.id() + " " + row.fault(),
                    of(row)
                        .map(
                            verdict ->
                                dynamicTest(
                                    verdict.cell().toString(),
                                    () -> assertThat(verdict.wrong()).isEmpty()))));
  }

  private static Stream<Verdict> of(Row row) {
    return VERDICTS.stream().filter(verdict -> verdict.cell().row().id().equals(row.id()));
  }

  @Test
  void noRedirectIsFollowedAnywhere() {
    assertThat(Trap.connections()).isZero();
  }

  @Test
  void noThreadIsLeft() {
    long end = System.nanoTime() + 5_000_000_000L;
    while (!threads().isEmpty() && System.nanoTime() < end) {
      LockSupport.parkNanos(5_000_000);
    }
    assertThat(threads()).isEmpty();
  }

  /** The pool on which calls go on is the process's own and outlives clients. */
  private static List<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith("joblens-http"))
        .toList();
  }

  @Test
  void noThreadDiesOfAnException() {
    assertThat(UNCAUGHT).isEmpty();
  }

  @Test
  void noSecretIsLogged() throws IOException {
    String log = Files.readString(Path.of("target", "trace.log"), StandardCharsets.UTF_8);
    assertThat(log).as("what is logged").contains("io.joblens.calls");
    assertThat(Canaries.areIn(log)).isFalse();
    assertThat(OKHTTP_LOG).noneMatch(Canaries::areIn).noneMatch(line -> line.contains("leaked"));
  }

  @Test
  void thePageShowsWhatWasSeen() throws IOException {
    assumeThat(SEEDS == 1 && ONLY.isEmpty()).as("the whole matrix once").isTrue();
    ReliabilityPage.requireMatrix(FaultTable.rows(), VERDICTS);
  }
}
