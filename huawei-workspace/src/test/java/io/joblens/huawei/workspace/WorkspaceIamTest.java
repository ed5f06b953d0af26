package io.joblens.huawei.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.joblens.ConfigException;
import io.joblens.CredentialsException;
import io.joblens.JobClient;
import io.joblens.JobDataException;
import io.joblens.JobException;
import io.joblens.JobPage;
import io.joblens.JobQuery;
import io.joblens.JobServiceException;
import io.joblens.JobServiceException.Kind;
import io.joblens.spi.Credentials;
import io.joblens.spi.Environment;
import io.joblens.testkit.FakeCloud.Reply;
import io.joblens.testkit.FakeCloud.Request;
import io.joblens.testkit.FakeJob;
import io.joblens.testkit.FakeRun;
import io.joblens.testkit.HuaweiWorkspaceCloud;
import io.joblens.testkit.ManualTime;
import io.joblens.testkit.Unlimited;
import io.joblens.testkit.World;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens for an IAM user's password, and projects that are looked up. */
final class WorkspaceIamTest {
  private static final String PASSWORD = "Canary-Pass\"w0rd&<>";
  private static final String TASK = "task";

  private final ManualTime time =
      ManualTime.autoAdvancing(Instant.parse("2026-03-01T12:00:00.123456Z"));
  private final World world = new World(time);
  private final HuaweiWorkspaceCloud cloud = new HuaweiWorkspaceCloud(world);
  private final Map<String, String> variables = new HashMap<>();
  private final List<JobClient> clients = new ArrayList<>();

  @TempDir Path home;

  WorkspaceIamTest() {
    cloud.addKey("AK", "canary-sk");
    cloud.addIamUser("domain", "user", PASSWORD);
    cloud.addProject("north-id", "cn-north-4");
    cloud.addProject("east-id", "cn-east-3");
    cloud.addProject("sub-id", "cn-north-4_sub");
    world.add(FakeJob.builder(TASK).namespace("north-id"));
  }

  @AfterEach
  void close() {
    clients.forEach(JobClient::close);
    cloud.close();
  }

  private HuaweiWorkspace.Builder builder(String... regions) {
    return HuaweiWorkspace.builder()
        .regions(List.of(regions))
        .job(TASK)
        .endpoint(cloud.endpoint())
        .iamEndpoint(cloud.endpoint())
        .environment(new Environment(variables, name -> null, home))
        .limiter(Unlimited.INSTANCE)
        .time(time);
  }

  private JobClient built(HuaweiWorkspace.Builder builder) {
    JobClient client = builder.build();
    clients.add(client);
    return client;
  }

  private JobClient withPassword(String password) {
    return built(builder("cn-north-4").iamUser("domain", "user", password));
  }

  private JobClient withKey(String... regions) {
    return built(builder(regions).credentials(Credentials.accessKey("AK", "canary-sk")));
  }

  private void addRuns(int count) {
    for (int i = 0; i < count; i++) {
      world.add(
          FakeRun.builder("r" + i)
              .namespace("north-id")
              .job(TASK)
              .at(Duration.ofSeconds(-i), "RUNNING"));
    }
  }

  private List<Request> sentTo(String path) {
    return cloud.requests().stream().filter(request -> request.path().equals(path)).toList();
  }

  private static String printed(@Nullable Throwable thrown) {
    StringWriter out = new StringWriter();
    if (thrown != null) {
      thrown.printStackTrace(new PrintWriter(out, true));
    }
    return out.toString();
  }

  // Tokens

  @Test
  void aTokenIsGotForThePasswordAndUsed() {
    addRuns(2);
    assertThat(withPassword(PASSWORD).listRuns(JobQuery.ALL).runs()).hasSize(2);

    assertThat(sentTo("/v3/auth/tokens"))
        .singleElement()
        .satisfies(
            request -> {
              assertThat(request.parameter("nocatalog")).contains("true");
              assertThat(request.header("X-Auth-Token")).isEmpty();
              assertThat(request.header("Authorization")).isEmpty();
              assertThat(request.bodyText())
                  .contains("\"scope\":{\"project\":{\"name\":\"cn-north-4\"}}");
            });
    assertThat(sentTo("/v3/projects")).hasSize(1);
    assertThat(cloud.requests().get(cloud.requests().size() - 1).path())
        .isEqualTo("/v1/north-id/schedule-task/task/execute-history");
  }

