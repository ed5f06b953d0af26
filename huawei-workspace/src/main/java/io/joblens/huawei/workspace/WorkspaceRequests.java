package io.joblens.huawei.workspace;

import io.joblens.JobRef;
import io.joblens.RawRequest;
import io.joblens.RunRef;
import io.joblens.huawei.workspace.WorkspaceProvider.Project;
import io.joblens.spi.Call;
import io.joblens.spi.Endpoint;
import io.joblens.spi.Quota;
import io.joblens.spi.Rate;
import io.joblens.spi.Scope;
import io.joblens.spi.Text;
import io.joblens.spi.WireRequest;
import java.util.Optional;

/** Builds requests, and knows where they go. */
final class WorkspaceRequests {
  static final String LIST_SCHEDULE_TASKS = "ListScheduleTasks";
  static final String LIST_TASK_EXECUTE_DETAIL = "ListTaskExecuteDetail";
  static final String LIST_TASK_EXECUTE_HISTORY = "ListTaskExecuteHistory";
  static final String SHOW_SCHEDULE_TASK = "ShowScheduleTask";

  // Documented for the desktop APIs, assumed here:
  // support.huaweicloud.com/api-workspace/workspace_09_0005.html
  private static final Rate RATE = Rate.perMinute(200);

  private final Optional<Endpoint> override;

  WorkspaceRequests(Optional<Endpoint> override) {
    this.override = override;
  }

  /** The tasks of a project. */
  Call listScheduleTasks(Scope project, long offset, int limit) {
    return page(
        LIST_SCHEDULE_TASKS, inProject(project.region(), project.path().get(0)), offset, limit);
  }

  /** The servers of a run, whose id stands where other paths have the task's. */
  Call listTaskExecuteDetail(RunRef ref, long offset, int limit) {
    WireRequest.Builder request =
        inProject(ref.region(), ref.segments().get(0))
            .id("record id", requirePathId("record id", ref.runId()))
            .path("/execute-detail");
    return page(LIST_TASK_EXECUTE_DETAIL, request, offset, limit);
  }

  Call listTaskExecuteHistory(Scope scope, long offset, int limit) {
    WireRequest.Builder request =
        get(scope.region(), scope.path().get(0), scope.path().get(1)).path("/execute-history");
    return page(LIST_TASK_EXECUTE_HISTORY, request, offset, limit);
  }

  Call showScheduleTask(JobRef ref) {
    return read(
        SHOW_SCHEDULE_TASK, get(ref.region(), ref.segments().get(0), ref.segments().get(1)));
  }

  Call raw(RawRequest raw, Project project) {
    Endpoint endpoint = endpoint(project.region());
    boolean isPost = raw.method().filter("POST"::equals).isPresent();
    WireRequest.Builder request =
        start(isPost ? WireRequest.post(endpoint) : WireRequest.get(endpoint), project.id());
    request.path(
        raw.path()
            .orElseThrow(
                () -> new IllegalArgumentException("path is missing; give the operation's path")));
    raw.query().forEach(request::query);
    raw.json().ifPresent(request::body);
    return new Call(raw.action(), quota(raw.action()), raw.isRepeatable(), true, request.build());
  }

  Endpoint endpoint(String region) {
    return override.orElseGet(() -> WorkspaceHosts.endpoint(region));
  }

  /**
   * Returns the id when it can be one segment of a path.
   *
   * @throws IllegalArgumentException naming the parameter and what is wrong
   */
  static String requirePathId(String parameter, String id) {
    Text.requireId(parameter, id);
    // encoded, a slash could still be taken for one by a gateway on the way
    if (id.indexOf('/') >= 0) {
      throw new IllegalArgumentException(
          parameter + " contains a slash; give the id as the vendor's console shows it");
    }
    return id;
  }

  private WireRequest.Builder get(String region, String projectId, String taskId) {
    return inProject(region, projectId).id("task id", requirePathId("task id", taskId));
  }

  private WireRequest.Builder inProject(String region, String projectId) {
    return start(WireRequest.get(endpoint(region)), projectId)
        .path("/v1")
        .id("project id", requirePathId("project id", projectId))
        .path("/schedule-task");
  }

  // X-Project-Id is what makes sub-projects reachable with an access key, and Content-Type is
  // mandatory for GET too: support.huaweicloud.com/api-workspace/workspace_09_0009.html
  private static WireRequest.Builder start(WireRequest.Builder request, String projectId) {
    return request.header("Content-Type", "application/json").header("X-Project-Id", projectId);
  }

  private static Call page(String action, WireRequest.Builder request, long offset, int limit) {
    return read(action, request.query("offset", offset).query("limit", limit));
  }

  private static Call read(String action, WireRequest.Builder request) {
    return Call.read(action, quota(action), request.build());
  }

  private static Quota quota(String action) {
    return new Quota(HuaweiWorkspace.ID + "/" + action, RATE);
  }
}
