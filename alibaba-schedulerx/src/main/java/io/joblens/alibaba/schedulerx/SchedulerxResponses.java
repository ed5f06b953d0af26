package io.joblens.alibaba.schedulerx;

import io.joblens.JobRun;
import io.joblens.JobState;
import io.joblens.RawJson;
import io.joblens.RunRef;
import io.joblens.TaskCounts;
import io.joblens.spi.Call;
import io.joblens.spi.JsonReader;
import io.joblens.spi.Masking;
import io.joblens.spi.Scope;
import io.joblens.spi.Slice;
import io.joblens.spi.StateTable;
import io.joblens.spi.Step;
import io.joblens.spi.WireDataException;
import io.joblens.spi.WireResponse;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads the answers. */
final class SchedulerxResponses {
  /** Job parameters and scripts are the user's own and often carry passwords. */
  static final Masking MASKING =
      new Masking(
          Set.of("AppKey", "ContactInfo", "Parameters", "Content"), Set.of(), Set.of("JarUrl"));

  static final ZoneId ASSUMED_ZONE = ZoneId.of("Asia/Shanghai");

  private static final String ASSUMPTION = "zone assumed Asia/Shanghai";

  /** What the operation gives at most in editions that know no paging: "the most recent 10". */
  private static final int LATEST = 10;

  /** TriggerType is not among them: there are more of its words than neutral ones. */
  private static final Set<String> NEUTRAL =
      Set.of(
          "InstanceId",
          "JobId",
          "JobName",
          "Status",
          "StartTime",
          "EndTime",
          "ScheduleTime",
          "DataTime");

  private static final Set<JobState> MESSAGE_STATES =
      Set.of(JobState.FAILED, JobState.REJECTED, JobState.CANCELLED);

  private static final DateTimeFormatter TIME =
      new DateTimeFormatterBuilder()
          .appendValue(ChronoField.YEAR, 4) // no more: the year 99999 is no time
          .appendPattern("-MM-dd HH:mm:ss")
          .toFormatter(Locale.ROOT)
          .withResolverStyle(ResolverStyle.STRICT);

  private final ZoneId zone;
  private final boolean zoneAssumed;

  /**
   * Takes the zone that the vendor's texts are in. No document states it, and the texts carry none.
   */
  SchedulerxResponses(Optional<ZoneId> zone) {
    this.zone = zone.orElse(ASSUMED_ZONE);
    this.zoneAssumed = zone.isEmpty();
  }

  /** Reads a page of runs. */
  Step<Slice> page(Call call, WireResponse response, Scope scope, long offset, int limit) {
    return read(
        call,
        response,
        "JobInstanceDetails",
        json -> {
          List<JobRun.Builder> rows = new ArrayList<>();
          if (!json.array(() -> rows.add(run(json, scope.region(), scope.path())))) {
            throw json.wrong("is null");
          }
          // The operation's page speaks of the most recent ten runs and of page numbers alike:
          // exactly ten rows where more were asked for may be all or a cut.
          boolean capped = offset == 0 && limit > LATEST && rows.size() == LATEST;
          return new Slice(rows, OptionalLong.empty(), capped);
        });
  }

  /** Reads one run. */
  Step<JobRun.Builder> run(Call call, WireResponse response, RunRef ref) {
    return read(
        call,
        response,
        "JobInstanceDetail",
        json -> {
          JobRun.Builder run = run(json, ref.region(), ref.segments());
          if (!run.ref().equals(ref)) {
            throw new WireDataException(
                "/Data/JobInstanceDetail", "is another run than the one asked for");
          }
          return run;
        });
  }

  private JobRun.Builder run(JsonReader json, String region, List<String> path) {
    Row row = new Row();
    RawJson raw =
        json.rawObject(
            MASKING,
            field -> {
              switch (field) {
                case "InstanceId" -> row.instance = number(json);
                case "JobId" -> row.job = number(json);
                case "JobName" -> row.name = json.text();
                case "Status" -> row.status = json.text();
                case "TriggerType" -> row.trigger = json.text();
                case "Result" -> row.result = json.text();
                case "Progress" -> row.progress = json.text();
                case "StartTime" -> row.start = json.text();
                case "EndTime" -> row.end = json.text();
                case "ScheduleTime" -> row.schedule = json.text();
                case "DataTime" -> row.data = json.text();
                default -> {}
              }
            });
    String job = row.job;
    String instance = row.instance;
    if (job == null || instance == null) {
      throw json.wrong("lacks JobId or InstanceId");
    }
    List<String> ids = List.of(path.get(0), path.get(1), job, instance);
    JobRun.Builder run = JobRun.builder(new RunRef(AlibabaSchedulerx.ID, region, ids));
    run.name(row.name);
    run.startedAt(time(run, row.start, "StartTime is unreadable"));
    run.finishedAt(time(run, row.end, "EndTime is unreadable"));
    run.scheduledAt(time(run, row.schedule, "ScheduleTime is unreadable"));
    run.dataAt(time(run, row.data, "DataTime is unreadable"));
    state(run, row);
    return run.trigger(SchedulerxStates.trigger(row.trigger))
        .tasks(tasks(row.progress))
        .raw(raw, NEUTRAL);
  }

