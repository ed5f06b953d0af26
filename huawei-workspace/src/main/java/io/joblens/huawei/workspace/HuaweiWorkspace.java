package io.joblens.huawei.workspace;

import io.joblens.ConfigException;
import io.joblens.JobClientBuilder;
import io.joblens.ProviderId;
import io.joblens.huawei.workspace.WorkspaceProvider.Project;
import io.joblens.spi.CredentialsProvider;
import io.joblens.spi.JobProvider;
import java.util.Collection;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Queries runs of scheduled tasks of Huawei Cloud Workspace (its cloud applications, "WorkspaceApp"
 * in Huawei's SDKs).
 *
 * <p>A <em>job</em> is a scheduled task, a <em>run</em> one record of its execution history; a task
 * belongs to a project, and a project to one region. A run reference has three segments: project
 * id, task id, record id. Huawei lists the history of one task at a time, so a listing needs the
 * ids of the tasks, from the configuration or the query.
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

  /** Builds a client for Huawei Cloud Workspace. */
  public static final class Builder extends JobClientBuilder<Builder> {
    private List<String> projectIds = List.of();
    private List<String> jobs = List.of();

    private Builder() {}

    /** Sets the project; {@code HUAWEICLOUD_SDK_PROJECT_ID} unless set. */
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

    /** Sets the task whose runs are listed unless a query names others. */
    public Builder job(String value) {
      return jobs(List.of(value));
    }

    /**
     * Sets the tasks whose runs are listed unless a query names others: task ids or, with more than
     * one project, {@code project-id/task-id}.
     */
    public Builder jobs(Collection<String> values) {
      jobs = values.stream().distinct().toList();
      return this;
    }

    @Override
    protected JobProvider provider() {
      try {
        return new WorkspaceProvider(
            projects(), jobs, new WorkspaceRequests(endpoint(WorkspaceRequests.VENDOR_DOMAINS)));
      } catch (IllegalArgumentException e) {
        throw new ConfigException("project-id or job: " + e.getMessage());
      }
    }

    @Override
    protected CredentialsProvider defaultCredentials() {
      // the names that github.com/huaweicloud/huaweicloud-sdk-java-v3 reads, as is the project's
      return CredentialsProvider.fromEnvironment(
          environment(),
          "HUAWEICLOUD_SDK_AK",
          "HUAWEICLOUD_SDK_SK",
          List.of("HUAWEICLOUD_SDK_SECURITY_TOKEN"));
    }

    private List<Project> projects() {
      List<String> regions = requireRegions();
      String variable = environment().getOrDefault("HUAWEICLOUD_SDK_PROJECT_ID", "");
      List<String> ids =
          projectIds.isEmpty() && !variable.isEmpty() ? List.of(variable) : projectIds;
      if (ids.isEmpty()) {
        throw new ConfigException(
            "project-id is missing; set it, or the environment variable HUAWEICLOUD_SDK_PROJECT_ID,"
                + " to the id beside the region on the console's page My Credentials");
      }
      if (regions.size() > 1 && ids.size() != regions.size()) {
        throw new ConfigException(
            "%d project-ids for %d regions; as a project has one region, give one for each, in order"
                .formatted(ids.size(), regions.size()));
      }
      return IntStream.range(0, ids.size())
          .mapToObj(i -> new Project(regions.get(regions.size() > 1 ? i : 0), ids.get(i)))
          .toList();
    }
  }
}
