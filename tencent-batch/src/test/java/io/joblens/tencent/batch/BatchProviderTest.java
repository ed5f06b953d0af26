package io.joblens.tencent.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.joblens.ConfigException;
import io.joblens.Filter;
import io.joblens.JobQuery;
import io.joblens.JobRun;
import io.joblens.JobState;
import io.joblens.RawRequest;
import io.joblens.RunDetail;
import io.joblens.RunRef;
import io.joblens.spi.Call;
import io.joblens.spi.Capabilities;
import io.joblens.spi.Credentials;
import io.joblens.spi.JsonReader;
import io.joblens.spi.Rate;
import io.joblens.spi.Scope;
import io.joblens.spi.Step;
import io.joblens.spi.WireRequest;
import io.joblens.testkit.HttpText;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.ValueSource;

class BatchProviderTest {
  private final BatchProvider provider = TestProvider.of("ap-guangzhou", "ap-shanghai");

  @Test
  void eachRegionIsOneScope() {
    assertThat(provider.scopes(JobQuery.ALL, Optional.empty()))
        .isInstanceOfSatisfying(
            Step.Done.class,
            done ->
                assertThat(done.value().toString())
                    .startsWith("Scopes[scopes=[ap-guangzhou, ap-shanghai], next=Optional.empty"));
  }

  @Test
  void severalStatesAreOneScope() {
    JobQuery query = JobQuery.builder().states(JobState.FAILED, JobState.RUNNING).build();

    assertThat(provider.scopes(query, Optional.empty()))
        .isInstanceOfSatisfying(
            Step.Done.class,
            done ->
                assertThat(done.value().toString())
                    .contains("ap-guangzhou?RUNNING,FAILED,FAILED_INTERRUPTED"));
  }

  @Test
  void theVendorFiltersAllButTimesAndProblems() {
    Capabilities capabilities =
        provider.capabilities(
            JobQuery.builder().states(JobState.FAILED).name("etl").tag("a", "b").build());

    assertThat(capabilities.pushed())
        .containsExactlyInAnyOrder(
            Filter.RUN_ID, Filter.JOB, Filter.STATE, Filter.NAME, Filter.TAG);
    assertThat(capabilities.local())
        .containsExactlyInAnyOrder(Filter.CREATED, Filter.FINISHED, Filter.PROBLEM);
    assertThat(capabilities.extras()).containsExactlyInAnyOrder("zone", "tag-key", "tag-value");
  }

  @Test
  void wildcardsAndUnknownAreForCore() {
    Capabilities capabilities =
        provider.capabilities(
            JobQuery.builder().states(JobState.FAILED, JobState.UNKNOWN).name("etl-?").build());

    assertThat(capabilities.local()).contains(Filter.NAME, Filter.STATE);
    assertThat(capabilities.pushed()).doesNotContain(Filter.NAME, Filter.STATE);
  }

  @Test
  void aQueryByIdsLeavesEverythingElseToCore() {
    Capabilities capabilities =
        provider.capabilities(
            JobQuery.builder().runs(List.of(ref("ap-guangzhou", 1))).name("etl").build());

    assertThat(capabilities.pushed()).containsExactly(Filter.RUN_ID);
    assertThat(capabilities.local())
        .contains(Filter.JOB, Filter.STATE, Filter.NAME, Filter.TAG, Filter.CREATED);
    assertThat(capabilities.extras()).isEmpty();
  }

  @Test
  void twoHundredAndFiftyIdsAreThreeCalls() {
    List<RunRef> refs = IntStream.range(0, 250).mapToObj(i -> ref("ap-guangzhou", i)).toList();

    TestProvider.Outcome<List<JobRun.Builder>> outcome =
        TestProvider.run(provider.get(refs), BatchProviderTest::echo);

    assertThat(outcome.calls()).hasSize(3);
    assertThat(outcome.calls())
        .allSatisfy(call -> assertThat(TestProvider.body(call)).endsWith(",\"Limit\":100}"));
    assertThat(outcome.get()).extracting(JobRun.Builder::ref).containsExactlyElementsOf(refs);
  }

  @Test
  void idsOfSeveralRegionsAreAskedRegionByRegion() {
    List<RunRef> refs = List.of(ref("ap-tokyo", 1), ref("ap-seoul", 2), ref("ap-tokyo", 3));

    TestProvider.Outcome<List<JobRun.Builder>> outcome =
        TestProvider.run(provider.get(refs), BatchProviderTest::echo);

    assertThat(outcome.calls())
        .extracting(call -> call.request().header("X-TC-Region").orElse(""))
        .containsExactly("ap-tokyo", "ap-seoul");
    assertThat(outcome.calls())
        .extracting(call -> call.quota().key())
        .containsExactly(
            "tencent-batch/ap-tokyo/DescribeJobs", "tencent-batch/ap-seoul/DescribeJobs");
    assertThat(outcome.get())
        .extracting(JobRun.Builder::ref)
        .containsExactlyInAnyOrderElementsOf(refs);
  }

