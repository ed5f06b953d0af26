package io.joblens.huawei.workspace;

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
import java.util.Set;

/** Makes Huawei Cloud Workspace clients from configuration. */
public final class HuaweiWorkspaceFactory implements JobProviderFactory {
  private static final Set<String> KEY_PAIR = Set.of("ak", "sk", "security-token");

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
                + " each region in the same order (default: HUAWEICLOUD_SDK_PROJECT_ID)"),
        ConfigKey.namedList(
            "job", "id of a scheduled task; project-id/task-id with more than one project"));
  }

  @Override
  public List<ConfigKey> credentialKeys() {
    return List.of(
        ConfigKey.text("ak", "access key id"),
        ConfigKey.text("sk", "secret access key"),
        ConfigKey.text("security-token", "session token of a temporary access key"),
        ConfigKey.text("auth-token", "IAM token with the project's scope, in place of ak and sk"),
        ConfigKey.text("user", "IAM user name; not supported yet"),
        ConfigKey.text("password", "IAM user's password; not supported yet"),
        ConfigKey.text("domain", "IAM user's account name; not supported yet"));
  }

  @Override
  public JobClientBuilder<?> configure(Config config) {
    Set<String> given = config.credentials().keySet();
    if (!KEY_PAIR.containsAll(given) && !given.equals(Set.of("auth-token"))) {
      throw new ConfigException(
          "credentials: give ak and sk, or auth-token alone; user, password and domain are not"
              + " supported yet");
    }
    try {
      HuaweiWorkspace.Builder builder =
          HuaweiWorkspace.builder().projectIds(config.list("project-id")).jobs(config.list("job"));
      config
          .credential("auth-token")
          .<Credentials>map(token -> Credentials.token(token, null))
          .or(() -> config.accessKey("ak", "sk", "security-token"))
          .ifPresent(builder::credentials);
      return builder;
    } catch (IllegalArgumentException e) {
      throw new ConfigException(String.valueOf(e.getMessage()));
    }
  }
}
