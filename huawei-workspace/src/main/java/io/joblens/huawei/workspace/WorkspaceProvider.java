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
import io.joblens.RunRef;
import io.joblens.spi.Call;
import io.joblens.spi.Capabilities;
import io.joblens.spi.JobProvider;
import io.joblens.spi.Masking;
import io.joblens.spi.Scope;
import io.joblens.spi.Scopes;
import io.joblens.spi.ServiceError;
import io.joblens.spi.Signer;
import io.joblens.spi.Slice;
import io.joblens.spi.Step;
import io.joblens.spi.Text;
import io.joblens.spi.WireDataException;
import io.joblens.spi.WireResponse;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Huawei Cloud Workspace as configured. */
final class WorkspaceProvider implements JobProvider {
  /** A project and the one region it belongs to. */
  record Project(String region, String id) {}

  // "The value ranges from 1 to 100": the API's page, parameter limit.
  private static final int MAX_PAGE = 100;

  // A task that runs every minute fills this in a week; reading on for one record helps nobody.
  private static final int MAX_HISTORY_PAGES = 100;

  /** What listings can do: the vendor selects by task and nothing else. */
  static final Capabilities LISTING =
      capabilities(
          Set.of(Filter.JOB),
          Set.of(Filter.STATE, Filter.CREATED, Filter.FINISHED, Filter.PROBLEM));

  private static final Capabilities BY_ID =
      capabilities(
          Set.of(Filter.RUN_ID),
          Set.of(Filter.JOB, Filter.STATE, Filter.CREATED, Filter.FINISHED, Filter.PROBLEM));

  private final List<Project> projects;
  private final List<JobRef> jobs;
  private final WorkspaceRequests requests;
  private final Signer signer = new SdkHmacSigner();

  /**
   * @param projects at least one
   * @param jobs tasks to list, as {@code task-id} or {@code project-id/task-id}
   * @throws IllegalArgumentException when a job is neither
   */
  WorkspaceProvider(List<Project> projects, List<String> jobs, WorkspaceRequests requests) {
    this.projects = List.copyOf(projects);
    this.jobs = jobRefs(jobs, List.of());
    this.requests = requests;
  }

  @Override
  public ProviderId id() {
    return HuaweiWorkspace.ID;
  }

  @Override
  public Capabilities capabilities(JobQuery query) {
    return query.runs().isEmpty() ? LISTING : BY_ID;
  }

  @Override
  public Step<Scopes> scopes(JobQuery query, Optional<String> after) {
    List<JobRef> wanted = query.jobs().isEmpty() ? jobs : jobRefs(query.jobs(), jobs);
    if (wanted.isEmpty()) {
      throw new ConfigException(
          "job is missing: Huawei lists the runs of one scheduled task at a time; set job to the id"
              + " that the console shows for the scheduled task, or name it in the query");
    }
    return Step.done(
        Scopes.all(
            wanted.stream()
                .map(ref -> new Scope(ref.region(), ref.segments(), ""))
                .distinct()
                .toList()));
  }

  @Override
  public Step<Slice> runs(Scope scope, JobQuery query, long offset, int limit) {
    return history(scope, offset, limit);
  }

  @Override
  public Step<List<JobRun.Builder>> get(List<RunRef> refs) {
    Map<Scope, Set<String>> byTask = new LinkedHashMap<>();
    for (RunRef ref : refs) {
      if (ref.segments().size() != 3) {
        throw new IllegalArgumentException(
            "a run of huawei-workspace is project id, task id and record id, not " + ref);
      }
      Scope task = new Scope(ref.region(), ref.segments().subList(0, 2), "");
      byTask.computeIfAbsent(task, scope -> new HashSet<>()).add(ref.runId());
    }
    return Step.each(List.copyOf(byTask.entrySet()), e -> find(e.getKey(), e.getValue()))
        .map(found -> found.stream().flatMap(List::stream).toList());
  }

  @Override
  public Step<Job.Builder> job(JobRef ref) {
    if (ref.segments().size() != 2) {
      throw new IllegalArgumentException(
          "a job of huawei-workspace is project id and task id, not " + ref);
    }
    Call call = requests.showScheduleTask(ref);
    return Step.ask(call, response -> WorkspaceResponses.task(call, ref, response));
  }

  @Override
  public RunRef runRef(List<String> ids) {
    if (ids.isEmpty() || ids.size() > 3) {
      throw new IllegalArgumentException(
          "expected a record id, with its task id and project id before it where the configuration"
              + " does not name exactly one, and not "
              + ids.size()
              + " ids");
    }
    JobRef job = ids.size() == 1 ? onlyJob() : jobRef(ids.subList(0, ids.size() - 1));
    String recordId = WorkspaceRequests.requirePathId("record id", ids.get(ids.size() - 1));
    return new RunRef(
        id(), job.region(), List.of(job.segments().get(0), job.segments().get(1), recordId));
  }

