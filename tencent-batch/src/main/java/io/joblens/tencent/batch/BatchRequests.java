package io.joblens.tencent.batch;

import io.joblens.JobQuery;
import io.joblens.RawRequest;
import io.joblens.RunRef;
import io.joblens.spi.Call;
import io.joblens.spi.Endpoint;
import io.joblens.spi.Hosts;
import io.joblens.spi.Json;
import io.joblens.spi.Quota;
import io.joblens.spi.Rate;
import io.joblens.spi.Scope;
import io.joblens.spi.WireRequest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Builds the calls: POST of JSON to one host, the operation and the region in headers. */
final class BatchRequests {
  /** The vendor's domain for its API; the international hosts are below it too. */
  static final String DOMAIN = "tencentcloudapi.com";

  /** Must equal, byte for byte, what is signed: the charset stays in lower case. */
  static final String CONTENT_TYPE = "application/json; charset=utf-8";

  private static final String VERSION = "2017-03-12";
  private static final String DESCRIBE_JOBS = "DescribeJobs";

  private final @Nullable Endpoint endpoint;
  private final boolean vpc;

  /**
   * @param endpoint what the user set for all regions
   */
  BatchRequests(@Nullable Endpoint endpoint, boolean vpc) {
    this.endpoint = endpoint;
    this.vpc = vpc;
  }

  /**
   * One page of the region's jobs. Several filters must all hold; one filter's values are or-ed.
   */
  Call list(Scope scope, JobQuery query, long offset, int limit) {
    List<Map<String, Object>> filters = new ArrayList<>();
    if (!query.jobs().isEmpty()) {
      filters.add(filter("job-id", query.jobs()));
    }
    query.name().filter(BatchRequests::isExact).ifPresent(n -> filters.add(filter("job-name", n)));
    if (!scope.slice().isEmpty()) {
      filters.add(filter("job-state", List.of(scope.slice().split(",", -1))));
    }
    query.tags().forEach((key, value) -> filters.add(filter("tag:" + key, value)));
    query.extras().forEach((name, value) -> filters.add(filter(name, value)));

    Map<String, Object> body = new LinkedHashMap<>();
    if (!filters.isEmpty()) {
      body.put("Filters", filters);
    }
    body.put("Offset", offset);
    body.put("Limit", limit);
    return read(DESCRIBE_JOBS, scope.region(), body);
  }

  /** The region's jobs with these ids. Without Limit the vendor would return 20 of them. */
  Call get(String region, List<String> ids) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("JobIds", ids);
    body.put("Limit", BatchProvider.MAX_PAGE);
    return read(DESCRIBE_JOBS, region, body);
  }

  /** A job with its tasks, their dependences and the reason of its state. */
  Call describeJob(RunRef ref) {
    return read("DescribeJob", ref.region(), Map.of("JobId", ref.runId()));
  }

  /**
   * The failed instances of a task, so many at most. The filter's name is that of the API's
   * definition and example; the English page calls it {@code task-instance-type}.
   */
  Call describeTask(RunRef ref, String task, int limit) {
    Map<String, Object> body = ofTask(ref, task);
    body.put("Filters", List.of(filter("task-instance-state", BatchStates.FAILED_WORDS)));
    body.put("Limit", limit);
    return read("DescribeTask", ref.region(), body);
  }

  /** The logs of these instances: without Limit no more than five of them come. */
  Call describeTaskLogs(RunRef ref, String task, List<Long> instances) {
    Map<String, Object> body = ofTask(ref, task);
    body.put("TaskInstanceIndexes", instances);
    return read("DescribeTaskLogs", ref.region(), body);
  }

  private static Map<String, Object> ofTask(RunRef ref, String task) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("JobId", ref.runId());
    body.put("TaskName", task);
    return body;
  }

  /** Tells whether the region's requests go to the international site. */
  boolean isInternational(String region) {
    return endpoint(region).authority().contains(".intl.");
  }

  /**
   * Any operation of the service.
   *
   * @throws IllegalArgumentException when the request asks for what the vendor's API does not have
   */
  Call raw(RawRequest request, String defaultRegion) {
    if (!request.method().orElse("POST").equals("POST")
        || !request.path().orElse("/").equals("/")
        || !request.query().isEmpty()) {
      throw new IllegalArgumentException(
          "Tencent Batch takes an action and JSON only; leave method, path and query out");
    }
    String region = request.region().orElse(defaultRegion);
    return new Call(
        request.action(),
        quota(request.action(), region),
        request.isRepeatable(),
        true,
        request(request.action(), region, request.json().orElse("{}")));
  }

  /** Tells whether the glob stands for one name, which the vendor's filter can take. */
  static boolean isExact(String glob) {
    return glob.indexOf('*') < 0 && glob.indexOf('?') < 0;
  }

  private Call read(String action, String region, Map<String, Object> body) {
    return Call.read(action, quota(action, region), request(action, region, Json.write(body)));
  }

  private WireRequest request(String action, String region, String json) {
    return WireRequest.post(endpoint(region))
        .header("Content-Type", CONTENT_TYPE)
        .header("X-TC-Action", action)
        .header("X-TC-Version", VERSION)
        // optional in one edition of the documentation and required in the other
        .header("X-TC-Region", Hosts.requireLabel("region", region))
        // without it, messages come in Chinese
        .header("X-TC-Language", "en-US")
        .body(json)
        .build();
  }

  /**
   * Returns the limit: 10 calls a second on the mainland host (<a
   * href="https://cloud.tencent.com/document/product/599/15909">599/15909</a>), 2 on the
   * international one (<a
   * href="https://www.tencentcloud.com/document/api/599/30557">599/30557</a>).
   */
  private Quota quota(String action, String region) {
    return new Quota(
        TencentBatch.ID + "/" + region + "/" + action,
        Rate.perSecond(isInternational(region) ? 2 : 10));
  }

  /**
   * Returns where the region's requests go. Finance regions are cut off from the rest and need
   * their own host (Request Structure, <a
   * href="https://www.tencentcloud.com/document/product/599/30368">599/30368</a>). That Batch has
   * the {@code internal} hosts, which other services of the vendor have in private networks, is an
   * assumption.
   */
  private Endpoint endpoint(String region) {
    if (endpoint != null) {
      return endpoint;
    }
    String service = vpc ? "batch.internal." : "batch.";
    return Endpoint.https(service + (region.endsWith("-fsi") ? region + "." : "") + DOMAIN);
  }

  private static Map<String, Object> filter(String name, String value) {
    return filter(name, List.of(value));
  }

  private static Map<String, Object> filter(String name, List<String> values) {
    Map<String, Object> filter = new LinkedHashMap<>();
    filter.put("Name", name);
    filter.put("Values", values);
    return filter;
  }
}
