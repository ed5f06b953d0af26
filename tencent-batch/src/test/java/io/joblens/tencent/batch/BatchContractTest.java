package io.joblens.tencent.batch;

import io.joblens.JobServiceException.Kind;
import io.joblens.RawRequest;
import io.joblens.spi.StateTable;
import io.joblens.testkit.FakeCloud;
import io.joblens.testkit.FakeCloud.Reply;
import io.joblens.testkit.FakeJob;
import io.joblens.testkit.FakeRun;
import io.joblens.testkit.ProviderContract;
import io.joblens.testkit.TencentBatchCloud;
import io.joblens.testkit.World;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The contract of every provider, kept against the fake cloud. */
class BatchContractTest extends ProviderContract {
  @Override
  protected FakeCloud cloud(World shown) {
    return new TencentBatchCloud(shown);
  }

  @Override
  protected TencentBatch.Builder client() {
    return TencentBatch.builder().region("ap-guangzhou");
  }

  @Override
  protected FakeRun.Builder run(String id) {
    return FakeRun.builder(id).region("ap-guangzhou").name("settle");
  }

  @Override
  protected List<String> idsOf(String runId) {
    return List.of(runId);
  }

  @Override
  protected String runId(int number) {
    return "job-" + (10000000 + number);
  }

  @Override
  protected StateTable states() {
    return BatchStates.TABLE;
  }

  /** A job is its own run: the one that {@code addRuns(1)} adds. */
  @Override
  protected Optional<FakeJob> job() {
    return Optional.of(FakeJob.builder(runId(0)).name("settle").build());
  }

  @Override
  protected List<String> idsOfJob(String jobId) {
    return List.of(jobId.startsWith("job-") ? jobId : "job-" + jobId);
  }

  @Override
  protected RawRequest raw() {
    return RawRequest.action("DescribeJobs").json("{\"Limit\":1}").repeatable().build();
  }

  @Override
  protected List<ErrorCase> errors() {
    return List.of(
        error("RequestLimitExceeded", Kind.THROTTLED),
        error("RequestLimitExceeded.UinLimitExceeded", Kind.THROTTLED),
        error("AuthFailure.SignatureFailure", Kind.AUTHENTICATION),
        error("AuthFailure.SecretIdNotFound", Kind.AUTHENTICATION),
        error("AuthFailure.SignatureExpire", Kind.CLOCK_SKEW),
        error("UnauthorizedOperation", Kind.ACCESS_DENIED),
        error("InvalidParameterValue.InvalidFilter", Kind.INVALID_REQUEST),
        error("ServiceUnavailable", Kind.UNAVAILABLE),
        error("InternalError", Kind.SERVER_ERROR));
  }

  private static ErrorCase error(String code, Kind kind) {
    String requestId = "ed93f3cb-f35e-473f-b9f3-0d451b8b79c6";
    Map<String, ?> response =
        Map.of("Error", Map.of("Code", code, "Message", "m"), "RequestId", requestId);
    return new ErrorCase(
        code, Reply.json(Map.of("Response", response)), kind, Optional.of(requestId));
  }
}
