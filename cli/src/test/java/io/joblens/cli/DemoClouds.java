package io.joblens.cli;

import io.joblens.testkit.FakeRun;
import io.joblens.testkit.World;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.function.UnaryOperator;

/** The demo's four clouds and a configuration that leads to them, for one test. */
final class DemoClouds implements AutoCloseable {
  final DemoWorld world = DemoWorld.open(0);
  final Terminal terminal = new Terminal();
  private final Path file;

  DemoClouds(Path directory) {
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

  /** Puts a run of Tencent's cloud into the given states, so many milliseconds from now. */
  DemoClouds batchRun(String id, Object... millisAndWord) {
    add(world.batch().world(), FakeRun.builder(id).region("ap-guangzhou").name(id), millisAndWord);
    return this;
  }

  /** Puts a run of SchedulerX's job 2001 into the given states. */
  DemoClouds schedulerxRun(String id, Object... millisAndWord) {
    add(
        world.schedulerx().world(),
        FakeRun.builder(id)
            .job("2001")
            .region("cn-hangzhou")
            .namespace(DemoWorld.NAMESPACE)
            .group(DemoWorld.GROUP)
            .message("task of worker 3 failed"),
        millisAndWord);
    return this;
  }

  private static void add(World world, FakeRun.Builder run, Object... millisAndWord) {
    Duration now = Duration.between(world.start(), Instant.now());
    for (int i = 0; i < millisAndWord.length; i += 2) {
      run.at(now.plusMillis((Integer) millisAndWord[i]), (String) millisAndWord[i + 1]);
    }
    world.add(run);
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
