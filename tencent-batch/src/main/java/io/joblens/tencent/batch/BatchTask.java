package io.joblens.tencent.batch;

import io.joblens.JobState;
import io.joblens.TaskDetail;
import io.joblens.spi.JsonReader;
import io.joblens.spi.Text;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A task or one of its instances, as answers tell of it; both are called so much the same that one
 * reader does.
 *
 * @param name the task's name, and the number of an instance behind a slash
 * @param index the number of an instance; 0 for a task
 * @param word the vendor's word for its state
 * @param texts its fields, those that are there
 */
record BatchTask(String name, long index, String word, Map<String, String> texts) {
  /** "Base64-encoded, at most 2,048 bytes after decoding": TaskInstanceLog. */
  private static final int LONGEST_LOG = 2048;

  private static final String ENCODING = ";base64,";

  /** What is read; a field that the vendor adds later may be of any shape. */
  private static final Set<String> FIELDS =
      Set.of(
          "TaskName",
          "TaskState",
          "TaskInstanceIndex",
          "TaskInstanceState",
          "ExitCode",
          "StateReason",
          "StateDetailedReason",
          "ComputeNodeInstanceId",
          "CreateTime",
          "LaunchTime",
          "RunningTime",
          "EndTime",
          "StdoutRedirectPath",
          "StdoutRedirectFileName",
          "StderrRedirectPath",
          "StderrRedirectFileName",
          "StdoutLog",
          "StderrLog");

  /** Reads a TaskView. */
  static BatchTask task(JsonReader json) {
    Map<String, String> texts = texts(json);
    String name = texts.get("TaskName");
    if (name == null) {
      throw json.wrong("has no TaskName");
    }
    return new BatchTask(name, 0, texts.getOrDefault("TaskState", ""), texts);
  }

  private static BatchTask instance(String task, JsonReader json) {
    Map<String, String> texts = texts(json);
    long index = index(json, texts);
    String word = texts.getOrDefault("TaskInstanceState", "");
    return new BatchTask(task + "/" + index, index, word, texts);
  }

  private static long index(JsonReader json, Map<String, String> texts) {
    String index = texts.getOrDefault("TaskInstanceIndex", "");
    if (!index.matches("\\d{1,9}")) {
      throw json.wrong("has no TaskInstanceIndex");
    }
    return Long.parseLong(index);
  }

  /** Reads an object's fields, and those of its RedirectInfo, whose names are its own. */
  private static Map<String, String> texts(JsonReader json) {
    Map<String, String> texts = new HashMap<>();
    json.requiredObject(
        field -> {
          if (field.equals("RedirectInfo")) {
            json.object(inner -> read(texts, inner, json));
          } else {
            read(texts, field, json);
          }
        });
    return texts;
  }

  private static void read(Map<String, String> texts, String field, JsonReader json) {
    String text = FIELDS.contains(field) ? json.text() : null;
    if (text != null) {
      texts.put(field, text);
    }
  }

  JobState state() {
    return BatchStates.TABLE.of(word).state();
  }

  /** Returns what the user gets of it. */
  TaskDetail.Builder detail() {
    TaskDetail.Builder detail = TaskDetail.builder(name, state(), word);
    String reason =
        Stream.of("StateReason", "StateDetailedReason")
            .flatMap(field -> Optional.ofNullable(texts.get(field)).stream())
            .collect(Collectors.joining(": "));
    Stream.of(
            "ComputeNodeInstanceId",
            "LaunchTime",
            "StdoutRedirectPath",
            "StdoutRedirectFileName",
            "StderrRedirectPath",
            "StderrRedirectFileName")
        .forEach(field -> detail.attribute(field, texts.get(field)));
    return detail
        .reason(reason.isEmpty() ? null : reason)
        .exitCode(exitCode(detail))
        .createdAt(time("CreateTime", detail))
        .startedAt(time("RunningTime", detail))
        .finishedAt(time("EndTime", detail));
  }

  private @Nullable Integer exitCode(TaskDetail.Builder detail) {
    String text = texts.getOrDefault("ExitCode", "");
    if (text.matches("-?\\d{1,9}")) {
      return Integer.valueOf(text);
    }
    detail.attribute("ExitCode", text.isEmpty() ? null : Text.printable(text));
    return null;
  }

  private @Nullable Instant time(String field, TaskDetail.Builder detail) {
    return BatchResponses.time(
        texts.get(field), text -> detail.attribute(field, Text.printable(text)));
  }

  /** What DescribeTask says. */
  static final class Instances {
    private static final Set<String> FAILED = Set.of("FailedCount", "FailedInterruptedCount");

    private final String task;
    private final List<BatchTask> all = new ArrayList<>();
    private long failed;
    private @Nullable Long total;

    Instances(String task) {
      this.task = task;
    }

    void read(String field, JsonReader json) {
      switch (field) {
        case "TaskInstanceSet" -> json.array(() -> all.add(instance(task, json)));
        case "TaskInstanceMetrics" ->
            json.object(
                name -> {
                  Long count = FAILED.contains(name) ? json.integer() : null;
                  failed += count == null ? 0 : count;
                });
        case "TaskInstanceTotalCount" -> total = json.integer();
        default -> {} // the task itself is known
      }
    }

    List<BatchTask> all() {
      return all;
    }

    /** Returns how many instances there are, as far as the vendor counts those that it shows. */
    Optional<Long> total() {
      return Optional.ofNullable(total);
    }

    /** Returns how many instances failed, by the vendor's count. */
    long failed() {
      return failed;
    }
  }

  /** What DescribeTaskLogs says. */
  static final class Logs {
    private final Map<Long, Map<String, String>> logs = new HashMap<>();

    void read(String field, JsonReader json) {
      if (field.equals("TaskInstanceLogSet")) {
        json.array(
            () -> {
              Map<String, String> log = texts(json);
              logs.put(index(json, log), log);
            });
      }
    }

    /**
     * Returns what the instance wrote; empty when nothing came.
     *
     * @param problem takes what could not be decoded
     */
    String of(BatchTask instance, Consumer<String> problem) {
      Map<String, String> log = logs.getOrDefault(instance.index(), Map.of());
      List<String> parts = new ArrayList<>();
      for (String field : List.of("StdoutLog", "StderrLog")) {
        String encoded = log.get(field);
        if (encoded != null) {
          decoded(encoded)
              .ifPresentOrElse(
                  text -> parts.add(field + ":\n" + text),
                  () -> problem.accept(field + " of " + instance.name() + " is no Base64"));
        }
      }
      return String.join("\n", parts);
    }

    /** Decodes what is bare Base64 in the API's definition, and a data URI in its example. */
    private static Optional<String> decoded(String log) {
      int uri = log.startsWith("data:") ? log.indexOf(ENCODING) + ENCODING.length() : 0;
      byte[] bytes;
      try {
        bytes = Base64.getDecoder().decode(log.substring(uri).replaceAll("\\s", ""));
      } catch (IllegalArgumentException e) {
        return Optional.empty();
      }
      String text = new String(bytes, StandardCharsets.UTF_8);
      // the first line of a full log has lost its beginning, perhaps what names a secret in it
      int line = bytes.length < LONGEST_LOG ? -1 : text.indexOf('\n');
      return Optional.of(text.substring(line + 1));
    }
  }
}
