package io.joblens.cli;

import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where data goes. Unlike other print streams it knows why it could not take more. */
final class Output extends PrintStream {
  private static final int BUFFER = 1 << 16;

  private final Sink sink;

  /** Writes UTF-8 whatever the locale: with LANG=C Java would print a question mark for each 任. */
  Output(OutputStream to) {
    this(new Sink(to));
  }

  private Output(Sink sink) {
    super(new BufferedOutputStream(sink, BUFFER), false, StandardCharsets.UTF_8);
    this.sink = sink;
  }

  /**
   * Returns why not everything could be written. That nobody reads any more, as in {@code | head
   * -1}, is no failure.
   */
  Optional<String> failure() {
    flush();
    return Optional.ofNullable(sink.failure)
        .map(IOException::getMessage)
        .filter(message -> !message.equals("Broken pipe"));
  }

  private static final class Sink extends FilterOutputStream {
    private @Nullable IOException failure;

    Sink(OutputStream to) {
      super(to);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      try {
        out.write(bytes, from, length);
      } catch (IOException e) {
        failure = e;
        throw e;
      }
    }
  }
}
