package io.joblens.testkit.toy;

import io.joblens.testkit.FakeCloud;
import io.joblens.testkit.FakeJob;
import io.joblens.testkit.Oracle;
import io.joblens.testkit.Verdict;
import io.joblens.testkit.World;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Toy Queue in small. It verifies signatures by code of its own. */
final class ToyCloud extends FakeCloud {
  ToyCloud(World world) {
    super(world);
  }

  @Override
  protected Reply handle(Request request) {
    Optional<String> refusal = refusal(request);
    if (refusal.isPresent()) {
      return error(401, refusal.get());
    }
    List<String> path = request.segments();
    if (path.size() == 3) {
      return world().job(path.get(2)).map(ToyCloud::job).orElse(error(404, "NoSuchQueue"));
    }
    List<World.Row> rows =
        world().runs().stream().filter(row -> row.run().jobId().equals(path.get(2))).toList();
    if (path.size() == 4) {
      Map<String, Object> body = new LinkedHashMap<>();
      body.put("total", rows.size());
      body.put(
          "runs",
          page(rows, number(request, "offset"), number(request, "limit")).stream()
              .map(ToyCloud::run)
              .toList());
      return Reply.json(body);
    }
    return rows.stream()
        .filter(row -> row.id().equals(path.get(4)))
        .findFirst()
        .map(row -> Reply.json(run(row)))
        .orElse(error(404, "NoSuchRun"));
  }

  private Optional<String> refusal(Request request) {
    String date = request.header("x-toy-date").orElse("0");
    Optional<Key> key = request.header("x-toy-key").flatMap(this::key);
    if (key.isEmpty()) {
      return Optional.of("UnknownKey");
    }
    Instant time = Instant.ofEpochSecond(Long.parseLong(date));
    if (!Oracle.isWithin(Duration.ofMinutes(5), time, now())) {
      return Optional.of("BadDate");
    }
    String text =
        String.join(
            "\n",
            request.method(),
            request.host(),
            request.path(),
            request.rawQuery(),
            date,
            request.header("x-toy-token").orElse(""),
            Oracle.sha256Hex(request.body()));
    String expected = Oracle.hex(Oracle.hmacSha256(key.get().secret(), text));
    if (!Oracle.isSame(expected, request.header("x-toy-signature").orElse(""))) {
      return Optional.of("BadSignature");
    }
    Verdict token = checkToken(key.get(), request.header("x-toy-token"));
    return switch (token.outcome()) {
      case ACCEPTED -> Optional.empty();
      case EXPIRED_TOKEN -> Optional.of("OldToken");
      default -> Optional.of("BadToken");
    };
  }

  private static Map<String, @Nullable Object> run(World.Row row) {
    Map<String, @Nullable Object> run = new LinkedHashMap<>();
    run.put("id", row.id());
    run.put("state", row.word());
    run.put("created", row.createdAt().getEpochSecond());
    run.put("secret", "a canary");
    return run;
  }

  private static Reply job(FakeJob job) {
    Map<String, @Nullable Object> body = new LinkedHashMap<>();
    body.put("id", job.id());
    body.put("name", job.name());
    body.putAll(job.fields());
    return Reply.json(body);
  }

  private static long number(Request request, String name) {
    return Long.parseLong(request.parameter(name).orElse("0"));
  }

  private Reply error(int status, String code) {
    return Reply.json(status, Map.of("code", code)).header("x-toy-request-id", nextRequestId());
  }
}
