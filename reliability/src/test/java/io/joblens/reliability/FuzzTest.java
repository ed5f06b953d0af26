package io.joblens.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Runs the fuzz targets: what is known in every build, what Jazzer finds in profile {@code fuzz}.
 */
class FuzzTest {
  private static final Pattern DONE = Pattern.compile("Done (\\d+) runs in (\\d+) second");

  @ParameterizedTest
  @EnumSource
  void itsCorpusIsStood(FuzzTarget target) throws IOException {
    List<Path> inputs;
    try (Stream<Path> files = Files.list(target.corpus())) {
      inputs = files.sorted().toList();
    }
    assertThat(inputs).isNotEmpty();
    for (Path input : inputs) {
      try {
        target.run(Files.readAllBytes(input));
      } catch (RuntimeException | Error e) {
        throw new AssertionError("input " + input, e);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  @EnabledIfSystemProperty(named = "fuzz.seconds", matches = "[1-9]\\d*")
  void whatJazzerTriesIsStood(FuzzTarget target) throws Exception {
    if (!target.name().matches(System.getProperty("fuzz.targets", ".*"))) {
      return;
    }
    Path work = Files.createDirectories(Path.of("target", "fuzz", target.name()));
    Path log = work.resolve("log.txt");
    Path found = Files.createDirectories(work.resolve("corpus"));
    Process jvm = start(target, work, found, log);
    long seconds = Long.getLong("fuzz.seconds", 60);
    assertThat(jvm.waitFor(seconds + 300, TimeUnit.SECONDS)).as("ends").isTrue();

    String said = Files.readString(log, StandardCharsets.ISO_8859_1);
    Matcher done = DONE.matcher(said);
    assertThat(jvm.exitValue()).as("what Jazzer says is in " + log).isZero();
    assertThat(done.find()).as("it ran").isTrue();
    System.out.printf(
        Locale.ROOT,
        "[FIGURE] fuzz %s: %,d inputs in %s s, 0 findings%n",
        target.name().toLowerCase(Locale.ROOT),
        Long.parseLong(done.group(1)),
        done.group(2));
  }

  private static Process start(FuzzTarget target, Path work, Path found, Path log)
      throws IOException {
    return new ProcessBuilder(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "-Dfuzz.target=" + target.name(),
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=off",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + Fuzz.class.getName(),
                "--instrumentation_includes=io.joblens.**",
                "--custom_hook_includes=io.joblens.**",
                "--reproducer_path=" + work,
                "-artifact_prefix=" + work + "/",
                "-max_total_time=" + Long.getLong("fuzz.seconds", 60),
                "-timeout=25",
                "-max_len=4096",
                "-print_final_stats=1",
                found.toString(),
                target.corpus().toString()))
        .redirectErrorStream(true)
        .redirectOutput(log.toFile())
        .start();
  }
}
