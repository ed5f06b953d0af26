package io.joblens.vendor;

import com.huaweicloud.sdk.core.auth.AbstractCredentials;
import com.huaweicloud.sdk.core.auth.ICredential;
import com.huaweicloud.sdk.core.auth.ICredentialProvider;
import com.huaweicloud.sdk.core.exception.ServiceResponseException;
import com.huaweicloud.sdk.core.http.HttpClient;
import com.huaweicloud.sdk.core.http.HttpConfig;
import com.huaweicloud.sdk.core.http.HttpRequest;
import com.huaweicloud.sdk.core.impl.DefaultHttpClient;
import io.joblens.spi.Credentials;
import io.joblens.spi.CredentialsProvider;
import io.joblens.vendor.SdkCredentials.Facts;
import io.joblens.vendor.SdkCredentials.Parts;
import io.joblens.vendor.SdkCredentials.Unusable;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * Credentials from Huawei Cloud's own library, {@code com.huaweicloud.sdk:huaweicloud-sdk-core}
 * 3.1: the instance's agency, OIDC, or its default chain.
 *
 * <pre>{@code
 * HuaweiWorkspace.builder()
 *     .credentials(
 *         HuaweiSdkCredentials.of(CredentialProviderChain.getBasicCredentialProviderChain()))
 * }</pre>
 *
 * <p>The library does not tell when credentials end. Keys count as good for five minutes; then the
 * provider is asked again. A token that it gets for an OIDC token is kept and renewed by the
 * library one minute before its end, so it counts as good for a minute. The credentials' own
 * project is not used: a client has its {@code projectId}.
 */
public final class HuaweiSdkCredentials {
  private static final String ARTIFACT = "com.huaweicloud.sdk:huaweicloud-sdk-core";
  private static final Duration UNTOLD_OF_TOKEN = Duration.ofMinutes(1);

  private HuaweiSdkCredentials() {}

  /**
   * Returns the credentials that the provider gives. For a credential that you have already, give
   * {@code () -> credential}.
   */
  public static CredentialsProvider of(ICredentialProvider provider) {
    return of(provider, InstantSource.system());
  }

  static CredentialsProvider of(ICredentialProvider provider, InstantSource clock) {
    return new SdkCredentials(
        provider,
        "getCredentials()",
        ARTIFACT,
        new Reader(provider, clock),
        problem ->
            problem instanceof ServiceResponseException e
                ? new Facts(e.getHttpStatusCode(), e.getErrorCode())
                : Facts.NONE);
  }

  private static final class Reader implements SdkCredentials.Source {
    private final ICredentialProvider provider;
    private final InstantSource clock;
    private @Nullable ICredential withToken;
    private @Nullable HttpClient http;

    Reader(ICredentialProvider provider, InstantSource clock) {
      this.provider = provider;
      this.clock = clock;
    }

    @Override
    public synchronized Credentials read() {
      ICredential credential = withToken == null ? provider.getCredentials() : withToken;
      if (credential == null) {
        throw new Unusable("there are none");
      }
      if (!(credential instanceof AbstractCredentials<?> parts)) {
        throw new Unusable("a " + credential.getClass().getName() + " shows no access key");
      }
      if (parts.getIdpId() != null && parts.getIdTokenFile() != null) {
        withToken = credential;
        return token(credential);
      }
      // a half of a key is reported below: signing would only say that it failed
      if ((parts.getAk() == null) == (parts.getSk() == null)) {
        sign(credential, null);
      }
      return SdkCredentials.key(
          SdkCredentials.settled(
              () -> new Parts(parts.getAk(), parts.getSk(), parts.getSecurityToken())),
          clock.instant().plus(SdkCredentials.UNTOLD));
    }

    private Credentials token(ICredential credential) {
      HttpClient client = http;
      if (client == null) {
        client = new DefaultHttpClient(HttpConfig.getDefaultHttpConfig());
        http = client;
      }
      String token = sign(credential, client).getHeader("X-Auth-Token");
      if (token == null) {
        throw new Unusable("there is no token");
      }
      try {
        return Credentials.token(token, clock.instant().plus(UNTOLD_OF_TOKEN));
      } catch (IllegalArgumentException e) {
        throw new Unusable(String.valueOf(e.getMessage())); // names the part, never its value
      }
    }

    /** Signs a request that goes nowhere: the library renews what it must when it signs. */
    private static HttpRequest sign(ICredential credential, @Nullable HttpClient client) {
      HttpRequest request = HttpRequest.newBuilder().withEndpoint("https://localhost").build();
      return credential.syncProcessAuthRequest(request, client);
    }
  }
}
