package io.joblens.testkit;

import static java.util.Objects.requireNonNull;

import io.joblens.AsyncJobClient;
import io.joblens.CheckUp;
import io.joblens.FoundJobs;
import io.joblens.FoundRuns;
import io.joblens.Job;
import io.joblens.JobClient;
import io.joblens.JobClientBuilder;
import io.joblens.JobPage;
import io.joblens.JobQuery;
import io.joblens.JobRef;
import io.joblens.JobRun;
import io.joblens.JobServiceException;
import io.joblens.JobState;
import io.joblens.PageToken;
import io.joblens.ProviderId;
import io.joblens.QueryPlan;
import io.joblens.RawRequest;
import io.joblens.RawResponse;
import io.joblens.RunDetail;
import io.joblens.RunListing;
import io.joblens.RunRef;
import io.joblens.TaskCounts;
import io.joblens.Trigger;
import io.joblens.Waiter;
import io.joblens.spi.Credentials;
import io.joblens.spi.CredentialsProvider;
import io.joblens.spi.HttpTransport;
import io.joblens.spi.JobProvider;
import io.joblens.spi.TimeSource;
import io.joblens.spi.TransportFailure;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A client whose cloud is in memory: no socket, no vendor, no real time. Paging, filters, waiting,
 * retries and page tokens are those of every client; only what the vendor says is scripted.
 *
 * <pre>{@code
 * FakeJobClient client =
 *     FakeJobClient.builder()
 *         .add(
 *             FakeJobClient.run("r1")
 *                 .job("nightly")
 *                 .at(Duration.ZERO, JobState.QUEUED)
 *                 .at(Duration.ofMinutes(5), JobState.RUNNING)
 *                 .at(Duration.ofMinutes(12), JobState.SUCCEEDED))
 *         .build();
 * JobRun done = client.waiter().until(client.runRef("r1"), Duration.ofMinutes(30)); // at once
 * }</pre>
 *
 * <p>Unless another clock is given, time stands still but for waits, which are over as soon as they
 * begin and move the clock. Thread-safe.
 */
public final class FakeJobClient implements JobClient {
  /** The job of runs that were given none. */
  public static final String NO_JOB = "job";

  private final JobClient client;
  private final MemoryTransport transport;
  private final World world;

  private FakeJobClient(JobClient client, MemoryTransport transport, World world) {
    this.client = client;
    this.transport = transport;
    this.world = world;
  }

  /** Starts a client. */
  public static Builder builder() {
    return new Builder();
  }

  /** Starts the script of a run. */
  public static RunScript run(String id) {
    return new RunScript(id);
  }

  static boolean isEnd(JobState state) {
    return switch (state) {
      case SUCCEEDED, FAILED, CANCELLED, REJECTED, SKIPPED -> true;
      default -> false;
    };
  }

  /** Returns how many requests were sent, those that failed included. */
  public int requests() {
    return transport.requests();
  }

  /** Returns the clock. */
  public TimeSource time() {
    return world.time();
  }

  /** Adds a run, replacing one with the same id; its times count from the client's making. */
  public void add(RunScript run) {
    world.add(run.build());
  }

  /** Takes a run away, as a vendor's retention does. */
  public void remove(String runId) {
    world.remove(runId);
  }

  /** Answers the next request with an error. Some kinds are tried again, as with every client. */
  public void failNext(JobServiceException.Kind kind) {
    transport.failNext(kind, null, null);
  }

  /** Answers the next request with an error that asks to wait. */
  public void failNext(JobServiceException.Kind kind, Duration retryAfter) {
    transport.failNext(kind, retryAfter, null);
  }

  /** Gives the next request no answer. */
  public void failNext(TransportFailure.Kind kind) {
    transport.failNext(null, null, kind);
  }

  /** Answers every request from now on with an error, until {@link #recover()}. */
  public void failAlways(JobServiceException.Kind kind) {
    transport.failAlways(kind, null);
  }

  /** Gives every request from now on no answer, until {@link #recover()}. */
  public void failAlways(TransportFailure.Kind kind) {
    transport.failAlways(null, kind);
  }

  /** Ends all failures. */
  public void recover() {
    transport.recover();
  }

  @Override
  public String name() {
    return client.name();
  }

  @Override
  public String account() {
    return client.account();
  }

  @Override
  public ProviderId provider() {
    return client.provider();
  }

  @Override
  public JobPage listRuns(JobQuery query) {
    return client.listRuns(query);
  }

  @Override
  public JobPage listRuns(JobQuery query, PageToken token) {
    return client.listRuns(query, token);
  }

  @Override
  public RunListing listAllRuns(JobQuery query) {
    return client.listAllRuns(query);
  }

  @Override
  public RunListing listAllRuns(JobQuery query, PageToken token) {
    return client.listAllRuns(query, token);
  }

  @Override
  public JobRun getRun(RunRef ref) {
    return client.getRun(ref);
  }

  @Override
  public FoundRuns getRuns(Collection<RunRef> refs) {
    return client.getRuns(refs);
  }

  @Override
  public Job getJob(JobRef ref) {
    return client.getJob(ref);
  }

  @Override
  public RunDetail diagnose(RunRef ref) {
    return client.diagnose(ref);
  }

  @Override
  public FoundJobs listJobs(JobQuery query) {
    return client.listJobs(query);
  }

  @Override
  public QueryPlan plan(JobQuery query) {
    return client.plan(query);
  }

