package io.joblens.vendor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.aliyun.tea.TeaException;
import com.aliyun.teaopenapi.models.Config;
import com.aliyun.teaopenapi.models.OpenApiRequest;
import com.aliyun.teaopenapi.models.Params;
import com.aliyun.teautil.models.RuntimeOptions;
import com.aliyuncs.DefaultAcsClient;
import com.aliyuncs.exceptions.ClientException;
import com.aliyuncs.http.ProtocolType;
import com.aliyuncs.profile.DefaultProfile;
import com.aliyuncs.schedulerx2.model.v20190430.GetJobInstanceRequest;
import com.huaweicloud.sdk.core.auth.BasicCredentials;
import com.huaweicloud.sdk.core.exception.ClientRequestException;
import com.huaweicloud.sdk.workspaceapp.v1.WorkspaceAppClient;
import com.huaweicloud.sdk.workspaceapp.v1.model.ListTaskExecuteHistoryRequest;
import com.huaweicloud.sdk.workspaceapp.v1.model.ListTaskExecuteHistoryResponse;
import com.huaweicloud.sdk.workspaceapp.v1.model.ScheduleTaskExecuteHistory;
import com.huaweicloud.sdk.workspaceapp.v1.model.ScheduleTaskStatus;
import com.tencentcloudapi.batch.v20170312.BatchClient;
import com.tencentcloudapi.batch.v20170312.models.DescribeJobRequest;
import com.tencentcloudapi.batch.v20170312.models.DescribeJobResponse;
import com.tencentcloudapi.batch.v20170312.models.DescribeJobsRequest;
import com.tencentcloudapi.batch.v20170312.models.DescribeJobsResponse;
import com.tencentcloudapi.batch.v20170312.models.Filter;
import com.tencentcloudapi.batch.v20170312.models.JobView;
import com.tencentcloudapi.common.CommonClient;
import com.tencentcloudapi.common.Credential;
import com.tencentcloudapi.common.exception.TencentCloudSDKException;
import com.tencentcloudapi.common.profile.ClientProfile;
import io.joblens.TaskCounts;
import io.joblens.spi.TimeSource;
import io.joblens.testkit.AlibabaSaeCloud;
import io.joblens.testkit.AlibabaSchedulerxCloud;
import io.joblens.testkit.FakeCloud;
import io.joblens.testkit.FakeRun;
import io.joblens.testkit.HuaweiWorkspaceCloud;
import io.joblens.testkit.TencentBatchCloud;
import io.joblens.testkit.World;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The vendors' own clients against the fake clouds: the fakes speak the vendors' protocols, not
 * only ours. They look at the system's clock, so the fakes do too.
 */
class VendorsOnTheWireTest {
  private static final String APP = "7171a6ca-d1cd-4928-8642-7d5cfe690000";
  private static final String PROJECT = "0a1b2c3d4e5f60718293a4b5c6d7e8f9";
  private static final String TASK = "62f48b59-0ebb-4b1e-ad35-f64948a0591b";

  private final World world = new World(TimeSource.system());

