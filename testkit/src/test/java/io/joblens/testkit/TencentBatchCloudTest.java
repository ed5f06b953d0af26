package io.joblens.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The fake cloud against the vendor's own signatures and the limits it documents. */
class TencentBatchCloudTest {
  private static final String DOCUMENTED_BODY =
      "{\"Limit\": 1, \"Filters\": [{\"Values\": [\"\\u672a\\u547d\\u540d\"], \"Name\":"
          + " \"instance-name\"}]}";

  /** The moment of the documented requests: 2019-02-25 in UTC, already the next day in China. */
  private final World world = new World(ManualTime.startingAt(Instant.ofEpochSecond(1551113065)));

  private final TencentBatchCloud cloud = new TencentBatchCloud(world);

  @AfterEach
  void close() {
    cloud.close();
  }

  /** From the "Signature v3" page of 2019 and of today. */
  @ParameterizedTest
  @CsvSource({
    "AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE, Gu5t9xGARNpq86cd98joQYCN3EXAMPLE, content-type;host,"
        + " 72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168",
    "AKID********************************, ********************************,"
        + " content-type;host;x-tc-action,"
        + " 10b1a37a7301a02ca19a647ad722d5e43b4b3cff309d421d85b46093f6ab6c4f",
  })
  void theDocumentedSignaturesAreAccepted(
      String id, String secret, String signedHeaders, String signature) {
    cloud.addKey(id, secret);
    Map<String, String> headers = documentedHeaders(id, signedHeaders, signature);

    assertThat(verify(headers, DOCUMENTED_BODY)).isEqualTo(Verdict.ACCEPTED);
    assertThat(verify(headers, DOCUMENTED_BODY + " ").outcome())
        .isEqualTo(Verdict.Outcome.WRONG_SIGNATURE);
    headers.put("host", "cvm.example.com");
    assertThat(verify(headers, DOCUMENTED_BODY).outcome())
        .isEqualTo(Verdict.Outcome.WRONG_SIGNATURE);
  }

  @Test
  void whatIsNotSignedIsRefused() {
    assertThat(verify(Map.of(), "{}").outcome()).isEqualTo(Verdict.Outcome.MISSING);
    assertThat(verify(Map.of("authorization", "SKIP"), "{}").outcome())
        .isEqualTo(Verdict.Outcome.MALFORMED);
  }

  @Test
  void aPageHasTwentyJobsUnlessAskedOtherwise() {
    addRuns(120);

    assertThat(ask("{}")).contains("\"TotalCount\":120");
    assertThat(ask("{}").split("\"JobId\"", -1)).hasSize(21);
    assertThat(ask("{\"Limit\":100}").split("\"JobId\"", -1)).hasSize(101);
    assertThat(ask("{\"Offset\":110,\"Limit\":100}").split("\"JobId\"", -1)).hasSize(11);
    assertThat(ask("{\"Limit\":101}")).contains("\"InvalidParameterValue\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"JobIds\":[\"job-1\"],\"Filters\":[]} | InvalidParameter.InvalidParameterCombination",
        "{\"JobIds\":[\"1\"]} | InvalidParameter.JobIdMalformed",
        "{\"Filters\":[{\"Name\":\"x\",\"Values\":[]}]} | InvalidParameterValue.InvalidFilter",
        "{\"Filters\":[1]} | InvalidFilter",
        "{\"JobId\":\"job-1\"} | UnknownParameter",
        "{\"Offset\":-1} | InvalidParameterValue",
        "{ | InvalidParameter",
      })
  void aWrongParameterHasItsDocumentedError(String body, String code) {
    addRuns(1);

    assertThat(ask(body)).contains("\"Code\":\"" + code + "\"").contains("\"RequestId\"");
  }

  @Test
  void jobsAreListedNewestFirst() {
    addRuns(3);

    assertThat(ask("{}")).matches(".*job-0\".*job-1\".*job-2\".*");
  }

