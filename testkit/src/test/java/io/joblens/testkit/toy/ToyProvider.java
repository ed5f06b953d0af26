package io.joblens.testkit.toy;

import io.joblens.ConfigException;
import io.joblens.Filter;
import io.joblens.Job;
import io.joblens.JobQuery;
import io.joblens.JobRef;
import io.joblens.JobRun;
import io.joblens.JobServiceException.Kind;
import io.joblens.JobState;
import io.joblens.ProviderId;
import io.joblens.RawRequest;
import io.joblens.RunRef;
import io.joblens.spi.Call;
import io.joblens.spi.Capabilities;
import io.joblens.spi.Endpoint;
import io.joblens.spi.JobProvider;
import io.joblens.spi.JsonReader;
import io.joblens.spi.KnownPaths;
import io.joblens.spi.Masking;
import io.joblens.spi.Quota;
import io.joblens.spi.Rate;
import io.joblens.spi.Scope;
import io.joblens.spi.Scopes;
import io.joblens.spi.ServiceError;
import io.joblens.spi.Signer;
import io.joblens.spi.Slice;
import io.joblens.spi.StateTable;
import io.joblens.spi.Step;
import io.joblens.spi.WireDataException;
import io.joblens.spi.WireRequest;
import io.joblens.spi.WireResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** A service that runs jobs in queues: {@code GET /v1/queues/Q/runs}, {@code …/runs/ID}. */
final class ToyProvider implements JobProvider {
  static final StateTable STATES =
      StateTable.builder()
          .open("waiting", JobState.QUEUED)
          .open("busy", JobState.RUNNING)
          .finished("done", JobState.SUCCEEDED)
          .finished("broken", JobState.FAILED)
          .build();

  private static final Masking MASKING = new Masking(Set.of("secret"), Set.of(), Set.of());
  private static final int MAX_PAGE = 50;

  private final Endpoint endpoint;
  private final String region;
  private final String queue;
  private final KnownPaths known;

  ToyProvider(Endpoint endpoint, String region, String queue) {
    this.endpoint = endpoint;
    this.region = region;
    this.queue = queue;
    List<List<String>> paths = queue.isEmpty() ? List.of() : List.of(List.of(queue));
    this.known = new KnownPaths(id(), List.of(region), List.of("queue", "run id"), paths);
  }

  @Override
  public ProviderId id() {
    return ToyQueue.ID;
  }

  @Override
  public Capabilities capabilities(JobQuery query) {
    EnumSet<Filter> pushed = EnumSet.of(query.runs().isEmpty() ? Filter.JOB : Filter.RUN_ID);
    EnumSet<Filter> local = EnumSet.of(Filter.STATE, Filter.CREATED, Filter.PROBLEM);
    return new Capabilities(
        pushed,
        local,
        Capabilities.Paging.OFFSET,
        MAX_PAGE,
        MAX_PAGE,
        MAX_PAGE,
        STATES.states(),
        Set.of());
  }

  @Override
  public Step<Scopes> scopes(JobQuery query, Optional<String> after) {
    List<String> queues =
        query.jobs().isEmpty() && !queue.isEmpty() ? List.of(queue) : query.jobs();
    if (queues.isEmpty()) {
      throw new ConfigException("queue is missing; set it, or name jobs in the query");
    }
    return Step.done(
        Scopes.all(queues.stream().map(name -> new Scope(region, List.of(name), "")).toList()));
  }

  @Override
  public Step<Slice> runs(Scope scope, JobQuery query, long offset, int limit) {
    WireRequest.Builder request =
        queue(scope.path().get(0)).path("/runs").query("offset", offset).query("limit", limit);
    return Step.ask(read("ListRuns", request), response -> Step.done(slice(scope, response)));
  }

  private Slice slice(Scope scope, WireResponse response) {
    List<JobRun.Builder> rows = new ArrayList<>();
    List<Boolean> isThere = new ArrayList<>();
    List<Long> total = new ArrayList<>();
    JsonReader.<Boolean>read(
        response.body(),
        json ->
            json.object(
                field -> {
                  switch (field) {
                    case "runs" -> isThere.add(json.array(() -> rows.add(row(scope, json))));
                    case "total" -> Optional.ofNullable(json.integer()).ifPresent(total::add);
                    default -> {}
                  }
                }));
    if (!isThere.contains(true)) {
      throw new WireDataException("/runs", "is missing");
    }
    return new Slice(
        rows, total.isEmpty() ? OptionalLong.empty() : OptionalLong.of(total.get(0)), false);
  }

