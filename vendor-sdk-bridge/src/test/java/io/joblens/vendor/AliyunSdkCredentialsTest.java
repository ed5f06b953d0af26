package io.joblens.vendor;

import static io.joblens.vendor.LoopbackService.CANARY;
import static io.joblens.vendor.LoopbackService.failure;
import static org.assertj.core.api.Assertions.assertThat;

import com.aliyun.credentials.Client;
import com.aliyun.credentials.http.CompatibleUrlConnClient;
import com.aliyun.credentials.http.FormatType;
import com.aliyun.credentials.http.HttpRequest;
import com.aliyun.credentials.http.HttpResponse;
import com.aliyun.credentials.models.CredentialModel;
import com.aliyun.credentials.provider.AlibabaCloudCredentialsProvider;
import com.aliyun.credentials.provider.RamRoleArnCredentialProvider;
import com.aliyun.credentials.provider.RefreshResult;
import com.aliyun.credentials.provider.URLCredentialProvider;
import io.joblens.JobClient;
import io.joblens.JobQuery;
import io.joblens.alibaba.sae.AlibabaSae;
import io.joblens.spi.Credentials;
import io.joblens.spi.CredentialsProvider;
import io.joblens.spi.Step;
import io.joblens.spi.TimeSource;
import io.joblens.testkit.AlibabaSaeCloud;
import io.joblens.testkit.FakeCloud;
import io.joblens.testkit.FakeCloud.Reply;
import io.joblens.testkit.FakeRun;
import io.joblens.testkit.Unlimited;
import io.joblens.testkit.World;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AliyunSdkCredentialsTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
  private static final InstantSource CLOCK = InstantSource.fixed(NOW);

  @Test
  void credentialsFromAUriKnowTheirEnd() {
    Instant end = Instant.now().truncatedTo(ChronoUnit.SECONDS).plus(Duration.ofHours(1));
    try (LoopbackService uri = new LoopbackService(session("STS.one", end))) {
      Credentials.AccessKey key = key(AliyunSdkCredentials.of(new Client(provider(uri))));

      assertThat(key.id()).isEqualTo("STS.one");
      assertThat(key.secret()).isEqualTo(CANARY + "-secret");
      assertThat(key.token()).contains(CANARY + "-token");
      assertThat(key.expiresAt()).contains(end);
    }
  }

  @Test
  void theLibraryRenewsThemAndTheNewOnesAreUsed() {
    Instant end = Instant.now().plus(Duration.ofHours(1));
    // within the last 15 minutes the library asks for new ones each time
    Instant soon = Instant.now().plus(Duration.ofMinutes(10));
    try (LoopbackService uri =
        new LoopbackService(session("STS.one", soon), session("STS.two", end))) {
      CredentialsProvider provider = AliyunSdkCredentials.of(provider(uri));

      assertThat(key(provider).id()).isEqualTo("STS.one");
      assertThat(key(provider).id()).isEqualTo("STS.two");
      assertThat(key(provider).id()).isEqualTo("STS.two");
      assertThat(uri.requests()).hasSize(2);
    }
  }

  /** In the middle of a listing the vendor calls the token expired; the library has another. */
  @Test
  void aClientGoesOnWithTheNextCredentials() {
    World world = new World(TimeSource.system());
    world.add(FakeRun.builder("run-1").job("app").at(Duration.ofHours(-1), "3").build());
    Instant soon = Instant.now().plus(Duration.ofMinutes(10));
    Instant end = Instant.now().plus(Duration.ofHours(1));
    try (AlibabaSaeCloud cloud = new AlibabaSaeCloud(world);
        LoopbackService uri =
            new LoopbackService(session("STS.one", soon), session("STS.two", end));
        JobClient sae =
            AlibabaSae.builder()
                .region("cn-hangzhou")
                .job("app")
                .endpoint(cloud.endpoint())
                .limiter(Unlimited.INSTANCE)
                .credentials(AliyunSdkCredentials.of(provider(uri)))
                .build()) {
      cloud.addKey(
          new FakeCloud.Key(
              "STS.one",
              CANARY + "-secret",
              Optional.of(CANARY + "-token"),
              Optional.of(Instant.EPOCH)));
      cloud.addKey("STS.two", CANARY + "-secret", CANARY + "-token");

      assertThat(sae.listRuns(JobQuery.ALL).runs()).hasSize(1);
      assertThat(cloud.requests()).hasSize(2);
    }
  }

  /** The library puts the whole answer into its message. */
  @Test
  void anAnswerThatLacksSomethingShowsNoSecret() {
    Reply incomplete =
        Reply.json(
            Map.of("Code", "Success", "AccessKeyId", "id", "AccessKeySecret", CANARY + "secret"));
    try (LoopbackService uri = new LoopbackService(incomplete)) {
      assertThat(failure(AliyunSdkCredentials.of(provider(uri))).getMessage())
          .startsWith(
              "cannot read credentials from their URI:"
                  + " com.aliyun.credentials.provider.URLCredentialProvider.getCredentials() failed"
                  + " (CredentialException)");
    }
  }

  @Test
  void anAnswerThatIsNoJsonShowsNoSecretEither() {
    try (LoopbackService uri =
        new LoopbackService(Reply.of(500, "text/html", "<p>" + CANARY + "</p>"))) {
      assertThat(failure(AliyunSdkCredentials.of(provider(uri))).getMessage())
          .contains(
              "URLCredentialProvider.getCredentials() failed (CredentialException, HTTP 500)");
    }
  }

  @Test
  void aServiceThatIsNotThereIsNamed() {
    LoopbackService gone = new LoopbackService();
    gone.close();

    assertThat(failure(AliyunSdkCredentials.of(provider(gone))).getMessage())
        .startsWith("cannot read credentials from their URI:");
  }

  @Test
  @SuppressWarnings("deprecation") // the one constructor that a subclass can call
  void aRoleThatCannotBeAssumedIsSaid() {
    String refusal =
        "{\"RequestId\":\"1\",\"Code\":\"NoPermission\",\"Message\":\"You are not authorized. "
            + CANARY
            + "\"}";
    AlibabaCloudCredentialsProvider role =
        new RamRoleArnCredentialProvider("id", CANARY, "acs:ram::1:role/none") {
          @Override
          public RefreshResult<CredentialModel> refreshCredentials() {
            // its own client speaks https only
            return getNewSessionCredentials(answering(403, refusal));
          }
        };

    String expected =
        "cannot assume the role: %s failed (CredentialException, HTTP 403, code NoPermission)";
    assertThat(failure(AliyunSdkCredentials.of(role)).getMessage())
        .startsWith(expected.formatted(role.getClass().getName() + ".getCredentials()"));
    assertThat(failure(AliyunSdkCredentials.of(new Client(role))).getMessage())
        .startsWith(expected.formatted("com.aliyun.credentials.Client.getCredential()"));
  }

  @Test
  void whatTellsNoEndIsLookedAtAgainAfterFiveMinutes() {
    CredentialsProvider provider =
        AliyunSdkCredentials.of(giving(model("sts", "id", "secret", "token")), CLOCK);

    assertThat(key(provider).expiresAt()).contains(NOW.plus(Duration.ofMinutes(5)));
  }

  @Test
  void aLastingKeyHasNoEnd() {
    Credentials.AccessKey key =
        key(AliyunSdkCredentials.of(giving(model("access_key", "id", "secret", null)), CLOCK));

    assertThat(key.token()).isEmpty();
    assertThat(key.expiresAt()).isEmpty();
  }

  @Test
  void tornCredentialsAreNotSignedWith() {
    assertThat(problem(model("sts", null, CANARY, CANARY))).endsWith("there is no access key id");
    assertThat(problem(model("sts", "id", null, CANARY))).endsWith("there is no access key secret");
    assertThat(problem(model("sts", "id", " ", CANARY))).endsWith("the access key secret is blank");
    assertThat(problem(model("sts", "id", CANARY, null)))
        .endsWith("there is no security token, though they are temporary");
    assertThat(problem(model("sts", "id", CANARY + "\n", CANARY))).contains("line break");
    assertThat(problem(null)).endsWith("there are none");
    assertThat(problem(model("bearer", null, null, null))).contains("a bearer token cannot sign");
  }

  @Test
  void aMissingClassIsNamedWithTheLibraryToAdd() {
    AlibabaCloudCredentialsProvider broken =
        new Giving(
            () -> {
              throw new NoClassDefFoundError("com/google/gson/Gson");
            });

    assertThat(failure(AliyunSdkCredentials.of(broken)).getMessage())
        .contains(
            "needs com.google.gson.Gson, which is not on the class path or is of another version;"
                + " add com.aliyun:credentials-java");
  }

  private static String problem(@Nullable CredentialModel model) {
    return failure(AliyunSdkCredentials.of(giving(model))).getMessage();
  }

  private static AlibabaCloudCredentialsProvider giving(@Nullable CredentialModel model) {
    return new Giving(() -> model);
  }

  private record Giving(Supplier<@Nullable CredentialModel> source)
      implements AlibabaCloudCredentialsProvider {
    @Override
    @SuppressWarnings("NullAway") // the vendor's types say nothing about null
    public CredentialModel getCredentials() {
      return source.get();
    }

    @Override
    public String getProviderName() {
      return "test";
    }

    @Override
    public void close() {}
  }

  @SuppressWarnings("NullAway") // the vendor's types say nothing about null
  private static CredentialModel model(
      String type, @Nullable String id, @Nullable String secret, @Nullable String token) {
    return CredentialModel.builder()
        .type(type)
        .accessKeyId(id)
        .accessKeySecret(secret)
        .securityToken(token)
        .build();
  }

  private static URLCredentialProvider provider(LoopbackService uri) {
    return URLCredentialProvider.builder().credentialsURI(uri.endpoint() + "/creds").build();
  }

  private static Reply session(String id, Instant end) {
    Map<String, String> body = new LinkedHashMap<>();
    body.put("Code", "Success");
    body.put("AccessKeyId", id);
    body.put("AccessKeySecret", CANARY + "-secret");
    body.put("SecurityToken", CANARY + "-token");
    body.put("Expiration", end.truncatedTo(ChronoUnit.SECONDS).toString());
    return Reply.json(body);
  }

  private static CompatibleUrlConnClient answering(int status, String body) {
    return new CompatibleUrlConnClient() {
      @Override
      public HttpResponse syncInvoke(HttpRequest request) {
        HttpResponse response = new HttpResponse("https://sts.aliyuncs.com");
        response.setResponseCode(status);
        response.setHttpContent(body.getBytes(StandardCharsets.UTF_8), "UTF-8", FormatType.JSON);
        return response;
      }
    };
  }

  private static Credentials.AccessKey key(CredentialsProvider provider) {
    return (Credentials.AccessKey) ((Step.Done<Credentials>) provider.resolve()).value();
  }
}
