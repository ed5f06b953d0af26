package io.joblens.cli;

import io.joblens.JobClient;
import io.joblens.spi.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;

@Command(
    name = "clouds",
    mixinStandardHelpOptions = true,
    description = "Lists the configured clouds. Sends nothing and shows no secrets.")
final class CloudsCommand extends JobLensCommand {
  CloudsCommand(Io io) {
    super(io);
  }

  @Override
  public Integer call() {
    requireTableOrJson();
    try (Targets targets = Targets.open(io, config)) {
      Table table = new Table("CLOUD", "PROVIDER", "ACCOUNT", "REGION", "ENDPOINT", "SCOPE");
      List<Map<String, Object>> rows = new ArrayList<>();
      for (JobClient client : targets.all()) {
        CloudEntry entry = targets.entry(client);
        table.row(
            client.name(),
            client.provider().value(),
            client.account(),
            String.join(", ", entry.regions()),
            entry.endpoint().orElse(""),
            entry.showScope());
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("cloud", client.name());
        row.put("provider", client.provider());
        row.put("account", client.account());
        row.put("regions", entry.regions());
        row.put("endpoint", entry.endpoint());
        row.put("scope", Optional.of(entry.scope()).filter(scope -> !scope.isEmpty()));
        rows.add(row);
      }
      switch (format) {
        case JSON -> io.out().print(Json.write(Map.of("clouds", rows)) + "\n");
        case NDJSON -> rows.forEach(row -> io.out().print(Json.write(row) + "\n"));
        default -> table.lines(0, false).forEach(line -> io.out().print(line + "\n"));
      }
      io.out().flush();
      return ExitCode.OK;
    }
  }
}
