package io.joblens.huawei.workspace;

import io.joblens.Finality;
import io.joblens.Job;
import io.joblens.JobRef;
import io.joblens.JobRun;
import io.joblens.RawJson;
import io.joblens.RunRef;
import io.joblens.TaskCounts;
import io.joblens.huawei.workspace.WorkspaceErrors.Envelope;
import io.joblens.spi.Call;
import io.joblens.spi.JsonReader;
import io.joblens.spi.Masking;
import io.joblens.spi.Scope;
import io.joblens.spi.ServiceError;
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
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads answers. Source: support.huaweicloud.com/intl/en-us/api-workspace, pages
 * ListTaskExecuteHistory and ShowScheduleTask.
 */
final class WorkspaceResponses {
  /** No field of these answers holds a secret. */
  static final Masking MASKING = Masking.NONE;

  private static final Set<String> NEUTRAL_RUN_FIELDS =
      Set.of(
          "id",
          "task_id",
          "status",
          "total_count",
          "success_count",
          "failed_count",
          "excuting_count",
          "begin_time",
          "end_time",
          "create_time");

  private static final Set<String> NEUTRAL_JOB_FIELDS =
      Set.of("id", "task_name", "description", "task_cron", "time_zone", "is_enable");

  private static final Set<String> TASK_TEXTS =
      Set.of(
          "id",
          "task_name",
          "description",
          "task_cron",
          "time_zone",
          "last_status",
          "scheduled_type",
          "day_interval",
          "month_list",
          "week_list",
          "date_list",
          "scheduled_date",
          "scheduled_time");

  /** The parts of a schedule, in the order in which they read well. */
  private static final List<String> SCHEDULE_FIELDS =
      List.of(
          "scheduled_type",
          "day_interval",
          "month_list",
          "week_list",
          "date_list",
          "scheduled_date",
          "scheduled_time");

  // The API's example has 2022-03-07T10:40:43.858Z. Huawei's own reader also takes a blank for the
  // T
  // and a missing offset, as UTC: the ObjectMapper settings of
  // github.com/huaweicloud/huaweicloud-sdk-java-v3, core. Offsets without a colon are taken as
  // well.
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
  static Step<Slice> history(Call call, Scope scope, WireResponse response) {
    Envelope envelope = new Envelope();
    Page page = new Page();
    JsonReader.read(
        response.body(),
        json -> {
          boolean isObject =
              json.object(
                  field -> {
                    switch (field) {
                      case "count" -> page.count = json.integer();
                      case "items" ->
                          page.hasItems = json.array(() -> page.rows.add(run(json, scope)));
                      default -> envelope.take(json, field);
                    }
                  });
          if (!isObject) {
            throw json.wrong("is null");
          }
          return page;
        });
    Optional<ServiceError> error = envelope.error(call, response);
    if (error.isPresent()) {
      return Step.failed(error.get());
    }
    Long count = page.count;
    // A history without records may come without items, but only where the count says so too.
    if (!page.hasItems && (count == null || count != 0)) {
      throw new WireDataException("/items", "is missing");
    }
    // The example on the API's page counts 0 beside one item: a claim, no more.
    return Step.done(
        new Slice(
            page.rows,
            count == null || count < 0 ? OptionalLong.empty() : OptionalLong.of(count),
            false));
  }

  /** Reads a task. */
  static Step<Job.Builder> task(Call call, JobRef ref, WireResponse response) {
    Envelope envelope = new Envelope();
    Job.Builder job = Job.builder(ref);
    Map<String, String> texts = new HashMap<>();
    JsonReader.read(
        response.body(),
        json -> {
          RawJson raw =
              json.rawObject(
                  MASKING,
                  field -> {
                    if (field.equals("is_enable")) {
                      job.enabled(json.bool());
                    } else if (TASK_TEXTS.contains(field)) {
                      String text = json.text();
                      if (text != null) {
                        texts.put(field, text);
                      }
                    } else {
                      envelope.take(json, field);
                    }
                  });
          return job.raw(raw, NEUTRAL_JOB_FIELDS);
        });
    Optional<ServiceError> error = envelope.error(call, response);
    if (error.isPresent()) {
      return Step.failed(error.get());
    }
    if (!texts.containsKey("id")) {
      throw new WireDataException("/id", "is missing");
    }
    // last_status, task_cron and is_enable are in the list of tasks only, so far.
    String lastStatus = texts.get("last_status");
    return Step.done(
        job.name(texts.get("task_name"))
            .description(texts.get("description"))
            .schedule(texts.containsKey("task_cron") ? texts.get("task_cron") : schedule(texts))
            .zone(texts.get("time_zone"))
            .lastState(lastStatus == null ? null : WorkspaceStates.of(lastStatus).state()));
  }

