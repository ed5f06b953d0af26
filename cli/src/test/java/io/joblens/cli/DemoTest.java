package io.joblens.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoTest {
  private final Terminal terminal = new Terminal();

  @Test
  void demoPrintsRunsOfFourCloudsWithTotalsAndSources() {
    assertThat(terminal.run("demo")).isZero();

    assertThat(terminal.lines().get(0)).startsWith("CLOUD").contains("VENDOR", "TASKS", "MESSAGE");
    assertThat(terminal.out())
        .contains("sae-prod", "sx-prod", "batch-prod", "desktops")
        .contains("30 runs: ", "4 of 4 sources complete:");
    assertThat(terminal.err()).isEmpty();
  }

  @Test
  void servedDemoAnswersTheOtherCommands(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("demo.yaml");
    Thread serving =
        new Thread(() -> terminal.run("demo", "--serve", "0", "--write-config", file.toString()));
    serving.setDaemon(true);
    serving.start();
    try {
      while (!terminal.err().contains("Ctrl-C") && serving.isAlive()) {
        Thread.onSpinWait();
      }

      assertThat(new Terminal().run("runs", "--config", file.toString())).isZero();
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo("rw-------");
      assertThat(terminal.err()).contains("./joblens clouds --config " + file);
    } finally {
      serving.interrupt();
      serving.join(10_000);
    }
    assertThat(serving.isAlive()).isFalse();
  }

  @Test
  void configurationOfSomebodyElseIsNotOverwritten(@TempDir Path directory) throws IOException {
    Path file = Files.writeString(directory.resolve("joblens.yaml"), "clouds: {}\n");

    assertThat(terminal.run("demo", "--serve", "0", "--write-config", file.toString()))
        .isEqualTo(2);
    assertThat(file).hasContent("clouds: {}\n");
    assertThat(terminal.err()).contains("was not written by the demo");
  }

  @Test
  void aConfigurationThatCannotBeWrittenIsSaid(@TempDir Path directory) {
    for (Path file : List.of(directory.resolve("none").resolve("x.yaml"), directory)) {
      assertThat(terminal.run("demo", "--serve", "0", "--write-config", file.toString()))
          .isEqualTo(2);
      assertThat(terminal.err())
          .contains("--write-config: " + file + " ", "name a")
          .doesNotContain("mistake in JobLens");
    }
  }

  @Test
  void portInUseIsSaid() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = Math.min(taken.getLocalPort(), 65_532);

      assertThat(terminal.run("demo", "--serve", Integer.toString(port))).isEqualTo(2);
      assertThat(terminal.err()).contains("--serve: cannot listen at port " + port);
    }
  }
}
