package io.joblens.huawei.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.joblens.Filter;
import io.joblens.JobQuery;
import io.joblens.JobRef;
import io.joblens.JobRun;
import io.joblens.JobServiceException.Kind;
import io.joblens.JobState;
import io.joblens.RawRequest;
import io.joblens.RunDetail;
import io.joblens.RunRef;
import io.joblens.TaskDetail;
import io.joblens.huawei.workspace.WorkspaceProvider.Project;
import io.joblens.spi.Call;
import io.joblens.spi.Endpoint;
import io.joblens.spi.Rate;
import io.joblens.spi.Scope;
import io.joblens.spi.Scopes;
import io.joblens.spi.Step;
import io.joblens.spi.WireDataException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class WorkspaceProviderTest {
  private static final Scope TASK = new Scope("cn-north-4", List.of("p", "t"), "");

  private final WorkspaceProvider provider = provider(List.of("p"), List.of("t"));

  @Test
  void everyConfiguredTaskIsAScopeOfItsProjectAndRegion() {
    assertThat(scopes(provider(List.of("p"), List.of("t1", "p/t2", "t1")), JobQuery.ALL))
        .containsExactly(
            new Scope("cn-north-4", List.of("p", "t1"), ""),
            new Scope("cn-north-4", List.of("p", "t2"), ""));
  }

  @Test
  void tasksOfTheQueryReplaceTheConfiguredOnes() {
    assertThat(scopes(provider, JobQuery.builder().job("other").build()))
        .containsExactly(new Scope("cn-north-4", List.of("p", "other"), ""));
  }

  @Test
  void withoutATaskThoseOfAllProjectsAreLookedUp() {
    Conversation conversation =
        new Conversation().answering(200, tasks(0, 2)).answering(200, tasks(2, 3));
    Scopes found = conversation.run(provider, twoRegions().scopes(JobQuery.ALL, Optional.empty()));
    assertThat(found.scopes())
        .containsExactly(
            new Scope("cn-north-4", List.of("p1", "t0"), ""),
            new Scope("cn-north-4", List.of("p1", "t1"), ""),
            new Scope("ap-southeast-1", List.of("p2", "t2"), ""));
    assertThat(found.names())
        .containsEntry(
            new JobRef(HuaweiWorkspace.ID, "ap-southeast-1", List.of("p2", "t2")), "name of t2");
    assertThat(found.next()).isEmpty();
    assertThat(conversation.calls())
        .extracting(call -> call.request().url())
        .containsExactly(
            "https://appstream.cn-north-4.myhuaweicloud.com"
                + "/v1/p1/schedule-task?offset=0&limit=100",
            "https://workspace.ap-southeast-1.myhuaweicloud.com"
                + "/v1/p2/schedule-task?offset=0&limit=100");
  }

  @Test
  void aProjectWithMoreThanAHundredTasksIsLookedUpPageByPage() {
    Conversation conversation =
        new Conversation().answering(200, tasks(0, 100)).answering(200, tasks(100, 150));
    assertThat(
            conversation.run(
                provider, provider(List.of("p"), List.of()).scopes(JobQuery.ALL, Optional.empty())))
        .satisfies(found -> assertThat(found.scopes()).hasSize(150));
    assertThat(conversation.calls().get(1).request().encodedQuery())
        .isEqualTo("offset=100&limit=100");
  }

  @Test
  void aListOfTasksWithoutEndIsReadToALimit() {
    Conversation conversation = new Conversation();
    for (int page = 0; page < 100; page++) {
      conversation.answering(200, tasks(100 * page, 100 * page + 100));
    }
    assertThatThrownBy(
            () ->
                conversation.run(
                    provider,
                    provider(List.of("p"), List.of()).scopes(JobQuery.ALL, Optional.empty())))
        .isInstanceOf(WireDataException.class)
        .hasMessageContaining("goes on after 10000 tasks");
  }

  @Test
  void aListOfTasksThatRepeatsAPageIsNotReadOn() {
    Conversation conversation =
        new Conversation().answering(200, tasks(0, 100)).answering(200, tasks(0, 100));
    assertThatThrownBy(
            () ->
                conversation.run(
                    provider,
                    provider(List.of("p"), List.of()).scopes(JobQuery.ALL, Optional.empty())))
        .isInstanceOf(WireDataException.class)
        .hasMessageContaining("repeats itself");
  }

  @Test
  void countsBelowZeroAreLeftOutWithANote() {
    Conversation conversation =
        new Conversation()
            .answering(
                200,
                "{\"count\":1,\"items\":[{\"id\":\"r\",\"total_count\":-1,\"failed_count\":2}]}");
    Scope task = new Scope("cn-north-4", List.of("p", "t"), "");
    JobRun run =
        conversation.run(provider, provider.runs(task, JobQuery.ALL, 0, 100)).rows().get(0).build();
    assertThat(run.tasks().total()).isEmpty();
    assertThat(run.tasks().failed()).hasValue(2);
    assertThat(run.notes()).containsExactly("total_count -1 left out: it is no count");
  }

  @Test
  void fieldsThatTheVendorAddsLaterSpoilNeitherARunNorItsServers() {
    String later = "\"new\":{\"a\":[1.5]},\"more\":[\"b\"]";
    Conversation conversation =
        new Conversation()
            .answering(200, "{\"count\":1,\"items\":[{\"id\":\"r\"," + later + "}]," + later + "}")
            .answering(
                200,
                "{\"count\":1,\"items\":[{\"id\":\"1\",\"server_name\":\"APS-1\"," + later + "}]}");
    WorkspaceProvider one = provider(List.of("p"), List.of());
    RunRef ref = new RunRef(HuaweiWorkspace.ID, "cn-north-4", List.of("p", "t", "r"));
    RunDetail detail = conversation.run(one, one.diagnose(ref)).build(JobRun.builder(ref).build());
    assertThat(detail.tasks()).extracting(TaskDetail::name).containsExactly("APS-1");
    assertThat(detail.notes()).isEmpty();
  }

  @Test
  void dataOfAnotherShapeDoesNotHideTheErrorBesideIt() {
    String error = "\"error_code\":\"APIGW.0308\",\"error_msg\":\"limit:9,time:1 minute\"}";
    Conversation conversation =
        new Conversation()
            .answering(200, "{\"items\":{},\"count\":\"none\"," + error)
            .answering(200, "{\"id\":[]," + error);
    JobRef job = new JobRef(HuaweiWorkspace.ID, "cn-north-4", List.of("p", "t"));
    assertThat(conversation.fail(provider, provider.runs(TASK, JobQuery.ALL, 0, 100)).kind())
        .isEqualTo(Kind.THROTTLED);
    assertThat(conversation.fail(provider, provider.job(job)).kind()).isEqualTo(Kind.THROTTLED);
  }

  @Test
  void aProjectThatMayNotBeReadIsReportedAndTheOthersAreLookedUp() {
    Conversation conversation =
        new Conversation().answering(403, "{\"error_code\":\"WKS.00081102\"}");
    Scopes found =
        conversation
            .answering(200, tasks(0, 1))
            .run(provider, twoRegions().scopes(JobQuery.ALL, Optional.empty()));
    assertThat(found.scopes())
        .containsExactly(new Scope("ap-southeast-1", List.of("p2", "t0"), ""));
    assertThat(found.skipped())
        .singleElement()
        .satisfies(
            part -> {
              assertThat(part.scope()).isEqualTo(new Scope("cn-north-4", List.of("p1"), ""));
              assertThat(part.error().hint().orElse("")).contains("workspace:scheduledTasks:list");
            });
  }

  @Test
  void whereNoProjectMayBeReadTheErrorStands() {
    Conversation conversation =
        new Conversation()
            .answering(403, "{\"error_code\":\"WKS.00081102\"}")
            .answering(404, "{\"error_code\":\"WKS.00211902\"}");
    assertThat(
            conversation.fail(provider, twoRegions().scopes(JobQuery.ALL, Optional.empty())).kind())
        .isEqualTo(Kind.ACCESS_DENIED);
  }

  @Test
  void withSeveralRegionsATaskIsListedWhereItsProjectIs() {
    WorkspaceProvider two = twoRegions();
    assertThat(scopes(two, JobQuery.builder().job("p2/t").build()))
        .containsExactly(new Scope("ap-southeast-1", List.of("p2", "t"), ""));
    assertThatThrownBy(() -> scopes(two, JobQuery.builder().job("p3/t").build()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("none of the configured ones");
  }

  @Test
  void whichProjectHasATaskIsAskedOnlyWhereNothingSaysIt() {
    Conversation conversation =
        new Conversation().answering(200, tasks(0, 3)).answering(200, tasks(5, 9));
    assertThat(
            conversation.run(
                provider,
                twoRegions().scopes(JobQuery.builder().job("t7").build(), Optional.empty())))
        .satisfies(
            found ->
                assertThat(found.scopes())
                    .containsExactly(new Scope("ap-southeast-1", List.of("p2", "t7"), "")));
  }

  @Test
  void aTaskThatNoProjectListsIsAskedOfEachSoThatHuaweiSaysSo() {
    Conversation conversation =
        new Conversation().answering(200, tasks(0, 1)).answering(200, tasks(1, 2));
    assertThat(
            conversation.run(
                provider,
                twoRegions()
                    .scopes(
                        JobQuery.builder().jobs(List.of("gone", "t1", "p1/x")).build(),
                        Optional.empty())))
        .satisfies(
            found ->
                assertThat(found.scopes())
                    .containsExactly(
                        new Scope("ap-southeast-1", List.of("p2", "t1"), ""),
                        new Scope("cn-north-4", List.of("p1", "gone"), ""),
                        new Scope("ap-southeast-1", List.of("p2", "gone"), ""),
                        new Scope("cn-north-4", List.of("p1", "x"), "")));
  }

  @Test
  void theHintsNameProjectsRegionsAndHosts() {
    assertThat(twoRegions().hintsWhenEmpty())
        .first()
        .asString()
        .contains("sub-project", "p1 (cn-north-4), p2 (ap-southeast-1)", "project-id");
    assertThat(twoRegions().hintsWhenEmpty())
        .anySatisfy(
            hint ->
                assertThat(hint)
                    .contains(
                        "appstream.cn-north-4.myhuaweicloud.com",
                        "workspace.ap-southeast-1.myhuaweicloud.com"));
  }

  @Test
  void onlyTheTaskIsPushedDown() {
    JobQuery query = JobQuery.builder().job("t").states(JobState.FAILED).build();
    assertThat(provider.capabilities(query).pushed()).containsExactly(Filter.JOB);
    assertThat(provider.capabilities(query).local())
        .containsExactlyInAnyOrder(
            Filter.NAME, Filter.STATE, Filter.CREATED, Filter.FINISHED, Filter.PROBLEM);
    JobQuery byId = JobQuery.builder().runs(List.of(provider.runRef(List.of("r")))).build();
    assertThat(provider.capabilities(byId).pushed()).containsExactly(Filter.RUN_ID);
    assertThat(provider.capabilities(byId).local())
        .contains(Filter.JOB, Filter.STATE)
        .doesNotContain(Filter.NAME);
  }

  @Test
  void referencesAreCompletedFromTheRight() {
    RunRef run = RunRef.parse("huawei-workspace:cn-north-4:p/t/r");
    assertThat(provider.runRef(List.of("r"))).isEqualTo(run);
    assertThat(provider.runRef(List.of("t", "r"))).isEqualTo(run);
    assertThat(provider.runRef(List.of("p", "t", "r"))).isEqualTo(run);
    JobRef job = JobRef.parse("huawei-workspace:cn-north-4:p/t");
    assertThat(provider.jobRef(List.of("t"))).isEqualTo(job);
    assertThat(provider.jobRef(List.of("p", "t"))).isEqualTo(job);
    assertThat(twoRegions().runRef(List.of("p2", "t", "r")).region()).isEqualTo("ap-southeast-1");
  }

  @Test
  void referencesThatCannotBeCompletedSayWhatIsExpected() {
    WorkspaceProvider noJob = provider(List.of("p"), List.of());
    assertThatThrownBy(() -> noJob.runRef(List.of("r")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("give task id, record id");
    assertThatThrownBy(() -> twoRegions().runRef(List.of("t", "r")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("give project id, task id, record id");
    assertThatThrownBy(() -> provider.runRef(List.of("a", "b", "c", "d")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected project id, task id");
    assertThatThrownBy(() -> provider.jobRef(List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected project id, task id");
    assertThatThrownBy(() -> provider.get(List.of(RunRef.parse("huawei-workspace:cn-north-4:r"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("project id/task id/record id");
    assertThatThrownBy(() -> provider.job(JobRef.parse("huawei-workspace:cn-north-4:t")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("project id/task id");
  }

  @ParameterizedTest
  @ValueSource(strings = {"..", ".", "", " ", "a\nb", " a", "a\u0000"})
  void anIdThatIsNoPathSegmentIsRefusedBeforeAnyCall(String id) {
    assertThatThrownBy(() -> provider.jobRef(List.of(id)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("task id ");
    assertThatThrownBy(() -> provider.jobRef(List.of(id, "t")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("project id ");
    assertThatThrownBy(() -> provider.runRef(List.of(id)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("record id ");
  }

  @Test
  void aSlashInAStoredReferenceDoesNotReachThePath() {
    for (String task : List.of("t/../x", "/t", "t/")) {
      RunRef ref = new RunRef(HuaweiWorkspace.ID, "cn-north-4", List.of("p", task, "r"));
      assertThatThrownBy(() -> provider.get(List.of(ref)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("task id contains a slash");
    }
  }

  @Test
  void charactersThatMeanSomethingInUrlsAreEncoded() {
    Conversation conversation = new Conversation().answering(200, items());
    conversation.run(provider, provider.runs(task("a b?c#d%20é"), JobQuery.ALL, 0, 1));
    assertThat(conversation.calls().get(0).request().encodedPath())
        .isEqualTo("/v1/p/schedule-task/a%20b%3Fc%23d%2520%C3%A9/execute-history");
  }

  @Test
  void quotaIsCountedByApi() {
    Conversation conversation =
        new Conversation().answering(200, items()).answering(200, "{\"id\":\"t\"}");
    conversation.run(provider, provider.runs(TASK, JobQuery.ALL, 0, 1));
    conversation.run(provider, provider.job(provider.jobRef(List.of("t"))));
    assertThat(conversation.calls())
        .extracting(Call::action)
        .containsExactly("ListTaskExecuteHistory", "ShowScheduleTask");
    assertThat(conversation.calls())
        .extracting(call -> call.quota().key())
        .containsExactly(
            "huawei-workspace/ListTaskExecuteHistory", "huawei-workspace/ShowScheduleTask");
    assertThat(conversation.calls())
        .allMatch(call -> call.repeatable() && call.quota().rate().equals(Rate.perMinute(200)));
  }

  @Test
  void runsOfOneTaskShareItsPages() {
    Conversation conversation =
        new Conversation()
            .answering(200, items(0, 100))
            .answering(200, items(100, 130))
            .answering(200, items("other"));

    List<JobRun.Builder> found =
        conversation.run(
            provider,
            provider.get(
                List.of(
                    run("p", "t", "r7"),
                    run("p", "t2", "other"),
                    run("p", "t", "r129"),
                    run("p", "t", "gone"))));

    assertThat(found)
        .extracting(row -> row.ref().toString())
        .containsExactly(
            "huawei-workspace:cn-north-4:p/t/r7",
            "huawei-workspace:cn-north-4:p/t/r129",
            "huawei-workspace:cn-north-4:p/t2/other");
    assertThat(conversation.calls())
        .extracting(call -> call.request().encodedPath() + "?" + call.request().encodedQuery())
        .containsExactly(
            "/v1/p/schedule-task/t/execute-history?offset=0&limit=100",
            "/v1/p/schedule-task/t/execute-history?offset=100&limit=100",
            "/v1/p/schedule-task/t2/execute-history?offset=0&limit=100");
  }

  @Test
  void aShortPageIsNotTheEndWhileTheVendorCountsMore() {
    Conversation conversation =
        new Conversation()
            .answering(200, items(0, 50).replace("\"count\":0", "\"count\":120"))
            .answering(200, items(50, 100).replace("\"count\":0", "\"count\":120"))
            .answering(200, items(100, 120).replace("\"count\":0", "\"count\":120"));

    assertThat(conversation.run(provider, provider.get(List.of(run("p", "t", "r119"))))).hasSize(1);
    assertThat(conversation.calls())
        .extracting(call -> call.request().encodedQuery())
        .containsExactly("offset=0&limit=100", "offset=50&limit=100", "offset=100&limit=100");
  }

  @Test
  void readingStopsWithThePageThatHasTheLastRun() {
    Conversation conversation = new Conversation().answering(200, items(0, 100));
    assertThat(conversation.run(provider, provider.get(List.of(run("p", "t", "r99"))))).hasSize(1);
    assertThat(conversation.calls()).hasSize(1);
  }

  @Test
  void runsOfATaskThatIsGoneAreLeftOutAndThoseOfOthersAreNot() {
    Conversation conversation =
        new Conversation()
            .answering(404, "{\"error_code\":\"WKS.00211902\",\"error_msg\":\"no\"}")
            .answering(200, items("r"));
    assertThat(
            conversation.run(
                provider, provider.get(List.of(run("p", "gone", "r"), run("p", "t", "r")))))
        .extracting(row -> row.ref().job().jobId())
        .containsExactly("t");
  }

  @Test
  void anUnpublishedApiIsNotTakenForAMissingTask() {
    Conversation conversation =
        new Conversation().answering(404, "{\"error_code\":\"APIGW.0101\",\"error_msg\":\"no\"}");
    assertThat(conversation.fail(provider, provider.get(List.of(run("p", "t", "r")))).kind())
        .isEqualTo(Kind.INVALID_REQUEST);
  }

  @Test
  void aHistoryThatRepeatsItselfIsAnErrorAndNoEndlessLoop() {
    Conversation conversation =
        new Conversation().answering(200, items(0, 100)).answering(200, items(0, 100));
    assertThatThrownBy(
            () -> conversation.run(provider, provider.get(List.of(run("p", "t", "gone")))))
        .isInstanceOf(WireDataException.class)
        .hasMessageContaining("repeats itself");
  }

  @Test
  void aHistoryWithoutEndIsReadToALimit() {
    Conversation conversation = new Conversation();
    for (int page = 0; page < 100; page++) {
      conversation.answering(200, items(page * 100, page * 100 + 100));
    }
    assertThatThrownBy(
            () -> conversation.run(provider, provider.get(List.of(run("p", "t", "gone")))))
        .isInstanceOf(WireDataException.class)
        .hasMessageContaining("goes on after 10000 records");
    assertThat(conversation.calls()).hasSize(100);
  }

  @Test
  void readingAnAnswerTwiceGivesTheSameTwice() {
    Step.Ask<List<JobRun.Builder>> first =
        (Step.Ask<List<JobRun.Builder>>) provider.get(List.of(run("p", "t", "r100")));
    for (int attempt = 0; attempt < 2; attempt++) {
      Step<List<JobRun.Builder>> second =
          first.then().apply(Conversation.response(200, items(0, 100)));
      Conversation rest = new Conversation().answering(200, items(100, 101));
      assertThat(rest.run(provider, second)).hasSize(1);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "\"x\"",
        "{}",
        "{\"foo\":1}",
        "{\"items\":null}",
        "{\"count\":3}",
        "{\"count\":3,\"items\":null}",
        "{\"count\":1,\"items\":[null]}",
        "{\"count\":1,\"items\":[{}]}",
        "{\"count\":1,\"items\":[{\"id\":\"\"}]}",
        "{\"count\":1,\"items\":[{\"id\":\"..\"}]}",
        "{\"count\":1,\"items\":[{\"id\":\"a\\u0000b\"}]}",
        "{\"count\":1,\"items\":[{\"id\":\"a\",\"total_count\":1.9}]}",
        "{\"count\":1,\"items\":[{\"id\":\"a\",\"status\":{}}]}",
        "{\"count\":1,\"items\":{\"id\":\"a\"}}",
        "{\"count\":1,\"items\":[{\"id\":\"a\"}]} <html>",
        "{\"count\":1,\"items\":[{\"id\":\"a\",\"id\":\"b\"}]}",
        "{\"count\":1,\"items\":[{\"id\":\"a\"}",
        "<html></html>"
      })
  void aHistoryThatCannotBeReadIsNeverAnEmptyOne(String body) {
    assertThatThrownBy(
            () ->
                new Conversation()
                    .answering(200, body)
                    .run(provider, provider.runs(TASK, JobQuery.ALL, 0, 100)))
        .isInstanceOf(WireDataException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "null", "[]", "{}", "{\"task_name\":\"n\"}", "{\"id\":null}"})
  void aTaskThatCannotBeReadIsNoTask(String body) {
    assertThatThrownBy(
            () ->
                new Conversation()
                    .answering(200, body)
                    .run(provider, provider.job(provider.jobRef(List.of("t")))))
        .isInstanceOf(WireDataException.class);
  }

  @Test
  void rawRequestsAreGetUnlessTheySayOtherwise() {
    Call get =
        provider.raw(
            RawRequest.action("ListScheduleTasks")
                .method("GET")
                .path("/v1/p/schedule-task")
                .query("task_name", "a b")
                .repeatable()
                .build());
    assertThat(get.request().method()).isEqualTo("GET");
    assertThat(get.request().url())
        .isEqualTo(
            "https://appstream.cn-north-4.myhuaweicloud.com/v1/p/schedule-task?task_name=a%20b");
    assertThat(get.request().header("X-Project-Id")).contains("p");
    assertThat(get.quota().key()).isEqualTo("huawei-workspace/ListScheduleTasks");
    assertThat(get.repeatable()).isTrue();

    Call post =
        provider.raw(
            RawRequest.action("ListFutureExecutions")
                .method("POST")
                .path("/v1/p/schedule-task/future-executions")
                .json("{\"scheduled_type\":\"DAY\"}")
                .build());
    assertThat(post.request().method()).isEqualTo("POST");
    assertThat(new String(post.request().body(), StandardCharsets.UTF_8))
        .isEqualTo("{\"scheduled_type\":\"DAY\"}");
    assertThat(post.repeatable()).isFalse();
  }

  @Test
  void rawRequestsGoToTheRegionTheyName() {
    Call call =
        twoRegions().raw(RawRequest.action("X").path("/v1/x").region("ap-southeast-1").build());
    assertThat(call.request().host()).isEqualTo("workspace.ap-southeast-1.myhuaweicloud.com");
    assertThat(call.request().header("X-Project-Id")).contains("p2");
    assertThatThrownBy(
            () -> provider.raw(RawRequest.action("X").path("/v1").region("eu-x").build()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("region");
    assertThatThrownBy(() -> provider.raw(RawRequest.action("X").build()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("path is missing");
  }

  @ParameterizedTest
  @CsvSource({
    "cn-north-4, appstream.cn-north-4.myhuaweicloud.com",
    "cn-north-9, appstream.cn-north-9.myhuaweicloud.com",
    "cn-east-3, appstream.cn-east-3.myhuaweicloud.com",
    "cn-south-1, appstream.cn-south-1.myhuaweicloud.com",
    "cn-southwest-2, appstream.cn-southwest-2.myhuaweicloud.com",
    "cn-east-5, workspace.cn-east-5.myhuaweicloud.com",
    "cn-north-11, workspace.cn-north-11.myhuaweicloud.com",
    "ap-southeast-1, workspace.ap-southeast-1.myhuaweicloud.com",
    "ap-southeast-2, workspace.ap-southeast-2.myhuaweicloud.com",
    "ap-southeast-3, workspace.ap-southeast-3.myhuaweicloud.com",
    "la-south-2, workspace.la-south-2.myhuaweicloud.com",
    "la-north-2, workspace.la-north-2.myhuaweicloud.com",
    "na-mexico-1, workspace.na-mexico-1.myhuaweicloud.com",
    "sa-brazil-1, workspace.sa-brazil-1.myhuaweicloud.com",
    "me-east-1, workspace.me-east-1.myhuaweicloud.com",
    "af-south-1, workspace.af-south-1.myhuaweicloud.com",
    "af-north-1, workspace.af-north-1.myhuaweicloud.com",
    "tr-west-1, workspace.tr-west-1.myhuaweicloud.com",
    "eu-west-101, workspace.eu-west-101.myhuaweicloud.eu",
    "xx-new-1, workspace.xx-new-1.myhuaweicloud.com"
  })
  void hostsFollowTheRegion(String region, String host) {
    assertThat(WorkspaceHosts.endpoint(region)).hasToString("https://" + host);
  }

  @ParameterizedTest
  @ValueSource(strings = {"x@evil.example/", "evil.example#", "a.b", "CN-NORTH-4", "", "a\r\nb"})
  void aRegionThatIsNoHostLabelMakesNoHost(String region) {
    assertThatThrownBy(() -> WorkspaceHosts.endpoint(region))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("region ");
  }

  @Test
  void anEndpointCountsForAllRegions() {
    WorkspaceProvider overridden =
        new WorkspaceProvider(
            List.of(new Project("cn-north-4", "p1"), new Project("ap-southeast-1", "p2")),
            List.of(),
            new WorkspaceRequests(Optional.of(new Endpoint("http", "127.0.0.1:1234"))),
            () -> Step.done(List.of()));
    Conversation conversation = new Conversation().answering(200, "{\"id\":\"t\"}");
    conversation.run(overridden, overridden.job(overridden.jobRef(List.of("p2", "t"))));
    assertThat(conversation.calls().get(0).request().url())
        .isEqualTo("http://127.0.0.1:1234/v1/p2/schedule-task/t");
  }

  private static List<Scope> scopes(WorkspaceProvider provider, JobQuery query) {
    return new Conversation()
        .run(provider, provider.scopes(query, Optional.empty()).map(Scopes::scopes));
  }

  private static WorkspaceProvider provider(List<String> projects, List<String> jobs) {
    return new WorkspaceProvider(
        projects.stream().map(id -> new Project("cn-north-4", id)).toList(),
        jobs,
        new WorkspaceRequests(Optional.empty()),
        () -> Step.done(List.of()));
  }

  private static WorkspaceProvider twoRegions() {
    return new WorkspaceProvider(
        List.of(new Project("cn-north-4", "p1"), new Project("ap-southeast-1", "p2")),
        List.of(),
        new WorkspaceRequests(Optional.empty()),
        () -> Step.done(List.of()));
  }

  private static Scope task(String id) {
    return new Scope("cn-north-4", List.of("p", id), "");
  }

  private static RunRef run(String project, String task, String record) {
    return new RunRef(HuaweiWorkspace.ID, "cn-north-4", List.of(project, task, record));
  }

  private static String tasks(int from, int to) {
    return IntStream.range(from, to)
        .mapToObj(i -> "{\"id\":\"t" + i + "\",\"task_name\":\"name of t" + i + "\"}")
        .collect(Collectors.joining(",", "{\"count\":0,\"items\":[", "]}"));
  }

  private static String items(int from, int to) {
    return items(IntStream.range(from, to).mapToObj(i -> "r" + i).toArray(String[]::new));
  }

  private static String items(String... ids) {
    return List.of(ids).stream()
        .map(id -> "{\"id\":\"" + id + "\",\"status\":\"SUCCESS\"}")
        .collect(Collectors.joining(",", "{\"count\":0,\"items\":[", "]}"));
  }
}
