package io.joblens.alibaba.schedulerx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.joblens.ConfigException;
import io.joblens.Filter;
import io.joblens.JobQuery;
import io.joblens.JobRef;
import io.joblens.JobRun;
import io.joblens.JobServiceException.Kind;
import io.joblens.JobState;
import io.joblens.RawRequest;
import io.joblens.RunRef;
import io.joblens.spi.Call;
import io.joblens.spi.Capabilities;
import io.joblens.spi.Scope;
import io.joblens.spi.Scopes;
import io.joblens.spi.ServiceError;
import io.joblens.spi.Step;
import io.joblens.spi.WireDataException;
import io.joblens.spi.WireRequest;
import io.joblens.spi.WireResponse;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SchedulerxProviderTest {
  private static final Scope GROUP = new Scope("public", List.of("ns", "g1"), "");
  private static final String ERROR = "{'Success':false,'Code':%s,'Message':'%s'}";

  @Test
  void groupsAreListedInEveryRegion() {
    SchedulerxProvider provider =
        provider(List.of("cn-hangzhou", "public"), List.of("g1", "g2"), List.of());

    assertThat(scopes(provider, JobQuery.ALL))
        .containsExactly("cn-hangzhou:ns/g1", "cn-hangzhou:ns/g2", "public:ns/g1", "public:ns/g2");
  }

  @Test
  void configuredJobsAreListedInPlaceOfTheirGroups() {
    SchedulerxProvider provider = provider(List.of("public"), List.of("g1"), List.of("7", "g2/8"));

    assertThat(scopes(provider, JobQuery.ALL)).containsExactly("public:ns/g1/7", "public:ns/g2/8");
    assertThat(scopes(provider, JobQuery.builder().job("g3/9").build()))
        .containsExactly("public:ns/g3/9");
    assertRefused(
        () -> provider.scopes(JobQuery.builder().job("9").build(), Optional.empty()),
        "more than one group");
  }

  @Test
  void theVendorIsAskedForOneStatusAtATime() {
    SchedulerxProvider provider = provider(List.of("public"), List.of("g1"), List.of());
    JobQuery query = JobQuery.builder().states(JobState.FAILED, JobState.REJECTED).build();

    assertThat(scopes(provider, query))
        .containsExactly("public:ns/g1?5", "public:ns/g1?11", "public:ns/g1?9");
    assertThat(provider.capabilities(query).pushed()).contains(Filter.STATE);
    JobQuery many = JobQuery.builder().states(JobState.FAILED, JobState.QUEUED).build();
    assertThat(scopes(provider, many)).as("five words").containsExactly("public:ns/g1");
    assertThat(provider.capabilities(many).local()).contains(Filter.STATE);
    WireRequest request =
        Wire.request(provider.runs(new Scope("public", List.of("ns", "g1"), "11"), query, 0, 100));
    assertThat(parameters(request)).contains("Status=11");
  }

  @Test
  void whoAsksForUnknownStatesIsGivenAllStatesToChooseFrom() {
    SchedulerxProvider provider = provider(List.of("public"), List.of("g1"), List.of());
    JobQuery query = JobQuery.builder().states(JobState.UNKNOWN, JobState.FAILED).build();

    assertThat(scopes(provider, query)).containsExactly("public:ns/g1");
    assertThat(provider.capabilities(query).pushed()).doesNotContain(Filter.STATE);
    assertThat(provider.capabilities(query).local()).contains(Filter.STATE);
  }

  @Test
  void everyRequestCarriesItsRegionOperationAndVersion() {
    SchedulerxProvider provider = provider(List.of("public"), List.of("g1"), List.of());
    Stream<WireRequest> requests =
        Stream.of(
            Wire.request(provider.runs(GROUP, JobQuery.ALL, 0, 100)),
            Wire.request(provider.get(List.of(ref("1")))),
            Wire.request(provider.job(ref("1").job())),
            provider.raw(RawRequest.action("GetLog").query("Line", "200").build()).request());

    assertThat(requests)
        .allSatisfy(
            request -> {
              assertThat(parameters(request)).contains("RegionId=public");
              assertThat(request.header("x-acs-version")).contains("2019-04-30");
              assertThat(request.header("x-acs-action")).isPresent();
              assertThat(request.encodedPath()).isEqualTo("/");
            });
  }

  @Test
  void theVendorLimitsEachOperationByItself() {
    SchedulerxProvider provider = provider(List.of("public"), List.of("g1"), List.of());

    Call call = ((Step.Ask<?>) provider.job(ref("1").job())).call();
    assertThat(call.quota().key()).isEqualTo("alibaba-schedulerx/GetJobInfo");
    assertThat(call.quota().rate()).hasToString("100/PT1M");
    assertThat(call.repeatable()).isTrue();
  }

  @Test
  void aRawRequestIsSentAsItIsWithTheRegionBesides() {
    SchedulerxProvider provider = provider(List.of("cn-hangzhou"), List.of(), List.of());
    Call call =
        provider.raw(
            RawRequest.action("ListGroups")
                .method("POST")
                .region("public")
                .query("Namespace", "a b")
                .build());

    assertThat(call.repeatable()).isFalse();
    assertThat(Wire.text(call.request()))
        .isEqualTo(
            """
            POST /?RegionId=public&Namespace=a%20b
            host: schedulerx.aliyuncs.com
            accept: application/json
            x-acs-action: ListGroups
            x-acs-version: 2019-04-30
            """);
    Call own =
        provider.raw(
            RawRequest.action("GetLog")
                .method("GET")
                .path("/")
                .query("RegionId", "cn-beijing")
                .build());
    assertThat(own.request().method()).isEqualTo("GET");
    assertThat(own.request().url())
        .isEqualTo("https://schedulerx.cn-hangzhou.aliyuncs.com/?RegionId=cn-beijing");
    assertThatThrownBy(() -> provider.raw(RawRequest.action("X").path("/x").build()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("query");
    assertThatThrownBy(() -> provider.raw(RawRequest.action("X").json("{}").build()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aWindowBeyondWhatTheVendorCanCountIsCutToIt() {
    SchedulerxProvider provider = provider(List.of("public"), List.of("g1"), List.of());
    JobQuery query = JobQuery.builder().since(Instant.MIN).until(Instant.MAX).build();

    assertThat(parameters(Wire.request(provider.runs(GROUP, query, 0, 100))))
        .contains("StartTimestamp=0", "EndTimestamp=253402387199000");
  }

  @Test
  void runsAreLookedUpOneByOneAndThoseThatDoNotExistAreLeftOut() {
    SchedulerxProvider provider = provider(List.of("public"), List.of("g1"), List.of());
    Step<List<JobRun.Builder>> first = provider.get(List.of(ref("1"), ref("2"), ref("3")));

    assertThat(parameters(Wire.request(first))).contains("JobInstanceId=1");
    Step<List<JobRun.Builder>> second = Wire.answer(first, Wire.ok(ERROR.formatted("1006", "")));
    assertThat(parameters(Wire.request(second))).contains("JobInstanceId=2");
    Step<List<JobRun.Builder>> third = Wire.answer(second, instance("2"));
    // core reports an error that came with an HTTP status of its own this way
    ServiceError gone = ServiceError.of(Kind.NOT_FOUND, 404).build();
    Step<List<JobRun.Builder>> end =
        ((Step.Ask<List<JobRun.Builder>>) third).recover().apply(gone).orElseThrow();

    assertThat(((Step.Done<List<JobRun.Builder>>) end).value())
        .extracting(run -> run.ref())
        .containsExactly(ref("2"));
  }

  @Test
  void anErrorOtherThanNotFoundFailsTheLookUp() {
    SchedulerxProvider provider = provider(List.of("public"), List.of("g1"), List.of());

    assertThat(
            Wire.answer(
                provider.get(List.of(ref("1"), ref("2"))), Wire.ok(ERROR.formatted("1003", ""))))
        .isInstanceOf(Step.Failed.class);
  }

  @Test
  void aBadReferenceShowsBeforeTheFirstCall() {
    SchedulerxProvider provider = provider(List.of("public"), List.of("g1"), List.of());
    RunRef tooShort = RunRef.parse("alibaba-schedulerx:public:g1/1/2");

    assertThatThrownBy(() -> provider.get(List.of(ref("1"), tooShort)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("namespace/group/job id/job instance id")
        .hasMessageContaining("3 ids");
    assertThatThrownBy(() -> provider.get(List.of(ref("manual-1"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("job instance id");
    assertThatThrownBy(() -> provider.job(new JobRef(AlibabaSchedulerx.ID, "public", List.of("1"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("namespace/group/job id");
  }

  @Test
  void aReferenceIsMadeOfAsManyIdsAsTheConfigurationLeavesOpen() {
    SchedulerxProvider provider = provider(List.of("public"), List.of("g1"), List.of("7"));
    String run = "alibaba-schedulerx:public:ns/g1/7/42";

    assertThat(provider.runRef(List.of("42"))).hasToString(run);
    assertThat(provider.runRef(List.of("7", "42"))).hasToString(run);
    assertThat(provider.runRef(List.of("g1", "7", "42"))).hasToString(run);
    assertThat(provider.runRef(List.of("ns", "g1", "7", "42"))).hasToString(run);
    assertThat(provider.jobRef(List.of("7"))).isEqualTo(RunRef.parse(run).job());
    assertThat(provider.jobRef(List.of("other", "g2", "8")))
        .hasToString("alibaba-schedulerx:public:other/g2/8");
  }

  @Test
  void aNumberThatIsConfiguredWithItsGroupNeedsNoGroup() {
    SchedulerxProvider provider =
        provider(List.of("public"), List.of("g1", "g2"), List.of("g1/7", "g3/8"));

    assertThat(provider.jobRef(List.of("8"))).hasToString("alibaba-schedulerx:public:ns/g3/8");
    assertThat(scopes(provider, JobQuery.builder().job("7").build()))
        .containsExactly("public:ns/g1/7");
    assertRefused(() -> provider.jobRef(List.of("9")), "give group, job id");
  }

  @Test
  void aReferenceThatTheConfigurationCannotCompleteIsRefusedWithWhatToGive() {
    SchedulerxProvider provider = provider(List.of("public"), List.of("g1", "g2"), List.of());

    assertRefused(() -> provider.runRef(List.of("42")), "give job id, job instance id");
    assertRefused(() -> provider.runRef(List.of("7", "42")), "give group, job id, job instance id");
    assertRefused(() -> provider.runRef(List.of()), "0 ids");
    assertRefused(() -> provider.runRef(List.of("a", "b", "c", "d", "e")), "5 ids");
    assertRefused(() -> provider.runRef(List.of("g1", "7", "x")), "'x' is no whole number");
    assertRefused(() -> provider.jobRef(List.of("g1", "-7")), "'-7' is no whole number");
    assertRefused(() -> provider.jobRef(List.of("a", "b", "c", "d")), "4 ids");
    SchedulerxProvider two = provider(List.of("public", "cn-beijing"), List.of("g1"), List.of());
    assertRefused(() -> two.jobRef(List.of("7")), "public, cn-beijing");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "007", "7.5", "７", "1 2", "99999999999999999999", "../7"})
  void aJobIdThatIsNoNumberIsRefusedBeforeAnythingIsSent(String id) {
    SchedulerxProvider provider = provider(List.of("public"), List.of("g1"), List.of());

    assertThatThrownBy(() -> provider.jobRef(List.of(id)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aJobThatCannotBePlacedIsRefusedWithWhatToGive() {
    SchedulerxProvider provider = provider(List.of("public"), List.of(), List.of());

    assertRefused(
        () -> provider.scopes(JobQuery.builder().job("7").build(), Optional.empty()),
        "give group, job id");
    assertThatThrownBy(() -> provider(List.of("public"), List.of(), List.of("7")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("group/number");
    assertThatThrownBy(() -> provider(List.of("public"), List.of("g1"), List.of("seven")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("job id");
    assertThat(scopes(provider, JobQuery.builder().job("g/7").build()))
        .containsExactly("public:ns/g/7");
  }

  @Test
  void aGroupWithoutItsNamespaceIsRefusedBeforeAnythingIsSent() {
    assertThatThrownBy(
            () -> provider(List.of("public"), Optional.empty(), List.of("g1"), List.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("set namespace")
        .hasMessageContaining("leave group out");
  }

  @Test
  void withoutANamespaceWholeNamesWork() {
    SchedulerxProvider provider =
        provider(List.of("public"), Optional.empty(), List.of(), List.of("ns/g1/7"));

    assertThat(scopes(provider, JobQuery.ALL)).containsExactly("public:ns/g1/7");
    assertThat(scopes(provider, JobQuery.builder().job("n2/g2/8").build()))
        .containsExactly("public:n2/g2/8");
    assertThat(provider.runRef(List.of("ns", "g1", "7", "42"))).isEqualTo(ref("42"));
    assertThat(parameters(Wire.request(provider.get(List.of(ref("42")))))).contains("Namespace=ns");
  }

  @Test
  void namespacesAndGroupsAreAskedForOverPostAsTheVendorsLibrariesDo() {
    SchedulerxProvider provider =
        provider(List.of("public"), Optional.empty(), List.of(), List.of());

    Step<Scopes> namespaces = provider.scopes(JobQuery.ALL, Optional.empty());
    assertThat(Wire.request(namespaces).method()).isEqualTo("POST");
    assertThat(parameters(Wire.request(namespaces))).containsExactly("RegionId=public");
    Step<Scopes> groups =
        Wire.answer(
            namespaces,
            Wire.ok("{'Success':true,'Data':{'Namespaces':[{'UId':'n1'},{'UId':'n1'}]}}"));
    assertThat(Wire.request(groups).method()).isEqualTo("POST");
    assertThat(parameters(Wire.request(groups))).containsExactly("RegionId=public", "Namespace=n1");
    Scopes found =
        Wire.value(
            groups,
            Wire.ok("{'Success':true,'Data':{'AppGroups':[{'GroupId':'g','AppKey':'k'}]}}"));
    assertThat(found.scopes()).containsExactly(new Scope("public", List.of("n1", "g"), ""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'Success':true}",
        "{'Success':true,'Data':{}}",
        "{'Success':true,'Data':{'Namespaces':null}}",
        "{'Success':true,'Data':{'Namespaces':[null]}}",
        "{'Success':true,'Data':{'Namespaces':[{}]}}",
        "{'Success':true,'Data':{'Namespaces':[{'UId':''}]}}",
      })
  void aListOfNamespacesThatCannotBeReadIsNeverAnEmptyOne(String body) {
    SchedulerxProvider provider =
        provider(List.of("public"), Optional.empty(), List.of(), List.of());
    Step<Scopes> step = provider.scopes(JobQuery.ALL, Optional.empty());

    assertThatThrownBy(() -> Wire.answer(step, Wire.ok(body)))
        .isInstanceOf(WireDataException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'Success':true}",
        "{'Success':true,'Data':{'Total':1}}",
        "{'Success':true,'Data':{'Jobs':[{'Name':'x'}]}}",
      })
  void aListOfJobsThatCannotBeReadIsNeverAnEmptyOne(String body) {
    SchedulerxProvider provider = provider(List.of("public"), List.of("g1"), List.of());

    assertThatThrownBy(
            () -> Wire.answer(provider.jobs(GROUP, JobQuery.ALL, Optional.empty()), Wire.ok(body)))
        .isInstanceOf(WireDataException.class);
  }

  @Test
  void namesAreKnownOfLookUpsAndJoinedToListings() {
    SchedulerxProvider provider = provider(List.of("public"), List.of("g1"), List.of());
    Capabilities listing = provider.capabilities(JobQuery.ALL);
    Capabilities lookUp = provider.capabilities(JobQuery.builder().runs(List.of(ref("1"))).build());

    assertThat(listing.pushed())
        .containsExactlyInAnyOrder(Filter.JOB, Filter.STATE, Filter.CREATED);
    assertThat(listing.local())
        .containsExactlyInAnyOrder(Filter.FINISHED, Filter.PROBLEM, Filter.NAME);
    assertThat(lookUp.pushed()).containsExactly(Filter.RUN_ID);
    assertThat(lookUp.local()).contains(Filter.NAME).doesNotContain(Filter.TAG);
  }

  static RunRef ref(String instance) {
    return new RunRef(AlibabaSchedulerx.ID, "public", List.of("ns", "g1", "7", instance));
  }

  static SchedulerxProvider provider(List<String> regions, List<String> groups, List<String> jobs) {
    return provider(regions, Optional.of("ns"), groups, jobs);
  }

  private static SchedulerxProvider provider(
      List<String> regions, Optional<String> namespace, List<String> groups, List<String> jobs) {
    return new SchedulerxProvider(
        regions,
        namespace,
        groups,
        jobs,
        new SchedulerxRequests(Optional.empty(), false, Optional.empty()),
        new SchedulerxResponses(Optional.empty()));
  }

  private static WireResponse instance(String id) {
    return Wire.response(
        200,
        Map.of(),
        "{\"Success\":true,\"Data\":{\"JobInstanceDetail\":{\"InstanceId\":"
            + id
            + ",\"JobId\":7,\"Status\":4}}}");
  }

  private static void assertRefused(ThrowingCallable call, String hint) {
    assertThatThrownBy(call)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(hint);
  }

  private static List<String> scopes(SchedulerxProvider provider, JobQuery query) {
    return ((Step.Done<Scopes>) provider.scopes(query, Optional.empty()))
        .value().scopes().stream().map(Scope::toString).toList();
  }

  private static List<String> parameters(WireRequest request) {
    return request.query().stream().map(p -> p.name() + "=" + p.value()).toList();
  }
}
