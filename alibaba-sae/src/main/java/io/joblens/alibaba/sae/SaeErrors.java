package io.joblens.alibaba.sae;

import io.joblens.JobServiceException.Kind;
import io.joblens.alibaba.AlibabaErrors;
import io.joblens.spi.ServiceError;
import java.util.Optional;

/** What SAE adds to the errors of Alibaba Cloud. */
final class SaeErrors {
  static final AlibabaErrors ERRORS =
      new AlibabaErrors((code, message) -> ownKind(code), action -> "sae:" + action);

  private SaeErrors() {}

  /** Tells whether SAE itself, not some gateway's bare 404, says that there is no such thing. */
  static boolean saysMissing(ServiceError error) {
    return error.kind() == Kind.NOT_FOUND && error.code().isPresent();
  }

  /**
   * Codes of the <a href="https://help.aliyun.com/zh/sae/api-sae-2019-05-06-errorcodes">SAE error
   * codes</a> that mean something else than their form says.
   */
  private static Optional<Kind> ownKind(String code) {
    // HTTP 404 with "The response of API %s is empty": SAE's inner call failed, nothing is missing
    return code.equals("InvalidResponse.Api") ? Optional.of(Kind.SERVER_ERROR) : Optional.empty();
  }
}
