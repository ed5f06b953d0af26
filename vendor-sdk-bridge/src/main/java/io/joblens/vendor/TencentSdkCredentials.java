package io.joblens.vendor;

import com.tencentcloudapi.common.Credential;
import com.tencentcloudapi.common.exception.TencentCloudSDKException;
import com.tencentcloudapi.common.provider.CvmRoleCredential;
import com.tencentcloudapi.common.provider.STSCredential;
import io.joblens.spi.Credentials;
import io.joblens.spi.CredentialsProvider;
import io.joblens.vendor.SdkCredentials.Facts;
import io.joblens.vendor.SdkCredentials.Parts;
import io.joblens.vendor.SdkCredentials.Unusable;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Credentials from Tencent Cloud's own library, {@code
 * com.tencentcloudapi:tencentcloud-sdk-java-common} 3.1: instance roles, OIDC, AssumeRole, or its
 * default chain.
 *
 * <pre>{@code
 * TencentBatch.builder().credentials(TencentSdkCredentials.of(new DefaultCredentialsProvider()))
 * }</pre>
 *
 * <p>The library does not tell when credentials end, but renews them five minutes before or
 * earlier, so they count as good for five minutes. It hands out id, key and token one by one and
 * may renew between; they are read until they stay the same. Where it hides a failure behind null,
 * the failure is reported and nothing is signed with the word {@code null}, as the library itself
 * does.
 */
public final class TencentSdkCredentials {
  private static final String ARTIFACT = "com.tencentcloudapi:tencentcloud-sdk-java-common";

  private TencentSdkCredentials() {}

  /**
   * Returns the credentials of an object that renews itself, such as {@link STSCredential} or
   * {@link CvmRoleCredential}.
   */
  public static CredentialsProvider of(Credential credential) {
    return of(credential, InstantSource.system());
  }

  /** Returns the credentials that the provider gives. */
  public static CredentialsProvider of(
      com.tencentcloudapi.common.provider.CredentialsProvider provider) {
    return of(provider, InstantSource.system());
  }

  static CredentialsProvider of(Credential credential, InstantSource clock) {
    return bridge(credential, "getSecretId()", () -> read(credential, clock.instant()));
  }

  static CredentialsProvider of(
      com.tencentcloudapi.common.provider.CredentialsProvider provider, InstantSource clock) {
    AtomicReference<@Nullable Credential> kept = new AtomicReference<>();
    return bridge(
        provider,
        "getCredentials()",
        () -> {
          Credential credential = kept.get();
          if (credential == null) {
            credential = provider.getCredentials();
            if (credential == null) {
              throw new Unusable("there are none");
            }
            // One that renews itself is kept: OIDCRoleArnProvider gives an empty one when it is
            // asked a second time.
            kept.set(renewsItself(credential) ? credential : null);
          }
          return read(credential, clock.instant());
        });
  }

  private static CredentialsProvider bridge(
      Object origin, String call, SdkCredentials.Source source) {
    return new SdkCredentials(
        origin,
        call,
        ARTIFACT,
        source,
        problem ->
            problem instanceof TencentCloudSDKException e
                ? new Facts(0, e.getErrorCode())
                : Facts.NONE);
  }

  private static boolean renewsItself(Credential credential) {
    return credential.getUpdater() != null || credential.getClass() != Credential.class;
  }

  private static Credentials read(Credential credential, Instant now) {
    Parts parts = SdkCredentials.settled(() -> parts(credential));
    boolean temporary =
        credential instanceof STSCredential
            || credential instanceof CvmRoleCredential
            || credential.getUpdater() != null;
    if (temporary && (parts.token() == null || parts.token().isEmpty())) {
      throw new Unusable("there is no token, though they are temporary");
    }
    return SdkCredentials.key(parts, now.plus(SdkCredentials.UNTOLD));
  }

  /** Stops at the first that is missing: each would send another request that fails. */
  private static Parts parts(Credential credential) {
    String id = credential.getSecretId();
    if (id == null) {
      throw new Unusable(
          "there is no secret id"
              + (renewsItself(credential)
                  ? "; the library keeps the reason to itself: check that the role exists and may"
                      + " be assumed"
                  : ""));
    }
    return new Parts(id, credential.getSecretKey(), credential.getToken());
  }
}
