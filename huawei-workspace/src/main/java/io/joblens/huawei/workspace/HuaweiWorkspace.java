package io.joblens.huawei.workspace;

import io.joblens.ConfigException;
import io.joblens.JobClientBuilder;
import io.joblens.ProviderId;
import io.joblens.huawei.HuaweiCredentials;
import io.joblens.huawei.HuaweiIam;
import io.joblens.huawei.workspace.WorkspaceProvider.Project;
import io.joblens.spi.CredentialsProvider;
import io.joblens.spi.Endpoint;
import io.joblens.spi.Environment;
import io.joblens.spi.JobProvider;
import io.joblens.spi.Step;
import io.joblens.spi.Text;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Queries runs of scheduled tasks of Huawei Cloud Workspace (its cloud applications, "WorkspaceApp"
 * in Huawei's SDKs).
 *
 * <p>A <em>job</em> is a scheduled task, a <em>run</em> one record of its execution history; a task
 * belongs to a project, and a project to one region. A run reference has three segments: project
 * id, task id, record id. Huawei lists the history of one task at a time; where neither the
 * configuration nor the query names tasks, those of all projects are looked up first, 100 a call.
 *
 * <p>Huawei has no call that reads one record. Getting runs reads the history of their task, 100
 * records a call, until all that were asked for are found: usually one call for all runs of a task,
 * more where a history is longer and the records stand far behind.
 */
public final class HuaweiWorkspace {
  /** The provider's id, {@code huawei-workspace}. */
  public static final ProviderId ID = new ProviderId("huawei-workspace");

  private HuaweiWorkspace() {}

  /** Starts a client for one cloud. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Builds a client for Huawei Cloud Workspace. Unless credentials are given they come from the
   * vendor's usual variables and file, see {@link HuaweiCredentials#usual}.
   */
  public static final class Builder extends JobClientBuilder<Builder> {
    private List<String> projectIds = List.of();
    private List<String> jobs = List.of();
    private List<String> iamUser = List.of();
    private @Nullable String iamEndpoint;

    private Builder() {}

    /**
     * Sets the project. Unless set it is that of {@code HUAWEICLOUD_SDK_PROJECT_ID}, or the one
     * beside the access key in the vendor's credentials file. Without one, and with several
     * regions, each region's own project is looked up, once, with one or two requests before the
     * client's first other one.
     */
    public Builder projectId(String value) {
      return projectIds(List.of(value));
    }

    /**
     * Sets the projects. In one region there may be several, its project and sub-projects. With
     * several regions there is one project for each, in the order of the regions.
     */
    public Builder projectIds(Collection<String> values) {
      values.forEach(id -> WorkspaceRequests.requirePathId("project-id", id));
      projectIds = values.stream().distinct().toList();
      return this;
    }

    /** Sets the task whose runs are listed unless a query names others; unless set, all are. */
    public Builder job(String value) {
      return jobs(List.of(value));
    }

    /**
     * Sets the tasks whose runs are listed unless a query names others: task ids or, with more than
     * one project, {@code project-id/task-id}. Unless set, all tasks are looked up.
     */
    public Builder jobs(Collection<String> values) {
      jobs = values.stream().distinct().toList();
      return this;
    }

    /**
     * Takes tokens got with an IAM user's password in place of an access key; one region only, as a
     * token is for one project. A HUAWEI ID cannot get tokens.
     *
     * @param domain the name of the account that the user belongs to
     */
    public Builder iamUser(String domain, String user, String password) {
      if (password.isBlank()) {
        throw new IllegalArgumentException("password is blank");
      }
      iamUser = List.of(Text.requireId("domain", domain), Text.requireId("user", user), password);
      return this;
    }

    /**
     * Sends the calls of IAM here, {@code https://host[:port]}; unless set, to {@code
     * HUAWEICLOUD_SDK_IAM_ENDPOINT} or the region's own host. They look up projects and get tokens.
     */
    public Builder iamEndpoint(String value) {
      iamEndpoint = value;
      return this;
    }

    @Override
    protected JobProvider provider() {
      if (hasCredentials() && !iamUser.isEmpty()) {
        throw new ConfigException("an IAM user and credentials are both set; give one of them");
      }
      Optional<Endpoint> endpoint = endpoint(HuaweiIam.DOMAINS);
      if (isVpc() && endpoint.isEmpty()) {
        throw new ConfigException(
            "network is vpc, but Huawei documents no hosts for private networks; give the endpoint");
      }
      try {
        return new WorkspaceProvider(projects(), jobs, new WorkspaceRequests(endpoint), lookUp());
      } catch (IllegalArgumentException e) {
        throw new ConfigException("project-id or job: " + e.getMessage());
      }
    }

    /** Returns what finds the projects; the file with one is not read before the first call. */
    private Supplier<Step<List<Project>>> lookUp() {
      List<String> regions = requireRegions();
      HuaweiIam iam = iam();
      Environment places = environment();
      boolean isUsual = !hasCredentials() && iamUser.isEmpty();
      return () -> {
        Optional<String> usual =
            isUsual && regions.size() == 1 ? HuaweiCredentials.projectId(places) : Optional.empty();
        return usual.isPresent()
            ? Step.done(List.of(usual(regions.get(0), usual.get())))
            : Step.each(
                regions, region -> iam.projectId(region).map(id -> new Project(region, id)));
      };
    }

    private static Project usual(String region, String id) {
      try {
        return new Project(region, id);
      } catch (IllegalArgumentException e) {
        throw new ConfigException("project_id of the credentials file: " + e.getMessage());
      }
    }

    @Override
    protected CredentialsProvider defaultCredentials() {
      if (profile().isPresent()) {
        throw new ConfigException("profile: Huawei's credentials file has none; leave it out");
      }
      if (iamUser.isEmpty()) {
        return HuaweiCredentials.usual(environment());
      }
      List<Project> projects = projects();
      if (requireRegions().size() > 1 || projects.size() > 1) {
        throw new ConfigException(
            "user and password get a token for one project; give one region and at most one"
                + " project-id, and configure the others as clouds of their own");
      }
      return iam()
          .password(
              iamUser.get(0),
              iamUser.get(1),
              iamUser.get(2),
              requireRegions().get(0),
              projects.stream().map(Project::id).findFirst());
    }

    private HuaweiIam iam() {
      Optional<String> given =
          Optional.ofNullable(iamEndpoint)
              .or(() -> environment().variable("HUAWEICLOUD_SDK_IAM_ENDPOINT"));
      try {
        return new HuaweiIam(given.map(text -> endpoint(text, HuaweiIam.DOMAINS)));
      } catch (ConfigException e) {
        throw new ConfigException("iam-" + e.getMessage());
      }
    }

    /** Returns the projects that are known; none when they are to be looked up. */
    private List<Project> projects() {
      List<String> regions = requireRegions();
      List<String> ids = projectIds;
      if (ids.isEmpty() && regions.size() == 1) {
        // with several regions one id would be the wrong one in all regions but its own
        ids = environment().variable("HUAWEICLOUD_SDK_PROJECT_ID").map(List::of).orElse(List.of());
      }
      if (!ids.isEmpty() && regions.size() > 1 && ids.size() != regions.size()) {
        throw new ConfigException(
            "%d project-ids for %d regions; as a project has one region, give one for each, in order"
                .formatted(ids.size(), regions.size()));
      }
      List<String> known = ids;
      return IntStream.range(0, known.size())
          .mapToObj(i -> new Project(regions.get(regions.size() > 1 ? i : 0), known.get(i)))
          .toList();
    }
  }
}