  @Test
  void tencentsBatchClientListsAndShowsJobs() throws Exception {
    world.add(
        FakeRun.builder("job-7e7evk2x")
            .region("ap-guangzhou")
            .name("测试 a&b")
            .tag("env", "prod")
            .tasks(
                TaskCounts.builder()
                    .total(1L)
                    .pending(0L)
                    .running(0L)
                    .succeeded(0L)
                    .failed(1L)
                    .build())
            .ends(Duration.ofHours(-1), "FAILED")
            .build());
    world.add(
        FakeRun.builder("job-3n2weaqt")
            .region("ap-guangzhou")
            .at(Duration.ofHours(-2), "RUNNING")
            .build());
    try (TencentBatchCloud cloud = new TencentBatchCloud(world)) {
      cloud.addKey("AKIDtemp", "canary-key", "canary-the-token");
      BatchClient client =
          new BatchClient(
              new Credential("AKIDtemp", "canary-key", "canary-the-token"),
              "ap-guangzhou",
              tencent(cloud));
      DescribeJobsRequest request = new DescribeJobsRequest();
      Filter failed = new Filter();
      failed.setName("job-state");
      failed.setValues(new String[] {"FAILED"});
      request.setFilters(new Filter[] {failed});

      DescribeJobsResponse all = client.DescribeJobs(new DescribeJobsRequest());
      DescribeJobsResponse some = client.DescribeJobs(request);
      DescribeJobRequest one = new DescribeJobRequest();
      one.setJobId("job-7e7evk2x");
      DescribeJobResponse job = client.DescribeJob(one);

      assertThat(all.getTotalCount()).isEqualTo(2);
      assertThat(some.getJobSet()).hasSize(1);
      JobView view = some.getJobSet()[0];
      assertThat(view.getJobName()).isEqualTo("测试 a&b");
      assertThat(view.getJobState()).isEqualTo("FAILED");
      assertThat(view.getTaskMetrics().getFailedCount()).isEqualTo(1);
      assertThat(view.getTags()[0].getValue()).isEqualTo("prod");
      assertThat(view.getEndTime()).endsWith("Z");
      assertThat(job.getJobState()).isEqualTo("FAILED");
      assertThat(job.getZone()).isEqualTo("ap-guangzhou-4");
      assertThat(all.getRequestId()).isNotEmpty();
    }
  }

  @Test
  void tencentsCommonClientGetsTheCodesOfErrors() throws Exception {
    try (TencentBatchCloud cloud = new TencentBatchCloud(world)) {
      cloud.addKey("AKIDexample", "canary-key");

      assertThat(common(cloud, "canary-key").call("DescribeJobs", "{}"))
          .contains("\"TotalCount\":0");
      assertThatThrownBy(() -> common(cloud, "other").call("DescribeJobs", "{}"))
          .isInstanceOfSatisfying(
              TencentCloudSDKException.class,
              e -> assertThat(e.getErrorCode()).isEqualTo("AuthFailure.SignatureFailure"));
      assertThatThrownBy(
              () -> common(cloud, "canary-key").call("DescribeJob", "{\"JobId\":\"job-unknown\"}"))
          .isInstanceOfSatisfying(
              TencentCloudSDKException.class,
              e -> assertThat(e.getErrorCode()).isEqualTo("ResourceNotFound.Job"));
    }
  }

  @Test
  void huaweisClientReadsATasksHistory() {
    world.add(
        FakeRun.builder("record-1")
            .namespace(PROJECT)
            .job(TASK)
            .tasks(TaskCounts.builder().total(3L).running(0L).succeeded(2L).failed(1L).build())
            .starts(Duration.ofHours(-2), "RUNNING")
            .ends(Duration.ofHours(-1), "SUCCESS")
            .build());
    try (HuaweiWorkspaceCloud cloud = new HuaweiWorkspaceCloud(world)) {
      cloud.addKey("AK", "canary-sk");
      cloud.addKey("AKtemp", "canary-sk", "canary-the-token");

      for (BasicCredentials credentials :
          List.of(huawei("AK"), huawei("AKtemp").withSecurityToken("canary-the-token"))) {
        ListTaskExecuteHistoryResponse response =
            huawei(cloud, credentials).listTaskExecuteHistory(history());

        assertThat(response.getCount()).isEqualTo(1);
        ScheduleTaskExecuteHistory record = response.getItems().get(0);
        assertThat(record.getId()).isEqualTo("record-1");
        assertThat(record.getTaskId()).isEqualTo(TASK);
        assertThat(record.getStatus()).isEqualTo(ScheduleTaskStatus.SUCCESS);
        assertThat(record.getSuccessCount()).isEqualTo(2);
        assertThat(record.getEndTime()).isAfter(record.getBeginTime());
      }
      // as the vendor's client signs it: more headers than ours
      assertThat(cloud.requests().get(0).header("authorization").orElse(""))
          .contains("SignedHeaders=host;user-agent;x-project-id;x-sdk-date");
    }
  }

