package io.joblens.cli;

import io.joblens.spi.Environment;
import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/**
 * What commands see of the world around the process, so that a test can give them another one.
 *
 * @param out where data goes
 * @param err where everything else goes
 * @param environment variables and home directory
 * @param zone the zone in which people read times
 * @param clock the time
 * @param outIsTerminal whether somebody looks at {@code out}
 * @param errIsTerminal whether somebody looks at {@code err}
 * @param columns how wide the terminal is
 */
record Io(
    Output out,
    PrintStream err,
    Environment environment,
    ZoneId zone,
    InstantSource clock,
    boolean outIsTerminal,
    boolean errIsTerminal,
    int columns) {
  private static final int USUAL_COLUMNS = 120;

  /** Returns what surrounds this process. */
  static Io ofProcess() {
    Environment environment = Environment.system();
    boolean console = hasTerminal(System.console());
    return new Io(
        new Output(new FileOutputStream(FileDescriptor.out)),
        new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8),
        environment,
        ZoneId.systemDefault(),
        InstantSource.system(),
        isTerminal("out", console),
        isTerminal("err", console),
        columns(environment.variable("COLUMNS").orElse("")));
  }

  /** Tells whether words may be coloured; see no-color.org. */
  boolean colours() {
    return outIsTerminal
        && environment.variable("NO_COLOR").isEmpty()
        && !environment.variable("TERM").orElse("").equals("dumb");
  }

  /** The launcher knows each stream; Java only whether standard input and output are both one. */
  private static boolean isTerminal(String stream, boolean console) {
    String known = System.getProperty("joblens.terminal");
    return known == null ? console : known.contains(stream);
  }

  /**
   * Since Java 22 there may be a console without a terminal, and a method that tells them apart.
   */
  private static boolean hasTerminal(@Nullable Console console) {
    if (console == null) {
      return false;
    }
    try {
      return (Boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (ReflectiveOperationException e) {
      return true;
    }
  }

  private static int columns(String text) {
    try {
      return Math.max(40, Integer.parseInt(text));
    } catch (NumberFormatException e) {
      return USUAL_COLUMNS;
    }
  }
}
