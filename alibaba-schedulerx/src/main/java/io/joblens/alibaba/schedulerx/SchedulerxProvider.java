package io.joblens.alibaba.schedulerx;

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
import io.joblens.spi.Capabilities.Paging;
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
import io.joblens.spi.WireResponse;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;

/** SchedulerX 2.0, configured. */
final class SchedulerxProvider implements JobProvider {
  /**
   * Rows a page. No maximum is documented and the default is 10; calls are what is scarce, and 100
   * rows of it are some 40 KB.
   */
  private static final int PAGE = 100;

  /** Each run costs a call of its own, so a page of them should not keep anybody waiting long. */
  private static final int IDS = 10;

  /** The vendor takes one status a call; where it takes more of them, all come in one listing. */
  private static final int MOST_SLICES = 3;

  /** What no namespace, group and job is called, to try an operation with. */
  private static final List<String> NOBODY = List.of("joblens-check-up", "joblens-check-up", "1");

  /**
   * What GetLog may say of no run, and in an edition without logs. Neither is documented; whoever
   * may not ask is told so by the gateway.
   */
  private static final Set<Kind> NO_LOG =
      Set.of(Kind.NOT_FOUND, Kind.INVALID_REQUEST, Kind.UNKNOWN);

  private static final List<String> NAMES =
      List.of("namespace", "group", "job id", "job instance id");

  private static final Signer SIGNER = new Acs3Signer();

  private final List<String> regions;
  private final Optional<String> namespace;
  private final List<List<String>> groups;
  private final List<List<String>> jobs;
  private final KnownPaths known;
  private final SchedulerxRequests requests;
  private final SchedulerxResponses responses;

  /**
   * @param regions at least one
   * @param groups the groups to list
   * @param jobs the jobs to list in place of whole groups, as {@code number} or {@code
   *     group/number}
   */
  SchedulerxProvider(
      List<String> regions,
      Optional<String> namespace,
      List<String> groups,
      List<String> jobs,
      SchedulerxRequests requests,
      SchedulerxResponses responses) {
    this.regions = regions;
    this.namespace = namespace;
    this.groups =
        namespace.stream()
            .<List<String>>flatMap(id -> groups.stream().map(group -> List.of(id, group)))
            .toList();
    this.requests = requests;
    this.responses = responses;
    if (namespace.isEmpty() && !groups.isEmpty()) {
      throw new ConfigException(
          "group is set, but not the namespace that it is in; set namespace to the id on the"
              + " Namespace page of the SchedulerX console, or leave group out to list them all");
    }
    List<List<String>> paths = new ArrayList<>(this.groups);
    try {
      regions.forEach(requests::endpoint);
      KnownPaths inGroups = new KnownPaths(id(), regions, NAMES, paths);
      this.jobs = jobs.stream().map(job -> path(inGroups, job)).toList();
    } catch (IllegalArgumentException e) {
      throw new ConfigException("job: " + e.getMessage() + "; write a job as group/number");
    }
    paths.addAll(this.jobs);
    this.known = new KnownPaths(id(), regions, NAMES, paths);
  }

  @Override
  public ProviderId id() {
    return AlibabaSchedulerx.ID;
  }

  @Override
  public Capabilities capabilities(JobQuery query) {
    return capabilitiesFor(query);
  }

  static Capabilities capabilitiesFor(JobQuery query) {
    boolean byId = !query.runs().isEmpty();
    Set<Filter> pushed = EnumSet.of(byId ? Filter.RUN_ID : Filter.JOB);
    Set<Filter> local = EnumSet.of(Filter.FINISHED, Filter.PROBLEM);
    if (byId) {
      local.addAll(Set.of(Filter.JOB, Filter.STATE, Filter.NAME, Filter.CREATED));
    } else {
      pushed.add(Filter.CREATED);
      boolean sliced = query.states().isEmpty() || !slices(query).contains("");
      (sliced ? pushed : local).add(Filter.STATE);
      local.add(Filter.NAME); // core joins it from the list of jobs
    }
    return new Capabilities(
        pushed,
        local,
        Paging.PAGE_NUMBER,
        PAGE,
        PAGE,
        IDS,
        SchedulerxStates.TABLE.states(),
        Set.of());
  }

  @Override
  public Step<Scopes> scopes(JobQuery query, Optional<String> after) {
    return everywhere(named(query)).map(found -> found.sliced(slices(query)));
  }

  /** Returns these paths in every region; if there are none, the groups that there are. */
  private Step<Scopes> everywhere(List<List<String>> paths) {
    List<Scope> all =
        regions.stream()
            .flatMap(region -> paths.stream().map(path -> new Scope(region, path, "")))
            .toList();
    return all.isEmpty() ? groups() : Step.done(Scopes.all(all));
  }