  @Test
  void aTokenHasTheScopeOfTheProjectThatIsGiven() {
    addRuns(1);
    JobClient client =
        built(builder("cn-north-4").projectId("north-id").iamUser("domain", "user", PASSWORD));
    assertThat(client.async().listRuns(JobQuery.ALL).join().runs()).hasSize(1);
    assertThat(sentTo("/v3/auth/tokens").get(0).bodyText())
        .contains("\"scope\":{\"project\":{\"id\":\"north-id\"}}");
    assertThat(sentTo("/v3/projects")).isEmpty();
  }

  @Test
  void aTokenIsRenewedBeforeItsDayIsOverAndNobodyIsEverRefused() {
    addRuns(1);
    JobClient client = withPassword(PASSWORD);
    client.listRuns(JobQuery.ALL);
    time.advance(Duration.ofHours(23).plusMinutes(54));
    client.listRuns(JobQuery.ALL);
    assertThat(sentTo("/v3/auth/tokens")).hasSize(1);

    time.advance(Duration.ofMinutes(4));
    client.listRuns(JobQuery.ALL); // with the old one; the new one is got meanwhile
    while (sentTo("/v3/auth/tokens").size() < 2) {
      Thread.onSpinWait();
    }
    Queue<Integer> statuses = new ConcurrentLinkedQueue<>();
    cloud.onReply(
        (request, reply) -> {
          if (!request.path().equals("/v3/auth/tokens")) { // whose answer may still be on its way
            statuses.add(reply.status());
          }
          return reply;
        });
    client.listRuns(JobQuery.ALL);
    time.advance(Duration.ofHours(1));
    client.listRuns(JobQuery.ALL);
    assertThat(statuses).containsExactly(200, 200);
    assertThat(sentTo("/v3/auth/tokens")).hasSize(2);
  }

  @Test
  void aTokenThatEndsInMidListingIsReplacedOnceAndNoRunIsLostOrRepeated() {
    addRuns(12);
    JobClient client = withPassword(PASSWORD);
    List<String> seen = new ArrayList<>();
    for (JobPage page : client.listAllRuns(JobQuery.builder().pageSize(3).build()).byPage()) {
      page.runs().forEach(run -> seen.add(run.ref().runId()));
      if (seen.size() == 6) {
        cloud.endAuthTokens(); // as after a change of the user's rights: APIGW.0307
      }
    }
    assertThat(seen).hasSize(12).doesNotHaveDuplicates();
    assertThat(sentTo("/v3/auth/tokens")).hasSize(2);
    assertThat(sentTo("/v3/projects")).hasSize(1);
  }

