package io.joblens.testkit;

import static java.util.Objects.requireNonNull;

import io.joblens.spi.JsonReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * One directory of test data, such as a recorded exchange or a signing vector.
 *
 * @param directory where its files are
 */
public record WireCase(Path directory) {

  /** Returns the cases in a directory of the module's {@code src/test/resources}, by name. */
  public static List<WireCase> in(String directory) {
    try (Stream<Path> paths = Files.list(Path.of("src/test/resources", directory))) {
      return paths.filter(Files::isDirectory).sorted().map(WireCase::new).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the name of the directory around the case's own, such as {@code list}. */
  public String kind() {
    return directory.getName(directory.getNameCount() - 2).toString();
  }

  /** Returns a file as text. */
  public String text(String file) {
    return new String(bytes(file), StandardCharsets.UTF_8);
  }

  /** Returns a file. */
  public byte[] bytes(String file) {
    try {
      return Files.readAllBytes(directory.resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns a file that is one JSON object. */
  public Map<?, ?> json(String file) {
    return (Map<?, ?>) tree(text(file));
  }

  /** Returns JSON as maps, lists and simple values. */
  public static Object tree(String json) {
    return requireNonNull(JsonReader.readTree(json.getBytes(StandardCharsets.UTF_8)));
  }

  /** Returns the text under the key, which must be there. */
  public static String text(Map<?, ?> json, String key) {
    return (String) requireNonNull(json.get(key), key);
  }

  /** Returns the number under the key, which must be there. */
  public static int number(Map<?, ?> json, String key) {
    return (Integer) requireNonNull(json.get(key), key);
  }

  /** Returns the list under the key, which must be there. */
  public static List<?> list(Map<?, ?> json, String key) {
    return (List<?>) requireNonNull(json.get(key), key);
  }

  @Override
  public String toString() {
    return String.valueOf(directory.getFileName());
  }
}