  /** Finds the groups that there are, in the configured namespace or in every one. */
  private Step<Scopes> groups() {
    List<Scope> all = regions.stream().map(region -> new Scope(region, List.of(), "")).toList();
    return Parts.within(all, this::inside)
        .flatMap(
            outer ->
                Parts.within(outer.scopes(), this::inside)
                    .map(inner -> inner.without(outer.skipped())));
  }

  private Step<List<Scope>> inside(Scope outer) {
    if (outer.path().isEmpty() && namespace.isPresent()) {
      return Step.done(List.of(SchedulerxJobs.in(outer, namespace.get())));
    }
    Call call = requests.inside(outer);
    return Step.ask(call, answer -> SchedulerxJobs.inside(call, answer, outer));
  }

  @Override
  public Step<Slice> runs(Scope scope, JobQuery query, long offset, int limit) {
    Call call = requests.list(scope, query, offset, limit);
    Step<Slice> step = Step.ask(call, answer -> responses.page(call, answer, scope, offset, limit));
    return step.flatMap(
        slice ->
            slice.capped() && listedByJob(scope).isPresent()
                ? byJob(scope, slice)
                : Step.done(slice));
  }

  /** Gives, in place of a group's runs that look cut, the jobs whose runs show more of them. */
  private Step<Slice> byJob(Scope group, Slice cut) {
    Step<Slice> step =
        Jobs.all(this, jobScope(group).orElseThrow(), JobQuery.ALL)
            .map(
                found -> {
                  Set<String> ids = new LinkedHashSet<>();
                  found.forEach(row -> ids.add(row.ref().jobId()));
                  cut.rows().forEach(row -> ids.add(row.ref().job().jobId())); // perhaps deleted
                  return ids.size() < 2
                      ? cut
                      : cut.shownBy(ids.stream().map(id -> SchedulerxJobs.in(group, id)).toList());
                });
    return step.recover(
        error ->
            error.kind() == Kind.ACCESS_DENIED ? Optional.of(Step.done(cut)) : Optional.empty());
  }

  @Override
  public Step<Scopes> jobScopes(JobQuery query, Optional<String> after) {
    boolean inGroups = query.jobs().stream().allMatch(job -> job.indexOf('/') > 0);
    Stream<List<String>> named = named(inGroups ? query : JobQuery.ALL).stream();
    return everywhere(named.map(path -> path.subList(0, 2)).distinct().toList());
  }

  @Override
  public Step<Jobs> jobs(Scope scope, JobQuery query, Optional<String> after) {
    int page = after.map(Integer::parseInt).orElse(1);
    Call call = requests.jobs(scope, page, PAGE);
    return Step.ask(call, answer -> SchedulerxJobs.page(call, answer, scope, page, PAGE));
  }

  @Override
  public Optional<Scope> jobScope(Scope scope) {
    return Optional.of(new Scope(scope.region(), scope.path().subList(0, 2), ""));
  }

  @Override
  public Optional<Scope> listedByJob(Scope scope) {
    return scope.path().size() == 2 ? jobScope(scope) : Optional.empty();
  }

  /** One call for the run and, once a worker had it, one for its log. */
  @Override
  public Step<RunDetail.Builder> diagnose(RunRef ref) {
    return one(ref).flatMap(this::explain);
  }

  private Step<RunDetail.Builder> explain(JobRun.Builder row) {
    JobRun run = row.build();
    if (run.state() == JobState.QUEUED || run.state() == JobState.REJECTED) {
      return Step.done(SchedulerxDiagnosis.notBegun(row, run));
    }
    Call call = requests.log(run.ref(), run.startedAt().or(run::scheduledAt), run.finishedAt());
    Step<List<String>> lines = Step.ask(call, answer -> SchedulerxDiagnosis.lines(call, answer));
    return lines
        .map(read -> SchedulerxDiagnosis.of(row, run, read))
        .orElse(problem -> Step.done(SchedulerxDiagnosis.withoutLog(row, run, problem)));
  }

