package io.joblens.alibaba;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.joblens.JobServiceException.Kind;
import io.joblens.spi.Call;
import io.joblens.spi.Endpoint;
import io.joblens.spi.Json;
import io.joblens.spi.Quota;
import io.joblens.spi.Rate;
import io.joblens.spi.ServiceError;
import io.joblens.spi.Step;
import io.joblens.spi.WireDataException;
import io.joblens.spi.WireRequest;
import io.joblens.spi.WireResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AlibabaErrorsTest {
  private static final Call CALL =
      Call.read(
          "DescribeJob",
          new Quota("test", Rate.perMinute(60)),
          WireRequest.get(new Endpoint("https", "sae.cn-hangzhou.aliyuncs.com")).build());
  private static final AlibabaErrors ERRORS =
      new AlibabaErrors(
          (code, message) ->
              code.equals("-10003") || message.contains("groupId not exist")
                  ? Optional.of(Kind.NOT_FOUND)
                  : Optional.empty(),
          action -> "sae:" + action);

  /** Statuses as the vendor's tables give them, also where they contradict the code. */
  @ParameterizedTest
  @CsvSource({
    "400, Throttling, THROTTLED",
    "400, Throttling.User, THROTTLED",
    "400, Throttling.Api, THROTTLED",
    "503, Rejected.Throttling, THROTTLED",
    "429, Throttling.User, THROTTLED",
    "404, InvalidAppId.NotFound, NOT_FOUND",
    "400, InvalidApplication.NotFound, NOT_FOUND",
    "404, InvalidNamespaceId.NotFound, NOT_FOUND",
    "400, InvalidAccessKeyId.NotFound, AUTHENTICATION",
    "404, InvalidAccessKeyId.NotFound, AUTHENTICATION",
    "400, InvalidAccessKeyId.Inactive, AUTHENTICATION",
    "400, SignatureDoesNotMatch, AUTHENTICATION",
    "403, SignatureDoesNotMatch, AUTHENTICATION",
    "400, IncompleteSignature, AUTHENTICATION",
    "400, SignatureNonceUsed, AUTHENTICATION",
    "400, InvalidSignatureMethod, AUTHENTICATION",
    "400, InvalidSecurityToken.Malformed, AUTHENTICATION",
    "400, InvalidSecurityToken.MismatchWithAccessKey, AUTHENTICATION",
    "400, InvalidSecurityToken.Expired, EXPIRED_CREDENTIALS",
    "403, SecurityTokenExpired, EXPIRED_CREDENTIALS",
    "400, InvalidTimeStamp.Expired, CLOCK_SKEW",
    "400, InvalidTimeStamp.Format, INVALID_REQUEST",
    "403, Forbidden, ACCESS_DENIED",
    "403, Forbidden.RAM, ACCESS_DENIED",
    "403, NoPermission, ACCESS_DENIED",
    "403, AccessDenied, ACCESS_DENIED",
    "404, InvalidApi.NotFound, INVALID_REQUEST",
    "404, InvalidProduct.NotFound, INVALID_REQUEST",
    "404, InvalidProtocol.NeedSsl, INVALID_REQUEST",
    "400, MissingAppId, INVALID_REQUEST",
    "400, InvalidParameter.NotEmpty, INVALID_REQUEST",
    "503, ServiceUnavailable, UNAVAILABLE",
    "500, InternalError, SERVER_ERROR",
    "400, InternalError, SERVER_ERROR",
    "400, Application.InvalidStatus, INVALID_REQUEST",
    "500, Whatever, SERVER_ERROR",
  })
  void codeDecidesBeforeStatus(int status, String code, Kind kind) {
    ServiceError error =
        find(status, Json.write(Map.of("RequestId", "R-1", "Code", code, "Message", "m")));
    assertThat(error.kind()).isEqualTo(kind);
    assertThat(error.code()).contains(code);
    assertThat(error.httpStatus()).isEqualTo(status);
    assertThat(error.requestId()).contains("R-1");
  }

  @ParameterizedTest
  @CsvSource({
    "400, INVALID_REQUEST",
    "401, AUTHENTICATION",
    "403, ACCESS_DENIED",
    "404, NOT_FOUND",
    "405, INVALID_REQUEST",
    "408, UNAVAILABLE",
    "418, INVALID_REQUEST",
    "429, THROTTLED",
    "500, SERVER_ERROR",
    "501, INVALID_REQUEST",
    "502, UNAVAILABLE",
    "503, UNAVAILABLE",
    "504, UNAVAILABLE",
    "599, SERVER_ERROR",
    "307, UNKNOWN",
    "999, UNKNOWN",
    "0, UNKNOWN",
  })
  void statusDecidesWhenNoCodeIsThere(int status, Kind kind) {
    for (String body : List.of("", "null", "[]", "\"x\"", "<html>Bad</html>", "{\"Code\":{}}")) {
      ServiceError error = find(status, body);
      assertThat(error.kind()).as(body).isEqualTo(kind);
      assertThat(error.code()).isEmpty();
    }
  }

  @Test
  void documentedThrottlingSampleIsRead() {
    ServiceError error =
        find(
            400,
            """
            {"RequestId":"7463B73D-35CC-4D19-A010-6B8D65D242EF",\
            "HostId":"sae.cn-hangzhou.aliyuncs.com","Code":"Throttling.User",\
            "Message":"Request was denied due to user flow control."}""");
    assertThat(error.kind()).isEqualTo(Kind.THROTTLED);
    assertThat(error.message()).contains("Request was denied due to user flow control.");
    assertThat(error.requestId()).contains("7463B73D-35CC-4D19-A010-6B8D65D242EF");
    assertThat(error.retryAfter()).isEmpty();
  }

  @Test
  void lowerCaseFieldsAndXmlAreRead() {
    for (String body :
        List.of(
            "{\"code\":\"Forbidden\",\"message\":\"a<b\",\"requestid\":\"R-2\"}",
            "<?xml version='1.0'?><Error><RequestId>R-2</RequestId><HostId>h</HostId>"
                + "<Code>Forbidden</Code><Message><![CDATA[]]>a&lt;b</Message></Error>")) {
      ServiceError error = find(403, body);
      assertThat(error.kind()).isEqualTo(Kind.ACCESS_DENIED);
      assertThat(error.requestId()).contains("R-2");
      assertThat(error.message().orElseThrow()).endsWith("a<b");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'{\"Success\":false,\"Code\":\"400\",\"ErrorCode\":\"InvalidAppId.NotFound\"}', NOT_FOUND",
    "'{\"Success\":false,\"Code\":\"404\",\"ErrorCode\":\"空\"}', NOT_FOUND",
    "'{\"Success\":false,\"Code\":500}', SERVER_ERROR",
    "'{\"Success\":false,\"Code\":-10003}', NOT_FOUND",
    "'{\"Success\":false,\"Code\":-1,\"Message\":\"groupId not exist\"}', NOT_FOUND",
    "'{\"Success\":false}', UNKNOWN",
    "'{\"Success\":\"false\",\"Code\":\"200\"}', UNKNOWN",
    "'{\"Code\":\"Throttling.User\"}', THROTTLED",
    "'{\"code\":\"403\"}', ACCESS_DENIED",
  })
  void failureInsideOkIsAnError(String body, Kind kind) {
    ServiceError error = find(200, body);
    assertThat(error.kind()).isEqualTo(kind);
    assertThat(error.httpStatus()).isEqualTo(200);
    Step<String> step = read(body);
    assertThat(step).isInstanceOf(Step.Failed.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"Success\":true,\"Code\":\"200\",\"ErrorCode\":\"Null\\n\",\"Message\":\"Null\\n\"}",
        "{\"Success\":true,\"Code\":200,\"ErrorCode\":\"空\"}",
        "{\"Success\":true,\"Message\":\"jobid: 92583 not match groupId: x\"}",
        "{\"Code\":\"200\"}",
        "{\"Code\":\"OK\"}",
        "{\"Code\":0}",
        "{\"Regions\":[]}",
        "{}",
      })
  void successIsNoErrorWhateverItsOtherFieldsSay(String body) {
    assertThat(ERRORS.find(CALL, response(200, body))).isEmpty();
    assertThat(read(body)).isEqualTo(Step.done("value"));
  }

  @Test
  void errorWinsOverDataOfAnotherShape() {
    Step<String> step = read("{\"Data\":[[1]],\"Success\":false,\"ErrorCode\":\"AccessDenied\"}");
    assertThat(step)
        .isInstanceOfSatisfying(
            Step.Failed.class,
            failed -> assertThat(failed.error().kind()).isEqualTo(Kind.ACCESS_DENIED));
  }

  @Test
  void answerThatCannotBeReadIsNotTakenForSuccess() {
    for (String body : List.of("", "[]", "\"x\"", "<html>", "{\"Data\":[1]}", "{\"Success\":tru")) {
      assertThatThrownBy(() -> read(body)).as(body).isInstanceOf(WireDataException.class);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "x-acs-retry-after, 1500, 1500",
    "X-Acs-Retry-After, ' 20 ', 20",
    "x-acs-retry-after, 0, ",
    "x-acs-retry-after, -1, ",
    "x-acs-retry-after, '', ",
    "x-acs-retry-after, 1.5, ",
    "x-acs-retry-after, invalid, ",
    "x-acs-retry-after, 99999999999999999999, ",
    "X-RateLimit-User-API, 'Limit:60,Remain:0,TimeLeft:30000,', 30000",
    "X-RateLimit-User, 'Limit:60, Remain:-1, TimeLeft:5', 5",
    "X-RateLimit-User, 'Limit:60,Remain:3,TimeLeft:30000', ",
    "X-RateLimit-User, 'garbage', ",
  })
  void onlyUsableRetryHintsCount(String header, String value, Long millis) {
    ServiceError error =
        ERRORS
            .find(CALL, new WireResponse(400, Map.of(header, List.of(value)), new byte[0]))
            .orElseThrow();
    assertThat(error.retryAfter()).isEqualTo(Optional.ofNullable(millis).map(Duration::ofMillis));
    assertThat(error.kind()).isEqualTo(millis == null ? Kind.INVALID_REQUEST : Kind.THROTTLED);
  }

  @Test
  void hintNamesTheMissingPermission() {
    assertThat(find(403, "{\"Code\":\"Forbidden.RAM\"}").hint().orElseThrow())
        .contains("sae:DescribeJob");
    assertThat(
            find(
                    403,
                    "{\"Code\":\"NoPermission\",\"AccessDeniedDetail\":"
                        + "{\"AuthAction\":\"sae:DescribeJobHistory\"}}")
                .hint()
                .orElseThrow())
        .contains("sae:DescribeJobHistory");
  }

  @Test
  void tokenInTheGatewaysEchoIsMasked() {
    ServiceError error =
        find(
            400,
            Json.write(
                Map.of(
                    "Code",
                    "SignatureDoesNotMatch",
                    "Message",
                    "server string to sign is:GET\n/\n\nx-acs-security-token:CAISs3cret/+=\nhost:h"
                        + " SecurityToken=CAISs3cret&x=1")));
    assertThat(error.message().orElseThrow())
        .doesNotContain("s3cret")
        .contains("x-acs-security-token:***")
        .contains("host:h");
  }

  @Test
  void anyBytesAndStatusGiveAnAnswer() {
    Random random = new Random(20260102);
    List<byte[]> bodies = new ArrayList<>();
    String json =
        "{\"Success\":false,\"Code\":\"InvalidAppId.NotFound\",\"Message\":\"m\",\"Data\":{\"a\":[1]}}";
    for (int i = 0; i < 2000; i++) {
      byte[] body = i % 2 == 0 ? json.getBytes(UTF_8) : new byte[random.nextInt(64)];
      if (i % 2 == 0) {
        body[random.nextInt(body.length)] = (byte) random.nextInt(256);
      } else {
        random.nextBytes(body);
      }
      bodies.add(body);
    }
    bodies.add(("{\"Code\":" + "[".repeat(100_000)).getBytes(UTF_8));
    bodies.add(("{\"Code\":" + "9".repeat(100_000) + "}").getBytes(UTF_8));
    bodies.add("{\"Code\":1e1000000000}".getBytes(UTF_8));
    for (byte[] body : bodies) {
      int status = 400 + random.nextInt(200);
      assertThat(ERRORS.find(CALL, new WireResponse(status, Map.of(), body))).isPresent();
      ERRORS
          .find(CALL, new WireResponse(200, Map.of(), body))
          .ifPresent(error -> assertThat(error.httpStatus()).isEqualTo(200));
    }
  }

  private static ServiceError find(int status, String body) {
    return ERRORS.find(CALL, response(status, body)).orElseThrow();
  }

  private static Step<String> read(String body) {
    return ERRORS.read(
        CALL,
        response(200, body),
        (name, json) -> {
          if (name.equals("Data")) {
            json.object(field -> {});
          }
        },
        () -> "value");
  }

  private static WireResponse response(int status, String body) {
    return new WireResponse(status, Map.of(), body.getBytes(UTF_8));
  }
}
