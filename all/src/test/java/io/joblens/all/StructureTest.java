package io.joblens.all;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Holds the promises that the sources make by their shape. */
class StructureTest {
  private static final int MOST_FILES = 10;
  private static final int MOST_LINES = 950;
  private static final Pattern PROVIDER =
      Pattern.compile(
          "tencent|alibaba|aliyun|huawei|schedulerx|\\bsae\\b", Pattern.CASE_INSENSITIVE);

  /**
   * Counts code: no comments, blank lines, package and imports; no signer, no table of regions, no
   * factory.
   */
  @ParameterizedTest
  @ValueSource(strings = {"alibaba-sae", "alibaba-schedulerx", "tencent-batch", "huawei-workspace"})
  void aProviderIsSmall(String module) {
    List<Path> files =
        sources(module).stream().filter(file -> !file.toString().endsWith("-info.java")).toList();
    long lines =
        files.stream()
            .filter(file -> !file.toString().matches(".*(Signer|Hosts|Regions|Factory)\\.java"))
            .mapToLong(file -> codeLines(read(file)))
            .sum();
    System.out.printf("%6d  code lines in %d files of %s%n", lines, files.size(), module);

    assertThat(files).hasSizeBetween(5, MOST_FILES);
    assertThat(lines).isBetween(200L, (long) MOST_LINES);
  }

  @Test
  void coreNamesNoProvider() {
    assertThat(sources("core"))
        .isNotEmpty()
        .allSatisfy(
            file -> assertThat(read(file)).as(file.toString()).doesNotContainPattern(PROVIDER));
  }

  @Test
  void onlyTheTransportImportsOkHttp() {
    for (String module :
        List.of("core", "alibaba-sae", "alibaba-schedulerx", "tencent-batch", "huawei-workspace")) {
      assertThat(sources(module))
          .allSatisfy(file -> assertThat(read(file)).as(file.toString()).doesNotContain("okhttp3"));
    }
  }

  private static long codeLines(String source) {
    return source
        .replaceAll("(?s)/\\*.*?\\*/", "")
        .lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty() && !line.startsWith("//"))
        .filter(line -> !line.startsWith("import ") && !line.startsWith("package "))
        .count();
  }

  private static List<Path> sources(String module) {
    try (Stream<Path> files = Files.walk(Path.of("..", module, "src", "main", "java"))) {
      return files.filter(file -> file.toString().endsWith(".java")).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
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
