package io.joblens.internal;

import io.joblens.JobClientBuilder;
import io.joblens.JobQuery;
import io.joblens.ProviderId;
import io.joblens.spi.Capabilities;
import io.joblens.spi.Config;
import io.joblens.spi.ConfigKey;
import io.joblens.spi.JobProviderFactory;
import io.joblens.spi.Scope;
import io.joblens.spi.StateTable;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Configures {@link StubProvider} and remembers with what. */
public class StubFactory implements JobProviderFactory {
  static final List<Config> CONFIGS = new CopyOnWriteArrayList<>();

  @Override
  public ProviderId id() {
    return StubProvider.ID;
  }

  @Override
  public Capabilities capabilities() {
    return new StubProvider().capabilities(JobQuery.ALL);
  }

  @Override
  public StateTable states() {
    return StubProvider.STATES;
  }

  @Override
  public List<ConfigKey> keys() {
    return List.of(
        ConfigKey.text("namespace", "the namespace's id"),
        ConfigKey.text("time-zone", "the zone of times"),
        ConfigKey.list("group", "groups"),
        ConfigKey.namedList("job", "jobs"));
  }

  @Override
  public List<ConfigKey> credentialKeys() {
    return List.of(
        ConfigKey.text("access-key-id", "id"),
        ConfigKey.text("access-key-secret", "secret"),
        ConfigKey.text("security-token", "token"));
  }

  @Override
  public JobClientBuilder<?> configure(Config config) {
    CONFIGS.add(config);
    StubProvider provider = new StubProvider();
    List<Scope> scopes = new ArrayList<>();
    config.list("job").forEach(job -> scopes.add(new Scope("r1", List.of(job), "")));
    if (!scopes.isEmpty()) {
      provider.scopes = scopes;
    }
    StubBuilder builder = new StubBuilder(provider);
    config
        .accessKey("access-key-id", "access-key-secret", "security-token")
        .ifPresent(builder::credentials);
    return builder;
  }

  /** Another provider, with a key that must be there. */
  public static final class Second extends StubFactory {
    @Override
    public ProviderId id() {
      return new ProviderId("stub-second");
    }

    @Override
    public List<ConfigKey> keys() {
      return List.of(ConfigKey.list("project-id", "give the project's id").toRequired());
    }
  }
}
