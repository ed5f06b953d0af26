package io.joblens.cli;

import io.joblens.CheckUp;
import io.joblens.CredentialsException;
import io.joblens.JobClient;
import io.joblens.JobException;
import io.joblens.JobServiceException;
import io.joblens.spi.CredentialsFile;
import io.joblens.spi.Json;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    description =
        "Tries the set-up of each cloud: credentials, clock, and one cheap request per operation.")
final class DoctorCommand extends JobLensCommand {
  private static final Duration SMALL_SKEW = Duration.ofSeconds(30);

  /** Vendors lock a key after some failures in a row, and several clouds may share one. */
  private static final int MOST_REFUSALS = 2;

  private static final String OK = "  ok    ";
  private static final String WARN = "  warn  ";
  private static final String FAIL = "  FAIL  ";
  private static final String SKIP = "  skip  ";

  private final Set<Path> knownOpen = new HashSet<>(CredentialsFile.openToOthers());

  @Mixin CloudOptions clouds = new CloudOptions();

  private final Map<Key, Refusals> refusals = new LinkedHashMap<>();

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
        CheckUp result = checkUp(client, targets.entry(client));
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
      warnOfFilesInPassing();
      return ExitCode.of(ExitCode.Outcome.of(selected.size(), failures));
    }
  }

  /** Tells of open files that were looked into and gave no cloud its credentials. */
  private void warnOfFilesInPassing() {
    for (Path path : CredentialsFile.openToOthers()) {
      if (knownOpen.add(path)) {
        new Problems(io.err(), format.isJson()).progress(openToOthers(path), Map.of());
      }
    }
  }

  private CheckUp checkUp(JobClient client, CloudEntry entry) {
    Set<String> spared =
        refusals.entrySet().stream()
            .filter(known -> known.getKey().vendor().equals(entry.credentialKeys()))
            .filter(known -> known.getValue().count >= MOST_REFUSALS)
            .map(known -> known.getKey().of())
            .collect(Collectors.toSet());
    CheckUp result = client.checkUp(spared);
    List<CheckUp.Check> checks = new ArrayList<>(result.checks());
    if (result.key().isPresent()) {
      Key key = new Key(entry.credentialKeys(), result.key().get());
      Refusals sofar = refusals.computeIfAbsent(key, unknown -> new Refusals());
      if (spared.contains(key.of())) {
        checks = List.of(untried(result, sofar));
      }
      for (CheckUp.Check check : checks) {
        if (check.problem().filter(DoctorCommand::isRefusal).isPresent()) {
          sofar.count += check.problem().get().attempts();
          sofar.clouds.add(client.name());
        }
      }
    }
    List<String> warnings = new ArrayList<>(result.warnings());
    CredentialsFile.openToOthers().stream()
        .filter(path -> warnings.stream().anyMatch(text -> text.startsWith(path + " ")))
        .forEach(knownOpen::add);
    entry.openSecrets().forEach(path -> warnings.add(openToOthers(path)));
    return new CheckUp(
        result.cloud(),
        result.account(),
        result.provider(),
        result.regions(),
        result.credentials(),
        result.key(),
        result.clockSkew(),
        checks,
        result.untried(),
        warnings);
  }

  private static String openToOthers(Path path) {
    return path
        + " holds credentials and is open to other users than its owner; run: chmod 600 "
        + path;
  }

  private static boolean isRefusal(JobException problem) {
    return problem instanceof JobServiceException service
        && switch (service.kind()) {
          case AUTHENTICATION, EXPIRED_CREDENTIALS, CLOCK_SKEW -> true;
          default -> false;
        };
  }

  /**
   * A key that clouds may share, whatever their accounts are called.
   *
   * @param vendor what its providers call credentials, which one vendor's do alike
   * @param of tells it apart from the vendor's others
   */
  private record Key(List<String> vendor, String of) {}

  /** What came of a key's clouds so far. */
  private static final class Refusals {
    private int count;
    private final Set<String> clouds = new LinkedHashSet<>();
  }

  private static CheckUp.Check untried(CheckUp result, Refusals refusals) {
    JobException problem =
        new CredentialsException(
            "not tried, because the vendor has refused the key "
                + refusals.count
                + " times, for "
                + String.join(" and ", refusals.clouds)
                + ", and may lock one that fails on; repair that first"
                + result.credentials().map(whose -> ": " + whose).orElse(""));
    return new CheckUp.Check(
        "credentials", Optional.empty(), Optional.empty(), Optional.of(problem));
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
    boolean isOneOfSeveral = result.regions().size() > 1;
    for (CheckUp.Check check : result.checks()) {
      String where =
          check.what()
              + check.region().filter(name -> isOneOfSeveral).map(name -> " in " + name).orElse("")
              + check.host().map(host -> " at " + host).orElse("");
      String found =
          check.what().equals("credentials")
              ? result.credentials().map(s -> ": " + s).orElse("")
              : "";
      Optional<JobException> problem = check.problem();
      line(
          problem.isEmpty() ? OK : FAIL,
          where + (problem.isEmpty() ? found : ": " + problem.get().detail()));
    }
    if (!result.untried().isEmpty()) {
      line(SKIP, "not tried for that reason: " + String.join(", ", result.untried()));
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
      line(
          WARN,
          "clock: this machine is "
              + size
              + side
              + " the vendor; set its clock, best by NTP, or signatures are refused as expired");
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
                  one.put("region", check.region());
                  one.put("host", check.host());
                  one.put("problem", check.problem().map(JobException::detail));
                  return one;
                })
            .toList());
    map.put("untried", Optional.of(result.untried()).filter(list -> !list.isEmpty()));
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
