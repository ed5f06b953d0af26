package io.joblens.alibaba.sae;

import io.joblens.Job;
import io.joblens.JobRef;
import io.joblens.RawJson;
import io.joblens.alibaba.AlibabaJobs;
import io.joblens.spi.Call;
import io.joblens.spi.Jobs;
import io.joblens.spi.JsonReader;
import io.joblens.spi.Scope;
import io.joblens.spi.Step;
import io.joblens.spi.WireDataException;
import io.joblens.spi.WireResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads answers about job templates. */
final class SaeJobs {
  private static final AlibabaJobs LIST =
      new AlibabaJobs(
          SaeErrors.ERRORS, SaeResponses.MASKING, "Applications", "AppId", "TotalSize", true);

  private SaeJobs() {}

  /** Reads an answer of DescribeJob. */
  static Step<Job.Builder> job(Call call, JobRef ref, WireResponse response) {
    List<Template> found = new ArrayList<>(1);
    return SaeErrors.ERRORS.read(
        call,
        response,
        (name, json) -> {
          if (name.equals("Data")) {
            found.add(new Template(json, ref));
          }
        },
        () ->
            found.stream()
                .findFirst()
                .orElseThrow(() -> new WireDataException("/Data/AppId", "is missing"))
                .job());
  }

  /**
   * Reads an answer of ListJobs.
   *
   * @param page the page that was asked for
   * @param size how many templates it was to have at most
   */
  static Step<Jobs> page(Call call, Scope scope, int page, int size, WireResponse response) {
    return LIST.page(
        call,
        response,
        page,
        size,
        (id, json) ->
            new Template(json, new JobRef(AlibabaSae.ID, scope.region(), List.of(id))).job());
  }

  /**
   * A job template as either operation shows it. Its fields come in any order. What has no neutral
   * name, or not quite its meaning, stays an attribute.
   */
  private static final class Template {
    private final JobRef ref;
    private final Job.Builder job;
    private final Map<String, String> resources = new LinkedHashMap<>();
    private final Map<String, String> labels = new LinkedHashMap<>();
    private final Set<String> neutral = new HashSet<>();
    private @Nullable String appId;

    Template(JsonReader json, JobRef ref) {
      this.ref = ref;
      this.job = Job.builder(ref);
      RawJson raw =
          json.rawObject(
              SaeResponses.MASKING,
              field -> {
                if (readField(json, field)) {
                  neutral.add(field);
                }
              });
      job.raw(raw, neutral);
    }

    Job.Builder job() {
      if (!ref.jobId().equals(appId)) {
        throw new WireDataException(
            "/Data/AppId", appId == null ? "is missing" : "is not the one that was asked for");
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
        case "Memory", "Mem" -> resource("memory", json);
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
        case "LastJobState" -> {
          String word = json.text();
          if (word != null) {
            job.lastState(SaeStates.TABLE.of(word).state());
          }
          return false; // the word itself may be a new one
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
    private void trigger(@Nullable String config) {
      if (config == null) {
        return;
      }
      try {
        if (JsonReader.readTree(config.getBytes(StandardCharsets.UTF_8))
                instanceof Map<?, ?> trigger
            && "time".equals(trigger.get("type"))
            && trigger.get("config") instanceof String schedule) {
          String zone = trigger.get("timezone") instanceof String text ? text : null;
          job.schedule(schedule).zone(zone);
        }
      } catch (WireDataException e) {
        // the attribute shows what it is
      }
    }
  }
}
