package io.joblens.internal;

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
import io.joblens.spi.Capabilities.Paging;
import io.joblens.spi.Credentials;
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
import org.jspecify.annotations.Nullable;

/** A provider of a vendor that does what a test says. It speaks to {@link StubCloud}. */
class StubProvider implements JobProvider {
  static final ProviderId ID = new ProviderId("stub-jobs");
  static final Masking MASKING = new Masking(Set.of("secret"), Set.of(), Set.of());
  static final StateTable STATES =
      StateTable.builder()
          .open("WAIT", JobState.QUEUED)
          .open("RUN", JobState.RUNNING)
          .finished("OK", JobState.SUCCEEDED)
          .finished("BAD", JobState.FAILED)
          .unsettled("KILLED", JobState.CANCELLED)
          .build();

  Paging paging = Paging.OFFSET;
  int defaultPage = 10;
  int maxPage = 100;
  int maxIds = 3;
  Set<Filter> pushed = EnumSet.of(Filter.RUN_ID);
  Set<Filter> local = EnumSet.of(Filter.STATE, Filter.NAME, Filter.TAG, Filter.CREATED, Filter.JOB);
  Set<String> extras = Set.of("Priority");
  List<Scope> scopes = List.of(new Scope("r1", List.of("a"), ""));

  /** How many scopes one discovery gives; all when 0. */
  int scopesAtOnce;

  Rate rate = new Rate(1000, java.time.Duration.ofMillis(1));
  Endpoint endpoint = Endpoint.https("api.stub.example");

  @Override
  public ProviderId id() {
    return ID;
  }

  @Override
  public Capabilities capabilities(JobQuery query) {
    return new Capabilities(
        pushed, local, paging, defaultPage, maxPage, maxIds, STATES.states(), extras);
  }

  @Override
  public Step<Scopes> scopes(JobQuery query, Optional<String> after) {
    if (scopesAtOnce == 0) {
      return Step.done(Scopes.all(scopes));
    }
    int from = after.map(Integer::parseInt).orElse(0);
    int to = Math.min(scopes.size(), from + scopesAtOnce);
    return Step.done(
        new Scopes(
            scopes.subList(from, to),
            to < scopes.size() ? Optional.of(Integer.toString(to)) : Optional.empty()));
  }

  @Override
  public Step<Slice> runs(Scope scope, JobQuery query, long offset, int limit) {
    WireRequest.Builder request =
        WireRequest.get(endpoint)
            .path("/runs")
            .query("scope", scope.path().get(0))
            .query("slice", scope.slice())
            .query("offset", offset)
            .query("limit", limit);
    if (paging == Paging.PAGE_NUMBER) {
      if (offset % limit != 0) {
        throw new AssertionError("offset " + offset + " is no multiple of " + limit);
      }
      request.query("page", offset / limit + 1);
    }
    return Step.ask(
        read("ListRuns", request.build()),
        response -> JsonReader.read(response.body(), json -> slice(scope, json)));
  }

  private static Step<Slice> slice(Scope scope, JsonReader json) {
    Answer answer = new Answer();
    if (!json.object(field -> answer.field(field, json, scope))) {
      throw new WireDataException("the body", "is null");
    }
    if (answer.error != null) {
      return Step.failed(answer.error);
    }
    if (answer.rows == null) {
      throw new WireDataException("/rows", "is missing");
    }
    return Step.done(new Slice(answer.rows, answer.total, answer.capped));
  }

  private static final class Answer {
    @Nullable List<JobRun.Builder> rows;
    OptionalLong total = OptionalLong.empty();
    boolean capped;
    @Nullable ServiceError error;

    void field(String name, JsonReader json, Scope scope) {
      switch (name) {
        case "total" -> {
          Long count = json.integer();
          total = count == null ? OptionalLong.empty() : OptionalLong.of(count);
        }
        case "capped" -> capped = Boolean.TRUE.equals(json.bool());
        case "error" -> error = serviceError(json.id(), 200);
        case "rows" -> {
          List<JobRun.Builder> read = new ArrayList<>();
          rows = json.array(() -> read.add(row(scope, json))) ? read : null;
        }
        default -> {}
      }
    }
  }