  @Override
  public JobRef jobRef(List<String> ids) {
    return jobRef(ids, jobs);
  }

  @Override
  public Call raw(RawRequest request) {
    String region = request.region().orElse(projects.get(0).region());
    Project project =
        projects.stream()
            .filter(p -> p.region().equals(region))
            .findFirst()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "region of the request has no project; give one of the cloud's regions"));
    return requests.raw(request, project);
  }

  @Override
  public Optional<ServiceError> error(Call call, WireResponse response) {
    return WorkspaceErrors.in(call, response);
  }

  @Override
  public Signer signer() {
    return signer;
  }

  @Override
  public Masking masking() {
    return WorkspaceResponses.MASKING;
  }

  private Step<Slice> history(Scope scope, long offset, int limit) {
    Call call = requests.listTaskExecuteHistory(scope, offset, limit);
    return Step.ask(call, response -> WorkspaceResponses.history(call, scope, response));
  }

  /** Reads a task's history until the records are found or it ends; no task, no records. */
  private Step<List<JobRun.Builder>> find(Scope task, Set<String> recordIds) {
    return find(task, recordIds, 0, Map.of())
        .recover(
            error ->
                error.kind() == Kind.NOT_FOUND
                    ? Optional.of(Step.done(List.of()))
                    : Optional.empty());
  }

  private Step<List<JobRun.Builder>> find(
      Scope task, Set<String> recordIds, int page, Map<String, JobRun.Builder> seen) {
    return history(task, (long) page * MAX_PAGE, MAX_PAGE)
        .flatMap(
            slice -> {
              // a copy, because an answer may be read again after a failed attempt
              Map<String, JobRun.Builder> all = new LinkedHashMap<>(seen);
              slice.rows().forEach(row -> all.putIfAbsent(row.ref().runId(), row));
              boolean isLast = slice.rows().size() < MAX_PAGE;
              if (isLast || all.keySet().containsAll(recordIds)) {
                all.keySet().retainAll(recordIds);
                return Step.done(new ArrayList<>(all.values()));
              }
              if (all.size() == seen.size()) {
                throw new WireDataException("/items", "repeats the records before the offset");
              }
              if (page + 1 == MAX_HISTORY_PAGES) {
                throw new WireDataException(
                    "/items", "goes on after " + MAX_HISTORY_PAGES * MAX_PAGE + " records");
              }
              return find(task, recordIds, page + 1, all);
            });
  }

  private List<JobRef> jobRefs(List<String> texts, List<JobRef> known) {
    return texts.stream().map(text -> jobRef(List.of(text.split("/", -1)), known)).toList();
  }

  private JobRef jobRef(List<String> ids, List<JobRef> known) {
    if (ids.isEmpty() || ids.size() > 2) {
      throw new IllegalArgumentException(
          "expected a task id, with its project id before it where several are configured, and not "
              + ids.size()
              + " ids");
    }
    String taskId = WorkspaceRequests.requirePathId("task id", ids.get(ids.size() - 1));
    if (ids.size() == 1) {
      List<JobRef> same = known.stream().filter(job -> job.jobId().equals(taskId)).toList();
      if (same.size() == 1) {
        return same.get(0);
      }
    }
    Project project = ids.size() == 1 ? onlyProject(taskId) : project(ids.get(0));
    return new JobRef(id(), project.region(), List.of(project.id(), taskId));
  }

  private JobRef onlyJob() {
    if (jobs.size() != 1) {
      throw new IllegalArgumentException(
          "a record id alone names a run only where exactly one job is configured; give task id and"
              + " record id");
    }
    return jobs.get(0);
  }

  private Project onlyProject(String taskId) {
    if (projects.size() != 1) {
      throw new IllegalArgumentException(
          "task id alone names a task only where exactly one project is configured; give project-id"
              + " and task id, such as "
              + projects.get(0).id()
              + "/"
              + Text.printable(taskId));
    }
    return projects.get(0);
  }

  private Project project(String projectId) {
    Optional<Project> configured =
        projects.stream().filter(project -> project.id().equals(projectId)).findFirst();
    if (configured.isPresent()) {
      return configured.get();
    }
    if (projects.stream().map(Project::region).distinct().count() > 1) {
      throw new IllegalArgumentException(
          "project id is none of the configured ones, so its region is not known");
    }
    return new Project(
        projects.get(0).region(), WorkspaceRequests.requirePathId("project id", projectId));
  }

  private static Capabilities capabilities(Set<Filter> pushed, Set<Filter> local) {
    return new Capabilities(
        pushed,
        local,
        Capabilities.Paging.OFFSET,
        MAX_PAGE,
        MAX_PAGE,
        MAX_PAGE,
        WorkspaceStates.TABLE.states(),
        Set.of());
  }
}
