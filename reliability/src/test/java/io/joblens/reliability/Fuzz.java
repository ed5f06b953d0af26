package io.joblens.reliability;

import java.nio.charset.StandardCharsets;

/** Where Jazzer enters, once for each target: the property {@code fuzz.target} names it. */
public final class Fuzz {
  private static final FuzzTarget TARGET =
      FuzzTarget.valueOf(System.getProperty("fuzz.target", "SAE"));

  private Fuzz() {}

  /** Loads what the target needs, before the time of its inputs is measured. */
  public static void fuzzerInitialize() {
    TARGET.run("00{}".getBytes(StandardCharsets.UTF_8));
  }

  /** Runs the target with one input. */
  public static void fuzzerTestOneInput(byte[] data) {
    TARGET.run(data);
  }
}
