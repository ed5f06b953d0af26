package io.joblens.tencent.batch;

import io.joblens.JobClientBuilder;
import io.joblens.JobQuery;
import io.joblens.ProviderId;
import io.joblens.spi.Capabilities;
import io.joblens.spi.Config;
import io.joblens.spi.ConfigKey;
import io.joblens.spi.EndpointRule;
import io.joblens.spi.JobProviderFactory;
import io.joblens.spi.Operation;
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
  public List<Operation> operations() {
    return List.of(
        new Operation(
            "DescribeJobs",
            "lists runs and reads them by id",
            "batch:DescribeJobs",
            "10 calls a second of the account, region and operation; 2 at the international host"),
        new Operation(
            "DescribeJob",
            "says why a run failed",
            "batch:DescribeJob",
            "10 calls a second of the account, region and operation; 2 at the international host"),
        new Operation(
            "DescribeTask",
            "reads exit codes of the tasks that failed",
            "batch:DescribeTask",
            "10 calls a second of the account, region and operation; 2 at the international host"),
        new Operation(
            "DescribeTaskLogs",
            "reads the end of their logs",
            "batch:DescribeTaskLogs",
            "10 calls a second of the account, region and operation; 2 at the international host"));
  }

  @Override
  public List<EndpointRule> endpoints() {
    return List.of(
        new EndpointRule(
            "all",
            "batch.tencentcloudapi.com; by endpoint also batch.intl.tencentcloudapi.com and batch.REGION.tencentcloudapi.com",
            "batch.internal.tencentcloudapi.com"));
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
