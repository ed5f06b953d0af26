package io.joblens.internal;

import io.joblens.AsyncJobClient;
import io.joblens.CheckUp;
import io.joblens.FoundJobs;
import io.joblens.FoundRuns;
import io.joblens.Job;
import io.joblens.JobClient;
import io.joblens.JobException;
import io.joblens.JobPage;
import io.joblens.JobQuery;
import io.joblens.JobRef;
import io.joblens.JobRun;
import io.joblens.JobServiceException.Kind;
import io.joblens.PageToken;
import io.joblens.ProviderId;
import io.joblens.QueryPlan;
import io.joblens.RawJson;
import io.joblens.RawRequest;
import io.joblens.RawResponse;
import io.joblens.RunDetail;
import io.joblens.RunListing;
import io.joblens.RunRef;
import io.joblens.Waiter;
import io.joblens.spi.Call;
import io.joblens.spi.JobProvider;
import io.joblens.spi.JsonReader;
import io.joblens.spi.ServiceError;
import io.joblens.spi.Sha256;
import io.joblens.spi.Step;
import io.joblens.spi.WireResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The one {@link JobClient}: a provider, run by the shell. */
public final class ProviderClient implements JobClient {
  /** Each call has its own limit; all of them together have none unless the query gives one. */
  private static final Duration UNLIMITED = Duration.ofDays(365);

  private final JobProvider provider;
  private final ClientSettings settings;
  private final LazyTransport transport;
  private final Shell shell;
  private final JobNames names;
  private final AsyncJobClient async = new Async();
  private final Object lock = new Object();
  private @Nullable CompletableFuture<JobProvider> connecting;
  private volatile @Nullable JobProvider connected;
  private volatile Costs connectionCosts = new Costs();

  /** Makes a client; opens no connection. */
  public ProviderClient(JobProvider provider, ClientSettings settings) {
    this.provider = provider;
    this.settings = settings;
    this.transport = new LazyTransport(settings);
    this.shell = new Shell(provider, settings, transport::get);
    this.names = new JobNames(settings.time(), settings.aliases());
  }

  @Override
  public String name() {
    return settings.name();
  }

  @Override
  public String account() {
    return settings.account();
  }

  @Override
  public ProviderId provider() {
    return provider.id();
  }

  @Override
  public List<String> regions() {
    return settings.regions();
  }

  @Override
  public JobPage listRuns(JobQuery query) {
    return readPage(begin(query, Position.start()));
  }

  @Override
  public JobPage listRuns(JobQuery query, PageToken token) {
    return readPage(resume(query, token));
  }

  @Override
  public RunListing listAllRuns(JobQuery query) {
    return new LazyListing(() -> begin(query, Position.start()), this::readPage);
  }

  @Override
  public RunListing listAllRuns(JobQuery query, PageToken token) {
    return new LazyListing(() -> resume(query, token), this::readPage);
  }

  @Override
  public JobRun getRun(RunRef ref) {
    return run(() -> one(ref));
  }

  @Override
  public FoundRuns getRuns(Collection<RunRef> refs) {
    return run(() -> found(refs));
  }

  @Override
  public Job getJob(JobRef ref) {
    return run(() -> job(ref));
  }

  @Override
  public RunDetail diagnose(RunRef ref) {
    return run(() -> detail(ref));
  }

  @Override
  public FoundJobs listJobs(JobQuery query) {
    return run(() -> jobs(query), query.deadline().orElse(UNLIMITED));
  }

  @Override
  public QueryPlan plan(JobQuery query) {
    return run(planned(query));
  }

  @Override
  public CheckUp checkUp(Set<String> spared) {
    return new Examination(provider, settings, shell, this::ready, spared).run();
  }

  @Override
  public RawResponse sendRaw(RawRequest request) {
    return run(() -> raw(request));
  }

  @Override
  public RunRef runRef(String... ids) {
    List<String> named = new ArrayList<>(List.of(ids));
    for (int i = 0; i < named.size() - 1; i++) {
      named.set(i, settings.idOf(named.get(i)));
    }
    return ready().runRef(named);
  }

  @Override
  public JobRef jobRef(String... ids) {
    List<String> named = new ArrayList<>(List.of(ids));
    named.replaceAll(settings::idOf);
    return ready().jobRef(named);
  }

