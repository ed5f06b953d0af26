package io.joblens.cli;

import io.joblens.CloudFailure;
import io.joblens.Coverage;
import io.joblens.JobClient;
import io.joblens.JobException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What all commands share. */
abstract class JobLensCommand implements Callable<Integer> {
  final Io io;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Configuration; else $JOBLENS_CONFIG, else ~/.config/joblens/joblens.yaml.")
  @Nullable Path config;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description = "table (the default), json, ndjson or csv.")
  Format format = Format.TABLE;

  JobLensCommand(Io io) {
    this.io = io;
  }

  /** Runs the command; returns the exit code. */
  @Override
  public abstract Integer call();

  final Problems problems() {
    return new Problems(io.err(), format.isJson());
  }

  /** Refuses the formats that only rows have. */
  final void requireTableOrJson() {
    if (format == Format.CSV) {
      throw new UsageException("-o csv is for runs only; expected table or json");
    }
  }

  /** What clouds answered to a question for single things, one source a cloud. */
  static final class Answers {
    final Map<String, Long> rows = new LinkedHashMap<>();
    final Map<String, JobException> failures = new LinkedHashMap<>();

    void fail(JobClient client, JobException error) {
      failures.put(client.name(), error);
    }

    void found(JobClient client, int count) {
      rows.merge(client.name(), (long) count, Long::sum);
    }

    Coverage coverage(Collection<JobClient> clients) {
      return new Coverage(
          clients.stream()
              .map(
                  client ->
                      new Coverage.Source(
                          client.name(),
                          "",
                          rows.getOrDefault(client.name(), 0L),
                          !failures.containsKey(client.name()),
                          Optional.ofNullable(failures.get(client.name())),
                          Optional.empty(),
                          List.of()))
              .toList());
    }
  }

  /** Returns the targets by client, in the order given, each once. */
  static Map<JobClient, List<Targets.Run>> byClient(List<Targets.Run> targets) {
    return targets.stream()
        .distinct()
        .collect(
            Collectors.groupingBy(Targets.Run::client, LinkedHashMap::new, Collectors.toList()));
  }

  static Map<String, JobException> byCloud(List<CloudFailure> failures) {
    return failures.stream()
        .collect(
            Collectors.toMap(
                CloudFailure::cloud,
                CloudFailure::error,
                (first, later) -> first,
                LinkedHashMap::new));
  }

  static <S, T> List<T> map(Collection<S> items, Function<S, T> function) {
    return items.stream().map(function).toList();
  }
}
