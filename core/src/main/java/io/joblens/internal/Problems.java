package io.joblens.internal;

import io.joblens.ConfigException;
import io.joblens.spi.Text;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;

/** The mistakes found in a configuration file, so that all of them are told at once. */
final class Problems {
  private final Path file;
  private final Set<String> found = new LinkedHashSet<>(); // an account is read by each cloud of it
  private int added;

  Problems(Path file) {
    this.file = file;
  }

  void add(String path, int line, String problem) {
    String place = path.isEmpty() ? "" : Text.printable(path, 200) + " ";
    added++;
    found.add(place + "(line " + line + "): " + problem);
  }

  void add(ConfigTree.Value value, String problem) {
    add(value.path(), value.line(), problem);
  }

  /** Returns how many were added, those that had been found before too. */
  int count() {
    return added;
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
