package io.joblens.alibaba.sae;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.joblens.ConfigException;
import io.joblens.Filter;
import io.joblens.Finality;
import io.joblens.Job;
import io.joblens.JobQuery;
import io.joblens.JobRef;
import io.joblens.JobRun;
import io.joblens.JobServiceException.Kind;
import io.joblens.JobState;
import io.joblens.RawRequest;
import io.joblens.RunRef;
import io.joblens.spi.Call;
import io.joblens.spi.Capabilities;
import io.joblens.spi.Config;
import io.joblens.spi.ConfigKey;
import io.joblens.spi.JobProviderFactory;
import io.joblens.spi.Jobs;
import io.joblens.spi.JsonReader;
import io.joblens.spi.Rate;
import io.joblens.spi.Scope;
import io.joblens.spi.Scopes;
import io.joblens.spi.ServiceError;
import io.joblens.spi.Slice;
import io.joblens.spi.Step;
import io.joblens.spi.WireDataException;
import io.joblens.spi.WireResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SaeProviderTest {
  private static final String APP = "7171a6ca-d1cd-4928-8642-7d5cfe690000";
  private static final RunRef RUN = RunRef.parse("alibaba-sae:cn-hangzhou:" + APP + "/event-1");

  @ParameterizedTest
  @CsvSource({
    "0, QUEUED, OPEN",
    "1, SUCCEEDED, FINISHED",
    "2, FAILED, FINISHED",
    "3, RUNNING, OPEN",
    "4, UNKNOWN, OPEN",
    "Running, UNKNOWN, OPEN",
  })
  void everyDocumentedStateWordHasItsMeaning(String word, JobState state, Finality finality) {
    JobRun run = get("{\"JobId\":\"event-1\",\"State\":\"" + word + "\"}").get(0).build();
    assertThat(run.state()).isEqualTo(state);
    assertThat(run.finality()).isEqualTo(finality);
    assertThat(run.rawState()).isEqualTo(word);
  }

  @Test
  void runWithoutStateIsUnknownAndNotFinished() {
    JobRun run = get("{\"JobId\":\"event-1\"}").get(0).build();
    assertThat(run.state()).isEqualTo(JobState.UNKNOWN);
    assertThat(run.isFinished()).isFalse();
    assertThat(run.tasks().isEmpty()).isTrue();
    assertThat(run.createdAt()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "1657522800, 2022-07-11T07:00:00Z",
    "1657522800123, 2022-07-11T07:00:00.123Z",
    "100000000000, 5138-11-16T09:46:40Z",
    "100000000001, 1973-03-03T09:46:40.001Z",
    "1, 1970-01-01T00:00:01Z",
    "0, ",
    "-1, ",
    "'\"\"', ",
    "'\"Null\\n\"', ",
    "null, ",
  })
  void timesAreSecondsOrMillisecondsOrAbsent(String json, Instant expected) {
    JobRun run =
        get("{\"JobId\":\"event-1\",\"State\":\"0\",\"StartTime\":" + json + "}").get(0).build();
    assertThat(run.createdAt()).isEqualTo(Optional.ofNullable(expected));
    assertThat(run.notes()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.5", "\"2022-07-11\"", "1e9", "99999999999999999999", "\"9\\u0000\""})
  void timeThatCannotBeReadIsAbsentAndNoted(String json) {
    JobRun run =
        get("{\"JobId\":\"event-1\",\"State\":\"0\",\"StartTime\":" + json + "}").get(0).build();
    assertThat(run.createdAt()).isEmpty();
    assertThat(run.notes()).hasSize(1);
    assertThat(run.notes().get(0)).startsWith("StartTime '").endsWith("left out: it is no time");
    assertThat(run.notes().get(0).chars()).noneMatch(Character::isISOControl);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "null",
        "[]",
        "\"x\"",
        "{\"foo\":1}",
        "{\"Success\":true}",
        "{\"Data\":[],\"Success\":true}",
        "{\"Data\":{\"Jobs\":{}},\"Success\":true}",
        "{\"Data\":{},\"Success\":true}",
        "{\"Data\":{\"Jobs\":null},\"Success\":true}",
        "{\"Data\":{\"Jobs\":null,\"TotalSize\":1},\"Success\":true}",
        "{\"Data\":{\"Jobs\":[null]},\"Success\":true}",
        "{\"Data\":{\"Jobs\":[{}]},\"Success\":true}",
        "{\"Data\":{\"Jobs\":[{\"JobId\":\"Null\\n\"}]},\"Success\":true}",
        "{\"Data\":{\"Jobs\":[{\"JobId\":\"a\\u0000b\"}]},\"Success\":true}",
        "{\"Data\":{\"Jobs\":[{\"JobId\":\"a\",\"Active\":1.9}]},\"Success\":true}",
        "{\"Data\":{\"Jobs\":[{\"JobId\":\"a\",\"JobId\":\"b\"}]},\"Success\":true}",
        "{\"Data\":{\"Jobs\":[]},\"Success\":true} <html>",
        "",
      })
  void answerWithoutItsListIsNeverAnEmptyList(String body) {
    Step<Slice> step = provider().runs(scope(), JobQuery.ALL, 0, 10);
    assertThatThrownBy(() -> answer(step, body)).isInstanceOf(WireDataException.class);
  }

  @Test
  void successWithPlaceholderErrorCodesIsSuccess() {
    for (String word : List.of("Null\\n", "空", "", "null")) {
      Step<Slice> step =
          answer(
              provider().runs(scope(), JobQuery.ALL, 0, 10),
              "{\"ErrorCode\":\""
                  + word
                  + "\",\"Code\":\"200\",\"Success\":true,\"Data\":{\"Jobs\":[]}}");
      assertThat(step).isInstanceOf(Step.Done.class);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "200, '{\"Success\":false,\"Code\":\"404\",\"ErrorCode\":\"InvalidAppId.NotFound\"}', NOT_FOUND",
    "404, '{\"Code\":\"InvalidAppId.NotFound\",\"Message\":\"m\"}', NOT_FOUND",
    "400, '{\"Code\":\"InvalidApplication.NotFound\"}', NOT_FOUND",
    "404, '{\"Code\":\"InvalidResponse.Api\"}', SERVER_ERROR",
    "400, '{\"Code\":\"InvalidParameter.WithMessage\"}', INVALID_REQUEST",
    "400, '{\"Code\":\"InvalidServerlessRegion.Unsupported\"}', INVALID_REQUEST",
    "400, '{\"Code\":\"Throttling.User\"}', THROTTLED",
    "403, '{\"Code\":\"AccessDenied\"}', ACCESS_DENIED",
  })
  void documentedErrorsHaveTheirKinds(int status, String body, Kind kind) {
    Call call = ((Step.Ask<Slice>) provider().runs(scope(), JobQuery.ALL, 0, 10)).call();
    ServiceError error =
        provider()
            .error(call, new WireResponse(status, Map.of(), body.getBytes(UTF_8)))
            .orElseThrow();
    assertThat(error.kind()).isEqualTo(kind);
    if (kind == Kind.ACCESS_DENIED) {
      assertThat(error.hint().orElseThrow()).contains("sae:DescribeJobHistory");
    }
  }

  @Test
  void failureInsideOkFailsTheStep() {
    Step<Slice> step =
        answer(
            provider().runs(scope(), JobQuery.ALL, 0, 10),
            "{\"Success\":false,\"ErrorCode\":\"InvalidAppId.NotFound\",\"Data\":\"\"}");
    assertThat(step).isInstanceOf(Step.Failed.class);
    assertThat(((Step.Failed<Slice>) step).error().kind()).isEqualTo(Kind.NOT_FOUND);
  }

  @Test
  void runsThatDoNotExistAreLeftOutAndTheOthersAreRead() {
    RunRef other = RunRef.parse("alibaba-sae:cn-beijing:" + APP + "/event-2");
    Step<List<JobRun.Builder>> first = provider().get(List.of(RUN, other));
    Step<List<JobRun.Builder>> second =
        ((Step.Ask<List<JobRun.Builder>>) first)
            .recover()
            .apply(ServiceError.of(Kind.NOT_FOUND, 404).code("InvalidAppId.NotFound").build())
            .orElseThrow();
    assertThat(((Step.Ask<List<JobRun.Builder>>) second).call().request().host())
        .isEqualTo("sae.cn-beijing.aliyuncs.com");
    Step<List<JobRun.Builder>> done =
        answer(second, "{\"Success\":true,\"Data\":{\"JobId\":\"event-2\",\"State\":\"1\"}}");
    assertThat(value(done)).extracting(JobRun.Builder::ref).containsExactly(other);
  }

  @Test
  void onlySaeItselfCanSayThatARunIsMissing() {
    Step.Ask<List<JobRun.Builder>> ask =
        (Step.Ask<List<JobRun.Builder>>) provider().get(List.of(RUN));
    assertThat(ask.recover().apply(ServiceError.of(Kind.NOT_FOUND, 404).build())).isEmpty();
    for (Kind kind : Kind.values()) {
      if (kind != Kind.NOT_FOUND) {
        assertThat(ask.recover().apply(ServiceError.of(kind, 400).code("X").build())).isEmpty();
      }
    }
  }

  @Test
  void answerAboutAnotherRunOrJobIsRefused() {
    assertThatThrownBy(() -> get("{\"JobId\":\"event-9\",\"State\":\"1\"}"))
        .isInstanceOf(WireDataException.class)
        .hasMessageContaining("/Data/JobId")
        .hasMessageNotContaining("event-9");
    assertThatThrownBy(
            () ->
                answer(
                    provider().job(RUN.job()), "{\"Success\":true,\"Data\":{\"AppId\":\"other\"}}"))
        .isInstanceOf(WireDataException.class)
        .hasMessageContaining("/Data/AppId");
    assertThatThrownBy(() -> answer(provider().job(RUN.job()), "{\"Success\":true,\"Data\":{}}"))
        .isInstanceOf(WireDataException.class);
    assertThatThrownBy(() -> answer(provider().job(RUN.job()), "{\"Success\":true,\"Data\":null}"))
        .isInstanceOf(WireDataException.class);
    assertThatThrownBy(() -> answer(provider().get(List.of(RUN)), "{\"Success\":true}"))
        .isInstanceOf(WireDataException.class)
        .hasMessageContaining("/Data is missing");
  }

  @Test
  void namedTemplatesAreLookedForOnceInEachOfSeveralRegions() {
    SaeProvider provider =
        (SaeProvider) AlibabaSae.builder().regions(List.of("cn-hangzhou", "cn-beijing")).provider();
    JobQuery query = JobQuery.builder().jobs(List.of("app-0", "app-1", "no-such")).build();
    List<String> asked = new ArrayList<>();
    Step<Scopes> step = provider.scopes(query, Optional.empty());
    while (step instanceof Step.Ask<Scopes> ask) {
      String host = ask.call().request().host();
      asked.add(host);
      String app = host.equals("sae.cn-hangzhou.aliyuncs.com") ? "app-0" : "app-1";
      String body =
          "{\"Success\":true,\"Data\":{\"Applications\":[{\"AppId\":\"%s\"}],\"TotalSize\":1}}"
              .formatted(app);
      step = ask.then().apply(new WireResponse(200, Map.of(), body.getBytes(UTF_8)));
    }
    assertThat(asked)
        .containsExactly("sae.cn-hangzhou.aliyuncs.com", "sae.cn-beijing.aliyuncs.com");
    // what is in neither is asked for in both, so that SAE itself says so
    assertThat(((Step.Done<Scopes>) step).value().scopes())
        .extracting(Scope::toString)
        .containsExactly(
            "cn-hangzhou:app-0", "cn-beijing:app-1", "cn-hangzhou:no-such", "cn-beijing:no-such");
  }

  @Test
  void scopesOfOneRegionAreJobsInOneStateWordOrInAll() {
    SaeProvider provider =
        (SaeProvider) AlibabaSae.builder().region("cn-hangzhou").jobs(List.of("a", "b")).provider();
    assertThat(scopes(provider, JobQuery.ALL))
        .containsExactly(
            new Scope("cn-hangzhou", List.of("a"), ""), new Scope("cn-hangzhou", List.of("b"), ""));
    JobQuery query = JobQuery.builder().job("c").states(JobState.FAILED).build();
    assertThat(scopes(provider, query))
        .containsExactly(new Scope("cn-hangzhou", List.of("c"), "2"));
  }

  @ParameterizedTest
  @CsvSource({
    "1, 200, 401, 2",
    "2, 200, 401, 3",
    "3, 200, 401, ",
    "1, 200, 200, ",
    "1, 100, 101, 2", // the vendor may give smaller pages than asked for
    "2, 100, 200, ",
    "1, , 201, 2",
    "1, 0, 201, 2",
  })
  void jobTemplatesGoOnAsLongAsTheVendorCountsMore(int page, String size, long total, String next) {
    String body =
        "{\"Success\":true,\"Data\":{\"Applications\":[{\"AppId\":\"a\"}],\"TotalSize\":"
            + total
            + (size == null ? "" : ",\"PageSize\":" + size)
            + "}}";
    Step<Jobs> step =
        provider()
            .jobs(
                new Scope("cn-hangzhou", List.of(), ""),
                JobQuery.ALL,
                Optional.of(String.valueOf(page)));
    assertThat(value(answer(step, body)).next()).isEqualTo(Optional.ofNullable(next));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"Success\":true}",
        "{\"Success\":true,\"Data\":{}}",
        "{\"Success\":true,\"Data\":{\"Applications\":null,\"TotalSize\":1}}",
        "{\"Success\":true,\"Data\":{\"Applications\":[{}],\"TotalSize\":1}}",
        "{\"Success\":true,\"Data\":{\"Applications\":[{\"AppId\":\"a\\u0000\"}]}}",
      })
  void listOfTemplatesThatCannotBeReadIsNeverAnEmptyOne(String body) {
    Step<Jobs> step =
        provider().jobs(new Scope("cn-hangzhou", List.of(), ""), JobQuery.ALL, Optional.empty());
    assertThatThrownBy(() -> answer(step, body)).isInstanceOf(WireDataException.class);
  }

  @Test
  void fullPageOfTemplatesWithoutACountIsNotTakenForAll() {
    String row = "{\"AppId\":\"a\"}";
    Step<Jobs> step =
        provider().jobs(new Scope("cn-hangzhou", List.of(), ""), JobQuery.ALL, Optional.empty());
    String rows = String.join(",", Collections.nCopies(200, row));
    assertThatThrownBy(
            () -> answer(step, "{\"Success\":true,\"Data\":{\"Applications\":[" + rows + "]}}"))
        .isInstanceOf(WireDataException.class)
        .hasMessageContaining("TotalSize");
    Step<Jobs> few = answer(step, "{\"Success\":true,\"Data\":{\"Applications\":[" + row + "]}}");
    assertThat(value(few).rows()).hasSize(1);
  }

  @Test
  void statesThatNoWordSeparatesAreListedAtOnce() {
    assertThat(words(JobState.FAILED, JobState.UNKNOWN)).containsExactly("");
    assertThat(words(JobState.QUEUED, JobState.RUNNING, JobState.SUCCEEDED, JobState.FAILED))
        .containsExactly("");
    assertThat(words(JobState.QUEUED, JobState.FAILED)).as("one call, not two").containsExactly("");
    assertThat(words(JobState.SUCCEEDED)).containsExactly("1");
  }

  @Test
  void pagesCountFromOne() {
    for (int page = 1; page < 5; page++) {
      Step.Ask<Slice> ask =
          (Step.Ask<Slice>) provider().runs(scope(), JobQuery.ALL, (page - 1) * 10_000L, 10_000);
      assertThat(ask.call().request().encodedQuery())
          .isEqualTo("AppId=" + APP + "&CurrentPage=" + page + "&PageSize=10000");
    }
  }

  @Test
  void capabilitiesSayWhatIsPushedAndWhatIsLocal() {
    Capabilities listing = provider().capabilities(JobQuery.ALL);
    assertThat(listing.pushed()).containsExactlyInAnyOrder(Filter.RUN_ID, Filter.JOB, Filter.STATE);
    assertThat(listing.local())
        .containsExactlyInAnyOrder(Filter.CREATED, Filter.FINISHED, Filter.PROBLEM, Filter.NAME);
    assertThat(listing.paging()).isEqualTo(Capabilities.Paging.PAGE_NUMBER);
    assertThat(listing.maxPage()).isEqualTo(10_000);
    assertThat(listing.maxIds()).isEqualTo(1);
    assertThat(listing.states())
        .containsExactlyInAnyOrder(
            JobState.QUEUED,
            JobState.RUNNING,
            JobState.SUCCEEDED,
            JobState.FAILED,
            JobState.UNKNOWN);

    Capabilities unknown =
        provider().capabilities(JobQuery.builder().states(JobState.UNKNOWN).build());
    assertThat(unknown.local()).contains(Filter.STATE);
    Capabilities byId = provider().capabilities(JobQuery.builder().runs(List.of(RUN)).build());
    assertThat(byId.pushed()).containsExactly(Filter.RUN_ID);
    assertThat(byId.local()).contains(Filter.STATE, Filter.JOB, Filter.CREATED, Filter.FINISHED);
  }

  /**
   * The <a href="https://help.aliyun.com/en/sae/api-sae-2019-05-06-endpoint">endpoint table</a>.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "cn-beijing",
        "cn-zhangjiakou",
        "cn-wulanchabu",
        "cn-hangzhou",
        "cn-shanghai",
        "cn-shenzhen",
        "cn-heyuan",
        "cn-guangzhou",
        "cn-chengdu",
        "cn-hongkong",
        "ap-northeast-1",
        "ap-southeast-1",
        "eu-central-1",
        "us-east-1",
        "us-west-1",
        "xx-opened-later-9"
      })
  void hostsFollowTheDocumentedTable(String region) {
    assertThat(host(AlibabaSae.builder().region(region)))
        .isEqualTo("https://sae." + region + ".aliyuncs.com");
    assertThat(host(AlibabaSae.builder().region(region).vpc(true)))
        .isEqualTo("https://sae-vpc." + region + ".aliyuncs.com");
    assertThat(host(AlibabaSae.builder().region(region).endpoint("http://127.0.0.1:8080")))
        .isEqualTo("http://127.0.0.1:8080");
  }

  @Test
  void endpointOutsideTheVendorsDomainsIsRefused() {
    assertThatThrownBy(
            () ->
                AlibabaSae.builder().region("cn-hangzhou").endpoint("https://evil.com").provider())
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("aliyuncs.com");
    assertThatThrownBy(() -> AlibabaSae.builder().region("x@evil.com/"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> AlibabaSae.builder().provider())
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("region");
  }

  @Test
  void quotaIsOneForAllOperations() {
    SaeProvider provider = provider();
    List<Call> calls =
        List.of(
            ((Step.Ask<?>) provider.runs(scope(), JobQuery.ALL, 0, 1)).call(),
            ((Step.Ask<?>) provider.get(List.of(RUN))).call(),
            ((Step.Ask<?>) provider.job(RUN.job())).call(),
            provider.raw(RawRequest.action("ListJobs").build()));
    assertThat(calls).extracting(Call::quota).containsOnly(calls.get(0).quota());
    assertThat(calls.get(0).quota().rate()).isEqualTo(Rate.perMinute(60));
  }

  @Test
  void idsInHandBecomeReferences() {
    SaeProvider one = (SaeProvider) AlibabaSae.builder().region("cn-hangzhou").job(APP).provider();
    assertThat(one.runRef(List.of("event-1"))).isEqualTo(RUN);
    assertThat(one.runRef(List.of(APP, "event-1"))).isEqualTo(RUN);
    assertThat(provider().runRef(List.of(APP, "event-1"))).isEqualTo(RUN);
    assertThat(provider().jobRef(List.of(APP))).isEqualTo(RUN.job());
    assertThatThrownBy(() -> provider().runRef(List.of("event-1")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("AppId")
        .hasMessageContaining("JobId");
    assertThatThrownBy(() -> provider().jobRef(List.of("a", "b")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("AppId");
    SaeProvider two =
        (SaeProvider) AlibabaSae.builder().regions(List.of("cn-hangzhou", "cn-beijing")).provider();
    assertThatThrownBy(() -> two.jobRef(List.of(APP)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("cn-hangzhou, cn-beijing");
  }

  @Test
  void referencesOfAnotherShapeAreRefusedBeforeAnyCall() {
    assertThatThrownBy(
            () -> provider().get(List.of(RunRef.parse("alibaba-sae:cn-hangzhou:event-1"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("AppId/JobId");
    assertThatThrownBy(() -> provider().job(JobRef.parse("alibaba-sae:cn-hangzhou:a/b")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("AppId");
  }

  @Test
  void rawRequestsGoToTheirOperationsPath() {
    Call known =
        provider()
            .raw(RawRequest.action("DescribeJob").query("AppId", APP).query("JobId", "j").build());
    assertThat(known.request().method()).isEqualTo("GET");
    assertThat(known.request().url())
        .isEqualTo(
            "https://sae.cn-hangzhou.aliyuncs.com/pop/v1/sam/job/describeJob?AppId="
                + APP
                + "&JobId=j");
    assertThat(known.repeatable()).isFalse();
    Call own =
        provider()
            .raw(
                RawRequest.action("Other")
                    .path("/pop/v1/a b")
                    .region("cn-beijing")
                    .json("{}")
                    .repeatable()
                    .build());
    assertThat(own.request().method()).isEqualTo("POST");
    assertThat(own.request().url()).isEqualTo("https://sae.cn-beijing.aliyuncs.com/pop/v1/a%20b");
    assertThat(own.request().header("content-type")).contains("application/json");
    assertThat(own.request().body()).isEqualTo("{}".getBytes(StandardCharsets.UTF_8));
    assertThat(own.request().header("x-acs-action")).contains("Other");
    assertThat(own.repeatable()).isTrue();
  }

  @Test
  void rawRequestsMayNameMethodAndRoot() {
    Call root = provider().raw(RawRequest.action("Other").method("POST").path("/").build());
    assertThat(root.request().method()).isEqualTo("POST");
    assertThat(root.request().url()).isEqualTo("https://sae.cn-hangzhou.aliyuncs.com/");
    assertThat(root.request().header("content-type")).isEmpty();
  }

  @Test
  void rawRequestsThatCannotBeSentSayWhy() {
    assertThatThrownBy(() -> provider().raw(RawRequest.action("Other").build()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("path is missing");
    assertThatThrownBy(
            () -> provider().raw(RawRequest.action("ListJobs").method("GET").json("{}").build()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("query");
    assertThatThrownBy(() -> provider().raw(RawRequest.action("X").path("/a/../b").build()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("path");
    assertThatThrownBy(
            () -> provider().raw(RawRequest.action("ListJobs").region("x@evil.com/").build()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("region");
  }

  @Test
  void everyFieldOfTheDocumentedJobTemplateHasAPlace() throws IOException {
    byte[] body =
        Files.readAllBytes(Path.of("src/test/resources/wire/job/documented-example/response.json"));
    Map<?, ?> data = (Map<?, ?>) ((Map<?, ?>) tree(body)).get("Data");
    JobRef ref =
        new JobRef(AlibabaSae.ID, "cn-beijing", List.of("7171a6ca-d1cd-4928-8642-7d5cfe69****"));
    Job job = value(answer(provider().job(ref), new String(body, UTF_8))).build();
    Map<String, Object> neutral =
        Map.ofEntries(
            Map.entry("AppId", job.ref().jobId()),
            Map.entry("AppName", job.name().orElseThrow()),
            Map.entry("AppDescription", job.description().orElseThrow()),
            Map.entry("ConcurrencyPolicy", job.concurrencyPolicy().orElseThrow()),
            Map.entry("Suspend", !job.enabled().orElseThrow()),
            Map.entry("Timeout", Math.toIntExact(job.timeout().orElseThrow().toSeconds())),
            Map.entry("BackoffLimit", job.retries().orElseThrow()),
            Map.entry("Cpu", Integer.valueOf(job.resources().get("cpu"))),
            Map.entry("Memory", Integer.valueOf(job.resources().get("memory"))),
            Map.entry("Replicas", Integer.valueOf(job.resources().get("replicas"))),
            Map.entry("Tags", List.of(Map.of("Key", "k1", "Value", job.labels().get("k1")))));
    Set<String> secret =
        Set.of(
            "OssAkId",
            "OssAkSecret",
            "ImagePullSecrets",
            "Envs",
            "SliceEnvs",
            "SlsConfigs",
            "PublicWebHookUrls",
            "VpcWebHookUrls");
    assertThat(data).hasSize(60);
    requireNonNull(data)
        .forEach(
            (name, value) -> {
              if (neutral.containsKey(name)) {
                assertThat(neutral.get(name)).as("%s", name).isEqualTo(value);
                assertThat(job.attributes()).doesNotContainKey(String.valueOf(name));
              } else if (secret.contains(name)) {
                assertThat(job.attributes()).containsKey(String.valueOf(name));
                assertThat(job.attributes().get(name)).as("%s", name).isNotEqualTo(value);
              } else {
                assertThat(job.attributes().get(name)).as("%s", name).isEqualTo(value);
              }
            });
    assertThat(job.schedule()).contains("0 1 */1 * ?");
    assertThat(job.zone()).contains("GMT+8:00");
    assertThat(job.timeout()).contains(Duration.ofHours(1));
  }

  @Test
  void secretsOfAJobTemplateAreShownOnlyOnRequest() {
    String data =
        "{\"AppId\":\""
            + APP
            + "\",\"OssAkId\":\"CANARY1\",\"OssAkSecret\":\"CANARY2\",\"ImagePullSecrets\":\"CANARY3\","
            + "\"Envs\":\"[{\\\"name\\\":\\\"N\\\",\\\"value\\\":\\\"CANARY4\\\"}]\","
            + "\"SliceEnvs\":\"CANARY5\",\"PublicWebHookUrls\":[\"http://h/w?token=CANARY6\"],"
            + "\"VpcWebHookUrls\":[\"http://h/w?token=CANARY7\"],"
            + "\"PackageUrl\":\"https://b/p.jar?Signature=CANARY8\"}";
    Job job =
        value(answer(provider().job(RUN.job()), "{\"Success\":true,\"Data\":" + data + "}"))
            .build();
    String shown =
        job
            + job.toJson()
            + job.attributes()
            + job.raw().orElseThrow()
            + job.raw().orElseThrow().json();
    assertThat(shown).doesNotContain("CANARY").contains("***", "\\\"name\\\":\\\"N\\\"");
    assertThat(job.raw().orElseThrow().unmasked()).isEqualTo(data);
  }

  @Test
  void triggerConfigThatIsNoJsonLeavesTheScheduleAbsent() {
    for (String config : List.of("", "Null\\n", "{", "[]", "{\\\"type\\\":\\\"time\\\"}", "1")) {
      Job job =
          value(
                  answer(
                      provider().job(RUN.job()),
                      "{\"Success\":true,\"Data\":{\"AppId\":\""
                          + APP
                          + "\",\"TriggerConfig\":\""
                          + config
                          + "\"}}"))
              .build();
      assertThat(job.schedule()).as(config).isEmpty();
      assertThat(job.zone()).isEmpty();
      assertThat(job.attributes()).containsKey("TriggerConfig");
    }
  }

  @Test
  void factoryIsFoundAndReadsItsKeys() {
    JobProviderFactory factory =
        ServiceLoader.load(JobProviderFactory.class).stream()
            .map(ServiceLoader.Provider::get)
            .filter(found -> found.id().equals(AlibabaSae.ID))
            .findFirst()
            .orElseThrow();
    assertThat(factory.keys()).extracting(ConfigKey::name).containsExactly("job", "namespace");
    assertThat(factory.keys())
        .extracting(ConfigKey::shape)
        .containsExactly(ConfigKey.Shape.NAMED_LIST, ConfigKey.Shape.LIST);
    assertThat(factory.credentialKeys())
        .extracting(ConfigKey::name)
        .containsExactly("access-key-id", "access-key-secret", "security-token", "profile");
    assertThat(factory.states().rows()).containsOnlyKeys("0", "1", "2", "3");
    assertThat(factory.capabilities().maxPage()).isEqualTo(10_000);

    Config config =
        new Config(Map.of(), Map.of("job", List.of("a", "b")), Map.of("a", "settle"), Map.of());
    AlibabaSae.Builder builder = (AlibabaSae.Builder) factory.configure(config);
    assertThat(scopes((SaeProvider) builder.region("cn-hangzhou").provider(), JobQuery.ALL))
        .extracting(Scope::path)
        .containsExactly(List.of("a"), List.of("b"));
    assertThatThrownBy(
            () ->
                factory.configure(
                    new Config(Map.of(), Map.of(), Map.of(), Map.of("access-key-id", "i"))))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("access-key-secret");
  }

  @ParameterizedTest
  @EnumSource(Filter.class)
  void whatTheRowsDoNotCarryCannotBeAnswered(Filter filter) {
    Capabilities listing = provider().capabilities(JobQuery.ALL);
    boolean answered = listing.pushed().contains(filter) || listing.local().contains(filter);
    assertThat(answered).isEqualTo(filter != Filter.TAG);
  }

  private static SaeProvider provider() {
    return (SaeProvider) AlibabaSae.builder().region("cn-hangzhou").provider();
  }

  private static Scope scope() {
    return new Scope("cn-hangzhou", List.of(APP), "");
  }

  private static List<Scope> scopes(SaeProvider provider, JobQuery query) {
    return value(provider.scopes(query, Optional.empty())).scopes();
  }

  private static List<String> words(JobState... states) {
    JobQuery query = JobQuery.builder().job(APP).states(states).build();
    return scopes(provider(), query.toBuilder().job(APP).build()).stream()
        .map(Scope::slice)
        .toList();
  }

  private static String host(AlibabaSae.Builder builder) {
    RunRef ref = RUN;
    Call call =
        builder
            .provider()
            .raw(RawRequest.action("DescribeJob").query("AppId", ref.runId()).build());
    return call.request().scheme() + "://" + call.request().host();
  }

  private static List<JobRun.Builder> get(String data) {
    return new ArrayList<>(
        value(answer(provider().get(List.of(RUN)), "{\"Success\":true,\"Data\":" + data + "}")));
  }

  private static Object tree(byte[] body) {
    Object tree = JsonReader.readTree(body);
    assertThat(tree).isNotNull();
    return tree;
  }

  private static <T> Step<T> answer(Step<T> step, String body) {
    return ((Step.Ask<T>) step).then().apply(new WireResponse(200, Map.of(), body.getBytes(UTF_8)));
  }

  private static <T> T value(Step<T> step) {
    assertThat(step).isInstanceOf(Step.Done.class);
    return ((Step.Done<T>) step).value();
  }
}
