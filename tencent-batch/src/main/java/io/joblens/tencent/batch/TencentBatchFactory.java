package io.joblens.tencent.batch;

import io.joblens.ConfigException;
import io.joblens.JobClientBuilder;
import io.joblens.JobQuery;
import io.joblens.ProviderId;
import io.joblens.spi.Capabilities;
import io.joblens.spi.Config;
import io.joblens.spi.ConfigKey;
import io.joblens.spi.Credentials;
import io.joblens.spi.JobProviderFactory;
import io.joblens.spi.StateTable;
import java.util.List;
import java.util.Optional;

/** Makes Tencent Batch clients from configuration. */
public final class TencentBatchFactory implements JobProviderFactory {
  /** For {@link java.util.ServiceLoader}. */
  public TencentBatchFactory() {}

  @Override
  public ProviderId id() {
    return TencentBatch.ID;
  }

  @Override
  public Capabilities capabilities() {
    return BatchProvider.capabilitiesFor(JobQuery.ALL);
  }

  @Override
  public StateTable states() {
    return BatchStates.TABLE;
  }

  @Override
  public List<ConfigKey> keys() {
    return List.of(); // what every cloud has is enough
  }

  @Override
  public List<ConfigKey> credentialKeys() {
    return List.of(
        ConfigKey.text("secret-id", "SecretId of the API key"),
        ConfigKey.text("secret-key", "SecretKey of the API key"),
        ConfigKey.text("token", "token of temporary credentials"),
        ConfigKey.text("profile", "not supported yet"));
  }

  @Override
  public JobClientBuilder<?> configure(Config config) {
    TencentBatch.Builder builder = TencentBatch.builder();
    return config.credentials().isEmpty() ? builder : builder.credentials(credentials(config));
  }

  private static Credentials credentials(Config config) {
    if (config.credential("profile").isPresent()) {
      throw new ConfigException(
          "credentials: profile is not supported yet; give secret-id and secret-key, or leave"
              + " credentials out to use the environment variables TENCENTCLOUD_SECRET_ID and"
              + " TENCENTCLOUD_SECRET_KEY");
    }
    String id = required(config, "secret-id");
    String secret = required(config, "secret-key");
    try {
      return given(config, "token")
          .map(token -> Credentials.temporary(id, secret, token, null))
          .orElseGet(() -> Credentials.accessKey(id, secret));
    } catch (IllegalArgumentException e) {
      throw new ConfigException("credentials: " + e.getMessage());
    }
  }

  private static String required(Config config, String key) {
    return given(config, key)
        .orElseThrow(
            () ->
                new ConfigException(
                    "credentials: " + key + " is missing; secret-id and secret-key go together"));
  }

  /** An empty value is what a variable with an empty default leaves, so it is none. */
  private static Optional<String> given(Config config, String key) {
    return config.credential(key).filter(value -> !value.isEmpty());
  }
}
