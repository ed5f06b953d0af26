package io.joblens.alibaba.sae;

import static java.util.Map.entry;

import io.joblens.RawRequest;
import io.joblens.spi.Call;
import io.joblens.spi.Endpoint;
import io.joblens.spi.Hosts;
import io.joblens.spi.Quota;
import io.joblens.spi.Rate;
import io.joblens.spi.Scope;
import io.joblens.spi.WireRequest;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Builds the calls: GET with every parameter in the query, one path per operation. */
final class SaeRequests {
  private static final String VERSION = "2019-05-06";

  /** The paths of the operations that read. */
  private static final Map<String, String> PATHS =
      Map.ofEntries(
          entry("DescribeJob", "/pop/v1/sam/job/describeJob"),
          entry("DescribeJobHistory", "/pop/v1/sam/job/describeJobHistory"),
          entry("DescribeJobStatus", "/pop/v1/sam/job/describeJobStatus"),
          entry("ListJobs", "/pop/v1/sam/job/listJobs"),
          entry("DescribeRegions", "/pop/v1/paas/regionConfig"),
          entry("DescribeNamespaceList", "/pop/v1/sam/namespace/describeNamespaceList"),
          entry("DescribeApplicationInstances", "/pop/v1/sam/app/describeApplicationInstances"),
          entry("DescribeInstanceLog", "/pop/v1/sam/instance/describeInstanceLog"),
          entry("ListAppEvents", "/pop/v1/sam/app/listAppEvents"));

  /**
   * 60 calls a minute of one user over all operations: <a
   * href="https://help.aliyun.com/document_detail/149360.htm">149360</a>.
   */
  private static final Quota QUOTA = new Quota(AlibabaSae.ID.value(), Rate.perMinute(60));

  private final @Nullable Endpoint endpoint;
  private final boolean vpc;

  /**
   * @param endpoint what the user set for all regions
   */
  SaeRequests(@Nullable Endpoint endpoint, boolean vpc) {
    this.endpoint = endpoint;
    this.vpc = vpc;
  }

  /** One page of a job template's runs; pages count from 1. */
  Call list(Scope scope, long offset, int limit) {
    WireRequest.Builder request =
        request("DescribeJobHistory", scope.region())
            .query("AppId", scope.path().get(0))
            .query("CurrentPage", offset / limit + 1)
            .query("PageSize", limit);
    if (!scope.slice().isEmpty()) {
      request.query("State", scope.slice());
    }
    return read("DescribeJobHistory", request);
  }

  /** One run. */
  Call get(String region, String appId, String jobId) {
    return read(
        "DescribeJobStatus",
        request("DescribeJobStatus", region).query("AppId", appId).query("JobId", jobId));
  }

  /** One job template. */
  Call job(String region, String appId) {
    return read("DescribeJob", request("DescribeJob", region).query("AppId", appId));
  }

  /**
   * One page of the job templates of a region, or of one of its namespaces; pages count from 1.
   *
   * @see <a
   *     href="https://www.alibabacloud.com/help/en/sae/api-sae-2019-05-06-listjobs">ListJobs</a>
   */
  Call jobs(Scope scope, int page, int limit) {
    WireRequest.Builder request = request("ListJobs", scope.region());
    if (!scope.path().isEmpty()) {
      request.query("NamespaceId", scope.path().get(0));
    }
    request.query("CurrentPage", page).query("PageSize", limit).query("Workload", "job");
    return read("ListJobs", request);
  }

  /**
   * Any operation of the service.
   *
   * @throws IllegalArgumentException when the operation's path is not known or the parts do not fit
   */
  Call raw(RawRequest raw, String defaultRegion) {
    String region = raw.region().orElse(defaultRegion);
    String path =
        raw.path()
            .orElseGet(
                () -> {
                  String known = PATHS.get(raw.action());
                  if (known == null) {
                    throw new IllegalArgumentException(
                        "path is missing; SAE has one for each operation, such as "
                            + PATHS.get("DescribeJob")
                            + ", shown on the operation's page under Request syntax");
                  }
                  return known;
                });
    boolean post = raw.method().map(method -> method.equals("POST")).orElse(raw.json().isPresent());
    if (!post && raw.json().isPresent()) {
      throw new IllegalArgumentException("a GET request has no JSON; give it in the query");
    }
    WireRequest.Builder request =
        headers(
            post ? WireRequest.post(endpoint(region)) : WireRequest.get(endpoint(region)),
            raw.action());
    if (!path.equals("/")) {
      request.path(path);
    }
    raw.query().forEach(request::query);
    raw.json().ifPresent(json -> request.header("content-type", "application/json").body(json));
    return new Call(raw.action(), QUOTA, raw.isRepeatable(), true, request.build());
  }

  private static Call read(String action, WireRequest.Builder request) {
    return Call.read(action, QUOTA, request.build());
  }

  private WireRequest.Builder request(String action, String region) {
    String path = PATHS.get(action);
    if (path == null) {
      throw new IllegalStateException(action + " has no path");
    }
    return headers(WireRequest.get(endpoint(region)), action).path(path);
  }

  private static WireRequest.Builder headers(WireRequest.Builder request, String action) {
    return request
        .header("x-acs-action", action)
        .header("x-acs-version", VERSION)
        .header("accept", "application/json");
  }

  /**
   * Returns where the region's requests go. All 15 regions of the <a
   * href="https://help.aliyun.com/en/sae/api-sae-2019-05-06-endpoint">endpoint table</a> follow one
   * pattern, so that a region opened later works too.
   */
  private Endpoint endpoint(String region) {
    Hosts.requireLabel("region", region);
    return endpoint != null
        ? endpoint
        : Endpoint.https((vpc ? "sae-vpc." : "sae.") + region + ".aliyuncs.com");
  }
}
