package io.joblens.cli;

import java.util.List;

/** stub. */
final class DemoWorld implements AutoCloseable {
  static DemoWorld open(int port) {
    throw new UsageException("not yet " + port);
  }

  String config() {
    return "";
  }

  List<String> examples() {
    return List.of();
  }

  @Override
  public void close() {}
}
