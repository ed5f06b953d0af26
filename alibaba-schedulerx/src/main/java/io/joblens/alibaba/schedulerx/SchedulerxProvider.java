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
    try {
      settings.regions().forEach(this::endpoint);
      this.jobs =
          settings.jobs().stream().map(job -> inGroup(job, settings.groups(), List.of())).toList();
    } catch (IllegalArgumentException e) {
      throw new ConfigException(String.valueOf(e.getMessage()));
    }
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
    for (String region : settings.regions()) {
      for (List<String> target : targets(query)) {
        List<String> path = new ArrayList<>();
        path.add(namespace());
        path.addAll(target);
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
    Call call = requests.get(ref);
    Step<Optional<JobRun.Builder>> step =
        Step.ask(call, answer -> responses.run(call, answer, ref).map(Optional::of));
    return step.recover(
        error ->
            error.kind() == Kind.NOT_FOUND
                ? Optional.of(Step.done(Optional.empty()))
                : Optional.empty());
  }

  @Override
  public Step<Job.Builder> job(JobRef ref) {
    Call call = requests.job(ref);
    return Step.ask(call, answer -> responses.job(call, answer, ref));
  }

  @Override
  public RunRef runRef(List<String> ids) {
    if (ids.isEmpty() || ids.size() > 4) {
      throw new IllegalArgumentException(
          "a SchedulerX run is named by job instance id; job id, job instance id; group, job id, job"
              + " instance id; or namespace, group, job id, job instance id; not by "
              + ids.size()
              + " ids");
    }
    int last = ids.size() - 1;
    JobRef job = last == 0 ? onlyJob() : jobRef(ids.subList(0, last));
    List<String> segments = new ArrayList<>(job.segments());
    segments.add(SchedulerxRequests.requireNumber("job instance id", ids.get(last)));
    return new RunRef(id(), job.region(), segments);
  }

  @Override
  public JobRef jobRef(List<String> ids) {
    if (ids.isEmpty() || ids.size() > 3) {
      throw new IllegalArgumentException(
          "a SchedulerX job is named by job id; group, job id; or namespace, group, job id; not by "
              + ids.size()
              + " ids");
    }
    int last = ids.size() - 1;
    List<String> job =
        last == 0
            ? inGroup(ids.get(0))
            : List.of(
                Text.requireId("group", ids.get(last - 1)),
                SchedulerxRequests.requireNumber("job id", ids.get(last)));
    String namespace = last == 2 ? Text.requireId("namespace", ids.get(0)) : namespace();
    return new JobRef(id(), region(), List.of(namespace, job.get(0), job.get(1)));
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
    if (!jobs.isEmpty()) {
      return jobs;
    }
    if (settings.groups().isEmpty()) {
      throw noGroup();
    }
    return settings.groups().stream().map(List::of).toList();
  }

  /** The vendor takes one status a call; what it has no number for cannot be asked for. */
  private static List<String> slices(JobQuery query) {
    return query.states().isEmpty() || query.states().contains(JobState.UNKNOWN)
        ? List.of("")
        : SchedulerxStates.TABLE.words(query.states());
  }

  private List<String> inGroup(String job) {
    return inGroup(job, settings.groups(), jobs);
  }

  /** Returns group and number of a job given as {@code number} or {@code group/number}. */
  private static List<String> inGroup(
      String job, List<String> groups, List<List<String>> configured) {
    int slash = job.lastIndexOf('/');
    String number = SchedulerxRequests.requireNumber("job id", job.substring(slash + 1));
    if (slash >= 0) {
      return List.of(Text.requireId("group", job.substring(0, slash)), number);
    }
    List<List<String>> known =
        configured.stream().filter(candidate -> candidate.get(1).equals(number)).toList();
    if (known.size() == 1) {
      return known.get(0);
    }
    if (groups.size() == 1) {
      return List.of(groups.get(0), number);
    }
    if (groups.isEmpty()) {
      throw noGroup();
    }
    throw new IllegalArgumentException(
        "job "
            + number
            + " may be of any of "
            + groups.size()
            + " groups; write it as group/"
            + number);
  }

  private JobRef onlyJob() {
    if (jobs.size() != 1) {
      throw new IllegalArgumentException(
          "a job instance id alone is enough only where exactly one job is configured; give job id"
              + " and job instance id");
    }
    List<String> job = jobs.get(0);
    return new JobRef(id(), region(), List.of(namespace(), job.get(0), job.get(1)));
  }

  private String namespace() {
    return settings
        .namespace()
        .orElseThrow(
            () ->
                new ConfigException(
                    "namespace is missing; set namespace to the id on the Namespace page of the"
                        + " SchedulerX console"));
  }

  private String region() {
    if (settings.regions().size() > 1) {
      throw new IllegalArgumentException(
          "several regions are configured; give the whole reference, "
              + id().value()
              + ":REGION:NAMESPACE/GROUP/JOB or …/JOB/INSTANCE");
    }
    return settings.regions().get(0);
  }

  private static ConfigException noGroup() {
    return new ConfigException(
        "group is missing; set group to the application id on the Application Management page of"
            + " the SchedulerX console, or write jobs as group/id");
  }
}
