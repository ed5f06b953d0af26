package io.joblens.alibaba.schedulerx;

import io.joblens.JobQuery;
import io.joblens.JobRef;
import io.joblens.RawRequest;
import io.joblens.RunRef;
import io.joblens.TimeField;
import io.joblens.spi.Call;
import io.joblens.spi.Endpoint;
import io.joblens.spi.Quota;
import io.joblens.spi.Rate;
import io.joblens.spi.Scope;
import io.joblens.spi.Text;
import io.joblens.spi.WireRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Builds the requests: RPC style, everything in the query. {@code RegionId} is required although
 * the English pages leave it out, because one host serves many regions.
 */
final class SchedulerxRequests {
  static final String LIST = "GetJobInstanceList";
  static final String GET = "GetJobInstance";
  static final String JOB = "GetJobInfo";
  static final String NAMESPACES = "ListNamespaces";
  static final String GROUPS = "ListGroups";
  static final String JOBS = "ListJobs";
  static final String LOG = "GetLog";

  /** The most lines that one answer of GetLog has. */
  static final int LINES = 200;

  /** As the vendor's own libraries send them, with everything in the query all the same. */
  private static final Set<String> OVER_POST = Set.of(NAMESPACES, GROUPS);

  private static final String VERSION = "2019-04-30";

  /** "A user can call an API up to 100 times in a minute", in the overview of the API reference. */
  private static final Rate RATE = Rate.perMinute(100);

  /**
   * How much wider than asked the vendor is asked for a time: it does not say which of a run's
   * times it compares, and the zone of those times is an assumption. Core compares again.
   */
  private static final Duration MARGIN = Duration.ofHours(24);

  private static final long LAST_SECOND = Instant.parse("9999-12-31T23:59:59Z").getEpochSecond();
  private static final Pattern NUMBER = Pattern.compile("[1-9]\\d{0,18}");

  private final Optional<Endpoint> override;
  private final boolean vpc;
  private final Optional<String> namespaceSource;

  SchedulerxRequests(Optional<Endpoint> override, boolean vpc, Optional<String> namespaceSource) {
    this.override = override;
    this.vpc = vpc;
    this.namespaceSource = namespaceSource;
  }

  /** Returns where the requests of a region go. */
  Endpoint endpoint(String region) {
    return override.orElseGet(() -> SchedulerxHosts.endpoint(region, vpc));
  }

  /** Asks for a page of the runs of a group or a job. */
  Call list(Scope scope, JobQuery query, long offset, int limit) {
    WireRequest.Builder request = start(LIST, scope.region(), scope.path());
    if (!scope.slice().isEmpty()) {
      request.query("Status", scope.slice());
    }
    if (query.by() == TimeField.CREATED) {
      query
          .since()
          .ifPresent(t -> request.query("StartTimestamp", epochMillis(t, MARGIN.negated())));
      query.until().ifPresent(t -> request.query("EndTimestamp", epochMillis(t, MARGIN)));
    }
    return read(LIST, request.query("PageNum", offset / limit + 1).query("PageSize", limit));
  }

  /** Asks for one run. */
  Call get(RunRef ref) {
    WireRequest.Builder request = start(GET, ref.region(), ref.job().segments());
    return read(GET, request.query("JobInstanceId", requireNumber("job instance id", ref.runId())));
  }

  /** Asks for a job's definition. */
  Call job(JobRef ref) {
    return read(JOB, start(JOB, ref.region(), ref.segments()));
  }

  /** Asks for the namespaces of a region, or for the groups of a namespace. */
  Call inside(Scope outer) {
    String action = outer.path().isEmpty() ? NAMESPACES : GROUPS;
    return read(action, start(action, outer.region(), outer.path()));
  }

  /** Asks for a page of the definitions of a group's jobs; pages count from 1. */
  Call jobs(Scope scope, int page, int limit) {
    WireRequest.Builder request = start(JOBS, scope.region(), scope.path());
    return read(JOBS, request.query("PageNum", page).query("PageSize", limit));
  }

  /**
   * Asks for the last lines that a run logged, the last one first. Without times only those of the
   * last half hour would come.
   */
  Call log(RunRef ref, Optional<Instant> from, Optional<Instant> to) {
    WireRequest.Builder request = start(LOG, ref.region(), ref.job().segments());
    request.query("JobInstanceId", ref.runId());
    from.ifPresent(t -> request.query("StartTimestamp", epochMillis(t, MARGIN.negated())));
    to.ifPresent(t -> request.query("EndTimestamp", epochMillis(t, MARGIN)));
    return read(LOG, request.query("Line", LINES).query("Reverse", "true"));
  }

  /** Asks in the vendor's own words; the region is added unless it is among them. */
  Call raw(RawRequest raw, String region) {
    if (raw.json().isPresent() || raw.path().filter(path -> !path.equals("/")).isPresent()) {
      throw new IllegalArgumentException(
          "SchedulerX takes neither a path nor a body; give its parameters as query");
    }
    Endpoint endpoint = endpoint(region);
    WireRequest.Builder request =
        raw.method().filter("POST"::equals).isPresent()
            ? WireRequest.post(endpoint)
            : WireRequest.get(endpoint);
    name(request, raw.action());
    if (!raw.query().containsKey("RegionId")) {
      request.query("RegionId", region);
    }
    raw.query().forEach(request::query);
    return new Call(raw.action(), quota(raw.action()), raw.isRepeatable(), true, request.build());
  }

  /** Returns the id, checked to be one of the vendor's numbers. */
  static String requireNumber(String parameter, String id) {
    if (!NUMBER.matcher(id).matches()) {
      throw new IllegalArgumentException(
          parameter
              + " '"
              + Text.printable(id)
              + "' is no whole number; give it as the SchedulerX console shows it, such as 92583");
    }
    return id;
  }

  private static Call read(String action, WireRequest.Builder request) {
    return Call.read(action, quota(action), request.build());
  }

  private WireRequest.Builder start(String action, String region, List<String> path) {
    Endpoint endpoint = endpoint(region);
    WireRequest.Builder request =
        OVER_POST.contains(action) ? WireRequest.post(endpoint) : WireRequest.get(endpoint);
    name(request, action).query("RegionId", region);
    if (!path.isEmpty()) {
      request.query("Namespace", Text.requireId("namespace", path.get(0)));
      namespaceSource.ifPresent(source -> request.query("NamespaceSource", source));
    }
    if (path.size() > 1) {
      request.query("GroupId", Text.requireId("group", path.get(1)));
    }
    if (path.size() > 2) {
      request.query("JobId", requireNumber("job id", path.get(2)));
    }
    return request;
  }

  private static WireRequest.Builder name(WireRequest.Builder request, String action) {
    return request
        .header("accept", "application/json")
        .header("x-acs-action", action)
        .header("x-acs-version", VERSION);
  }

  private static Quota quota(String action) {
    return new Quota("alibaba-schedulerx/" + action, RATE);
  }

  /** Returns the time plus the margin, kept within what the vendor's number can mean. */
  private static long epochMillis(Instant time, Duration margin) {
    long second = Math.max(0, Math.min(LAST_SECOND, time.getEpochSecond())) + margin.toSeconds();
    return Math.max(0, second) * 1000;
  }
}
