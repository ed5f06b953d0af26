package io.joblens.cli;

import io.joblens.spi.TimeSource;
import io.joblens.testkit.FakeCloud;
import io.joblens.testkit.FakeRun;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** The demo's four clouds and a configuration that leads to them, for one test. */
final class DemoClouds implements AutoCloseable {
  final DemoWorld world;
  final Terminal terminal = new Terminal();
  private final Path file;

  DemoClouds(Path directory) {
    this(directory, TimeSource.system());
  }

  /** Opens clouds whose clock is another one than this machine's. */
  DemoClouds(Path directory, TimeSource time) {
    world = DemoWorld.open(0, time);
    file = directory.resolve("joblens.yaml");
    config(UnaryOperator.identity());
  }

  /** Changes the configuration. */
  DemoClouds config(UnaryOperator<String> change) {
    try {
      Files.writeString(file, change.apply(world.config()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  /** Adds a run of Tencent's cloud that has the next of the words after each answer. */
  DemoClouds batchRun(String id, String... words) {
    return run(
        world.batch(), () -> FakeRun.builder(id).region("ap-guangzhou").name(id), List.of(words));
  }

  /** Adds a run of SchedulerX's job 2001 that has the next of the words after each answer. */
  DemoClouds schedulerxRun(String id, String... words) {
    return run(
        world.schedulerx(),
        () ->
            FakeRun.builder(id)
                .job("2001")
                .region("cn-hangzhou")
                .namespace(DemoWorld.NAMESPACE)
                .group(DemoWorld.GROUP),
        List.of(words));
  }

  /** While the word is blank there is no such run. */
  private DemoClouds run(FakeCloud cloud, Supplier<FakeRun.Builder> run, List<String> words) {
    Iterator<String> next = words.iterator();
    Runnable advance =
        () -> {
          String word = next.hasNext() ? next.next() : "";
          if (!word.isEmpty()) {
            cloud.world().add(run.get().at(Duration.ofMinutes(-1), word));
          }
        };
    advance.run();
    cloud.onReply(
        (request, reply) -> {
          advance.run();
          return reply;
        });
    return this;
  }

  /** Runs a command with the configuration. */
  int run(String... words) {
    String[] all = Arrays.copyOf(words, words.length + 2);
    all[words.length] = "--config";
    all[words.length + 1] = file.toString();
    return terminal.run(all);
  }

  /** Returns where the configuration is. */
  String file() {
    return file.toString();
  }

  String out() {
    return terminal.out();
  }

  String err() {
    return terminal.err();
  }

  @Override
  public void close() {
    world.close();
  }
}
