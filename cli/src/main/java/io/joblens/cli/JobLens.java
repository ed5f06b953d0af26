package io.joblens.cli;

import io.joblens.JobException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/** The {@code joblens} command: asks clouds about their jobs. */
@Command(
    name = "joblens",
    mixinStandardHelpOptions = true,
    versionProvider = JobLens.Version.class,
    description = "Asks clouds what their jobs are doing.",
    footer = {
      "",
      "A run is named by [CLOUD@]REF, as printed, or by CLOUD@ID where the id alone names it.",
      "Exit codes: 0 fine; 1 failed or not found; 2 usage or configuration; 3 an awaited run",
      "did not succeed; 4 access denied by every cloud; 5 some clouds failed; 6 time over.",
      "First steps: joblens demo"
    })
public final class JobLens {

  /** Reads the version from the jar's manifest. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = JobLens.class.getPackage().getImplementationVersion();
      return new String[] {"joblens " + (version == null ? "(from source)" : version)};
    }
  }

  private JobLens() {}

  /** Runs the command and ends the process with its exit code. */
  public static void main(String[] args) {
    String level = System.getenv("JOBLENS_LOG");
    if (level != null && !level.isEmpty()) {
      System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", level.toLowerCase(Locale.ROOT));
    }
    if (args.length > 0 && args[0].equals("doctor")) {
      // what this logger has to say is among the doctor's own findings
      System.setProperty("org.slf4j.simpleLogger.log.io.joblens.credentials", "off");
    }
    System.exit(run(Io.ofProcess(), args));
  }

  /** Runs the command; returns the exit code. */
  static int run(Io io, String... args) {
    CommandLine root = new CommandLine(new JobLens());
    root.addSubcommand(new DemoCommand(io));
    root.addSubcommand(new RunsCommand(io));
    root.addSubcommand(new GetCommand(io));
    root.addSubcommand(new JobCommand(io));
    root.addSubcommand(new JobsCommand(io));
    root.addSubcommand(new WaitCommand(io));
    root.addSubcommand(new CloudsCommand(io));
    root.addSubcommand(new ProvidersCommand(io));
    root.addSubcommand(new RawCommand(io));
    root.addSubcommand(new DoctorCommand(io));
    root.getSubcommands().values().forEach(c -> c.getCommandSpec().versionProvider(new Version()));
    root.setOut(new PrintWriter(io.out(), true, StandardCharsets.UTF_8));
    root.setErr(new PrintWriter(io.err(), true, StandardCharsets.UTF_8));
    root.setColorScheme(
        CommandLine.Help.defaultColorScheme(
            io.colours() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF));
    root.setCaseInsensitiveEnumValuesAllowed(true);
    root.setExpandAtFiles(false); // @ begins nothing here, and ids may hold it
    root.setUsageHelpWidth(100);
    boolean json = wantsJson(args);
    root.setParameterExceptionHandler(
        (error, rest) -> {
          if (args.length == 0) {
            root.usage(io.err());
            return ExitCode.USAGE;
          }
          Problems problems = new Problems(io.err(), json);
          problems.error(String.valueOf(error.getMessage()));
          if (!json) {
            String command = error.getCommandLine().getCommandSpec().qualifiedName();
            problems.progress("Try '" + command + " --help'.", Map.of());
          }
          return ExitCode.USAGE;
        });
    root.setExecutionExceptionHandler((error, command, parsed) -> failed(io, json, error));
    int code = root.execute(args);
    Optional<String> lost = io.out().failure();
    lost.ifPresent(
        why -> new Problems(io.err(), json).error("the output could not be written: " + why));
    return lost.isPresent() && code == ExitCode.OK ? ExitCode.FAILED : code;
  }

  private static int failed(Io io, boolean json, Exception error) {
    Problems problems = new Problems(io.err(), json);
    io.out().flush();
    // the latter when a reference or an id cannot be one of the cloud's, found before anything is
    // sent
    if (error instanceof UsageException || error instanceof IllegalArgumentException) {
      problems.error(String.valueOf(error.getMessage()));
      return ExitCode.USAGE;
    }
    if (error instanceof JobException known) {
      problems.error(known);
      return ExitCode.of(ExitCode.Outcome.of(1, Map.of("", known)));
    }
    problems.error("this is a mistake in JobLens, please report it: " + error);
    error.printStackTrace(io.err());
    return ExitCode.FAILED;
  }

  /** Looks for {@code -o json} before anything is parsed, since parsing itself may fail. */
  private static boolean wantsJson(String... args) {
    for (int i = 0; i < args.length; i++) {
      String value = outputFormat(args[i], i + 1 < args.length ? args[i + 1] : null);
      if (value != null
          && Arrays.stream(Format.values())
              .anyMatch(format -> format.isJson() && format.name().equalsIgnoreCase(value))) {
        return true;
      }
    }
    return false;
  }

  private static @Nullable String outputFormat(String arg, @Nullable String next) {
    if (arg.equals("-o") || arg.equals("--output")) {
      return next;
    }
    if (arg.startsWith("--output=")) {
      return arg.substring("--output=".length());
    }
    return arg.startsWith("-o") ? arg.substring(arg.startsWith("-o=") ? 3 : 2) : null;
  }
}
