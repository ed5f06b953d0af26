package io.joblens.huawei.workspace;

import io.joblens.ConfigException;
import io.joblens.JobClientBuilder;
import io.joblens.JobQuery;
import io.joblens.ProviderId;
import io.joblens.huawei.HuaweiCredentials;
import io.joblens.spi.Capabilities;
import io.joblens.spi.Config;
import io.joblens.spi.ConfigKey;
import io.joblens.spi.JobProviderFactory;
import io.joblens.spi.StateTable;
import java.util.List;
import java.util.Set;

/** Makes Huawei Cloud Workspace clients from configuration. */
public final class HuaweiWorkspaceFactory implements JobProviderFactory {
  private static final Set<String> KEY_PAIR = Set.of("ak", "sk", "security-token");
  private static final Set<String> TOKEN = Set.of("auth-token");
  private static final Set<String> USER = Set.of("user", "password", "domain");

  /** For {@link java.util.ServiceLoader}. */
  public HuaweiWorkspaceFactory() {}

  @Override
  public ProviderId id() {
    return HuaweiWorkspace.ID;
  }

  @Override
  public Capabilities capabilities() {
    return WorkspaceProvider.capabilitiesFor(JobQuery.ALL);
  }

  @Override
  public StateTable states() {
    return WorkspaceStates.TABLE;
  }

  @Override
  public List<ConfigKey> keys() {
    return List.of(
        ConfigKey.list(
            "project-id",
            "project id, from the console's page My Credentials; several in one region, or one for"
                + " each region in the same order (default: HUAWEICLOUD_SDK_PROJECT_ID, or looked"
                + " up)"),
        ConfigKey.text("iam-endpoint", "where to look up projects and get tokens"),
        ConfigKey.namedList(
            "job",
            "id of a scheduled task; project-id/task-id with more than one project (default: all"
                + " tasks are looked up)"));
  }

  @Override
  public List<ConfigKey> credentialKeys() {
    return HuaweiCredentials.KEYS;
  }

  @Override
  public JobClientBuilder<?> configure(Config config) {
    Set<String> given = config.credentials().keySet();
    if (!KEY_PAIR.containsAll(given) && !given.equals(TOKEN) && !given.equals(USER)) {
      throw new ConfigException(
          "credentials: give ak and sk, or auth-token alone, or user, password and domain");
    }
    try {
      HuaweiWorkspace.Builder builder =
          HuaweiWorkspace.builder().projectIds(config.list("project-id")).jobs(config.list("job"));
      config.text("iam-endpoint").ifPresent(builder::iamEndpoint);
      if (given.equals(USER)) {
        return builder.iamUser(
            config.credential("domain").orElse(""),
            config.credential("user").orElse(""),
            config.credential("password").orElse(""));
      }
      HuaweiCredentials.from(config).ifPresent(builder::credentials);
      return builder;
    } catch (IllegalArgumentException e) {
      throw new ConfigException(String.valueOf(e.getMessage()));
    }
  }
}
