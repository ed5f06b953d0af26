package io.joblens.cli;

import io.joblens.Filter;
import io.joblens.JobClient;
import io.joblens.JobException;
import io.joblens.QueryPlan;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Prints what a listing would cost each cloud. */
final class Explanation {
  private static final int MOST_SCOPES = 3;

  private final Io io;
  private final Format format;
  private final Problems problems;

  Explanation(Io io, Format format, Problems problems) {
    this.io = io;
    this.format = format;
    this.problems = problems;
  }

  /** Asks each cloud for its plan; returns the exit code. */
  int print(List<RunsCommand.Part> parts) {
    List<QueryPlan> plans = new ArrayList<>();
    Map<String, JobException> failures = new LinkedHashMap<>();
    int clouds = 0;
    for (RunsCommand.Part part : parts) {
      for (JobClient client : part.clients()) {
        clouds++;
        try {
          plans.add(client.plan(part.query()));
        } catch (JobException e) {
          failures.put(client.name(), e);
        }
      }
    }
    print(plans);
    plans.forEach(plan -> plan.notes().forEach(note -> problems.note(plan.cloud(), note)));
    failures.values().forEach(problems::error);
    return ExitCode.of(ExitCode.Outcome.of(clouds, failures));
  }

  private void print(Collection<QueryPlan> plans) {
    switch (format) {
      case JSON ->
          io.out()
              .print(
                  "{\"schema\":1,\"plans\":["
                      + plans.stream().map(QueryPlan::toJson).collect(Collectors.joining(","))
                      + "]}\n");
      case NDJSON -> plans.forEach(plan -> io.out().print(plan.toJson() + "\n"));
      case CSV, TABLE -> table(plans).lines(0, false).forEach(line -> io.out().print(line + "\n"));
    }
    io.out().flush();
  }

  private static Table table(Collection<QueryPlan> plans) {
    Table table =
        new Table(
            "CLOUD", ">REQUESTS", ">AT QUOTA", "THE VENDOR FILTERS", "FILTERED HERE", "LISTED");
    for (QueryPlan plan : plans) {
      table.row(
          plan.cloud(),
          requests(plan),
          time(plan),
          filters(plan.pushed()),
          filters(plan.local()),
          scopes(plan.scopes()));
    }
    return table;
  }

  private static String requests(QueryPlan plan) {
    boolean exact =
        plan.mostCalls().isPresent() && plan.mostCalls().getAsLong() == plan.leastCalls();
    String most = plan.mostCalls().isPresent() ? " to " + plan.mostCalls().getAsLong() : " or more";
    // what the usual case takes, where some of it may not be needed
    String expected =
        plan.expectedCalls() > plan.leastCalls() ? "about " + plan.expectedCalls() + ", " : "";
    return expected
        + plan.leastCalls()
        + (exact ? "" : most)
        + (plan.discovery() == 0 ? "" : " (" + plan.discovery() + " to find jobs)");
  }

  private static String time(QueryPlan plan) {
    String expected = Times.show(plan.atQuota());
    return plan.mostAtQuota()
        .map(Times::show)
        .filter(most -> !most.equals(expected))
        .map(most -> expected + " to " + most)
        .orElse(expected);
  }

  private static String filters(Collection<Filter> filters) {
    return filters.stream().sorted().map(Filter::name).collect(Collectors.joining(", "));
  }

  private static String scopes(List<String> scopes) {
    String shown = scopes.stream().limit(MOST_SCOPES).collect(Collectors.joining(", "));
    int more = scopes.size() - MOST_SCOPES;
    return more > 0 ? shown + " and " + more + " more" : shown;
  }
}
