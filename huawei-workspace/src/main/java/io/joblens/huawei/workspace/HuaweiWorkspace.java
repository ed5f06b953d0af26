package io.joblens.huawei.workspace;

import io.joblens.ConfigException;
import io.joblens.JobClientBuilder;
import io.joblens.ProviderId;
import io.joblens.huawei.workspace.WorkspaceProvider.Project;
import io.joblens.spi.CredentialsProvider;
import io.joblens.spi.JobProvider;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
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
    // The names that Huawei's own SDKs read: github.com/huaweicloud/huaweicloud-sdk-java-v3,
    // README.
    private static final String AK_VARIABLE = "HUAWEICLOUD_SDK_AK";
    private static final String SK_VARIABLE = "HUAWEICLOUD_SDK_SK";
    private static final String TOKEN_VARIABLE = "HUAWEICLOUD_SDK_SECURITY_TOKEN";
    private static final String PROJECT_VARIABLE = "HUAWEICLOUD_SDK_PROJECT_ID";

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

    /** Names tasks, by task id or {@code project-id/task-id}. */
    @Override
    public Builder aliases(Map<String, String> nameById) {
      // rows and references know a task by its own id
      return super.aliases(
          nameById.entrySet().stream()
              .collect(
                  Collectors.toMap(
                      entry -> entry.getKey().substring(entry.getKey().lastIndexOf('/') + 1),
                      Map.Entry::getValue,
                      (first, second) -> first)));
    }

    @Override
    protected JobProvider provider() {
      try {
        return new WorkspaceProvider(
            projects(), jobs, new WorkspaceRequests(endpoint(WorkspaceRequests.VENDOR_DOMAINS)));
      } catch (IllegalArgumentException e) {
        throw new ConfigException("job: " + e.getMessage());
      }
    }

    @Override
    protected CredentialsProvider defaultCredentials() {
      return CredentialsProvider.fromEnvironment(
          environment(), AK_VARIABLE, SK_VARIABLE, List.of(TOKEN_VARIABLE));
    }

    private List<Project> projects() {
      List<String> regions = requireRegions();
      List<String> ids = projectIds.isEmpty() ? projectFromEnvironment() : projectIds;
      if (ids.isEmpty()) {
        throw new ConfigException(
            "project-id is missing; set project-id, or the environment variable "
                + PROJECT_VARIABLE
                + ", to the id that Huawei's console shows beside the region on the page My"
                + " Credentials");
      }
      if (regions.size() == 1) {
        return ids.stream().map(id -> new Project(regions.get(0), id)).toList();
      }
      if (ids.size() != regions.size()) {
        throw new ConfigException(
            "project-ids does not fit regions: a project belongs to one region, so "
                + regions.size()
                + " regions need "
                + regions.size()
                + " project ids in the same order, and there "
                + (ids.size() == 1 ? "is 1" : "are " + ids.size()));
      }
      return IntStream.range(0, ids.size())
          .mapToObj(i -> new Project(regions.get(i), ids.get(i)))
          .toList();
    }

    private List<String> projectFromEnvironment() {
      String id = environment().getOrDefault(PROJECT_VARIABLE, "");
      if (id.isEmpty()) {
        return List.of();
      }
      try {
        return List.of(WorkspaceRequests.requirePathId(PROJECT_VARIABLE, id));
      } catch (IllegalArgumentException e) {
        throw new ConfigException("environment variable " + e.getMessage());
      }
    }
  }
}