  @Override
  public Waiter waiter() {
    return new PollingWaiter(this, settings.time(), shell::pause);
  }

  @Override
  public AsyncJobClient async() {
    return async;
  }

  @Override
  public void close() {
    shell.close();
    transport.close();
  }

  @Override
  public String toString() {
    return settings.name() + " (" + provider.id() + ")";
  }

  private <T> T run(Supplier<Step<T>> step) {
    return run(step, UNLIMITED);
  }

  private <T> T run(Supplier<Step<T>> step, Duration limit) {
    return shell.run(provider, this::connection, step, limit);
  }

  private JobPage readPage(Listing listing) {
    return run(() -> listing.next(connect()), listing.left(settings.time().nanoTime()));
  }

  /** Checks the query before anything is sent. */
  private Listing begin(JobQuery query, Position start) {
    return located(
        () ->
            new Listing(
                settings.name(),
                provider.id(),
                fingerprint(query),
                pager(query),
                start,
                settings.time().nanoTime() + Durations.nanos(query.deadline().orElse(UNLIMITED))));
  }

  private Pager pager(JobQuery query) {
    return new Pager(provider, settings, names, query);
  }

  private Supplier<Step<QueryPlan>> planned(JobQuery query) {
    boolean connects = connected == null;
    return () -> {
      Pager pager = located(() -> pager(query));
      return pager.isHopeless()
          ? pager.plan(new Costs())
          : connect()
              .flatMap(ready -> pager.on(ready).plan(connects ? connectionCosts : new Costs()));
    };
  }

  private Step<FoundJobs> jobs(JobQuery query) {
    JobWalk walk = located(() -> new JobWalk(settings, names, query));
    return connect().flatMap(walk::run);
  }

  private Step<RunDetail> detail(RunRef ref) {
    requireOwn(ref.provider(), ref);
    return connect()
        .flatMap(ready -> ready.diagnose(ref))
        .map(detail -> detail.build(settings.complete(detail.run(), names), shell::masked));
  }

  private Listing resume(JobQuery query, PageToken token) {
    return begin(query, located(() -> Position.parse(token, fingerprint(query))));
  }

  private <T> T located(Supplier<T> work) {
    try {
      return work.get();
    } catch (JobException e) {
      throw e.at(settings.name(), provider.id(), null, 0);
    }
  }

  private JobProvider ready() {
    JobProvider ready = connected;
    return ready == null ? run(this::connect) : ready;
  }

  /** Returns the provider once it is connected; until then a step that connects it. */
  private Step<JobProvider> connect() {
    JobProvider ready = connected;
    return ready == null ? provider.connect() : Step.done(ready);
  }

  /** Connects the provider, once for however many callers. */
  private CompletableFuture<JobProvider> connection() {
    CompletableFuture<JobProvider> mine;
    synchronized (lock) {
      CompletableFuture<JobProvider> begun = connecting;
      if (begun != null && !begun.isCompletedExceptionally()) {
        return begun.copy();
      }
      mine = new CompletableFuture<>();
      connecting = mine;
    }
    Costs costs = new Costs();
    var unused =
        shell
            .runAsync(provider, () -> costs.counted(provider.connect()), UNLIMITED)
            .whenComplete(
                (ready, problem) -> {
                  if (problem == null) {
                    connectionCosts = costs;
                    connected = ready;
                    mine.complete(ready);
                  } else {
                    mine.completeExceptionally(problem);
                  }
                });
    // a copy, so that a caller who gives up does not cancel it for the others
    return mine.copy();
  }

  private Step<FoundRuns> found(Collection<RunRef> refs) {
    List<RunRef> wanted = refs.stream().distinct().toList();
    wanted.forEach(ref -> requireOwn(ref.provider(), ref));
    if (wanted.isEmpty()) {
      return Step.done(new FoundRuns(List.of(), List.of()));
    }
    return connect()
        .flatMap(ready -> ready.get(wanted))
        .map(
            rows -> {
              List<JobRun> runs = rows.stream().map(row -> settings.complete(row, names)).toList();
              List<RunRef> missing = new ArrayList<>(wanted);
              missing.removeAll(runs.stream().map(JobRun::ref).toList());
              return new FoundRuns(runs, missing);
            });
  }