  @Test
  void huaweisClientGetsTheCodeOfAWrongSignature() {
    try (HuaweiWorkspaceCloud cloud = new HuaweiWorkspaceCloud(world)) {
      cloud.addKey("AK", "canary-another secret");

      assertThatThrownBy(() -> huawei(cloud, huawei("AK")).listTaskExecuteHistory(history()))
          .isInstanceOfSatisfying(
              ClientRequestException.class,
              e -> {
                assertThat(e.getHttpStatusCode()).isEqualTo(401);
                assertThat(e.getErrorCode()).isEqualTo("APIGW.0301");
              });
    }
  }

  @Test
  void alibabasClientReadsAJobsHistoryOfSae() throws Exception {
    world.add(
        FakeRun.builder("manual-3db7a8fa")
            .job(APP)
            .starts(Duration.ofHours(-2), "3")
            .ends(Duration.ofHours(-1), "1")
            .build());
    try (AlibabaSaeCloud cloud = new AlibabaSaeCloud(world)) {
      cloud.addKey("id", "canary-secret", "canary-the-token");
      Map<String, ?> answer =
          alibaba(cloud, "canary-secret", "canary-the-token")
              .callApi(
                  params("ROA", "DescribeJobHistory", "2019-05-06", "describeJobHistory"),
                  new OpenApiRequest()
                      .setQuery(Map.of("AppId", APP, "CurrentPage", "1", "PageSize", "20")),
                  new RuntimeOptions());

      assertThat(at(answer, "body", "Code")).isEqualTo("200");
      assertThat(at(answer, "body", "Data", "Jobs"))
          .asInstanceOf(InstanceOfAssertFactories.LIST)
          .singleElement()
          .satisfies(job -> assertThat(at(job, "JobId")).isEqualTo("manual-3db7a8fa"));
    }
  }

  /** tea-openapi signs %20, %2A and ~, and its HTTP client sends +, * and %7E. */
  @Test
  void alibabasClientReadsARunOfSchedulerx() throws Exception {
    world.add(
        FakeRun.builder("101")
            .job("92583")
            .namespace("n")
            .group("g *~中")
            .at(Duration.ofHours(-1), "4")
            .build());
    try (AlibabaSchedulerxCloud cloud = new AlibabaSchedulerxCloud(world)) {
      cloud.addKey("id", "canary-secret");
      Map<String, String> query =
          Map.of(
              "RegionId", "cn-hangzhou",
              "Namespace", "n",
              "GroupId", "g *~中",
              "JobId", "92583",
              "JobInstanceId", "101");
      Map<String, ?> answer =
          alibaba(cloud, "canary-secret", null)
              .callApi(
                  params("RPC", "GetJobInstance", "2019-04-30", null),
                  new OpenApiRequest().setQuery(query),
                  new RuntimeOptions());

      Object detail = at(answer, "body", "Data", "JobInstanceDetail");
      assertThat(at(detail, "InstanceId")).asString().isEqualTo("101");
      assertThat(at(detail, "Status")).asString().isEqualTo("4");
      assertThat(cloud.requests().get(0).toString()).contains("GroupId=g+*%7E%E4%B8%AD");
    }
  }

  @Test
  void alibabasClientGetsTheCodeOfAWrongSignature() {
    try (AlibabaSaeCloud cloud = new AlibabaSaeCloud(world)) {
      cloud.addKey("id", "canary-secret");

      assertThatThrownBy(
              () ->
                  alibaba(cloud, "another", null)
                      .callApi(
                          params("ROA", "DescribeJobHistory", "2019-05-06", "describeJobHistory"),
                          new OpenApiRequest().setQuery(Map.of("AppId", APP)),
                          new RuntimeOptions()))
          .isInstanceOfSatisfying(
              TeaException.class, e -> assertThat(e.getCode()).isEqualTo("SignatureDoesNotMatch"));
    }
  }

