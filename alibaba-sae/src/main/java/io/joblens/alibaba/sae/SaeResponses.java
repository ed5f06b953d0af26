package io.joblens.alibaba.sae;

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
import io.joblens.spi.Text;
import io.joblens.spi.WireDataException;
import io.joblens.spi.WireResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads answers. Beside what is documented they contain words for "absent" — {@code "Null\n"},
 * {@code "空"} — which {@link JsonReader#text()} knows.
 */
final class SaeResponses {
  /**
   * Only DescribeJob's answers carry secrets. SlsConfigs and SliceEnvs are documented without any,
   * but hold whatever users put there.
   */
  static final Masking MASKING =
      new Masking(
          Set.of("OssAkId", "OssAkSecret", "ImagePullSecrets"),
          Set.of("Envs", "SliceEnvs", "SlsConfigs"),
          Set.of("PublicWebHookUrls", "VpcWebHookUrls", "PackageUrl"));

  private static final Set<String> NEUTRAL_FIELDS =
      Set.of(
          "JobId",
          "State",
          "Active",
          "Succeeded",
          "Failed",
          "StartTime",
          "CompletionTime",
          "Message");

  /**
   * Examples are in seconds; a number above this, which as seconds lies in 5138, is in
   * milliseconds.
   */
  private static final long SECONDS_END = 100_000_000_000L;

  private static final long MILLIS_END = SECONDS_END * 1000;

  private SaeResponses() {}

  /** Reads an answer of DescribeJobHistory. */
  static Step<Slice> history(Call call, Scope scope, WireResponse response) {
    Page page = new Page(scope);
    return SaeErrors.ERRORS.read(call, response, page::read, page::slice);
  }

  /** Reads an answer of DescribeJobStatus; empty when it knows no such run. */
  static Step<Optional<JobRun.Builder>> status(Call call, RunRef ref, WireResponse response) {
    Status status = new Status(ref);
    return SaeErrors.ERRORS.read(call, response, status::read, status::run);
  }

  /** Reads an answer of DescribeJob. */
  static Step<Job.Builder> job(Call call, JobRef ref, WireResponse response) {
    Template template = new Template(ref);
    return SaeErrors.ERRORS.read(call, response, template::read, template::job);
  }

  private static boolean isNull(JsonReader json) {
    try {
      return json.exactText() == null;
    } catch (WireDataException e) {
      return false; // an object; the reader still stands on it
    }
  }

  private static final class Page {
    private final Scope scope;
    private final List<JobRun.Builder> rows = new ArrayList<>();
    private @Nullable Long total;
    private boolean found;

    Page(Scope scope) {
      this.scope = scope;
    }

    void read(String name, JsonReader json) {
      if (name.equals("Data")) {
        json.object(
            field -> {
              switch (field) {
                case "Jobs" -> found = json.array(() -> rows.add(row(json)));
                case "TotalSize" -> total = json.integer();
                default -> {} // the page that was asked for
              }
            });
      }
    }

    private JobRun.Builder row(JsonReader json) {
      Row row = new Row();
      row.read(json);
      if (row.id == null) {
        throw json.wrong("has no JobId");
      }
      try {
        return row.run(
            new RunRef(AlibabaSae.ID, scope.region(), List.of(scope.path().get(0), row.id)));
      } catch (IllegalArgumentException e) {
        throw json.wrong("has a JobId that can be none");
      }
    }

    Slice slice() {
      // no list is taken for an empty one only if the vendor also counts none
      if (!found && !Long.valueOf(0).equals(total)) {
        throw new WireDataException("/Data/Jobs", "is missing");
      }
      return new Slice(rows, total == null ? OptionalLong.empty() : OptionalLong.of(total), false);
    }
  }

  private static final class Status {
    private final RunRef ref;
    private final Row row = new Row();
    private boolean found;

    Status(RunRef ref) {
      this.ref = ref;
    }

    void read(String name, JsonReader json) {
      if (name.equals("Data")) {
        found = true;
        if (!isNull(json)) {
          row.read(json);
        }
      }
    }

    /** An empty Data is how an unknown run may look; the documentation does not say. */
    Optional<JobRun.Builder> run() {
      if (!found) {
        throw new WireDataException("/Data", "is missing");
      }
      if (row.id == null) {
        return Optional.empty();
      }
      if (!row.id.equals(ref.runId())) {
        throw new WireDataException("/Data/JobId", "is not the one that was asked for");
      }
      return Optional.of(row.run(ref));
    }
  }

  /** A run, as both operations show it. Its fields come in any order. */
  private static final class Row {
    @Nullable String id;
    private @Nullable String word;
    private @Nullable Long active;
    private @Nullable Long succeeded;
    private @Nullable Long failed;
    private @Nullable String start;
    private @Nullable String completion;
    private @Nullable String message;
    private @Nullable RawJson raw;

    void read(JsonReader json) {
      raw = json.rawObject(MASKING, field -> readField(json, field));
    }

    private void readField(JsonReader json, String field) {
      switch (field) {
        case "JobId" -> id = json.text();
        case "State" -> word = json.text();
        case "Active" -> active = json.integer();
        case "Succeeded" -> succeeded = json.integer();
        case "Failed" -> failed = json.integer();
        case "StartTime" -> start = json.text();
        case "CompletionTime" -> completion = json.text();
        case "Message" -> message = json.text();
        default -> {} // attributes, and fields that the vendor adds later
      }
    }

    JobRun.Builder run(RunRef ref) {
      StateTable.Meaning meaning = SaeStates.TABLE.of(word);
      JobRun.Builder run =
          JobRun.builder(ref)
              .state(meaning.state(), meaning.finality(), word == null ? "" : word)
              .message(message);
      if (raw != null) {
        run.raw(raw, NEUTRAL_FIELDS);
      }
      run.tasks(
          TaskCounts.builder()
              .running(count("Active", active, run))
              .succeeded(count("Succeeded", succeeded, run))
              .failed(count("Failed", failed, run))
              .build());
      Instant createdAt = time("StartTime", start, run);
      run.createdAt(createdAt).finishedAt(time("CompletionTime", completion, run));
      if (createdAt != null
          && meaning.state() != JobState.QUEUED
          && meaning.state() != JobState.UNKNOWN) {
        run.startedAt(createdAt).note("start assumed at creation: SAE gives one time for both");
      }
      return run;
    }

    private static @Nullable Long count(String field, @Nullable Long count, JobRun.Builder run) {
      if (count != null && count < 0) {
        run.note(field + " " + count + " left out: it is no count");
        return null;
      }
      return count;
    }

    /** Reads seconds since 1970, or milliseconds; zero and less stand for "not yet". */
    private static @Nullable Instant time(String field, @Nullable String text, JobRun.Builder run) {
      if (text == null) {
        return null;
      }
      try {
        long number = Long.parseLong(text.strip());
        if (number <= 0) {
          return null;
        }
        if (number <= MILLIS_END) {
          return number <= SECONDS_END
              ? Instant.ofEpochSecond(number)
              : Instant.ofEpochMilli(number);
        }
      } catch (NumberFormatException e) {
        // noted below
      }
      run.note(field + " '" + Text.printable(text) + "' left out: it is no time");
      return null;
    }
  }

  /** A job template. What has no neutral name, or not quite its meaning, stays an attribute. */
  private static final class Template {
    private final JobRef ref;
    private final Job.Builder job;
    private final Map<String, String> resources = new LinkedHashMap<>();
    private final Map<String, String> labels = new LinkedHashMap<>();
    private final Set<String> neutral = new HashSet<>();
    private @Nullable String appId;

    Template(JobRef ref) {
      this.ref = ref;
      this.job = Job.builder(ref);
    }

    void read(String name, JsonReader json) {
      if (name.equals("Data")) {
        RawJson raw =
            json.rawObject(
                MASKING,
                field -> {
                  if (readField(json, field)) {
                    neutral.add(field);
                  }
                });
        job.raw(raw, neutral);
      }
    }

    Job.Builder job() {
      if (appId == null) {
        throw new WireDataException("/Data/AppId", "is missing");
      }
      if (!appId.equals(ref.jobId())) {
        throw new WireDataException("/Data/AppId", "is not the one that was asked for");
      }
      return job.resources(resources).labels(labels);
    }

    /** Reads a field; returns whether its neutral name says all of it. */
    private boolean readField(JsonReader json, String field) {
      switch (field) {
        case "AppId" -> appId = json.id();
        case "AppName" -> job.name(json.text());
        case "AppDescription" -> job.description(json.text());
        case "ConcurrencyPolicy" -> job.concurrencyPolicy(json.text());
        case "Cpu" -> resource("cpu", json);
        case "Memory" -> resource("memory", json);
        case "Replicas" -> resource("replicas", json);
        case "Tags" -> json.array(() -> tag(json));
        case "Suspend" -> {
          Boolean suspended = json.bool();
          job.enabled(suspended == null ? null : !suspended);
        }
        case "Timeout" -> {
          Long seconds = json.integer();
          if (seconds == null || seconds <= 0 || seconds > Integer.MAX_VALUE) {
            return false;
          }
          job.timeout(Duration.ofSeconds(seconds));
        }
        case "BackoffLimit" -> {
          Long retries = json.integer();
          if (retries == null || retries < 0 || retries > Integer.MAX_VALUE) {
            return false;
          }
          job.retries(Math.toIntExact(retries));
        }
        case "TriggerConfig" -> {
          trigger(json.text());
          return false; // schedule and zone do not say all of it
        }
        default -> {
          return false;
        }
      }
      return true;
    }

    private void resource(String name, JsonReader json) {
      String value = json.text();
      if (value != null) {
        resources.put(name, value);
      }
    }

    private void tag(JsonReader json) {
      String[] tag = new String[2];
      json.object(
          field -> {
            switch (field) {
              case "Key" -> tag[0] = json.exactText();
              case "Value" -> tag[1] = json.exactText();
              default -> {}
            }
          });
      if (tag[0] != null) {
        labels.put(tag[0], tag[1] == null ? "" : tag[1]);
      }
    }

    /**
     * Reads {@code {"type":"time","config":CRON,"timezone":ZONE}}, JSON in a text. The config of
     * the other type, {@code http}, is an object.
     */
    private void trigger(@Nullable String text) {
      if (text == null) {
        return;
      }
      try {
        if (JsonReader.readTree(text.getBytes(StandardCharsets.UTF_8)) instanceof Map<?, ?> trigger
            && "time".equals(trigger.get("type"))
            && trigger.get("config") instanceof String schedule) {
          job.schedule(schedule);
          job.zone(trigger.get("timezone") instanceof String zone ? zone : null);
        }
      } catch (WireDataException e) {
        // the attribute shows what it is
      }
    }
  }
}
