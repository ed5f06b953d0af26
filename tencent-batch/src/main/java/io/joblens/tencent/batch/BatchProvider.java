package io.joblens.tencent.batch;

import io.joblens.Filter;
import io.joblens.Job;
import io.joblens.JobQuery;
import io.joblens.JobRef;
import io.joblens.JobRun;
import io.joblens.JobServiceException.Kind;
import io.joblens.JobState;
import io.joblens.ProviderId;
import io.joblens.RawRequest;
import io.joblens.RunDetail;
import io.joblens.RunRef;
import io.joblens.UnsupportedQueryException;
import io.joblens.spi.Call;
import io.joblens.spi.Capabilities;
import io.joblens.spi.JobProvider;
import io.joblens.spi.KnownPaths;
import io.joblens.spi.Masking;
import io.joblens.spi.Probe;
import io.joblens.spi.Scope;
import io.joblens.spi.Scopes;
import io.joblens.spi.ServiceError;
import io.joblens.spi.Signer;
import io.joblens.spi.Slice;
import io.joblens.spi.Step;
import io.joblens.spi.WireResponse;
import io.joblens.tencent.Tc3Signer;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Tencent Batch: one listing per region, and a job that is its own run. */
final class BatchProvider implements JobProvider {
  /**
   * Rows of one answer, and ids of one question. For rows it is documented with DescribeJobs, <a
   * href="https://cloud.tencent.com/document/product/599/15909">599/15909</a>, for ids only with
   * its predecessor, <a href="https://cloud.tencent.com/document/api/599/12686">599/12686</a>.
   */
  static final int MAX_PAGE = 100;

  private static final Set<String> EXTRAS = Set.of("zone", "tag-key", "tag-value");

  static final Tc3Signer SIGNER = new Tc3Signer("batch", Tc3Signer.SIGNED_HEADERS);

  private final List<String> regions;
  private final KnownPaths known;
  private final BatchRequests requests;

  BatchProvider(List<String> regions, BatchRequests requests) {
    this.regions = regions;
    this.known = new KnownPaths(TencentBatch.ID, regions, List.of("JobId"), List.of());
    this.requests = requests;
  }

  @Override
  public ProviderId id() {
    return TencentBatch.ID;
  }

  @Override
  public Capabilities capabilities(JobQuery query) {
    return capabilitiesFor(query);
  }

  static Capabilities capabilitiesFor(JobQuery query) {
    EnumSet<Filter> pushed = EnumSet.of(Filter.RUN_ID);
    boolean byIds = !query.runs().isEmpty();
    // the vendor refuses JobIds together with Filters, so a question by ids leaves the rest to core
    if (!byIds) {
      pushed.add(Filter.JOB);
      pushed.add(Filter.TAG);
      if (!query.states().contains(JobState.UNKNOWN)) {
        pushed.add(Filter.STATE);
      }
      if (query.name().map(BatchRequests::isExact).orElse(false)) {
        pushed.add(Filter.NAME);
      }
    }
    return new Capabilities(
        pushed,
        EnumSet.complementOf(pushed),
        Capabilities.Paging.OFFSET,
        MAX_PAGE,
        MAX_PAGE,
        MAX_PAGE,
        BatchStates.TABLE.states(),
        byIds ? Set.of() : EXTRAS);
  }

  @Override
  public Step<Scopes> scopes(JobQuery query, Optional<String> after) {
    String words =
        query.states().contains(JobState.UNKNOWN)
            ? ""
            : String.join(",", BatchStates.TABLE.words(query.states()));
    return Step.done(
        Scopes.all(regions.stream().map(region -> new Scope(region, List.of(), words)).toList()));
  }

  /** "单用户作业数量最大为1000": the vendor's page on quotas, product/599 配额限制. Each job is one run. */
  @Override
  public OptionalLong mostRuns(Scope scope, JobQuery query) {
    return OptionalLong.of(query.jobs().isEmpty() ? 1000 : query.jobs().size());
  }

  @Override
  public Step<Slice> runs(Scope scope, JobQuery query, long offset, int limit) {
    return jobs(requests.list(scope, query, offset, limit), scope.region());
  }