  @Test
  void noIdsAreNoCalls() {
    assertThat(TestProvider.run(provider.get(List.of()), BatchProviderTest::echo).calls())
        .isEmpty();
  }

  @Test
  void anIdAloneNamesARunWhereThereIsOneRegion() {
    BatchProvider single = TestProvider.of("ap-guangzhou");

    assertThat(single.runRef(List.of("job-7e7evk2x")))
        .hasToString("tencent-batch:ap-guangzhou:job-7e7evk2x");
    assertThat(single.jobRef(List.of("job-7e7evk2x")))
        .hasToString("tencent-batch:ap-guangzhou:job-7e7evk2x");
  }

  @Test
  void anIdAloneIsNotEnoughWhereThereAreSeveralRegions() {
    assertThatThrownBy(() -> provider.runRef(List.of("job-7e7evk2x")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("ap-guangzhou, ap-shanghai")
        .hasMessageContaining("tencent-batch:REGION:JOBID");
  }

  @Test
  void twoIdsAreOneTooMany() {
    assertThatThrownBy(() -> provider.jobRef(List.of("a", "b")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("JobId");
  }

  @Test
  void fieldsThatTheVendorAddsLaterSpoilNeitherARunNorItsTasks() {
    String later = "\"New\":{\"a\":[1.5]},\"More\":[\"b\"]";
    String metrics = "{\"FailedCount\":1,\"FailedShare\":0.5," + later + "}";
    Map<String, String> answers =
        Map.of(
            "DescribeJobs",
            "\"JobSet\":[{\"JobId\":\"job-1\",\"TaskMetrics\":" + metrics + "," + later + "}]",
            "DescribeJob",
            "\"JobState\":\"FAILED\",\"TaskMetrics\":"
                + metrics
                + ",\"TaskSet\":[{\"TaskName\":\"t\",\"TaskState\":\"FAILED\","
                + later
                + "}],\"DependenceSet\":[{\"StartTask\":\"t\",\"EndTask\":\"u\","
                + later
                + "}]",
            "DescribeTask",
            "\"TaskInstanceMetrics\":"
                + metrics
                + ",\"TaskInstanceSet\":[{\"TaskInstanceIndex\":0,\"ExitCode\":3,"
                + "\"RedirectInfo\":{"
                + later
                + "},"
                + later
                + "}]",
            "DescribeTaskLogs",
            "\"TaskInstanceLogSet\":[{\"TaskInstanceIndex\":0,\"StdoutLog\":\"b2s=\","
                + later
                + "}]");
    RunRef ref = new RunRef(TencentBatch.ID, "ap-guangzhou", List.of("job-1"));
    Function<Call, String> vendor =
        call -> "{\"Response\":{" + answers.get(call.action()) + "," + later + "}}";

    JobRun run = TestProvider.run(provider.get(List.of(ref)), vendor).get().get(0).build();
    RunDetail detail = TestProvider.run(provider.diagnose(ref), vendor).get().build(run);

    assertThat(run.tasks().failed()).isEmpty(); // FailedInterruptedCount is missing
    assertThat(detail.tasks()).hasSize(1);
    assertThat(detail.tasks().get(0).exitCode()).hasValue(3);
    assertThat(detail.tasks().get(0).logTail()).hasValue("StdoutLog:\nok");
    assertThat(detail.notes()).isEmpty();
  }

  @Test
  void aRawRequestIsSentAsItIs() {
    Call call =
        provider.raw(
            RawRequest.action("DescribeTask")
                .region("ap-seoul")
                .json("{\"JobId\": \"job-1\"}")
                .build());

    assertThat(HttpText.write(call.request()))
        .isEqualTo(
            """
            POST https://batch.tencentcloudapi.com/
            content-type: application/json; charset=utf-8
            x-tc-action: DescribeTask
            x-tc-language: en-US
            x-tc-region: ap-seoul
            x-tc-version: 2017-03-12

            {"JobId": "job-1"}""");
    assertThat(call.repeatable()).isFalse();
    assertThat(call.signed()).isTrue();
    assertThat(call.quota().key()).isEqualTo("tencent-batch/ap-seoul/DescribeTask");
  }

  @Test
  void aRawRequestGoesToTheFirstRegionWithAnEmptyObjectUnlessSaidOtherwise() {
    Call call = provider.raw(RawRequest.action("DescribeEnvs").path("/").repeatable().build());

    assertThat(call.request().header("X-TC-Region")).hasValue("ap-guangzhou");
    assertThat(TestProvider.body(call)).isEqualTo("{}");
    assertThat(call.repeatable()).isTrue();
  }

  @Test
  void aRawRequestWithWhatTheVendorDoesNotHaveIsRefused() {
    RawRequest.Builder request = RawRequest.action("DescribeJobs");

    assertThatThrownBy(() -> provider.raw(request.method("GET").build()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("leave method, path and query out");
    assertThatThrownBy(() -> provider.raw(RawRequest.action("A").path("/v1/jobs").build()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> provider.raw(RawRequest.action("A").query("a", "b").build()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> provider.raw(RawRequest.action("A").region("evil.com/#").build()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("region");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://batch.example.com",
        "https://batch.tencentcloudapi.com.example.com",
        "https://tencentcloudapi.com.cn",
        "http://batch.tencentcloudapi.com",
      })
  void anEndpointOffTheVendorsDomainIsRefused(String endpoint) {
    assertThatThrownBy(
            () -> TencentBatch.builder().region("ap-guangzhou").endpoint(endpoint).build())
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("endpoint");
  }

  @Test
  void withoutARegionThereIsNoClient() {
    assertThatThrownBy(() -> TencentBatch.builder().build())
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("region");
  }

  /** Each of them needs no permission: all are below the vendor's domain. */
  @ParameterizedTest
  @CsvFileSource(resources = "/hosts.csv", useHeadersInDisplayName = true)
  void requestsGoToTheDocumentedHost(
      String region, @Nullable String endpoint, String network, String host, int perSecond) {
    TencentBatch.Builder builder = TencentBatch.builder().region(region).vpc(network.equals("vpc"));
    if (endpoint != null) {
      builder.endpoint(endpoint);
    }
    Step<?> step = builder.provider().runs(new Scope(region, List.of(), ""), JobQuery.ALL, 0, 1);

    Call call = ((Step.Ask<?>) step).call();
    assertThat(call.request().url()).isEqualTo("https://" + host + "/");
    assertThat(call.request().header("X-TC-Region")).contains(region);
    assertThat(call.quota().rate()).isEqualTo(Rate.perSecond(perSecond));
  }

  @Test
  void anEndpointCountsForAllRegionsAndForPrivateNetworks() {
    BatchProvider loopback =
        TestProvider.at("http://127.0.0.1:8080", true, List.of("ap-tokyo", "ap-shanghai-fsi"));
    for (String region : List.of("ap-tokyo", "ap-shanghai-fsi")) {
      Step<?> step = loopback.runs(new Scope(region, List.of(), ""), JobQuery.ALL, 0, 1);

      assertThat(((Step.Ask<?>) step).call().request().url()).isEqualTo("http://127.0.0.1:8080/");
    }
  }

  private static RunRef ref(String region, int number) {
    return new RunRef(TencentBatch.ID, region, List.of("job-" + number));
  }

  /** Answers with a job for each id that was asked for. */
  private static String echo(Call call) {
    Object body = JsonReader.readTree(TestProvider.body(call).getBytes(StandardCharsets.UTF_8));
    if (!(body instanceof Map<?, ?> map) || !(map.get("JobIds") instanceof List<?> ids)) {
      throw new AssertionError("no JobIds in " + TestProvider.body(call));
    }
    assertThat(ids).hasSizeLessThanOrEqualTo(100);
    return ids.stream()
        .map(id -> "{\"JobId\":\"" + id + "\"}")
        .collect(Collectors.joining(",", "{\"Response\":{\"JobSet\":[", "]}}"));
  }

  @Test
  void theProvidersSignerSignsTheActionToo() {
    WireRequest signed =
        TestProvider.of("ap-guangzhou")
            .signer()
            .sign(
                HttpText.read("POST https://batch.tencentcloudapi.com/\nx-tc-action: A\n\n{}"),
                Credentials.accessKey("id", "canary-secret"),
                Instant.EPOCH,
                "");

    assertThat(signed.header("Authorization").orElseThrow())
        .startsWith("TC3-HMAC-SHA256 Credential=id/1970-01-01/batch/tc3_request, ")
        .contains("SignedHeaders=content-type;host;x-tc-action, ");
  }
}
