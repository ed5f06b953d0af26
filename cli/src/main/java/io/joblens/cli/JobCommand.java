package io.joblens.cli;

import io.joblens.Job;
import io.joblens.spi.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "job",
    mixinStandardHelpOptions = true,
    description = "Shows the definition of a job.")
final class JobCommand extends JobLensCommand {
  @Parameters(paramLabel = "REF", description = "[CLOUD@]REF or [CLOUD@]ID.")
  String ref = "";

  JobCommand(Io io) {
    super(io);
  }

  @Override
  public Integer call() {
    requireTableOrJson();
    try (Targets targets = Targets.open(io, config)) {
      Targets.Job target = targets.job(ref);
      Job job = target.client().getJob(target.ref());
      if (format.isJson()) {
        io.out().print(job.toJson() + "\n");
      } else {
        print(job);
      }
      io.out().flush();
      return ExitCode.OK;
    }
  }

  private void print(Job job) {
    Map<String, String> lines = new LinkedHashMap<>();
    lines.put("ref", job.cloud() + "@" + job.ref());
    lines.put("account", job.account());
    put(lines, "name", job.name());
    put(lines, "description", job.description());
    put(lines, "schedule", job.schedule());
    put(lines, "zone", job.zone());
    put(lines, "enabled", job.enabled());
    put(lines, "timeout", job.timeout().map(Times::show));
    job.retries().ifPresent(count -> lines.put("retries", Integer.toString(count)));
    put(lines, "concurrency", job.concurrencyPolicy());
    job.resources().forEach((key, value) -> lines.put("resource " + key, value));
    job.labels().forEach((key, value) -> lines.put("label " + key, value));
    put(lines, "last state", job.lastState());
    job.attributes()
        .forEach((key, value) -> lines.put(key, value instanceof String s ? s : Json.write(value)));
    int width = lines.keySet().stream().mapToInt(Cells::width).max().orElse(0) + 2;
    lines.forEach(
        (key, value) ->
            io.out()
                .print(
                    Cells.pad(Cells.clean(key + ":"), width, false) + Cells.clean(value) + "\n"));
  }

  private static void put(Map<String, String> lines, String key, Optional<?> value) {
    value.ifPresent(v -> lines.put(key, v.toString()));
  }
}
