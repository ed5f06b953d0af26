package io.joblens.huawei.workspace;

import io.joblens.ConfigException;
import io.joblens.Filter;
import io.joblens.Job;
import io.joblens.JobQuery;
import io.joblens.JobRef;
import io.joblens.JobRun;
import io.joblens.ProviderId;
import io.joblens.RawRequest;
import io.joblens.RunRef;
import io.joblens.huawei.SdkHmacSigner;
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
import io.joblens.spi.WireDataException;
import io.joblens.spi.WireResponse;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
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
  private static final int MAX_PAGE = 100;

  /** A task that runs every minute fills this in a week; reading on for one record helps nobody. */
  private static final int MAX_RECORDS = 10_000;

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

  /** The vendor selects by task and nothing else, and its rows carry neither names nor tags. */
  static Capabilities capabilitiesFor(JobQuery query) {
    Filter pushed = query.runs().isEmpty() ? Filter.JOB : Filter.RUN_ID;
    return new Capabilities(
        EnumSet.of(pushed),
        EnumSet.complementOf(EnumSet.of(pushed, Filter.RUN_ID, Filter.NAME, Filter.TAG)),
        Capabilities.Paging.OFFSET,
        MAX_PAGE,
        MAX_PAGE,
        MAX_PAGE,
        WorkspaceStates.TABLE.states(),
        Set.of());
  }

  @Override
  public Step<Scopes> scopes(JobQuery query, Optional<String> after) {
    List<JobRef> wanted =
        (query.jobs().isEmpty() ? jobs : query.jobs())
            .stream().map(job -> jobRef(known, job)).toList();
    if (wanted.isEmpty()) {
      throw new ConfigException(
          "job is missing; set it to the id that the console shows for a scheduled task, or name it"
              + " in the query: Huawei lists the runs of one task at a time");
    }
    Stream<Scope> scopes =
        wanted.stream().map(ref -> new Scope(ref.region(), ref.segments(), "")).distinct();
    return Step.done(Scopes.all(scopes.toList()));
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
    return Step.ask(call, response -> WorkspaceResponses.task(call, ref, response));
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
              // a short page is not believed against the vendor's own count
              boolean isLast =
                  slice.rows().isEmpty()
                      || (slice.rows().size() < MAX_PAGE
                          && slice.claimedTotal().orElse(0) <= all.size());
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
