package io.joblens.reliability;

import com.aliyun.tea.TeaException;
import com.aliyun.tea.TeaUnretryableException;
import com.aliyun.teaopenapi.models.Config;
import com.aliyun.teaopenapi.models.OpenApiRequest;
import com.aliyun.teaopenapi.models.Params;
import com.aliyun.teautil.models.RuntimeOptions;
import com.aliyun.teautil.models.TeaUtilException;
import com.aliyuncs.DefaultAcsClient;
import com.aliyuncs.exceptions.ClientException;
import com.aliyuncs.http.ProtocolType;
import com.aliyuncs.profile.DefaultProfile;
import com.aliyuncs.schedulerx2.model.v20190430.GetJobInstanceRequest;
import com.aliyuncs.schedulerx2.model.v20190430.GetJobInstanceResponse;
import com.huaweicloud.sdk.core.auth.BasicCredentials;
import com.huaweicloud.sdk.core.exception.SdkException;
import com.huaweicloud.sdk.core.http.HttpConfig;
import com.huaweicloud.sdk.workspaceapp.v1.WorkspaceAppClient;
import com.huaweicloud.sdk.workspaceapp.v1.model.ListTaskExecuteHistoryRequest;
import com.huaweicloud.sdk.workspaceapp.v1.model.ScheduleTaskExecuteHistory;
import com.tencentcloudapi.batch.v20170312.BatchClient;
import com.tencentcloudapi.batch.v20170312.models.DescribeJobsRequest;
import com.tencentcloudapi.batch.v20170312.models.JobView;
import com.tencentcloudapi.common.AbstractClient;
import com.tencentcloudapi.common.Credential;
import com.tencentcloudapi.common.exception.TencentCloudSDKException;
import com.tencentcloudapi.common.profile.ClientProfile;
import java.net.URI;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The vendors' own clients: set up as documented, with time limits, and nothing else changed. */
@SuppressWarnings("ImmutableEnumChecker") // what List.of makes is immutable
enum Sdk {
  TENCENT(
      "Tencent",
      Operation.DESCRIBE_JOBS,
      List.of(TencentCloudSDKException.class),
      List.of(BatchClient.class, AbstractClient.class)) {
    @Override
    Call open(URI endpoint) {
      ClientProfile profile = new ClientProfile();
      profile.getHttpProfile().setProtocol(endpoint.getScheme() + "://");
      profile.getHttpProfile().setEndpoint(endpoint.getAuthority());
      profile.getHttpProfile().setConnTimeout(SECONDS);
      profile.getHttpProfile().setReadTimeout(SECONDS);
      profile.getHttpProfile().setWriteTimeout(SECONDS);
      Credential credential = new Credential(ID, SECRET, TOKEN);
      BatchClient client = new BatchClient(credential, "ap-guangzhou", profile);
      return () -> {
        JobView[] jobs = client.DescribeJobs(new DescribeJobsRequest()).getJobSet();
        return jobs == null ? List.of() : ids(Stream.of(jobs).map(JobView::getJobId));
      };
    }
  },

  HUAWEI(
      "Huawei",
      Operation.LIST_TASK_EXECUTE_HISTORY,
      List.of(SdkException.class),
      List.of(WorkspaceAppClient.class, SdkException.class)) {
    @Override
    Call open(URI endpoint) {
      BasicCredentials credentials =
          new BasicCredentials()
              .withAk(ID)
              .withSk(SECRET)
              .withSecurityToken(TOKEN)
              .withProjectId("project-1");
      HttpConfig http =
          HttpConfig.getDefaultHttpConfig().withConnectionTimeout(SECONDS).withReadTimeout(SECONDS);
      WorkspaceAppClient client =
          WorkspaceAppClient.newBuilder()
              .withHttpConfig(http)
              .withCredential(credentials)
              .withEndpoints(List.of(endpoint.toString()))
              .build();
      ListTaskExecuteHistoryRequest request =
          new ListTaskExecuteHistoryRequest().withTaskId("task-1").withOffset(0).withLimit(100);
      return () -> {
        var items = client.listTaskExecuteHistory(request).getItems();
        return items == null
            ? List.of()
            : ids(items.stream().map(ScheduleTaskExecuteHistory::getId));
      };
    }
  },

