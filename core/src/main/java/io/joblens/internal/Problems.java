package io.joblens.internal;

import io.joblens.ConfigException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The mistakes found in a configuration file, so that all of them are told at once. */
final class Problems {
  private final Path file;
  private final List<String> found = new ArrayList<>();

  Problems(Path file) {
    this.file = file;
  }

  void add(String path, int line, String problem) {
    found.add((path.isEmpty() ? "" : path + " ") + "(line " + line + "): " + problem);
  }

  void add(ConfigTree.Value value, String problem) {
    add(value.path(), value.line(), problem);
  }

  boolean isEmpty() {
    return found.isEmpty();
  }

  void throwIfAny() {
    if (!found.isEmpty()) {
      throw new ConfigException(
          file
              + (found.size() == 1 ? " has a mistake:" : " has " + found.size() + " mistakes:")
              + "\n  "
              + String.join("\n  ", found));
    }
  }
}
