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
import io.joblens.spi.Endpoint;
import io.joblens.spi.JobProvider;
import io.joblens.spi.Masking;
import io.joblens.spi.Scope;
import io.joblens.spi.Scopes;
import io.joblens.spi.ServiceError;
import io.joblens.spi.Signer;
import io.joblens.spi.Slice;
import io.joblens.spi.Step;
import io.joblens.spi.Text;
import io.joblens.spi.WireResponse;
import java.time.ZoneId;
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

  /** What a list's row carries: no name, which only the answer about a single run has. */
  private static final Set<Filter> LISTED = Set.of(Filter.STATE, Filter.FINISHED, Filter.PROBLEM);

  private static final Set<Filter> LOOKED_UP =
      Set.copyOf(EnumSet.complementOf(EnumSet.of(Filter.TAG)));

  private static final Signer SIGNER = new Acs3Signer();

  private final Settings settings;
  private final List<List<String>> jobs;
  private final SchedulerxRequests requests;
  private final SchedulerxResponses responses;

  /**
   * What a user sets.
   *
   * @param regions at least one
   * @param groups the groups to list
   * @param jobs the jobs to list in place of whole groups, as {@code number} or {@code
   *     group/number}
   * @param zone the zone of the vendor's times, unless it is to be assumed
   */
  record Settings(
      List<String> regions,
      Optional<Endpoint> endpoint,
      boolean vpc,
      Optional<String> namespace,
      Optional<String> namespaceSource,
      List<String> groups,
      List<String> jobs,
      Optional<ZoneId> zone) {}

  SchedulerxProvider(Settings settings) {
    this.settings = settings;
    this.requests = new SchedulerxRequests(this::endpoint, settings.namespaceSource());
    this.responses = new SchedulerxResponses(settings.zone());
    this.jobs = settings.jobs().stream().map(this::inGroup).toList();
    settings.regions().forEach(this::endpoint); // which shows a region that has no host
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
    boolean lists = query.runs().isEmpty();
    Set<Filter> pushed = lists ? EnumSet.of(Filter.JOB, Filter.CREATED) : EnumSet.of(Filter.RUN_ID);
    if (lists && !query.states().contains(JobState.UNKNOWN)) {
      pushed.add(Filter.STATE);
    }
    Set<Filter> local = lists ? LISTED : LOOKED_UP;
    Set<JobState> states = SchedulerxStates.TABLE.states();
    return new Capabilities(pushed, local, Paging.PAGE_NUMBER, PAGE, PAGE, IDS, states, Set.of());
  }

  @Override
  public Step<Scopes> scopes(JobQuery query, Optional<String> after) {
    // the vendor takes one status a call, and has none for what it has no number for
    boolean all = query.states().isEmpty() || query.states().contains(JobState.UNKNOWN);
    List<String> statuses = all ? List.of("") : SchedulerxStates.TABLE.words(query.states());
    List<Scope> scopes = new ArrayList<>();
    for (String region : settings.regions()) {
      for (List<String> target : targets(query)) {
        List<String> path = new ArrayList<>(target);
        path.add(0, namespace());
        statuses.forEach(status -> scopes.add(new Scope(region, path, status)));
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
    Call call = requests.get(ref);
    Step<JobRun.Builder> run = Step.ask(call, answer -> responses.run(call, answer, ref));
    return run.ifFound();
  }

  @Override
  public Step<Job.Builder> job(JobRef ref) {
    Call call = requests.job(ref);
    return Step.ask(call, answer -> responses.job(call, answer, ref));
  }

  @Override
  public RunRef runRef(List<String> ids) {
    int last = Math.max(0, ids.size() - 1);
    List<String> segments = new ArrayList<>(path(ids.subList(0, last)));
    String run = ids.isEmpty() ? "" : ids.get(last);
    segments.add(SchedulerxRequests.requireNumber("job instance id", run));
    return new RunRef(id(), region(), segments);
  }

  @Override
  public JobRef jobRef(List<String> ids) {
    return new JobRef(id(), region(), path(ids));
  }

  @Override
  public Call raw(RawRequest request) {
    return requests.raw(request, request.region().orElse(settings.regions().get(0)));
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

  private Endpoint endpoint(String region) {
    return settings.endpoint().orElseGet(() -> SchedulerxHosts.endpoint(region, settings.vpc()));
  }

  /** Returns what to list: each a group, or a group and a job. */
  private List<List<String>> targets(JobQuery query) {
    if (!query.jobs().isEmpty()) {
      return query.jobs().stream().map(this::inGroup).distinct().toList();
    }
    if (jobs.isEmpty() && settings.groups().isEmpty()) {
      throw noGroup();
    }
    return jobs.isEmpty() ? settings.groups().stream().map(List::of).toList() : jobs;
  }

  /**
   * Returns namespace, group and number of a job given by as many of them as are not configured.
   */
  private List<String> path(List<String> ids) {
    if (ids.size() > 3) {
      throw new IllegalArgumentException(
          "expected at most namespace, group, job id and, for a run, job instance id");
    }
    if (ids.isEmpty() && jobs.size() != 1) {
      throw new IllegalArgumentException(
          "not exactly one job is configured; give job id and job instance id");
    }
    int last = ids.size() - 1;
    List<String> path = new ArrayList<>();
    path.add(last == 2 ? Text.requireId("namespace", ids.get(0)) : namespace());
    if (last < 1) {
      path.addAll(ids.isEmpty() ? jobs.get(0) : inGroup(ids.get(0)));
    } else {
      path.add(Text.requireId("group", ids.get(last - 1)));
      path.add(SchedulerxRequests.requireNumber("job id", ids.get(last)));
    }
    return path;
  }

  /** Returns group and number of a job given as {@code number} or {@code group/number}. */
  private List<String> inGroup(String job) {
    int slash = job.lastIndexOf('/');
    String number = SchedulerxRequests.requireNumber("job id", job.substring(slash + 1));
    if (slash >= 0) {
      return List.of(Text.requireId("group", job.substring(0, slash)), number);
    }
    List<String> known =
        settings.jobs().stream().filter(other -> other.endsWith("/" + number)).toList();
    if (known.size() == 1) {
      return inGroup(known.get(0));
    }
    if (settings.groups().isEmpty()) {
      throw noGroup();
    }
    if (settings.groups().size() > 1) {
      throw new IllegalArgumentException(
          "job %s may be of any of the configured groups; write it as group/%s"
              .formatted(number, number));
    }
    return List.of(settings.groups().get(0), number);
  }

  private String namespace() {
    String hint = "namespace is missing; set namespace to the id on the console's Namespace page";
    return settings.namespace().orElseThrow(() -> new ConfigException(hint));
  }

  private String region() {
    if (settings.regions().size() > 1) {
      throw new IllegalArgumentException(
          "several regions are configured; give a whole reference, provider:region:ids");
    }
    return settings.regions().get(0);
  }

  private static ConfigException noGroup() {
    return new ConfigException(
        "group is missing; set group to the application id on the Application Management page of"
            + " the SchedulerX console, or write jobs as group/id");
  }
}
