package io.joblens.alibaba.schedulerx;

import io.joblens.JobServiceException.Kind;
import io.joblens.alibaba.AlibabaErrors;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

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

  private static final Map<String, Kind> KINDS =
      Map.ofEntries(
          Map.entry("-10003", Kind.NOT_FOUND), // OPEN_API_GROUPID_NOT_EXIST
          Map.entry("1001", Kind.NOT_FOUND), // not exist
          Map.entry("1005", Kind.NOT_FOUND), // JOB_NOT_EXIST
          Map.entry("1006", Kind.NOT_FOUND), // JOB_INSTANCE_NOT_EXIST
          Map.entry("1007", Kind.NOT_FOUND), // APP_GROUP_NOT_EXIST
          Map.entry("-1002", Kind.ACCESS_DENIED), // NO_AUTHORITY
          Map.entry("1003", Kind.ACCESS_DENIED), // no permission
          Map.entry("1004", Kind.ACCESS_DENIED), // only the main account
          Map.entry("1050", Kind.ACCESS_DENIED), // RAM_NO_MANAGE_MENU
          Map.entry("-10002", Kind.AUTHENTICATION), // OPEN_API_SIGNATURE_NOT_SAME
          Map.entry("-10004", Kind.CLOCK_SKEW), // OPEN_API_SIGNATURE_TIMEOUT
          Map.entry("-1001", Kind.INVALID_REQUEST), // ERROR_PARAM
          Map.entry("-2003", Kind.INVALID_REQUEST), // REQUEST_PARAM_INVALID
          Map.entry("-10001", Kind.INVALID_REQUEST), // OPEN_API_REQUEST_CHECK_ERROR
          Map.entry("1000", Kind.INVALID_REQUEST), // parameter check
          Map.entry("1002", Kind.SERVER_ERROR)); // system error

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
    boolean gateway = !code.isEmpty() && !code.matches("-?\\d+");
    if (gateway) {
      return Optional.empty();
    }
    String text = message.toLowerCase(Locale.ROOT);
    if (MISSING.stream().anyMatch(text::contains)) {
      return Optional.of(Kind.NOT_FOUND);
    }
    if (text.contains("no access permission")) { // "No access permission for the namespace [***]"
      return Optional.of(Kind.ACCESS_DENIED);
    }
    return Optional.ofNullable(KINDS.get(code));
  }

  /** Returns the RAM action that the operation's page names. */
  private static String permission(String action) {
    return switch (action) {
      case SchedulerxRequests.GET, SchedulerxRequests.LIST -> "edas:ReadSchedulerxJobInstanceQuery";
      case SchedulerxRequests.JOB -> "edas:ReadSchedulerxJobQuery";
      default -> "what the page about " + action + " names under Authorization information";
    };
  }
}
