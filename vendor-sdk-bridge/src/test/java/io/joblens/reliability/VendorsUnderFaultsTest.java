package io.joblens.reliability;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.joblens.JobClient;
import io.joblens.JobException;
import io.joblens.reliability.Cell.Verdict;
import io.joblens.reliability.Line.Certificates;
import io.joblens.reliability.Row.Limits;
import io.joblens.reliability.SdkProgram.Ending;
import io.joblens.testkit.Unlimited;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import okhttp3.OkHttpClient;
import org.apache.http.client.HttpClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Puts the vendors' own clients before the servers of the fault matrix, each beside JobLens, and
 * writes the tables of docs/comparison.md from what it saw: see there for the command.
 */
@EnabledIfSystemProperty(named = "compare", matches = "true")
class VendorsUnderFaultsTest {
  private static final int CALLS = 20;

  private static final Row CONTROL = Row.of("–", "none", Faults.good()).ends(Row.SUCCESS, 1);
  private static final Row GATEWAY =
      FaultTable.rows().stream().filter(row -> row.id().equals("D8")).findFirst().orElseThrow();
  private static final GeneratedPart PAGE =
      new GeneratedPart("comparison.md", "comparison", "VendorsUnderFaultsTest");
  private static final String ONLY = System.getProperty("faults.rows", "");
  private static final List<Row> ROWS = rows();
  private static final Map<Row, Map<Sdk, Outcome>> SEEN = new LinkedHashMap<>();
  private static final Map<Row, Map<Sdk, Verdict>> OURS = new LinkedHashMap<>();

  private static final Map<Sdk, SdkJvm> JVMS = new EnumMap<>(Sdk.class);

  /** How a call ends. */
  enum End {
    SUCCESS("success"),
    TYPED("typed"),
    RETURNED("returned"),
    SILENT("**silent**"),
    UNTYPED("**untyped**"),
    HANG("**hang**");

    private final String words;

    End(String words) {
      this.words = words;
    }
  }

  /**
   * What a call came to.
   *
   * @param type the exception's class, where it is no documented one
   * @param isLeaking whether another server was sent a secret
   * @param isTelling whether the exception, or what it has for causes, shows a secret
   */
  record Outcome(End end, String type, boolean isLeaking, boolean isTelling) {
    @Override
    public String toString() {
      return end.words + type + (isLeaking ? ", **secret sent on**" : "");
    }
  }

  private static List<Row> rows() {
    return Stream.concat(Stream.of(CONTROL), FaultTable.rows().stream())
        // about a limit that the vendors' clients do not have; of A5, Java 17 has no hook for it
        .filter(row -> row.limits() != Limits.SHORT_CALL)
        .filter(row -> ONLY.isEmpty() || row.id().matches(ONLY))
        .toList();
  }

  @BeforeAll
  static void callEverything() throws Exception {
    SdkJvm.trust(Certificates.authority());
    for (Row row : ROWS) {
      Map<Sdk, Outcome> seen = new EnumMap<>(Sdk.class);
      Map<Sdk, Verdict> ours = new EnumMap<>(Sdk.class);
      for (Sdk sdk : Sdk.values()) {
        seen.put(sdk, outcome(row, sdk, jvm(sdk)));
        int trapped = Trap.connections();
        Cell cell = new Cell(row, sdk.operation(), false, 1);
        Verdict first = cell.run();
        // a machine that is busy with other things is late, too; what is wrong stays so
        ours.put(sdk, first.wrong().isEmpty() ? first : cell.run());
        assertThat(Trap.connections()).as(cell + " at the other host").isEqualTo(trapped);
      }
      SEEN.put(row, seen);
      OURS.put(row, ours);
    }
  }

  @AfterAll
  static void endJvms() {
    JVMS.values().forEach(SdkJvm::close);
  }

  private static SdkJvm jvm(Sdk sdk) {
    return JVMS.computeIfAbsent(sdk, SdkJvm::new);
  }

  private static Outcome outcome(Row row, Sdk sdk, SdkJvm jvm) throws Exception {
    try (Line line = row.line().get();
        FaultServer server = row.server(line, sdk.operation(), 1)) {
      jvm.open(row, line.endpoint(server.port()));
      if (row.isWarm()) {
        assertThat(jvm.call()).isPresent();
      }
      int before = Trap.secrets();
      Optional<Ending> end = jvm.call();
      boolean isLeaking = Trap.secrets() > before;
      return end.map(ending -> outcome(row, sdk, ending, isLeaking))
          .orElse(new Outcome(End.HANG, "", isLeaking, false));
    }
  }

  private static Outcome outcome(Row row, Sdk sdk, Ending ending, boolean isLeaking) {
    if (ending.isDocumented()) {
      return new Outcome(End.TYPED, "", isLeaking, ending.isTelling());
    }
    List<String> ids = ending.ids();
    if (ending.exception().equals("OutOfMemoryError")) {
      // what comes first, the end of the heap or of the time, is up to the machine
      return new Outcome(End.HANG, "", isLeaking, false);
    }
    if (ids == null) {
      return new Outcome(End.UNTYPED, " " + ending.exception(), isLeaking, ending.isTelling());
    }
    boolean isDue = row.ends().apply(sdk.operation()).equals(Row.SUCCESS);
    boolean isWell = isDue && ids.equals(due(sdk.operation()));
    End end = ids.isEmpty() ? End.SILENT : isWell ? End.SUCCESS : End.RETURNED;
    return new Outcome(end, "", isLeaking, false);
  }

