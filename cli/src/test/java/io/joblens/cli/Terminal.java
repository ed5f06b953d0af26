package io.joblens.cli;

import io.joblens.spi.Environment;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Runs the command inside the test's process and keeps what it prints. Thread-safe. */
final class Terminal {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final Map<String, String> environment = new LinkedHashMap<>();
  private final Map<String, String> properties = new HashMap<>();
  private Path home = Path.of("nowhere");
  private ZoneId zone = ZoneId.of("Asia/Shanghai");
  private InstantSource clock = InstantSource.system();
  private boolean watched;
  private int columns = 120;

  Terminal with(String variable, String value) {
    environment.put(variable, value);
    return this;
  }

  Terminal withProperty(String name, String value) {
    properties.put(name, value);
    return this;
  }

  Terminal home(Path value) {
    home = value;
    return this;
  }

  Terminal zone(String value) {
    zone = ZoneId.of(value);
    return this;
  }

  Terminal at(String now) {
    clock = InstantSource.fixed(Instant.parse(now));
    return this;
  }

  /** Somebody looks at both streams. */
  Terminal watched(int width) {
    watched = true;
    columns = width;
    return this;
  }

  int run(String... args) {
    int code = JobLens.run(io(), args);
    System.out.print(out() + err()); // what tests print is searched for secrets in the end
    return code;
  }

  Io io() {
    return new Io(
        new Output(out),
        new PrintStream(err, true, StandardCharsets.UTF_8),
        new Environment(environment, properties::get, home),
        zone,
        clock,
        watched,
        watched,
        columns);
  }

  String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  List<String> lines() {
    return out().lines().toList();
  }
}
