package io.joblens.alibaba.sae;

import io.joblens.Job;
import io.joblens.JobRef;
import io.joblens.RawJson;
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
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads answers about job templates. */
final class SaeJobs {
  private SaeJobs() {}

  /** Reads an answer of DescribeJob. */
  static Step<Job.Builder> job(Call call, JobRef ref, WireResponse response) {
    List<Template> found = new ArrayList<>(1);
    return SaeErrors.ERRORS.read(
        call,
        response,
        (name, json) -> {
          if (name.equals("Data")) {
            found.add(new Template(json));
          }
        },
        () -> {
          if (found.isEmpty() || found.get(0).appId == null) {
            throw new WireDataException("/Data/AppId", "is missing");
          }
          if (!ref.jobId().equals(found.get(0).appId)) {
            throw new WireDataException("/Data/AppId", "is not the one that was asked for");
          }
          return found.get(0).job(ref);
        });
  }

  /**
   * Reads an answer of ListJobs.
   *
   * @param page the page that was asked for
   * @param size how many templates it was to have at most
   */
  static Step<Jobs> page(Call call, Scope scope, int page, int size, WireResponse response) {
    Page read = new Page(scope.region());
    return SaeErrors.ERRORS.read(call, response, read::read, () -> read.jobs(page, size));
  }

  private static final class Page {
    private final String region;
    private final List<Job.Builder> rows = new ArrayList<>();
    private @Nullable Long total;
    private @Nullable Long given;
    private boolean found;

    Page(String region) {
      this.region = region;
    }

    void read(String name, JsonReader json) {
      if (name.equals("Data")) {
        json.object(
            field -> {
              switch (field) {
                case "Applications" -> found = json.array(() -> rows.add(row(json)));
                case "TotalSize" -> total = json.integer();
                case "PageSize" -> given = json.integer();
                default -> {} // the page that was asked for
              }
            });
      }
    }

    private Job.Builder row(JsonReader json) {
      Template template = new Template(json);
      if (template.appId == null) {
        throw json.wrong("has no AppId");
      }
      try {
        return template.job(new JobRef(AlibabaSae.ID, region, List.of(template.appId)));
      } catch (IllegalArgumentException e) {
        throw json.wrong("has an AppId that can be none");
      }
    }

    /** The vendor's own count is what says whether there is more; a page may be smaller. */
    Jobs jobs(int page, int size) {
      if (!found && !Long.valueOf(0).equals(total)) {
        throw new WireDataException("/Data/Applications", "is missing");
      }
      if (total == null) {
        if (rows.size() >= size) {
          throw new WireDataException("/Data/TotalSize", "is missing, so there may be more");
        }
        return new Jobs(rows, Optional.empty());
      }
      long each = given == null || given < 1 || given > size ? size : given;
      boolean more = !rows.isEmpty() && page * each < total;
      return new Jobs(rows, more ? Optional.of(Integer.toString(page + 1)) : Optional.empty());
    }
  }

  /**
   * A job template as either operation shows it. Its fields come in any order. What has no neutral
   * name, or not quite its meaning, stays an attribute.
   */
  private static final class Template {
    private final List<Consumer<Job.Builder>> parts = new ArrayList<>();
    private final Map<String, String> resources = new LinkedHashMap<>();
    private final Map<String, String> labels = new LinkedHashMap<>();
    private final Set<String> neutral = new HashSet<>();
    private final RawJson raw;
    private @Nullable String appId;

    Template(JsonReader json) {
      raw =
          json.rawObject(
              SaeResponses.MASKING,
              field -> {
                if (readField(json, field)) {
                  neutral.add(field);
                }
              });
    }

    Job.Builder job(JobRef ref) {
      Job.Builder job = Job.builder(ref).resources(resources).labels(labels).raw(raw, neutral);
      parts.forEach(part -> part.accept(job));
      return job;
    }

    /** Reads a field; returns whether its neutral name says all of it. */
    private boolean readField(JsonReader json, String field) {
      switch (field) {
        case "AppId" -> appId = json.id();
        case "AppName" -> {
          String name = json.text();
          parts.add(job -> job.name(name));
        }
        case "AppDescription" -> {
          String description = json.text();
          parts.add(job -> job.description(description));
        }
        case "ConcurrencyPolicy" -> {
          String policy = json.text();
          parts.add(job -> job.concurrencyPolicy(policy));
        }
        case "Cpu" -> resource("cpu", json);
        case "Memory", "Mem" -> resource("memory", json);
        case "Replicas" -> resource("replicas", json);
        case "Tags" -> json.array(() -> tag(json));
        case "Suspend" -> {
          Boolean suspended = json.bool();
          parts.add(job -> job.enabled(suspended == null ? null : !suspended));
        }
        case "Timeout" -> {
          Long seconds = json.integer();
          if (seconds == null || seconds <= 0 || seconds > Integer.MAX_VALUE) {
            return false;
          }
          parts.add(job -> job.timeout(Duration.ofSeconds(seconds)));
        }
        case "BackoffLimit" -> {
          Long retries = json.integer();
          if (retries == null || retries < 0 || retries > Integer.MAX_VALUE) {
            return false;
          }
          parts.add(job -> job.retries(Math.toIntExact(retries)));
        }
        case "LastJobState" -> {
          String word = json.text();
          if (word != null) {
            parts.add(job -> job.lastState(SaeStates.TABLE.of(word).state()));
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
          parts.add(job -> job.schedule(schedule).zone(zone));
        }
      } catch (WireDataException e) {
        // the attribute shows what it is
      }
    }
  }
}
