package io.joblens.huawei.workspace;

import io.joblens.ConfigException;
import io.joblens.JobClientBuilder;
import io.joblens.JobQuery;
import io.joblens.ProviderId;
import io.joblens.huawei.HuaweiCredentials;
import io.joblens.spi.Capabilities;
import io.joblens.spi.Config;
import io.joblens.spi.ConfigKey;
import io.joblens.spi.EndpointRule;
import io.joblens.spi.JobProviderFactory;
import io.joblens.spi.Operation;
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
  public List<Operation> operations() {
    return List.of(
        new Operation(
            "ListScheduleTasks",
            "finds and lists tasks, with names",
            "workspace:scheduledTasks:list",
            "200 calls a minute of the user and operation, documented for desktops"),
        new Operation(
            "ListTaskExecuteHistory",
            "lists the runs of a task, and finds them by id",
            "workspace:scheduledTasks:listRecords",
            "200 calls a minute of the user and operation, documented for desktops"),
        new Operation(
            "ShowScheduleTask",
            "reads the definition of a task",
            "workspace:scheduledTasks:get",
            "200 calls a minute of the user and operation, documented for desktops"),
        new Operation(
            "ListTaskExecuteDetail",
            "says how a run went on each server",
            "workspace:scheduledTasks:getRecord",
            "200 calls a minute of the user and operation, documented for desktops"),
        new Operation(
            "KeystoneListProjects",
            "finds the project of a region",
            "iam:projects:listProjects",
            "200 calls a minute of the user and operation, documented for desktops"),
        new Operation(
            "KeystoneCreateUserTokenByPassword",
            "gets a token for an IAM user",
            "none",
            "200 calls a minute of the user and operation, documented for desktops"));
  }

  @Override
  public List<EndpointRule> endpoints() {
    return List.of(
        new EndpointRule(
            "cn-north-4, cn-north-9, cn-east-3, cn-south-1, cn-southwest-2",
            "appstream.REGION.myhuaweicloud.com",
            ""),
        new EndpointRule("those that begin with eu-", "workspace.REGION.myhuaweicloud.eu", ""),
        new EndpointRule("all others", "workspace.REGION.myhuaweicloud.com", ""));
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
