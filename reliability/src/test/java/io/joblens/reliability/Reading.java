package io.joblens.reliability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.joblens.Job;
import io.joblens.JobClientBuilder;
import io.joblens.JobException;
import io.joblens.JobQuery;
import io.joblens.JobRef;
import io.joblens.JobRun;
import io.joblens.JobServiceException;
import io.joblens.ProviderId;
import io.joblens.RunDetail;
import io.joblens.RunRef;
import io.joblens.TaskCounts;
import io.joblens.alibaba.sae.AlibabaSae;
import io.joblens.alibaba.schedulerx.AlibabaSchedulerx;
import io.joblens.huawei.HuaweiIam;
import io.joblens.huawei.workspace.HuaweiWorkspace;
import io.joblens.reliability.StrictJson.Value;
import io.joblens.spi.Call;
import io.joblens.spi.Credentials;
import io.joblens.spi.JobProvider;
import io.joblens.spi.Jobs;
import io.joblens.spi.Scope;
import io.joblens.spi.Scopes;
import io.joblens.spi.ServiceError;
import io.joblens.spi.Slice;
import io.joblens.spi.Step;
import io.joblens.spi.WireDataException;
import io.joblens.spi.WireResponse;
import io.joblens.tencent.batch.TencentBatch;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * One way in which a provider reads answers, driven as core drives it but without time, retries and
 * I/O. It must come to a sensible value, to the vendor's error or to an error in the answer.
 *
 * @param rows where the rows stand in the answers of {@code action}
 * @param count where an answer without rows says that there are none
 */
