package io.joblens.tencent.batch;

import io.joblens.JobClient;
import io.joblens.JobQuery;
import io.joblens.JobRun;
import io.joblens.spi.Credentials;
import io.joblens.spi.HttpTransport;
import io.joblens.spi.JsonReader;
import io.joblens.spi.WireRequest;
import io.joblens.spi.WireResponse;
import io.joblens.testkit.Unlimited;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.BitSet;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Lists 100,000 runs, 100 a page, and says how many different ones came. */
final class ManyRuns implements HttpTransport {
  static final int RUNS = 100_000;

  private ManyRuns() {}

  /** Prints the number of rows, and of different ids among them. */
  public static void main(String[] args) {
    int rows = 0;
    BitSet seen = new BitSet(RUNS);
    try (JobClient batch =
        TencentBatch.builder()
            .region("ap-guangzhou")
            .credentials(Credentials.accessKey("id", "canary-secret"))
            .transport(new ManyRuns())
            .limiter(Unlimited.INSTANCE)
            .build()) {
      for (JobRun run : batch.listAllRuns(JobQuery.ALL)) {
        rows++;
        seen.set(Integer.parseInt(run.ref().runId().substring("job-".length())));
      }
    }
    System.out.println(rows + " rows, " + seen.cardinality() + " different");
  }

  @Override
  public CompletableFuture<WireResponse> send(
      WireRequest request, Duration limit, long maxDecodedBytes) {
    Map<?, ?> body = (Map<?, ?>) JsonReader.readTree(request.body());
    int offset = number(body, "Offset");
    int end = Math.min(RUNS, offset + number(body, "Limit"));
    StringBuilder json = new StringBuilder("{\"Response\":{\"TotalCount\":" + RUNS);
    json.append(",\"JobSet\":[");
    for (int i = offset; i < end; i++) {
      json.append(i == offset ? "" : ",")
          .append("{\"EndTime\":\"2020-09-21T08:59:45Z\",\"JobState\":\"FAILED\",\"Tags\":[")
          .append("{\"Key\":\"job-key\",\"Value\":\"job-value\"}],\"TaskMetrics\":{")
          .append("\"PendingCount\":0,\"FailedCount\":1,\"StartingCount\":0,\"SucceedCount\":0,")
          .append("\"FailedInterruptedCount\":0,\"SubmittedCount\":0,\"RunnableCount\":0,")
          .append("\"RunningCount\":0},\"JobId\":\"job-")
          .append(i)
          .append("\",\"Priority\":1,\"Placement\":{\"Zone\":\"ap-guangzhou-4\"},")
          .append("\"JobName\":\"hello-test-job\",\"CreateTime\":\"2020-09-21T08:57:01Z\"}");
    }
    json.append("],\"RequestId\":\"ba5df388-51bd-434d-81aa-d640f284b4e7\"}}");
    return CompletableFuture.completedFuture(
        new WireResponse(200, Map.of(), json.toString().getBytes(StandardCharsets.UTF_8)));
  }

  private static int number(@Nullable Map<?, ?> body, String name) {
    if (body != null && body.get(name) instanceof Integer number) {
      return number;
    }
    throw new IllegalStateException("the request has no " + name);
  }

  @Override
  public void close() {
    // nothing is open
  }
}
