package io.joblens.cli;

import io.joblens.FoundJobs;
import io.joblens.Job;
import io.joblens.JobClient;
import io.joblens.JobException;
import io.joblens.JobQuery;
import io.joblens.JobState;
import io.joblens.UnsupportedQueryException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "jobs",
    mixinStandardHelpOptions = true,
    description = "Lists the jobs that there are, with the state of their last run.")
final class JobsCommand extends JobLensCommand {
  @Mixin CloudOptions clouds = new CloudOptions();

  @Option(names = "--name", paramLabel = "GLOB", description = "Only jobs whose name matches.")
  @Nullable String name;

  @Option(
      names = "--state",
      paramLabel = "S",
      split = ",",
      description = "Only jobs whose last run is in these states.")
  List<String> states = new ArrayList<>();

  @Option(names = "--limit", paramLabel = "N", description = "So many jobs of a cloud at most.")
  @Nullable Integer limit;

  JobsCommand(Io io) {
    super(io);
  }

  @Override
  public Integer call() {
    requireTableOrJson();
    JobQuery query = query();
    try (Targets targets = Targets.open(io, config)) {
      List<JobClient> selected = targets.select(clouds);
      List<Job> jobs = new ArrayList<>();
      Map<String, JobException> failures = new LinkedHashMap<>();
      Map<String, JobException> unsupported = new LinkedHashMap<>();
      boolean partial = false;
      long read = 0;
      Map<String, List<String>> notes = new LinkedHashMap<>();
      for (JobClient client : selected) {
        try {
          FoundJobs found = client.listJobs(query);
          jobs.addAll(found.jobs());
          read += found.read();
          notes.put(client.name(), found.notes());
          partial |= !found.isComplete();
          found.failures().forEach(problems()::error);
        } catch (UnsupportedQueryException e) {
          problems().note(client.name(), e.detail());
          unsupported.put(client.name(), e);
        } catch (JobException e) {
          failures.put(client.name(), e);
          problems().error(e);
        }
      }
      print(jobs, read);
      notes.forEach((cloud, each) -> each.forEach(note -> problems().note(cloud, note)));
      int able = selected.size() - unsupported.size();
      // beside clouds that have jobs, one that has none is no failure
      int code =
          ExitCode.of(
              able == 0
                  ? ExitCode.Outcome.of(selected.size(), unsupported)
                  : ExitCode.Outcome.of(able, failures));
      return code == ExitCode.OK && partial ? ExitCode.PARTIAL : code;
    }
  }

  private JobQuery query() {
    try {
      JobQuery.Builder query = JobQuery.builder().states(map(states, JobState::parse));
      if (name != null) {
        query.name(name);
      }
      if (limit != null) {
        query.limit(limit);
      }
      return query.build();
    } catch (IllegalArgumentException e) {
      throw new UsageException(e);
    }
  }

  private void print(List<Job> jobs, long read) {
    switch (format) {
      case JSON ->
          io.out()
              .print(
                  "{\"schema\":1,\"jobs\":["
                      + jobs.stream().map(Job::toJson).collect(Collectors.joining(",\n"))
                      + "]}\n");
      case NDJSON -> jobs.forEach(job -> io.out().print(job.toJson() + "\n"));
      default -> {
        if (!jobs.isEmpty()) {
          table(jobs).lines(0, false).forEach(line -> io.out().print(line + "\n"));
        }
      }
    }
    io.out().flush();
    if (jobs.isEmpty()) {
      String which = read == 0 ? "." : " match, of " + read + " read.";
      problems().progress("No jobs" + which, Map.of());
    }
  }

  private static Table table(List<Job> jobs) {
    Table table = new Table("CLOUD", "NAME", "JOB", "ENABLED", "SCHEDULE", "LAST STATE");
    for (Job job : jobs) {
      table.row(
          job.cloud(),
          job.name().orElse(""),
          Address.join(job.ref().segments()),
          job.enabled().map(on -> on ? "yes" : "no").orElse(""),
          job.schedule().orElse(""),
          job.lastState().map(JobState::name).orElse(""));
    }
    return table;
  }
}
