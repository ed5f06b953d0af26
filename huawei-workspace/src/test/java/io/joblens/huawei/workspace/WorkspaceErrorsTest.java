package io.joblens.huawei.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import io.joblens.JobServiceException.Kind;
import io.joblens.huawei.workspace.WorkspaceProvider.Project;
import io.joblens.spi.Call;
import io.joblens.spi.Scope;
import io.joblens.spi.ServiceError;
import io.joblens.spi.Step;
import io.joblens.spi.WireResponse;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The shapes and codes themselves are wire cases; see {@link WorkspaceWireTest}. */
final class WorkspaceErrorsTest {
  private static final String[] PIECES = {
    "{",
    "}",
    "[",
    "]",
    ":",
    ",",
    "\"error_code\"",
    "\"error\"",
    "\"details\"",
    "\"code\"",
    "null",
    "\"APIGW.0308\"",
    "\"limit:9,time:999999 minute\"",
    "1e99999",
    "\"\"",
    "\u0000",
    "<html>"
  };

  private final WorkspaceProvider provider =
      new WorkspaceProvider(
          List.of(new Project("cn-north-4", "p")),
          List.of(),
          new WorkspaceRequests(Optional.empty()),
          () -> Step.done(List.of()));
  private final Call call =
      new WorkspaceRequests(Optional.empty())
          .listTaskExecuteHistory(new Scope("cn-north-4", List.of("p", "t"), ""), 0, 1);

  @ParameterizedTest
  @CsvSource({
    "301, UNKNOWN",
    "400, INVALID_REQUEST",
    "401, AUTHENTICATION",
    "403, ACCESS_DENIED",
    "404, NOT_FOUND",
    "405, INVALID_REQUEST",
    "408, UNAVAILABLE",
    "409, INVALID_REQUEST",
    "418, INVALID_REQUEST",
    "429, THROTTLED",
    "494, INVALID_REQUEST",
    "500, SERVER_ERROR",
    "501, INVALID_REQUEST",
    "502, UNAVAILABLE",
    "503, UNAVAILABLE",
    "504, UNAVAILABLE",
    "999, UNKNOWN"
  })
  void withoutACodeTheStatusTells(int status, Kind kind) {
    for (String body : List.of("", "{}", "[]", "<html>no</html>")) {
      assertThat(provider.error(call, Conversation.response(status, body)).map(ServiceError::kind))
          .contains(kind);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0101, 404, INVALID_REQUEST",
    "0201, 413, INVALID_REQUEST",
    "0201, 494, INVALID_REQUEST",
    "0201, 504, UNAVAILABLE",
    "0202, 502, UNAVAILABLE",
    "0203, 504, UNAVAILABLE",
    "0301, 401, AUTHENTICATION",
    "0302, 403, ACCESS_DENIED",
    "0303, 401, AUTHENTICATION",
    "0305, 401, AUTHENTICATION",
    "0306, 403, ACCESS_DENIED",
    "0307, 401, EXPIRED_CREDENTIALS",
    "0308, 429, THROTTLED",
    "0310, 403, ACCESS_DENIED",
    "0401, 403, ACCESS_DENIED",
    "0402, 403, ACCESS_DENIED",
    "0601, 500, SERVER_ERROR",
    "0610, 502, UNAVAILABLE",
    "0613, 503, UNAVAILABLE",
    "0705, 500, SERVER_ERROR",
    "0801, 503, UNAVAILABLE",
    "0802, 403, ACCESS_DENIED"
  })
  void gatewayCodesTellUnderEveryPrefix(String number, int status, Kind kind) {
    for (String prefix : List.of("APIGW", "APIG", "APIC")) {
      String body = "{\"error_code\":\"" + prefix + "." + number + "\",\"error_msg\":\"m\"}";
      assertThat(provider.error(call, Conversation.response(status, body)).map(ServiceError::kind))
          .contains(kind);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "null",
        "[]",
        "<html>",
        "{\"error_code\":null,\"error_msg\":\"\"}",
        "{\"error\":\"text\"}",
        "{\"code\":0,\"message\":\"ok\"}",
        "{\"items\":[{\"error_code\":\"WKS.1\"}],\"job\":{\"error_code\":\"WKS.1\"}}"
      })
  void aSuccessWithoutAnOutermostErrorCodeIsNoError(String body) {
    assertThat(provider.error(call, Conversation.response(200, body))).isEmpty();
  }

  @Test
  void anyBytesAreReadWithoutAnException() {
    Random random = new Random(20260307);
    for (int i = 0; i < 20_000; i++) {
      StringBuilder body = new StringBuilder();
      for (int n = random.nextInt(12); n > 0; n--) {
        body.append(PIECES[random.nextInt(PIECES.length)]);
      }
      int status = random.nextInt(100, 1000);
      Optional<ServiceError> error =
          provider.error(call, Conversation.response(status, body.toString()));
      assertThat(error.isPresent() || (status >= 200 && status < 300)).as(body::toString).isTrue();
    }
    byte[] noText = new byte[512];
    random.nextBytes(noText);
    assertThat(provider.error(call, new WireResponse(500, Map.of(), noText))).isPresent();
  }

  @Test
  void aDeepBodyIsNoTrouble() {
    String deep = "{\"a\":".repeat(100_000);
    assertThat(provider.error(call, Conversation.response(500, deep)).map(ServiceError::kind))
        .contains(Kind.SERVER_ERROR);
  }
}
