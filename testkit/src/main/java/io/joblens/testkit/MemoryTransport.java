package io.joblens.testkit;

import io.joblens.Finality;
import io.joblens.JobServiceException.Kind;
import io.joblens.JobState;
import io.joblens.TaskCounts;
import io.joblens.spi.HttpTransport;
import io.joblens.spi.Json;
import io.joblens.spi.TransportFailure;
import io.joblens.spi.WireRequest;
import io.joblens.spi.WireResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Answers what {@link FakeProvider} asks from a world in memory; no socket is involved. */
final class MemoryTransport implements HttpTransport {
  /** What happens instead of an answer. */
  private record Fault(
      @Nullable Kind kind,
      @Nullable Duration retryAfter,
      TransportFailure.@Nullable Kind transport) {}

  private final World world;
  private final Queue<Fault> next = new ArrayDeque<>();
  private @Nullable Fault always;
  private int requests;

  MemoryTransport(World world) {
    this.world = world;
  }

  synchronized void failNext(
      @Nullable Kind kind,
      @Nullable Duration retryAfter,
      TransportFailure.@Nullable Kind transport) {
    next.add(new Fault(kind, retryAfter, transport));
  }

  synchronized void failAlways(@Nullable Kind kind, TransportFailure.@Nullable Kind transport) {
    always = new Fault(kind, null, transport);
  }

  synchronized void recover() {
    next.clear();
    always = null;
  }

  synchronized int requests() {
    return requests;
  }

  @Override
  public CompletableFuture<WireResponse> send(
      WireRequest request, Duration limit, long maxDecodedBytes) {
    Fault fault;
    int number;
    synchronized (this) {
      number = ++requests;
      fault = next.isEmpty() ? always : next.remove();
    }
    if (fault != null && fault.transport() != null) {
      return CompletableFuture.failedFuture(
          new TransportFailure(fault.transport(), "the fake was told to fail"));
    }
    return CompletableFuture.completedFuture(
        fault != null && fault.kind() != null
            ? error(fault.kind(), fault.retryAfter(), number)
            : answer(request, number));
  }

  @Override
  public void close() {
    // nothing is open
  }

  private WireResponse answer(WireRequest request, int number) {
    String region = parameters(request, "region").stream().findFirst().orElse("");
    List<String> path = request.segments();
    if (path.equals(List.of("runs"))) {
      List<String> ids = parameters(request, "id");
      List<String> jobs = parameters(request, "job");
      List<World.Row> rows =
          world.runs(region).stream()
              .filter(row -> ids.isEmpty() || ids.contains(row.id()))
              .filter(row -> jobs.isEmpty() || jobs.contains(row.run().jobId()))
              .toList();
      long offset = number(request, "offset").orElse(0L);
      long limit = number(request, "limit").orElse(Long.MAX_VALUE);
      Map<String, Object> body = new LinkedHashMap<>();
      body.put("total", rows.size());
      body.put("runs", rows.stream().skip(offset).limit(limit).map(MemoryTransport::row).toList());
      return response(200, body, Map.of());
    }
    if (path.size() == 2 && path.get(0).equals("jobs")) {
      Supplier<WireResponse> unknown = () -> error(Kind.NOT_FOUND, null, number);
      return world.jobs(region).stream()
          .filter(job -> job.id().equals(path.get(1)))
          .findFirst()
          .map(MemoryTransport::job)
          .map(body -> response(200, body, Map.of()))
          .orElseGet(unknown);
    }
    return error(Kind.NOT_FOUND, null, number);
  }

  private static Map<String, @Nullable Object> row(World.Row row) {
    FakeRun run = row.run();
    JobState state = JobState.valueOf(row.word());
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("id", run.id());
    json.put("job", run.jobId());
    json.put("name", run.name());
    json.put("state", state);
    json.put("finality", FakeJobClient.isEnd(state) ? Finality.FINISHED : Finality.OPEN);
    json.put("message", FakeJobClient.isEnd(state) ? run.message() : "");
    json.put("trigger", run.trigger());
    json.put("created", row.createdAt());
    json.put("scheduled", row.scheduledAt());
    json.put("data", row.dataAt());
    json.put("started", row.startedAt());
    json.put("finished", row.finishedAt());
    json.put("tasks", tasks(run.tasks()));
    json.put("tags", run.tags());
    json.putAll(run.fields());
    return json;
  }

  private static Map<String, Object> tasks(TaskCounts tasks) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("total", boxed(tasks.total()));
    json.put("pending", boxed(tasks.pending()));
    json.put("running", boxed(tasks.running()));
    json.put("succeeded", boxed(tasks.succeeded()));
    json.put("failed", boxed(tasks.failed()));
    return json;
  }

  private static Optional<Long> boxed(OptionalLong count) {
    return count.isPresent() ? Optional.of(count.getAsLong()) : Optional.empty();
  }

  private static Map<String, @Nullable Object> job(FakeJob job) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("id", job.id());
    json.put("region", job.region());
    json.put("name", job.name());
    json.putAll(job.fields());
    return json;
  }

  private static List<String> parameters(WireRequest request, String name) {
    return request.query().stream()
        .filter(parameter -> parameter.name().equals(name))
        .map(WireRequest.Parameter::value)
        .toList();
  }

  private static Optional<Long> number(WireRequest request, String name) {
    return parameters(request, name).stream().findFirst().map(Long::valueOf);
  }

  private static WireResponse error(Kind kind, @Nullable Duration retryAfter, int number) {
    Map<String, List<String>> headers = new LinkedHashMap<>();
    headers.put("x-fake-kind", List.of(kind.name()));
    headers.put("x-fake-request-id", List.of("request-" + number));
    if (retryAfter != null) {
      headers.put("retry-after", List.of(Long.toString(retryAfter.toMillis())));
    }
    int status =
        switch (kind) {
          case THROTTLED -> 429;
          case NOT_FOUND -> 404;
          case ACCESS_DENIED, CLOCK_SKEW -> 403;
          case AUTHENTICATION, EXPIRED_CREDENTIALS -> 401;
          case INVALID_REQUEST -> 400;
          case UNAVAILABLE -> 503;
          case SERVER_ERROR -> 500;
          case UNKNOWN -> 418;
        };
    return response(status, Map.of(), headers);
  }

  private static WireResponse response(
      int status, Map<String, ?> body, Map<String, List<String>> headers) {
    return new WireResponse(status, headers, Json.write(body).getBytes(StandardCharsets.UTF_8));
  }
}
