package io.joblens.cli;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that choose among the configured clouds. */
final class CloudOptions {
  @Option(
      names = "--cloud",
      paramLabel = "GLOB",
      description = "Only clouds whose name matches; may be given several times.")
  private List<String> clouds = new ArrayList<>();

  @Option(names = "--provider", paramLabel = "P", description = "Only clouds of this provider.")
  private @Nullable String provider;

  @Option(names = "--account", paramLabel = "A", description = "Only clouds of this account.")
  private @Nullable String account;

  List<String> clouds() {
    return clouds;
  }

  @Nullable String provider() {
    return provider;
  }

  @Nullable String account() {
    return account;
  }
}
