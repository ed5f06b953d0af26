package io.joblens.alibaba;

import io.joblens.ConfigException;
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
   * @throws ConfigException naming the key that is missing or cannot be used, never its value
   */
  public static Optional<Credentials> from(Config config) {
    if (config.credentials().isEmpty()) {
      return Optional.empty();
    }
    if (config.credential("profile").isPresent()) {
      throw new ConfigException(
          "credentials.profile is not supported yet; give credentials.access-key-id and"
              + " credentials.access-key-secret, or set ALIBABA_CLOUD_ACCESS_KEY_ID and"
              + " ALIBABA_CLOUD_ACCESS_KEY_SECRET");
    }
    String id = require(config, "access-key-id");
    String secret = require(config, "access-key-secret");
    try {
      return Optional.of(
          config
              .credential("security-token")
              .filter(token -> !token.isEmpty())
              .map(token -> Credentials.temporary(id, secret, token, null))
              .orElseGet(() -> Credentials.accessKey(id, secret)));
    } catch (IllegalArgumentException e) {
      throw new ConfigException("credentials: " + e.getMessage());
    }
  }

  private static String require(Config config, String key) {
    return config
        .credential(key)
        .filter(value -> !value.isEmpty())
        .orElseThrow(
            () ->
                new ConfigException(
                    "credentials."
                        + key
                        + " is missing; an access key needs both access-key-id and"
                        + " access-key-secret"));
  }
}
