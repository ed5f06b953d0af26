package io.joblens.spi;

import io.joblens.JobClientBuilder;
import io.joblens.ProviderId;
import java.util.List;

/** Makes a provider from configuration; found by {@link java.util.ServiceLoader}. */
public interface JobProviderFactory {

  /** Returns the provider's id, the value of {@code provider:} in a configuration file. */
  ProviderId id();

  /** Returns what it can do in general, for documentation. */
  Capabilities capabilities();

  /** Returns the vendor's state words. */
  StateTable states();

  /** Returns the operations it calls, for documentation. */
  default List<Operation> operations() {
    return List.of();
  }

  /** Returns where its requests go, for documentation. */
  default List<EndpointRule> endpoints() {
    return List.of();
  }

  /** Returns the keys it reads besides those of every cloud. */
  List<ConfigKey> keys();

  /** Returns the keys it reads under {@code credentials}. */
  List<ConfigKey> credentialKeys();

  /**
   * Returns a client builder for one cloud, with the provider's own keys and the credentials set;
   * core sets what every cloud has, such as name, regions, endpoint and quota.
   *
   * @param config the cloud's values, checked for unknown keys and shapes already
   * @throws io.joblens.ConfigException for what only the provider can see
   */
  JobClientBuilder<?> configure(Config config);
}
