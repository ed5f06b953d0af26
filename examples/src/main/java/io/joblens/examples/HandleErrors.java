package io.joblens.examples;

import io.joblens.JobClient;
import io.joblens.JobException;
import io.joblens.JobQuery;
import io.joblens.JobServiceException;
import io.joblens.JobTransportException;
import io.joblens.tencent.batch.TencentBatch;

/** Tells errors apart by type and kind; no message needs parsing. */
public final class HandleErrors {
  private HandleErrors() {}

  /** Prints what to do about a failure. */
  public static void main(String[] args) {
    try (JobClient batch = TencentBatch.builder().region("ap-guangzhou").build()) {
      System.out.println(advice(batch));
    }
  }

  static String advice(JobClient batch) {
    // snippet: errors
    try {
      return batch.listRuns(JobQuery.ALL).runs().size() + " runs";
    } catch (JobServiceException e) { // the vendor said no
      return switch (e.kind()) {
        case AUTHENTICATION, EXPIRED_CREDENTIALS, CLOCK_SKEW -> "check key and clock";
        case ACCESS_DENIED -> "ask for a permission: " + e.getMessage();
        case THROTTLED, UNAVAILABLE -> "try later, request id " + e.requestId().orElse("unknown");
        default -> e.getMessage();
      };
    } catch (JobTransportException e) { // no answer came
      return e.kind() + ", after " + e.attempts() + " attempts";
    } catch (JobException e) { // everything else, such as a setting that is missing
      return e.getMessage();
    }
    // end
  }
}
