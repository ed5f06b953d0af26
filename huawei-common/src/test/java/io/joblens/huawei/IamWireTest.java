package io.joblens.huawei;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.joblens.ConfigException;
import io.joblens.JobServiceException.Kind;
import io.joblens.spi.Credentials;
import io.joblens.spi.JsonReader;
import io.joblens.spi.ServiceError;
import io.joblens.spi.Step;
import io.joblens.spi.WireRequest;
import io.joblens.spi.WireResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Recorded exchanges with IAM: what is asked, the request, the answer, what comes of it. */
class IamWireTest {
  private static final Path WIRE = Path.of("src/test/resources/wire");

  private final HuaweiIam iam = new HuaweiIam(Optional.empty());

  static Stream<Path> projects() throws IOException {
    return cases("projects", 3);
  }

  static Stream<Path> ownProjects() throws IOException {
    return cases("own-projects", 1);
  }

  static Stream<Path> tokens() throws IOException {
    return cases("token", 1);
  }

  @ParameterizedTest
  @MethodSource("projects")
  void theProjectOfARegion(Path example) throws IOException {
    Step.Ask<String> ask = ask(iam.projectId(text(json(example, "query.json"), "region")));
    assertThat(format(ask.call().request())).isEqualTo(read(example, "request.http"));
    expectProject(example, ask);
  }

  /** Who may not list all projects is shown those of his own. */
  @ParameterizedTest
  @MethodSource("ownProjects")
  void theProjectOfARegionAmongOnesOwn(Path example) throws IOException {
    Step.Ask<String> first = ask(iam.projectId(text(json(example, "query.json"), "region")));
    Step.Ask<String> ask = ask(first.recover().apply(denied()).orElseThrow());
    assertThat(format(ask.call().request())).isEqualTo(read(example, "request.http"));
    expectProject(example, ask);
  }

  @ParameterizedTest
  @MethodSource("tokens")
  void aTokenForAPassword(Path example) throws IOException {
    Map<?, ?> query = json(example, "query.json");
    Map<?, ?> expected = json(example, "expected.json");
    Step.Ask<Credentials> ask =
        ask(
            iam.password(
                    text(query, "domain"),
                    text(query, "user"),
                    text(query, "password"),
                    text(query, "region"),
                    Optional.empty())
                .resolve());
    assertThat(format(ask.call().request())).isEqualTo(read(example, "request.http"));
    assertThat(JsonReader.readTree(ask.call().request().body())).isEqualTo(expected.get("body"));
    String token = text(expected, "token");
    Step<Credentials> answered =
        ask.then()
            .apply(
                new WireResponse(
                    201,
                    Map.of("x-subject-token", List.of(token)),
                    read(example, "response.json").getBytes(StandardCharsets.UTF_8)));
    assertThat(answered).isInstanceOf(Step.Done.class);
    Credentials.Token found = (Credentials.Token) ((Step.Done<Credentials>) answered).value();
    assertThat(found.value()).isEqualTo(token);
    assertThat(found.expiresAt().orElseThrow()).hasToString(text(expected, "expiresAt"));
  }

  private static void expectProject(Path example, Step.Ask<String> ask) throws IOException {
    Map<?, ?> expected = json(example, "expected.json");
    WireResponse response =
        new WireResponse(
            200, Map.of(), read(example, "response.json").getBytes(StandardCharsets.UTF_8));
    if (expected.containsKey("problem")) {
      assertThatThrownBy(() -> ask.then().apply(response))
          .isInstanceOf(ConfigException.class)
          .hasMessage(text(expected, "problem"));
      return;
    }
    Step<String> answered = ask.then().apply(response);
    assertThat(answered).isEqualTo(Step.done(text(expected, "project")));
  }

  private static ServiceError denied() {
    return ServiceError.of(Kind.ACCESS_DENIED, 403).build();
  }

  private static <T> Step.Ask<T> ask(Step<T> step) {
    assertThat(step).isInstanceOf(Step.Ask.class);
    return (Step.Ask<T>) step;
  }

  private static String format(WireRequest request) {
    StringBuilder out = new StringBuilder();
    out.append(request.method()).append(' ').append(request.url()).append('\n');
    new TreeMap<>(request.headers())
        .forEach((name, value) -> out.append(name).append(": ").append(value).append('\n'));
    return out.toString();
  }

  private static String text(Map<?, ?> json, String key) {
    return (String) Objects.requireNonNull(json.get(key), key);
  }

  private static Map<?, ?> json(Path example, String file) throws IOException {
    @Nullable Object tree =
        JsonReader.readTree(read(example, file).getBytes(StandardCharsets.UTF_8));
    return (Map<?, ?>) Objects.requireNonNull(tree);
  }

  private static String read(Path example, String file) throws IOException {
    return Files.readString(example.resolve(file));
  }

  private static Stream<Path> cases(String kind, int atLeast) throws IOException {
    try (Stream<Path> entries = Files.list(WIRE.resolve(kind))) {
      List<Path> cases = entries.sorted().toList();
      assertThat(cases).hasSizeGreaterThanOrEqualTo(atLeast);
      return cases.stream();
    }
  }
}
