package io.joblens.cli;

import io.joblens.JobQuery;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description = {
      "Shows runs of four clouds that are made up, on this machine, by this process.",
      "With --serve they stay up, for trying the other commands."
    })
final class DemoCommand implements Callable<Integer> {
  private static final String MARK = "# Written by `joblens demo`";

  private final Io io;

  @Option(
      names = "--serve",
      paramLabel = "PORT",
      description = "Keep the clouds up at this port and the three after it; 0 for free ports.")
  @Nullable Integer port;

  @Option(
      names = "--write-config",
      paramLabel = "FILE",
      description = "Write a configuration that leads to them.")
  @Nullable Path file;

  DemoCommand(Io io) {
    this.io = io;
  }

  @Override
  public Integer call() {
    if (port == null && file != null) {
      throw new UsageException("--write-config needs --serve PORT: otherwise nothing stays up");
    }
    if (port != null && (port < 0 || port > 65_532)) {
      throw new UsageException("--serve: " + port + " is no port from 1 to 65532, nor 0");
    }
    try (DemoWorld world = DemoWorld.open(port == null ? 0 : port)) {
      return port == null ? show(world) : serve(world);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Goes the way of every other command: a configuration file, real clients, the fleet. */
  private int show(DemoWorld world) throws IOException {
    Path temporary = Files.createTempFile("joblens-demo", ".yaml");
    try {
      Files.writeString(temporary, world.config());
      Problems problems = new Problems(io.err(), false);
      try (Targets targets = Targets.open(io, temporary)) {
        RunsReport report = new RunsReport(io, Format.TABLE, problems, targets, false, io.out());
        int code =
            report.print(
                List.of(new RunsCommand.Part(targets.all(), JobQuery.ALL)), Integer.MAX_VALUE);
        io.out().flush();
        return code;
      }
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  private int serve(DemoWorld world) throws IOException {
    String config = MARK + "; valid as long as it runs.\n" + world.config();
    if (file == null) {
      io.out().print(config);
      io.out().flush();
    } else {
      try {
        write(file, config);
      } catch (IOException e) {
        throw new UsageException(
            "--write-config: "
                + file
                + " cannot be written ("
                + e.getClass().getSimpleName()
                + "); name a file in a directory that is there and may be written to");
      }
      io.err().print("Four made-up clouds are up; Ctrl-C ends them. Try:\n");
      for (String command : world.examples()) {
        io.err().print("  ./joblens " + command + " --config " + file + "\n");
      }
    }
    io.err().flush();
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return ExitCode.OK;
  }

  /** Never writes over a file that somebody else wrote: it may hold real clouds. */
  private static void write(Path file, String config) throws IOException {
    if (Files.exists(file) && !Files.readString(file).startsWith(MARK)) {
      throw new UsageException(
          "--write-config: " + file + " exists and was not written by the demo; name another file");
    }
    Files.write(
        file,
        config.getBytes(StandardCharsets.UTF_8),
        StandardOpenOption.CREATE,
        StandardOpenOption.TRUNCATE_EXISTING,
        StandardOpenOption.WRITE);
    if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.setPosixFilePermissions(
          file, Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE));
    }
  }
}
