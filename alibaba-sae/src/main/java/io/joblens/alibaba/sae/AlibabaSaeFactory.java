package io.joblens.alibaba.sae;

import io.joblens.JobClientBuilder;
import io.joblens.JobQuery;
import io.joblens.ProviderId;
import io.joblens.alibaba.AlibabaCredentials;
import io.joblens.spi.Capabilities;
import io.joblens.spi.Config;
import io.joblens.spi.ConfigKey;
import io.joblens.spi.EndpointRule;
import io.joblens.spi.JobProviderFactory;
import io.joblens.spi.Operation;
import io.joblens.spi.StateTable;
import java.util.List;

/** Makes SAE clients from configuration. */
public final class AlibabaSaeFactory implements JobProviderFactory {
  /** For {@link java.util.ServiceLoader}. */
  public AlibabaSaeFactory() {}

  @Override
  public ProviderId id() {
    return AlibabaSae.ID;
  }

  @Override
  public Capabilities capabilities() {
    return SaeProvider.capabilitiesFor(JobQuery.ALL);
  }

  @Override
  public StateTable states() {
    return SaeStates.TABLE;
  }

  @Override
  public List<Operation> operations() {
    return List.of(
        new Operation(
            "ListJobs",
            "finds and lists job templates, with names",
            "sae:ListJobs",
            "60 calls a minute of the account, over all operations"),
        new Operation(
            "DescribeJobHistory",
            "lists the runs of a job template",
            "sae:DescribeJobHistory",
            "60 calls a minute of the account, over all operations"),
        new Operation(
            "DescribeJobStatus",
            "reads one run",
            "sae:DescribeJobStatus",
            "60 calls a minute of the account, over all operations"),
        new Operation(
            "DescribeJob",
            "reads the definition of a job template",
            "sae:DescribeJob",
            "60 calls a minute of the account, over all operations"));
  }

  @Override
  public List<EndpointRule> endpoints() {
    return List.of(
        new EndpointRule("all", "sae.REGION.aliyuncs.com", "sae-vpc.REGION.aliyuncs.com"));
  }

  @Override
  public List<ConfigKey> keys() {
    return List.of(
        ConfigKey.namedList("job", "AppId of the job template whose runs are listed; else all"),
        ConfigKey.list(
            "namespace", "namespace whose job templates are found, such as cn-beijing:test"));
  }

  @Override
  public List<ConfigKey> credentialKeys() {
    return AlibabaCredentials.KEYS;
  }

  @Override
  public JobClientBuilder<?> configure(Config config) {
    AlibabaSae.Builder builder =
        AlibabaSae.builder().jobs(config.list("job")).namespaces(config.list("namespace"));
    AlibabaCredentials.from(config).ifPresent(builder::credentials);
    return builder;
  }
}