  /** No typed client of SAE is among the libraries here; this one is what such a client calls. */
  ALIBABA_SAE(
      "Alibaba SAE",
      Operation.DESCRIBE_JOB_HISTORY,
      List.of(TeaException.class, TeaUnretryableException.class, TeaUtilException.class),
      List.of(com.aliyun.teaopenapi.Client.class, TeaException.class)) {
    @Override
    Call open(URI endpoint) throws Exception {
      Config config =
          new Config()
              .setAccessKeyId(ID)
              .setAccessKeySecret(SECRET)
              .setSecurityToken(TOKEN)
              .setRegionId("cn-hangzhou")
              .setProtocol(endpoint.getScheme())
              .setEndpoint(endpoint.getAuthority())
              .setConnectTimeout(SECONDS * 1000)
              .setReadTimeout(SECONDS * 1000);
      com.aliyun.teaopenapi.Client client = new com.aliyun.teaopenapi.Client(config);
      Params params =
          new Params()
              .setStyle("ROA")
              .setAction("DescribeJobHistory")
              .setVersion("2019-05-06")
              .setProtocol(endpoint.getScheme())
              .setMethod("GET")
              .setAuthType("AK")
              .setPathname("/pop/v1/sam/job/describeJobHistory")
              .setReqBodyType("json")
              .setBodyType("json");
      OpenApiRequest request =
          new OpenApiRequest()
              .setQuery(Map.of("AppId", "app-1", "CurrentPage", "1", "PageSize", "20"));
      return () -> {
        Object answer = client.callApi(params, request, new RuntimeOptions());
        Object jobs = at(at(at(answer, "body"), "Data"), "Jobs");
        return jobs instanceof List<?> list
            ? ids(list.stream().map(job -> at(job, "JobId")))
            : List.of();
      };
    }
  },

  SCHEDULERX(
      "SchedulerX",
      Operation.GET_JOB_INSTANCE,
      List.of(ClientException.class),
      List.of(GetJobInstanceRequest.class, DefaultAcsClient.class)) {
    @Override
    Call open(URI endpoint) {
      DefaultProfile profile = DefaultProfile.getProfile("cn-hangzhou", ID, SECRET, TOKEN);
      profile.getHttpClientConfig().setConnectionTimeoutMillis(SECONDS * 1000L);
      profile.getHttpClientConfig().setReadTimeoutMillis(SECONDS * 1000L);
      DefaultAcsClient client = new DefaultAcsClient(profile);
      return new Call() {
        @Override
        public List<String> ids() throws Exception {
          GetJobInstanceRequest request = new GetJobInstanceRequest();
          request.setSysEndpoint(endpoint.getAuthority());
          request.setSysProtocol(
              endpoint.getScheme().equals("https") ? ProtocolType.HTTPS : ProtocolType.HTTP);
          request.setNamespace("ns-1");
          request.setGroupId("g");
          request.setJobId(92583L);
          request.setJobInstanceId(11111111L);
          GetJobInstanceResponse.Data data = client.getAcsResponse(request).getData();
          return data == null || data.getJobInstanceDetail() == null
              ? List.of()
              : Sdk.ids(Stream.of(data.getJobInstanceDetail().getInstanceId()));
        }

        @Override
        public void close() {
          client.shutdown();
        }
      };
    }
  };

  /** The operation's call, with a client of its own. */
  @FunctionalInterface
  interface Call {
    /** Calls, and returns the ids in the answer, which are none where the SDK gives null. */
    List<String> ids() throws Exception;

    default void close() {}
  }

  /** How long connecting and each read may take. */
  private static final int SECONDS = 1;

  private static final String ID = "id-1";
  private static final String SECRET = Canaries.SECRET;
  private static final String TOKEN = Canaries.TOKEN;

  private final String title;
  private final Operation operation;
  private final List<Class<? extends Exception>> documented;
  private final List<Class<?>> from;

  Sdk(
      String title,
      Operation operation,
      List<Class<? extends Exception>> documented,
      List<Class<?>> from) {
    this.title = title;
    this.operation = operation;
    this.documented = documented;
    this.from = from;
  }

  /** Makes a client for this server. */
  abstract Call open(URI endpoint) throws Exception;

  String title() {
    return title;
  }

  Operation operation() {
    return operation;
  }

  /** Tells whether the documentation says that calls end so. */
  boolean documents(Throwable end) {
    return documented.stream().anyMatch(type -> type.isInstance(end));
  }

  String exceptions() {
    return documented.stream().map(Class::getSimpleName).collect(Collectors.joining(", "));
  }

  /** Returns the names of its libraries, with versions. */
  String libraries() {
    return from.stream().map(Sdk::jar).distinct().collect(Collectors.joining(", "));
  }

  /** Returns the name and version of the library that a class is from. */
  static String jar(Class<?> type) {
    CodeSource source = type.getProtectionDomain().getCodeSource();
    Path jar = Path.of(URI.create(source.getLocation().toString()));
    return String.valueOf(jar.getFileName()).replaceFirst("-(\\d[^-]*)\\.jar$", " $1");
  }

  private static List<String> ids(Stream<?> ids) {
    return ids.filter(Objects::nonNull).map(String::valueOf).toList();
  }

  private static @Nullable Object at(@Nullable Object tree, String name) {
    return tree instanceof Map<?, ?> map ? map.get(name) : null;
  }
}
