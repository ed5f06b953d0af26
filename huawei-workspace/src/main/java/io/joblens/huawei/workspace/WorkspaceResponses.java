package io.joblens.huawei.workspace;

import io.joblens.Job;
import io.joblens.JobRef;
import io.joblens.JobRun;
import io.joblens.RawJson;
import io.joblens.RunRef;
import io.joblens.TaskCounts;
import io.joblens.huawei.HuaweiErrors.Envelope;
import io.joblens.spi.Call;
import io.joblens.spi.JsonReader;
import io.joblens.spi.Masking;
import io.joblens.spi.Scope;
import io.joblens.spi.Slice;
import io.joblens.spi.StateTable.Meaning;
import io.joblens.spi.Step;
import io.joblens.spi.Text;
import io.joblens.spi.WireDataException;
import io.joblens.spi.WireResponse;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads answers. Source: support.huaweicloud.com/intl/en-us/api-workspace, pages
 * ListTaskExecuteHistory and ShowScheduleTask.
 */
final class WorkspaceResponses {
  /** No field of these answers holds a secret. */
  static final Masking MASKING = Masking.NONE;

  private static final List<String> RUN_TEXTS =
      List.of("id", "task_id", "status", "begin_time", "end_time", "create_time");

  // "excuting" is the vendor's spelling
  private static final List<String> RUN_COUNTS =
      List.of("total_count", "success_count", "failed_count", "excuting_count");

  private static final Set<String> NEUTRAL_RUN_FIELDS =
      Stream.of(RUN_TEXTS, RUN_COUNTS).flatMap(List::stream).collect(Collectors.toSet());

  // task_cron and is_enable are in the list of tasks only, so far
  private static final Set<String> NEUTRAL_TASK_FIELDS =
      Set.of("id", "task_name", "description", "task_cron", "time_zone", "is_enable");

  /** What a schedule is made of, in the order in which it reads well. */
  private static final List<String> SCHEDULE_FIELDS =
      List.of(
          "scheduled_type",
          "day_interval",
          "month_list",
          "week_list",
          "date_list",
          "scheduled_date",
          "scheduled_time");

  // The API's example has 2022-03-07T10:40:43.858Z. Huawei's own reader (ObjectMapper of
  // github.com/huaweicloud/huaweicloud-sdk-java-v3, core) also takes a blank for the T, and a
  // missing offset as UTC. Here offsets may be without a colon too.
  private static final DateTimeFormatter TIME =
      new DateTimeFormatterBuilder()
          .parseCaseInsensitive()
          .append(DateTimeFormatter.ISO_LOCAL_DATE)
          .appendPattern("['T'][ ]")
          .append(DateTimeFormatter.ISO_LOCAL_TIME)
          .appendPattern("[XXX][XX]")
          .toFormatter(Locale.ROOT);

  private WorkspaceResponses() {}

  /** Reads one page of a task's history, envelope and rows in one pass. */
  static Step<Slice> history(Call call, Scope task, WireResponse response) {
    Page page = new Page();
    JsonReader.read(response.body(), json -> page.read(json, task));
    return page.envelope.unlessError(call, response, page::slice);
  }

  /** Reads a task. */
  static Step<Job.Builder> task(Call call, JobRef ref, WireResponse response) {
    Envelope envelope = WorkspaceErrors.ERRORS.envelope();
    Job.Builder job = Job.builder(ref);
    Map<String, String> texts = new HashMap<>();
    JsonReader.read(
        response.body(),
        json -> {
          Consumer<String> field =
              name -> {
                if (name.equals("is_enable")) {
                  job.enabled(json.bool());
                } else if (NEUTRAL_TASK_FIELDS.contains(name) || SCHEDULE_FIELDS.contains(name)) {
                  put(texts, name, json.text());
                } else {
                  envelope.take(json, name);
                }
              };
          return job.raw(json.rawObject(MASKING, field), NEUTRAL_TASK_FIELDS);
        });
    return envelope.unlessError(call, response, () -> task(job, texts));
  }

  private static Job.Builder task(Job.Builder job, Map<String, String> texts) {
    if (!texts.containsKey("id")) {
      throw new WireDataException("/id", "is missing");
    }
    return job.name(texts.get("task_name"))
        .description(texts.get("description"))
        .schedule(schedule(texts))
        .zone(texts.get("time_zone"));
  }

