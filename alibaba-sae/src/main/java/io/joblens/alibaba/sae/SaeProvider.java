package io.joblens.alibaba.sae;

import io.joblens.ConfigException;
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
import io.joblens.alibaba.Acs3Signer;
import io.joblens.spi.Call;
import io.joblens.spi.Capabilities;
import io.joblens.spi.JobProvider;
import io.joblens.spi.Jobs;
import io.joblens.spi.KnownPaths;
import io.joblens.spi.Masking;
import io.joblens.spi.Parts;
import io.joblens.spi.Probe;
import io.joblens.spi.Scope;
import io.joblens.spi.Scopes;
import io.joblens.spi.ServiceError;
import io.joblens.spi.Signer;
import io.joblens.spi.Slice;
import io.joblens.spi.Step;
import io.joblens.spi.Text;
import io.joblens.spi.WireResponse;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** SAE: runs are listed per job template, in all states or in one. */
final class SaeProvider implements JobProvider {
  /** Rows of one answer, documented with DescribeJobHistory. */
  static final int MAX_PAGE = 10_000;

  /** Large, because 60 calls a minute are scarce, and still far below the largest body. */
  static final int DEFAULT_PAGE = 1_000;

  private static final Signer SIGNER = new Acs3Signer();

  /** Templates of one answer, documented with ListJobs. */
  private static final int JOBS = 200;

  /** An AppId that no template has, to try an operation with. */
  private static final String NOBODY = "00000000-0000-0000-0000-000000000000";

  private final List<String> regions;
  private final List<String> jobs;
  private final List<Scope> lists;
  private final KnownPaths known;
  private final SaeRequests requests;

  /**
   * @param regions at least one
   * @param namespaces where to look for job templates; everywhere if empty
   * @param jobs the templates whose runs are listed; all if empty
   */
  SaeProvider(
      List<String> regions, List<String> namespaces, List<String> jobs, SaeRequests requests) {
    this.regions = regions;
    this.jobs = jobs;
    this.lists = lists(regions, namespaces);
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
      if (!slice(query).isEmpty() || query.states().isEmpty()) {
        pushed.add(Filter.STATE);
      }
      local.add(Filter.NAME);
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

  private static List<Scope> lists(List<String> regions, List<String> namespaces) {
    if (namespaces.isEmpty()) {
      return regions.stream().map(region -> new Scope(region, List.of(), "")).toList();
    }
    return namespaces.stream()
        .map(
            id -> {
              String region = id.replaceFirst(":.*", "");
              if (!regions.contains(region)) {
                throw new ConfigException(
                    "namespace '"
                        + Text.printable(id)
                        + "' is in none of the regions "
                        + String.join(", ", regions)
                        + "; a namespace's id is its region, or begins so: cn-beijing:test");
              }
              return new Scope(region, List.of(id), "");
            })
        .toList();
  }

  @Override
  public Step<Scopes> scopes(JobQuery query, Optional<String> after) {
    List<String> wanted = query.jobs().isEmpty() ? jobs : query.jobs();
    String word = slice(query);
    if (!wanted.isEmpty() && regions.size() == 1) {
      return Step.done(
          Scopes.all(wanted.stream().map(id -> scope(regions.get(0), id, word)).toList()));
    }
    return Parts.each(lists, list -> Jobs.all(this, list, query))
        .map(found -> found(found, wanted, word));
  }

  private Scopes found(Parts<List<Job.Builder>> lists, List<String> wanted, String word) {
    Map<JobRef, String> names = new HashMap<>();
    Set<Scope> scopes = new LinkedHashSet<>(); // a template may move from page to page meanwhile
    Set<String> missing = new LinkedHashSet<>(wanted);
    for (Job.Builder row : lists.read().stream().flatMap(List::stream).toList()) {
      Job job = row.build();
      job.name().ifPresent(name -> names.put(job.ref(), name));
      String id = job.ref().jobId();
      if (wanted.isEmpty() || wanted.contains(id)) {
        scopes.add(scope(job.ref().region(), id, word));
        missing.remove(id);
      }
    }
    // SAE itself is to say that there is no such template
    missing.forEach(id -> regions.forEach(region -> scopes.add(scope(region, id, word))));
    return new Scopes(List.copyOf(scopes), Optional.empty(), names, lists.skipped());
  }

  private static Scope scope(String region, String appId, String word) {
    return new Scope(region, List.of(appId), word);
  }

  @Override
  public Step<Scopes> jobScopes(JobQuery query, Optional<String> after) {
    return Step.done(Scopes.all(lists));
  }

  @Override
  public Step<Jobs> jobs(Scope scope, JobQuery query, Optional<String> after) {
    int page = after.map(Integer::parseInt).orElse(1);
    Call call = requests.jobs(scope, page, JOBS);
    return Step.ask(call, response -> SaeJobs.page(call, scope, page, JOBS, response));
  }

  /** Names are of templates anywhere in the region: a query may name one in any namespace. */
  @Override
  public Optional<Scope> jobScope(Scope scope) {
    return Optional.of(new Scope(scope.region(), List.of(), ""));
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
  public Step<RunDetail.Builder> diagnose(RunRef ref) {
    return get(ref)
        .flatMap(
            run ->
                run.map(row -> Step.done(SaeResponses.detail(row)))
                    .orElseGet(
                        () ->
                            Step.failed(
                                ServiceError.of(Kind.NOT_FOUND, 200)
                                    .message("SAE has no run " + ref.runId())
                                    .build())));
  }

  /** ListJobs says of each region whether it is reached; of the rest one is like another. */
  @Override
  public List<Probe> probes() {
    List<Probe> probes = new ArrayList<>();
    lists.forEach(
        list ->
            probes.add(
                new Probe(list.region(), requests.jobs(list, 1, 1), !list.path().isEmpty())));
    String region = regions.get(0);
    String appId = jobs.isEmpty() ? NOBODY : jobs.get(0);
    // with several regions a template is in one of them, and only ListJobs tells in which
    boolean isNamed = !jobs.isEmpty() && regions.size() == 1;
    probes.add(new Probe(region, requests.list(scope(region, appId, ""), 0, 1), isNamed));
    probes.add(Probe.of(region, requests.get(region, appId, "manual-" + NOBODY)));
    if (jobs.isEmpty()) {
      probes.add(Probe.of(region, requests.job(region, appId)));
    }
    return probes;
  }

  @Override
  public List<List<JobRef>> namedJobs() {
    return known.namedJobs();
  }

  @Override
  public boolean isFound(Scope scope) {
    return !lists.contains(scope) && !known.paths().contains(scope.path());
  }

  /** Each run is asked for by itself. */
  @Override
  public OptionalLong callsToGet(List<RunRef> refs) {
    return OptionalLong.of(refs.size());
  }

  @Override
  public List<String> hintsWhenEmpty() {
    String asked = String.join(", ", regions);
    return List.of(
        "check the region: a job template lives in one, and these were asked: " + asked,
        "check the account: an access key lists only what belongs to its own",
        "an SAE application that is no job template has no runs");
  }

  @Override
  public Step<Job.Builder> job(JobRef ref) {
    known.require(ref);
    Call call = requests.job(ref.region(), ref.jobId());
    return Step.ask(call, response -> SaeJobs.job(call, ref, response));
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

  /** One word is pushed down; several would cost a call each where one does for all. */
  private static String slice(JobQuery query) {
    List<String> words = SaeStates.TABLE.words(query.states());
    return words.size() == 1 && !query.states().contains(JobState.UNKNOWN) ? words.get(0) : "";
  }
}
