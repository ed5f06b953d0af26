package io.joblens.cli;

import io.joblens.Finality;
import io.joblens.JobState;
import io.joblens.spi.Capabilities;
import io.joblens.spi.ConfigKey;
import io.joblens.spi.JobProviderFactory;
import io.joblens.spi.Json;
import io.joblens.spi.StateTable;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;

@Command(
    name = "providers",
    mixinStandardHelpOptions = true,
    description = "Lists the services that JobLens speaks to and what each can do. Sends nothing.")
final class ProvidersCommand extends JobLensCommand {
  ProvidersCommand(Io io) {
    super(io);
  }

  @Override
  public Integer call() {
    requireTableOrJson();
    List<JobProviderFactory> factories = CloudEntry.factories();
    switch (format) {
      case JSON ->
          io.out()
              .print(
                  Json.write(Map.of("providers", map(factories, ProvidersCommand::json))) + "\n");
      case NDJSON -> factories.forEach(f -> io.out().print(Json.write(json(f)) + "\n"));
      default -> factories.forEach(this::print);
    }
    io.out().flush();
    return ExitCode.OK;
  }

  private void print(JobProviderFactory factory) {
    Capabilities can = factory.capabilities();
    io.out().print(factory.id() + "\n");
    line("vendor filters", words(can.pushed()));
    line("JobLens filters", words(can.local()));
    line("own filters", String.join(", ", new TreeSet<>(can.extras())));
    line(
        "pages",
        can.defaultPage()
            + " rows, at most "
            + can.maxPage()
            + "; "
            + can.maxIds()
            + (can.maxIds() == 1 ? " run" : " runs")
            + " a page by id");
    for (Map.Entry<JobState, List<String>> state : wordsByState(factory.states()).entrySet()) {
      line(state.getKey().name(), String.join(", ", state.getValue()));
    }
    line("keys", keys(factory.keys()));
    line("credentials", keys(factory.credentialKeys()));
    io.out().print("\n");
  }

  private void line(String key, String value) {
    if (!value.isEmpty()) {
      io.out().print("  " + Cells.pad(key, 16, false) + "  " + value + "\n");
    }
  }

  /** A word that usually ends a run, but not for the vendor itself, carries a question mark. */
  private static Map<JobState, List<String>> wordsByState(StateTable states) {
    return states.rows().entrySet().stream()
        .collect(
            Collectors.groupingBy(
                row -> row.getValue().state(),
                LinkedHashMap::new,
                Collectors.mapping(
                    row ->
                        row.getKey()
                            + switch (row.getValue().finality()) {
                              case OPEN -> "";
                              case UNSETTLED -> " (usually the end)";
                              case FINISHED -> " (the end)";
                            },
                    Collectors.toList())));
  }

  private static String keys(List<ConfigKey> keys) {
    return keys.stream()
        .map(
            key ->
                (key.shape() == ConfigKey.Shape.TEXT ? key.name() : key.name() + "(s)")
                    + (key.required() ? " (required)" : ""))
        .collect(Collectors.joining(", "));
  }

  private static String words(Collection<? extends Enum<?>> values) {
    return new TreeSet<>(values)
        .stream()
            .map(value -> value.name().toLowerCase(Locale.ROOT).replace('_', '-'))
            .collect(Collectors.joining(", "));
  }

  private static Map<String, Object> json(JobProviderFactory factory) {
    Capabilities can = factory.capabilities();
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("provider", factory.id());
    json.put("pushed", new TreeSet<>(can.pushed()));
    json.put("local", new TreeSet<>(can.local()));
    json.put("extras", new TreeSet<>(can.extras()));
    json.put("paging", can.paging());
    json.put("defaultPage", can.defaultPage());
    json.put("maxPage", can.maxPage());
    json.put("maxIds", can.maxIds());
    json.put(
        "states",
        factory.states().rows().entrySet().stream()
            .map(
                row -> {
                  Map<String, Object> word = new LinkedHashMap<>();
                  word.put("word", row.getKey());
                  word.put("state", row.getValue().state());
                  word.put("finished", row.getValue().finality() == Finality.FINISHED);
                  word.put("settles", row.getValue().finality() == Finality.UNSETTLED);
                  return word;
                })
            .toList());
    json.put("keys", factory.keys().stream().map(ProvidersCommand::json).toList());
    json.put(
        "credentialKeys", factory.credentialKeys().stream().map(ProvidersCommand::json).toList());
    return json;
  }

  private static Map<String, Object> json(ConfigKey key) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", key.name());
    json.put("shape", key.shape());
    json.put("required", key.required());
    json.put("description", key.description());
    return json;
  }
}
