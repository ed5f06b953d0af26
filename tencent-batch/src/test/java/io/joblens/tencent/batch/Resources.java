package io.joblens.tencent.batch;

import io.joblens.spi.JsonReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** Test data that stands in files. */
final class Resources {
  private Resources() {}

  /** Returns the folders in a folder, in alphabetic order. */
  static List<Path> folders(String name) {
    try {
      URL url = Objects.requireNonNull(Resources.class.getResource("/" + name), name);
      try (Stream<Path> files = Files.list(Path.of(url.toURI()))) {
        return files.filter(Files::isDirectory).sorted().toList();
      }
    } catch (IOException | URISyntaxException e) {
      throw new IllegalStateException("no test data in " + name, e);
    }
  }

  static String text(Path folder, String file) {
    try {
      return Files.readString(folder.resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Map<?, ?> json(Path folder, String file) {
    try {
      if (JsonReader.readTree(Files.readAllBytes(folder.resolve(file))) instanceof Map<?, ?> map) {
        return map;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    throw new IllegalStateException(folder + "/" + file + " is no JSON object");
  }
}
