package io.joblens.cli;

import io.joblens.JobCancelledException;
import io.joblens.JobClient;
import io.joblens.JobException;
import io.joblens.JobRun;
import io.joblens.JobServiceException;
import io.joblens.JobState;
import io.joblens.RunRef;
import io.joblens.WaitTimeoutException;
import io.joblens.Waiter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "wait",
    mixinStandardHelpOptions = true,
    description = {
      "Waits until runs have ended, and prints the last row of each.",
      "Exit code 0: all SUCCEEDED; 3: one ended otherwise; 6: time was over."
    })
final class WaitCommand extends JobLensCommand {
  @Parameters(arity = "1..*", paramLabel = "REF", description = "[CLOUD@]REF or [CLOUD@]ID.")
  List<String> refs = new ArrayList<>();

  @Option(names = "--timeout", paramLabel = "TIME", description = "How long; 30m unless given.")
  String timeout = "30m";

  @Option(
      names = "--poll",
      paramLabel = "TIME",
      description = "Look this often; else after 5s at first and up to 30s apart.")
  @Nullable String poll;

  @Option(names = "--any", description = "Until one of the runs has ended.")
  boolean any;

  @Option(
      names = "--grace",
      paramLabel = "TIME",
      description = "How long an unknown run may take to appear; 60s unless given.")
  String grace = "60s";

  /** How waiting at one cloud ended: with rows or with an error. */
  private record End(JobClient client, List<JobRun> runs, @Nullable Throwable error) {}

  WaitCommand(Io io) {
    super(io);
  }

  @Override
  public Integer call() {
    Duration limit = Times.parseDuration("--timeout", timeout);
    Duration patience = Times.parseDuration("--grace", grace);
    Duration interval = poll == null ? null : Times.parseDuration("--poll", poll);
    try (Targets targets = Targets.open(io, config)) {
      Map<JobClient, List<Targets.Run>> asked = byClient(map(refs, targets::run));
      Map<Targets.Run, JobRun> last = new LinkedHashMap<>();
      try (Progress progress = new Progress(io, problems(), format.isJson(), limit, asked)) {
        BlockingQueue<End> ends = new LinkedBlockingQueue<>();
        List<Thread> threads = new ArrayList<>();
        asked.forEach(
            (client, runs) -> {
              Waiter waiter = client.waiter().grace(patience).onLook(progress::saw);
              Waiter paced = interval == null ? waiter : waiter.poll(interval);
              threads.add(start(client, runs, paced, limit, ends));
            });
        return finish(asked, ends, threads, progress, last, targets);
      }
    }
  }

  private Thread start(
      JobClient client,
      List<Targets.Run> runs,
      Waiter waiter,
      Duration limit,
      BlockingQueue<End> ends) {
    List<RunRef> refs = runs.stream().map(Targets.Run::ref).toList();
    Thread thread =
        new Thread(
            () -> {
              try {
                List<JobRun> ended = any ? waiter.untilAny(refs, limit) : waiter.until(refs, limit);
                ends.add(new End(client, ended, null));
              } catch (RuntimeException | Error e) {
                // carried to the main thread, which reports it and makes the exit code of it
                ends.add(new End(client, List.of(), e));
              }
            },
            "wait-" + client.name());
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private int finish(
      Map<JobClient, List<Targets.Run>> asked,
      BlockingQueue<End> ends,
      List<Thread> threads,
      Progress progress,
      Map<Targets.Run, JobRun> last,
      Targets targets) {
    Answers answers = new Answers();
    Set<Targets.Run> ended = new LinkedHashSet<>();
    boolean notFound = false;
    boolean timeOver = false;
    for (int open = asked.size(); open > 0 && !(any && !ended.isEmpty()); open--) {
      End end = take(ends);
      for (JobRun run : end.runs()) {
        Targets.Run target = new Targets.Run(end.client(), run.ref());
        last.put(target, run);
        ended.add(target);
      }
      if (end.error() instanceof WaitTimeoutException late) {
        timeOver = true;
        late.lastSeen().forEach(run -> last.put(new Targets.Run(end.client(), run.ref()), run));
        progress.problem(late);
      } else if (end.error() instanceof JobServiceException service
          && service.kind() == JobServiceException.Kind.NOT_FOUND) {
        notFound = true;
        progress.problem(service);
      } else if (end.error() instanceof JobException error) {
        answers.fail(end.client(), error);
        progress.problem(error);
      } else if (end.error() instanceof RuntimeException other) {
        throw other;
      } else if (end.error() instanceof Error grave) {
        throw grave;
      }
    }
    threads.forEach(Thread::interrupt); // with --any the others are of no interest any more
    progress.close();
    progress.lastSeen().forEach(last::putIfAbsent);
    RunWriter writer = RunWriter.of(format, io, targets::name);
    Problems problems = problems();
    boolean runFailed = false;
    for (Targets.Run target : asked.values().stream().flatMap(List::stream).toList()) {
      JobRun run = last.get(target);
      if (run == null) {
        continue;
      }
      answers.found(target.client(), 1);
      writer.write(run);
      if ((run.isFinished() || ended.contains(target)) && run.state() != JobState.SUCCEEDED) {
        runFailed = true;
        problems.error(reason(target.client(), run));
      }
    }
    writer.end(answers.coverage(asked.keySet()));
    return ExitCode.of(
        new ExitCode.Outcome(asked.size(), answers.failures, runFailed, notFound, timeOver));
  }

  private static String reason(JobClient client, JobRun run) {
    return client.name()
        + "@"
        + run.ref()
        + " is "
        + run.state()
        + " ("
        + run.rawState()
        + ")"
        + run.message().map(message -> ": " + message).orElse("");
  }

  private static End take(BlockingQueue<End> ends) {
    try {
      return ends.take();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new JobCancelledException("waiting was interrupted");
    }
  }
}