  private static void state(JobRun.Builder run, Row row) {
    StateTable.Meaning meaning = SchedulerxStates.TABLE.of(row.status);
    run.state(meaning.state(), meaning.finality(), row.status == null ? "" : row.status);
    // of a run that went well it says "success" or "code=200": no message, but still an attribute
    if (MESSAGE_STATES.contains(meaning.state())) {
      run.message(row.result);
    }
  }

  /** Returns the time, or null with a note when there is a text that is none. */
  private @Nullable Instant time(JobRun.Builder run, @Nullable String text, String note) {
    if (text == null) {
      return null;
    }
    try {
      Instant time = LocalDateTime.parse(text, TIME).atZone(zone).toInstant();
      if (zoneAssumed) {
        run.note(ASSUMPTION);
      }
      return time;
    } catch (DateTimeException e) {
      run.note(note);
      return null;
    }
  }

  /** Adds up the tasks of all levels of a distributed run. */
  private static TaskCounts tasks(@Nullable String progress) {
    List<?> levels = progress(progress, "taskProgress");
    if (levels.isEmpty()) {
      return TaskCounts.NONE;
    }
    try {
      return TaskCounts.builder()
          .total(sum(levels, "total"))
          .running(sum(levels, "running"))
          .succeeded(sum(levels, "success"))
          .failed(sum(levels, "failed"))
          .build();
    } catch (NumberFormatException | ArithmeticException e) {
      return TaskCounts.NONE; // as for any other word: the row is good, and Progress an attribute
    }
  }

  /**
   * Returns a list of a run's Progress, which is {@code complete}, another word, or JSON text with
   * {@code taskProgress: [{name, total, pulled, running, success, failed}]} and {@code
   * workerProgress: [{workerAddr, …}]}. What cannot be read is empty.
   */
  static List<?> progress(@Nullable String text, String list) {
    if (text == null || !text.startsWith("{")) {
      return List.of();
    }
    try {
      return JsonReader.readTree(text.getBytes(StandardCharsets.UTF_8)) instanceof Map<?, ?> map
              && map.get(list) instanceof List<?> items
          ? items
          : List.of();
    } catch (WireDataException e) {
      return List.of();
    }
  }

  /** Returns the sum of a count over all levels, or null when one of them does not give it. */
  private static @Nullable Long sum(List<?> levels, String field) {
    long sum = 0;
    for (Object level : levels) {
      if (!(level instanceof Map<?, ?> counts) || counts.get(field) == null) {
        return null;
      }
      long count = Long.parseLong(String.valueOf(counts.get(field)));
      if (count < 0) {
        return null;
      }
      sum = Math.addExact(sum, count);
    }
    return sum;
  }

  static @Nullable String number(JsonReader json) {
    Long value = json.integer();
    return value == null ? null : Long.toString(value);
  }

  /** Reads the one part of Data that the operation is about. */
  static <T> Step<T> read(
      Call call, WireResponse response, String part, Function<JsonReader, T> reader) {
    List<T> found = new ArrayList<>(1);
    return SchedulerxErrors.ALL.read(
        call,
        response,
        (field, json) -> {
          if (field.equals("Data")) {
            json.object(
                name -> {
                  if (name.equals(part)) {
                    found.add(reader.apply(json));
                  }
                });
          }
        },
        () ->
            found.stream()
                .findFirst()
                .orElseThrow(() -> new WireDataException("/Data/" + part, "is missing")));
  }

  /** The fields of a run as they come. */
  private static final class Row {
    private @Nullable String instance;
    private @Nullable String job;
    private @Nullable String name;
    private @Nullable String status;
    private @Nullable String trigger;
    private @Nullable String result;
    private @Nullable String progress;
    private @Nullable String start;
    private @Nullable String end;
    private @Nullable String schedule;
    private @Nullable String data;
  }
}
