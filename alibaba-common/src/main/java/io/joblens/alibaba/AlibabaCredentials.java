package io.joblens.alibaba;

import io.joblens.spi.Config;
import io.joblens.spi.ConfigKey;
import io.joblens.spi.Credentials;
import io.joblens.spi.CredentialsProvider;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Where an Alibaba Cloud access key comes from: configuration, or the vendor's own variables. */
public final class AlibabaCredentials {
  /** The keys under {@code credentials} of a configuration file. */
  public static final List<ConfigKey> KEYS =
      List.of(
          ConfigKey.text("access-key-id", "id of an Alibaba Cloud access key"),
          ConfigKey.text("access-key-secret", "its secret"),
          ConfigKey.text("security-token", "its STS token, when the access key is temporary"),
          ConfigKey.text("profile", "a profile of the vendor's own files; not supported yet"));

  /** The domains that belong to the vendor, below which an endpoint needs no further permission. */
  public static final List<String> DOMAINS = List.of("aliyuncs.com");

  private AlibabaCredentials() {}

  /**
   * Returns a provider that reads {@code ALIBABA_CLOUD_ACCESS_KEY_ID}, {@code
   * ALIBABA_CLOUD_ACCESS_KEY_SECRET} and, when the key is temporary, {@code
   * ALIBABA_CLOUD_SECURITY_TOKEN}, as the vendor's own libraries do.
   */
  public static CredentialsProvider fromEnvironment(Map<String, String> environment) {
    return CredentialsProvider.fromEnvironment(
        environment,
        "ALIBABA_CLOUD_ACCESS_KEY_ID",
        "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
        List.of("ALIBABA_CLOUD_SECURITY_TOKEN"));
  }

  /**
   * Returns the credentials that a configuration gives, or nothing when it gives none.
   *
   * @throws io.joblens.ConfigException naming the key that is missing or cannot be used, never its
   *     value
   */
  public static Optional<Credentials> from(Config config) {
    return config.accessKey("access-key-id", "access-key-secret", "security-token");
  }
}
