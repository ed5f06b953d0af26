package io.joblens.vendor;

import com.aliyun.credentials.Client;
import com.aliyun.credentials.models.CredentialModel;
import com.aliyun.credentials.provider.AlibabaCloudCredentialsProvider;
import io.joblens.spi.Credentials;
import io.joblens.spi.CredentialsProvider;
import io.joblens.vendor.SdkCredentials.Facts;
import io.joblens.vendor.SdkCredentials.Parts;
import io.joblens.vendor.SdkCredentials.Unusable;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Credentials from Alibaba Cloud's own library, {@code com.aliyun:credentials-java} 1.0: instance
 * roles, OIDC, AssumeRole, a credentials URI, or its default chain.
 *
 * <pre>{@code
 * AlibabaSae.builder().credentials(AliyunSdkCredentials.of(new com.aliyun.credentials.Client()))
 * }</pre>
 *
 * <p>The library caches and renews by itself, 15 minutes before the end. Its logger writes the
 * messages of its own failures, which can hold whole answers of STS; what JobLens throws does not.
 */
public final class AliyunSdkCredentials {
  private static final String ARTIFACT = "com.aliyun:credentials-java";

  private AliyunSdkCredentials() {}

  /** Returns the credentials that the client gives, asked again before they end. */
  public static CredentialsProvider of(Client client) {
    return of(client, "getCredential()", client::getCredential, InstantSource.system());
  }

  /** Returns the credentials that the provider gives, asked again before they end. */
  public static CredentialsProvider of(AlibabaCloudCredentialsProvider provider) {
    return of(provider, InstantSource.system());
  }

  static CredentialsProvider of(AlibabaCloudCredentialsProvider provider, InstantSource clock) {
    return of(provider, "getCredentials()", provider::getCredentials, clock);
  }

  private static CredentialsProvider of(
      Object origin, String call, Callable<@Nullable CredentialModel> source, InstantSource clock) {
    return new SdkCredentials(
        origin, call, ARTIFACT, () -> read(source.call(), clock.instant()), problem -> Facts.NONE);
  }

  private static Credentials read(@Nullable CredentialModel model, Instant now) {
    if (model == null) {
      throw new Unusable("there are none");
    }
    if ("bearer".equals(model.getType())) {
      throw new Unusable("a bearer token cannot sign; SAE and SchedulerX need an access key");
    }
    String token = model.getSecurityToken();
    boolean temporary = model.getExpiration() > 0 || "sts".equals(model.getType());
    if (temporary && (token == null || token.isEmpty())) {
      throw new Unusable("there is no security token, though they are temporary");
    }
    return SdkCredentials.key(
        new Parts(model.getAccessKeyId(), model.getAccessKeySecret(), token),
        model.getExpiration() > 0
            ? Instant.ofEpochMilli(model.getExpiration())
            : now.plus(SdkCredentials.UNTOLD));
  }
}
