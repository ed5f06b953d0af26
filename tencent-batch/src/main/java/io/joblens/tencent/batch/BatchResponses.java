package io.joblens.tencent.batch;

import io.joblens.Job;
import io.joblens.JobRef;
import io.joblens.JobRun;
import io.joblens.RawJson;
import io.joblens.RunRef;
import io.joblens.TaskCounts;
import io.joblens.spi.Call;
import io.joblens.spi.JsonReader;
import io.joblens.spi.Masking;
import io.joblens.spi.Slice;
import io.joblens.spi.StateTable;
import io.joblens.spi.Step;
import io.joblens.spi.Text;
import io.joblens.spi.WireDataException;
import io.joblens.spi.WireResponse;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads answers. Any field of a job but its id may be null or missing: the vendor's own examples
 * and real answers leave them out.
 */
final class BatchResponses {
  /** Listings carry no secrets; DescribeJobSubmitInfo, which a raw request can read, does. */
  static final Masking MASKING =
      new Masking(Set.of("SecretId", "SecretKey", "Password", "EnvVars"), Set.of(), Set.of());

  /** The eight counts of TaskMetrics say more than the neutral ones, so it stays an attribute. */
  private static final Set<String> NEUTRAL_FIELDS =
      Set.of(
          "JobId",
          "JobName",
          "JobState",
          "CreateTime",
          "EndTime",
          "Tags",
          // these are of DescribeJob's answer, where the detail around the run has them
          "TaskSet",
          "DependenceSet",
          "StateReason",
          "RequestId");

  /** The parts of TaskMetrics; what the vendor adds later need be no count. */
  private static final List<String> COUNTS =
      List.of(
          "SubmittedCount",
          "PendingCount",
          "RunnableCount",
          "StartingCount",
          "RunningCount",
          "SucceedCount",
          "FailedCount",
          "FailedInterruptedCount");

  private static final Set<String> NEUTRAL_FIELDS_OF_A_JOB = Set.of("JobId", "JobName", "Tags");

  private BatchResponses() {}

  /** Reads an answer of DescribeJobs. */
  static Step<Slice> jobs(Call call, String region, WireResponse response) {
    Page page = new Page(region);
    return BatchErrors.ERRORS.read(call, response, page::read, whole -> page.slice());
  }

  /** Returns what a run says about its job. */
  static Job.Builder job(JobRef ref, JobRun run) {
    Job.Builder job =
        Job.builder(ref).name(run.name().orElse(null)).labels(run.tags()).lastState(run.state());
    run.raw().ifPresent(raw -> job.raw(raw, NEUTRAL_FIELDS_OF_A_JOB));
    return job;
  }

  private static final class Page {
    private final String region;
    private final List<JobRun.Builder> rows = new ArrayList<>();
    private OptionalLong total = OptionalLong.empty();
    private boolean found;

    Page(String region) {
      this.region = region;
    }

    void read(String field, JsonReader json) {
      switch (field) {
        case "JobSet" -> found = json.array(() -> rows.add(row(json)));
        case "TotalCount" -> {
          Long count = json.integer();
          total = count == null ? OptionalLong.empty() : OptionalLong.of(count);
        }
        default -> {} // fields that the vendor adds later
      }
    }

    private JobRun.Builder row(JsonReader json) {
      Row row = new Row();
      RawJson raw = json.rawObject(MASKING, field -> row.read(field, json));
      if (row.id == null) {
        throw json.wrong("has no JobId");
      }
      return row.run(new RunRef(TencentBatch.ID, region, List.of(row.id)), raw);
    }

    Slice slice() {
      if (!found) {
        throw new WireDataException("/Response/JobSet", "is missing");
      }
      return new Slice(rows, total, false);
    }
  }

  /** What DescribeJobs and DescribeJob both say of a job. The fields come in any order. */
  static final class Row {
    private @Nullable String id;
    private @Nullable String name;
    private @Nullable String word;
    private @Nullable String created;
    private @Nullable String ended;
    private final Map<String, Long> metrics = new LinkedHashMap<>();
    private final Map<String, String> tags = new LinkedHashMap<>();
    private final Tag tag = new Tag();

    JobRun.Builder run(RunRef ref, RawJson raw) {
      StateTable.Meaning meaning = BatchStates.TABLE.of(word);
      JobRun.Builder run =
          JobRun.builder(ref)
              .name(name)
              .state(meaning.state(), meaning.finality(), word())
              .tasks(counts())
              .tags(tags)
              .raw(raw, NEUTRAL_FIELDS);
      if (BatchStates.HOLDS_RESOURCES.equals(word)) {
        run.note("resources are still held: the instances stay until the job is terminated");
      }
      Instant createdAt = time(created, text -> run.note(noTime("CreateTime", text)));
      Instant finishedAt = time(ended, text -> run.note(noTime("EndTime", text)));
      if (createdAt != null && finishedAt != null && finishedAt.isBefore(createdAt)) {
        // as the documentation's own example has it since 2025
        run.note("ends before it is created");
      }
      return run.createdAt(createdAt).finishedAt(finishedAt);
    }

    /** Returns the vendor's word for the state. */
    String word() {
      return word == null ? "" : word;
    }

    void read(String field, JsonReader json) {
      switch (field) {
        case "JobId" -> id = json.text();
        case "JobName" -> name = json.text();
        case "JobState" -> word = json.text();
        case "CreateTime" -> created = json.text();
        case "EndTime" -> ended = json.text();
        case "TaskMetrics" ->
            json.object(
                count -> {
                  Long tasks = COUNTS.contains(count) ? json.integer() : null;
                  if (tasks != null) {
                    metrics.put(count, tasks);
                  }
                });
        case "Tags" -> json.array(() -> tag.read(json, tags));
        default -> {} // attributes, and fields that the vendor adds later
      }
    }

    private TaskCounts counts() {
      return TaskCounts.builder()
          .total(sum(COUNTS.toArray(String[]::new)))
          .pending(sum("SubmittedCount", "PendingCount", "RunnableCount"))
          .running(sum("StartingCount", "RunningCount"))
          .succeeded(sum("SucceedCount"))
          .failed(sum("FailedCount", "FailedInterruptedCount"))
          .build();
    }

    /** Returns the sum, or null where a part is missing or no count. */
    private @Nullable Long sum(String... names) {
      long sum = 0;
      for (String name : names) {
        Long count = metrics.get(name);
        if (count == null || count < 0 || count > Integer.MAX_VALUE) {
          return null;
        }
        sum += count;
      }
      return sum;
    }

    private static String noTime(String field, String text) {
      return field + " '" + Text.printable(text) + "' left out: it is no time";
    }
  }

  /** Reads {@code YYYY-MM-DDThh:mm:ssZ}; what is none goes to {@code otherwise}. */
  static @Nullable Instant time(@Nullable String text, Consumer<String> otherwise) {
    if (text == null) {
      return null;
    }
    try {
      if (Character.isDigit(text.charAt(0))) { // a sign comes before years of five digits
        return Instant.parse(text);
      }
    } catch (DateTimeException e) {
      // told below
    }
    otherwise.accept(text);
    return null;
  }

  private static final class Tag {
    private @Nullable String key;
    private @Nullable String value;

    void read(JsonReader json, Map<String, String> tags) {
      key = null;
      value = null;
      json.object(
          field -> {
            switch (field) {
              case "Key" -> key = json.exactText();
              case "Value" -> value = json.exactText();
              default -> {}
            }
          });
      if (key != null) {
        tags.put(key, value == null ? "" : value);
      }
    }
  }
}
