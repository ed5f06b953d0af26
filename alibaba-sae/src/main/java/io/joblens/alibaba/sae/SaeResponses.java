package io.joblens.alibaba.sae;

import io.joblens.JobRun;
import io.joblens.JobState;
import io.joblens.RawJson;
import io.joblens.RunDetail;
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
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
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
   * Only answers about job templates carry secrets. SlsConfigs and SliceEnvs are documented without
   * any, but hold whatever users put there.
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

  /** Returns why a run is in its state, which is its own Message: SAE tells no more. */
  static RunDetail.Builder detail(JobRun.Builder row) {
    JobRun run = row.build();
    RunDetail.Builder detail = RunDetail.builder(row);
    String message = run.message().orElse(null);
    if (run.state() == JobState.QUEUED) {
      detail.waitingFor(message);
    } else {
      detail.reason(message);
    }
    if (message == null && (run.isProblem() || run.state() == JobState.QUEUED)) {
      detail.note("SAE gives no message on this run");
    }
    return detail.noTaskList(
        "of a run's instances SAE tells how many run, succeeded and failed; their exit codes,"
            + " reasons and logs are in its console, and in Log Service where the job template"
            + " sends them there");
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
}