  private JobRun.Builder row(Scope scope, JsonReader json) {
    List<String> id = new ArrayList<>();
    List<String> state = new ArrayList<>();
    List<Instant> created = new ArrayList<>();
    var raw =
        json.rawObject(
            MASKING,
            field -> {
              switch (field) {
                case "id" -> id.add(json.id());
                case "state" -> Optional.ofNullable(json.text()).ifPresent(state::add);
                case "created" -> created.add(Instant.ofEpochSecond(Long.parseLong(json.id())));
                default -> {}
              }
            });
    if (id.isEmpty()) {
      throw new WireDataException("/id", "is missing");
    }
    String word = state.isEmpty() ? "" : state.get(0);
    StateTable.Meaning meaning = STATES.of(word);
    return JobRun.builder(new RunRef(id(), scope.region(), List.of(scope.path().get(0), id.get(0))))
        .state(meaning.state(), meaning.finality(), word)
        .createdAt(created.isEmpty() ? null : created.get(0))
        .raw(raw, Set.of("id", "state", "created"));
  }

  @Override
  public Step<List<JobRun.Builder>> get(List<RunRef> refs) {
    return Step.each(refs, ref -> one(ref).ifFound())
        .map(found -> found.stream().flatMap(Optional::stream).toList());
  }

  private Step<JobRun.Builder> one(RunRef ref) {
    known.require(ref);
    String name = ref.segments().get(0);
    Scope scope = new Scope(ref.region(), List.of(name), "");
    return Step.ask(
        read("GetRun", queue(name).path("/runs").id("run id", ref.runId())),
        response -> Step.done(JsonReader.read(response.body(), json -> row(scope, json))));
  }

  @Override
  public Step<Job.Builder> job(JobRef ref) {
    known.require(ref);
    return Step.ask(
        read("GetQueue", queue(ref.jobId())),
        response ->
            Step.done(
                JsonReader.read(
                    response.body(),
                    json -> {
                      Job.Builder job = Job.builder(ref);
                      return job.raw(
                          json.rawObject(
                              MASKING,
                              field -> {
                                if (field.equals("name")) {
                                  job.name(json.text());
                                }
                              }),
                          Set.of("id", "name"));
                    })));
  }

  @Override
  public RunRef runRef(List<String> ids) {
    return known.run(ids);
  }

  @Override
  public JobRef jobRef(List<String> ids) {
    return known.job(ids);
  }

  @Override
  public Call raw(RawRequest raw) {
    WireRequest.Builder request = WireRequest.get(endpoint).path(raw.path().orElse("/v1/queues"));
    raw.query().forEach(request::query);
    return new Call(raw.action(), quota(), raw.isRepeatable(), true, request.build());
  }

  @Override
  public Optional<ServiceError> error(Call call, WireResponse response) {
    if (response.isSuccessful()) {
      return Optional.empty();
    }
    String code = "";
    try {
      if (JsonReader.readTree(response.body()) instanceof Map<?, ?> body
          && body.get("code") instanceof String text) {
        code = text;
      }
    } catch (WireDataException e) {
      // a proxy's page: the status tells
    }
    Kind kind =
        switch (code.isEmpty() ? Integer.toString(response.status()) : code) {
          case "BadSignature", "UnknownKey", "BadToken", "401" -> Kind.AUTHENTICATION;
          case "OldToken" -> Kind.EXPIRED_CREDENTIALS;
          case "BadDate" -> Kind.CLOCK_SKEW;
          case "403" -> Kind.ACCESS_DENIED;
          case "NoSuchRun", "NoSuchQueue", "404" -> Kind.NOT_FOUND;
          case "SlowDown", "429" -> Kind.THROTTLED;
          case "502", "503", "504" -> Kind.UNAVAILABLE;
          default -> byStatus(response.status());
        };
    return Optional.of(
        ServiceError.of(kind, response.status())
            .code(code.isEmpty() ? null : code)
            .requestId(response.header("x-toy-request-id").orElse(null))
            .build());
  }

  private static Kind byStatus(int status) {
    if (status >= 500) {
      return Kind.SERVER_ERROR;
    }
    return status >= 400 ? Kind.INVALID_REQUEST : Kind.UNKNOWN;
  }

  @Override
  public Signer signer() {
    return ToyQueue::sign;
  }

  @Override
  public Masking masking() {
    return MASKING;
  }

  private WireRequest.Builder queue(String name) {
    return WireRequest.get(endpoint).path("/v1/queues").id("queue", name);
  }

  private static Call read(String action, WireRequest.Builder request) {
    return Call.read(action, quota(), request.build());
  }

  private static Quota quota() {
    return new Quota("toy-queue", Rate.perSecond(5));
  }
}
