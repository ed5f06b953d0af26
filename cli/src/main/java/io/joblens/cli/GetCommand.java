package io.joblens.cli;

import io.joblens.FoundRuns;
import io.joblens.JobClient;
import io.joblens.JobException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "get",
    mixinStandardHelpOptions = true,
    description = "Shows runs by reference or id.")
final class GetCommand extends JobLensCommand {
  @Parameters(arity = "1..*", paramLabel = "REF", description = "[CLOUD@]REF or [CLOUD@]ID.")
  List<String> refs = new ArrayList<>();

  @Option(names = "--why", description = "Also tells why a run failed, or what it waits for.")
  boolean why;

  GetCommand(Io io) {
    super(io);
  }

  @Override
  public Integer call() {
    try (Targets targets = Targets.open(io, config)) {
      Map<JobClient, List<Targets.Run>> asked = byClient(map(refs, targets::run));
      if (why) {
        return new Diagnosis(io, format, problems()).print(asked);
      }
      Problems problems = problems();
      RunWriter writer = RunWriter.of(format, io, targets::name);
      Answers answers = new Answers();
      boolean missing = false;
      for (Map.Entry<JobClient, List<Targets.Run>> entry : asked.entrySet()) {
        JobClient client = entry.getKey();
        try {
          FoundRuns found =
              client.getRuns(entry.getValue().stream().map(Targets.Run::ref).toList());
          answers.found(client, found.runs().size());
          found.runs().forEach(writer::write);
          missing |= !found.missing().isEmpty();
          found.missing().forEach(r -> problems.error("not found: " + client.name() + "@" + r));
        } catch (JobException e) {
          answers.fail(client, e);
          problems.error(e);
        }
      }
      writer.end(answers.coverage(asked.keySet()));
      return ExitCode.of(
          new ExitCode.Outcome(asked.size(), answers.failures, false, missing, false));
    }
  }
}
