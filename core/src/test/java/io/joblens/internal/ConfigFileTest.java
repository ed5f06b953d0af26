package io.joblens.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.joblens.ConfigException;
import io.joblens.JobClient;
import io.joblens.JobFleet;
import io.joblens.JobQuery;
import io.joblens.JobRun;
import io.joblens.spi.Config;
import io.joblens.spi.Environment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigFileTest {
  private static final String CANARY = "canary4711secret";

  @TempDir private Path folder;

  @BeforeEach
  void forget() {
    StubFactory.CONFIGS.clear();
    StubTransportFactory.reset();
  }

  private Path file(String yaml) {
    try {
      return Files.writeString(folder.resolve("joblens.yaml"), yaml);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private JobFleet fleet(String yaml, Map<String, String> environment) {
    return JobFleet.fromConfig(file(yaml), Environment.of(environment));
  }

  /** The message of what is wrong, which must hold no secret. */
  private String mistakes(String yaml) {
    return mistakes(yaml, Map.of("SECRET", CANARY, "EMPTY", ""));
  }

  private String mistakes(String yaml, Map<String, String> environment) {
    Throwable problem = catchThrowable(() -> fleet(yaml, environment));
    assertThat(problem).as(yaml).isInstanceOf(ConfigException.class);
    for (Throwable t = problem; t != null; t = t.getCause()) {
      assertThat(t.toString()).doesNotContain(CANARY);
    }
    assertThat(problem).hasMessageContaining("joblens.yaml");
    assertThat(StubTransportFactory.made()).as("transports made for nothing").isEmpty();
    return String.valueOf(problem.getMessage());
  }

  private static String cloud(String... lines) {
    return "clouds:\n  c:\n    provider: stub-jobs\n    region: r1\n    "
        + String.join("\n    ", lines)
        + "\n";
  }

  private Config config() {
    return StubFactory.CONFIGS.get(StubFactory.CONFIGS.size() - 1);
  }

  @Test
  void aFileOfSeveralCloudsMakesAFleet() throws IOException {
    Path secret = Files.writeString(folder.resolve("secret.txt"), "canary-from-a-file\n");
    String yaml =
        """
        accounts:
          ali-prod: {credentials: {access-key-id: shared-id, access-key-secret: "file:%s"}}
        clouds:
          sae-prod: {provider: stub-jobs, account: ali-prod, region: cn-hangzhou, jobs: {settle: 7171a6ca-d1cd}}
          sx:       {provider: stub-jobs, region: cn-hangzhou, namespace: ns-uuid, group: g.default, time-zone: Asia/Shanghai,
                     credentials: {access-key-id: "${ALI_ID}", access-key-secret: "x${ALI_SECRET}y", security-token: "${ALI_TOKEN:-}"}}
          batch:    {provider: stub-jobs, regions: [ap-guangzhou, ap-shanghai], groups: [a, b], quota: 20/min,
                     timeouts: {connect: 3s, attempt: 30s, call: 1m}, proxy: "proxy.example:3128", network: vpc}
          ws:       {provider: stub-second, region: cn-north-4, project-id: 0123, endpoint: "http://127.0.0.1:8080"}
          off:      {provider: stub-jobs, region: r1, endpoint: "https://gateway.example", allow-foreign-endpoint: true}
        """
            .formatted(secret);
    try (JobFleet fleet = fleet(yaml, Map.of("ALI_ID", "the-id", "ALI_SECRET", "$1canary\\z"))) {
      assertThat(fleet.clients())
          .extracting(JobClient::name)
          .containsExactly("sae-prod", "sx", "batch", "ws", "off");
      assertThat(fleet.clients().get(0).account()).isEqualTo("ali-prod");
      assertThat(StubFactory.CONFIGS.get(0).credentials())
          .containsEntry("access-key-secret", "canary-from-a-file");
      assertThat(StubFactory.CONFIGS.get(0).list("job")).containsExactly("7171a6ca-d1cd");
      assertThat(StubFactory.CONFIGS.get(0).aliases()).containsEntry("7171a6ca-d1cd", "settle");
      Config sx = StubFactory.CONFIGS.get(1);
      assertThat(sx.text("namespace")).hasValue("ns-uuid");
      assertThat(sx.list("group")).containsExactly("g.default");
      assertThat(sx.credentials()).containsEntry("access-key-secret", "x$1canary\\zy");
      assertThat(sx.credential("security-token")).isEmpty();
      assertThat(sx.toString()).doesNotContain("the-id", "x$1");
      assertThat(StubFactory.CONFIGS.get(2).list("group")).containsExactly("a", "b");
      assertThat(StubFactory.CONFIGS.get(3).list("project-id")).containsExactly("0123");
      assertThat(StubTransportFactory.made()).as("one for each way of connecting").hasSize(2);
      assertThat(StubTransportFactory.made())
          .anySatisfy(
              made -> {
                assertThat(made.options().connectTimeout()).isEqualTo(Duration.ofSeconds(3));
                assertThat(made.options().proxy().orElseThrow().getHostString())
                    .isEqualTo("proxy.example");
              });
      List<JobRun> none = fleet.collect(JobQuery.ALL, 10).runs();
      assertThat(none).isEmpty();
    }
    assertThat(StubTransportFactory.made()).allMatch(made -> made.transport().closed);
  }

  @Test
  void allMistakesAreToldAtOnceWithTheirLinesAndPaths() {
    String message =
        mistakes(
            """
            clodus: 1
            accounts:
              a:
                credentials: {access-key-id: x}
                regoin: y
            clouds:
              one:
                provider: stub-jobs
                region: CN_1
                quota: fast
                typo:
                  deep: 1
              two:
                provider: unheard-of
              three:
                region: r1
              four:
                provider: stub-second
                region: r1
              five: text
              six:
                provider: stub-jobs
                region: r1
                credentials:
                  access-key-id: ${NOT_SET}
                  access-key-secret: ${SECRET}
              seven:
                provider: stub-jobs
            """);
    assertThat(message).contains(" has 11 mistakes:\n");
    assertThat(message.lines().skip(1))
        .containsExactlyInAnyOrder(
            "  clodus (line 1): unknown key; did you mean clouds?; expected one of accounts,"
                + " clouds",
            "  accounts.a.regoin (line 5): unknown key; expected one of credentials",
            "  clouds.one.region (line 9): region must be a host label: 1 to 63 lower-case"
                + " letters, digits and inner hyphens, such as cn-hangzhou",
            "  clouds.one.quota (line 10): expected calls per time, such as 20/min, 2/s or 500/h",
            "  clouds.one.typo (line 11): unknown key; expected one of account,"
                + " allow-foreign-endpoint, credentials, endpoint, group, groups, job, jobs,"
                + " namespace, network, provider, proxy, quota, region, regions, time-zone,"
                + " timeouts",
            "  clouds.two.provider (line 14): unknown provider 'unheard-of'; expected one of"
                + " stub-jobs, stub-second",
            "  clouds.three.provider (line 15): is missing; expected one of stub-jobs,"
                + " stub-second",
            "  clouds.four.project-id (line 17): is missing; give the project's id",
            "  clouds.five (line 20): expected a map",
            "  clouds.six.credentials.access-key-id (line 25): the environment variable NOT_SET"
                + " is not set; set it, or write ${NOT_SET:-} if it may be absent",
            "  clouds.seven (line 27): region is missing; set region, such as one your console"
                + " shows");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "quota: 0/s | expected calls per time",
        "quota: 20 | expected calls per time",
        "quota: [1] | expected text",
        "network: private | expected public or vpc",
        "allow-foreign-endpoint: yes | expected true or false",
        "proxy: proxy.example | expected host:port of an HTTP proxy",
        "proxy: socks5://x:1 | expected host:port of an HTTP proxy",
        "proxy: x:0 | expected host:port of an HTTP proxy",
        "proxy: x:65536 | expected host:port of an HTTP proxy",
        "proxy: user:pw@x:1 | expected host:port of an HTTP proxy",
        "timeouts: 5s | expected a map",
        "timeouts: {connect: 5} | expected a duration, such as 500ms, 10s, 2m or 1h",
        "timeouts: {connect: 0s} | expected more than zero",
        "timeouts: {total: 5s} | unknown key",
        "endpoint: https://evil.example | leads to a host outside stub.example",
        "endpoint: http://api.stub.example | is plain http",
        "endpoint: https://u:p@api.stub.example | has no host name, or more than one",
        "endpoint: https://api.stub.example/path | has a path, query or fragment",
        "endpoint: ftp://api.stub.example | has a scheme other than https",
        "endpoint: | is blank; give a value or remove the key",
        "namespace: ${SECRET} | variables and files are only read inside credentials",
        "namespace: file:/etc/passwd | variables and files are only read inside credentials",
        "namespace: [a] | expected text",
        "group: [a] | expected text",
        "groups: {a: b} | expected a list of texts",
        "groups: [[a]] | expected text",
        "group: a\\n    groups: [b] | stands beside group; keep one of them",
        "regions: [r1] | stands beside region; keep one of them",
        "jobs: {a: ''} | is blank",
        "credentials: | expected a map",
        "credentials: {access-key-id: [x]} | expected text",
        "credentials: {access-key-id: ''} | is blank; give a value or remove the key",
        "credentials: {acess-key-id: x} | did you mean access-key-id?",
        "credentials: {access-key-id: x} | credentials.access-key-secret is missing",
        "credentials: {access-key-id: '${EMPTY}'} | the environment variable EMPTY is empty",
        "credentials: {access-key-id: '${1X}'} | has a ${ that begins no variable",
        "credentials: {access-key-id: '${SECRET'} | has a ${ that begins no variable",
        "credentials: {access-key-id: 'file:/does/not/exist'} | the file it names cannot be read",
        "account: nobody | no such account; expected one of somebody"
      })
  void eachMistakeNamesWhatIsExpected(String line, String expectation) {
    String accounts = "accounts: {somebody: {credentials: {access-key-id: a}}}\n";
    String message = mistakes(accounts + cloud(line.replace("\\n", "\n")));
    assertThat(message).contains(" has a mistake:\n  clouds.c", expectation);
  }

  @Test
  void badCredentialsAreNamedAndNotShown() {
    assertThat(
            mistakes(
                cloud(
                    "credentials: {access-key-id: x, access-key-secret: '" + CANARY + " space'}")))
        .contains("access key secret contains a blank");
    assertThat(mistakes(cloud("credentials: {access-key-id: x, access-key-secret: '${SECRET}é'}")))
        .contains("access key secret contains");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "secret: *canary4711secret",
        "secret: !canary4711secret!x y",
        "secret: \"canary4711secret",
        "secret: 'canary4711secret\n",
        "secret: @canary4711secret",
        "secret: %canary4711secret",
        "secret: `canary4711secret",
        "secret: [canary4711secret",
        "secret: {canary4711secret",
        "secret: \"\\canary4711secret\"",
        "canary4711secret\n  bad: indent: here",
        "a: &canary4711secret 1\nb: &canary4711secret 2\nc: [",
        "%canary4711secret 1.2\n---\na: [",
        "--- canary4711secret\n--- again"
      })
  void aFileThatIsNotYamlIsNotQuoted(String yaml) {
    assertThat(mistakes(yaml)).contains("joblens.yaml");
  }

  @Test
  void aMissingEmptyOrUnreadableFileIsSaid() throws IOException {
    assertThatThrownBy(
            () -> JobFleet.fromConfig(folder.resolve("none.yaml"), Environment.of(Map.of())))
        .isInstanceOf(ConfigException.class)
        .hasMessageEndingWith("none.yaml does not exist");
    assertThatThrownBy(() -> JobFleet.fromConfig(folder, Environment.of(Map.of())))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("cannot be read");
    for (String empty : List.of("", "# nothing\n", "---\n", "{}", "clouds:", "clouds: {}")) {
      assertThat(mistakes(empty)).contains("clouds");
    }
    assertThat(mistakes("- a\n- b\n")).contains("is no map");
    assertThat(mistakes("just text")).contains("is no map");
    Path latin = Files.write(folder.resolve("latin.yaml"), new byte[] {'a', ':', (byte) 0xe9});
    assertThatThrownBy(() -> JobFleet.fromConfig(latin, Environment.of(Map.of())))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("expected UTF-8 text");
    Path large = Files.write(folder.resolve("large.yaml"), new byte[(1 << 20) + 1]);
    assertThatThrownBy(() -> JobFleet.fromConfig(large, Environment.of(Map.of())))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("larger than 1 MiB");
  }

  @Test
  void aByteOrderMarkIsNoHindrance() {
    assertThat(fleet("\uFEFF" + cloud("namespace: x"), Map.of()).clients()).hasSize(1);
  }

  @Test
  void keysThatStandTwiceAreSaid() {
    assertThat(mistakes(cloud("namespace: a", "namespace: b")))
        .contains("clouds.c.namespace (line 6): stands twice; remove one");
    assertThat(mistakes("clouds:\n  a: {provider: stub-jobs, region: r1}\n  a: {}\n"))
        .contains("clouds.a (line 3): stands twice");
  }

  @Test
  void anchorsMayBeUsedAndMayNotBeEndless() {
    String yaml =
        """
        accounts:
          a: {credentials: &keys {access-key-id: x, access-key-secret: y}}
        clouds:
          c: {provider: stub-jobs, region: r1, credentials: *keys}
        """;
    fleet(yaml, Map.of());
    assertThat(config().credentials()).containsEntry("access-key-id", "x");
    for (String endless :
        List.of("clouds: &a [*a]", "clouds: &a {b: *a}", "clouds: " + "[".repeat(5000))) {
      Throwable problem = catchThrowable(() -> fleet(endless, Map.of()));
      assertThat(problem).isInstanceOf(ConfigException.class);
    }
    StringBuilder laughs = new StringBuilder("a0: &a0 [x, x]\n");
    for (int i = 1; i < 19; i++) {
      laughs.append("a%d: &a%d [*a%d, *a%d]\n".formatted(i, i, i - 1, i - 1));
    }
    assertThat(catchThrowable(() -> fleet(laughs.toString(), Map.of())))
        .isInstanceOf(ConfigException.class);
  }

  @Test
  void aMistakeOfASharedAccountIsToldOnce() {
    String message =
        mistakes(
            """
            accounts: {a: {credentials: {access-key-id: '${NOT_SET}', access-key-secret: x}}}
            clouds:
              one: {provider: stub-jobs, region: r1, account: a}
              two: {provider: stub-jobs, region: r1, account: a}
            """);
    assertThat(message).contains("has a mistake:").containsOnlyOnce("NOT_SET is not set");
  }

  @Test
  void anAccountMayBeALabelOnly() {
    JobFleet fleet = fleet(cloud("account: label"), Map.of("STUB_ID", "x", "STUB_SECRET", "y"));
    assertThat(fleet.clients().get(0).account()).isEqualTo("label");
  }

  @Test
  void accountsThatAreNoMapAreSaid() {
    assertThat(mistakes("accounts: [a]\n" + cloud("namespace: x"))).contains("expected a map");
    assertThat(mistakes("accounts: {a: b}\n" + cloud("namespace: x"))).contains("accounts.a");
  }

  @Test
  void aVariablesDefaultCountsWhenItIsEmptyOrNotSet() {
    fleet(
        cloud(
            "credentials: {access-key-id: '${A:-default-id}', access-key-secret: '${B:-s}',"
                + " security-token: '${C:-t}'}"),
        Map.of("B", "", "C", "given"));
    assertThat(config().credentials())
        .containsEntry("access-key-id", "default-id")
        .containsEntry("access-key-secret", "s")
        .containsEntry("security-token", "given");
  }

  @Test
  void aFileOfASecretThatIsEmptyIsSaid() throws IOException {
    Path empty = Files.writeString(folder.resolve("empty"), "\n", StandardCharsets.UTF_8);
    assertThat(mistakes(cloud("credentials: {access-key-id: 'file:" + empty + "'}")))
        .contains("the file it names is empty");
  }

  @Test
  void aFileOfASecretThatDoesNotEndOrIsNoTextIsSaid() throws IOException {
    Path large = Files.write(folder.resolve("large"), new byte[(1 << 20) + 1]);
    assertThat(mistakes(cloud("credentials: {access-key-id: 'file:" + large + "'}")))
        .contains("the file it names is larger than 1 MiB");
    Path binary = Files.write(folder.resolve("binary"), new byte[] {(byte) 0xff});
    assertThat(mistakes(cloud("credentials: {access-key-id: 'file:" + binary + "'}")))
        .contains("the file it names cannot be read");
  }

  @ParameterizedTest
  @ValueSource(strings = {"team@batch", "a team", "team\\tbatch", "team\\u0007", "team\\u00a0b"})
  void aNameOfACloudThatNoAddressCanHoldIsToldWithAllOtherMistakes(String name) {
    String mistakes =
        mistakes("clouds:\n  fine: {provider: none}\n  \"%s\": {provider: nil}\n".formatted(name));
    assertThat(mistakes)
        .contains("has 3 mistakes:", "(line 2): unknown provider 'none'", "(line 3): unknown")
        .containsPattern(
            "clouds\\.(team|a team)\\S* \\(line 3\\): the name of a cloud is written before an @, as in"
                + " CLOUD@ID; rename it to one without @, blanks and control characters");
  }

  @Test
  void keysWithControlCharactersAreShownWithoutThem() {
    assertThat(mistakes(cloud("\"a\\e[31mb\": 1"))).doesNotContain("\u001b");
  }

  @ParameterizedTest
  @CsvSource({"500ms,500", "10s,10000", "2m,120000", "1h,3600000", "7d,604800000", "' 5s ',5000"})
  void durationsAreReadAsPeopleWriteThem(String text, long millis) {
    assertThat(Durations.parse(text)).isEqualTo(Duration.ofMillis(millis));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "s", "5", "-5s", "1.5s", "5 s", "PT5S", "9999999999s", "5S", "٥s"})
  void whatIsNoDurationIsRefused(String text) {
    assertThatThrownBy(() -> Durations.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("expected a duration");
  }
}
