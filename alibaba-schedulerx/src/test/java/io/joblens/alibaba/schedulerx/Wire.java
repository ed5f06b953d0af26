package io.joblens.alibaba.schedulerx;

import io.joblens.spi.JsonReader;
import io.joblens.spi.Step;
import io.joblens.spi.WireRequest;
import io.joblens.spi.WireResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Steps, answers and the data files of wire cases. */
final class Wire {
  static final Instant RECEIVED = Instant.parse("2026-01-02T03:04:05Z");

  private Wire() {}

  /** Returns the answer of that status and body. */
  static WireResponse response(int status, Map<String, String> headers, String body) {
    Map<String, List<String>> lists = new TreeMap<>();
    headers.forEach((name, value) -> lists.put(name, List.of(value)));
    return new WireResponse(status, lists, body.getBytes(StandardCharsets.UTF_8));
  }

  /** Returns the answer 200 with that body; single quotes stand for double ones. */
  static WireResponse ok(String body) {
    return response(200, Map.of(), body.replace('\'', '"'));
  }

  /** Returns the request that the step asks for. */
  static WireRequest request(Step<?> step) {
    return ((Step.Ask<?>) step).call().request();
  }

  /** Gives the step its answer. */
  static <T> Step<T> answer(Step<T> step, WireResponse response) {
    return ((Step.Ask<T>) step).then().apply(response);
  }

  /** Returns what the step comes to when this is the last answer. */
  static <T> T value(Step<T> step, WireResponse response) {
    return ((Step.Done<T>) answer(step, response)).value();
  }

  /** Returns the request as its data file has it. */
  static String text(WireRequest request) {
    StringBuilder out =
        new StringBuilder(request.method()).append(' ').append(request.encodedPath());
    if (!request.query().isEmpty()) {
      out.append('?').append(request.encodedQuery());
    }
    out.append("\nhost: ").append(request.host()).append('\n');
    new TreeMap<>(request.headers())
        .forEach((name, value) -> out.append(name).append(": ").append(value).append('\n'));
    return out.append(new String(request.body(), StandardCharsets.UTF_8)).toString();
  }

  /** Returns the folders of the cases of a kind. */
  static Stream<Path> cases(String kind) {
    try (Stream<Path> folders = Files.list(Path.of("src/test/resources/wire", kind))) {
      return folders.sorted().toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String read(Path folder, String file) {
    try {
      return Files.readString(folder.resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the JSON that the text is. */
  static Object tree(String json) {
    return Optional.ofNullable(JsonReader.readTree(json.getBytes(StandardCharsets.UTF_8)))
        .orElseThrow();
  }

  /** What a case's {@code query.json} says. */
  record Query(Map<?, ?> fields) {
    static Query of(Path folder) {
      return new Query((Map<?, ?>) tree(read(folder, "query.json")));
    }

    Optional<String> text(String name) {
      return Optional.ofNullable(fields.get(name)).map(Object::toString);
    }

    int number(String name, int otherwise) {
      return text(name).map(Integer::parseInt).orElse(otherwise);
    }

    List<String> list(String name) {
      return fields.get(name) instanceof List<?> list
          ? list.stream().map(String::valueOf).toList()
          : List.of();
    }

    Map<String, String> map(String name) {
      Map<String, String> map = new TreeMap<>();
      if (fields.get(name) instanceof Map<?, ?> values) {
        values.forEach((key, value) -> map.put(String.valueOf(key), String.valueOf(value)));
      }
      return map;
    }
  }
}
