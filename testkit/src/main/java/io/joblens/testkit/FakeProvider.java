package io.joblens.testkit;

import io.joblens.Filter;
import io.joblens.Finality;
import io.joblens.Job;
import io.joblens.JobQuery;
import io.joblens.JobRef;
import io.joblens.JobRun;
import io.joblens.JobServiceException.Kind;
import io.joblens.JobState;
import io.joblens.ProviderId;
import io.joblens.RawRequest;
import io.joblens.RunRef;
import io.joblens.TaskCounts;
import io.joblens.Trigger;
import io.joblens.spi.Call;
import io.joblens.spi.Capabilities;
import io.joblens.spi.Endpoint;
import io.joblens.spi.JobProvider;
import io.joblens.spi.JsonReader;
import io.joblens.spi.Masking;
import io.joblens.spi.Quota;
import io.joblens.spi.Rate;
import io.joblens.spi.Scope;
import io.joblens.spi.Scopes;
import io.joblens.spi.ServiceError;
import io.joblens.spi.Signer;
import io.joblens.spi.Slice;
import io.joblens.spi.Step;
import io.joblens.spi.WireDataException;
import io.joblens.spi.WireRequest;
import io.joblens.spi.WireResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The provider behind {@link FakeJobClient}: its vendor is a {@link MemoryTransport}. */
final class FakeProvider implements JobProvider {
  private static final Endpoint ENDPOINT = Endpoint.https("fake.invalid");
  private static final Set<String> NEUTRAL_FIELDS =
      Set.of(
          "id",
          "job",
          "region",
          "name",
          "state",
          "finality",
          "message",
          "trigger",
          "created",
          "scheduled",
          "data",
          "started",
          "finished",
          "tasks",
          "tags");

  private final ProviderId id;
  private final List<String> regions;
  private final int maxPage;
  private final World world;

  FakeProvider(ProviderId id, List<String> regions, int maxPage, World world) {
    this.id = id;
    this.regions = regions;
    this.maxPage = maxPage;
    this.world = world;
  }

  @Override
  public ProviderId id() {
    return id;
  }

  @Override
  public Capabilities capabilities(JobQuery query) {
    Set<Filter> local = EnumSet.allOf(Filter.class);
    local.remove(Filter.JOB);
    local.remove(Filter.RUN_ID);
    return new Capabilities(
        query.runs().isEmpty() ? Set.of(Filter.JOB) : Set.of(Filter.RUN_ID, Filter.JOB),
        local,
        Capabilities.Paging.OFFSET,
        maxPage,
        maxPage,
        maxPage,
        EnumSet.allOf(JobState.class),
        Set.of());
  }

  @Override
  public Step<Scopes> scopes(JobQuery query, Optional<String> after) {
    List<Scope> scopes = new ArrayList<>();
    for (String region : regions) {
      if (query.jobs().isEmpty()) {
        scopes.add(new Scope(region, List.of(), ""));
      }
      query.jobs().forEach(job -> scopes.add(new Scope(region, List.of(job), "")));
    }
    return Step.done(Scopes.all(scopes));
  }

  @Override
  public Step<Slice> runs(Scope scope, JobQuery query, long offset, int limit) {
    WireRequest.Builder request =
        WireRequest.get(ENDPOINT)
            .path("/runs")
            .query("region", scope.region())
            .query("offset", offset)
            .query("limit", limit);
    scope.path().forEach(job -> request.query("job", job));
    return Step.ask(
        read("ListRuns", request.build()),
        response -> {
          Rows rows = new Rows(response, scope.region());
          return Step.done(new Slice(rows.runs, rows.total, false));
        });
  }

  @Override
  public Step<List<JobRun.Builder>> get(List<RunRef> refs) {
    Map<String, List<RunRef>> byRegion = new LinkedHashMap<>();
    refs.forEach(ref -> byRegion.computeIfAbsent(ref.region(), r -> new ArrayList<>()).add(ref));
    return Step.each(
            List.copyOf(byRegion.entrySet()), entry -> get(entry.getKey(), entry.getValue()))
        .map(lists -> lists.stream().flatMap(List::stream).toList());
  }

  private Step<List<JobRun.Builder>> get(String region, List<RunRef> refs) {
    WireRequest.Builder request = WireRequest.get(ENDPOINT).path("/runs").query("region", region);
    refs.forEach(ref -> request.query("id", ref.runId()));
    return Step.ask(
        read("GetRuns", request.build()),
        response ->
            Step.done(
                new Rows(response, region)
                    .runs.stream().filter(run -> refs.contains(run.ref())).toList()));
  }

  @Override
  public Step<Job.Builder> job(JobRef ref) {
    WireRequest request =
        WireRequest.get(ENDPOINT)
            .path("/jobs")
            .id("job id", ref.jobId())
            .query("region", ref.region())
            .build();
    return Step.ask(
        read("GetJob", request),
        response ->
            Step.done(
                JsonReader.read(
                    response.body(),
                    json -> {
                      Job.Builder job = Job.builder(ref);
                      job.raw(
                          json.rawObject(
                              Masking.NONE,
                              field -> {
                                if (field.equals("name")) {
                                  job.name(json.text());
                                }
                              }),
                          Set.of("id", "region", "name"));
                      return job;
                    })));
  }

