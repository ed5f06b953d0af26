package io.joblens.all;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Weighs what {@code joblens-all} puts on a user's class path besides JobLens itself. */
class DependencyBudgetTest {

  private static final int MAX_JARS = 11;
  private static final long MAX_BYTES = 6_000_000;

  @Test
  void thirdPartyJarsStayWithinBudget() throws IOException {
    Map<String, Long> jars = new TreeMap<>();
    for (Path jar : thirdPartyJars()) {
      jars.put(jar.getFileName().toString(), Files.size(jar));
    }
    long bytes = jars.values().stream().mapToLong(Long::longValue).sum();

    jars.forEach((name, size) -> System.out.printf(Locale.ROOT, "%,12d  %s%n", size, name));
    System.out.printf(
        Locale.ROOT,
        "%,12d  bytes in %d third-party jars (at most %,d in %d)%n",
        bytes,
        jars.size(),
        MAX_BYTES,
        MAX_JARS);

    assertThat(jars).isNotEmpty().hasSizeLessThanOrEqualTo(MAX_JARS);
    assertThat(bytes).isLessThanOrEqualTo(MAX_BYTES);
  }

  private static List<Path> thirdPartyJars() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("target", "third-party"))) {
      return files.filter(file -> file.toString().endsWith(".jar")).toList();
    }
  }
}