  private static JobRun.Builder run(JsonReader json, Scope task) {
    Map<String, String> texts = new HashMap<>();
    Map<String, Long> counts = new HashMap<>();
    Consumer<String> field =
        name -> {
          if (RUN_TEXTS.contains(name)) {
            put(texts, name, json.text());
          } else if (RUN_COUNTS.contains(name)) {
            put(counts, name, json.integer());
          }
        };
    RawJson raw = json.rawObject(MASKING, field);
    String status = texts.getOrDefault("status", "");
    Meaning meaning = WorkspaceStates.of(status);
    JobRun.Builder run =
        JobRun.builder(ref(task, texts.getOrDefault("id", "")))
            .raw(raw, NEUTRAL_RUN_FIELDS)
            .state(meaning.state(), meaning.finality(), status)
            .tasks(counts(counts));
    run.createdAt(time(run, texts, "create_time"))
        .startedAt(time(run, texts, "begin_time"))
        .finishedAt(time(run, texts, "end_time"));
    String taskId = texts.getOrDefault("task_id", task.path().get(1));
    if (!taskId.equals(task.path().get(1))) {
      run.note("task_id names another task: " + Text.printable(taskId));
    }
    return run;
  }

  /** Returns the reference under the task that was asked, where the record can be read again. */
  private static RunRef ref(Scope task, String id) {
    try {
      List<String> path = task.path();
      return new RunRef(HuaweiWorkspace.ID, task.region(), List.of(path.get(0), path.get(1), id));
    } catch (IllegalArgumentException e) {
      throw new WireDataException("/items", "has a row whose " + e.getMessage());
    }
  }

  private static TaskCounts counts(Map<String, Long> counts) {
    return TaskCounts.builder()
        .total(counts.get("total_count"))
        .succeeded(counts.get("success_count"))
        .failed(counts.get("failed_count"))
        .running(counts.get("excuting_count"))
        .build();
  }

  /** Returns the time; one that cannot be read is absent, and the row survives. */
  private static @Nullable Instant time(
      JobRun.Builder run, Map<String, String> texts, String field) {
    String text = texts.get(field);
    if (text == null) {
      return null;
    }
    try {
      TemporalAccessor time = TIME.parse(text.strip());
      if (time.isSupported(ChronoField.INSTANT_SECONDS)) {
        return Instant.from(time);
      }
      run.note("zone of " + field + " assumed UTC");
      return LocalDateTime.from(time).toInstant(ZoneOffset.UTC);
    } catch (DateTimeException e) {
      run.note(field + " is unreadable: '" + Text.printable(text) + "'");
      return null;
    }
  }

  /** Returns the schedule in the vendor's words, such as {@code WEEK week_list=1,7 …}. */
  private static @Nullable String schedule(Map<String, String> texts) {
    String words =
        SCHEDULE_FIELDS.stream()
            .filter(texts::containsKey)
            .map(field -> (field.equals("scheduled_type") ? "" : field + "=") + texts.get(field))
            .collect(Collectors.joining(" "));
    String schedule = texts.getOrDefault("task_cron", words);
    return schedule.isEmpty() ? null : schedule;
  }

  private static <T> void put(Map<String, T> map, String key, @Nullable T value) {
    if (value != null) {
      map.put(key, value);
    }
  }

  /** What is read of a page while it is read. */
  private static final class Page {
    private final Envelope envelope = WorkspaceErrors.ERRORS.envelope();
    private final List<JobRun.Builder> rows = new ArrayList<>();
    private boolean hasItems;
    private long count = -1;

    private Page read(JsonReader json, Scope task) {
      json.requiredObject(
          field -> {
            if (field.equals("items")) {
              hasItems = json.array(() -> rows.add(run(json, task)));
            } else if (field.equals("count")) {
              count = Objects.requireNonNullElse(json.integer(), -1L);
            } else {
              envelope.take(json, field);
            }
          });
      return this;
    }

    private Slice slice() {
      // A history without records may come without items, but only where the count says so too.
      // Else
      // the count is a claim: the example on the API's page counts 0 beside one item.
      if (!hasItems && count != 0) {
        throw new WireDataException("/items", "is missing");
      }
      return new Slice(rows, count < 0 ? OptionalLong.empty() : OptionalLong.of(count), false);
    }
  }
}
