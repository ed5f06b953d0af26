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
import java.util.stream.Stream;

/** Huawei Cloud Workspace as configured. */
final class WorkspaceProvider implements JobProvider {
  /** A project and the one region it belongs to. */
  record Project(String region, String id) {
    Project {
      WorkspaceRequests.requirePathId("project id", id);
    }
  }

  /** "The value ranges from 1 to 100": the API's page, parameter limit. */
  private static final int MAX_PAGE = 100;

  /** A task that runs every minute fills this in a week; reading on for one record helps nobody. */
  private static final int MAX_RECORDS = 10_000;

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
    List<JobRef> wanted = query.jobs().isEmpty() ? jobs : jobRefs(query.jobs(), jobs);
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
      requireIds(ref.segments(), 3, "a run is project id, task id and record id");
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
    requireIds(ref.segments(), 2, "a job is project id and task id");
    Call call = requests.showScheduleTask(ref);
    return Step.ask(call, response -> WorkspaceResponses.task(call, ref, response));
  }

  @Override
  public RunRef runRef(List<String> ids) {
    if (ids.isEmpty() || (ids.size() == 1 && jobs.size() != 1)) {
      throw new IllegalArgumentException(
          "expected task id and record id; a record id alone will do where one job is configured");
    }
    String record = WorkspaceRequests.requirePathId("record id", ids.get(ids.size() - 1));
    JobRef job = ids.size() == 1 ? jobs.get(0) : jobRef(ids.subList(0, ids.size() - 1));
    return new RunRef(
        id(), job.region(), List.of(job.segments().get(0), job.segments().get(1), record));
  }

  @Override
  public JobRef jobRef(List<String> ids) {
    return jobRef(ids, jobs);
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
              if (slice.rows().size() < MAX_PAGE || all.keySet().containsAll(recordIds)) {
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

  private List<JobRef> jobRefs(List<String> texts, List<JobRef> known) {
    return texts.stream().map(text -> jobRef(List.of(text.split("/", -1)), known)).toList();
  }

  private JobRef jobRef(List<String> ids, List<JobRef> known) {
    if (ids.isEmpty() || ids.size() > 2) {
      throw new IllegalArgumentException("expected a task id, or project id and task id");
    }
    String taskId = WorkspaceRequests.requirePathId("task id", ids.get(ids.size() - 1));
    boolean alone = ids.size() == 1;
    List<JobRef> same = known.stream().filter(job -> alone && job.jobId().equals(taskId)).toList();
    if (same.size() == 1) {
      return same.get(0);
    }
    List<Project> homes =
        projects.stream().filter(home -> alone || home.id().equals(ids.get(0))).toList();
    if (homes.size() != 1) {
      throw new IllegalArgumentException(
          "give the id of one of the configured projects before the task id, such as project/task");
    }
    return new JobRef(id(), homes.get(0).region(), List.of(homes.get(0).id(), taskId));
  }

  private static void requireIds(List<String> segments, int count, String expected) {
    if (segments.size() != count) {
      throw new IllegalArgumentException(expected + ", and not " + segments.size() + " ids");
    }
  }
}
