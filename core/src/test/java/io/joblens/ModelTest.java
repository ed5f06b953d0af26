package io.joblens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelTest {
  private static final ProviderId PROVIDER = new ProviderId("tencent-batch");
  private static final RunRef REF = new RunRef(PROVIDER, "ap-guangzhou", List.of("g", "j", "r"));
  private static final Instant T = Instant.parse("2020-09-21T08:57:01Z");

  // ---- references

  @Test
  void referencesAreReadAsTheyAreWritten() {
    Random random = new Random(2);
    for (int i = 0; i < 5000; i++) {
      List<String> segments = new ArrayList<>();
      for (int n = random.nextInt(4); n >= 0; n--) {
        StringBuilder segment = new StringBuilder("x");
        for (int c = random.nextInt(8); c > 0; c--) {
          segment.appendCodePoint(
              switch (random.nextInt(3)) {
                case 0 -> 0x21 + random.nextInt(0x5e);
                case 1 -> 0x4e00 + random.nextInt(0x1000);
                default -> 0x1f600 + random.nextInt(50);
              });
        }
        segments.add(segment.toString());
      }
      RunRef run = new RunRef(PROVIDER, "r-" + i, segments);
      assertThat(RunRef.parse(run.toString())).isEqualTo(run);
      JobRef job = new JobRef(PROVIDER, "r-" + i, segments);
      assertThat(JobRef.parse(job.toString())).isEqualTo(job);
      assertThat(run.toString()).matches("[A-Za-z0-9:/%_.~-]+");
    }
  }

  @Test
  void aReferenceNamesItsRunAndItsJob() {
    assertThat(REF).hasToString("tencent-batch:ap-guangzhou:g/j/r");
    assertThat(REF.runId()).isEqualTo("r");
    assertThat(REF.job()).hasToString("tencent-batch:ap-guangzhou:g/j");
    assertThat(REF.job().jobId()).isEqualTo("j");
    RunRef own = new RunRef(PROVIDER, "r", List.of("x"));
    assertThat(own.job()).isEqualTo(new JobRef(PROVIDER, "r", List.of("x")));
    assertThat(new RunRef(PROVIDER, "r", List.of("a/b:c", "100%")))
        .hasToString("tencent-batch:r:a%2Fb%3Ac/100%25");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "a:b",
        "a:b:",
        ":b:c",
        "A:b:c",
        "a--b:r:c",
        "a:B:c",
        "a::c",
        "a:b@evil.com/:c",
        "a:b:c/",
        "a:b:/c",
        "a:b:c//d",
        "a:b:.",
        "a:b:c/..",
        "a:b:%2e%2e",
        "a:b:%",
        "a:b:%zz",
        "a:b:%ff",
        "a:b:%0a",
        "a:b: c",
        "a:b:c "
      })
  void whatIsNoReferenceIsRefused(String text) {
    assertThatThrownBy(() -> RunRef.parse(text)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> JobRef.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void whatIsWrongWithAReferenceIsSaid() {
    assertThatThrownBy(() -> RunRef.parse("job-7e7evk2x\u001b"))
        .hasMessage(
            "'job-7e7evk2x?' is no reference; expected provider:region:id, as the command line"
                + " prints it");
    assertThatThrownBy(() -> new RunRef(PROVIDER, "r", List.of())).hasMessage("run id is missing");
    assertThatThrownBy(() -> new JobRef(PROVIDER, "r", List.of())).hasMessage("job id is missing");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "A", "a_b", "-a", "a-", "a--b", "1a", "a b", "a:b", "a/b", "é"})
  void whatIsNoProviderIdIsRefused(String text) {
    assertThatThrownBy(() -> new ProviderId(text)).isInstanceOf(IllegalArgumentException.class);
    assertThat(new ProviderId("a1-b2").toString()).isEqualTo("a1-b2");
  }

  // ---- states

  @ParameterizedTest
  @EnumSource(JobState.class)
  void statesAreReadInAnyCase(JobState state) {
    assertThat(JobState.parse(" " + state.name().toLowerCase(java.util.Locale.ROOT) + " "))
        .isEqualTo(state);
  }

  @Test
  void anUnknownStateNamesAllStates() {
    assertThatThrownBy(() -> JobState.parse("faild\n"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("unknown state 'faild?'; expected one of QUEUED, STARTING, ")
        .hasMessageEndingWith("UNKNOWN");
  }

  // ---- queries

  @Test
  void eachBadInputOfAQueryIsNamed() {
    JobQuery.Builder query = JobQuery.builder();
    assertBad(() -> query.job(" "), "job is blank");
    assertBad(() -> query.jobs(List.of("a", "..")), "job is '..'");
    assertBad(() -> query.name(" "), "name is blank");
    assertBad(() -> query.tag("", "v"), "tag key is blank");
    assertBad(() -> query.limit(0), "limit is 0; it must be at least 1");
    assertBad(() -> query.limit(-1), "limit is -1");
    assertBad(() -> query.pageSize(0), "page size is 0");
    assertBad(() -> query.deadline(Duration.ZERO), "deadline must be more than zero");
    assertBad(() -> query.deadline(Duration.ofSeconds(-1)), "deadline must be more than zero");
    assertBad(() -> query.extra("\n", "v"), "filter name is blank");
    assertBad(() -> JobQuery.builder().since(T).until(T).build(), "since (" + T + ") must be");
    assertBad(() -> JobQuery.builder().since(T).until(T.minusSeconds(1)).build(), "since (");
  }

  private static void assertBad(Runnable attempt, String message) {
    assertThatThrownBy(attempt::run)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(message);
  }

  @Test
  void aQueryIsBuiltAgainFromItself() {
    JobQuery query =
        JobQuery.builder()
            .jobs(List.of("a", "b"))
            .runs(List.of(REF, REF))
            .states(JobState.FAILED, JobState.QUEUED)
            .problemsOnly(true)
            .name("x*")
            .tag("k", "v")
            .since(T)
            .until(T.plusSeconds(1))
            .by(TimeField.FINISHED)
            .limit(5)
            .pageSize(6)
            .deadline(Duration.ofSeconds(7))
            .extra("Priority", "1")
            .build();
    assertThat(query.toBuilder().build()).isEqualTo(query);
    assertThat(query.runs()).containsExactly(REF);
    assertThat(query.states()).containsExactly(JobState.QUEUED, JobState.FAILED);
    assertThat(JobQuery.ALL.limit()).isEqualTo(OptionalInt.empty());
    assertThat(JobQuery.ALL.toBuilder().build()).isEqualTo(JobQuery.ALL);
  }

  @Test
  void aQueryDoesNotChangeWithWhatItWasBuiltFrom() {
    List<String> jobs = new ArrayList<>(List.of("a"));
    JobQuery.Builder builder = JobQuery.builder().jobs(jobs).tag("k", "v");
    JobQuery query = builder.build();
    jobs.add("b");
    builder.tag("l", "w");
    assertThat(query.jobs()).containsExactly("a");
    assertThat(query.tags()).isEqualTo(Map.of("k", "v"));
    assertThatThrownBy(() -> query.tags().put("x", "y"))
        .isInstanceOf(UnsupportedOperationException.class);
  }

  // ---- runs

  @Test
  void aFullRowIsWrittenAsTheContractSays() {
    Map<String, String> tags = new LinkedHashMap<>();
    tags.put("z", "1");
    tags.put("a", "2");
    JobRun run =
        JobRun.builder(REF)
            .cloud("batch")
            .account("tc-prod")
            .name("nightly")
            .state(JobState.FAILED, Finality.FINISHED, "FAILED")
            .message("exit 1")
            .trigger(Trigger.SCHEDULE)
            .createdAt(T)
            .scheduledAt(T.plusSeconds(1))
            .dataAt(T.minusSeconds(86_400))
            .startedAt(T.plusSeconds(2))
            .finishedAt(T.plusMillis(166_500))
            .observedAt(T.plusSeconds(500))
            .tasks(
                TaskCounts.builder()
                    .total(3L)
                    .pending(0L)
                    .running(0L)
                    .succeeded(1L)
                    .failed(2L)
                    .build())
            .tags(tags)
            .raw(RawJson.of("{\"JobId\":\"r\",\"Priority\":1,\"空\":null}"), Set.of("JobId"))
            .note("a note")
            .note("a note")
            .build();
    assertThat(run.toJson())
        .isEqualTo(
            "{\"cloud\":\"batch\",\"account\":\"tc-prod\",\"provider\":\"tencent-batch\","
                + "\"region\":\"ap-guangzhou\",\"ref\":\"tencent-batch:ap-guangzhou:g/j/r\","
                + "\"jobId\":\"j\",\"runId\":\"r\",\"name\":\"nightly\",\"state\":\"FAILED\","
                + "\"rawState\":\"FAILED\",\"finished\":true,\"problem\":true,"
                + "\"message\":\"exit 1\",\"trigger\":\"SCHEDULE\","
                + "\"createdAt\":\"2020-09-21T08:57:01Z\",\"scheduledAt\":\"2020-09-21T08:57:02Z\","
                + "\"dataAt\":\"2020-09-20T08:57:01Z\",\"startedAt\":\"2020-09-21T08:57:03Z\","
                + "\"finishedAt\":\"2020-09-21T08:59:47.500Z\","
                + "\"observedAt\":\"2020-09-21T09:05:21Z\",\"durationMs\":164500,"
                + "\"tasks\":{\"total\":3,\"pending\":0,\"running\":0,\"succeeded\":1,\"failed\":2},"
                + "\"tags\":{\"z\":\"1\",\"a\":\"2\"},\"attributes\":{\"Priority\":1,\"空\":null},"
                + "\"notes\":[\"a note\"]}");
    assertThat(run.toBuilder().build().toJson()).isEqualTo(run.toJson());
    assertThat(run).hasToString("batch@tencent-batch:ap-guangzhou:g/j/r FAILED (FAILED)");
  }

  @Test
  void anEmptyRowLeavesOutWhatIsAbsent() {
    assertThat(JobRun.builder(REF).observedAt(T).build().toJson())
        .isEqualTo(
            "{\"cloud\":\"\",\"account\":\"\",\"provider\":\"tencent-batch\","
                + "\"region\":\"ap-guangzhou\",\"ref\":\"tencent-batch:ap-guangzhou:g/j/r\","
                + "\"jobId\":\"j\",\"runId\":\"r\",\"state\":\"UNKNOWN\",\"rawState\":\"\","
                + "\"finished\":false,\"problem\":true,\"trigger\":\"UNKNOWN\","
                + "\"observedAt\":\"2020-09-21T08:57:01Z\"}");
  }

  @Test
  void aRowIsOneLineThatReadsAsJsonWhateverIsInIt() {
    JobRun run = JobRun.builder(REF).name("\n\r\u2028\"\\\u0000空😀").message("\t").build();
    assertThat(run.toJson()).doesNotContain("\n", "\r");
    assertThat(RawJson.of(run.toJson()).fields()).containsEntry("name", "\n\r\u2028\"\\\u0000空😀");
  }

  @Test
  void aDurationNeedsBothTimesInTheirOrder() {
    assertThat(times(T, T.plusSeconds(5)).duration()).hasValue(Duration.ofSeconds(5));
    assertThat(times(T, T).duration()).hasValue(Duration.ZERO);
    assertThat(times(T, T.minusSeconds(1)).duration()).isEmpty();
    assertThat(times(null, T).duration()).isEmpty();
    assertThat(times(T, null).duration()).isEmpty();
  }

  @Test
  void theTimeARunHasTakenSoFarEndsWithItsObservation() {
    assertThat(times(T.minusSeconds(9), null).elapsed()).hasValue(Duration.ofSeconds(9));
    assertThat(times(T.plusSeconds(9), null).elapsed()).isEmpty();
    assertThat(times(null, null).elapsed()).isEmpty();
    assertThat(times(T.minusSeconds(9), T.minusSeconds(2)).elapsed())
        .hasValue(Duration.ofSeconds(7));
    JobRun ended =
        JobRun.builder(REF)
            .state(JobState.FAILED)
            .startedAt(T)
            .observedAt(T.plusSeconds(9))
            .build();
    assertThat(ended.elapsed()).isEmpty();
  }

  private static JobRun times(@Nullable Instant start, @Nullable Instant end) {
    return JobRun.builder(REF)
        .state(JobState.RUNNING)
        .startedAt(start)
        .finishedAt(end)
        .observedAt(T)
        .build();
  }

  @ParameterizedTest
  @EnumSource(JobState.class)
  void aProblemIsWhatSomebodyShouldLookAt(JobState state) {
    JobRun run = JobRun.builder(REF).state(state).build();
    assertThat(run.isProblem())
        .isEqualTo(
            Set.of(JobState.FAILED, JobState.REJECTED, JobState.CANCELLED, JobState.UNKNOWN)
                .contains(state));
    boolean ended =
        Set.of(
                JobState.SUCCEEDED,
                JobState.FAILED,
                JobState.CANCELLED,
                JobState.REJECTED,
                JobState.SKIPPED)
            .contains(state);
    assertThat(run.isFinished()).isEqualTo(ended);
    assertThat(run.rawState()).isEqualTo(state.name());
  }

  @Test
  void aSuccessWithFailedTasksIsAProblem() {
    JobRun.Builder run = JobRun.builder(REF).state(JobState.SUCCEEDED);
    assertThat(run.tasks(TaskCounts.builder().failed(0L).build()).build().isProblem()).isFalse();
    assertThat(run.tasks(TaskCounts.builder().failed(1L).build()).build().isProblem()).isTrue();
    assertThat(
            JobRun.builder(REF)
                .state(JobState.RUNNING)
                .tasks(TaskCounts.builder().failed(1L).build())
                .build()
                .isProblem())
        .isFalse();
  }

  @Test
  void anUnsettledStateWithAnEndTimeIsFinishedAndContradictionsAreNoted() {
    JobRun killed =
        JobRun.builder(REF)
            .state(JobState.CANCELLED, Finality.UNSETTLED, "6")
            .finishedAt(T)
            .build();
    assertThat(killed.isFinished()).isTrue();
    assertThat(killed.notes()).isEmpty();
    JobRun running = JobRun.builder(REF).state(JobState.RUNNING).finishedAt(T).build();
    assertThat(running.isFinished()).isFalse();
    assertThat(running.notes()).containsExactly("has an end time but a state that goes on");
    assertThat(times(T, T.minusSeconds(1)).notes()).contains("ends before it starts");
    assertThat(
            JobRun.builder(REF)
                .tasks(TaskCounts.builder().total(10L).succeeded(5L).failed(4L).running(4L).build())
                .build()
                .notes())
        .containsExactly("task counts exceed total");
  }

  @Test
  void aRunDoesNotChangeWithWhatItWasBuiltFrom() {
    Map<String, @Nullable Object> attributes = new HashMap<>();
    attributes.put("a", 1);
    Map<String, String> tags = new HashMap<>(Map.of("t", "1"));
    JobRun.Builder builder = JobRun.builder(REF).attributes(attributes).tags(tags).note("n");
    JobRun run = builder.build();
    attributes.put("b", 2);
    tags.put("u", "2");
    builder.note("m").name("later");
    assertThat(run.attributes()).isEqualTo(Map.of("a", 1));
    assertThat(run.tags()).isEqualTo(Map.of("t", "1"));
    assertThat(run.notes()).containsExactly("n");
    assertThat(run.name()).isEmpty();
    assertThatThrownBy(() -> run.attributes().put("x", 1))
        .isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> run.tags().put("x", "1"))
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void aNameIsOnlyReplacedWhenThereIsNone() {
    assertThat(JobRun.builder(REF).name("a").nameIfAbsent("b").build().name()).hasValue("a");
    assertThat(JobRun.builder(REF).nameIfAbsent("b").build().name()).hasValue("b");
    assertThat(JobRun.builder(REF).nameIfAbsent(null).build().name()).isEmpty();
  }

  // ---- the rest

  @Test
  void countsThatAreNotGivenAreAbsent() {
    assertThat(TaskCounts.NONE.isEmpty()).isTrue();
    TaskCounts counts = TaskCounts.builder().total(0L).failed(null).build();
    assertThat(counts.isEmpty()).isFalse();
    assertThat(counts.total()).hasValue(0);
    assertThat(counts.failed()).isEmpty();
    assertThat(counts).hasToString("{total=0}").isEqualTo(TaskCounts.builder().total(0L).build());
    assertThat(counts.hashCode()).isEqualTo(TaskCounts.builder().total(0L).build().hashCode());
    assertThat(counts).isNotEqualTo(TaskCounts.NONE);
  }

  @Test
  void coverageIsCompleteOnlyWhenAllIs() {
    Coverage.Source done =
        new Coverage.Source("c", "s", 2, true, Optional.empty(), Optional.empty(), List.of("n"));
    Coverage.Source failed =
        new Coverage.Source(
            "d",
            "",
            0,
            false,
            Optional.of(new ConfigException("no").at("d", PROVIDER, null, 0)),
            Optional.of(new PageToken("tok")),
            List.of());
    assertThat(new Coverage(List.of()).isComplete()).as("nothing was begun").isFalse();
    assertThat(new Coverage(List.of(done)).isComplete()).isTrue();
    assertThat(new Coverage(List.of(done, failed)).isComplete()).isFalse();
    assertThat(done.toJson())
        .isEqualTo(
            "{\"cloud\":\"c\",\"scope\":\"s\",\"rows\":2,\"complete\":true,\"notes\":[\"n\"]}");
    assertThat(new Coverage(List.of(failed)).toJson())
        .isEqualTo(
            "[{\"cloud\":\"d\",\"rows\":0,\"complete\":false,"
                + "\"error\":\"d (tencent-batch): no\",\"resumeToken\":\"tok\"}]");
  }

  @Test
  void aDriftReportIsWrittenWhenSomethingMoved() {
    Drift drift = new Drift(1, 2, false, true).plus(new Drift(2, 0, true, false)).plus(Drift.NONE);
    assertThat(drift).isEqualTo(new Drift(3, 2, true, true));
    assertThat(drift.toJson())
        .isEqualTo("{\"stepsBack\":3,\"overtaken\":2,\"mayMiss\":true,\"mayRepeat\":true}");
    Coverage.Source source =
        new Coverage.Source(
            "c", "s", 2, false, Optional.empty(), Optional.empty(), List.of(), 2, Map.of(), drift);
    assertThat(source.toJson()).endsWith("\"complete\":false,\"drift\":" + drift.toJson() + "}");
    assertThat(JobPage.builder().build().drift()).isEqualTo(Drift.NONE);
  }

  @Test
  void aTotalSaysWhetherItIsExact() {
    assertThat(new Total(3, true)).hasToString("3");
    assertThat(new Total(3, false)).hasToString("at least 3");
    assertThat(JobPage.builder().build().total()).isEqualTo(new Total(0, true));
    assertThat(JobPage.builder().nextPageToken(new PageToken("x")).build().total())
        .isEqualTo(new Total(0, false));
  }

  @Test
  void anExceptionKeepsTheFirstWordOnWhereItHappened() {
    JobException problem = new ConfigException("wrong");
    assertThat(problem).hasMessage("wrong");
    assertThat(problem.cloud()).isEmpty();
    problem.at("a", PROVIDER, "Get", 2).at("b", PROVIDER, "List", 3);
    assertThat(problem).hasMessage("a (tencent-batch) Get: wrong");
    assertThat(problem.attempts()).isEqualTo(2);
    assertThat(problem.detail()).isEqualTo("wrong");
    assertThat(
            problem.resumableAt(new PageToken("1")).resumableAt(new PageToken("2")).resumeToken())
        .hasValue(new PageToken("1"));
    assertThat(new ConfigException("x").at("tencent-batch", PROVIDER, null, 0))
        .hasMessage("tencent-batch: x");
  }

  @Test
  void timeoutsMustBeMoreThanZero() {
    Duration one = Duration.ofSeconds(1);
    for (List<Duration> bad :
        Stream.of(Duration.ZERO, Duration.ofSeconds(-1))
            .flatMap(
                none ->
                    Stream.of(
                        List.of(none, one, one), List.of(one, none, one), List.of(one, one, none)))
            .toList()) {
      assertThatThrownBy(() -> new Timeouts(bad.get(0), bad.get(1), bad.get(2)))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void aRawRequestIsCheckedAsItIsBuilt() {
    assertBad(() -> RawRequest.action(" "), "action is blank");
    assertBad(() -> RawRequest.action("a").method("DELETE"), "method must be GET or POST");
    assertBad(() -> RawRequest.action("a").path("x"), "path must begin with a slash");
    RawRequest request =
        RawRequest.action("a")
            .method("GET")
            .path("/x")
            .region("r")
            .query("k", "v")
            .json("{}")
            .build();
    assertThat(request.isRepeatable()).isFalse();
    assertThat(Arrays.asList(request.method(), request.path(), request.region(), request.json()))
        .containsExactly(
            Optional.of("GET"), Optional.of("/x"), Optional.of("r"), Optional.of("{}"));
    assertThat(request.query()).isEqualTo(Map.of("k", "v"));
  }

  @Test
  void aJobIsWrittenWithoutWhatIsAbsent() {
    JobRef ref = REF.job();
    assertThat(Job.builder(ref).build().toJson())
        .isEqualTo(
            "{\"cloud\":\"\",\"account\":\"\",\"provider\":\"tencent-batch\","
                + "\"region\":\"ap-guangzhou\",\"ref\":\"tencent-batch:ap-guangzhou:g/j\","
                + "\"jobId\":\"j\"}");
    Job job =
        Job.builder(ref)
            .cloud("c")
            .name("n")
            .enabled(false)
            .timeout(Duration.ofSeconds(3))
            .retries(0)
            .lastState(JobState.FAILED)
            .labels(Map.of("a", "b"))
            .raw(RawJson.of("{\"x\":1,\"y\":2}"), Set.of("x"))
            .build();
    assertThat(job.toJson())
        .contains("\"enabled\":false,\"timeoutMs\":3000,\"retries\":0")
        .endsWith("\"labels\":{\"a\":\"b\"},\"lastState\":\"FAILED\",\"attributes\":{\"y\":2}}");
    assertThat(job).hasToString("c@tencent-batch:ap-guangzhou:g/j n");
  }
}
