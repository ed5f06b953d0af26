package io.joblens.alibaba.schedulerx;

import io.joblens.Job;
import io.joblens.JobRef;
import io.joblens.RawJson;
import io.joblens.alibaba.AlibabaJobs;
import io.joblens.spi.Call;
import io.joblens.spi.Jobs;
import io.joblens.spi.JsonReader;
import io.joblens.spi.Scope;
import io.joblens.spi.Step;
import io.joblens.spi.WireResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads answers about namespaces, groups and the definitions of jobs. */
final class SchedulerxJobs {
  private static final Set<String> NEUTRAL = Set.of("JobId", "Name", "Description", "MaxAttempt");

  /** From {@code com.alibaba.schedulerx.common.domain.TimeType}, in the documentation's words. */
  private static final Map<String, String> TIME_TYPES =
      Map.of("3", "fix_rate", "4", "second_delay", "5", "one_time", "100", "api");

  /** Pages came to it in March 2026. */
  private static final AlibabaJobs LIST =
      new AlibabaJobs(
          SchedulerxErrors.ALL, SchedulerxResponses.MASKING, "Jobs", "JobId", "Total", false);

  private SchedulerxJobs() {}

  /**
   * Reads an answer of ListNamespaces or of ListGroups: what is in a region, or in a namespace. The
   * AppKeys of groups are left where they are.
   */
  static Step<List<Scope>> inside(Call call, WireResponse response, Scope outer) {
    boolean isRegion = outer.path().isEmpty();
    return SchedulerxResponses.read(
        call,
        response,
        isRegion ? "Namespaces" : "AppGroups",
        json -> {
          Set<String> ids = new LinkedHashSet<>();
          if (!json.array(() -> ids.add(id(json, isRegion ? "UId" : "GroupId")))) {
            throw json.wrong("is null");
          }
          return ids.stream().map(id -> in(outer, id)).toList();
        });
  }

  private static String id(JsonReader json, String field) {
    List<String> id = new ArrayList<>(1);
    json.requiredObject(
        name -> {
          if (name.equals(field)) {
            id.add(json.id());
          }
        });
    return id.stream().findFirst().orElseThrow(() -> json.wrong("has no " + field));
  }

  /** Returns what has the id within the outer one. */
  static Scope in(Scope outer, String id) {
    List<String> path = new ArrayList<>(outer.path());
    path.add(id);
    return new Scope(outer.region(), path, outer.slice());
  }

  /** Reads an answer of GetJobInfo. */
  static Step<Job.Builder> job(Call call, WireResponse response, JobRef ref) {
    return SchedulerxResponses.read(call, response, "JobConfigInfo", json -> job(json, ref));
  }

  /**
   * Reads an answer of ListJobs.
   *
   * @param page the page that was asked for
   * @param size how many jobs it was to have at most
   */
  static Step<Jobs> page(Call call, WireResponse response, Scope scope, int page, int size) {
    return LIST.page(
        call,
        response,
        page,
        size,
        (id, json) ->
            job(json, new JobRef(AlibabaSchedulerx.ID, scope.region(), in(scope, id).path())));
  }

  private static Job.Builder job(JsonReader json, JobRef ref) {
    Job.Builder job = Job.builder(ref);
    RawJson raw =
        json.rawObject(
            SchedulerxResponses.MASKING,
            field -> {
              switch (field) {
                case "JobId" -> {
                  if (!ref.jobId().equals(SchedulerxResponses.number(json))) {
                    throw json.wrong("is another job than the one asked for");
                  }
                }
                case "Name" -> job.name(json.text());
                case "Description" -> job.description(json.text());
                case "Status" -> {
                  // 0 disabled, 1 enabled; the enumeration has further words for disabled
                  Long status = json.integer();
                  job.enabled(status == null ? null : status == 1);
                }
                case "MaxAttempt" -> {
                  Integer most = json.integer32();
                  job.retries(most == null || most < 0 ? null : most);
                }
                case "MaxConcurrency" -> job.concurrencyPolicy(json.text());
                case "TimeConfig" -> job.schedule(schedule(json.value()));
                case "JobMonitorInfo" -> job.timeout(timeout(json.value()));
                default -> {} // attributes
              }
            });
    return job.raw(raw, NEUTRAL);
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
            && seconds.longValue() > 0
            && seconds.longValue() <= Integer.MAX_VALUE
        ? Duration.ofSeconds(seconds.longValue())
        : null;
  }
}
