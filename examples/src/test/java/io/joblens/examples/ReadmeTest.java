package io.joblens.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The README shows what is compiled and run here, to the letter. */
class ReadmeTest {
  private static final Pattern SNIPPET =
      Pattern.compile("(?s) *// snippet: ([a-z-]+)\n(.*?)\n *// end\n");

  @Test
  void everySnippetStandsInTheReadme() throws IOException {
    String readme = Files.readString(Path.of("../README.md"));

    Map<String, String> snippets = snippets();

    assertThat(snippets)
        .containsKeys(
            "first-query",
            "four-clouds",
            "stop-early",
            "wait",
            "errors",
            "test",
            "vendor-credentials")
        .allSatisfy((name, code) -> assertThat(readme).as(name).contains(code));
  }

  @Test
  void everyJavaBlockOfTheReadmeIsASnippet() throws IOException {
    String readme = Files.readString(Path.of("../README.md"));
    Matcher block = Pattern.compile("(?s)```java\n(.*?)```").matcher(readme);

    assertThat(block.results().map(found -> found.group(1)))
        .isNotEmpty()
        .allSatisfy(code -> assertThat(snippets().values()).contains(code.stripTrailing()));
  }

  private static Map<String, String> snippets() {
    Map<String, String> snippets = new LinkedHashMap<>();
    collect(Path.of("src"), snippets);
    collect(Path.of("../vendor-sdk-bridge/src/test"), snippets); // needs the vendors' SDKs
    return snippets;
  }

  private static void collect(Path folder, Map<String, String> snippets) {
    try (Stream<Path> files = Files.walk(folder)) {
      files
          .filter(file -> file.toString().endsWith(".java"))
          .filter(file -> !file.endsWith("ReadmeTest.java"))
          .forEach(file -> collect(read(file), snippets));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void collect(String source, Map<String, String> snippets) {
    Matcher matcher = SNIPPET.matcher(source);
    while (matcher.find()) {
      snippets.put(matcher.group(1), matcher.group(2).stripIndent());
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
