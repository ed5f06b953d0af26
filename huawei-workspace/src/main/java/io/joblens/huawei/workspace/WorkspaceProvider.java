package io.joblens.huawei.workspace;

import io.joblens.ConfigException;
import io.joblens.Filter;
import io.joblens.Job;
import io.joblens.JobQuery;
import io.joblens.JobRef;
import io.joblens.JobRun;
import io.joblens.JobServiceException.Kind;
import io.joblens.ProviderId;
import io.joblens.RawRequest;
import io.joblens.RunDetail;
import io.joblens.RunRef;
import io.joblens.huawei.SdkHmacSigner;
import io.joblens.spi.Call;
import io.joblens.spi.Capabilities;
import io.joblens.spi.JobProvider;
import io.joblens.spi.Jobs;
import io.joblens.spi.KnownPaths;
import io.joblens.spi.Masking;
import io.joblens.spi.Probe;
import io.joblens.spi.Scope;
import io.joblens.spi.Scopes;
import io.joblens.spi.ServiceError;
import io.joblens.spi.Signer;
import io.joblens.spi.Slice;
import io.joblens.spi.Step;
import io.joblens.spi.WireDataException;
import io.joblens.spi.WireResponse;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Huawei Cloud Workspace as configured. */
final class WorkspaceProvider implements JobProvider {
  /** A project and the one region it belongs to. */
  record Project(String region, String id) {
    Project {
      WorkspaceRequests.requirePathId("project id", id);
    }
  }

  private static final List<String> NAMES = List.of("project id", "task id", "record id");

  /** "The value ranges from 1 to 100": the API's page, parameter limit. */
  static final int MAX_PAGE = 100;

  /** A task that runs every minute fills this in a week; reading on for one record helps nobody. */
  private static final int MAX_RECORDS = 10_000;

  /** An id that no task has, to try an operation with. */
  private static final String NOBODY = "00000000-0000-0000-0000-000000000000";

  private final List<Project> projects;
  private final List<String> jobs;
  private final KnownPaths known;
  private final WorkspaceRequests requests;
  private final Supplier<Step<List<Project>>> lookUp;
  private final Signer signer = new SdkHmacSigner();

  /**
   * @param projects none as long as they are to be looked up
   * @param jobs tasks to list, as {@code task-id} or {@code project-id/task-id}
   * @param lookUp finds the projects, at least one
   * @throws IllegalArgumentException when a job is neither
   */
  WorkspaceProvider(
      List<Project> projects,
      List<String> jobs,
      WorkspaceRequests requests,
      Supplier<Step<List<Project>>> lookUp) {
    this.projects = List.copyOf(projects);
    this.jobs = List.copyOf(jobs);
    this.requests = requests;
    this.lookUp = lookUp;
    List<List<String>> paths = new ArrayList<>();
    projects.forEach(project -> paths.add(List.of(project.id())));
    if (!projects.isEmpty()) {
      KnownPaths inProjects = known(paths);
      jobs.forEach(job -> paths.add(jobRef(inProjects, job).segments()));
    }
    this.known = known(paths);
  }

  @Override
  public Step<JobProvider> connect() {
    return projects.isEmpty() ? lookUp.get().map(this::in) : Step.done(this);
  }

  private JobProvider in(List<Project> found) {
    try {
      return new WorkspaceProvider(found, jobs, requests, lookUp);
    } catch (IllegalArgumentException e) {
      throw new ConfigException("job: " + e.getMessage());
    }
  }

  @Override
  public ProviderId id() {
    return HuaweiWorkspace.ID;
  }

  @Override
  public Capabilities capabilities(JobQuery query) {
    return capabilitiesFor(query);
  }

  /**
   * The vendor selects by task and nothing else, and its rows carry neither names nor tags. Names
   * are joined from the list of tasks, but not to runs that are read one by one.
   */
  static Capabilities capabilitiesFor(JobQuery query) {
    boolean byIds = !query.runs().isEmpty();
    Filter pushed = byIds ? Filter.RUN_ID : Filter.JOB;
    EnumSet<Filter> local =
        EnumSet.complementOf(EnumSet.of(pushed, Filter.RUN_ID, Filter.NAME, Filter.TAG));
    if (!byIds) {
      local.add(Filter.NAME);
    }
    return new Capabilities(
        EnumSet.of(pushed),
        local,
        Capabilities.Paging.OFFSET,
        MAX_PAGE,
        MAX_PAGE,
        MAX_PAGE,
        WorkspaceStates.TABLE.states(),
        Set.of());
  }

  /** What the tasks of a project are, or why they cannot be read. */
  private record Look(Scope project, List<Job.Builder> tasks, Optional<ServiceError> refused) {}

