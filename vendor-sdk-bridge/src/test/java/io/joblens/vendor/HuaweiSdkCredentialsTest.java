package io.joblens.vendor;

import static io.joblens.vendor.LoopbackService.CANARY;
import static io.joblens.vendor.LoopbackService.failure;
import static org.assertj.core.api.Assertions.assertThat;

import com.huaweicloud.sdk.core.HcClient;
import com.huaweicloud.sdk.core.auth.BasicCredentials;
import com.huaweicloud.sdk.core.auth.ICredential;
import com.huaweicloud.sdk.core.auth.ICredentialProvider;
import com.huaweicloud.sdk.core.exception.SdkException;
import com.huaweicloud.sdk.core.http.HttpClient;
import com.huaweicloud.sdk.core.http.HttpRequest;
import io.joblens.JobClient;
import io.joblens.JobQuery;
import io.joblens.huawei.workspace.HuaweiWorkspace;
import io.joblens.spi.Credentials;
import io.joblens.spi.CredentialsProvider;
import io.joblens.spi.Step;
import io.joblens.spi.TimeSource;
import io.joblens.testkit.FakeCloud.Reply;
import io.joblens.testkit.FakeRun;
import io.joblens.testkit.HuaweiWorkspaceCloud;
import io.joblens.testkit.Unlimited;
import io.joblens.testkit.World;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HuaweiSdkCredentialsTest {
  private static final String PROJECT = "0a1b2c3d4e5f60718293a4b5c6d7e8f9";
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
  private static final InstantSource CLOCK = InstantSource.fixed(NOW);

  @TempDir Path folder;

  @Test
  void aTokenForAnOidcTokenServesTheClient() throws IOException {
    World world = new World(TimeSource.system());
    world.add(
        FakeRun.builder("record-1")
            .namespace(PROJECT)
            .job("task")
            .at(Duration.ofHours(-1), "RUNNING")
            .build());
    Instant end = Instant.now().plus(Duration.ofHours(24));
    try (HuaweiWorkspaceCloud cloud = new HuaweiWorkspaceCloud(world);
        LoopbackService iam = new LoopbackService(token("the-token", end));
        JobClient workspace =
            HuaweiWorkspace.builder()
                .region("cn-north-4")
                .projectId(PROJECT)
                .job("task")
                .endpoint(cloud.endpoint())
                .limiter(Unlimited.INSTANCE)
                .credentials(HuaweiSdkCredentials.of(provider(oidc(iam))))
                .build()) {
      cloud.addAuthToken("the-token", end);

      assertThat(workspace.listRuns(JobQuery.ALL).runs()).hasSize(1);
      assertThat(workspace.listRuns(JobQuery.ALL).runs()).hasSize(1);
      assertThat(iam.requests()).hasSize(1);
      assertThat(iam.requests().get(0).path()).isEqualTo("/v3.0/OS-AUTH/id-token/tokens");
      assertThat(iam.requests().get(0).header("x-idp-id")).contains("idp");
    }
  }

  @Test
  void theLibraryRenewsTheTokenInItsLastMinute() throws IOException {
    Instant soon = Instant.now().plusSeconds(30);
    Instant end = Instant.now().plus(Duration.ofHours(24));
    try (LoopbackService iam = new LoopbackService(token("one", soon), token("two", end))) {
      CredentialsProvider provider = HuaweiSdkCredentials.of(provider(oidc(iam)), CLOCK);

      assertThat(resolve(provider)).extracting(Credentials::expiresAt).asString().contains("03:05");
      assertThat(((Credentials.Token) resolve(provider)).value()).isEqualTo("two");
      assertThat(((Credentials.Token) resolve(provider)).value()).isEqualTo("two");
      assertThat(iam.requests()).hasSize(2);
    }
  }

  @Test
  void anOidcTokenThatGetsNoTokenIsSaid() throws IOException {
    Reply refusal =
        Reply.json(
            403, Map.of("error_code", "IAM.0011", "error_msg", "Access denied for " + CANARY));
    try (LoopbackService iam = new LoopbackService(refusal)) {
      assertThat(failure(HuaweiSdkCredentials.of(provider(oidc(iam)))).getMessage())
          .contains(".getCredentials() failed (ClientRequestException, HTTP 403, code IAM.0011)");
    }
  }

  @Test
  void anAnswerWithoutTheTokensHeaderIsAnError() throws IOException {
    try (LoopbackService iam =
        new LoopbackService(Reply.json(201, Map.of("token", Map.of("expires_at", CANARY))))) {
      assertThat(failure(HuaweiSdkCredentials.of(provider(oidc(iam)))).getMessage())
          .contains(".getCredentials() failed (SdkException)");
    }
  }

  @Test
  void aMissingTokenFileIsAnError() throws IOException {
    try (LoopbackService iam = new LoopbackService()) {
      BasicCredentials oidc = oidc(iam);
      Files.delete(folder.resolve("id-token"));

      assertThat(failure(HuaweiSdkCredentials.of(provider(oidc))).getMessage())
          .contains("(SdkException < NoSuchFileException)");
    }
  }

  @Test
  void temporaryKeysAreReadAgainAfterFiveMinutes() {
    BasicCredentials credentials =
        new BasicCredentials().withAk("ak").withSk(CANARY).withSecurityToken("token");

    Credentials.AccessKey key =
        (Credentials.AccessKey) resolve(HuaweiSdkCredentials.of(provider(credentials), CLOCK));
    assertThat(key.id()).isEqualTo("ak");
    assertThat(key.secret()).isEqualTo(CANARY);
    assertThat(key.token()).contains("token");
    assertThat(key.expiresAt()).contains(NOW.plus(Duration.ofMinutes(5)));
  }

  @Test
  void aProviderIsAskedAgainForKeys() {
    int[] asked = {0};
    CredentialsProvider provider =
        HuaweiSdkCredentials.of(
            () -> new BasicCredentials().withAk("ak" + ++asked[0]).withSk("sk"));

    assertThat(((Credentials.AccessKey) resolve(provider)).id()).isEqualTo("ak1");
    assertThat(((Credentials.AccessKey) resolve(provider)).id()).isEqualTo("ak2");
  }

  @Test
  @SuppressWarnings("NullAway") // the vendor's types say nothing about null
  void tornCredentialsAreNotSignedWith() {
    assertThat(problem(new BasicCredentials().withAk("ak"))).endsWith("no access key secret");
    assertThat(problem(new BasicCredentials().withSk(CANARY))).endsWith("no access key id");
    assertThat(problem(new BasicCredentials().withAk("ak").withSk(CANARY + "\n")))
        .contains("the access key secret contains");
    assertThat(problem(null)).endsWith("there are none");
    assertThat(problem(new Foreign())).endsWith("$Foreign shows no access key");
  }

  /**
   * An agency that the instance does not have: the library pastes the metadata service's answer.
   */
  @Test
  void aProviderThatFailsIsNamedWithoutItsMessage() {
    assertThat(
            failure(
                    HuaweiSdkCredentials.of(
                        () -> {
                          throw new SdkException("no agency: " + CANARY);
                        }))
                .getMessage())
        .startsWith("cannot get credentials: a lambda.getCredentials() failed (SdkException)");
  }

  @Test
  void aMissingClassIsNamedWithTheLibraryToAdd() {
    assertThat(
            failure(
                    HuaweiSdkCredentials.of(
                        () -> {
                          throw new NoClassDefFoundError("okhttp3/OkHttpClient");
                        }))
                .getMessage())
        .contains("needs okhttp3.OkHttpClient")
        .contains("add com.huaweicloud.sdk:huaweicloud-sdk-core");
  }

  private BasicCredentials oidc(LoopbackService iam) throws IOException {
    Path file = Files.writeString(folder.resolve("id-token"), CANARY);
    return new BasicCredentials()
        .withIdpId("idp")
        .withIdTokenFile(file.toString())
        .withIamEndpoint(iam.endpoint())
        .withProjectId(PROJECT);
  }

  private static Reply token(String token, Instant end) {
    String time = end.truncatedTo(ChronoUnit.SECONDS).toString().replace("Z", ".000000Z");
    return Reply.json(201, Map.of("token", Map.of("expires_at", time)))
        .header("X-Subject-Token", token);
  }

  private static ICredentialProvider provider(ICredential credential) {
    return () -> credential;
  }

  private static String problem(ICredential credential) {
    return failure(HuaweiSdkCredentials.of(provider(credential))).getMessage();
  }

  private static Credentials resolve(CredentialsProvider provider) {
    return ((Step.Done<Credentials>) provider.resolve()).value();
  }

  /** A kind of credential that no bridge knows. */
  private static final class Foreign implements ICredential {
    @Override
    public CompletableFuture<ICredential> processAuthParams(HcClient client, String region) {
      return CompletableFuture.completedFuture(this);
    }

    @Override
    public CompletableFuture<HttpRequest> processAuthRequest(HttpRequest request, HttpClient http) {
      return CompletableFuture.completedFuture(request);
    }

    @Override
    public ICredential deepClone() {
      return this;
    }
  }
}
