package io.joblens.vendor;

import static io.joblens.vendor.LoopbackService.CANARY;
import static io.joblens.vendor.LoopbackService.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tencentcloudapi.common.Credential;
import com.tencentcloudapi.common.exception.TencentCloudSDKException;
import com.tencentcloudapi.common.provider.OIDCRoleArnProvider;
import com.tencentcloudapi.common.provider.STSCredential;
import io.joblens.CredentialsException;
import io.joblens.JobClient;
import io.joblens.JobQuery;
import io.joblens.spi.Credentials;
import io.joblens.spi.CredentialsProvider;
import io.joblens.spi.Step;
import io.joblens.spi.TimeSource;
import io.joblens.tencent.batch.TencentBatch;
import io.joblens.testkit.FakeCloud.Reply;
import io.joblens.testkit.FakeRun;
import io.joblens.testkit.TencentBatchCloud;
import io.joblens.testkit.Unlimited;
import io.joblens.testkit.World;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class TencentSdkCredentialsTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
  private static final InstantSource CLOCK = InstantSource.fixed(NOW);

  @Test
  void aCredentialThatRenewsItselfServesTheClient() {
    World world = new World(TimeSource.system());
    world.add(
        FakeRun.builder("job-1")
            .region("ap-guangzhou")
            .at(Duration.ofHours(-1), "RUNNING")
            .build());
    try (TencentBatchCloud cloud = new TencentBatchCloud(world);
        LoopbackService metadata =
            new LoopbackService(
                Reply.of(200, "text/plain", "AKIDtemp " + CANARY + "key the-token"));
        JobClient batch =
            TencentBatch.builder()
                .region("ap-guangzhou")
                .endpoint(cloud.endpoint())
                .limiter(Unlimited.INSTANCE)
                .credentials(TencentSdkCredentials.of(renewing(metadata)))
                .build()) {
      cloud.addKey("AKIDtemp", CANARY + "key", "the-token");

      assertThat(batch.listRuns(JobQuery.ALL).runs()).hasSize(1);
      assertThat(cloud.requests().get(0).header("x-tc-token")).contains("the-token");
    }
  }

  @Test
  void theyAreReadAgainAfterFiveMinutes() {
    try (LoopbackService metadata =
        new LoopbackService(
            Reply.of(200, "text/plain", "one one one"),
            Reply.of(200, "text/plain", "two two two"))) {
      CredentialsProvider provider = TencentSdkCredentials.of(renewing(metadata), CLOCK);

      // six reads of one at least: the change between them is noticed
      Credentials.AccessKey key = key(provider);
      assertThat(key.id()).isEqualTo("two");
      assertThat(key.secret()).isEqualTo("two");
      assertThat(key.token()).contains("two");
      assertThat(key.expiresAt()).contains(NOW.plus(Duration.ofMinutes(5)));
    }
  }

  @Test
  void aLastingKeyHasNeitherTokenNorEnd() {
    Credentials.AccessKey key = key(TencentSdkCredentials.of(new Credential("id", "canary-key")));

    assertThat(key.token()).isEmpty();
    assertThat(key.expiresAt()).isEmpty();
  }

  /** STSCredential turns every failure into null, and the vendor's client signs with "TC3null". */
  @Test
  void aRoleThatCannotBeAssumedIsSaidAndNothingIsSigned() {
    World world = new World(TimeSource.system());
    try (TencentBatchCloud cloud = new TencentBatchCloud(world);
        LoopbackService sts = new LoopbackService()) {
      STSCredential role =
          new STSCredential("id", CANARY, "qcs::cam::uin/1:roleName/x", "s", sts.authority());
      assertThat(role.getSecretKey()).isNull();
      CredentialsProvider provider = TencentSdkCredentials.of(role);
      String expected =
          "cannot assume the role: what com.tencentcloudapi.common.provider.STSCredential"
              + ".getSecretId() gave cannot be used: there is no secret id; the library keeps the"
              + " reason to itself";

      assertThat(failure(provider).getMessage()).startsWith(expected);
      try (JobClient batch =
          TencentBatch.builder()
              .region("ap-guangzhou")
              .endpoint(cloud.endpoint())
              .limiter(Unlimited.INSTANCE)
              .credentials(provider)
              .build()) {
        assertThatThrownBy(() -> batch.listRuns(JobQuery.ALL))
            .isInstanceOf(CredentialsException.class)
            .hasMessageContaining(expected);
      }
      assertThat(cloud.requests()).isEmpty();
    }
  }

  @Test
  void anOidcTokenThatGetsNoRoleIsSaid() {
    try (LoopbackService sts = new LoopbackService()) {
      OIDCRoleArnProvider oidc =
          new OIDCRoleArnProvider(
              "ap-guangzhou",
              "p",
              CANARY,
              "qcs::cam::uin/1:roleName/x",
              "s",
              7200,
              sts.authority());

      assertThat(failure(TencentSdkCredentials.of(oidc)).getMessage())
          .startsWith(
              "cannot assume the role with the OIDC token:"
                  + " com.tencentcloudapi.common.provider.OIDCRoleArnProvider.getCredentials() failed"
                  + " (TencentCloudSDKException");
    }
  }

  @Test
  void theCodeOfARefusalIsNamedAndItsMessageIsNot() {
    com.tencentcloudapi.common.provider.CredentialsProvider refused =
        () -> {
          throw new TencentCloudSDKException(CANARY, "r", "AuthFailure.UnauthorizedOperation");
        };

    assertThat(failure(TencentSdkCredentials.of(refused)).getMessage())
        .contains(
            "a lambda.getCredentials() failed (TencentCloudSDKException, code"
                + " AuthFailure.UnauthorizedOperation)");
  }

  /** From 3.1.1505 on the getters wrap it in a RuntimeException. */
  @Test
  void aRefusalInsideARuntimeExceptionIsFoundToo() {
    Credential refused =
        new Credential(
            "",
            "",
            "",
            credential -> {
              throw new TencentCloudSDKException(CANARY, "r", "ResourceNotFound.RoleNotExist");
            });

    assertThat(failure(TencentSdkCredentials.of(refused)).getMessage())
        .contains(
            "(RuntimeException < TencentCloudSDKException, code ResourceNotFound.RoleNotExist)");
  }

  @Test
  void aCodeThatIsNoCodeIsLeftOut() {
    com.tencentcloudapi.common.provider.CredentialsProvider refused =
        () -> {
          throw new TencentCloudSDKException("m", "r", CANARY + " 0123456789");
        };

    assertThat(failure(TencentSdkCredentials.of(refused)).getMessage()).doesNotContain("code");
  }

  @Test
  void tornCredentialsAreNotSignedWith() {
    assertThat(problem(new Credential(null, CANARY))).endsWith("there is no secret id");
    assertThat(problem(new Credential("id", null))).endsWith("there is no access key secret");
    assertThat(problem(new Credential("id", ""))).endsWith("the access key secret is blank");
    assertThat(problem(new Credential(" " + CANARY, CANARY)))
        .contains("the access key id contains");
    assertThat(problem(new Credential("id", CANARY, null, credential -> {})))
        .endsWith("there is no token, though they are temporary");
    assertThat(problem(ever())).endsWith("its parts changed each time they were read");
  }

  /** OIDCRoleArnProvider fills in a credential when it gets a role, and gives empty ones later. */
  @Test
  void aCredentialThatRenewsItselfIsAskedForOnce() {
    AtomicInteger asked = new AtomicInteger();
    CredentialsProvider provider =
        TencentSdkCredentials.of(
            () ->
                asked.getAndIncrement() == 0
                    ? new Credential("id", "canary-key", "canary-token", credential -> {})
                    : new Credential("", "", "", credential -> {}));

    assertThat(key(provider).id()).isEqualTo("id");
    assertThat(key(provider).id()).isEqualTo("id");
    assertThat(asked).hasValue(1);
  }

  @Test
  void aProviderOfFixedKeysIsAskedAgain() {
    AtomicInteger asked = new AtomicInteger();
    CredentialsProvider provider =
        TencentSdkCredentials.of(
            () -> new Credential("id" + asked.incrementAndGet(), "canary-key"));

    assertThat(key(provider).id()).isEqualTo("id1");
    assertThat(key(provider).id()).isEqualTo("id2");
  }

  @Test
  @SuppressWarnings("NullAway") // the vendor's types say nothing about null
  void aProviderThatGivesNothingIsAnError() {
    assertThat(failure(TencentSdkCredentials.of(() -> null)).getMessage())
        .endsWith("there are none");
  }

  @Test
  void aMissingClassIsNamedWithTheLibraryToAdd() {
    Credential broken =
        new Credential(
            "",
            "",
            "",
            credential -> {
              throw new NoSuchMethodError("'void okhttp3.Headers.x()'");
            });

    assertThat(failure(TencentSdkCredentials.of(broken)).getMessage())
        .contains("okhttp3.Headers.x()")
        .endsWith(
            "add com.tencentcloudapi:tencentcloud-sdk-java-common with everything it depends on");
  }

  private static String problem(Credential credential) {
    return failure(TencentSdkCredentials.of(credential)).getMessage();
  }

  /** Another key at each look, as if another thread renewed it all the time. */
  private static Credential ever() {
    AtomicInteger looks = new AtomicInteger();
    return new Credential(
        "",
        "",
        "",
        credential -> {
          credential.setSecretId("id" + looks.incrementAndGet());
          credential.setSecretKey(CANARY);
          credential.setToken(CANARY);
        });
  }

  /** Reads id, key and token from the service at every look. */
  private static Credential renewing(LoopbackService service) {
    HttpClient http = HttpClient.newHttpClient();
    HttpRequest request = HttpRequest.newBuilder(URI.create(service.endpoint())).build();
    return new Credential(
        "",
        "",
        "",
        credential -> {
          try {
            String[] parts =
                http.send(request, HttpResponse.BodyHandlers.ofString()).body().split(" ", -1);
            credential.setSecretId(parts[0]);
            credential.setSecretKey(parts[1]);
            credential.setToken(parts[2]);
          } catch (IOException | InterruptedException e) {
            throw new TencentCloudSDKException("no metadata", e);
          }
        });
  }

  private static Credentials.AccessKey key(CredentialsProvider provider) {
    return (Credentials.AccessKey) ((Step.Done<Credentials>) provider.resolve()).value();
  }
}