  @Test
  void aTaskShowsItsInstancesAndTheirLogs() {
    FakeRun.Builder run = FakeRun.builder("job-1").ends(Duration.ZERO, "FAILED");
    for (int i = 0; i < 12; i++) {
      run.task(new FakeTask("etl/" + i, i == 3 ? "FAILED" : "SUCCEED").exitCode(i).log("log " + i));
    }
    world.add(run.task(new FakeTask("report", "PENDING")));
    String ofEtl = "\"JobId\":\"job-1\",\"TaskName\":\"etl\"";

    assertThat(ask("DescribeJob", "{\"JobId\":\"job-1\"}"))
        .contains("\"TaskName\":\"etl\",\"TaskState\":\"FAILED\"")
        .contains("\"TaskName\":\"report\",\"TaskState\":\"PENDING\"");
    assertThat(
            ask(
                "DescribeTask",
                "{"
                    + ofEtl
                    + ",\"Filters\":[{\"Name\":\"task-instance-state\",\"Values\":[\"FAILED\"]}]}"))
        .contains("\"TaskInstanceIndex\":3,\"TaskInstanceState\":\"FAILED\",\"ExitCode\":3")
        .contains("\"TaskInstanceTotalCount\":12", "\"SucceedCount\":11", "\"FailedCount\":1")
        .doesNotContain("\"TaskInstanceIndex\":4");
    assertThat(ask("DescribeTaskLogs", "{" + ofEtl + "}").split("StdoutLog", -1)).hasSize(6);
    assertThat(ask("DescribeTaskLogs", "{" + ofEtl + ",\"TaskInstanceIndexes\":[3]}"))
        .contains("\"TotalCount\":1", "data:text/plain;charset=utf-8;base64,bG9nIDM=");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "DescribeJob | {\"JobId\":\"job-9\"} | ResourceNotFound.Job",
        "DescribeTask | {\"JobId\":\"job-9\",\"TaskName\":\"a\"} | ResourceNotFound.Job",
        "DescribeTask | {\"JobId\":\"job-0\",\"TaskName\":\"a\"} | ResourceNotFound.Task",
        "DescribeTask | {\"JobId\":\"job-0\",\"TaskName\":\"etl\",\"Limit\":1001} |"
            + " InvalidParameterValue",
        "DescribeTask | {\"JobId\":\"job-0\",\"TaskName\":\"etl\",\"Filters\":[{}]} | InvalidFilter",
        "DescribeTaskLogs | {\"JobId\":\"job-0\",\"TaskName\":\"etl\",\"Limit\":11} |"
            + " InvalidParameterValue",
        "DescribeTaskLogs |"
            + " {\"JobId\":\"job-0\",\"TaskName\":\"etl\",\"TaskInstanceIndexes\":[1]} |"
            + " ResourceNotFound.TaskInstance",
        "DescribeTaskLogs |"
            + " {\"JobId\":\"job-0\",\"TaskName\":\"etl\",\"TaskInstanceIndexes\":[0],\"Offset\":0} |"
            + " InvalidParameter.InvalidParameterCombination",
        "DescribeTaskLogs | {\"JobId\":\"job-0\",\"Task\":\"etl\"} | UnknownParameter",
        "DescribeQueue | {} | InvalidAction",
      })
  void aWrongQuestionAboutATaskHasItsDocumentedError(String action, String body, String code) {
    world.add(
        FakeRun.builder("job-0").at(Duration.ZERO, "FAILED").task(new FakeTask("etl/0", "FAILED")));

    assertThat(ask(action, body)).contains("\"Code\":\"" + code + "\"");
  }

  @Test
  void anOperationCanBeDenied() {
    cloud.deny("DescribeTask");

    assertThat(ask("DescribeTask", "{}"))
        .contains("\"UnauthorizedOperation\"", "operation (batch:DescribeTask)");
    assertThat(ask("{}")).contains("\"TotalCount\":0");
  }

  private void addRuns(int count) {
    IntStream.range(0, count)
        .forEach(i -> world.add(FakeRun.builder("job-" + i).at(Duration.ofSeconds(-i), "RUNNING")));
  }

  /** Sends a signed request and returns the body of the answer. */
  private String ask(String body) {
    return ask("DescribeJobs", body);
  }

  private String ask(String action, String body) {
    cloud.addKey("id", "canary-secret");
    String scope = "2019-02-25/batch/tc3_request";
    String canonical =
        String.join(
            "\n",
            "POST",
            "/",
            "",
            "content-type:application/json",
            "host:" + cloud.authority(),
            "",
            "content-type;host",
            Oracle.sha256Hex(body));
    byte[] key = Oracle.hmacSha256("TC3canary-secret", "2019-02-25");
    for (String part : List.of("batch", "tc3_request")) {
      key = Oracle.hmacSha256(key, part);
    }
    String toSign = "TC3-HMAC-SHA256\n1551113065\n" + scope + "\n" + Oracle.sha256Hex(canonical);
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("host", cloud.authority());
    headers.put("content-type", "application/json");
    headers.put("x-tc-action", action);
    headers.put("x-tc-version", "2017-03-12");
    headers.put("x-tc-region", "ap-guangzhou");
    headers.put("x-tc-timestamp", "1551113065");
    headers.put(
        "authorization",
        "TC3-HMAC-SHA256 Credential=id/"
            + scope
            + ", SignedHeaders=content-type;host, Signature="
            + Oracle.hex(Oracle.hmacSha256(key, toSign)));
    RawHttp.Answer answer =
        new RawHttp("POST", "/", headers, body.getBytes(StandardCharsets.UTF_8)).send(cloud.port());
    assertThat(answer.status()).isEqualTo(200);
    return answer.body();
  }

  private static Map<String, String> documentedHeaders(
      String id, String signedHeaders, String signature) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("host", "cvm.tencentcloudapi.com");
    headers.put("content-type", "application/json; charset=utf-8");
    headers.put("x-tc-action", "DescribeInstances");
    headers.put("x-tc-timestamp", "1551113065");
    headers.put(
        "authorization",
        "TC3-HMAC-SHA256 Credential="
            + id
            + "/2019-02-25/cvm/tc3_request, SignedHeaders="
            + signedHeaders
            + ", Signature="
            + signature);
    return headers;
  }

  private Verdict verify(Map<String, String> headers, String body) {
    Map<String, List<String>> lists = new LinkedHashMap<>();
    headers.forEach((name, value) -> lists.put(name, List.of(value)));
    return cloud.verify(
        new FakeCloud.Request(
            "POST", "/", lists, body.getBytes(StandardCharsets.UTF_8), cloud.now()));
  }
}
