package io.joblens.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.joblens.spi.Percent;
import io.joblens.spi.TimeSource;
import io.joblens.testkit.FakeCloud;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code joblens doctor} finds: one line that names the cause and what to do about it. */
class DoctorTest {
  private static final String ID = "CANARYIDabcdefgh";
  private static final String SECRET = "canary/S3cret+of&the=key%~abcdef";
  private static final String WRONG = "canary/Wr0ng+one&the=key%~abcdef";
  private static final String TOKEN = "canary/T0ken+of&the=key%~abcdefgh";
  private static final Pattern REFUSAL =
      Pattern.compile(
          "AuthFailure|SignatureDoes|InvalidTimeStamp|InvalidAccessKey|APIGW\\.030[135]");

  /** A vendor's service, and how a configuration names it. */
  private enum Vendor {
    SAE("cn-hangzhou", "access-key-id", "access-key-secret", "security-token"),
    SX("cn-hangzhou", "access-key-id", "access-key-secret", "security-token"),
    BATCH("ap-guangzhou", "secret-id", "secret-key", "token"),
    WS("cn-north-4", "ak", "sk", "security-token");

    private final String region;
    private final String idKey;
    private final String secretKey;
    private final String tokenKey;

    Vendor(String region, String idKey, String secretKey, String tokenKey) {
      this.region = region;
      this.idKey = idKey;
      this.secretKey = secretKey;
      this.tokenKey = tokenKey;
    }

    FakeCloud of(DemoWorld world) {
      return switch (this) {
        case SAE -> world.sae();
        case SX -> world.schedulerx();
        case BATCH -> world.batch();
        case WS -> world.workspace();
      };
    }

    String settings(DemoWorld world) {
      String endpoint = ", endpoint: '%s'".formatted(of(world).endpoint());
      return switch (this) {
        case SAE -> "provider: alibaba-sae, job: " + DemoWorld.SETTLEMENT + endpoint;
        case SX ->
            "provider: alibaba-schedulerx, namespace: %s, group: %s"
                    .formatted(DemoWorld.NAMESPACE, DemoWorld.GROUP)
                + endpoint;
        case BATCH -> "provider: tencent-batch" + endpoint;
        case WS ->
            "provider: huawei-workspace, project-id: %s, job: %s"
                    .formatted(DemoWorld.PROJECT, DemoWorld.RESTART)
                + endpoint
                + ", iam-endpoint: '%s'".formatted(of(world).endpoint());
      };
    }

    String credentials(String secret) {
      return ", credentials: {%s: '%s', %s: '%s', %s: '%s'}"
          .formatted(idKey, ID, secretKey, secret, tokenKey, TOKEN);
    }
  }

  /** The system's clock, so much ahead. */
  private record Shifted(Duration by) implements TimeSource {
    @Override
    public Instant now() {
      return Instant.now().plus(by);
    }

    @Override
    public long nanoTime() {
      return System.nanoTime();
    }

    @Override
    public CompletableFuture<Void> after(Duration delay) {
      return TimeSource.system().after(delay);
    }
  }

  @TempDir Path home;

  private final Map<String, String> entries = new LinkedHashMap<>();
  private String accounts = "";
  private final AtomicInteger refusals = new AtomicInteger();
  private DemoWorld world = DemoWorld.open(0);
  private Terminal terminal = new Terminal();

  DoctorTest() {
    letIn();
  }

  @AfterEach
  void close() {
    world.close();
  }

  private void letIn() {
    for (FakeCloud cloud : world.clouds()) {
      cloud.addKey(ID, SECRET, TOKEN);
      cloud.onReply(
          (request, reply) -> {
            if (REFUSAL.matcher(new String(reply.body(), UTF_8)).find()) {
              refusals.incrementAndGet();
            }
            return reply;
          });
    }
  }

  private void clockOfTheVendors(Duration ahead) {
    world.close();
    world = DemoWorld.open(0, new Shifted(ahead));
    letIn();
  }

