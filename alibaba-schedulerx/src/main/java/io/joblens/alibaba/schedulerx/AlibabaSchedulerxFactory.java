package io.joblens.alibaba.schedulerx;

import io.joblens.JobClientBuilder;
import io.joblens.JobQuery;
import io.joblens.ProviderId;
import io.joblens.alibaba.AlibabaCredentials;
import io.joblens.spi.Capabilities;
import io.joblens.spi.Config;
import io.joblens.spi.ConfigKey;
import io.joblens.spi.JobProviderFactory;
import io.joblens.spi.StateTable;
import java.util.List;

/** Makes {@link AlibabaSchedulerx} clients from configuration. */
public final class AlibabaSchedulerxFactory implements JobProviderFactory {

  /** For {@link java.util.ServiceLoader}. */
  public AlibabaSchedulerxFactory() {}

  @Override
  public ProviderId id() {
    return AlibabaSchedulerx.ID;
  }

  @Override
  public Capabilities capabilities() {
    return SchedulerxProvider.capabilitiesFor(JobQuery.ALL);
  }

  @Override
  public StateTable states() {
    return SchedulerxStates.TABLE;
  }

  @Override
  public List<ConfigKey> keys() {
    return List.of(
        ConfigKey.text(
            "namespace", "namespace id, on the console's Namespace page; else all of them"),
        ConfigKey.text("namespace-source", "only for special third parties, as the vendor says"),
        ConfigKey.list(
            "group",
            "application id, on the console's Application Management page; else all of them"),
        ConfigKey.namedList(
            "job", "job id, or group/id with several groups; lists these in place of whole groups"),
        ConfigKey.text(
            "time-zone", "zone of the vendor's times, which carry none; Asia/Shanghai is assumed"));
  }

  @Override
  public List<ConfigKey> credentialKeys() {
    return AlibabaCredentials.KEYS;
  }

  @Override
  public JobClientBuilder<?> configure(Config config) {
    AlibabaSchedulerx.Builder builder =
        AlibabaSchedulerx.builder().groups(config.list("group")).jobs(config.list("job"));
    config.text("namespace").ifPresent(builder::namespace);
    config.text("namespace-source").ifPresent(builder::namespaceSource);
    config.zone("time-zone").ifPresent(builder::timeZone);
    AlibabaCredentials.from(config).ifPresent(builder::credentials);
    return builder;
  }
}
