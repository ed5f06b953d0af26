package io.joblens.tencent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.joblens.JobServiceException.Kind;
import io.joblens.RawJson;
import io.joblens.spi.Call;
import io.joblens.spi.Endpoint;
import io.joblens.spi.Masking;
import io.joblens.spi.Quota;
import io.joblens.spi.Rate;
import io.joblens.spi.ServiceError;
import io.joblens.spi.Sha256;
import io.joblens.spi.Step;
import io.joblens.spi.WireDataException;
import io.joblens.spi.WireRequest;
import io.joblens.spi.WireResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TencentErrorsTest {
  private static final TencentErrors ERRORS =
      new TencentErrors(
          "batch",
          new Masking(Set.of("Password"), Set.of(), Set.of()),
          Map.of("UnauthorizedOperation.UserNotAllowedToUseBatch", "open Batch in the console"));

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

    assertThat(find("DescribeJobs", response(200, body)))
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
    "501, INVALID_REQUEST",
    "502, UNAVAILABLE",
    "503, UNAVAILABLE",
    "504, UNAVAILABLE",
    "599, SERVER_ERROR",
    "999, UNKNOWN",
  })
  void withoutACodeTheStatusSaysTheKind(int status, Kind kind) {
    assertThat(find("DescribeJobs", response(status, "<html>")))
        .hasValueSatisfying(error -> assertThat(error.kind()).isEqualTo(kind));
  }

  @Test
  void theCodeOutranksTheStatus() {
    String body = "{\"Response\":{\"Error\":{\"Code\":\"RequestLimitExceeded\"}}}";

    assertThat(find("DescribeJobs", response(500, body)))
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
    assertThat(find("DescribeJobs", response(200, body))).isEmpty();
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
    assertThat(find("DescribeJobs", response(200, body)))
        .hasValueSatisfying(error -> assertThat(error.kind()).isEqualTo(Kind.UNKNOWN));
  }

  @Test
  void anErrorWhoseAnswerIsCutOffIsStillAnError() {
    String body = "{\"Response\":{\"Error\":{\"Code\":\"InternalError\",\"Message\":\"m\"},\"Req";

    assertThat(find("DescribeJobs", response(200, body)))
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
                  assertThat(find("DescribeJobs", response).isPresent())
                      .satisfiesAnyOf(
                          isError -> assertThat(isError).isTrue(),
                          isError -> assertThat(status).isBetween(200, 299)))
          .doesNotThrowAnyException();
    }
  }

  @Test
  void aDeniedCallNamesThePermission() {
    String body = "{\"Response\":{\"Error\":{\"Code\":\"UnauthorizedOperation\"}}}";

    assertThat(find("DescribeTask", response(200, body)))
        .hasValueSatisfying(
            error -> assertThat(error.hint().orElse("")).contains("batch:DescribeTask"));
  }

  @Test
  void aHintOfTheServiceComesFirst() {
    String body =
        "{\"Response\":{\"Error\":{\"Code\":\"UnauthorizedOperation.UserNotAllowedToUseBatch\"}}}";

    assertThat(find("DescribeTask", response(200, body)))
        .hasValueSatisfying(
            error -> assertThat(error.hint()).contains("open Batch in the console"));
  }

  @Test
  void aWrongRegionIsNamed() {
    String body = "{\"Response\":{\"Error\":{\"Code\":\"UnsupportedRegion\"}}}";

    assertThat(find("DescribeJobs", response(200, body)))
        .hasValueSatisfying(
            error -> assertThat(error.hint().orElse("")).contains("region ap-atlantis"));
  }

  @Test
  void aSignatureMismatchIsExplainedByWhatWasSigned() {
    Tc3Signer signer = new Tc3Signer("batch", Tc3Signer.SIGNED_HEADERS);
    String body = "{\"Response\":{\"Error\":{\"Code\":\"AuthFailure.SignatureFailure\"}}}";
    ServiceError mismatch = find("DescribeJobs", response(200, body)).orElseThrow();

    assertThat(signer.explain(call("DescribeJobs").request(), mismatch))
        .contains(
            "POST|/||content-type:application/json|host:batch.tencentcloudapi.com|"
                + "x-tc-action:describejobs||content-type;host;x-tc-action|"
                + Sha256.hex("{}"));
    assertThat(
            signer.explain(
                call("DescribeJobs").request(),
                ServiceError.of(Kind.AUTHENTICATION, 200)
                    .code("AuthFailure.SecretIdNotFound")
                    .build()))
        .isEmpty();
  }

  @Test
  void dataOfAnotherShapeHidesNoError() {
    String body = "{\"Response\":{\"JobSet\":5,\"Error\":{\"Code\":\"InternalError\"}}}";

    assertThat(read(body))
        .isInstanceOfSatisfying(
            Step.Failed.class,
            failed -> assertThat(failed.error().kind()).isEqualTo(Kind.SERVER_ERROR));
    assertThatThrownBy(() -> read("{\"Response\":{\"JobSet\":5}}"))
        .isInstanceOf(WireDataException.class)
        .hasMessageContaining("/Response/JobSet");
    assertThatThrownBy(() -> read("{}"))
        .isInstanceOf(WireDataException.class)
        .hasMessage("/Response is missing");
  }

  @Test
  void theWholeOfTheResponseIsKeptWithSecretsMasked() {
    assertThat(read("{\"Response\":{\"JobSet\":[],\"Password\":\"x\",\"RequestId\":\"r\"}}"))
        .isInstanceOfSatisfying(
            Step.Done.class,
            done ->
                assertThat(done.value())
                    .hasToString("{\"JobSet\":[],\"Password\":\"***\",\"RequestId\":\"r\"}"));
  }

  private static Step<RawJson> read(String body) {
    return ERRORS.read(
        call("DescribeJobs"),
        response(200, body),
        (field, json) -> {
          if (field.equals("JobSet")) {
            json.array(() -> {});
          }
        },
        whole -> whole);
  }

  private static Optional<ServiceError> find(String action, WireResponse response) {
    return ERRORS.find(call(action), response);
  }

  private static Call call(String action) {
    return Call.read(
        action,
        new Quota("q", Rate.perSecond(1)),
        WireRequest.post(new Endpoint("https", "batch.tencentcloudapi.com"))
            .header("Content-Type", "application/json")
            .header("X-TC-Action", action)
            .header("X-TC-Region", "ap-atlantis")
            .body("{}")
            .build());
  }

  private static WireResponse response(int status, String body) {
    return new WireResponse(status, Map.of(), body.getBytes(StandardCharsets.UTF_8));
  }
}