  @Test
  void aHundredThreadsAtTheStartCauseOneTokenAndOneLookUp() throws Exception {
    addRuns(1);
    JobClient client = withPassword(PASSWORD);
    ExecutorService threads = Executors.newFixedThreadPool(100);
    try {
      CyclicBarrier barrier = new CyclicBarrier(100);
      List<Future<Integer>> pages = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        boolean isAsync = i % 2 == 0;
        pages.add(
            threads.submit(
                () -> {
                  barrier.await();
                  return (isAsync
                          ? client.async().listRuns(JobQuery.ALL).join()
                          : client.listRuns(JobQuery.ALL))
                      .runs()
                      .size();
                }));
      }
      for (Future<Integer> page : pages) {
        assertThat(page).succeedsWithin(Duration.ofMinutes(1)).isEqualTo(1);
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(sentTo("/v3/auth/tokens")).hasSize(1);
    assertThat(sentTo("/v3/projects")).hasSize(1);
  }

  @Test
  void aWrongPasswordIsTriedOnceAndShownNowhere() {
    JobClient client = withPassword("Canary-Wrong");
    JobServiceException thrown =
        catchThrowableOfType(JobServiceException.class, () -> client.listRuns(JobQuery.ALL));
    assertThat(thrown.kind()).isEqualTo(Kind.AUTHENTICATION);
    assertThat(thrown.attempts()).isEqualTo(1);
    assertThat(thrown.requestId()).isPresent();
    assertThat(thrown)
        .hasMessageContaining("KeystoneCreateUserTokenByPassword")
        .hasMessageContaining("The username or password is wrong.")
        .hasMessageContaining("a HUAWEI ID gets no token");
    assertThat(cloud.requests()).hasSize(1);
    assertThat(printed(thrown)).doesNotContain("Canary");
    assertThat(client.toString()).doesNotContain("Canary");

    assertThatThrownBy(() -> client.async().listRuns(JobQuery.ALL).join())
        .isInstanceOf(CompletionException.class)
        .hasCauseInstanceOf(JobServiceException.class)
        .hasMessageContaining("KeystoneCreateUserTokenByPassword")
        .hasMessageContaining("The username or password is wrong.")
        .hasMessageContaining("the answer to an earlier log-in, which is not repeated")
        .hasMessageNotContaining("Canary");
    assertThat(cloud.requests()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 403, 404, 500})
  void aPasswordThatTheServerRepeatsIsNotShown(int status) {
    for (String echo :
        List.of(
            "bad password Wrong\"-Canary",
            "bad password Wrong\\\"-Canary",
            "bad password Wrong%22-Canary",
            "x".repeat(75) + "Wrong\"-Canary",
            "x".repeat(488) + "Wrong\"-Canary",
            "x".repeat(495) + "Wrong\"-Canary")) {
      JobClient client = withPassword("Wrong\"-Canary");
      Map<String, Object> error = Map.of("code", echo, "message", echo, "title", "Unauthorized");
      cloud.failAlways(Reply.json(status, Map.of("error", error)).header("X-Request-Id", echo));
      Throwable thrown = catchThrowable(() -> client.listRuns(JobQuery.ALL));
      assertThat(thrown).isInstanceOf(JobServiceException.class);
      assertThat(printed(thrown)).contains("KeystoneCreate").doesNotContain("Cana");
      cloud.clearFaults();
    }
  }

  @Test
  void aUserThatIsNotFoundIsNoRunThatIsGone() {
    cloud.failAlways(
        Reply.json(404, Map.of("error", Map.of("code", 404, "message", "Could not find user"))));
    JobServiceException thrown =
        catchThrowableOfType(
            JobServiceException.class, () -> withPassword(PASSWORD).listRuns(JobQuery.ALL));
    assertThat(thrown.kind()).isEqualTo(Kind.AUTHENTICATION);
  }

  @Test
  void anIamThatCannotAnswerNowIsAskedAgain() {
    addRuns(1);
    cloud.failNext(503, "");
    assertThat(withPassword(PASSWORD).listRuns(JobQuery.ALL).runs()).hasSize(1);
    assertThat(sentTo("/v3/auth/tokens")).hasSize(2);
  }

  @Test
  void anAnswerWithoutTheTokensHeaderIsAnErrorThatNamesTheCall() {
    cloud.answer(
        request -> request.path().equals("/v3/auth/tokens"),
        1,
        request -> Reply.json(201, Map.of("token", Map.of("id", "canary-token"))));
    assertThatThrownBy(() -> withPassword(PASSWORD).listRuns(JobQuery.ALL))
        .isInstanceOf(JobDataException.class)
        .hasMessageContaining("KeystoneCreateUserTokenByPassword")
        .hasMessageContaining("X-Subject-Token is missing")
        .hasMessageNotContaining("canary");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"token\":{\"expires_at\":\"canary\"}}", "[]", "", "{\"token\""})
  void anAnswerThatIsNoTokenIsAnErrorThatNamesTheCallOrATokenWithoutEnd(String body) {
    addRuns(1);
    cloud.answer(
        request -> request.path().equals("/v3/auth/tokens"),
        3, // what ends too early is asked for again
        request ->
            Reply.of(201, "application/json", body).header("X-Subject-Token", "canary-unknown"));
    Throwable thrown = catchThrowable(() -> withPassword(PASSWORD).listRuns(JobQuery.ALL));
    assertThat(thrown)
        .isInstanceOfAny(JobDataException.class, JobServiceException.class)
        .hasMessageContaining("Keystone");
    assertThat(printed(thrown)).doesNotContain("canary");
  }

  @Test
  void aPasswordIsForOneProject() {
    assertThatThrownBy(
            () -> builder("cn-north-4", "cn-east-3").iamUser("domain", "user", PASSWORD).build())
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("get a token for one project; give one region")
        .hasMessageNotContaining("Canary");
    assertThatThrownBy(
            () ->
                builder("cn-north-4")
                    .projectIds(List.of("a", "b"))
                    .job("a/task")
                    .iamUser("domain", "user", PASSWORD)
                    .build())
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("at most one project-id");
    assertThatThrownBy(
            () ->
                builder("cn-north-4")
                    .credentials(Credentials.accessKey("AK", "canary-sk"))
                    .iamUser("domain", "user", PASSWORD)
                    .build())
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("both set");
    assertThatThrownBy(() -> builder("cn-north-4").iamUser("domain", "user", " "))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("password");
    assertThat(cloud.requests()).isEmpty();
  }