  private void configure(Vendor vendor) {
    configure(vendor, vendor.region, SECRET);
  }

  private void configure(Vendor vendor, String region, String secret) {
    configure("it", vendor, region, secret, "");
  }

  private void configure(String name, Vendor vendor, String region, String secret, String more) {
    entries.put(
        name,
        "{%s, region: %s, quota: 500/s%s%s}"
            .formatted(
                vendor.settings(world),
                region,
                secret.isEmpty() ? "" : vendor.credentials(secret),
                more));
  }

  private int doctor(String... options) {
    try {
      Path file = home.resolve(".config/joblens/joblens.yaml");
      Files.createDirectories(file.getParent());
      StringBuilder text = new StringBuilder(accounts + "clouds:\n");
      entries.forEach((name, entry) -> text.append("  " + name + ": " + entry + "\n"));
      if (!Files.exists(file)) {
        Files.createFile(file);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
      }
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    List<String> words = new ArrayList<>(List.of("doctor"));
    words.addAll(List.of(options));
    int exit = terminal.home(home).run(words.toArray(String[]::new));
    assertThat(terminal.out() + terminal.err()).doesNotContain(formsOfSecrets());
    assertThat(refusals.get()).as("failed authentications").isLessThanOrEqualTo(2);
    return exit;
  }

  private static List<String> formsOfSecrets() {
    List<String> forms = new ArrayList<>();
    for (String secret : List.of(SECRET, WRONG, TOKEN, "canary")) {
      forms.add(secret);
      forms.add(URLEncoder.encode(secret, UTF_8));
      forms.add(Percent.encode(secret));
      forms.add(Base64.getEncoder().withoutPadding().encodeToString(secret.getBytes(UTF_8)));
      forms.add(Base64.getUrlEncoder().withoutPadding().encodeToString(secret.getBytes(UTF_8)));
    }
    return forms;
  }

  /** Returns the one line, of those that begin so, that the words stand in. */
  private String line(String mark, String... words) {
    List<String> found =
        terminal.lines().stream()
            .filter(line -> line.startsWith("  " + mark))
            .filter(line -> List.of(words).stream().allMatch(line::contains))
            .toList();
    assertThat(found).as(terminal.out()).isNotEmpty();
    return found.get(0);
  }

  @ParameterizedTest
  @EnumSource
  void allIsWell(Vendor vendor) {
    configure(vendor);
    assertThat(doctor()).as(terminal.out()).isZero();
    assertThat(terminal.out())
        .contains("  ok    credentials: temporary access key CANA***efgh")
        .doesNotContain("warn", "FAIL");
  }

  // ---- the six causes

  @ParameterizedTest
  @EnumSource
  void aWrongSecret(Vendor vendor) {
    configure(vendor, vendor.region, WRONG);
    assertThat(doctor()).isEqualTo(4);
    assertThat(line("FAIL", "AUTHENTICATION"))
        .contains(
            switch (vendor) {
              case SAE, SX -> "check access key id, secret";
              case BATCH -> "check that SecretId and SecretKey belong together";
              case WS -> "check the credentials before trying again";
            });
    assertThat(refusals).hasValue(1);
  }

  @ParameterizedTest
  @EnumSource
  void aClockThatIsTwentyMinutesBehind(Vendor vendor) {
    clockOfTheVendors(Duration.ofMinutes(20));
    configure(vendor);
    doctor();
    assertThat(line("warn", "clock"))
        .containsPattern(
            "this machine is (19m59s|20m0[01]s) behind the vendor; set its clock, best by NTP");
  }

  @ParameterizedTest
  @EnumSource
  void aClockThatIsTwentyMinutesAhead(Vendor vendor) {
    clockOfTheVendors(Duration.ofMinutes(-20));
    configure(vendor);
    doctor();
    assertThat(line("warn", "clock"))
        .containsPattern(
            "this machine is (19m59s|20m0[01]s) ahead of the vendor; set its clock, best by NTP");
  }

  @ParameterizedTest
  @EnumSource
  void aWrongRegion(Vendor vendor) {
    String region = wrongRegion(vendor);
    configure(vendor, region, SECRET);
    assertThat(doctor()).isEqualTo(1);
    assertThat(line("FAIL", whatTheVendorSays(vendor)))
        .contains(
            "configured is the region " + region + ": check it, and the ids and the endpoint");
    if (vendor == Vendor.BATCH
        || vendor == Vendor.WS) { // the others' regions are there, not the ids
      assertThat(terminal.out().lines().filter(line -> line.startsWith("  FAIL")))
          .singleElement()
          .asString()
          .containsOnlyOnce("configured is the region");
      assertThat(line("skip", "not tried for that reason"))
          .contains(vendor == Vendor.WS ? "ListTaskExecuteDetail" : "DescribeTaskLogs");
    }
  }

  @Test
  void ofSeveralRegionsTheWrongOneIsNamed() {
    configure(Vendor.BATCH);
    entries.computeIfPresent(
        "it",
        (name, entry) ->
            entry.replace("region: ap-guangzhou", "regions: [ap-guangzhou, xx-atlantis]"));
    assertThat(doctor()).isEqualTo(1);
    line("ok", "DescribeJobs in ap-guangzhou at ");
    line("ok", "DescribeTask in ap-guangzhou at ");
    assertThat(line("FAIL", "DescribeJobs in xx-atlantis at "))
        .contains("configured is the region xx-atlantis: check it");
  }

  @Test
  void aHostThatIsNotReachedIsNotTriedForEveryOperation() {
    configure(Vendor.BATCH);
    world.batch().close();
    assertThat(doctor()).isEqualTo(1);
    assertThat(line("FAIL", "CONNECT")).contains("DescribeJobs at ");
    assertThat(line("skip", "not tried for that reason"))
        .endsWith("DescribeJob, DescribeTask, DescribeTaskLogs");
  }

  @Test
  void aHostThatIsNotReachedSaysWhatToCheck() {
    configure(Vendor.BATCH);
    world.batch().close();
    doctor();
    assertThat(line("FAIL", "CONNECT"))
        .endsWith("; check the network, firewall, proxy and the endpoint");
  }

  @ParameterizedTest
  @EnumSource
  void anAnswerThatIsNotTheVendorsIsNoneAtAll(Vendor vendor) {
    vendor
        .of(world)
        .answer(
            request -> true,
            Integer.MAX_VALUE,
            request -> FakeCloud.Reply.of(200, "text/html", "<html>login</html>"));
    configure(vendor);
    assertThat(doctor()).isEqualTo(1);
    assertThat(line("FAIL", "MALFORMED"))
        .endsWith("; check the endpoint and proxy: this may be no answer of the vendor's");
    assertThat(terminal.out().lines().filter(line -> line.startsWith("  FAIL"))).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource(names = {"SAE", "SX", "WS"})
  void eachConfiguredJobMustBeThere(Vendor vendor) {
    String there =
        switch (vendor) {
          case SAE -> DemoWorld.SETTLEMENT;
          case WS -> DemoWorld.RESTART;
          default -> DemoWorld.GROUP + "/2001";
        };
    String wrong =
        vendor == Vendor.SX ? DemoWorld.GROUP + "/999999" : "99999999-9999-4999-8999-999999999999";
    configure(vendor);
    entries.computeIfPresent(
        "it",
        (name, entry) ->
            entry
                .replaceFirst(", (job|group): [^,]*", "")
                .replaceFirst(
                    "quota:", "jobs: {fine: '%s', gone: '%s'}, quota:".formatted(there, wrong)));
    assertThat(doctor()).as(terminal.out()).isEqualTo(1);
    line("ok", " of " + there.replaceFirst(".*/", "") + " at ");
    assertThat(line("FAIL", " of " + wrong.replaceFirst(".*/", "") + " at "))
        .contains("NOT_FOUND", "check it, and the ids and the endpoint");
    assertThat(terminal.out().lines().filter(line -> line.startsWith("  FAIL"))).hasSize(1);
  }

  @Test
  void eachConfiguredGroupMustBeThere() {
    configure(Vendor.SX);
    entries.computeIfPresent(
        "it",
        (name, entry) ->
            entry.replaceFirst(
                "group: [^,]*", "groups: [%s, trade.none]".formatted(DemoWorld.GROUP)));
    assertThat(doctor()).as(terminal.out()).isEqualTo(1);
    assertThat(line("FAIL", "ListJobs")).contains("NOT_FOUND");
  }

  /** Makes the fakes answer as the vendors do where the ids are of another region. */
  private String wrongRegion(Vendor vendor) {
    switch (vendor) {
      case SAE -> // which has its region in the host, so that the fake cannot know it
          world
              .sae()
              .answer(
                  request -> request.parameter("AppId").isPresent(),
                  Integer.MAX_VALUE,
                  request ->
                      FakeCloud.Reply.json(
                          404,
                          Map.of(
                              "Code",
                              "InvalidAppId.NotFound",
                              "Message",
                              "The specified AppId does not exist.")));
      case WS -> // likewise
          world
              .workspace()
              .answer(
                  request -> request.path().startsWith("/v1/"),
                  Integer.MAX_VALUE,
                  request ->
                      FakeCloud.Reply.json(
                          404,
                          Map.of(
                              "error_code",
                              "APIGW.0101",
                              "error_msg",
                              "The API does not exist or has not been published")));
      default -> {}
    }
    return switch (vendor) {
      case SAE, SX -> "cn-beijing";
      case BATCH -> "xx-atlantis";
      case WS -> "cn-east-3";
    };
  }

  private static String whatTheVendorSays(Vendor vendor) {
    return switch (vendor) {
      case SAE -> "InvalidAppId.NotFound";
      case SX -> "app is not existed";
      case BATCH -> "UnsupportedRegion";
      case WS -> "wrong region or host";
    };
  }

  @ParameterizedTest
  @EnumSource
  void aMissingPermission(Vendor vendor) {
    deny(vendor);
    configure(vendor);
    assertThat(doctor()).isEqualTo(4);
    assertThat(line("FAIL", "ACCESS_DENIED")).contains(permission(vendor));
    assertThat(terminal.out().lines().filter(line -> line.startsWith("  FAIL"))).hasSize(1);
  }

  private void deny(Vendor vendor) {
    switch (vendor) {
      case SAE -> world.sae().deny("ListJobs");
      case SX -> world.schedulerx().deny("ListJobs");
      case BATCH -> world.batch().deny("DescribeJobs");
      case WS -> world.workspace().deny("ListScheduleTasks");
    }
  }

  private static String permission(Vendor vendor) {
    return switch (vendor) {
      case SAE -> "sae:ListJobs";
      case SX -> "edas:ReadSchedulerxJobQuery";
      case BATCH -> "batch:DescribeJobs";
      case WS -> "workspace:scheduledTasks:list";
    };
  }

  @Test
  void aMissingPermissionToLookUpTheProject() {
    configureWithoutProject();
    world
        .workspace()
        .answer(
            request -> request.path().startsWith("/v3/"),
            Integer.MAX_VALUE,
            request ->
                FakeCloud.Reply.json(
                    403,
                    Map.of("error", Map.of("code", 403, "message", "You are not authorized"))));
    assertThat(doctor()).isEqualTo(4);
    assertThat(line("FAIL", "ACCESS_DENIED"))
        .contains("the identity needs the permission iam:projects:listProjects");
  }

  private void configureWithoutProject() {
    configure(Vendor.WS);
    entries.computeIfPresent(
        "it",
        (name, entry) ->
            entry
                .replace("project-id: " + DemoWorld.PROJECT + ", ", "")
                .replaceFirst("job: [^,]*,", ""));
  }

  @Test
  void noProjectForTheRegion() {
    configureWithoutProject();
    world.workspace().addProject("elsewhere", "cn-east-3");
    assertThat(doctor()).isEqualTo(2);
    assertThat(line("FAIL", "project"))
        .contains("region cn-north-4 has no project for these credentials (KeystoneListProjects)")
        .contains("set project-id")
        .contains("or correct the region");
  }

  @Test
  void aVendorsFileThatOthersCanRead() throws IOException {
    configure(Vendor.BATCH, "ap-guangzhou", "");
    Path file = home.resolve(".tencentcloud/credentials");
    Files.createDirectories(file.getParent());
    Files.writeString(
        file, "[default]\nsecret_id = %s\nsecret_key = %s\n".formatted("lasting", SECRET));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    world.batch().addKey("lasting", SECRET);
    assertThat(doctor()).as(terminal.out()).isZero();
    assertThat(line("warn", "is open to other users than its owner"))
        .contains(file.toString(), "run: chmod 600 " + file);
  }

  /** Other commands log it; a log is of the process. */
  @Test
  void aVendorsFileThatOthersCanReadIsToldOnce() throws Exception {
    aVendorsFileThatOthersCanRead();
    ProcessBuilder command =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                JobLens.class.getName(),
                "doctor")
            .redirectErrorStream(true);
    command.environment().keySet().removeIf(name -> name.matches("(TENCENT|JOBLENS).*"));
    command.environment().put("HOME", home.toString());
    Process process = command.start();
    String printed = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(printed).isZero();
    assertThat(printed).containsOnlyOnce("is open to other users").doesNotContain(SECRET);
  }

  /** As the vendor's tools do it, a place that has no such profile leads to the next. */
  @Test
  void anOpenFileThatWasLookedIntoInPassingIsToldToo() throws IOException {
    configure(Vendor.BATCH, "ap-guangzhou", "");
    Path passed = home.resolve(".tencentcloud/credentials");
    Files.createDirectories(passed.getParent());
    Files.writeString(passed, "[other]\nsecret_id = x\nsecret_key = canary\n");
    Files.setPosixFilePermissions(passed, PosixFilePermissions.fromString("rw-r--r--"));
    Path used = home.resolve(".tccli/default.credential");
    Files.createDirectories(used.getParent());
    Files.writeString(used, "{\"secretId\": \"lasting\", \"secretKey\": \"%s\"}".formatted(SECRET));
    Files.setPosixFilePermissions(used, PosixFilePermissions.fromString("rw-------"));
    world.batch().addKey("lasting", SECRET);
    assertThat(doctor()).as(terminal.out()).isZero();
    assertThat(terminal.err()).containsOnlyOnce(passed + " holds credentials and is open");
  }

  @ParameterizedTest
  @EnumSource
  void aConfigurationWithSecretsThatOthersCanRead(Vendor vendor) throws IOException {
    configure(vendor);
    assertThat(doctor()).isZero();
    Path file = home.resolve(".config/joblens/joblens.yaml");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    assertThat(doctor()).isZero();
    assertThat(line("warn", "holds credentials and is open to other users than its owner"))
        .contains(file.toString(), "run: chmod 600 " + file);
  }

  @Test
  void aConfigurationWithoutSecretsMayBeReadByAll() throws IOException {
    Path secret = Files.writeString(home.resolve("secret"), SECRET + "\n");
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
    configure(Vendor.BATCH, "ap-guangzhou", "");
    entries.computeIfPresent(
        "it",
        (name, entry) ->
            entry.replaceFirst(
                "}$",
                ", credentials: {secret-id: '\\${ID}', secret-key: 'file:%s'}}".formatted(secret)));
    terminal.with("ID", "lasting");
    world.batch().addKey("lasting", SECRET);
    doctor();
    Path file = home.resolve(".config/joblens/joblens.yaml");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    assertThat(doctor()).as(terminal.out()).isZero();
    assertThat(terminal.out()).doesNotContain("warn");

    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-r-----"));
    doctor();
    assertThat(line("warn", "holds credentials")).contains("chmod 600 " + secret);
  }

  @ParameterizedTest
  @ValueSource(strings = {"${NOPE:-%s}", "${NOPE:-}%s", "${ID:-%s}"})
  void aVariablesDefaultInAConfigurationStandsThereAsAnySecretDoes(String text) throws IOException {
    configure(Vendor.BATCH, "ap-guangzhou", "");
    entries.computeIfPresent(
        "it",
        (name, entry) ->
            entry.substring(0, entry.length() - 1)
                + ", credentials: {secret-id: '${ID:-}', secret-key: '%s'}}"
                    .formatted(text.formatted(SECRET)));
    terminal.with("ID", "lasting");
    doctor();
    Path file = home.resolve(".config/joblens/joblens.yaml");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    doctor();
    assertThat(line("warn", "holds credentials and is open to other users than its owner"))
        .contains("chmod 600 " + file);
  }

  @Test
  void aVariablesDefaultThatIsEmptyIsNoSecret() throws IOException {
    configure(Vendor.BATCH, "ap-guangzhou", "");
    entries.computeIfPresent(
        "it",
        (name, entry) ->
            entry.substring(0, entry.length() - 1)
                + ", credentials: {secret-id: '${ID}', secret-key: '${KEY:-}', token: '${T:-}'}}");
    terminal.with("ID", "lasting").with("KEY", SECRET);
    world.batch().addKey("lasting", SECRET);
    doctor();
    Path file = home.resolve(".config/joblens/joblens.yaml");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    assertThat(doctor()).as(terminal.out()).isZero();
    assertThat(terminal.out()).doesNotContain("warn");
  }

  @Test
  void theSixLinesAreSixDifferentOnes() throws IOException {
    LinkedHashSet<String> lines = new LinkedHashSet<>();
    aWrongSecret(Vendor.WS);
    lines.add(shape(line("FAIL")));
    again();
    wrongRegion(Vendor.WS);
    configure(Vendor.WS);
    doctor();
    lines.add(shape(line("FAIL")));
    again();
    aMissingPermission(Vendor.WS);
    lines.add(shape(line("FAIL")));
    again();
    noProjectForTheRegion();
    lines.add(shape(line("FAIL")));
    again();
    aConfigurationWithSecretsThatOthersCanRead(Vendor.WS);
    lines.add(shape(line("warn")));
    again();
    aClockThatIsTwentyMinutesBehind(Vendor.WS);
    lines.add(shape(line("warn")));
    assertThat(lines).hasSize(6);
  }

  private void again() {
    world.close();
    world = DemoWorld.open(0);
    refusals.set(0);
    terminal = new Terminal();
    entries.clear();
    letIn();
  }

  /** What remains of a line without numbers and where it was met. */
  private static String shape(String line) {
    return line.replaceFirst(" at [0-9.:]+", "").replaceAll("[0-9]+", "");
  }

  // ---- whose credentials they are

  private String credentialsOf(String inConfiguration) {
    configure(Vendor.BATCH, "ap-guangzhou", "");
    entries.computeIfPresent("it", (name, entry) -> entry.replaceFirst("}$", inConfiguration));
    world.batch().addKey("lasting-key-id-1", SECRET);
    assertThat(doctor()).as(terminal.out()).isZero();
    return line("ok", "credentials: access key last***id-1 from ");
  }

  private String file() {
    return home.resolve(".config/joblens/joblens.yaml").toString();
  }

  @Test
  void theyStandInTheCloud() {
    String line =
        credentialsOf(
            ", credentials: {secret-id: lasting-key-id-1, secret-key: '%s'}}".formatted(SECRET));
    assertThat(line).endsWith(" from clouds.it.credentials of " + file());
  }

  @Test
  void theyStandInTheAccountThatCloudsShare() {
    accounts =
        "accounts:\n  prod: {credentials: {secret-id: lasting-key-id-1, secret-key: '%s'}}\n"
            .formatted(SECRET);
    assertThat(credentialsOf(", account: prod}"))
        .endsWith(" from accounts.prod.credentials of " + file());
  }

  @Test
  void theyStandInVariablesAndFiles() throws IOException {
    Path secret = Files.writeString(home.resolve("secret"), SECRET + "\n");
    terminal.with("MY_ID", "lasting-key-id-1");
    String line =
        credentialsOf(
            ", credentials: {secret-id: '\\${MY_ID}', secret-key: 'file:%s'}}".formatted(secret));
    assertThat(line)
        .endsWith(" from clouds.it.credentials of " + file() + ", variable MY_ID, file " + secret);
  }

  @Test
  void theyStandInTheVendorsOwnVariables() {
    terminal
        .with("TENCENTCLOUD_SECRET_ID", "lasting-key-id-1")
        .with("TENCENTCLOUD_SECRET_KEY", SECRET);
    assertThat(credentialsOf("}"))
        .endsWith(" from environment variables TENCENTCLOUD_SECRET_ID, TENCENTCLOUD_SECRET_KEY");
  }

  // ---- with care

  @Test
  void cloudsOfOneAccountTogetherFailNoMoreThanTwice() {
    for (String name : List.of("one", "two", "three", "four")) {
      Vendor vendor = name.equals("two") ? Vendor.SX : Vendor.SAE;
      configure(name, vendor, vendor.region, WRONG, "");
    }
    assertThat(doctor()).isEqualTo(4);
    assertThat(world.sae().requests().size() + world.schedulerx().requests().size()).isEqualTo(2);
    assertThat(terminal.out().lines().filter(line -> line.contains("not tried, because")))
        .hasSize(2)
        .allSatisfy(line -> assertThat(line).contains("2 times, for one and two"));
  }

  @ParameterizedTest
  @EnumSource
  void cloudsWithOneKeyFailNoMoreThanTwiceWhateverTheirAccountsAreCalled(Vendor vendor) {
    for (int i = 1; i <= 6; i++) {
      configure("c" + i, vendor, vendor.region, WRONG, ", account: label-" + i);
    }
    assertThat(doctor()).isEqualTo(4);
    assertThat(refusals).hasValue(2);
    assertThat(terminal.out().lines().filter(line -> line.contains("not tried, because")))
        .hasSize(4)
        .allSatisfy(line -> assertThat(line).contains("CANA***efgh", "2 times, for c1 and c2"));
  }

  @Test
  void oneIamUserFailsNoMoreThanTwice() {
    for (int i = 1; i <= 4; i++) {
      configure("c" + i, Vendor.WS, Vendor.WS.region, "", ", account: label-" + i);
      entries.computeIfPresent(
          "c" + i,
          (name, entry) ->
              entry.replaceFirst(
                  "}$",
                  ", credentials: {user: robot, password: '%s', domain: company}}"
                      .formatted(WRONG.replace("&", "+"))));
    }
    doctor();
    assertThat(world.workspace().requests()).hasSize(2);
  }

  @Test
  void anotherVendorsKeyIsTriedAllTheSame() {
    configure("a", Vendor.SAE, "cn-hangzhou", WRONG, ", account: prod");
    configure("b", Vendor.SX, "cn-hangzhou", WRONG, ", account: prod");
    configure("c", Vendor.BATCH, "ap-guangzhou", SECRET, ", account: prod");
    assertThat(doctor("-o", "json")).isEqualTo(5);
    assertThat(world.batch().requests()).hasSize(4);
    assertThat(terminal.out()).contains("\"problem\":\"AUTHENTICATION", "\"healthy\":true");
  }

  @Test
  void anOperationThatIsNotAllowedDoesNotHideTheOthers() {
    world.batch().deny("DescribeTask");
    world.batch().deny("DescribeTaskLogs");
    configure(Vendor.BATCH);
    assertThat(doctor()).isEqualTo(4);
    line("ok", "DescribeJobs");
    line("ok", "DescribeJob");
    assertThat(line("FAIL", "DescribeTask ")).contains("batch:DescribeTask");
    assertThat(line("FAIL", "DescribeTaskLogs ")).contains("batch:DescribeTaskLogs");
  }
}
