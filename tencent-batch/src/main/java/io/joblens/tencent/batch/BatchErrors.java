package io.joblens.tencent.batch;

import io.joblens.tencent.TencentErrors;
import java.util.Map;

/** What Batch adds to the errors of Tencent Cloud. */
final class BatchErrors {
  static final TencentErrors ERRORS =
      new TencentErrors(
          "batch",
          BatchResponses.MASKING,
          Map.of(
              "UnauthorizedOperation.UserNotAllowedToUseBatch",
              "the account has not been admitted to Batch; open Batch in the console once",
              "InvalidParameterValue.LimitExceeded",
              "a filter has too many values; ask for fewer jobs, states or tags at once"));

  private BatchErrors() {}
}