  @Override
  public Step<Scopes> scopes(JobQuery query, Optional<String> after) {
    List<String> wanted = query.jobs().isEmpty() ? jobs : query.jobs();
    if (!wanted.isEmpty() && wanted.stream().allMatch(this::isPlaced)) {
      Stream<Scope> scopes =
          wanted.stream().map(job -> jobRef(known, job)).map(WorkspaceProvider::scope).distinct();
      return Step.done(Scopes.all(scopes.toList()));
    }
    return Step.each(lists(), this::look)
        .flatMap(
            looks ->
                looks.stream().allMatch(look -> look.refused().isPresent())
                    ? Step.failed(looks.get(0).refused().orElseThrow())
                    : Step.done(found(looks, wanted)));
  }

  /** Tells whether it is known, without asking, which project the task belongs to. */
  private boolean isPlaced(String job) {
    return projects.size() == 1
        || job.indexOf('/') >= 0
        || known.paths().stream().anyMatch(path -> path.size() > 1 && path.get(1).equals(job));
  }

  private Step<Look> look(Scope project) {
    return Jobs.all(this, project, JobQuery.ALL)
        .map(tasks -> new Look(project, tasks, Optional.empty()))
        .recover(
            error ->
                error.kind() == Kind.ACCESS_DENIED || error.kind() == Kind.NOT_FOUND
                    ? Optional.of(Step.done(new Look(project, List.of(), Optional.of(error))))
                    : Optional.empty());
  }

  private Scopes found(List<Look> looks, List<String> wanted) {
    Map<JobRef, String> names = new HashMap<>();
    Set<Scope> scopes = new LinkedHashSet<>(); // a task may move from page to page meanwhile
    Set<String> missing = new LinkedHashSet<>(wanted);
    for (Look look : looks) {
      for (Job.Builder row : look.tasks()) {
        Job task = row.build();
        task.name().ifPresent(name -> names.put(task.ref(), name));
        if (wanted.isEmpty() || missing.remove(task.ref().jobId())) {
          scopes.add(scope(task.ref()));
        }
      }
    }
    // Huawei itself is to say that there is no such task
    for (String job : missing) {
      if (isPlaced(job)) {
        scopes.add(scope(jobRef(known, job)));
      } else {
        lists().forEach(list -> scopes.add(task(list, job)));
      }
    }
    List<Scopes.Skipped> skipped =
        looks.stream()
            .flatMap(
                look -> look.refused().map(e -> new Scopes.Skipped(look.project(), e)).stream())
            .toList();
    return new Scopes(List.copyOf(scopes), Optional.empty(), names, skipped);
  }

  private static Scope scope(JobRef ref) {
    return new Scope(ref.region(), ref.segments(), "");
  }

  private static Scope task(Scope project, String id) {
    return new Scope(project.region(), List.of(project.path().get(0), id), "");
  }

  private List<Scope> lists() {
    return projects.stream()
        .map(project -> new Scope(project.region(), List.of(project.id()), ""))
        .toList();
  }

  @Override
  public Step<Scopes> jobScopes(JobQuery query, Optional<String> after) {
    return Step.done(Scopes.all(lists()));
  }

  @Override
  public Step<Jobs> jobs(Scope scope, JobQuery query, Optional<String> after) {
    long offset = after.map(Long::parseLong).orElse(0L);
    Call call = requests.listScheduleTasks(scope, offset, MAX_PAGE);
    return Step.ask(call, response -> WorkspaceTasks.page(call, scope, offset, response));
  }

  @Override
  public Optional<Scope> jobScope(Scope scope) {
    return Optional.of(new Scope(scope.region(), scope.path().subList(0, 1), ""));
  }

  @Override
  public Step<Slice> runs(Scope scope, JobQuery query, long offset, int limit) {
    return history(scope, offset, limit);
  }

  @Override
  public Step<List<JobRun.Builder>> get(List<RunRef> refs) {
    Map<Scope, Set<String>> byTask = new LinkedHashMap<>();
    for (RunRef ref : refs) {
      known.require(ref);
      Scope task = new Scope(ref.region(), ref.segments().subList(0, 2), "");
      byTask.computeIfAbsent(task, scope -> new HashSet<>()).add(ref.runId());
    }
    return Step.each(
            List.copyOf(byTask.entrySet()),
            entry -> find(entry.getKey(), entry.getValue(), Map.of()).ifFound())
        .map(found -> found.stream().flatMap(Optional::stream).flatMap(List::stream).toList());
  }

  @Override
  public Step<Job.Builder> job(JobRef ref) {
    known.require(ref);
    Call call = requests.showScheduleTask(ref);
    return Step.ask(call, response -> WorkspaceTasks.task(call, ref, response));
  }

  @Override
  public Step<RunDetail.Builder> diagnose(RunRef ref) {
    return get(List.of(ref))
        .flatMap(
            runs ->
                runs.isEmpty()
                    ? Step.failed(
                        ServiceError.of(Kind.NOT_FOUND, 200)
                            .message("the task has no record " + ref.runId())
                            .build())
                    : new WorkspaceDiagnosis(requests, ref).of(runs.get(0)));
  }

