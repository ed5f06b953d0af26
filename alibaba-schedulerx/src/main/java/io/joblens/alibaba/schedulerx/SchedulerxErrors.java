package io.joblens.alibaba.schedulerx;

import io.joblens.JobServiceException.Kind;
import io.joblens.alibaba.AlibabaErrors;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What SchedulerX's own error codes mean. They come with HTTP 200 and {@code "Success":false} and
 * are documented nowhere; the numbers are those of {@code ResponseCode} (negative) and {@code
 * ResponseCodeEnum} in the vendor's worker (schedulerx2-worker 1.3.4). That the API uses them is
 * seen in the vendor's Terraform provider, which takes -10003 and -10001 for "not found".
 *
 * <p>Where a number says no more than "something is wrong", the documented texts decide. A text
 * alone, without an error, proves nothing: the documentation's own successes carry "jobid … not
 * match groupId". Nothing else becomes NOT_FOUND, because a run that is "not found" is one that a
 * waiter gives up on.
 */
final class SchedulerxErrors {
  /** Finds the errors in answers. */
  static final AlibabaErrors ALL =
      new AlibabaErrors(SchedulerxErrors::kind, SchedulerxErrors::permission);

  /** In lower case, for no two operations write them alike. */
  private static final List<String> MISSING =
      List.of(
          "is not existed", // "jobId=xxx is not existed", "app is not existed, groupId=xxxx"
          "not match groupid", // "jobid: 92583 not match groupId: testSchedulerx.defaultGroup"
          "groupid not exist",
          "can not find namespace"); // "namespace can not find namespace: xxx"

  private SchedulerxErrors() {}

  /** Returns the kind of what SchedulerX itself, not the gateway before it, says. */
  private static Optional<Kind> kind(String code, String message) {
    if (!code.matches("|-?\\d+")) {
      return Optional.empty(); // the gateway's codes are words
    }
    String text = message.toLowerCase(Locale.ROOT);
    if (MISSING.stream().anyMatch(text::contains)) {
      return Optional.of(Kind.NOT_FOUND);
    }
    if (text.contains("no access permission")) { // "No access permission for the namespace [***]"
      return Optional.of(Kind.ACCESS_DENIED);
    }
    return Optional.ofNullable(kind(code));
  }

  private static @Nullable Kind kind(String code) {
    return switch (code) {
      // OPEN_API_GROUPID_NOT_EXIST, not exist, JOB_…, JOB_INSTANCE_…, APP_GROUP_NOT_EXIST
      case "-10003", "1001", "1005", "1006", "1007" -> Kind.NOT_FOUND;
      // NO_AUTHORITY, no permission, only the main account, RAM_NO_MANAGE_MENU
      case "-1002", "1003", "1004", "1050" -> Kind.ACCESS_DENIED;
      case "-10002" -> Kind.AUTHENTICATION; // OPEN_API_SIGNATURE_NOT_SAME
      case "-10004" -> Kind.CLOCK_SKEW; // OPEN_API_SIGNATURE_TIMEOUT
      // ERROR_PARAM, REQUEST_PARAM_INVALID, OPEN_API_REQUEST_CHECK_ERROR, parameter check
      case "-1001", "-2003", "-10001", "1000" -> Kind.INVALID_REQUEST;
      case "1002" -> Kind.SERVER_ERROR; // system error
      default -> null;
    };
  }

  /** Returns the RAM action that the operation's page names. */
  private static String permission(String action) {
    return switch (action) {
      case SchedulerxRequests.GET, SchedulerxRequests.LIST -> "edas:ReadSchedulerxJobInstanceQuery";
      case SchedulerxRequests.JOB, SchedulerxRequests.JOBS -> "edas:ReadSchedulerxJobQuery";
      case SchedulerxRequests.NAMESPACES -> "edas:ReadSchedulerxNamespaceQuery";
      case SchedulerxRequests.GROUPS -> "edas:ReadSchedulerxAppGroupQuery";
      case SchedulerxRequests.LOG -> "edas:ReadSchedulerxLogQuery";
      default -> "what the page about " + action + " names";
    };
  }
}
