package io.joblens.tencent.batch;

import io.joblens.JobClientBuilder;
import io.joblens.JobQuery;
import io.joblens.ProviderId;
import io.joblens.spi.Capabilities;
import io.joblens.spi.Config;
import io.joblens.spi.ConfigKey;
import io.joblens.spi.JobProviderFactory;
import io.joblens.spi.StateTable;
import java.util.List;

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
    config.accessKey("secret-id", "secret-key", "token").ifPresent(builder::credentials);
    return builder;
  }
}
