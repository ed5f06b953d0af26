package io.joblens.cli;

import io.joblens.CheckUp;
import io.joblens.JobClient;
import io.joblens.JobException;
import io.joblens.spi.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    description =
        "Tries the set-up of each cloud: credentials, clock, and one cheap request per operation.")
final class DoctorCommand extends JobLensCommand {
  private static final Duration SMALL_SKEW = Duration.ofSeconds(30);
  private static final String OK = "  ok    ";
  private static final String WARN = "  warn  ";
  private static final String FAIL = "  FAIL  ";

  @Mixin CloudOptions clouds = new CloudOptions();

  DoctorCommand(Io io) {
    super(io);
  }

  @Override
  public Integer call() {
    requireTableOrJson();
    try (Targets targets = Targets.open(io, config)) {
      List<JobClient> selected = targets.select(clouds);
      Map<String, JobException> failures = new LinkedHashMap<>();
      List<Map<String, Object>> rows = new ArrayList<>();
      for (JobClient client : selected) {
        CheckUp result = client.checkUp();
        result.checks().stream()
            .flatMap(check -> check.problem().stream())
            .findFirst()
            .ifPresent(problem -> failures.put(client.name(), problem));
        switch (format) {
          case JSON -> rows.add(toMap(result));
          case NDJSON -> io.out().print(Json.write(toMap(result)) + "\n");
          default -> print(result, targets.entry(client));
        }
        io.out().flush();
      }
      if (format == Format.JSON) {
        io.out().print(Json.write(Map.of("schema", 1, "clouds", rows)) + "\n");
        io.out().flush();
      }
      return ExitCode.of(ExitCode.Outcome.of(selected.size(), failures));
    }
  }

  private void print(CheckUp result, CloudEntry entry) {
    line(
        "",
        result.cloud()
            + ": "
            + result.provider()
            + ", account "
            + result.account()
            + (result.regions().isEmpty() ? "" : ", " + String.join(", ", result.regions()))
            + entry.endpoint().map(endpoint -> ", endpoint " + endpoint).orElse("")
            + (entry.scope().isEmpty() ? "" : ", " + entry.showScope()));
    for (CheckUp.Check check : result.checks()) {
      String where = check.what() + check.host().map(host -> " at " + host).orElse("");
      String found =
          check.what().equals("credentials")
              ? result.credentials().map(s -> ": " + s).orElse("")
              : "";
      Optional<JobException> problem = check.problem();
      line(
          problem.isEmpty() ? OK : FAIL,
          where + (problem.isEmpty() ? found : ": " + problem.get().detail()));
    }
    result.clockSkew().ifPresent(this::printClock);
    result.warnings().forEach(warning -> line(WARN, warning));
  }

  private void printClock(Duration skew) {
    String size = Times.show(skew.abs());
    if (skew.abs().compareTo(SMALL_SKEW) <= 0) {
      line(OK, "clock: within " + size + " of the vendor's");
    } else {
      String side = skew.isNegative() ? " ahead of" : " behind";
      line(WARN, "clock: " + size + side + " the vendor's; set it, or signatures expire");
    }
  }

  private static Map<String, Object> toMap(CheckUp result) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("cloud", result.cloud());
    map.put("provider", result.provider());
    map.put("account", result.account());
    map.put("regions", result.regions());
    map.put("credentials", result.credentials());
    map.put("clockSkewSeconds", result.clockSkew().map(Duration::toSeconds));
    map.put("healthy", result.isHealthy());
    map.put(
        "checks",
        result.checks().stream()
            .map(
                check -> {
                  Map<String, Object> one = new LinkedHashMap<>();
                  one.put("what", check.what());
                  one.put("host", check.host());
                  one.put("problem", check.problem().map(JobException::detail));
                  return one;
                })
            .toList());
    map.put("warnings", Optional.of(result.warnings()).filter(list -> !list.isEmpty()));
    return map;
  }

  private void line(String mark, String text) {
    String indent = " ".repeat(mark.length());
    List<String> lines = text.lines().map(Cells::clean).toList();
    for (int i = 0; i < lines.size(); i++) {
      io.out().print((i == 0 ? mark : indent) + lines.get(i) + "\n");
    }
  }
}
