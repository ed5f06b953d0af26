package io.joblens.alibaba.sae;

import io.joblens.ConfigException;
import io.joblens.Filter;
import io.joblens.Job;
import io.joblens.JobQuery;
import io.joblens.JobRef;
import io.joblens.JobRun;
import io.joblens.JobState;
import io.joblens.ProviderId;
import io.joblens.RawRequest;
import io.joblens.RunRef;
import io.joblens.alibaba.Acs3Signer;
import io.joblens.spi.Call;
import io.joblens.spi.Capabilities;
import io.joblens.spi.JobProvider;
import io.joblens.spi.KnownPaths;
import io.joblens.spi.Masking;
import io.joblens.spi.Scope;
import io.joblens.spi.Scopes;
import io.joblens.spi.ServiceError;
import io.joblens.spi.Signer;
import io.joblens.spi.Slice;
import io.joblens.spi.Step;
import io.joblens.spi.WireResponse;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** SAE: runs are listed per job template, in all states or in one. */
final class SaeProvider implements JobProvider {
  /** Rows of one answer, documented with DescribeJobHistory. */
  static final int MAX_PAGE = 10_000;

  /** Large, because 60 calls a minute are scarce, and still far below the largest body. */
  static final int DEFAULT_PAGE = 1_000;

  private static final Signer SIGNER = new Acs3Signer();

  private final List<String> regions;
  private final List<String> jobs;
  private final KnownPaths known;
  private final SaeRequests requests;

  SaeProvider(List<String> regions, List<String> jobs, SaeRequests requests) {
    this.regions = regions;
    this.jobs = jobs;
    this.known =
        new KnownPaths(
            AlibabaSae.ID,
            regions,
            List.of("AppId", "JobId"),
            jobs.stream().map(List::of).toList());
    this.requests = requests;
  }

  @Override
  public ProviderId id() {
    return AlibabaSae.ID;
  }

  @Override
  public Capabilities capabilities(JobQuery query) {
    return capabilitiesFor(query);
  }

  static Capabilities capabilitiesFor(JobQuery query) {
    EnumSet<Filter> pushed = EnumSet.of(Filter.RUN_ID);
    EnumSet<Filter> local =
        EnumSet.of(Filter.JOB, Filter.STATE, Filter.CREATED, Filter.FINISHED, Filter.PROBLEM);
    if (query.runs().isEmpty()) {
      pushed.add(Filter.JOB);
      if (!query.states().contains(JobState.UNKNOWN)) {
        pushed.add(Filter.STATE);
      }
    }
    local.removeAll(pushed);
    return new Capabilities(
        pushed,
        local,
        Capabilities.Paging.PAGE_NUMBER,
        DEFAULT_PAGE,
        MAX_PAGE,
        1,
        SaeStates.TABLE.states(),
        Set.of());
  }

  @Override
  public Step<Scopes> scopes(JobQuery query, Optional<String> after) {
    List<String> appIds = query.jobs().isEmpty() ? jobs : query.jobs();
    if (appIds.isEmpty()) {
      throw new ConfigException(
          "job is missing: SAE lists runs per job template; set job (or jobs) to AppIds, which"
              + " https://sae.console.aliyun.com shows on each job template's page, or name jobs in"
              + " the query");
    }
    List<Scope> scopes = new ArrayList<>();
    for (String region : regions) {
      for (String appId : appIds) {
        for (String word : words(query.states())) {
          scopes.add(new Scope(region, List.of(appId), word));
        }
      }
    }
    return Step.done(Scopes.all(scopes));
  }

  @Override
  public Step<Slice> runs(Scope scope, JobQuery query, long offset, int limit) {
    Call call = requests.list(scope, offset, limit);
    return Step.ask(call, response -> SaeResponses.history(call, scope, response));
  }

  @Override
  public Step<List<JobRun.Builder>> get(List<RunRef> refs) {
    return Step.each(refs, this::get)
        .map(found -> found.stream().flatMap(Optional::stream).toList());
  }

  private Step<Optional<JobRun.Builder>> get(RunRef ref) {
    known.require(ref);
    Call call = requests.get(ref.region(), ref.segments().get(0), ref.runId());
    Step<Optional<JobRun.Builder>> step =
        Step.ask(call, response -> SaeResponses.status(call, ref, response));
    return step.recover(
        error ->
            SaeErrors.saysMissing(error)
                ? Optional.of(Step.done(Optional.empty()))
                : Optional.empty());
  }

  @Override
  public Step<Job.Builder> job(JobRef ref) {
    known.require(ref);
    Call call = requests.job(ref.region(), ref.jobId());
    return Step.ask(call, response -> SaeResponses.job(call, ref, response));
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
    return SaeErrors.ERRORS.find(call, response);
  }

  @Override
  public Signer signer() {
    return SIGNER;
  }

  @Override
  public Masking masking() {
    return SaeResponses.MASKING;
  }

  /** Returns the vendor's words to list one by one; one empty word stands for all states. */
  private static List<String> words(Set<JobState> states) {
    List<String> words = SaeStates.TABLE.words(states);
    boolean all = words.size() == SaeStates.TABLE.rows().size();
    return words.isEmpty() || all || states.contains(JobState.UNKNOWN) ? List.of("") : words;
  }
}