record Reading(
    String name,
    JobProvider provider,
    Supplier<Step<?>> step,
    String action,
    List<String> rows,
    List<String> count) {

  /** How a reading ended. */
  enum End {
    VALUE,
    REFUSED,
    UNREADABLE
  }

  /** An answer with a status of success. */
  private record Taken(Call call, WireResponse response) {}

  private static final String PROJECT = "0123456789abcdef0123456789abcdef";
  private static final String TASK = "62f48b59-0ebb-4b1e-ad35-f64948a0591b";
  private static final String NAMESPACE = "adcfc35d-e2fe-4fe9-bbaa-20e90ffc0000";
  private static final String GROUP = "testSchedulerx.defaultGroup";

  /** Far more than the answers describe; what goes on is endless. */
  private static final int MOST_CALLS = 1_000;

  private static final JobProvider SAE =
      provider(AlibabaSae.builder().region("cn-hangzhou").job("app-1"));
  private static final JobProvider SAE_FOR_ALL =
      provider(AlibabaSae.builder().region("cn-hangzhou"));
  private static final JobProvider SCHEDULERX =
      provider(AlibabaSchedulerx.builder().region("cn-hangzhou").namespace(NAMESPACE).group(GROUP));
  private static final JobProvider SCHEDULERX_FOR_ALL =
      provider(AlibabaSchedulerx.builder().region("cn-hangzhou"));
  private static final JobProvider BATCH = provider(TencentBatch.builder().region("ap-guangzhou"));
  private static final JobProvider WORKSPACE =
      provider(HuaweiWorkspace.builder().region("cn-north-4").projectId(PROJECT));
  private static final JobProvider WORKSPACE_TO_FIND =
      provider(HuaweiWorkspace.builder().region("cn-north-4"));

  /** Returns all of them, for the four providers. */
  static List<Reading> all() {
    List<Reading> all = new ArrayList<>();
    all.addAll(sae());
    all.addAll(schedulerx());
    all.addAll(batch());
    all.addAll(workspace());
    return all;
  }

  private static List<Reading> sae() {
    Scope job = new Scope("cn-hangzhou", List.of("app-1"), "");
    Scope region = new Scope("cn-hangzhou", List.of(), "");
    RunRef run = new RunRef(AlibabaSae.ID, "cn-hangzhou", List.of("app-1", "manual-1"));
    List<String> data = List.of("Data");
    List<String> none = List.of("Data", "TotalSize");
    List<String> jobs = List.of("Data", "Applications");
    return List.of(
        new Reading(
            "SAE runs",
            SAE,
            () -> SAE.runs(job, JobQuery.ALL, 0, 100),
            "DescribeJobHistory",
            List.of("Data", "Jobs"),
            none),
        new Reading("SAE get", SAE, () -> SAE.get(List.of(run)), "DescribeJobStatus", data, data),
        new Reading("SAE diagnose", SAE, () -> SAE.diagnose(run), "DescribeJobStatus", data, data),
        new Reading("SAE job", SAE, () -> SAE.job(run.job()), "DescribeJob", data, data),
        new Reading(
            "SAE jobs",
            SAE,
            () -> SAE.jobs(region, JobQuery.ALL, Optional.empty()),
            "ListJobs",
            jobs,
            none),
        new Reading(
            "SAE scopes",
            SAE_FOR_ALL,
            () -> SAE_FOR_ALL.scopes(JobQuery.ALL, Optional.empty()),
            "ListJobs",
            jobs,
            none));
  }

  private static List<Reading> schedulerx() {
    Scope group = new Scope("cn-hangzhou", List.of(NAMESPACE, GROUP), "");
    RunRef run =
        new RunRef(
            AlibabaSchedulerx.ID, "cn-hangzhou", List.of(NAMESPACE, GROUP, "92583", "11111111"));
    List<String> one = List.of("Data", "JobInstanceDetail");
    List<String> jobs = List.of("Data", "Jobs");
    return List.of(
        new Reading(
            "SchedulerX runs",
            SCHEDULERX,
            () -> SCHEDULERX.runs(group, JobQuery.ALL, 0, 100),
            "GetJobInstanceList",
            List.of("Data", "JobInstanceDetails"),
            List.of()),
        new Reading(
            "SchedulerX get",
            SCHEDULERX,
            () -> SCHEDULERX.get(List.of(run)),
            "GetJobInstance",
            one,
            one),
        new Reading(
            "SchedulerX diagnose",
            SCHEDULERX,
            () -> SCHEDULERX.diagnose(run),
            "GetJobInstance",
            one,
            one),
        new Reading(
            "SchedulerX job",
            SCHEDULERX,
            () -> SCHEDULERX.job(run.job()),
            "GetJobInfo",
            List.of("Data", "JobConfigInfo"),
            List.of()),
        new Reading(
            "SchedulerX jobs",
            SCHEDULERX,
            () -> SCHEDULERX.jobs(group, JobQuery.ALL, Optional.empty()),
            "ListJobs",
            jobs,
            List.of("Data", "Total")),
        new Reading(
            "SchedulerX scopes",
            SCHEDULERX_FOR_ALL,
            () -> SCHEDULERX_FOR_ALL.scopes(JobQuery.ALL, Optional.empty()),
            "ListNamespaces",
            List.of("Data", "Namespaces"),
            List.of()));
  }

  private static List<Reading> batch() {
    Scope region = new Scope("ap-guangzhou", List.of(), "");
    RunRef run = new RunRef(TencentBatch.ID, "ap-guangzhou", List.of("job-97zcl3wt"));
    JobRef job = new JobRef(TencentBatch.ID, "ap-guangzhou", List.of("job-97zcl3wt"));
    List<String> rows = List.of("Response", "JobSet");
    return List.of(
        new Reading(
            "Batch runs",
            BATCH,
            () -> BATCH.runs(region, JobQuery.ALL, 0, 100),
            "DescribeJobs",
            rows,
            List.of()),
        new Reading(
            "Batch get", BATCH, () -> BATCH.get(List.of(run)), "DescribeJobs", rows, List.of()),
        new Reading("Batch job", BATCH, () -> BATCH.job(job), "DescribeJobs", rows, List.of()),
        new Reading(
            "Batch diagnose",
            BATCH,
            () -> BATCH.diagnose(run),
            "DescribeJob",
            List.of("Response"),
            List.of()));
  }

  private static List<Reading> workspace() {
    Scope project = new Scope("cn-north-4", List.of(PROJECT), "");
    Scope task = new Scope("cn-north-4", List.of(PROJECT, TASK), "");
    ProviderId id = HuaweiWorkspace.ID;
    RunRef run = new RunRef(id, "cn-north-4", List.of(PROJECT, TASK, "rec"));
    List<String> rows = List.of("items");
    List<String> none = List.of("count");
    HuaweiIam iam = new HuaweiIam(Optional.empty());
    return List.of(
        new Reading(
            "Workspace runs",
            WORKSPACE,
            () -> WORKSPACE.runs(task, JobQuery.ALL, 0, 100),
            "ListTaskExecuteHistory",
            rows,
            none),
        new Reading(
            "Workspace get",
            WORKSPACE,
            () -> WORKSPACE.get(List.of(run)),
            "ListTaskExecuteHistory",
            rows,
            none),
        new Reading(
            "Workspace diagnose",
            WORKSPACE,
            () -> WORKSPACE.diagnose(run),
            "ListTaskExecuteHistory",
            rows,
            none),
        new Reading(
            "Workspace job",
            WORKSPACE,
            () -> WORKSPACE.job(run.job()),
            "ShowScheduleTask",
            List.of(),
            List.of()),
        new Reading(
            "Workspace jobs",
            WORKSPACE,
            () -> WORKSPACE.jobs(project, JobQuery.ALL, Optional.empty()),
            "ListScheduleTasks",
            rows,
            none),
        new Reading(
            "Workspace scopes",
            WORKSPACE,
            () -> WORKSPACE.scopes(JobQuery.ALL, Optional.empty()),
            "ListScheduleTasks",
            rows,
            none),
        new Reading(
            "IAM projects",
            WORKSPACE_TO_FIND,
            WORKSPACE_TO_FIND::connect,
            "KeystoneListProjects",
            List.of("projects"),
            List.of()),
        new Reading(
            "IAM token",
            WORKSPACE,
            iam.password("domain", "user", "password", "cn-north-4", Optional.of(PROJECT))::resolve,
            "KeystoneCreateUserTokenByPassword",
            List.of(),
            List.of()));
  }

  /** Returns the operations that it asks for, if all goes well. */
  List<String> actions() {
    return switch (name) {
      case "SchedulerX runs" -> List.of(action, "ListJobs");
      case "SchedulerX diagnose" -> List.of(action, "GetLog");
      case "SchedulerX scopes" -> List.of(action, "ListGroups");
      case "Batch diagnose" -> List.of(action, "DescribeTask", "DescribeTaskLogs");
      case "Workspace diagnose" -> List.of(action, "ListTaskExecuteDetail");
      default -> List.of(action);
    };
  }

  /** The method is for builders and clients; nobody else makes a provider without a client. */
  private static JobProvider provider(JobClientBuilder<?> builder) {
    try {
      Method provider = JobClientBuilder.class.getDeclaredMethod("provider");
      provider.setAccessible(true);
      return (JobProvider) provider.invoke(builder.environment(Map.of()));
    } catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException e) {
      throw new LinkageError("no provider", e);
    }
  }

  /** Reads these answers; throws an AssertionError, or whatever else it is, if that goes wrong. */
  End run(Function<Call, WireResponse> answers) {
    List<Taken> taken = new ArrayList<>();
    Step<?> now = step.get();
    try {
      for (int calls = 0; now instanceof Step.Ask<?> ask; calls++) {
        if (calls > MOST_CALLS) {
          fail("asks for call after call without end");
        }
        Optional<? extends Step<?>> next = next(ask, answers, taken);
        if (next.isEmpty()) {
          return End.REFUSED;
        }
        now = next.get();
      }
    } catch (WireDataException | JobException e) {
      assertThat(e.getMessage()).isNotBlank();
      return End.UNREADABLE;
    }
    if (now instanceof Step.Done<?> done) {
      check(done.value(), taken);
      return End.VALUE;
    }
    requireSense(((Step.Failed<?>) now).error());
    return End.REFUSED;
  }

  private <T> Optional<Step<T>> next(
      Step.Ask<T> ask, Function<Call, WireResponse> answers, List<Taken> taken) {
    WireResponse response = answers.apply(ask.call());
    taken.add(new Taken(ask.call(), response));
    if (response.isSuccessful()) {
      try {
        return Optional.of(ask.then().apply(response));
      } catch (IllegalArgumentException e) {
        // core says of this that an id in the answer is none; nothing else may look like it
        assertThat(e.getClass()).isEqualTo(IllegalArgumentException.class);
        throw new WireDataException("an id", String.valueOf(e.getMessage()));
      }
    }
    ServiceError error = provider.error(ask.call(), response).orElseThrow();
    requireSense(error);
    return ask.recover().apply(error).or(() -> ask.without().apply(new JobServiceException(error)));
  }

  private static void requireSense(ServiceError error) {
    assertThat(error.kind()).isNotNull();
    assertThat(error.toString()).isNotBlank();
    error.retryAfter().ifPresent(wait -> assertThat(wait).isGreaterThanOrEqualTo(Duration.ZERO));
    error.message().ifPresent(text -> assertThat(text.length()).isLessThanOrEqualTo(501));
  }

  private void check(Object value, List<Taken> taken) {
    int found = requireSense(value);
    for (Taken answer : taken) {
      Optional<Value> tree = StrictJson.read(answer.response().body());
      boolean isRows = answer.call().action().equals(action);
      String problem =
          tree.isEmpty() ? "is no JSON" : isRows ? problem(value, found, tree.get()) : "";
      if (!problem.isEmpty()) {
        // good all the same if the vendor says that something was wrong
        Optional<ServiceError> error = provider.error(answer.call(), answer.response());
        assertThat(error).as(action + " " + problem).isPresent();
        requireSense(error.orElseThrow());
      }
    }
  }

  /** Returns what is wrong with so many rows of this answer; empty when nothing is. */
  private String problem(Object value, int found, Value answer) {
    Optional<Value> list = answer.at(rows).filter(Value::isArray);
    if (list.isPresent()) {
      int there = list.get().items().size();
      boolean isWhole = value instanceof Slice || value instanceof Jobs;
      return (isWhole ? found != there : there == 0 && found > 0)
          ? "has " + there + " rows, and " + found + " were read"
          : "";
    }
    if (found > 0) {
      return "";
    }
    Optional<Value> none = answer.at(count);
    return none.isPresent() && (rows.equals(count) || none.get().isZero())
        ? ""
        : "has no rows and does not say that there are none";
  }

  /** Returns how many rows there are; fails if one of them makes no sense. */
  private static int requireSense(Object value) {
    if (value instanceof Slice slice) {
      slice.rows().forEach(Reading::requireSense);
      return slice.rows().size();
    }
    if (value instanceof List<?> rows) {
      rows.forEach(row -> requireSense((JobRun.Builder) row));
      return rows.size();
    }
    if (value instanceof Jobs jobs) {
      jobs.rows().forEach(Reading::requireSense);
      return jobs.rows().size();
    }
    if (value instanceof Scopes scopes) {
      scopes.scopes().forEach(scope -> assertThat(scope.toString()).isNotBlank());
      return scopes.scopes().size() + scopes.skipped().size();
    }
    if (value instanceof Job.Builder job) {
      requireSense(job);
    } else if (value instanceof RunDetail.Builder detail) {
      RunDetail built = detail.build(requireSense(detail.run()));
      requireJson(built.toJson());
    } else if (value instanceof Credentials credentials) {
      assertThat(credentials.toString()).contains("***");
    } else if (!(value instanceof JobProvider)) {
      fail("a " + value.getClass());
    }
    return 1;
  }

  private static JobRun requireSense(JobRun.Builder builder) {
    JobRun run = builder.build();
    assertThat(run.ref().toString()).isNotBlank();
    assertThat(run.state()).isNotNull();
    TaskCounts tasks = run.tasks();
    for (OptionalLong count :
        List.of(
            tasks.total(), tasks.pending(), tasks.running(), tasks.succeeded(), tasks.failed())) {
      assertThat(count.orElse(0)).as("a count of tasks").isNotNegative();
    }
    requireJson(run.toJson());
    return run;
  }

  private static void requireSense(Job.Builder builder) {
    Job job = builder.build();
    assertThat(job.ref().toString()).isNotBlank();
    assertThat(job.retries().orElse(0)).isNotNegative();
    job.timeout().ifPresent(time -> assertThat(time).isGreaterThanOrEqualTo(Duration.ZERO));
    requireJson(job.toJson());
    job.raw().ifPresent(raw -> requireJson(raw.json()));
  }

  private static void requireJson(String json) {
    assertThat(StrictJson.read(json)).as("a row's JSON is JSON").isPresent();
  }

  @Override
  public String toString() {
    return name;
  }
}
