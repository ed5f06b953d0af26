package io.joblens.tencent.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.joblens.JobServiceException.Kind;
import io.joblens.spi.WireResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BatchErrorsTest {
  @ParameterizedTest
  @CsvSource({
    // of DescribeJobs and DescribeJob
    "InternalError, SERVER_ERROR",
    "InvalidFilter, INVALID_REQUEST",
    "InvalidParameter, INVALID_REQUEST",
    "InvalidParameter.InvalidParameterCombination, INVALID_REQUEST",
    "InvalidParameter.JobIdMalformed, INVALID_REQUEST",
    "InvalidParameterValue, INVALID_REQUEST",
    "InvalidParameterValue.InvalidFilter, INVALID_REQUEST",
    "InvalidParameterValue.LimitExceeded, INVALID_REQUEST",
    "InvalidZone.MismatchRegion, INVALID_REQUEST",
    "ResourceNotFound.Job, NOT_FOUND",
    "ResourceNotFound.TaskInstance, NOT_FOUND",
    "UnauthorizedOperation.UserNotAllowedToUseBatch, ACCESS_DENIED",
    "UnknownParameter, INVALID_REQUEST",
    // common
    "ActionOffline, INVALID_REQUEST",
    "AuthFailure.InvalidAuthorization, AUTHENTICATION",
    "AuthFailure.InvalidSecretId, AUTHENTICATION",
    "AuthFailure.MFAFailure, AUTHENTICATION",
    "AuthFailure.SecretIdNotFound, AUTHENTICATION",
    "AuthFailure.SignatureExpire, CLOCK_SKEW",
    "AuthFailure.SignatureFailure, AUTHENTICATION",
    "AuthFailure.TokenFailure, EXPIRED_CREDENTIALS",
    "AuthFailure.UnauthorizedOperation, ACCESS_DENIED",
    "DryRunOperation, UNKNOWN",
    "FailedOperation, UNKNOWN",
    "InvalidAction, INVALID_REQUEST",
    "InvalidRequest, INVALID_REQUEST",
    "IpInBlacklist, ACCESS_DENIED",
    "IpNotInWhitelist, ACCESS_DENIED",
    "LimitExceeded, UNKNOWN",
    "LimitExceeded.RateLimitExceeded, THROTTLED",
    "MissingParameter, INVALID_REQUEST",
    "NoSuchProduct, INVALID_REQUEST",
    "NoSuchVersion, INVALID_REQUEST",
    "RequestLimitExceeded, THROTTLED",
    "RequestLimitExceeded.GlobalRegionUinLimitExceeded, THROTTLED",
    "RequestLimitExceeded.IPLimitExceeded, THROTTLED",
    "RequestLimitExceeded.UinLimitExceeded, THROTTLED",
    "RequestSizeLimitExceeded, INVALID_REQUEST",
    "ResourceInUse, UNKNOWN",
    "ResourceInsufficient, UNKNOWN",
    "ResourceNotFound, NOT_FOUND",
    "ResourceUnavailable, UNAVAILABLE",
    "ResponseSizeLimitExceeded, INVALID_REQUEST",
    "ServiceUnavailable, UNAVAILABLE",
    "UnauthorizedOperation, ACCESS_DENIED",
    "UnsupportedOperation, INVALID_REQUEST",
    "UnsupportedProtocol, INVALID_REQUEST",
    "UnsupportedRegion, INVALID_REQUEST",
    // not documented
    "RequestLimitExceededButNot, UNKNOWN",
    "Whatever.Else, UNKNOWN",
  })
  void theCodeSaysTheKind(String code, Kind kind) {
    String body = "{\"Response\":{\"Error\":{\"Code\":\"" + code + "\",\"Message\":\"m\"}}}";

    assertThat(BatchErrors.in("DescribeJobs", TestProvider.response(200, body)))
        .hasValueSatisfying(
            error -> {
              assertThat(error.kind()).isEqualTo(kind);
              assertThat(error.code()).contains(code);
            });
  }

  @ParameterizedTest
  @CsvSource({
    "301, UNKNOWN",
    "400, INVALID_REQUEST",
    "401, AUTHENTICATION",
    "403, ACCESS_DENIED",
    "404, NOT_FOUND",
    "408, UNAVAILABLE",
    "418, INVALID_REQUEST",
    "429, THROTTLED",
    "500, SERVER_ERROR",
    "501, SERVER_ERROR",
    "502, UNAVAILABLE",
    "503, UNAVAILABLE",
    "504, UNAVAILABLE",
    "599, SERVER_ERROR",
    "999, UNKNOWN",
  })
  void withoutACodeTheStatusSaysTheKind(int status, Kind kind) {
    assertThat(BatchErrors.in("DescribeJobs", TestProvider.response(status, "<html>")))
        .hasValueSatisfying(error -> assertThat(error.kind()).isEqualTo(kind));
  }

  @Test
  void theCodeOutranksTheStatus() {
    String body = "{\"Response\":{\"Error\":{\"Code\":\"RequestLimitExceeded\"}}}";

    assertThat(BatchErrors.in("DescribeJobs", TestProvider.response(500, body)))
        .hasValueSatisfying(error -> assertThat(error.kind()).isEqualTo(Kind.THROTTLED));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"Response\":{}}",
        "{\"Response\":{\"Error\":null,\"RequestId\":\"r\"}}",
        "{\"Response\":null}",
        "{\"code\":0,\"codeDesc\":\"Success\"}",
        "{}",
        "[]",
        "",
        "<html>",
      })
  void anAnswerThatReportsNoErrorIsNone(String body) {
    assertThat(BatchErrors.in("DescribeJobs", TestProvider.response(200, body))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"Response\":{\"Error\":{}}}",
        "{\"Response\":{\"Error\":\"out of order\"}}",
        "{\"Response\":{\"Error\":[]}}",
        "{\"Response\":{\"Error\":{\"Code\":{},\"Message\":[]},\"RequestId\":{}}}",
        "{\"Response\":{\"Error\":{\"Code\":null,\"Message\":null}}}",
      })
  void anErrorWithoutACodeIsStillAnError(String body) {
    assertThat(BatchErrors.in("DescribeJobs", TestProvider.response(200, body)))
        .hasValueSatisfying(error -> assertThat(error.kind()).isEqualTo(Kind.UNKNOWN));
  }

  @Test
  void anErrorWhoseAnswerIsCutOffIsStillAnError() {
    String body = "{\"Response\":{\"Error\":{\"Code\":\"InternalError\",\"Message\":\"m\"},\"Req";

    assertThat(BatchErrors.in("DescribeJobs", TestProvider.response(200, body)))
        .hasValueSatisfying(error -> assertThat(error.kind()).isEqualTo(Kind.SERVER_ERROR));
  }

  @Test
  void anyStatusWithAnyBytesIsAnsweredWithoutAnException() {
    Random random = new Random(20170312);
    String valid =
        "{\"Response\":{\"Error\":{\"Code\":\"A.B\",\"Message\":\"m\"},\"RequestId\":1}}";
    for (int i = 0; i < 2000; i++) {
      byte[] body = valid.getBytes(StandardCharsets.UTF_8);
      for (int changes = random.nextInt(8); changes >= 0; changes--) {
        body[random.nextInt(body.length)] = (byte) random.nextInt(256);
      }
      int status = 100 + random.nextInt(900);
      WireResponse response = new WireResponse(status, Map.of(), body);

      assertThatCode(
              () ->
                  assertThat(BatchErrors.in("DescribeJobs", response).isPresent())
                      .satisfiesAnyOf(
                          isError -> assertThat(isError).isTrue(),
                          isError -> assertThat(status).isBetween(200, 299)))
          .doesNotThrowAnyException();
    }
  }

  @Test
  void aDeniedCallNamesThePermission() {
    String body = "{\"Response\":{\"Error\":{\"Code\":\"UnauthorizedOperation\"}}}";

    assertThat(BatchErrors.in("DescribeTask", TestProvider.response(200, body)))
        .hasValueSatisfying(
            error -> assertThat(error.hint().orElse("")).contains("batch:DescribeTask"));
  }
}