  private static JobRun.Builder run(JsonReader json, Scope scope) {
    Row row = new Row();
    RawJson raw = json.rawObject(MASKING, field -> row.take(json, field));
    Meaning meaning = WorkspaceStates.of(row.status);
    JobRun.Builder run =
        JobRun.builder(row.ref(scope))
            .raw(raw, NEUTRAL_RUN_FIELDS)
            .state(meaning.state(), meaning.finality(), row.status == null ? "" : row.status)
            .tasks(row.counts());
    Instant end = time(run, "end_time", row.endTime);
    run.createdAt(time(run, "create_time", row.createTime))
        .startedAt(time(run, "begin_time", row.beginTime))
        .finishedAt(end);
    if (row.taskId != null && !row.taskId.equals(scope.path().get(1))) {
      run.note("task_id names another task: " + Text.printable(row.taskId));
    }
    if (row.countsExceedTotal()) {
      run.note("task counts exceed total");
    }
    if (end != null && meaning.finality() == Finality.OPEN) {
      run.note("end_time is set although the status is not final");
    }
    return run;
  }

  /** Returns the time; one that cannot be read is absent, and the row survives. */
  private static @Nullable Instant time(JobRun.Builder run, String field, @Nullable String text) {
    if (text == null) {
      return null;
    }
    try {
      TemporalAccessor parsed = TIME.parse(text.strip());
      if (parsed.isSupported(ChronoField.INSTANT_SECONDS)) {
        return Instant.from(parsed);
      }
      run.note("zone of " + field + " assumed UTC");
      return LocalDateTime.from(parsed).toInstant(ZoneOffset.UTC);
    } catch (DateTimeException e) {
      run.note(field + " is unreadable: '" + Text.printable(text) + "'");
      return null;
    }
  }

  /** Returns the schedule in the vendor's words, such as {@code WEEK week_list=1,7 …}. */
  private static @Nullable String schedule(Map<String, String> texts) {
    String schedule =
        SCHEDULE_FIELDS.stream()
            .filter(texts::containsKey)
            .map(field -> (field.equals("scheduled_type") ? "" : field + "=") + texts.get(field))
            .collect(Collectors.joining(" "));
    return schedule.isEmpty() ? null : schedule;
  }

  /** What is read of a page while it is read. */
  private static final class Page {
    private final List<JobRun.Builder> rows = new ArrayList<>();
    private boolean hasItems;
    private @Nullable Long count;
  }

  /** What is read of a row while it is read. */
  private static final class Row {
    private @Nullable String id;
    private @Nullable String taskId;
    private @Nullable String status;
    private @Nullable Long total;
    private @Nullable Long succeeded;
    private @Nullable Long failed;
    private @Nullable Long running;
    private @Nullable String beginTime;
    private @Nullable String endTime;
    private @Nullable String createTime;

    void take(JsonReader json, String field) {
      switch (field) {
        case "id" -> id = json.id();
        case "task_id" -> taskId = json.text();
        case "status" -> status = json.text();
        case "total_count" -> total = json.integer();
        case "success_count" -> succeeded = json.integer();
        case "failed_count" -> failed = json.integer();
        case "excuting_count" -> running = json.integer(); // the vendor's spelling
        case "begin_time" -> beginTime = json.text();
        case "end_time" -> endTime = json.text();
        case "create_time" -> createTime = json.text();
        default -> {} // an attribute
      }
    }

    /** Returns the reference under the task that was asked, where the record can be read again. */
    RunRef ref(Scope task) {
      if (id == null) {
        throw new WireDataException("/items", "has a row without id");
      }
      try {
        return new RunRef(
            HuaweiWorkspace.ID, task.region(), List.of(task.path().get(0), task.path().get(1), id));
      } catch (IllegalArgumentException e) {
        throw new WireDataException("/items", "has a row whose " + e.getMessage());
      }
    }

    TaskCounts counts() {
      return TaskCounts.builder()
          .total(total)
          .succeeded(succeeded)
          .failed(failed)
          .running(running)
          .build();
    }

    /** Tells whether more tasks are told of than there are, as in the example on the API's page. */
    boolean countsExceedTotal() {
      return total != null && orZero(succeeded) + orZero(failed) + orZero(running) > total;
    }

    private static long orZero(@Nullable Long count) {
      return count == null ? 0 : count;
    }
  }
}
