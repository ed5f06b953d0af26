package io.joblens.cli;

import io.joblens.FleetRuns;
import io.joblens.JobClient;
import io.joblens.JobFleet;
import io.joblens.JobQuery;
import io.joblens.JobState;
import io.joblens.RunRef;
import io.joblens.TimeField;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "runs",
    mixinStandardHelpOptions = true,
    description = "Lists the runs of all configured clouds, or those that fit.")
final class RunsCommand extends JobLensCommand {
  @Mixin CloudOptions clouds = new CloudOptions();

  @Option(
      names = "--job",
      paramLabel = "[CLOUD@]ID",
      description = "Only runs of this job, or of the configured jobs that a glob matches.")
  @Nullable String job;

  @Option(
      names = "--id",
      paramLabel = "REF|ID",
      description = "Only this run; may be given several times. A plain id needs one --cloud.")
  List<String> ids = new ArrayList<>();

  @Option(
      names = "--state",
      paramLabel = "S",
      split = ",",
      description = "Only runs in these states, such as FAILED,CANCELLED.")
  List<String> states = new ArrayList<>();

  @Option(names = "--name", paramLabel = "GLOB", description = "Only runs whose name matches.")
  @Nullable String name;

  @Option(names = "--tag", paramLabel = "K=V", description = "Only runs that have this tag.")
  List<String> tags = new ArrayList<>();

  @Option(
      names = "--since",
      paramLabel = "TIME",
      description = "From then on: 24h, 7d, today, yesterday, or a local or ISO time.")
  @Nullable String since;

  @Option(names = "--until", paramLabel = "TIME", description = "Before then.")
  @Nullable String until;

  @Option(
      names = "--by",
      paramLabel = "TIME",
      description = "What --since and --until are about: created (the default) or finished.")
  TimeField by = TimeField.CREATED;

  @Option(
      names = "--problems",
      description =
          "Only runs to look at: failed, rejected, cancelled, unknown, or with failed tasks.")
  boolean problemsOnly;

  @Option(names = "--limit", paramLabel = "N", description = "So many rows at most.")
  @Nullable Integer limit;

  @Option(
      names = "--no-names",
      description = "Does not look names of jobs up where run lists have none: fewer requests.")
  boolean withoutNames;

  @Option(
      names = "--summary",
      description = "Counts runs by cloud, job and state in place of listing them.")
  boolean summary;

  @Option(
      names = "--explain",
      description = "Shows what it would cost, without listing; finding jobs may take requests.")
  boolean explain;

  RunsCommand(Io io) {
    super(io);
  }

  @Override
  public Integer call() {
    JobQuery query = query();
    if (summary && (format == Format.CSV || explain)) {
      throw new UsageException(
          "--summary goes with -o table, json or ndjson, and not with --explain");
    }
    if (explain) {
      requireTableOrJson();
    }
    try (Targets targets = Targets.open(io, config)) {
      List<Part> parts = plan(query, targets);
      return explain
          ? new Explanation(io, format, problems()).print(parts)
          : new RunsReport(io, format, problems(), targets, summary).print(parts, limit());
    }
  }

  /** One query and the clouds that it goes to. */
  record Part(List<JobClient> clients, JobQuery query) {
    FleetRuns ask() {
      return JobFleet.of(clients.toArray(JobClient[]::new)).stream(query);
    }

    /** Returns one for each cloud. */
    Stream<Part> each() {
      return clients.stream().map(client -> new Part(List.of(client), query));
    }
  }

  /** Several runs by id are a query for each cloud; everything else is one for all. */
  private List<Part> plan(JobQuery query, Targets targets) {
    if (ids.isEmpty()) {
      List<JobClient> selected = targets.select(clouds);
      if (job == null) {
        return List.of(new Part(selected, query));
      }
      if (Targets.isGlob(job)) {
        List<Part> parts = new ArrayList<>();
        targets
            .listedJobs(job, selected)
            .forEach(
                (client, jobs) ->
                    parts.add(new Part(List.of(client), built(query.toBuilder().jobs(jobs)))));
        return parts;
      }
      Map.Entry<String, List<JobClient>> listed = targets.listedJob(job, selected);
      return List.of(new Part(listed.getValue(), built(query.toBuilder().job(listed.getKey()))));
    }
    if (job != null) {
      throw new UsageException("--job and --id: an id already names the run; give one of them");
    }
    List<JobClient> selected = targets.entries().isEmpty() ? List.of() : targets.select(clouds);
    List<Part> parts = new ArrayList<>();
    byClient(map(ids, id -> targets.run(id, selected)))
        .forEach(
            (client, runs) -> {
              List<RunRef> refs = runs.stream().map(Targets.Run::ref).toList();
              parts.add(new Part(List.of(client), query.toBuilder().runs(refs).build()));
            });
    return parts;
  }

  private JobQuery query() {
    Instant now = io.clock().instant();
    JobQuery.Builder query = JobQuery.builder();
    try {
      query.states(map(states, JobState::parse));
      query.by(by).problemsOnly(problemsOnly).resolveNames(!withoutNames);
      if (name != null) {
        query.name(name);
      }
      for (String tag : tags) {
        int equals = tag.indexOf('=');
        if (equals < 1) {
          throw new UsageException(
              "--tag: '" + Cells.clean(tag) + "' is no tag; expected KEY=VALUE");
        }
        query.tag(tag.substring(0, equals), tag.substring(equals + 1));
      }
      if (since != null) {
        query.since(Times.parseInstant("--since", since, now, io.zone()));
      }
      if (until != null) {
        query.until(Times.parseInstant("--until", until, now, io.zone()));
      }
      if (limit != null) {
        query.limit(limit);
      }
    } catch (IllegalArgumentException e) {
      throw new UsageException(e);
    }
    return built(query);
  }

  private int limit() {
    return limit == null ? Integer.MAX_VALUE : limit;
  }

  private static JobQuery built(JobQuery.Builder query) {
    try {
      return query.build();
    } catch (IllegalArgumentException e) {
      throw new UsageException(e);
    }
  }
}