  // Projects

  @Test
  void aProjectIsLookedUpOnceForAllCallsOfAClient() {
    addRuns(1);
    JobClient client = withKey("cn-north-4");
    client.listRuns(JobQuery.ALL);
    client.getRun(client.runRef("r0"));
    client.listRuns(JobQuery.ALL);
    assertThat(sentTo("/v3/projects"))
        .singleElement()
        .satisfies(request -> assertThat(request.parameter("name")).contains("cn-north-4"));
    assertThat(sentTo("/v3/auth/projects")).isEmpty();
  }

  @Test
  void twoRegionsHaveTheirOwnProjects() {
    addRuns(1);
    world.add(FakeJob.builder("east-task").namespace("east-id"));
    world.add(
        FakeRun.builder("e0").namespace("east-id").job("east-task").at(Duration.ZERO, "SUCCESS"));
    JobClient client =
        built(
            builder("cn-north-4", "cn-east-3")
                .jobs(List.of("north-id/task", "east-id/east-task"))
                .credentials(Credentials.accessKey("AK", "canary-sk")));
    List<String> refs =
        client.listAllRuns(JobQuery.ALL).stream().map(run -> run.ref().toString()).toList();
    assertThat(refs)
        .containsExactlyInAnyOrder(
            "huawei-workspace:cn-north-4:north-id/task/r0",
            "huawei-workspace:cn-east-3:east-id/east-task/e0");
    assertThat(sentTo("/v3/projects"))
        .extracting(request -> request.parameter("name").orElse(""))
        .containsExactly("cn-north-4", "cn-east-3");
  }

  @Test
  void withSeveralRegionsTheVariablesOneProjectIsNotTaken() {
    variables.put("HUAWEICLOUD_SDK_PROJECT_ID", "north-id");
    JobClient client =
        built(
            builder("cn-east-3", "cn-north-4")
                .jobs(List.of())
                .credentials(Credentials.accessKey("AK", "canary-sk")));
    client.runRef("east-id", "t", "r");
    assertThat(sentTo("/v3/projects")).hasSize(2);
  }

  @Test
  void whoeverMayNotListProjectsListsHisOwn() {
    addRuns(1);
    cloud.answer(
        request -> request.path().equals("/v3/projects"),
        1,
        request ->
            Reply.json(
                403,
                Map.of(
                    "error",
                    Map.of(
                        "code",
                        403,
                        "message",
                        "You are not authorized to perform the requested action:"
                            + " identity:list_projects",
                        "title",
                        "Forbidden"))));
    assertThat(withKey("cn-north-4").listRuns(JobQuery.ALL).runs()).hasSize(1);
    assertThat(sentTo("/v3/auth/projects")).hasSize(1);
  }

  @Test
  void twoProjectsForARegionAreAnErrorThatNamesThem() {
    cloud.addProject("other-id", "cn-north-4");
    assertThatThrownBy(() -> withKey("cn-north-4").listRuns(JobQuery.ALL))
        .isInstanceOf(ConfigException.class)
        .hasMessageContainingAll("cn-north-4", "2 projects, north-id and other-id")
        .hasMessageContaining("set project-id")
        .hasMessageContaining("KeystoneListProjects");
    assertThatThrownBy(() -> withKey("cn-north-4").async().listRuns(JobQuery.ALL).join())
        .hasCauseInstanceOf(ConfigException.class);
  }

