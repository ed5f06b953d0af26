package io.joblens.reliability;

import io.joblens.testkit.WireCase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/** The answers in the providers' wire cases, and those of the fault matrix, by operation. */
final class Answers {
  /** Which operation answers in which kind of cases, and in which step of several. */
  private static final Map<String, String> ACTIONS =
      Map.ofEntries(
          Map.entry("alibaba-sae/list", "DescribeJobHistory"),
          Map.entry("alibaba-sae/get", "DescribeJobStatus"),
          Map.entry("alibaba-sae/job", "DescribeJob"),
          Map.entry("alibaba-sae/jobs", "ListJobs"),
          Map.entry("alibaba-schedulerx/list", "GetJobInstanceList"),
          Map.entry("alibaba-schedulerx/get", "GetJobInstance"),
          Map.entry("alibaba-schedulerx/job", "GetJobInfo"),
          Map.entry("alibaba-schedulerx/jobs", "ListJobs"),
          Map.entry("alibaba-schedulerx/log", "GetLog"),
          Map.entry("tencent-batch/list", "DescribeJobs"),
          Map.entry("tencent-batch/get", "DescribeJobs"),
          Map.entry("tencent-batch/job", "DescribeJobs"),
          Map.entry("tencent-batch/diagnose-1", "DescribeJob"),
          Map.entry("tencent-batch/diagnose-2", "DescribeTask"),
          Map.entry("tencent-batch/diagnose-3", "DescribeTaskLogs"),
          Map.entry("huawei-workspace/list", "ListTaskExecuteHistory"),
          Map.entry("huawei-workspace/get", "ListTaskExecuteHistory"),
          Map.entry("huawei-workspace/job", "ShowScheduleTask"),
          Map.entry("huawei-workspace/jobs", "ListScheduleTasks"),
          Map.entry("huawei-workspace/diagnose-1", "ListTaskExecuteHistory"),
          Map.entry("huawei-workspace/diagnose-2", "ListTaskExecuteDetail"));

  /** By provider and operation; errors under the operation {@code error}. */
  private final Map<String, List<Answer>> answers = new LinkedHashMap<>();

  private Answers() {}

  /** Reads all of them. */
  static Answers all() {
    Answers all = new Answers();
    for (String module :
        List.of("alibaba-sae", "alibaba-schedulerx", "tencent-batch", "huawei-workspace")) {
      Path wire = Path.of("..", module, "src/test/resources/wire");
      for (Path kind : sorted(wire)) {
        sorted(kind).forEach(directory -> all.addCase(module, new WireCase(directory)));
      }
    }
    all.add("alibaba-sae", "DescribeJobHistory", Operation.DESCRIBE_JOB_HISTORY.json());
    all.add("alibaba-sae", "DescribeJob", Operation.DESCRIBE_JOB.json());
    all.add("alibaba-schedulerx", "GetJobInstance", Operation.GET_JOB_INSTANCE.json());
    all.add("tencent-batch", "DescribeJobs", Operation.DESCRIBE_JOBS.json());
    all.add(
        "huawei-workspace", "ListTaskExecuteHistory", Operation.LIST_TASK_EXECUTE_HISTORY.json());
    all.add(
        "huawei-workspace",
        "KeystoneListProjects",
        "{\"projects\":[{\"id\":\"p1\",\"name\":\"cn-north-4\",\"enabled\":true}],\"links\":{}}");
    all.add(
        "huawei-workspace",
        "KeystoneCreateUserTokenByPassword",
        Answer.of(
            201,
            Map.of("X-Subject-Token", List.of("MIIF-token")),
            "{\"token\":{\"expires_at\":\"2022-07-12T07:00:00.000000Z\",\"methods\":[]}}"));
    return all;
  }

  /** Returns the answers of an operation, of which there is at least one. */
  List<Answer> of(String provider, String action) {
    return answers.getOrDefault(provider + "/" + action, List.of(Answer.of("{}")));
  }

  /** Returns the provider's answers that say only that something is wrong. */
  List<Answer> errors(String provider) {
    return of(provider, "error");
  }

  /** Returns all answers of all providers. */
  List<Answer> flat() {
    return answers.values().stream().flatMap(List::stream).toList();
  }

  private void addCase(String module, WireCase wire) {
    for (Path file : sorted(wire.directory())) {
      String name = String.valueOf(file.getFileName());
      if (!name.startsWith("response")) {
        continue;
      }
      String text = wire.text(name);
      if (name.endsWith(".http")) {
        text = text.substring(text.indexOf("\n\n") + 2);
      }
      String step = name.replaceAll("\\D", "");
      String kind = wire.kind() + (step.isEmpty() ? "" : "-" + step);
      String action =
          switch (wire.kind()) {
            case "error" -> "error";
            case "discovery" ->
                wire.toString().contains("namespaces") ? "ListNamespaces" : "ListGroups";
            default -> ACTIONS.getOrDefault(module + "/" + kind, "error");
          };
      add(module, action, forThoseWhoAsk(text));
    }
  }

  /** Lets the ids in the cases be those that {@link Reading} asks for. */
  private static String forThoseWhoAsk(String text) {
    return text.replaceAll("\"(event-1|manual-\\d+)\"", "\"manual-1\"")
        .replaceAll("\"JobId\": *538039", "\"JobId\": 92583")
        .replaceAll("\"id\": *\"(b|record-1)\"", "\"id\": \"rec\"")
        .replace("job-7e7evk2x", "job-97zcl3wt");
  }

  private void add(String provider, String action, String text) {
    add(provider, action, Answer.of(text));
  }

  private void add(String provider, String action, Answer answer) {
    Function<String, List<Answer>> empty = key -> new ArrayList<>();
    answers.computeIfAbsent(provider + "/" + action, empty).add(answer);
  }

  private static List<Path> sorted(Path directory) {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> paths = Files.list(directory)) {
      return paths.sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