  /** What is not configured is asked for by a name that nothing has: NOT_FOUND is an answer. */
  @Override
  public List<Probe> probes() {
    String region = regions.get(0);
    List<String> none = List.of(namespace.orElse(NOBODY.get(0)), NOBODY.get(1));
    Set<List<String>> named = new LinkedHashSet<>();
    known.paths().forEach(each -> named.add(each.subList(0, 2)));
    boolean isNamed = !named.isEmpty();
    List<String> path = named.stream().findFirst().orElse(none);
    List<Probe> probes = new ArrayList<>();
    if (namespace.isEmpty()) {
      regions.forEach(
          each -> probes.add(Probe.of(each, requests.inside(new Scope(each, List.of(), "")))));
    }
    if (groups.isEmpty()) {
      Call inside = requests.inside(new Scope(region, path.subList(0, 1), ""));
      probes.add(new Probe(region, inside, isNamed || namespace.isPresent()));
    }
    for (List<String> each : isNamed ? named : Set.of(none)) {
      Call list = requests.jobs(new Scope(region, each, ""), 1, 1);
      probes.add(new Probe(region, list, isNamed));
    }
    Call runs = requests.list(new Scope(region, path, ""), JobQuery.ALL, 0, 1);
    probes.add(new Probe(region, runs, isNamed));
    List<String> job = Stream.concat(path.stream(), Stream.of(NOBODY.get(2))).toList();
    if (jobs.isEmpty()) {
      probes.add(Probe.of(region, requests.job(new JobRef(id(), region, job))));
    }
    RunRef run = new RunRef(id(), region, Stream.concat(job.stream(), Stream.of("1")).toList());
    probes.add(Probe.of(region, requests.get(run)));
    Call log = requests.log(run, Optional.empty(), Optional.empty());
    probes.add(new Probe(region, log, NO_LOG));
    return probes;
  }

  @Override
  public List<List<JobRef>> namedJobs() {
    return known.namedJobs();
  }

  @Override
  public boolean isFound(Scope scope) {
    return !known.paths().contains(scope.path());
  }

  /** Each run is asked for by itself. */
  @Override
  public OptionalLong callsToGet(List<RunRef> refs) {
    return OptionalLong.of(refs.size());
  }

  @Override
  public List<String> hintsWhenEmpty() {
    return List.of(
        "check the region, which is public for workers outside Alibaba Cloud; asked: "
            + String.join(", ", regions),
        namespace
            .map(id -> "check the namespace: only " + id + " was looked into")
            .orElse("check the account: an access key lists only what belongs to its own"),
        "some editions keep only the latest ten runs of each job");
  }

  @Override
  public Step<List<JobRun.Builder>> get(List<RunRef> refs) {
    // all made here, so that a bad reference shows before the first call and not between two
    List<Step<JobRun.Builder>> steps = refs.stream().map(this::one).toList();
    return Step.each(steps, Step::ifFound)
        .map(found -> found.stream().flatMap(Optional::stream).toList());
  }

  private Step<JobRun.Builder> one(RunRef ref) {
    known.require(ref);
    Call call = requests.get(ref);
    return Step.ask(call, answer -> responses.run(call, answer, ref));
  }

  @Override
  public Step<Job.Builder> job(JobRef ref) {
    known.require(ref);
    Call call = requests.job(ref);
    return Step.ask(call, answer -> SchedulerxJobs.job(call, answer, ref));
  }

  @Override
  public RunRef runRef(List<String> ids) {
    RunRef ref = known.run(ids);
    SchedulerxRequests.requireNumber("job instance id", ref.runId());
    SchedulerxRequests.requireNumber("job id", ref.job().jobId());
    return ref;
  }

  @Override
  public JobRef jobRef(List<String> ids) {
    JobRef ref = known.job(ids);
    SchedulerxRequests.requireNumber("job id", ref.jobId());
    return ref;
  }

  @Override
  public Call raw(RawRequest request) {
    return requests.raw(request, request.region().orElse(regions.get(0)));
  }

  @Override
  public Optional<ServiceError> error(Call call, WireResponse response) {
    return SchedulerxErrors.ALL.find(call, response);
  }

  @Override
  public Signer signer() {
    return SIGNER;
  }

  @Override
  public Masking masking() {
    return SchedulerxResponses.MASKING;
  }

  /** Returns what was named: the ids of jobs or of groups; empty when that is nothing. */
  private List<List<String>> named(JobQuery query) {
    if (!query.jobs().isEmpty()) {
      return query.jobs().stream().map(job -> path(known, job)).distinct().toList();
    }
    return jobs.isEmpty() ? groups : jobs;
  }

  /**
   * The words to list one by one; one empty word stands for all. Which runs are problems no word
   * says: there are tasks that failed in runs that went well, and words that are new.
   */
  private static List<String> slices(JobQuery query) {
    List<String> words = SchedulerxStates.TABLE.words(query.states());
    return words.isEmpty()
            || words.size() > MOST_SLICES
            || query.states().contains(JobState.UNKNOWN)
        ? List.of("")
        : words;
  }

  /** Returns the ids of a job, given from an outer one on or as its number alone. */
  private List<String> path(KnownPaths paths, String job) {
    List<String> ids = new ArrayList<>(List.of(job.split("/", -1)));
    SchedulerxRequests.requireNumber("job id", ids.get(ids.size() - 1));
    if (ids.size() == 2) {
      namespace.ifPresent(outermost -> ids.add(0, outermost));
    }
    return paths.jobPath(ids);
  }
}