  private static JobRun.Builder row(Scope scope, JsonReader json) {
    String[] texts = new String[4];
    long[] created = {-1};
    var raw =
        json.rawObject(
            MASKING,
            name -> {
              switch (name) {
                case "id" -> texts[0] = json.id();
                case "state" -> texts[1] = json.text();
                case "name" -> texts[2] = json.text();
                case "tag" -> texts[3] = json.text();
                case "created" -> {
                  Long time = json.integer();
                  created[0] = time == null ? -1 : time;
                }
                default -> {}
              }
            });
    String path = scope.path().isEmpty() ? "a" : scope.path().get(0);
    StateTable.Meaning meaning = STATES.of(texts[1]);
    return JobRun.builder(new RunRef(ID, scope.region(), List.of(path, texts[0])))
        .state(meaning.state(), meaning.finality(), texts[1] == null ? "" : texts[1])
        .name(texts[2])
        .tags(texts[3] == null ? Map.of() : Map.of("tag", texts[3]))
        .createdAt(created[0] < 0 ? null : Instant.ofEpochSecond(created[0]))
        .raw(raw, Set.of("id", "state", "name", "tag", "created"));
  }

  @Override
  public Step<List<JobRun.Builder>> get(List<RunRef> refs) {
    List<List<RunRef>> chunks = new ArrayList<>();
    for (int i = 0; i < refs.size(); i += maxIds) {
      chunks.add(refs.subList(i, Math.min(refs.size(), i + maxIds)));
    }
    return Step.each(chunks, this::chunk)
        .map(parts -> parts.stream().flatMap(List::stream).toList());
  }

  private Step<List<JobRun.Builder>> chunk(List<RunRef> refs) {
    WireRequest request =
        WireRequest.get(endpoint)
            .path("/ids")
            .query("ids", String.join(",", refs.stream().map(RunRef::runId).toList()))
            .build();
    Scope scope = new Scope(refs.get(0).region(), List.of(refs.get(0).segments().get(0)), "");
    return Step.ask(
            read("GetRuns", request),
            response -> JsonReader.read(response.body(), json -> slice(scope, json)))
        .map(Slice::rows);
  }

  @Override
  public Step<Job.Builder> job(JobRef ref) {
    return Step.ask(
        read("GetJob", WireRequest.get(endpoint).path("/job").build()),
        response -> Step.done(Job.builder(ref).name("the job")));
  }

  @Override
  public RunRef runRef(List<String> ids) {
    return new RunRef(ID, "r1", ids.size() == 1 ? List.of("a", ids.get(0)) : ids);
  }

  @Override
  public JobRef jobRef(List<String> ids) {
    return new JobRef(ID, "r1", ids);
  }

  @Override
  public Call raw(RawRequest request) {
    return new Call(
        request.action(),
        new Quota("stub", rate),
        request.isRepeatable(),
        true,
        WireRequest.post(endpoint).path("/raw").body(request.json().orElse("")).build());
  }

  /** The body of a failed answer is the name of its kind, perhaps with a message after a colon. */
  @Override
  public Optional<ServiceError> error(Call call, WireResponse response) {
    if (response.isSuccessful()) {
      return Optional.empty();
    }
    return Optional.of(
        serviceError(
            new String(response.body(), java.nio.charset.StandardCharsets.UTF_8),
            response.status()));
  }

  static ServiceError serviceError(String text, int status) {
    String[] parts = text.split(":", 3);
    Kind kind;
    try {
      kind = Kind.valueOf(parts[0]);
    } catch (IllegalArgumentException e) {
      kind = Kind.UNKNOWN;
    }
    ServiceError.Builder error = ServiceError.of(kind, status).code("Stub" + parts[0].length());
    if (parts.length > 1) {
      error.message(parts[1]);
    }
    if (parts.length > 2) {
      error.retryAfter(java.time.Duration.ofSeconds(Long.parseLong(parts[2])));
    }
    return error.build();
  }

  @Override
  public Signer signer() {
    return (request, credentials, now, nonce) ->
        request.toBuilder()
            .header("x-date", now.toString())
            .header("x-nonce", nonce)
            .header("x-key", idOf(credentials))
            .header(
                "authorization", "STUB SignedHeaders=x-date, Signature=canary-sign-canary-" + nonce)
            .build();
  }

  private static String idOf(Credentials credentials) {
    return credentials instanceof Credentials.AccessKey key
        ? key.id()
        : ((Credentials.Token) credentials).value();
  }

  @Override
  public Masking masking() {
    return MASKING;
  }

  Call read(String action, WireRequest request) {
    return Call.read(action, new Quota("stub", rate), request);
  }
}