  @Override
  public CheckUp checkUp(Set<String> spared) {
    return client.checkUp(spared);
  }

  @Override
  public RunRef runRef(String... ids) {
    return client.runRef(ids);
  }

  @Override
  public JobRef jobRef(String... ids) {
    return client.jobRef(ids);
  }

  @Override
  public Waiter waiter() {
    return client.waiter();
  }

  @Override
  public AsyncJobClient async() {
    return client.async();
  }

  @Override
  public RawResponse sendRaw(RawRequest request) {
    return client.sendRaw(request);
  }

  @Override
  public void close() {
    client.close();
  }

  @Override
  public String toString() {
    return "FakeJobClient[" + name() + "]";
  }

  /**
   * What a run is, and in which state it is when. Times count from the making of the client. Not
   * thread-safe.
   */
  public static final class RunScript {
    private final FakeRun.Builder run;
    private boolean started;
    private boolean placed;

    private RunScript(String id) {
      run = FakeRun.builder(id).job(NO_JOB).trigger(Trigger.UNKNOWN.name());
    }

    /** Sets its job. */
    public RunScript job(String id) {
      run.job(id);
      return this;
    }

    /** Sets its region; without it the run is in every region of the client. */
    public RunScript region(String value) {
      run.region(value);
      return this;
    }

    /** Sets its name. */
    public RunScript name(String value) {
      run.name(value);
      return this;
    }

    /**
     * Puts the run into the state from then on; states are given in the order of time. It appears
     * with its first state, starts to execute with its first RUNNING, and ends with its last state
     * that ends a run.
     */
    public RunScript at(Duration time, JobState state) {
      placed = true;
      if (isEnd(state)) {
        run.ends(time, state.name());
      } else if (state == JobState.RUNNING && !started) {
        started = true;
        run.starts(time, state.name());
      } else {
        run.at(time, state.name());
      }
      return this;
    }

    /** Sets what the vendor says about it once it has ended. */
    public RunScript message(String value) {
      run.message(value);
      return this;
    }

    /** Sets what caused it. */
    public RunScript trigger(Trigger value) {
      run.trigger(value.name());
      return this;
    }

    /** Sets the task counts. */
    public RunScript tasks(TaskCounts value) {
      run.tasks(value);
      return this;
    }

    /** Adds a tag. */
    public RunScript tag(String key, String value) {
      run.tag(key, value);
      return this;
    }

    /** Sets when it is due. */
    public RunScript scheduled(Duration time) {
      run.scheduled(time);
      return this;
    }

    /** Sets the business time it works for. */
    public RunScript data(Duration time) {
      run.data(time);
      return this;
    }

    /** Adds what shall be among {@link JobRun#attributes()}. */
    public RunScript attribute(String key, @Nullable Object value) {
      run.field(key, value);
      return this;
    }

    private FakeRun build() {
      if (!placed) {
        run.at(Duration.ZERO, JobState.QUEUED.name());
        placed = true;
      }
      return run.build();
    }
  }

  /** Builds a {@link FakeJobClient}. */
  public static final class Builder extends JobClientBuilder<Builder> {
    private final List<FakeRun> runs = new ArrayList<>();
    private final List<FakeJob> jobs = new ArrayList<>();
    private TimeSource time = ManualTime.autoAdvancing(Instant.parse("2026-01-01T00:00:00Z"));
    private ProviderId provider = new ProviderId("fake");
    private int maxPage = 100;
    private @Nullable World world;

    private Builder() {
      limiter(Unlimited.INSTANCE);
    }

    /** Adds a run, in the order in which runs are listed. Without a state it is QUEUED for ever. */
    public Builder add(RunScript run) {
      runs.add(run.build());
      return this;
    }

    /** Adds a job. */
    public Builder add(FakeJob job) {
      jobs.add(requireNonNull(job, "job"));
      return this;
    }

    /** Pretends to be another kind of service. */
    public Builder provider(ProviderId value) {
      provider = requireNonNull(value, "provider");
      return this;
    }

    /** Sets the largest page that the cloud gives; 100 unless set. */
    public Builder maxPage(int rows) {
      if (rows < 1) {
        throw new IllegalArgumentException("largest page is " + rows + "; it must be at least 1");
      }
      maxPage = rows;
      return this;
    }

    /** Uses this clock; an auto-advancing {@link ManualTime} unless set. */
    @Override
    public Builder time(TimeSource value) {
      time = requireNonNull(value, "time");
      return this;
    }

    /** Refuses: the transport of this client is its memory. */
    @Override
    public Builder transport(HttpTransport value) {
      throw new UnsupportedOperationException("a fake client sends nothing");
    }

    @Override
    protected JobProvider provider() {
      return new FakeProvider(
          provider, regions().isEmpty() ? List.of("local") : regions(), maxPage, world());
    }

    @Override
    protected CredentialsProvider defaultCredentials() {
      return CredentialsProvider.of(Credentials.accessKey("fake", "fake"));
    }

    @Override
    public FakeJobClient build() {
      world = new World(time);
      runs.forEach(world::add);
      jobs.forEach(world::add);
      MemoryTransport transport = new MemoryTransport(world);
      super.time(time);
      super.transport(transport);
      return new FakeJobClient(super.build(), transport, world);
    }

    private World world() {
      return requireNonNull(world, "provider() is called by build()");
    }
  }
}
