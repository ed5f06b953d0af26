package io.joblens.huawei.workspace;

import io.joblens.JobServiceException.Kind;
import io.joblens.huawei.HuaweiErrors;
import java.util.Map;

/**
 * What the codes of Workspace mean. Source: the error responses of
 * support.huaweicloud.com/intl/en-us/api-workspace.
 */
final class WorkspaceErrors {
  static final HuaweiErrors ERRORS =
      new HuaweiErrors(
          Map.of(
              "WKS.00050902",
              Kind.UNAVAILABLE,
              // what the vendor's Terraform provider takes for "not found" in a 400
              // (services/workspace, ConvertExpected400ErrInto404Err), as a text "not exist" is
              "WKS.0001",
              Kind.NOT_FOUND,
              "WKS.00170312",
              Kind.NOT_FOUND,
              "WKS.00211902",
              Kind.NOT_FOUND),
          // "Authorization Information" of each operation's page
          Map.of(
              WorkspaceRequests.LIST_SCHEDULE_TASKS,
              "workspace:scheduledTasks:list",
              WorkspaceRequests.SHOW_SCHEDULE_TASK,
              "workspace:scheduledTasks:get",
              WorkspaceRequests.LIST_TASK_EXECUTE_HISTORY,
              "workspace:scheduledTasks:listRecords",
              WorkspaceRequests.LIST_TASK_EXECUTE_DETAIL,
              "workspace:scheduledTasks:getRecord"));

  private WorkspaceErrors() {}
}
