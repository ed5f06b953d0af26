package io.joblens.reliability;

import io.joblens.reliability.Cell.Verdict;
import io.joblens.reliability.Row.Attempts;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The part of docs/reliability.md that is generated. */
final class ReliabilityPage {
  private static final GeneratedPart MATRIX =
      new GeneratedPart("reliability.md", "fault matrix", "FaultMatrixTest");

  private ReliabilityPage() {}

  /** Fails unless the page shows these verdicts; {@code -Ddocs.write=true} lets it show them. */
  static void requireMatrix(List<Row> rows, List<Verdict> verdicts) throws IOException {
    MATRIX.require(matrix(rows, verdicts));
  }

  private static String matrix(List<Row> rows, List<Verdict> verdicts) {
    StringBuilder out = new StringBuilder();
    long passed = verdicts.stream().filter(verdict -> verdict.wrong().isEmpty()).count();
    out.append(
        String.format(
            Locale.ROOT,
            "\n%d rows, %,d cells, %,d as they must be.\n\n",
            rows.size(),
            verdicts.size(),
            passed));
    out.append("| row | fault | ends as | attempts | cells |\n");
    out.append("| --- | --- | --- | --- | --- |\n");
    for (Row row : rows) {
      List<Verdict> own =
          verdicts.stream().filter(verdict -> verdict.cell().row().id().equals(row.id())).toList();
      out.append(
          String.format(
              Locale.ROOT,
              "| %s | %s | %s | %s | %d/%d |\n",
              row.id(),
              row.fault(),
              seen(own, Verdict::end),
              attempts(row, own),
              own.stream().filter(verdict -> verdict.wrong().isEmpty()).count(),
              own.size()));
    }
    return out.append('\n').toString();
  }

  private static String attempts(Row row, List<Verdict> verdicts) {
    Attempts due = row.attempts().apply(Operation.DESCRIBE_JOB);
    return due.least() == due.most()
        ? seen(verdicts, verdict -> "" + verdict.attempts())
        : due.least() + " or " + due.most(); // another each time
  }

  /** Returns what was seen, and of which operations if not of all. */
  private static String seen(List<Verdict> verdicts, Function<Verdict, String> what) {
    Map<String, List<String>> operations =
        verdicts.stream()
            .collect(
                Collectors.groupingBy(
                    what,
                    LinkedHashMap::new,
                    Collectors.mapping(
                        verdict -> verdict.cell().operation().action(), Collectors.toList())));
    if (operations.size() == 1) {
      return operations.keySet().iterator().next();
    }
    return operations.entrySet().stream()
        .map(
            entry ->
                entry.getKey()
                    + " ("
                    + entry.getValue().stream().distinct().collect(Collectors.joining(", "))
                    + ")")
        .collect(Collectors.joining("; "));
  }
}
