package io.joblens.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import io.joblens.CheckUp;
import io.joblens.Coverage;
import io.joblens.Filter;
import io.joblens.FoundJobs;
import io.joblens.Job;
import io.joblens.JobClient;
import io.joblens.JobDataException;
import io.joblens.JobException;
import io.joblens.JobPage;
import io.joblens.JobQuery;
import io.joblens.JobRef;
import io.joblens.JobRun;
import io.joblens.JobServiceException;
import io.joblens.JobState;
import io.joblens.QueryPlan;
import io.joblens.RunDetail;
import io.joblens.RunListing;
import io.joblens.RunRef;
import io.joblens.TaskDetail;
import io.joblens.Timeouts;
import io.joblens.Total;
import io.joblens.UnsupportedQueryException;
import io.joblens.spi.Call;
import io.joblens.spi.Credentials;
import io.joblens.spi.CredentialsProvider;
import io.joblens.spi.Endpoint;
import io.joblens.spi.JobProvider;
import io.joblens.spi.Jobs;
import io.joblens.spi.Probe;
import io.joblens.spi.Rate;
import io.joblens.spi.Scope;
import io.joblens.spi.Scopes;
import io.joblens.spi.ServiceError;
import io.joblens.spi.Step;
import io.joblens.spi.TransportFailure;
import io.joblens.spi.WireRequest;
import io.joblens.spi.WireResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Discovery, names, plans, job lists, reasons and check-ups, as far as core makes them. */
class OperatorsQuestionsTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final RunRef REF = new RunRef(StubProvider.ID, "r1", List.of("a", "r0"));

  /** A provider that finds its jobs by asking, two a page. */
  private static class Discovering extends StubProvider {
    final List<String> jobs = new ArrayList<>();
    final List<Scopes.Skipped> skipped = new ArrayList<>();
    final List<String> named = new ArrayList<>();
    String naming = "name of ";
    String deleted = "";
    String stateless = "";
    String group = "";
    boolean namesAreFound;
    boolean isGetKnown = true;
    boolean regionsComeOneByOne;

    WireRequest request(String path, String after) {
      return WireRequest.get(endpoint).path(path).query("after", after).build();
    }

    @Override
    public Step<Scopes> scopes(JobQuery query, Optional<String> after) {
      int from = Integer.parseInt(after.orElse("0"));
      int to = Math.min(jobs.size(), from + 2);
      return Step.ask(
          read("ListJobs", request("/jobs", "" + from)),
          response ->
              Step.done(
                  new Scopes(
                      jobs.subList(from, to).stream().map(Discovering::scope).toList(),
                      to < jobs.size() ? Optional.of("" + to) : Optional.empty(),
                      namesAreFound ? names() : Map.of(),
                      from == 0 ? skipped : List.of())));
    }

    private Map<JobRef, String> names() {
      Map<JobRef, String> names = new LinkedHashMap<>();
      jobs.forEach(id -> names.put(ref(id), "name of " + id));
      return names;
    }

    @Override
    public OptionalLong callsToGet(List<RunRef> refs) {
      return isGetKnown ? OptionalLong.of(1) : OptionalLong.empty();
    }

    private static Scope scope(String job) {
      return new Scope("r1", List.of(job), "");
    }

    private static JobRef ref(String job) {
      return new JobRef(ID, "r1", List.of(job));
    }

    @Override
    public Step<Scopes> jobScopes(JobQuery query, Optional<String> after) {
      List<Scope> regions = List.of(new Scope("r1", List.of(), ""), new Scope("r2", List.of(), ""));
      if (regionsComeOneByOne) {
        return Step.done(
            after.isEmpty()
                ? new Scopes(regions.subList(0, 1), Optional.of("2"))
                : new Scopes(regions.subList(1, 2), Optional.empty()));
      }
      return Step.done(new Scopes(regions, Optional.empty(), Map.of(), skipped));
    }

    @Override
    public Step<Jobs> jobs(Scope scope, JobQuery query, Optional<String> after) {
      int from = Integer.parseInt(after.orElse("0"));
      int to = Math.min(jobs.size(), from + 2);
      return Step.ask(
          read("ListJobs", request("/jobs-of-" + scope.region(), "" + from)),
          response ->
              Step.done(
                  new Jobs(
                      jobs.subList(from, to).stream()
                          .filter(id -> !id.equals(deleted))
                          .map(
                              id ->
                                  Job.builder(ref(id))
                                      .name(naming + id)
                                      .labels(Map.of("env", id))
                                      .lastState(id.equals(stateless) ? null : JobState.FAILED))
                          .toList(),
                      to < jobs.size() ? Optional.of("" + to) : Optional.empty())));
    }

    @Override
    public Optional<Scope> jobScope(Scope scope) {
      return Optional.of(new Scope(scope.region(), List.of(), ""));
    }

    @Override
    public Optional<Scope> listedByJob(Scope scope) {
      return scope.path().contains(group) ? jobScope(scope) : Optional.empty();
    }

    @Override
    public Step<RunDetail.Builder> diagnose(RunRef ref) {
      return Step.ask(
          read("WhyRun", request("/why", ref.runId())),
          response ->
              Step.done(
                  RunDetail.builder(JobRun.builder(ref).state(JobState.FAILED))
                      .reason("out of memory")
                      .task(TaskDetail.builder("t1", JobState.SUCCEEDED, "OK").build())
                      .task(TaskDetail.builder("t2", JobState.FAILED, "BAD").exitCode(137).build())
                      .note("stopped after 2 tasks")));
    }

    @Override
    public List<Probe> probes() {
      return List.of(
          new Probe("r1", read("ListJobs", request("/jobs", "")), true),
          Probe.of("r1", read("ListRuns", request("/runs-probe", ""))),
          Probe.of("r1", read("GetRun", request("/run-probe", ""))));
    }

    @Override
    public boolean isFound(Scope scope) {
      return scope.path().isEmpty() || !named.contains(scope.path().get(0));
    }

    @Override
    public List<String> hintsWhenEmpty() {
      return List.of("check the region");
    }
  }

  private final Discovering provider = new Discovering();
  private final StubCloud cloud = new StubCloud();
  private final StubTransport transport = cloud.transport();
  private final JobClient client = StubBuilder.of(provider, transport).build();

  private void jobs(String... ids) {
    for (String id : ids) {
      provider.jobs.add(id);
      cloud.with(id, StubCloud.rows(id + "-", 3, "OK"));
    }
  }

  private List<String> sent() {
    return transport.requests.stream()
        .map(request -> String.join("/", request.segments()))
        .toList();
  }

  private static List<String> ids(Iterable<JobRun> runs) {
    List<String> ids = new ArrayList<>();
    runs.forEach(run -> ids.add(run.ref().runId()));
    return ids;
  }

  // ---- discovery

  @Test
  void everythingThatIsDiscoveredIsListedOnce() {
    jobs("a", "b", "c");
    assertThat(ids(client.listAllRuns(JobQuery.ALL)))
        .containsExactly("a-0", "a-1", "a-2", "b-0", "b-1", "b-2", "c-0", "c-1", "c-2");
    assertThat(sent()).containsExactly("jobs", "runs", "runs", "jobs", "runs");
  }

  @Test
  void aJobThatWasDeletedMeanwhileEndsNoListingAndIsTold() {
    jobs("a", "b", "c");
    cloud.errors.put(2, StubTransport.response(404, "NOT_FOUND:no such job"));
    RunListing listing = client.listAllRuns(JobQuery.ALL);
    assertThat(ids(listing)).containsExactly("a-0", "a-1", "a-2", "c-0", "c-1", "c-2");
    Coverage coverage = listing.coverage();
    assertThat(coverage.isComplete()).isFalse();
    Coverage.Source lost = coverage.sources().get(1);
    assertThat(lost.scope()).isEqualTo("r1:b");
    assertThat(lost.error()).containsInstanceOf(JobServiceException.class);
    assertThat(lost.toJson()).contains("no such job");
  }

  @Test
  void aPageSaysWhatWasNotListed() {
    jobs("a", "b");
    cloud.errors.put(1, StubTransport.response(403, "ACCESS_DENIED:not yours"));
    JobPage first = client.listRuns(JobQuery.ALL);
    assertThat(first.runs()).isEmpty();
    assertThat(first.notes())
        .singleElement()
        .asString()
        .contains("not listed: ", "r1:a cannot be read: not yours");
    JobPage second = client.listRuns(JobQuery.ALL, first.nextPageToken().orElseThrow());
    assertThat(ids(second.runs())).containsExactly("b-0", "b-1", "b-2");
    assertThat(second.total().exact()).isFalse();
  }

  @Test
  void aListingMayEndWithAJobThatCannotBeRead() {
    jobs("a", "b");
    cloud.errors.put(2, StubTransport.response(403, "ACCESS_DENIED:not yours"));
    RunListing listing = client.listAllRuns(JobQuery.ALL);
    List<JobPage> pages = new ArrayList<>();
    listing.byPage().forEach(pages::add);
    assertThat(pages).hasSize(2);
    assertThat(ids(pages.get(0).runs())).containsExactly("a-0", "a-1", "a-2");
    assertThat(pages.get(1).nextPageToken()).isEmpty();
    assertThat(pages.get(1).total().exact()).isFalse();
  }

  /** What was read of one job must not be taken for what another one has. */
  @Test
  void theSameIdsInTheJobAfterOneThatCannotBeReadAreOtherRuns() {
    jobs("a", "b", "c");
    cloud.with("a", StubCloud.rows(12)).with("c", StubCloud.rows(12));
    cloud.errors.put(3, StubTransport.response(403, "ACCESS_DENIED:not yours"));
    assertThat(ids(client.listAllRuns(JobQuery.ALL))).hasSize(24);
  }

  @Test
  void whenNothingCanBeReadTheLastErrorIsTheAnswer() {
    jobs("a", "b");
    cloud.errors.put(1, StubTransport.response(403, "ACCESS_DENIED:not yours"));
    cloud.errors.put(2, StubTransport.response(403, "ACCESS_DENIED:not yours"));
    assertThatThrownBy(() -> ids(client.listAllRuns(JobQuery.ALL)))
        .isInstanceOf(JobServiceException.class)
        .hasMessageContaining("not yours");
  }

  @Test
  void theOnlyJobThatWasFoundMayBeGoneWhenItIsListed() {
    jobs("a");
    cloud.errors.put(1, StubTransport.response(404, "NOT_FOUND:no such job"));
    RunListing listing = client.listAllRuns(JobQuery.ALL);
    assertThat(ids(listing)).isEmpty();
    assertThat(listing.coverage().isComplete()).isFalse();
    assertThat(listing.coverage().sources())
        .filteredOn(source -> source.error().isPresent())
        .singleElement()
        .satisfies(source -> assertThat(source.scope()).isEqualTo("r1:a"));
  }

  @Test
  void theOnlyJobThatSomebodyNamedMustBeThere() {
    jobs("a");
    cloud.errors.put(1, StubTransport.response(404, "NOT_FOUND:no such job"));
    assertThatThrownBy(() -> ids(client.listAllRuns(JobQuery.builder().job("a").build())))
        .hasMessageContaining("no such job");
    provider.named.add("a");
    cloud.errors.put(2, StubTransport.response(404, "NOT_FOUND:no such job"));
    assertThatThrownBy(() -> ids(client.listAllRuns(JobQuery.ALL)))
        .hasMessageContaining("no such job");
  }

  @Test
  void otherErrorsEndTheListing() {
    jobs("a", "b");
    cloud.errors.put(1, StubTransport.response(400, "INVALID_REQUEST"));
    assertThatThrownBy(() -> ids(client.listAllRuns(JobQuery.ALL)))
        .hasMessageContaining("INVALID_REQUEST");
  }

  @Test
  void whatDiscoveryHadToLeaveOutMakesTheListingIncomplete() {
    jobs("a");
    provider.skipped.add(
        new Scopes.Skipped(
            new Scope("r1", List.of("closed"), ""),
            StubProvider.serviceError("ACCESS_DENIED:not yours", 403)));
    RunListing listing = client.listAllRuns(JobQuery.ALL);
    assertThat(ids(listing)).hasSize(3);
    assertThat(listing.coverage().isComplete()).isFalse();
    assertThat(listing.coverage().sources())
        .extracting(Coverage.Source::scope)
        .contains("r1:closed");
  }

  @Test
  void nothingToListIsAnEmptyPageWithTheVendorsHints() {
    JobPage page = client.listRuns(JobQuery.ALL);
    assertThat(page.runs()).isEmpty();
    assertThat(page.nextPageToken()).isEmpty();
    assertThat(page.notes()).containsExactly("check the region");
    RunListing listing = client.listAllRuns(JobQuery.ALL);
    assertThat(ids(listing)).isEmpty();
    assertThat(listing.coverage().sources().get(0).notes()).containsExactly("check the region");
  }

  @Test
  void hintsAreForListingsThatReadNothingNotForThoseThatMatchNothing() {
    jobs("a");
    JobPage page = client.listRuns(JobQuery.builder().states(JobState.FAILED).build());
    assertThat(page.runs()).isEmpty();
    assertThat(page.notes()).isEmpty();
  }

  @Test
  void hintsAreNotForTheEmptyLastPageOfAListingThatIsReadByTokens() {
    jobs("a");
    cloud.with("a", StubCloud.rows(10));
    JobPage first = client.listRuns(JobQuery.ALL);
    assertThat(first.runs()).hasSize(10);
    JobPage last = client.listRuns(JobQuery.ALL, first.nextPageToken().orElseThrow());
    assertThat(last.runs()).isEmpty();
    assertThat(last.total()).isEqualTo(new Total(10, true));
    assertThat(last.notes()).isEmpty();
  }

  @Test
  void coverageTellsWhatDroppedTheRunsThatWereRead() {
    jobs("a");
    RunListing listing =
        client.listAllRuns(
            JobQuery.builder()
                .states(JobState.SUCCEEDED)
                .since(Instant.parse("2030-01-01T00:00:00Z"))
                .build());
    assertThat(ids(listing)).isEmpty();
    Coverage.Source source = listing.coverage().sources().get(0);
    assertThat(source.read()).isEqualTo(3);
    assertThat(source.dropped()).containsExactly(Map.entry(Filter.CREATED, 3L));
    assertThat(source.toJson()).contains("\"read\":3,\"dropped\":{\"CREATED\":3}");
  }

  // ---- names

  @Test
  void namesAreLookedUpOnlyWhenAskedForAndOnce() {
    jobs("a", "b", "c");
    assertThat(client.listRuns(JobQuery.ALL).runs().get(0).name()).isEmpty();
    transport.requests.clear();

    JobQuery named = JobQuery.builder().resolveNames(true).build();
    for (int i = 0; i < 2; i++) {
      assertThat(client.listAllRuns(named).stream().map(run -> run.name().orElse("")).distinct())
          .containsExactly("name of a", "name of b", "name of c");
    }
    assertThat(sent()).filteredOn("jobs-of-r1"::equals).hasSize(2);
  }

  @Test
  void afterTenMinutesNamesAreReadAgain() {
    TestTime time = TestTime.standing();
    JobClient standing = StubBuilder.of(provider, transport).time(time).build();
    jobs("a");
    JobQuery named = JobQuery.builder().resolveNames(true).build();
    standing.listRuns(named);
    jobs("b");
    time.advance(Duration.ofMinutes(10));
    assertThat(standing.listAllRuns(named).stream().map(run -> run.name().orElse("")).distinct())
        .containsExactly("name of a", "name of b");
  }

  @Test
  void aFilterByNameFindsAJobThatHasComeSinceNamesWereRead() {
    jobs("a");
    JobQuery query = JobQuery.builder().name("name of b").build();
    assertThat(ids(client.listAllRuns(query))).isEmpty();
    jobs("a", "b");
    assertThat(ids(client.listAllRuns(query))).containsExactly("b-0", "b-1", "b-2");
    transport.requests.clear();
    ids(client.listAllRuns(query));
    assertThat(sent()).as("all are known").doesNotContain("jobs-of-r1");
  }

  @Test
  void aJobThatIsInNoListIsLookedForOnce() {
    jobs("a", "b");
    provider.deleted = "b";
    JobQuery query = JobQuery.builder().name("x*").build();
    ids(client.listAllRuns(query));
    transport.requests.clear();
    ids(client.listAllRuns(query));
    assertThat(sent()).doesNotContain("jobs-of-r1");
  }

  @Test
  void afterTenMinutesARenamedJobHasItsNewName() {
    TestTime time = TestTime.standing();
    JobClient standing = StubBuilder.of(provider, transport).time(time).build();
    jobs("a");
    JobQuery named = JobQuery.builder().resolveNames(true).build();
    standing.listRuns(named);
    provider.naming = "new name of ";
    assertThat(standing.listRuns(named).runs().get(0).name()).contains("name of a");
    time.advance(Duration.ofMinutes(10));
    assertThat(standing.plan(named).expectedCalls()).isEqualTo(3);
    assertThat(standing.listRuns(named).runs().get(0).name()).contains("new name of a");
  }

  @Test
  void namesMetOnTheWayCostNothing() {
    jobs("a", "b");
    provider.namesAreFound = true;
    assertThat(client.listAllRuns(JobQuery.builder().resolveNames(true).build()).stream())
        .allMatch(run -> run.name().isPresent());
    assertThat(sent()).containsExactly("jobs", "runs", "runs");
  }

  @Test
  void aliasesMakeALookUpNeedless() {
    jobs("a", "b");
    JobClient named =
        StubBuilder.of(provider, transport).aliases(Map.of("a", "mine", "b", "yours")).build();
    JobQuery query = JobQuery.builder().resolveNames(true).build();
    assertThat(named.plan(query).leastCalls()).isEqualTo(3);
    transport.requests.clear();
    assertThat(named.listAllRuns(query).stream().map(run -> run.name().orElse("")).distinct())
        .containsExactly("mine", "yours");
    assertThat(sent()).containsExactly("jobs", "runs", "runs");
  }

  @Test
  void namesThatAVendorFailsToGiveAreMissingWithANoteUntilItDoes() {
    jobs("a");
    AtomicBoolean broken = new AtomicBoolean(true);
    JobClient refused =
        StubBuilder.of(
                provider,
                new StubTransport(
                    request ->
                        broken.get() && request.segments().get(0).startsWith("jobs-of")
                            ? StubTransport.response(502, "UNAVAILABLE:bad gateway")
                            : cloud.answer(request)))
            .time(TestTime.jumping())
            .build();
    JobQuery query = JobQuery.builder().resolveNames(true).build();
    JobPage page = refused.listRuns(query);
    assertThat(page.runs()).hasSize(3).allMatch(run -> run.name().isEmpty());
    assertThat(page.notes()).singleElement().asString().contains("names of jobs", "UNAVAILABLE");
    assertThatThrownBy(() -> refused.listRuns(JobQuery.builder().name("x*").build()))
        .isInstanceOf(JobServiceException.class);
    broken.set(false);
    assertThat(refused.listRuns(query).runs()).allMatch(run -> run.name().isPresent());
  }

  @Test
  void aFilterByNameLooksNamesUp() {
    jobs("a", "b");
    assertThat(ids(client.listAllRuns(JobQuery.builder().name("name of b").build())))
        .containsExactly("b-0", "b-1", "b-2");
  }

  @Test
  void namesThatMayNotBeReadAreMissingWithANote() {
    jobs("a");
    JobClient refused =
        StubBuilder.of(
                provider,
                new StubTransport(
                    request ->
                        request.segments().get(0).startsWith("jobs-of")
                            ? StubTransport.response(403, "ACCESS_DENIED:no list")
                            : cloud.answer(request)))
            .build();
    JobPage page = refused.listRuns(JobQuery.builder().resolveNames(true).build());
    assertThat(page.runs()).hasSize(3);
    assertThat(page.notes()).singleElement().asString().contains("names of jobs");
    assertThatThrownBy(() -> refused.listRuns(JobQuery.builder().name("x*").build()))
        .isInstanceOf(JobServiceException.class);
  }

  // ---- plans

  @Test
  void aPlanMakesOnlyTheCallsOfDiscoveryAndTheQueryThenMakesWhatItSaid() {
    jobs("a", "b", "c");
    provider.rate = Rate.perMinute(60);
    JobQuery query = JobQuery.builder().states(JobState.FAILED).resolveNames(true).build();
    QueryPlan plan = client.plan(query);
    assertThat(sent()).containsExactly("jobs", "jobs");
    assertThat(plan.scopes()).containsExactly("r1:a", "r1:b", "r1:c");
    assertThat(plan.discovery()).isEqualTo(2);
    assertThat(plan.local()).containsExactly(Filter.STATE);
    assertThat(plan.pushed()).isEmpty();
    assertThat(plan.leastCalls()).isEqualTo(5);
    assertThat(plan.expectedCalls()).isEqualTo(6);
    assertThat(plan.mostCalls()).isEmpty();
    assertThat(plan.atQuota()).isEqualTo(Duration.ofMillis(5 * 1030));
    assertThat(plan.toJson())
        .contains("\"leastCalls\":5", "\"expectedCalls\":6", "\"secondsAtQuota\":5.15");

    transport.requests.clear();
    ids(client.listAllRuns(query));
    // one more: the second page of names
    assertThat(sent()).hasSize(7);
  }

  @Test
  void aPlanSaysWhatCannotBeLookedInto() {
    jobs("a", "b");
    provider.skipped.add(
        new Scopes.Skipped(
            new Scope("r9", List.of(), ""),
            StubProvider.serviceError("ACCESS_DENIED:not yours", 403)));
    assertThat(client.plan(JobQuery.ALL).notes())
        .singleElement()
        .asString()
        .contains("not listed: ", "r9 cannot be read: not yours");
  }

  @Test
  void aPlanIsNotBelowWhatEmptyScopesAndALimitTake() {
    jobs("a", "b", "c");
    provider.jobs.add("empty");
    cloud.with("empty", List.of());
    QueryPlan named = client.plan(JobQuery.builder().resolveNames(true).job("x").build());
    QueryPlan limited = client.plan(JobQuery.builder().limit(1).build());
    assertThat(named.leastCalls()).isEqualTo(6);
    assertThat(limited.leastCalls()).isEqualTo(2);
    assertThat(limited.expectedCalls()).isEqualTo(6);
    transport.requests.clear();
    assertThat(ids(client.listAllRuns(JobQuery.builder().limit(1).build()))).hasSize(1);
    assertThat(sent()).hasSize(2);
  }

  @Test
  void aPlanForRunsByIdIsAMinimumWhereNobodyKnowsMore() {
    provider.isGetKnown = false;
    List<RunRef> refs = List.of(REF, new RunRef(StubProvider.ID, "r1", List.of("a", "r1")));
    QueryPlan plan = client.plan(JobQuery.builder().runs(refs).build());
    assertThat(plan.leastCalls()).isEqualTo(1);
    assertThat(plan.mostCalls()).isEmpty();
  }

  @Test
  void aPlanForRunsByIdIsExact() {
    List<RunRef> refs = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      refs.add(new RunRef(StubProvider.ID, "r1", List.of("a", "r" + i)));
    }
    QueryPlan plan = client.plan(JobQuery.builder().runs(refs).build());
    assertThat(plan.leastCalls()).isEqualTo(3);
    assertThat(plan.mostCalls()).hasValue(3);
    assertThat(sent()).isEmpty();
  }

  @Test
  void aPlanForAStateThatIsNeverReportedCostsNothing() {
    QueryPlan plan = client.plan(JobQuery.builder().states(JobState.SKIPPED).build());
    assertThat(plan.leastCalls()).isZero();
    assertThat(plan.notes()).singleElement().asString().contains("never reports");
    assertThat(sent()).isEmpty();
  }

  @Test
  void aPlanForAQueryThatCannotBeAnsweredIsRefused() {
    assertThatThrownBy(() -> client.plan(JobQuery.builder().extra("Nope", "1").build()))
        .isInstanceOf(UnsupportedQueryException.class);
    assertThat(sent()).isEmpty();
  }

  @Test
  void aPlanForRunsByIdWithALimitIsAtLeastTheFirstAnswer() {
    List<RunRef> refs = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      refs.add(new RunRef(StubProvider.ID, "r1", List.of("a", "r" + i)));
    }
    QueryPlan plan = client.plan(JobQuery.builder().runs(refs).limit(3).build());
    assertThat(plan.leastCalls()).isEqualTo(1);
    assertThat(plan.expectedCalls()).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 9, 10, 11, 19, 20, 21, 55, 100})
  void aPlanKnowsWhatTheLongestListsTake(int longest) {
    StubProvider bounded =
        new StubProvider() {
          @Override
          public OptionalLong mostRuns(Scope scope, JobQuery query) {
            return OptionalLong.of(longest);
          }
        };
    bounded.scopes = List.of(new Scope("r1", List.of("a"), ""), new Scope("r2", List.of("b"), ""));
    cloud.with("a", StubCloud.rows("a", longest, "OK"));
    cloud.with("b", StubCloud.rows("b", longest, "OK"));
    JobClient knowing = StubBuilder.of(bounded, cloud).build();
    long planned = knowing.plan(JobQuery.ALL).mostCalls().orElseThrow();

    cloud.total = null;
    assertThat(ids(knowing.listAllRuns(JobQuery.ALL))).hasSize(2 * longest);
    assertThat((long) cloud.asked.size()).isBetween(planned - 2, planned);
  }

  @Test
  void aPlanKnowsNoMostWhereAListMayBeReadJobByJob() {
    Scope group = new Scope("r1", List.of("a"), "");
    StubProvider cut =
        new StubProvider() {
          @Override
          public OptionalLong mostRuns(Scope scope, JobQuery query) {
            return OptionalLong.of(10);
          }

          @Override
          public Optional<Scope> listedByJob(Scope scope) {
            return Optional.of(scope).filter(group::equals);
          }
        };
    cut.scopes = List.of(group, new Scope("r2", List.of("b"), ""));
    QueryPlan plan = StubBuilder.of(cut, cloud).build().plan(JobQuery.ALL);

    assertThat(plan.leastCalls()).isEqualTo(2);
    assertThat(plan.mostCalls()).isEmpty();
    assertThat(plan.notes())
        .containsExactly(
            "a list that looks cut is read again job by job, which takes one request or more for"
                + " each of its jobs; that may happen to 1 of 2 lists");
  }

  @Test
  void aPlanTellsHowManyJobsAListMayBeReadByOnceTheirNamesAreKnown() {
    jobs("a", "b", "c");
    provider.group = "b";
    JobQuery named = JobQuery.builder().resolveNames(true).build();
    assertThat(client.plan(named).notes())
        .singleElement(STRING)
        .endsWith("that may happen to 1 of 3 lists");
    assertThat(client.listAllRuns(named).stream()).hasSize(9);
    assertThat(client.plan(named).notes())
        .singleElement(STRING)
        .endsWith("that may happen to 1 of 3 lists with 3 jobs");
  }

  @Test
  void aPlanCountsNoLookUpOfNamesThatAreFoundWithTheJobs() {
    jobs("a", "b", "c");
    provider.namesAreFound = true;
    QueryPlan plan = client.plan(JobQuery.builder().resolveNames(true).build());
    assertThat(plan.expectedCalls()).isEqualTo(plan.discovery() + 3);
  }

  @Test
  void aPlanSaysWhatCannotBeLookedIntoWhereverItIsFound() {
    jobs("a", "b", "c");
    provider.skipped.add(
        new Scopes.Skipped(
            new Scope("r9", List.of(), ""),
            StubProvider.serviceError("ACCESS_DENIED:not yours", 403)));
    QueryPlan plan = client.plan(JobQuery.ALL);
    assertThat(plan.discovery()).as("found with the first of two requests").isEqualTo(2);
    assertThat(plan.notes()).singleElement(STRING).contains("r9 cannot be read: not yours");
  }

  // ---- job lists

  @Test
  void aListOfDefinitionsSaysWhatItLeavesOutAndThatItsLimitIsReached() {
    jobs("a", "b", "c");
    provider.stateless = "b";
    FoundJobs failed = client.listJobs(JobQuery.builder().states(JobState.FAILED).build());
    assertThat(failed.jobs())
        .extracting(job -> job.ref().jobId())
        .containsExactly("a", "c", "a", "c");
    assertThat(failed.read()).isEqualTo(6);
    assertThat(failed.notes())
        .containsExactly("2 jobs are left out, because the vendor does not tell their last state");
    assertThat(client.listJobs(JobQuery.ALL).notes()).isEmpty();

    String reached = "the limit is reached; there may be more jobs";
    assertThat(client.listJobs(JobQuery.builder().limit(5).build()).notes())
        .containsExactly(reached);
    assertThat(client.listJobs(JobQuery.builder().limit(6).build()).notes())
        .containsExactly(reached);
    assertThat(client.listJobs(JobQuery.builder().limit(7).build()).notes()).isEmpty();
  }

  @Test
  void whereNoDefinitionIsAHintIsGivenAndWhereNoneMatchesNone() {
    assertThat(client.listJobs(JobQuery.ALL).notes()).containsExactly("check the region");
    jobs("a");
    FoundJobs other = client.listJobs(JobQuery.builder().name("other").build());
    assertThat(other.jobs()).isEmpty();
    assertThat(other.read()).isEqualTo(2);
    assertThat(other.notes()).isEmpty();
  }

  @Test
  void allDefinitionsAreListedWithCloudAccountAndLastState() {
    jobs("a", "b", "c");
    FoundJobs found = client.listJobs(JobQuery.ALL);
    assertThat(found.isComplete()).isTrue();
    assertThat(found.jobs()).hasSize(6);
    Job first = found.jobs().get(0);
    assertThat(first.cloud()).isEqualTo("stub-jobs");
    assertThat(first.account()).isEqualTo("acc");
    assertThat(first.lastState()).contains(JobState.FAILED);
    assertThat(sent()).containsExactly("jobs-of-r1", "jobs-of-r1", "jobs-of-r2", "jobs-of-r2");
  }

  @Test
  void aListOfJobsThatRepeatsAPageEndsAndSaysSo() {
    jobs("a", "b", "a", "b", "c");
    assertThatThrownBy(() -> client.listJobs(JobQuery.ALL))
        .isInstanceOf(JobDataException.class)
        .hasMessageContaining("the list of jobs repeats itself");
    assertThat(sent()).containsExactly("jobs-of-r1", "jobs-of-r1");
  }

  @Test
  void aJobThatMovesToALaterPageIsListedOnce() {
    jobs("a", "b", "b", "c");
    assertThat(client.listJobs(JobQuery.ALL).jobs())
        .extracting(job -> job.ref().jobId())
        .containsExactly("a", "b", "c", "a", "b", "c"); // in each of two regions
  }

  @Test
  void definitionsAreFilteredByIdNameTagAndStateAndLimited() {
    jobs("a", "b", "c");
    assertThat(list(JobQuery.builder().job("b").build())).containsExactly("b", "b");
    assertThat(list(JobQuery.builder().name("*of c").build())).containsExactly("c", "c");
    assertThat(list(JobQuery.builder().tag("env", "a").build())).containsExactly("a", "a");
    assertThat(list(JobQuery.builder().states(JobState.RUNNING).build())).isEmpty();
    assertThat(list(JobQuery.builder().limit(4).build())).containsExactly("a", "b", "c", "a");
  }

  @Test
  void noListIsReadOnceTheLimitIsReached() {
    jobs("a", "b", "c");
    assertThat(list(JobQuery.builder().limit(2).build())).containsExactly("a", "b");
    assertThat(sent()).containsOnly("jobs-of-r1");
  }

  private List<String> list(JobQuery query) {
    return client.listJobs(query).jobs().stream().map(job -> job.ref().jobId()).toList();
  }

  @Test
  void aPartThatCannotBeListedIsAFailureBesideTheRest() {
    jobs("a");
    provider.skipped.add(
        new Scopes.Skipped(
            new Scope("r1", List.of("closed"), ""),
            StubProvider.serviceError("ACCESS_DENIED:not yours", 403)));
    FoundJobs found =
        StubBuilder.of(
                provider,
                new StubTransport(
                    request ->
                        request.segments().get(0).equals("jobs-of-r2")
                            ? StubTransport.response(404, "NOT_FOUND:no region")
                            : cloud.answer(request)))
            .build()
            .listJobs(JobQuery.ALL);
    assertThat(found.jobs()).hasSize(1);
    assertThat(found.isComplete()).isFalse();
    assertThat(found.failures())
        .extracting(Throwable::getMessage)
        .satisfiesExactly(
            one -> assertThat(one).contains("r1:closed", "not yours"),
            two -> assertThat(two).contains("r2", "no region"));
  }

  @Test
  void allPartsThatDefinitionsAreFoundInAreRead() {
    jobs("a");
    provider.regionsComeOneByOne = true;
    assertThat(client.listJobs(JobQuery.ALL).jobs()).hasSize(2);
    assertThat(sent()).containsExactly("jobs-of-r1", "jobs-of-r2");
  }

  @Test
  void aLimitBeyondTheDefinitionsThatThereAreCutsNothing() {
    jobs("a", "b", "c");
    assertThat(list(JobQuery.builder().limit(6).build())).hasSize(6);
    assertThat(list(JobQuery.builder().limit(100).build())).hasSize(6);
    assertThat(list(JobQuery.builder().states(JobState.FAILED).build())).hasSize(6);
  }

  @Test
  void definitionsMayBeNamedByTheirAliases() {
    jobs("a", "b");
    JobClient named = StubBuilder.of(provider, transport).aliases(Map.of("b", "settle")).build();
    assertThat(named.listJobs(JobQuery.builder().job("settle").build()).jobs())
        .extracting(job -> job.ref().jobId())
        .containsExactly("b", "b");
  }

  @Test
  void namesOfDefinitionsThatWereListedNeedNoLookUp() {
    jobs("a", "b");
    client.listJobs(JobQuery.ALL);
    transport.requests.clear();
    assertThat(client.listAllRuns(JobQuery.builder().resolveNames(true).build()).stream())
        .allMatch(run -> run.name().orElse("").startsWith("name of "));
    assertThat(sent()).containsExactly("jobs", "runs", "runs");
  }

  /** Answers the lists of jobs of these regions with an error. */
  private FoundJobs listJobs(JobQuery query, String error, String... regions) {
    return StubBuilder.of(
            provider,
            new StubTransport(
                request ->
                    List.of(regions).contains(request.segments().get(0).replace("jobs-of-", ""))
                        ? StubTransport.response(403, error)
                        : cloud.answer(request)))
        .build()
        .listJobs(query);
  }

  @Test
  void aPartThatMayNotBeListedIsAFailureWhereverItStands() {
    jobs("a");
    for (String region : List.of("r1", "r2")) {
      FoundJobs found = listJobs(JobQuery.ALL, "ACCESS_DENIED:not yours", region);
      assertThat(found.jobs()).hasSize(1);
      assertThat(found.failures()).singleElement().asString().contains(region, "not yours");
    }
  }

  @Test
  void whereNoPartMayBeListedThatIsTheAnswer() {
    jobs("a");
    for (String error : List.of("ACCESS_DENIED:not yours", "INVALID_REQUEST:not so")) {
      assertThatThrownBy(() -> listJobs(JobQuery.ALL, error, "r1", "r2"))
          .isInstanceOf(JobServiceException.class);
    }
    assertThatThrownBy(() -> listJobs(JobQuery.ALL, "INVALID_REQUEST:not so", "r2"))
        .isInstanceOf(JobServiceException.class)
        .hasMessageContaining("not so");
  }

  @Test
  void aPartThatIsGoneEndsOnlyWhatSomebodyNamed() {
    FoundJobs found = listJobs(JobQuery.ALL, "NOT_FOUND:gone", "r1", "r2");
    assertThat(found.jobs()).isEmpty();
    assertThat(found.failures()).hasSize(2);
    assertThatThrownBy(
            () -> listJobs(JobQuery.builder().job("a").build(), "NOT_FOUND:gone", "r1", "r2"))
        .isInstanceOf(JobServiceException.class)
        .hasMessageContaining("gone");
  }

  @Test
  void definitionsHaveNoTimesAndNoRuns() {
    for (JobQuery query :
        List.of(
            JobQuery.builder().until(Instant.EPOCH).build(),
            JobQuery.builder().runs(List.of(REF)).build())) {
      assertThatThrownBy(() -> client.listJobs(query))
          .isInstanceOf(UnsupportedQueryException.class);
    }
    assertThatThrownBy(() -> client.listJobs(JobQuery.builder().since(Instant.EPOCH).build()))
        .isInstanceOf(UnsupportedQueryException.class)
        .hasMessageContaining("since");
    assertThat(sent()).isEmpty();
  }

  @Test
  void aVendorWithoutAJobListSaysSo() {
    JobClient plain = StubBuilder.of(new StubProvider(), transport).build();
    assertThatThrownBy(() -> plain.listJobs(JobQuery.ALL))
        .isInstanceOf(UnsupportedQueryException.class)
        .hasMessageContaining("stub-jobs has no list of jobs");
    assertThat(plain.async().listJobs(JobQuery.ALL)).isCompletedExceptionally();
  }

  // ---- reasons

  @Test
  void aDiagnosisIsACompletedRunWithItsFailedTasksFirst() {
    RunDetail detail = client.diagnose(REF);
    assertThat(detail.run().cloud()).isEqualTo("stub-jobs");
    assertThat(detail.run().observedAt()).isNotNull();
    assertThat(detail.reason()).contains("out of memory");
    assertThat(detail.tasks()).extracting(TaskDetail::name).containsExactly("t2", "t1");
    assertThat(detail.toJson())
        .contains("\"reason\":\"out of memory\"", "\"exitCode\":137", "stopped after 2 tasks");
    assertThat(client.async().diagnose(REF).join().toJson()).isEqualTo(detail.toJson());
  }

  @Test
  void aKeyThatAJobPrintsBareIsMaskedInItsDiagnosis() {
    String secret = "canary-secret-of-the-key-4711";
    StubTransport server = new StubTransport().answer(200, "{}");
    Discovering printing =
        new Discovering() {
          @Override
          public Step<RunDetail.Builder> diagnose(RunRef ref) {
            return super.diagnose(ref).map(detail -> detail.reason("used " + secret + " today"));
          }
        };
    try (JobClient own =
        StubBuilder.of(printing, server).credentials(Credentials.accessKey("id", secret)).build()) {
      assertThat(own.diagnose(REF).reason()).hasValue("used *** today");
    }
  }

  @Test
  void aDiagnosisOfAnotherProvidersRunIsRefused() {
    RunRef other = RunRef.parse("other-jobs:r1:x/y");
    assertThatThrownBy(() -> client.diagnose(other)).isInstanceOf(IllegalArgumentException.class);
    assertThat(sent()).isEmpty();
  }

  // ---- check-up

  private CheckUp checkUp(StubTransport server, Credentials credentials) {
    return StubBuilder.of(provider, server)
        .time(TestTime.standing())
        .credentials(credentials)
        .build()
        .checkUp();
  }

  private static final Credentials KEY =
      Credentials.accessKey("LTAI5tCanaryWXYZ", "canary-the-secret-0123456789")
          .from("~/file profile p");

  @Test
  void aHealthySetUpShowsWhoseKeyItIsAndTheClock() {
    CheckUp result =
        checkUp(
            new StubTransport(
                request ->
                    new WireResponse(
                        request.segments().get(0).equals("run-probe") ? 404 : 200,
                        Map.of("date", List.of("Wed, 01 May 2024 12:20:00 GMT")),
                        (request.segments().get(0).equals("run-probe") ? "NOT_FOUND" : "[]")
                            .getBytes(java.nio.charset.StandardCharsets.UTF_8))),
            KEY);
    assertThat(result.isHealthy()).isTrue();
    assertThat(result.credentials()).contains("access key LTAI***WXYZ from ~/file profile p");
    assertThat(result.clockSkew()).contains(Duration.ofMinutes(20));
    assertThat(result.checks())
        .extracting(CheckUp.Check::what)
        .containsExactly("credentials", "ListJobs", "ListRuns", "GetRun");
    assertThat(result.checks().get(1).host()).contains("api.stub.example");
    assertThat(result.toString()).doesNotContain("Canary", "the-secret");
  }

  @Test
  void aMissingPermissionIsOneCheckOfSeveral() {
    CheckUp result =
        checkUp(
            new StubTransport(
                request ->
                    request.segments().get(0).equals("runs-probe")
                        ? StubTransport.response(403, "ACCESS_DENIED:no permission")
                        : StubTransport.response(200, "{}")),
            KEY);
    assertThat(result.isHealthy()).isFalse();
    assertThat(result.checks())
        .extracting(check -> check.problem().isPresent())
        .containsExactly(false, false, true, false);
  }

  @Test
  void aRefusalEndsItBeforeAVendorLocksTheKey() {
    StubTransport server =
        new StubTransport(request -> StubTransport.response(401, "AUTHENTICATION:wrong"));
    CheckUp result = checkUp(server, KEY);
    assertThat(result.checks()).hasSize(2);
    assertThat(result.untried()).containsExactly("ListRuns", "GetRun");
    assertThat(server.requests).hasSize(1);
  }

  @Test
  void aKeyThatIsToBeSparedIsNotTriedWhateverItsAccountIsCalled() {
    StubTransport server =
        new StubTransport(request -> StubTransport.response(401, "AUTHENTICATION:wrong"));
    String key = checkUp(server, KEY).key().orElseThrow();
    assertThat(key).hasSize(8).doesNotContain("LTAI", "WXYZ");
    Credentials sameKey = Credentials.accessKey("LTAI5tCanaryWXYZ", "canary-another-secret-01");
    JobClient other =
        StubBuilder.of(provider, server).account("another").credentials(sameKey).build();
    CheckUp spared = other.checkUp(Set.of(key));
    assertThat(server.requests).hasSize(1);
    assertThat(spared.key()).contains(key);
    assertThat(spared.checks())
        .singleElement()
        .satisfies(
            check ->
                assertThat(check.problem().orElseThrow())
                    .hasMessageContaining("not tried, because the vendor has refused this key"));
    assertThat(checkUp(server, Credentials.accessKey("LTAI5tCanaryABCD", "canary-s")).key())
        .isPresent()
        .isNotEqualTo(Optional.of(key));
  }

  /** To get these takes a password, which is locked as a key is. */
  @Test
  void aLoginThatWasRefusedIsSparedToo() {
    List<String> logins = new ArrayList<>();
    CredentialsProvider login =
        new CredentialsProvider() {
          @Override
          public String account() {
            return "bob";
          }

          @Override
          public Step<Credentials> resolve() {
            logins.add("bob");
            return Step.failed(StubProvider.serviceError("AUTHENTICATION:wrong", 401));
          }

          @Override
          public String toString() {
            return "user bob of company";
          }
        };
    JobClient first = StubBuilder.of(provider, transport).credentials(login).build();
    JobClient second = StubBuilder.of(provider, transport).credentials(login).build();
    CheckUp refused = first.checkUp();
    CheckUp spared = second.checkUp(Set.of(refused.key().orElseThrow()));
    assertThat(logins).hasSize(1);
    assertThat(spared.isHealthy()).isFalse();
    assertThat(spared.key()).isEqualTo(refused.key());
  }

  @Test
  void whatTheConfigurationNamesMustBeThereAndTheRegionIsSaid() {
    CheckUp result =
        checkUp(
            new StubTransport(request -> StubTransport.response(404, "NOT_FOUND:no such thing")),
            KEY);
    assertThat(result.checks())
        .extracting(check -> check.problem().isPresent())
        .containsExactly(false, true, false, false);
    assertThat(result.checks().get(1).problem().orElseThrow())
        .hasMessageContaining("no such thing")
        .hasMessageContaining("configured is the region r1: check it, and the ids");
  }

  @Test
  void aRequestThatTheVendorDoesNotTakeAndAHostThatIsNotThereAreOnesOfAnotherRegion() {
    CheckUp refused =
        checkUp(
            new StubTransport(request -> StubTransport.response(400, "INVALID_REQUEST:not here")),
            KEY);
    assertThat(refused.checks()).hasSize(2);
    assertThat(refused.checks().get(1).problem().orElseThrow().detail())
        .containsOnlyOnce("configured is the region r1");
    assertThat(refused.untried()).containsExactly("ListRuns", "GetRun");
    provider.endpoint = Endpoint.https("api.r1.stub.example");
    StubTransport nowhere = new StubTransport(request -> StubTransport.response(200, "{}"));
    for (int attempt = 0; attempt < 3; attempt++) {
      nowhere.fail(TransportFailure.Kind.DNS);
    }
    CheckUp lost =
        StubBuilder.of(provider, nowhere)
            .time(TestTime.jumping())
            .credentials(KEY)
            .build()
            .checkUp();
    assertThat(lost.checks()).hasSize(2);
    assertThat(lost.checks().get(1).problem().orElseThrow().detail())
        .startsWith("DNS: scripted DNS")
        .contains("check the network, DNS and proxy; configured is the region r1: check it, too");
    assertThat(lost.untried()).containsExactly("ListRuns", "GetRun");
  }

  /** Whatever sends it: a login page before the network, a proxy, another service. */
  @ParameterizedTest
  @ValueSource(strings = {"<html>login</html>", "", "\"a text\""})
  void anAnswerThatIsNotTheVendorsIsNoneAtAll(String body) {
    StubTransport server = new StubTransport(request -> StubTransport.response(200, body));
    CheckUp result =
        StubBuilder.of(provider, server)
            .time(TestTime.jumping())
            .credentials(KEY)
            .build()
            .checkUp();
    assertThat(result.checks()).hasSize(2);
    assertThat(result.checks().get(1).problem().orElseThrow())
        .isInstanceOf(JobDataException.class)
        .hasMessageContaining("ListJobs: MALFORMED: the answer (HTTP 200")
        .hasMessageContaining(
            "check the endpoint and proxy: this may be no answer of the vendor's");
    assertThat(result.untried()).containsExactly("ListRuns", "GetRun");
  }

  private static StubTransport broken(TransportFailure.Kind kind) {
    StubTransport server = new StubTransport();
    for (int attempt = 0; attempt < 3; attempt++) {
      server.fail(kind);
    }
    return server;
  }

  private String detailWhenBroken(TransportFailure.Kind kind) {
    CheckUp result =
        StubBuilder.of(provider, broken(kind))
            .time(TestTime.jumping())
            .credentials(KEY)
            .build()
            .checkUp();
    JobException problem = result.checks().get(1).problem().orElseThrow();
    int attempts =
        switch (kind) {
          case TLS -> 1;
          case DNS -> 2;
          default -> 3;
        };
    assertThat(problem.attempts()).isEqualTo(attempts);
    assertThat(problem.operation()).contains("ListJobs");
    return problem.detail();
  }

  @Test
  void aHostThatIsNotReachedSaysWhatToCheck() {
    assertThat(detailWhenBroken(TransportFailure.Kind.DNS))
        .isEqualTo("DNS: scripted DNS; check the network, DNS and proxy");
    for (TransportFailure.Kind kind :
        List.of(
            TransportFailure.Kind.CONNECT,
            TransportFailure.Kind.CONNECTION_LOST,
            TransportFailure.Kind.ATTEMPT_TIMEOUT)) {
      assertThat(detailWhenBroken(kind))
          .isEqualTo(
              kind
                  + ": scripted "
                  + kind
                  + "; check the network, firewall, proxy and the endpoint");
    }
    assertThat(detailWhenBroken(TransportFailure.Kind.TLS))
        .endsWith("; check the endpoint, proxy and which certificates this Java trusts");
  }

  @Test
  void aCallThatDoesNotEndSaysWhatToCheck() {
    CheckUp result =
        StubBuilder.of(provider, new StubTransport().fail(TransportFailure.Kind.CONNECT))
            .time(TestTime.jumping())
            .timeouts(new Timeouts(SECOND, SECOND, Duration.ofNanos(1)))
            .credentials(KEY)
            .build()
            .checkUp();
    assertThat(result.checks().get(1).problem().orElseThrow().detail())
        .endsWith("; check the network, firewall, proxy and the endpoint");
  }

  @Test
  void aLookUpOfTheProjectThatDoesNotGetThroughSaysWhatToCheckToo() {
    Discovering looking =
        new Discovering() {
          @Override
          public Step<JobProvider> connect() {
            return Step.ask(
                read("ListProjects", request("/projects", "")), answer -> Step.done(this));
          }
        };
    CheckUp result =
        StubBuilder.of(looking, broken(TransportFailure.Kind.DNS))
            .time(TestTime.jumping())
            .credentials(KEY)
            .build()
            .checkUp();
    assertThat(result.checks().get(1).what()).isEqualTo("project");
    assertThat(result.checks().get(1).problem().orElseThrow())
        .hasMessageContaining("ListProjects: DNS: scripted DNS; check the network, DNS and proxy");
  }

  // ---- jobs that the configuration names

  /** Each of its jobs may be in two regions. */
  private static final class Naming extends Discovering {
    @Override
    public List<List<JobRef>> namedJobs() {
      return jobs.stream()
          .map(id -> List.of(Discovering.ref(id), new JobRef(ID, "r2", List.of(id))))
          .toList();
    }

    @Override
    public Step<Job.Builder> job(JobRef ref) {
      return Step.ask(
          read("GetJob", request("/" + ref.region() + "/" + ref.jobId(), "")),
          answer -> Step.done(Job.builder(ref)));
    }
  }

  private static CheckUp checkUpOfJobs(String missing, String... jobs) {
    Naming naming = new Naming();
    naming.jobs.addAll(List.of(jobs));
    StubTransport server =
        new StubTransport(
            request ->
                String.join("/", request.segments()).matches(missing)
                    ? StubTransport.response(404, "NOT_FOUND:no such job")
                    : StubTransport.response(200, "{}"));
    return StubBuilder.of(naming, server).regions(List.of("r1", "r2")).build().checkUp();
  }

  @Test
  void eachJobThatTheConfigurationNamesMustBeInOneOfItsPlaces() {
    CheckUp result = checkUpOfJobs("r1/b|r[12]/c", "a", "b", "c");
    assertThat(result.checks())
        .filteredOn(check -> check.what().startsWith("GetJob"))
        .extracting(CheckUp.Check::what)
        .containsExactly("GetJob of a", "GetJob of b", "GetJob of c");
    assertThat(result.checks())
        .filteredOn(check -> check.problem().isPresent())
        .singleElement()
        .satisfies(
            check -> {
              assertThat(check.what()).isEqualTo("GetJob of c");
              assertThat(check.problem().orElseThrow())
                  .hasMessageContaining("no such job")
                  .hasMessageContaining(
                      "configured are the regions r1, r2: check them, and the ids");
            });
  }

  @Test
  void ofManyJobsTheFirstTenAreTriedAndThatIsSaid() {
    String[] ids = IntStream.rangeClosed(1, 12).mapToObj(i -> "j" + i).toArray(String[]::new);
    CheckUp result = checkUpOfJobs("none", ids);
    assertThat(result.checks())
        .filteredOn(check -> check.what().startsWith("GetJob of"))
        .hasSize(10);
    assertThat(result.warnings())
        .containsExactly(
            "only the first 10 of the 12 configured jobs were tried; read the others' definitions"
                + " one by one");
  }

  /** Some vendors send errors with status 200: such an answer goes another way. */
  @Test
  void anErrorInAnAnswerThatSaysItIsNoneHasTheHintOnce() {
    Discovering inBody =
        new Discovering() {
          @Override
          public Optional<ServiceError> error(Call call, WireResponse response) {
            return Optional.of(serviceError("INVALID_REQUEST:not here", response.status()));
          }
        };
    StubTransport server = new StubTransport(request -> StubTransport.response(200, "{}"));
    CheckUp result = StubBuilder.of(inBody, server).build().checkUp();
    assertThat(result.checks()).hasSize(2);
    assertThat(result.checks().get(1).problem().orElseThrow().detail())
        .containsOnlyOnce("configured is the region r1");
  }

  @Test
  void whatIsLostInOneRegionIsTriedInTheOthers() {
    Discovering two =
        new Discovering() {
          @Override
          public List<Probe> probes() {
            List<Probe> probes = new ArrayList<>();
            for (String region : List.of("r1", "r2")) {
              probes.add(Probe.of(region, read("ListJobs", request("/" + region, ""))));
              probes.add(Probe.of(region, read("ListRuns", request("/" + region, ""))));
            }
            return probes;
          }
        };
    StubTransport server =
        new StubTransport(
            request ->
                request.segments().get(0).equals("r1")
                    ? StubTransport.response(400, "INVALID_REQUEST:no such region")
                    : StubTransport.response(200, "{}"));
    CheckUp result = StubBuilder.of(two, server).regions(List.of("r1", "r2")).build().checkUp();
    assertThat(result.checks())
        .extracting(check -> check.region().orElse(""))
        .containsExactly("", "r1", "r2", "r2");
    assertThat(result.untried()).containsExactly("ListRuns in r1");
  }

  @Test
  void anOperationThatIsRefusedAsInvalidAfterOthersWereNotIsNoWrongRegion() {
    CheckUp result =
        checkUp(
            new StubTransport(
                request ->
                    request.segments().get(0).equals("runs-probe")
                        ? StubTransport.response(400, "INVALID_REQUEST:a parameter")
                        : StubTransport.response(200, "{}")),
            KEY);
    assertThat(result.checks())
        .extracting(check -> check.problem().isPresent())
        .containsExactly(false, false, true, false);
    assertThat(result.untried()).isEmpty();
  }

  @Test
  void withoutCredentialsNothingIsSent() {
    CheckUp result =
        new StubBuilder(provider)
            .region("r1")
            .environment(Map.of())
            .transport(transport)
            .limiter(StubBuilder.UNLIMITED)
            .build()
            .checkUp();
    assertThat(result.checks()).hasSize(1);
    assertThat(result.checks().get(0).problem()).isPresent();
    assertThat(result.credentials()).isEmpty();
    assertThat(sent()).isEmpty();
  }
}