  private Step<JobRun> one(RunRef ref) {
    return found(List.of(ref))
        .flatMap(
            found ->
                found.runs().isEmpty()
                    ? Step.failed(
                        ServiceError.of(Kind.NOT_FOUND, 200)
                            .message("the vendor knows no run " + ref)
                            .hint("check region and id; finished runs may have been deleted")
                            .build())
                    : Step.done(found.runs().get(0)));
  }

  private Step<Job> job(JobRef ref) {
    requireOwn(ref.provider(), ref);
    return connect()
        .flatMap(ready -> ready.job(ref))
        .map(job -> job.cloud(settings.name()).account(settings.account()).build());
  }

  private Step<RawResponse> raw(RawRequest request) {
    return connect()
        .flatMap(
            ready -> {
              Call call = ready.raw(request);
              return Step.ask(call, response -> rawAnswer(call, response));
            });
  }

  private Step<RawResponse> rawAnswer(Call call, WireResponse response) {
    return provider
        .error(call, response)
        .map(Step::<RawResponse>failed)
        .orElseGet(() -> Step.done(new RawResponse(response.status(), rawJson(response))));
  }

  /** Returns the body, checked here: when it is shown it is too late to say where it came from. */
  private RawJson rawJson(WireResponse response) {
    byte[] body = response.body();
    if (response.status() == 204 && body.length == 0) {
      return RawJson.of("null");
    }
    JsonReader.readTree(body);
    return RawJson.slice(body, 0, body.length, provider.masking());
  }

  private void requireOwn(ProviderId other, Object ref) {
    if (!other.equals(provider.id())) {
      throw new IllegalArgumentException(
          ref + " is of " + other + ", and " + settings.name() + " is " + provider.id());
    }
  }

  /**
   * Returns what a token must match: the provider, its regions and all of the query but its size.
   */
  private String fingerprint(JobQuery query) {
    String text =
        List.of(
                provider.id(),
                settings.account(),
                settings.regions(),
                query.jobs(),
                query.runs(),
                query.states(),
                query.problemsOnly(),
                query.name(),
                new TreeMap<>(query.tags()), // the order in which they were given means nothing
                query.since(),
                query.until(),
                query.by(),
                new TreeMap<>(query.extras()))
            .toString();
    return Sha256.hex(text).substring(0, 16);
  }

  /** The same calls without blocking. */
  private final class Async implements AsyncJobClient {
    @Override
    public CompletableFuture<JobPage> listRuns(JobQuery query) {
      return start(
          query.deadline().orElse(UNLIMITED), () -> begin(query, Position.start()).next(connect()));
    }

    @Override
    public CompletableFuture<JobPage> listRuns(JobQuery query, PageToken token) {
      return start(query.deadline().orElse(UNLIMITED), () -> resume(query, token).next(connect()));
    }

    @Override
    public CompletableFuture<JobRun> getRun(RunRef ref) {
      return start(UNLIMITED, () -> one(ref));
    }

    @Override
    public CompletableFuture<FoundRuns> getRuns(Collection<RunRef> refs) {
      return start(UNLIMITED, () -> found(refs));
    }

    @Override
    public CompletableFuture<Job> getJob(JobRef ref) {
      return start(UNLIMITED, () -> job(ref));
    }

    @Override
    public CompletableFuture<RunDetail> diagnose(RunRef ref) {
      return start(UNLIMITED, () -> detail(ref));
    }

    @Override
    public CompletableFuture<FoundJobs> listJobs(JobQuery query) {
      return start(query.deadline().orElse(UNLIMITED), () -> jobs(query));
    }

    @Override
    public CompletableFuture<QueryPlan> plan(JobQuery query) {
      return start(UNLIMITED, planned(query));
    }

    @Override
    public CompletableFuture<RawResponse> sendRaw(RawRequest request) {
      return start(UNLIMITED, () -> raw(request));
    }

    private <T> CompletableFuture<T> start(Duration limit, Supplier<Step<T>> step) {
      return shell.runAsync(provider, ProviderClient.this::connection, step, limit);
    }
  }
}
