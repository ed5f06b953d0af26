package io.joblens.tencent.batch;

import io.joblens.JobClientBuilder;
import io.joblens.JobQuery;
import io.joblens.ProviderId;
import io.joblens.spi.Capabilities;
import io.joblens.spi.Config;
import io.joblens.spi.ConfigKey;
import io.joblens.spi.JobProviderFactory;
import io.joblens.spi.StateTable;
import io.joblens.tencent.TencentCredentials;
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
    return TencentCredentials.KEYS;
  }

  @Override
  public JobClientBuilder<?> configure(Config config) {
    TencentBatch.Builder builder = TencentBatch.builder();
    TencentCredentials.from(config).ifPresent(builder::credentials);
    return builder;
  }
}
