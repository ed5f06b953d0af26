package io.joblens.all;

import static org.assertj.core.api.Assertions.assertThat;

import io.joblens.Filter;
import io.joblens.JobState;
import io.joblens.spi.Capabilities;
import io.joblens.spi.ConfigKey;
import io.joblens.spi.EndpointRule;
import io.joblens.spi.JobProviderFactory;
import io.joblens.spi.Operation;
import io.joblens.spi.StateTable;
import io.joblens.spi.StateTable.Meaning;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Generates docs/providers.md from the providers themselves. A page that is not what they say now
 * fails; {@code mvn -pl all -am test -Dtest=ProvidersDocTest -Ddocs.write=true
 * -Dsurefire.failIfNoSpecifiedTests=false} writes it anew.
 */
class ProvidersDocTest {
  private static final Path PAGE = Path.of("..", "docs", "providers.md");

  private final List<JobProviderFactory> providers =
      ServiceLoader.load(JobProviderFactory.class).stream()
          .map(ServiceLoader.Provider::get)
          .sorted(Comparator.comparing(factory -> factory.id().value()))
          .toList();

  @Test
  void thePageSaysWhatTheProvidersSay() throws IOException {
    String page = page();
    if (Boolean.getBoolean("docs.write")) {
      Files.writeString(PAGE, page);
    }
    assertThat(Files.readString(PAGE))
        .as("docs/providers.md is stale; see this test")
        .isEqualTo(page);
  }

  @Test
  void eachProviderNamesItsOperationsAndHosts() {
    assertThat(providers).hasSize(4);
    assertThat(providers)
        .allSatisfy(
            factory -> {
              assertThat(factory.operations()).as(factory.id().value()).isNotEmpty();
              assertThat(factory.endpoints()).as(factory.id().value()).isNotEmpty();
            });
  }

  private String page() {
    StringBuilder out = new StringBuilder();
    out.append("# Providers\n\n");
    out.append(
        "This page is generated from the providers themselves; `ProvidersDocTest` in `all` writes it.\n\n");
    out.append("## What each can do\n\n");
    out.append(
        "A filter is applied by the vendor, or here to the rows that come, or not at all: then the query is\n");
    out.append("refused before anything is sent.\n\n");
    table(out, head("", factory -> factory.id().value()), features());
    out.append("\n## States\n\n");
    out.append(
        "The vendor's words for each neutral state. ✓ is final; ◐ is final only with an end time, or unchanged\n");
    out.append("over two looks a minute apart. A word that is not here is UNKNOWN.\n\n");
    table(out, head("state", factory -> factory.id().value()), states());
    for (JobProviderFactory factory : providers) {
      out.append("\n## ").append(factory.id()).append("\n\n");
      table(
          out,
          List.of("operation", "what for", "permission", "limit"),
          factory.operations().stream().map(ProvidersDocTest::row).toList());
      out.append('\n');
      table(
          out,
          List.of("regions", "host", "host with `network: vpc`"),
          factory.endpoints().stream().map(ProvidersDocTest::row).toList());
      out.append('\n');
      table(out, List.of("configuration key", "meaning"), keys(factory));
    }
    return out.toString();
  }

  private List<String> head(String first, Function<JobProviderFactory, String> rest) {
    return Stream.concat(Stream.of(first), providers.stream().map(rest)).toList();
  }

  private List<List<String>> features() {
    List<List<String>> rows = new ArrayList<>();
    for (Filter filter : Filter.values()) {
      rows.add(
          head(
              "filter by " + filter.name().toLowerCase(Locale.ROOT).replace('_', ' '),
              factory -> where(filter, factory.capabilities())));
    }
    rows.add(
        head(
            "pages",
            factory ->
                factory.capabilities().paging().name().toLowerCase(Locale.ROOT).replace('_', ' ')));
    rows.add(head("rows a request, at most", factory -> "" + factory.capabilities().maxPage()));
    rows.add(
        head(
            "filters of the vendor's own",
            factory ->
                factory.capabilities().extras().stream()
                    .sorted()
                    .collect(Collectors.joining(", "))));
    return rows;
  }

  private static String where(Filter filter, Capabilities capabilities) {
    if (capabilities.pushed().contains(filter) || filter == Filter.RUN_ID) {
      return "vendor";
    }
    return capabilities.local().contains(filter) || filter == Filter.PROBLEM ? "here" : "–";
  }

  private List<List<String>> states() {
    return Arrays.stream(JobState.values())
        .map(state -> head(state.name(), factory -> words(factory.states(), state)))
        .toList();
  }

  private static String words(StateTable table, JobState state) {
    return table.rows().entrySet().stream()
        .filter(row -> row.getValue().state() == state)
        .map(row -> row.getKey() + mark(row))
        .collect(Collectors.joining(", "));
  }

  private static String mark(Map.Entry<String, Meaning> row) {
    return switch (row.getValue().finality()) {
      case FINISHED -> " ✓";
      case OPEN -> "";
      default -> " ◐";
    };
  }

  private static List<String> row(Operation operation) {
    return List.of(
        operation.action(), operation.use(), "`" + operation.permission() + "`", operation.limit());
  }

  private static List<String> row(EndpointRule rule) {
    return List.of(rule.regions(), rule.host(), rule.vpcHost().isEmpty() ? "none" : rule.vpcHost());
  }

  private static List<List<String>> keys(JobProviderFactory factory) {
    List<List<String>> rows = new ArrayList<>();
    for (ConfigKey key : factory.keys()) {
      rows.add(List.of(key.name() + (key.required() ? " (required)" : ""), key.description()));
    }
    for (ConfigKey key : factory.credentialKeys()) {
      rows.add(List.of("credentials." + key.name(), key.description()));
    }
    return rows;
  }

  private static void table(StringBuilder out, List<String> head, List<List<String>> rows) {
    line(out, head);
    line(out, head.stream().map(cell -> "---").toList());
    rows.forEach(row -> line(out, row));
  }

  private static void line(StringBuilder out, List<String> cells) {
    out.append("| ")
        .append(
            cells.stream().map(cell -> cell.replace("|", "\\|")).collect(Collectors.joining(" | ")))
        .append(" |\n");
  }
}