  @Test
  void noProjectForARegionIsAnErrorAndTheNextCallLooksAgain() {
    JobClient client = withKey("cn-north-9");
    assertThatThrownBy(() -> client.listRuns(JobQuery.ALL))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("region cn-north-9 has no project for these credentials")
        .hasMessageContaining("project-id");
    cloud.addProject("nine-id", "cn-north-9");
    world.add(FakeJob.builder("nine").namespace("nine-id"));
    assertThat(client.runRef("nine", "r"))
        .hasToString("huawei-workspace:cn-north-9:nine-id/nine/r");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "[]", "{\"projects\":null}", "{\"projects\":{}}", "<html>", ""})
  void anAnswerThatIsNoListOfProjectsIsAnErrorThatNamesTheCall(String body) {
    cloud.failAlways(Reply.of(200, "application/json", body));
    assertThatThrownBy(() -> withKey("cn-north-4").listRuns(JobQuery.ALL))
        .isInstanceOf(JobDataException.class)
        .hasMessageContaining("KeystoneListProjects");
  }

  @Test
  void aBadQueryIsRefusedBeforeTheLookUp() {
    JobClient client = withKey("cn-north-4");
    JobQuery query = JobQuery.builder().extra("no-such-filter", "x").build();
    assertThatThrownBy(() -> client.listRuns(query)).isInstanceOf(JobException.class);
    assertThat(cloud.requests()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"x@evil.example/", "a.b", "CN-NORTH-4", "a/b", "", "-a", "a\n"})
  void aRegionThatIsNoHostLabelIsRefusedBeforeAnythingIsSent(String region) {
    Throwable thrown =
        catchThrowable(() -> builder(region).iamUser("domain", "user", PASSWORD).build());
    assertThat(thrown)
        .isInstanceOfAny(ConfigException.class, IllegalArgumentException.class)
        .hasMessageContaining("region");
    assertThat(cloud.requests()).isEmpty();
  }

  // What the vendor's variables and file say

  @Test
  void keyAndProjectComeFromTheVendorsFileAtTheFirstCall() throws IOException {
    addRuns(1);
    JobClient client = built(builder("cn-north-4")); // with no file yet
    Path file = home.resolve(".huaweicloud/credentials");
    Files.createDirectories(file.getParent());
    Files.writeString(file, "[basic]\nak = AK\nsk = canary-sk\nproject_id = north-id\n");
    assertThat(client.listRuns(JobQuery.ALL).runs()).hasSize(1);
    assertThat(sentTo("/v3/projects")).isEmpty();
  }

  @Test
  void aBrokenFileIsAnErrorOfTheFirstCallWithFileAndLine() throws IOException {
    Path file = home.resolve(".huaweicloud/credentials");
    Files.createDirectories(file.getParent());
    Files.writeString(file, "[basic]\nak = AK\nsk canary-sk\n");
    JobClient client = built(builder("cn-north-4"));
    assertThatThrownBy(() -> client.listRuns(JobQuery.ALL))
        .isInstanceOf(CredentialsException.class)
        .hasMessageContaining(file + ":3: ")
        .hasMessageNotContaining("canary");
    assertThat(cloud.requests()).isEmpty();
  }

  @Test
  void aProjectIdInTheFileThatIsNoneIsAnError() throws IOException {
    Path file = home.resolve(".huaweicloud/credentials");
    Files.createDirectories(file.getParent());
    Files.writeString(file, "[basic]\nak = AK\nsk = canary-sk\nproject_id = a/b\n");
    assertThatThrownBy(() -> built(builder("cn-north-4")).listRuns(JobQuery.ALL))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("project_id of the credentials file");
  }

  @Test
  void theFilesProjectIsNotThatOfOtherCredentials() throws IOException {
    Path file = home.resolve(".huaweicloud/credentials");
    Files.createDirectories(file.getParent());
    Files.writeString(file, "[basic]\nak = AK\nsk = canary-sk\nproject_id = of-the-file\n");
    addRuns(1);
    assertThat(withKey("cn-north-4").listRuns(JobQuery.ALL).runs()).hasSize(1);
    variables.put("HUAWEICLOUD_SDK_AK", "AK");
    variables.put("HUAWEICLOUD_SDK_SK", "canary-sk");
    assertThat(built(builder("cn-north-4")).listRuns(JobQuery.ALL).runs()).hasSize(1);
    assertThat(sentTo("/v3/projects")).hasSize(2);
  }

  @Test
  void theVendorsVariableNamesIamsEndpoint() {
    addRuns(1);
    variables.put("HUAWEICLOUD_SDK_IAM_ENDPOINT", cloud.endpoint());
    HuaweiWorkspace.Builder builder =
        HuaweiWorkspace.builder()
            .region("cn-north-4")
            .job(TASK)
            .endpoint(cloud.endpoint())
            .environment(new Environment(variables, name -> null, home))
            .credentials(Credentials.accessKey("AK", "canary-sk"))
            .limiter(Unlimited.INSTANCE)
            .time(time);
    assertThat(built(builder).listRuns(JobQuery.ALL).runs()).hasSize(1);
    variables.put("HUAWEICLOUD_SDK_IAM_ENDPOINT", "https://iam.evil.example");
    assertThatThrownBy(
            () -> builder.environment(new Environment(variables, name -> null, home)).build())
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("iam-endpoint leads to a host outside myhuaweicloud.com");
  }
}
