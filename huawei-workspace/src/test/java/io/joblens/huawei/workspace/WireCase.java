package io.joblens.huawei.workspace;

import static java.util.Objects.requireNonNull;

import io.joblens.spi.JsonReader;
import io.joblens.spi.WireRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** One directory of test data. */
record WireCase(Path directory) {

  /** Returns the cases in a directory of {@code src/test/resources}. */
  static List<WireCase> in(String directory) {
    try (Stream<Path> paths = Files.list(Path.of("src/test/resources", directory))) {
      return paths.filter(Files::isDirectory).sorted().map(WireCase::new).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String text(String file) {
    return new String(bytes(file), StandardCharsets.UTF_8);
  }

  byte[] bytes(String file) {
    try {
      return Files.readAllBytes(directory.resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Map<?, ?> json(String file) {
    return (Map<?, ?>) tree(text(file));
  }

  static Object tree(String json) {
    return requireNonNull(JsonReader.readTree(json.getBytes(StandardCharsets.UTF_8)));
  }

  static String text(Map<?, ?> json, String key) {
    return (String) requireNonNull(json.get(key), key);
  }

  static int number(Map<?, ?> json, String key) {
    return (Integer) requireNonNull(json.get(key), key);
  }

  static List<?> list(Map<?, ?> json, String key) {
    return (List<?>) requireNonNull(json.get(key), key);
  }

  /**
   * Returns the request as it stands in {@code .http} files, its headers in order of their names.
   */
  static String http(WireRequest request) {
    StringBuilder text = new StringBuilder(request.method());
    text.append(' ').append(request.encodedPath());
    text.append(request.query().isEmpty() ? "" : "?" + request.encodedQuery());
    text.append(" HTTP/1.1\nhost: ").append(request.host()).append('\n');
    new TreeMap<>(request.headers())
        .forEach((name, value) -> text.append(name).append(": ").append(value).append('\n'));
    return text.toString();
  }

  @Override
  public String toString() {
    return String.valueOf(directory.getFileName());
  }
}
