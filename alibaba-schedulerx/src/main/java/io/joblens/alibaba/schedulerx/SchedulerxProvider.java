package io.joblens.alibaba.schedulerx;

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
import io.joblens.spi.Capabilities.Paging;
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

/** SchedulerX 2.0, configured. */
final class SchedulerxProvider implements JobProvider {
  /**
   * Rows a page. No maximum is documented and the default is 10; calls are what is scarce, and 100
   * rows of it are some 40 KB.
   */
  private static final int PAGE = 100;

  /** Each run costs a call of its own, so a page of them should not keep anybody waiting long. */
  private static final int IDS = 10;

  private static final List<String> NAMES =
      List.of("namespace", "group", "job id", "job instance id");

  private static final Signer SIGNER = new Acs3Signer();

  private final List<String> regions;
  private final Optional<String> namespace;
  private final List<String> groups;
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
    this.groups = groups;
    this.requests = requests;
    this.responses = responses;
    List<List<String>> paths =
        new ArrayList<>(
            namespace.stream()
                .flatMap(id -> groups.stream().map(group -> List.of(id, group)))
                .toList());
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
      // only the answer about a single run carries the job's name
      pushed.add(Filter.CREATED);
      (query.states().contains(JobState.UNKNOWN) ? local : pushed).add(Filter.STATE);
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
    List<Scope> scopes = new ArrayList<>();
    for (String region : regions) {
      for (List<String> path : targets(query)) {
        slices(query).forEach(slice -> scopes.add(new Scope(region, path, slice)));
      }
    }
    return Step.done(Scopes.all(scopes));
  }

  @Override
  public Step<Slice> runs(Scope scope, JobQuery query, long offset, int limit) {
    Call call = requests.list(scope, query, offset, limit);
    return Step.ask(call, answer -> responses.page(call, answer, scope, offset, limit));
  }

  @Override
  public Step<List<JobRun.Builder>> get(List<RunRef> refs) {
    // all made here, so that a bad reference shows before the first call and not between two
    List<Step<Optional<JobRun.Builder>>> steps = refs.stream().map(this::find).toList();
    return Step.each(steps, step -> step)
        .map(found -> found.stream().flatMap(Optional::stream).toList());
  }

  private Step<Optional<JobRun.Builder>> find(RunRef ref) {
    known.require(ref);
    Call call = requests.get(ref);
    return Step.ask(call, answer -> responses.run(call, answer, ref)).ifFound();
  }

  @Override
  public Step<Job.Builder> job(JobRef ref) {
    known.require(ref);
    Call call = requests.job(ref);
    return Step.ask(call, answer -> responses.job(call, answer, ref));
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

  /** Returns what to list: the ids of groups or of jobs. */
  private List<List<String>> targets(JobQuery query) {
    String outermost =
        namespace.orElseThrow(
            () ->
                new ConfigException(
                    "namespace is missing; set namespace to the id on the Namespace page of the"
                        + " SchedulerX console"));
    if (!query.jobs().isEmpty()) {
      return query.jobs().stream().map(job -> path(known, job)).distinct().toList();
    }
    if (!jobs.isEmpty()) {
      return jobs;
    }
    if (groups.isEmpty()) {
      throw new ConfigException(
          "group is missing; set group to the application id on the Application Management page of"
              + " the SchedulerX console, or write jobs as group/number");
    }
    return groups.stream().map(group -> List.of(outermost, group)).toList();
  }

  /** The vendor takes one status a call; what it has no number for cannot be asked for. */
  private static List<String> slices(JobQuery query) {
    return query.states().isEmpty() || query.states().contains(JobState.UNKNOWN)
        ? List.of("")
        : SchedulerxStates.TABLE.words(query.states());
  }

  /** Returns the ids of a job given as {@code number} or {@code group/number}. */
  private List<String> path(KnownPaths paths, String job) {
    int slash = job.lastIndexOf('/');
    String number = SchedulerxRequests.requireNumber("job id", job.substring(slash + 1));
    if (slash < 0) {
      return paths.jobPath(List.of(number));
    }
    String group = job.substring(0, slash);
    return namespace
        .map(outermost -> paths.jobPath(List.of(outermost, group, number)))
        .orElseGet(() -> paths.jobPath(List.of(group, number)));
  }
}