  /** ListScheduleTasks says of each project whether it is reached; of the rest one is like all. */
  @Override
  public List<Probe> probes() {
    List<Probe> probes = new ArrayList<>();
    lists()
        .forEach(
            project ->
                probes.add(
                    new Probe(project.region(), requests.listScheduleTasks(project, 0, 1), true)));
    Optional<Scope> named =
        jobs.stream().filter(this::isPlaced).findFirst().map(job -> scope(jobRef(known, job)));
    Scope task = named.orElseGet(() -> task(lists().get(0), NOBODY));
    List<String> path = task.path();
    String region = task.region();
    probes.add(new Probe(region, requests.listTaskExecuteHistory(task, 0, 1), named.isPresent()));
    RunRef none = new RunRef(id(), region, List.of(path.get(0), path.get(1), NOBODY));
    probes.add(Probe.of(region, requests.listTaskExecuteDetail(none, 0, 1)));
    if (jobs.isEmpty()) {
      JobRef job = new JobRef(id(), region, path);
      probes.add(Probe.of(region, requests.showScheduleTask(job)));
    }
    return probes;
  }

  @Override
  public List<List<JobRef>> namedJobs() {
    return jobs.stream()
        .map(
            job ->
                isPlaced(job)
                    ? List.of(jobRef(known, job))
                    : lists().stream()
                        .map(list -> new JobRef(id(), list.region(), task(list, job).path()))
                        .toList())
        .toList();
  }

  @Override
  public boolean isFound(Scope scope) {
    return !known.paths().contains(scope.path());
  }

  @Override
  public List<String> hintsWhenEmpty() {
    String asked =
        projects.stream()
            .map(project -> project.id() + " (" + project.region() + ")")
            .collect(Collectors.joining(", "));
    return List.of(
        "a sub-project's tasks are listed under its own id only; the projects asked were "
            + (asked.isEmpty() ? "none" : asked)
            + ", set project-id to ask others",
        "check the region: a project belongs to one",
        "check the host: some regions answer at appstream.REGION, others at workspace.REGION; set"
            + " endpoint if the console says another than "
            + projects.stream()
                .map(project -> requests.endpoint(project.region()).authority())
                .distinct()
                .collect(Collectors.joining(", ")),
        "only scheduled tasks of cloud applications are here; those of desktops are another API");
  }

  @Override
  public RunRef runRef(List<String> ids) {
    List<String> path = known.run(ids).segments();
    return new RunRef(id(), region(path.get(0)), path);
  }

  @Override
  public JobRef jobRef(List<String> ids) {
    return jobRef(known, ids);
  }

  @Override
  public Call raw(RawRequest request) {
    String region = request.region().orElse(projects.get(0).region());
    return projects.stream()
        .filter(project -> project.region().equals(region))
        .findFirst()
        .map(project -> requests.raw(request, project))
        .orElseThrow(
            () -> new IllegalArgumentException("region is none of the cloud's; give one of them"));
  }

  @Override
  public Optional<ServiceError> error(Call call, WireResponse response) {
    return WorkspaceErrors.ERRORS.in(call, response);
  }

  @Override
  public Signer signer() {
    return signer;
  }

  @Override
  public Masking masking() {
    return WorkspaceResponses.MASKING;
  }

  private Step<Slice> history(Scope task, long offset, int limit) {
    Call call = requests.listTaskExecuteHistory(task, offset, limit);
    return Step.ask(call, response -> WorkspaceResponses.history(call, task, response));
  }

  /** Reads a task's history until the records are found or it ends. */
  private Step<List<JobRun.Builder>> find(
      Scope task, Set<String> recordIds, Map<String, JobRun.Builder> seen) {
    return history(task, seen.size(), MAX_PAGE)
        .flatMap(
            slice -> {
              // a copy, because an answer may be read again after a failed attempt
              Map<String, JobRun.Builder> all = new LinkedHashMap<>(seen);
              slice.rows().forEach(row -> all.putIfAbsent(row.ref().runId(), row));
              boolean isLast =
                  WorkspaceResponses.isLast(slice.rows().size(), slice.claimedTotal(), all.size());
              if (isLast || all.keySet().containsAll(recordIds)) {
                all.keySet().retainAll(recordIds);
                return Step.done(new ArrayList<>(all.values()));
              }
              if (all.size() == seen.size() || all.size() >= MAX_RECORDS) {
                throw new WireDataException(
                    "/items", "repeats itself, or goes on after " + MAX_RECORDS + " records");
              }
              return find(task, recordIds, all);
            });
  }

  private JobRef jobRef(KnownPaths paths, String text) {
    return jobRef(paths, List.of(text.split("/", -1)));
  }

  private JobRef jobRef(KnownPaths paths, List<String> ids) {
    List<String> path = paths.jobPath(ids);
    return new JobRef(id(), region(path.get(0)), path);
  }

  /** Knows ids only: the region follows from the project. */
  private KnownPaths known(List<List<String>> paths) {
    return new KnownPaths(
        id(), projects.stream().map(Project::region).limit(1).toList(), NAMES, paths);
  }

  private String region(String projectId) {
    return projects.stream()
        .filter(project -> project.id().equals(projectId))
        .findFirst()
        .map(Project::region)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "project id is none of the configured ones, so its region is not known"));
  }
}