  /** Returns the ids that a good answer has. */
  private static List<String> due(Operation operation) {
    return switch (operation) {
      case DESCRIBE_JOBS -> List.of("job-1", "job-2");
      case LIST_TASK_EXECUTE_HISTORY -> List.of("record-1", "record-2");
      case DESCRIBE_JOB_HISTORY -> List.of("manual-1", "manual-2");
      default -> List.of("11111111");
    };
  }

  /** Typed or a success by the row, at no secret's cost, in time, and with nothing left open. */
  @Test
  void jobLensEndsEveryCallAsTheMatrixSays() {
    assertThat(OURS.values().stream().flatMap(row -> row.values().stream()))
        .allSatisfy(verdict -> assertThat(verdict.wrong()).as(verdict.cell() + "").isEmpty());
  }

  @Test
  void withoutAFaultEveryClientGetsTheRuns() {
    assertThat(SEEN.getOrDefault(CONTROL, Map.of()).values())
        .allSatisfy(outcome -> assertThat(outcome.end()).isEqualTo(End.SUCCESS));
  }

  @Test
  void thePageShowsWhatWasSeen() throws Exception {
    assumeThat(ONLY).as("rows that were asked for").isEmpty();
    PAGE.require("\n" + libraries() + "\n" + summary() + "\n" + table() + "\n");
  }

  private static String libraries() {
    StringBuilder out = new StringBuilder("| client | libraries | its exceptions |\n");
    out.append("| --- | --- | --- |\n");
    for (Sdk sdk : Sdk.values()) {
      out.append(line(sdk.title(), List.of(sdk.libraries(), sdk.exceptions())));
    }
    out.append("\nHTTP: " + Sdk.jar(OkHttpClient.class));
    return out.append("; for SchedulerX " + Sdk.jar(HttpClient.class) + ".\n").toString();
  }

  private static String summary() throws Exception {
    StringBuilder out = new StringBuilder(head(ROWS.size() + " rows"));
    for (End end : End.values()) {
      out.append(line(end.words, counts(ours -> ours == end, seen -> seen.end() == end)));
    }
    // of JobLens both are failures of the cells
    out.append(line("a secret goes to another server", counts(ours -> false, Outcome::isLeaking)));
    out.append(line("an exception shows a secret", counts(ours -> false, Outcome::isTelling)));
    List<String> open = new ArrayList<>();
    open.add(Integer.toString(openOfJobLens()));
    for (Sdk sdk : Sdk.values()) {
      open.add(Integer.toString(open(sdk)));
    }
    return out.append(line("connections open after " + CALLS + " times D8", open)).toString();
  }

  private static List<String> counts(Predicate<End> ours, Predicate<Outcome> seen) {
    List<String> counts = new ArrayList<>();
    counts.add(Long.toString(ROWS.stream().filter(row -> ours.test(ours(row))).count()));
    for (Sdk sdk : Sdk.values()) {
      counts.add(Long.toString(ROWS.stream().filter(row -> seen.test(seen(row, sdk))).count()));
    }
    return counts;
  }

  private static String table() {
    StringBuilder out = new StringBuilder(head("row | fault"));
    for (Row row : ROWS) {
      List<String> cells = new ArrayList<>(List.of(row.fault(), ours(row).words));
      for (Sdk sdk : Sdk.values()) {
        cells.add(seen(row, sdk).toString());
      }
      out.append(line(row.id(), cells));
    }
    return out.toString();
  }

  private static String head(String first) {
    List<String> titles = new ArrayList<>(List.of("JobLens"));
    Stream.of(Sdk.values()).map(Sdk::title).forEach(titles::add);
    String head = line(first, titles);
    return head + head.replaceAll("[^|\n]+", " --- ");
  }

  private static String line(String first, List<String> cells) {
    return "| " + first + " | " + String.join(" | ", cells) + " |\n";
  }

  private static Outcome seen(Row row, Sdk sdk) {
    return requireNonNull(requireNonNull(SEEN.get(row)).get(sdk));
  }

  /** Returns how JobLens ends under the fault, for all operations the same. */
  private static End ours(Row row) {
    Set<String> ends =
        requireNonNull(OURS.get(row)).values().stream().map(Verdict::end).collect(toSet());
    assertThat(ends).as(row.id()).hasSize(1);
    return ends.contains(Row.SUCCESS) ? End.SUCCESS : End.TYPED;
  }

  private static int open(Sdk sdk) throws Exception {
    try (FaultServer server = GATEWAY.server(Line.direct(), sdk.operation(), 1)) {
      jvm(sdk).open(GATEWAY, Line.direct().endpoint(server.port()));
      for (int i = 0; i < CALLS; i++) {
        assertThat(jvm(sdk).call()).isPresent();
      }
      return atRest(server);
    }
  }

  private static int openOfJobLens() {
    Operation operation = Operation.DESCRIBE_JOBS;
    try (FaultServer server = GATEWAY.server(Line.direct(), operation, 1);
        JobClient client =
            operation
                .builder()
                .allowPlainHttp()
                .endpoint(Line.direct().endpoint(server.port()))
                .credentials(Canaries.credentials(1))
                .limiter(Unlimited.INSTANCE)
                .time(new SkippingTime())
                .build()) {
      for (int i = 0; i < CALLS; i++) {
        assertThatThrownBy(() -> operation.call(client)).isInstanceOf(JobException.class);
      }
      return atRest(server);
    }
  }

  /** Returns how many connections are open when those that end have ended. */
  private static int atRest(FaultServer server) {
    boolean unused = server.isDeserted(500);
    return server.open();
  }
}
