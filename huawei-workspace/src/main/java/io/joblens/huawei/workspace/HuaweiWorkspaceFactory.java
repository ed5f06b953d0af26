package io.joblens.huawei.workspace;

import io.joblens.ConfigException;
import io.joblens.JobClientBuilder;
import io.joblens.ProviderId;
import io.joblens.spi.Capabilities;
import io.joblens.spi.Config;
import io.joblens.spi.ConfigKey;
import io.joblens.spi.Credentials;
import io.joblens.spi.JobProviderFactory;
import io.joblens.spi.StateTable;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes Huawei Cloud Workspace clients from configuration. */
public final class HuaweiWorkspaceFactory implements JobProviderFactory {
  private static final Set<String> KEY_PAIR = Set.of("ak", "sk", "security-token");
  private static final Set<String> IAM_USER = Set.of("user", "password", "domain");

  /** For {@link java.util.ServiceLoader}. */
  public HuaweiWorkspaceFactory() {}

  @Override
  public ProviderId id() {
    return HuaweiWorkspace.ID;
  }

  @Override
  public Capabilities capabilities() {
    return WorkspaceProvider.LISTING;
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
    try {
      HuaweiWorkspace.Builder builder =
          HuaweiWorkspace.builder().projectIds(config.list("project-id")).jobs(config.list("job"));
      return config.credentials().isEmpty()
          ? builder
          : builder.credentials(credentials(config.credentials()));
    } catch (IllegalArgumentException e) {
      throw new ConfigException(String.valueOf(e.getMessage()));
    }
  }

  private static Credentials credentials(Map<String, String> values) {
    if (values.keySet().stream().anyMatch(IAM_USER::contains)) {
      throw new ConfigException(
          "credentials: user, password and domain are not supported yet; give ak and sk, or"
              + " auth-token with a token of the project");
    }
    @Nullable String token = values.get("auth-token");
    if (token != null) {
      if (values.keySet().stream().anyMatch(KEY_PAIR::contains)) {
        throw new ConfigException(
            "credentials: auth-token stands beside an access key; give one or the other");
      }
      return Credentials.token(token, null);
    }
    String ak = required(values, "ak");
    String sk = required(values, "sk");
    @Nullable String securityToken = values.get("security-token");
    return securityToken == null || securityToken.isEmpty()
        ? Credentials.accessKey(ak, sk)
        : Credentials.temporary(ak, sk, securityToken, null);
  }

  private static String required(Map<String, String> values, String key) {
    String value = values.getOrDefault(key, "");
    if (value.isEmpty()) {
      throw new ConfigException(
          "credentials." + key + " is missing; give ak and sk, or auth-token");
    }
    return value;
  }
}
