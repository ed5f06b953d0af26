package io.joblens.internal;

import io.joblens.spi.Json;
import io.joblens.spi.WireRequest;
import io.joblens.spi.WireResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntConsumer;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What stands behind {@link StubProvider}: lists of rows by scope, which change under the reader
 * and answer as badly as a test wants.
 */
final class StubCloud {
  /** A run as the cloud has it; its time is in seconds, -1 for none. */
  static final class Row {
    final String id;
    String state;
    long created = 1_700_000_000L;
    String name = "";
    String tag = "";

    Row(String id, String state) {
      this.id = id;
      this.state = state;
    }
  }

  /** One request that was answered. */
  record Asked(String scope, String slice, long offset, int limit) {}

  final Map<String, List<Row>> scopes = new LinkedHashMap<>();
  final List<Asked> asked = new ArrayList<>();
  final List<List<String>> askedIds = new ArrayList<>();

  /** Called with the number of the listing request, from 1, before it is answered. */
  IntConsumer beforeListing = number -> {};

  /** Makes the total that is told of the true one; null tells none. */
  @Nullable LongUnaryOperator total = count -> count;

  boolean ignoresOffset;
  boolean ignoresLimit;
  int clamp = Integer.MAX_VALUE;
  boolean capped;

  /** Numbers of listing requests that are answered with nothing. */
  final Set<Integer> emptyAnswers = new HashSet<>();

  /** Numbers of listing requests that are answered with this error instead. */
  final Map<Integer, WireResponse> errors = new LinkedHashMap<>();

  /** Every answer's body instead of the rows, when set. */
  @Nullable String body;

  static List<Row> rows(int count) {
    return rows("r", count, "OK");
  }

  static List<Row> rows(String prefix, int count, String state) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      rows.add(new Row(prefix + i, state));
    }
    return rows;
  }

  StubCloud with(String scope, List<Row> rows) {
    scopes.put(scope, new ArrayList<>(rows));
    return this;
  }

  StubTransport transport() {
    return new StubTransport(this::answer);
  }

  synchronized WireResponse answer(WireRequest request) {
    Map<String, String> query = new LinkedHashMap<>();
    request.query().forEach(parameter -> query.put(parameter.name(), parameter.value()));
    if (body != null) {
      return StubTransport.response(200, body);
    }
    return switch (request.segments().get(0)) {
      case "runs" -> list(query);
      case "ids" -> byIds(query.getOrDefault("ids", ""));
      case "job" -> StubTransport.response(200, "{\"name\":\"the job\"}");
      default -> StubTransport.response(200, "{\"anything\":1}");
    };
  }

  private WireResponse list(Map<String, String> query) {
    String scope = query.getOrDefault("scope", "");
    String slice = query.getOrDefault("slice", "");
    long offset = Long.parseLong(query.getOrDefault("offset", "0"));
    int limit = Integer.parseInt(query.getOrDefault("limit", "0"));
    asked.add(new Asked(scope, slice, offset, limit));
    int number = asked.size();
    beforeListing.accept(number);
    WireResponse error = errors.remove(number);
    if (error != null) {
      return error;
    }
    List<Row> all =
        scopes.getOrDefault(scope, List.of()).stream()
            .filter(row -> slice.isEmpty() || row.state.equals(slice))
            .toList();
    int given = ignoresLimit ? Integer.MAX_VALUE : Math.min(limit, clamp);
    // pages of a vendor that numbers them are counted in the size that it really gives
    boolean numbered = query.containsKey("page");
    long at = numbered ? (Long.parseLong(query.get("page")) - 1) * Math.min(given, limit) : offset;
    int from = (int) Math.min(ignoresOffset ? 0 : at, all.size());
    int to = (int) Math.min((long) from + given, all.size());
    List<Row> page = emptyAnswers.contains(number) ? List.of() : all.subList(from, to);
    Map<String, Object> answer = new LinkedHashMap<>();
    if (total != null) {
      answer.put("total", total.applyAsLong(all.size()));
    }
    answer.put("capped", capped);
    answer.put("rows", page.stream().map(StubCloud::json).toList());
    return new WireResponse(200, Map.of(), Json.write(answer).getBytes(StandardCharsets.UTF_8));
  }

  private WireResponse byIds(String text) {
    List<String> ids = List.of(text.split(","));
    askedIds.add(ids);
    List<Map<String, Object>> found =
        scopes.values().stream()
            .flatMap(List::stream)
            .filter(row -> ids.contains(row.id))
            .map(StubCloud::json)
            .toList();
    return StubTransport.response(200, Json.write(Map.of("rows", found)));
  }

  private static Map<String, Object> json(Row row) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("id", row.id);
    map.put("state", row.state);
    map.put("created", row.created);
    map.put("name", row.name);
    map.put("tag", row.tag);
    map.put("secret", "canary-in-a-row");
    return map;
  }
}
