package io.joblens.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What docs/reliability.md says besides the fault matrix. */
class ReliabilityPageTest {
  private static final Pattern TEST = Pattern.compile("`(\\w+(?:Test|Contract))\\.(\\w+)`");

  @Test
  void theTestsThatThePageNamesExist() throws IOException {
    String page = Files.readString(Path.of("..", "docs", "reliability.md"));
    List<MatchResult> named = TEST.matcher(page).results().toList();
    assertThat(named).hasSizeGreaterThan(20);
    for (MatchResult name : named) {
      assertThat(source(name.group(1))).contains(" void " + name.group(2) + "(");
    }
  }

  private static String source(String test) throws IOException {
    List<Path> found;
    try (Stream<Path> files =
        Files.find(
            Path.of(".."),
            12,
            (file, type) -> file.endsWith(test + ".java") && file.toString().contains("/src/"))) {
      found = files.toList();
    }
    assertThat(found).as(test).hasSize(1);
    return Files.readString(found.get(0));
  }
}
