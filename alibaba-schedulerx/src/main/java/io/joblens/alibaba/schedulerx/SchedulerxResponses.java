package io.joblens.alibaba.schedulerx;

import io.joblens.Finality;
import io.joblens.Job;
import io.joblens.JobRef;
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
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
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

  private static final ZoneId ASSUMED_ZONE = ZoneId.of("Asia/Shanghai");

  private static final String ASSUMPTION = "zone assumed Asia/Shanghai";

  /** What the operation gives at most in editions that know no paging: "the most recent 10". */
  private static final int LATEST = 10;

  /** Not TriggerType and Result, of whose words the neutral ones keep only a part. */
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

  /** The states whose Result is a message; a run that went well has "success" or "code=200". */
  private static final Set<JobState> ENDED_BADLY =
      Set.of(JobState.FAILED, JobState.REJECTED, JobState.CANCELLED);

  private static final Set<String> NEUTRAL_OF_JOB =
      Set.of("JobId", "Name", "Description", "MaxAttempt");

  /** From {@code com.alibaba.schedulerx.common.domain.TimeType}, in the documentation's words. */
  private static final Map<String, String> TIME_TYPES =
      Map.of("3", "fix_rate", "4", "second_delay", "5", "one_time", "100", "api");

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT)
          .withResolverStyle(ResolverStyle.STRICT);

  /** The zone that the vendor's texts are in. No document states it, and they carry none. */
  private final Optional<ZoneId> zone;

  SchedulerxResponses(Optional<ZoneId> zone) {
    this.zone = zone;
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
          // The operation's page speaks of "the most recent 10" and of page numbers alike: ten rows
          // where more were asked for may be all, or all that the edition gives.
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

  /** Reads a job's definition. */
  Step<Job.Builder> job(Call call, WireResponse response, JobRef ref) {
    return read(call, response, "JobConfigInfo", json -> job(json, ref));
  }

  private JobRun.Builder run(JsonReader json, String region, List<String> path) {
    Row row = new Row();
    RawJson raw =
        json.rawObject(
            MASKING,
            field -> {
              switch (field) {
                case "InstanceId" -> row.instance = json.integer();
                case "JobId" -> row.job = json.integer();
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
    Long job = row.job;
    Long instance = row.instance;
    if (job == null || instance == null) {
      throw json.wrong("lacks JobId or InstanceId");
    }
    List<String> ids = List.of(path.get(0), path.get(1), job.toString(), instance.toString());
    JobRun.Builder run = JobRun.builder(new RunRef(AlibabaSchedulerx.ID, region, ids));
    Instant start = time(run, row.start, "StartTime is unreadable");
    Instant end = time(run, row.end, "EndTime is unreadable");
    run.name(row.name).startedAt(start).finishedAt(end);
    run.scheduledAt(time(run, row.schedule, "ScheduleTime is unreadable"));
    run.dataAt(time(run, row.data, "DataTime is unreadable"));
    if (start != null && end != null && end.isBefore(start)) {
      run.note("ends before it starts");
    }
    StateTable.Meaning meaning = SchedulerxStates.TABLE.of(row.status);
    boolean settled = end != null && meaning.finality() == Finality.UNSETTLED;
    Finality finality = settled ? Finality.FINISHED : meaning.finality();
    run.state(meaning.state(), finality, row.status == null ? "" : row.status);
    if (end != null && finality == Finality.OPEN) {
      run.note("has an end time but a status that is no end");
    }
    run.message(ENDED_BADLY.contains(meaning.state()) ? row.result : null);
    TaskCounts tasks = tasks(row.progress);
    if (tasks.running().orElse(0) + tasks.succeeded().orElse(0) + tasks.failed().orElse(0)
        > tasks.total().orElse(Long.MAX_VALUE)) {
      run.note("task counts exceed total");
    }
    run.trigger(SchedulerxStates.trigger(row.trigger)).tasks(tasks);
    return run.raw(raw, NEUTRAL);
  }

  /** Returns the time, or null with a note when there is a text that is none. */
  private @Nullable Instant time(JobRun.Builder run, @Nullable String text, String note) {
    if (text == null) {
      return null;
    }
    try {
      Instant time = LocalDateTime.parse(text, TIME).atZone(zone.orElse(ASSUMED_ZONE)).toInstant();
      if (zone.isEmpty()) {
        run.note(ASSUMPTION);
      }
      return time;
    } catch (DateTimeException e) {
      run.note(note);
      return null;
    }
  }

  /**
   * Adds up the tasks of all levels of a distributed run. Progress is {@code complete}, another
   * word, or JSON text with {@code taskProgress: [{name, total, pulled, running, success,
   * failed}]}.
   */
  private static TaskCounts tasks(@Nullable String progress) {
    try {
      if (progress != null
          && progress.startsWith("{")
          && JsonReader.readTree(progress.getBytes(StandardCharsets.UTF_8)) instanceof Map<?, ?> map
          && map.get("taskProgress") instanceof List<?> levels
          && !levels.isEmpty()) {
        return TaskCounts.builder()
            .total(sum(levels, "total"))
            .running(sum(levels, "running"))
            .succeeded(sum(levels, "success"))
            .failed(sum(levels, "failed"))
            .build();
      }
    } catch (WireDataException | NumberFormatException | ArithmeticException e) {
      // as any other word: the row is good, and Progress is among its attributes
    }
    return TaskCounts.NONE;
  }

  /** Returns the sum of a count over all levels, or null when one of them does not give it. */
  private static @Nullable Long sum(List<?> levels, String field) {
    long sum = 0;
    for (Object level : levels) {
      if (!(level instanceof Map<?, ?> counts) || counts.get(field) == null) {
        return null;
      }
      sum = Math.addExact(sum, Long.parseLong(String.valueOf(counts.get(field))));
    }
    return sum;
  }

  private static Job.Builder job(JsonReader json, JobRef ref) {
    Job.Builder job = Job.builder(ref);
    RawJson raw =
        json.rawObject(
            MASKING,
            field -> {
              switch (field) {
                case "JobId" -> {
                  if (!ref.jobId().equals(String.valueOf(json.integer()))) {
                    throw json.wrong("is another job than the one asked for");
                  }
                }
                case "Name" -> job.name(json.text());
                case "Description" -> job.description(json.text());
                // 0 disabled, 1 enabled; the enumeration has further words for disabled
                case "Status" -> {
                  Long status = json.integer();
                  job.enabled(status == null ? null : status == 1);
                }
                case "MaxAttempt" -> job.retries(small(json));
                case "MaxConcurrency" -> job.concurrencyPolicy(json.text());
                case "TimeConfig" -> job.schedule(schedule(json.value()));
                case "JobMonitorInfo" -> job.timeout(timeout(json.value()));
                default -> {}
              }
            });
    return job.raw(raw, NEUTRAL_OF_JOB);
  }

  /** A cron expression speaks for itself; "30" is nothing without the word before it. */
  private static @Nullable String schedule(@Nullable Object config) {
    if (!(config instanceof Map<?, ?> map)) {
      return null;
    }
    String word = TIME_TYPES.getOrDefault(String.valueOf(map.get("TimeType")), "");
    Object expression = map.get("TimeExpression");
    String text = (expression == null ? word : word + " " + expression).strip();
    return text.isEmpty() ? null : text;
  }

  /** A timeout that only raises an alarm ends no run. */
  private static @Nullable Duration timeout(@Nullable Object monitoring) {
    return monitoring instanceof Map<?, ?> info
            && info.get("MonitorConfig") instanceof Map<?, ?> config
            && Boolean.TRUE.equals(config.get("TimeoutKillEnable"))
            && config.get("Timeout") instanceof Number seconds
        ? Duration.ofSeconds(seconds.longValue())
        : null;
  }

  private static @Nullable Integer small(JsonReader json) {
    Long value = json.integer();
    if (value != null && value.intValue() != value) {
      throw json.wrong("is not a whole number of 32 bits");
    }
    return value == null ? null : value.intValue();
  }

  /** Reads the one part of Data that the operation is about. */
  private static <T> Step<T> read(
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
    private @Nullable Long instance;
    private @Nullable Long job;
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
