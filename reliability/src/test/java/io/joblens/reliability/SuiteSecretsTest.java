package io.joblens.reliability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;

/**
 * Searches what the tests of all modules, which ran before, printed, logged down to TRACE and threw
 * for the secrets that they were given. This module's own are searched cell by cell.
 */
class SuiteSecretsTest {
  private final List<String> leaks = new ArrayList<>();
  private long lines;
  private long exceptions;

  @Test
  void noSecretIsInWhatTheTestsPrintedLoggedOrThrew() throws IOException {
    List<Path> modules;
    try (Stream<Path> folders = Files.list(Path.of(".."))) {
      modules =
          folders
              .filter(folder -> Files.exists(folder.resolve("target/exceptions.jfr")))
              .sorted()
              .toList();
    }
    assumeThat(modules).as("modules that were tested before this one").isNotEmpty();
    for (Path module : modules) {
      try (Stream<Path> files = Files.list(module.resolve("target/surefire-reports"))) {
        for (Path file : files.filter(name -> name.toString().endsWith("-output.txt")).toList()) {
          searchOutput(file);
        }
      }
      searchExceptions(module.resolve("target/exceptions.jfr"));
    }
    System.out.printf(
        Locale.ROOT,
        "[FIGURE] secrets: %d lines of output and log and %d exceptions of %d modules' tests"
            + " searched, %d found%n",
        lines,
        exceptions,
        modules.size(),
        leaks.size());
    assertThat(leaks).isEmpty();
    assertThat(lines).isPositive();
    assertThat(exceptions).isPositive();
  }

  private void searchOutput(Path file) throws IOException {
    try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        lines++;
        if (Canaries.areIn(line)) {
          leaks.add(file + ":" + lines + ": " + line);
        }
      }
    }
  }

  /**
   * Causes are in the log. What others throw and JobLens drops, such as a parser's, is not shown.
   */
  private void searchExceptions(Path file) throws IOException {
    try (RecordingFile recording = new RecordingFile(file)) {
      while (recording.hasMoreEvents()) {
        RecordedEvent event = recording.readEvent();
        if (!event.hasField("thrownClass")) {
          continue; // of the recording itself
        }
        String thrown = event.getClass("thrownClass").getName();
        String message = event.getString("message");
        if (!thrown.startsWith("io.joblens.")) {
          continue;
        }
        exceptions++;
        if (message != null && Canaries.areIn(message)) {
          leaks.add(file + ": " + thrown + ": " + message);
        }
      }
    }
  }
}