  @Override
  public Step<List<JobRun.Builder>> get(List<RunRef> refs) {
    refs.forEach(known::require);
    return Step.each(
            chunks(refs), chunk -> jobs(requests.get(chunk.region(), chunk.ids()), chunk.region()))
        .map(slices -> slices.stream().flatMap(slice -> slice.rows().stream()).toList());
  }

  /**
   * Reads the job as the run that it is: the version of the API has its definition only in
   * DescribeJobSubmitInfo, whose answers carry passwords and keys.
   */
  @Override
  public Step<Job.Builder> job(JobRef ref) {
    return get(List.of(new RunRef(ref.provider(), ref.region(), ref.segments())))
        .flatMap(
            runs ->
                runs.isEmpty()
                    ? Step.failed(
                        ServiceError.of(Kind.NOT_FOUND, 200)
                            .message("no job " + ref.jobId() + " in region " + ref.region())
                            .build())
                    : Step.done(BatchResponses.job(ref, runs.get(0).build())));
  }

  @Override
  public Step<Scopes> jobScopes(JobQuery query, Optional<String> after) {
    throw new UnsupportedQueryException(
        "Tencent Batch has no list of jobs: a job is submitted once and is its own run; list the"
            + " runs");
  }

  @Override
  public Step<RunDetail.Builder> diagnose(RunRef ref) {
    known.require(ref);
    return new BatchDiagnosis(requests, ref).run();
  }

  @Override
  public List<Probe> probes() {
    List<Probe> probes = new ArrayList<>();
    for (String region : regions) {
      Call list = requests.list(new Scope(region, List.of(), ""), JobQuery.ALL, 0, 1);
      probes.add(Probe.of(region, list));
    }
    // of a form that can be an id, and of no job: that it is not found is an answer
    String first = regions.get(0);
    RunRef none = new RunRef(id(), first, List.of("job-joblens0"));
    probes.add(Probe.of(first, requests.describeJob(none)));
    probes.add(Probe.of(first, requests.describeTask(none, "none", 1)));
    probes.add(Probe.of(first, requests.describeTaskLogs(none, "none", List.of(0L))));
    return probes;
  }

  @Override
  public OptionalLong callsToGet(List<RunRef> refs) {
    return OptionalLong.of(chunks(refs).size());
  }

  @Override
  public List<String> hintsWhenEmpty() {
    return List.of(
        "Batch lists the jobs of a region; this cloud asks %s, set region if they are elsewhere"
            .formatted(String.join(", ", regions)),
        requests.isInternational(regions.get(0))
            ? "keys of the mainland site need batch.tencentcloudapi.com: leave endpoint out"
            : "keys of the international site need endpoint https://batch.intl.tencentcloudapi.com",
        "a job that somebody deleted is in no listing any more");
  }

  @Override
  public RunRef runRef(List<String> ids) {
    return known.run(ids);
  }

  @Override
  public JobRef jobRef(List<String> ids) {
    return known.job(ids);
  }

  @Override
  public Call raw(RawRequest request) {
    return requests.raw(request, regions.get(0));
  }

  @Override
  public Optional<ServiceError> error(Call call, WireResponse response) {
    return BatchErrors.ERRORS.find(call, response);
  }

  @Override
  public Signer signer() {
    return SIGNER;
  }

  @Override
  public Masking masking() {
    return BatchResponses.MASKING;
  }

  private static Step<Slice> jobs(Call call, String region) {
    return Step.ask(call, response -> BatchResponses.jobs(call, region, response));
  }

  private record Chunk(String region, List<String> ids) {}

  private static List<Chunk> chunks(List<RunRef> refs) {
    Map<String, List<String>> idsByRegion = new LinkedHashMap<>();
    for (RunRef ref : refs) {
      idsByRegion.computeIfAbsent(ref.region(), region -> new ArrayList<>()).add(ref.runId());
    }
    List<Chunk> chunks = new ArrayList<>();
    idsByRegion.forEach(
        (region, ids) -> {
          for (int from = 0; from < ids.size(); from += MAX_PAGE) {
            chunks.add(new Chunk(region, ids.subList(from, Math.min(from + MAX_PAGE, ids.size()))));
          }
        });
    return chunks;
  }
}