  /**
   * aliyun-java-sdk-core 4.7.10 signs with HMAC-SHA1 in the URL unless told otherwise. The fakes
   * verify ACS3-HMAC-SHA256 only, so its typed client of SchedulerX is refused for want of an
   * Authorization header.
   */
  @Test
  void alibabasOldClientSpeaksAnOlderScheme() throws Exception {
    try (AlibabaSchedulerxCloud cloud = new AlibabaSchedulerxCloud(world)) {
      cloud.addKey("id", "canary-secret");
      GetJobInstanceRequest request = new GetJobInstanceRequest();
      request.setSysEndpoint(cloud.authority());
      request.setSysProtocol(ProtocolType.HTTP);
      request.setGroupId("g");
      request.setNamespace("n");
      request.setJobId(1L);
      request.setJobInstanceId(2L);
      DefaultAcsClient client =
          new DefaultAcsClient(DefaultProfile.getProfile("cn-hangzhou", "id", "canary-secret"));

      assertThatThrownBy(() -> client.getAcsResponse(request))
          .isInstanceOfSatisfying(
              ClientException.class,
              e -> assertThat(e.getErrCode()).isEqualTo("IncompleteSignature"));
      FakeCloud.Request sent = cloud.requests().get(0);
      assertThat(sent.header("authorization")).isEmpty();
      assertThat(sent.parameter("SignatureMethod")).contains("HMAC-SHA1");
      client.shutdown();
    }
  }

  private static @Nullable Object at(@Nullable Object tree, String... names) {
    Object value = tree;
    for (String name : names) {
      value = value instanceof Map<?, ?> map ? map.get(name) : null;
    }
    return value;
  }

  private static ClientProfile tencent(FakeCloud cloud) {
    ClientProfile profile = new ClientProfile();
    profile.getHttpProfile().setProtocol("http://");
    profile.getHttpProfile().setEndpoint(cloud.authority());
    return profile;
  }

  private static CommonClient common(FakeCloud cloud, String key) {
    return new CommonClient(
        "batch", "2017-03-12", new Credential("AKIDexample", key), "ap-guangzhou", tencent(cloud));
  }

  private static BasicCredentials huawei(String ak) {
    return new BasicCredentials().withAk(ak).withSk("canary-sk").withProjectId(PROJECT);
  }

  private static WorkspaceAppClient huawei(FakeCloud cloud, BasicCredentials credentials) {
    return WorkspaceAppClient.newBuilder()
        .withCredential(credentials)
        .withEndpoints(List.of(cloud.endpoint()))
        .build();
  }

  private static ListTaskExecuteHistoryRequest history() {
    return new ListTaskExecuteHistoryRequest().withTaskId(TASK).withOffset(0).withLimit(100);
  }

  private static com.aliyun.teaopenapi.Client alibaba(
      FakeCloud cloud, String secret, @Nullable String token) throws Exception {
    Config config =
        new Config()
            .setAccessKeyId("id")
            .setAccessKeySecret(secret)
            .setSecurityToken(token)
            .setRegionId("cn-hangzhou")
            .setProtocol("http")
            .setEndpoint(cloud.authority());
    return new com.aliyun.teaopenapi.Client(config);
  }

  private static Params params(String style, String action, String version, @Nullable String path) {
    return new Params()
        .setStyle(style)
        .setAction(action)
        .setVersion(version)
        .setProtocol("HTTP")
        .setMethod("GET")
        .setAuthType("AK")
        .setPathname(path == null ? "/" : "/pop/v1/sam/job/" + path)
        .setReqBodyType("json")
        .setBodyType("json");
  }
}