  @Override
  public RunRef runRef(List<String> ids) {
    if (ids.size() != 1 && ids.size() != 2) {
      throw new IllegalArgumentException("expected a run id, or a job id and a run id");
    }
    String runId = ids.get(ids.size() - 1);
    String jobId =
        ids.size() == 2
            ? ids.get(0)
            : world.run(runId).map(row -> row.run().jobId()).orElse(FakeJobClient.NO_JOB);
    return new RunRef(id, regions.get(0), List.of(jobId, runId));
  }

  @Override
  public JobRef jobRef(List<String> ids) {
    if (ids.size() != 1) {
      throw new IllegalArgumentException("expected a job id");
    }
    return new JobRef(id, regions.get(0), ids);
  }

  @Override
  public Call raw(RawRequest raw) {
    WireRequest.Builder request =
        WireRequest.get(ENDPOINT).path(raw.path().orElse("/" + raw.action()));
    raw.query().forEach(request::query);
    return new Call(raw.action(), quota(raw.action()), raw.isRepeatable(), true, request.build());
  }

  @Override
  public Optional<ServiceError> error(Call call, WireResponse response) {
    if (response.isSuccessful()) {
      return Optional.empty();
    }
    String kind = response.header("x-fake-kind").orElse(Kind.UNKNOWN.name());
    return Optional.of(
        ServiceError.of(Kind.valueOf(kind), response.status())
            .code(kind)
            .message("the fake was told to fail, or knows no such thing")
            .requestId(response.header("x-fake-request-id").orElse(null))
            .retryAfter(
                response
                    .header("retry-after")
                    .map(text -> Duration.ofMillis(Long.parseLong(text)))
                    .orElse(null))
            .build());
  }

  @Override
  public Signer signer() {
    return (request, credentials, now, nonce) -> request;
  }

  @Override
  public Masking masking() {
    return Masking.NONE;
  }

  private Call read(String action, WireRequest request) {
    return Call.read(action, quota(action), request);
  }

  private Quota quota(String action) {
    return new Quota(id.value() + ":" + action.toLowerCase(Locale.ROOT), Rate.perSecond(10));
  }

  /** The rows of an answer. */
  private final class Rows {
    private final List<JobRun.Builder> runs = new ArrayList<>();
    private OptionalLong total = OptionalLong.empty();

    private Rows(WireResponse response, String region) {
      boolean[] seen = new boolean[1];
      JsonReader.read(
          response.body(),
          json ->
              json.object(
                  field -> {
                    switch (field) {
                      case "total" -> {
                        Long value = json.integer();
                        total = value == null ? OptionalLong.empty() : OptionalLong.of(value);
                      }
                      case "runs" -> seen[0] = json.array(() -> runs.add(row(json, region)));
                      default -> {}
                    }
                  }));
      if (!seen[0]) {
        throw new WireDataException("/runs", "is missing");
      }
    }

    private JobRun.Builder row(JsonReader json, String region) {
      Map<String, @Nullable Object> values = new LinkedHashMap<>();
      var raw = json.rawObject(Masking.NONE, field -> values.put(field, json.value()));
      JobRun.Builder run =
          JobRun.builder(new RunRef(id, region, List.of(text(values, "job"), text(values, "id"))));
      run.name(optional(values, "name"))
          .state(
              JobState.valueOf(text(values, "state")),
              Finality.valueOf(text(values, "finality")),
              text(values, "state"))
          .message(optional(values, "message"))
          .trigger(Trigger.valueOf(text(values, "trigger")))
          .raw(raw, NEUTRAL_FIELDS);
      time(values, "created", run::createdAt);
      time(values, "scheduled", run::scheduledAt);
      time(values, "data", run::dataAt);
      time(values, "started", run::startedAt);
      time(values, "finished", run::finishedAt);
      Map<String, String> tags = new LinkedHashMap<>();
      map(values, "tags").forEach((key, value) -> tags.put(key, String.valueOf(value)));
      Map<String, @Nullable Object> tasks = map(values, "tasks");
      return run.tags(tags)
          .tasks(
              TaskCounts.builder()
                  .total(count(tasks, "total"))
                  .pending(count(tasks, "pending"))
                  .running(count(tasks, "running"))
                  .succeeded(count(tasks, "succeeded"))
                  .failed(count(tasks, "failed"))
                  .build());
    }
  }

  private static String text(Map<String, @Nullable Object> values, String field) {
    return String.valueOf(values.get(field));
  }

  private static @Nullable String optional(Map<String, @Nullable Object> values, String field) {
    return values.get(field) instanceof String text && !text.isEmpty() ? text : null;
  }

  private static void time(
      Map<String, @Nullable Object> values, String field, Consumer<@Nullable Instant> setter) {
    String text = optional(values, field);
    if (text != null) {
      setter.accept(Instant.parse(text));
    }
  }

  private static Map<String, @Nullable Object> map(
      Map<String, @Nullable Object> values, String field) {
    Map<String, @Nullable Object> out = new LinkedHashMap<>();
    if (values.get(field) instanceof Map<?, ?> map) {
      map.forEach((key, value) -> out.put(String.valueOf(key), value));
    }
    return out;
  }

  private static @Nullable Long count(Map<String, @Nullable Object> tasks, String field) {
    return tasks.get(field) instanceof Number number ? Long.valueOf(number.longValue()) : null;
  }
}
