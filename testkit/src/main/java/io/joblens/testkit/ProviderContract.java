package io.joblens.testkit;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.joblens.CheckUp;
import io.joblens.Finality;
import io.joblens.FoundJobs;
import io.joblens.FoundRuns;
import io.joblens.Job;
import io.joblens.JobClient;
import io.joblens.JobClientBuilder;
import io.joblens.JobDataException;
import io.joblens.JobException;
import io.joblens.JobPage;
import io.joblens.JobQuery;
import io.joblens.JobRun;
import io.joblens.JobServiceException;
import io.joblens.JobServiceException.Kind;
import io.joblens.JobState;
import io.joblens.JobTransportException;
import io.joblens.PageToken;
import io.joblens.PagingException;
import io.joblens.QueryPlan;
import io.joblens.RawRequest;
import io.joblens.RunDetail;
import io.joblens.RunListing;
import io.joblens.RunRef;
import io.joblens.UnsupportedQueryException;
import io.joblens.spi.Credentials;
import io.joblens.spi.CredentialsProvider;
import io.joblens.spi.HttpTransport;
import io.joblens.spi.HttpTransportFactory;
import io.joblens.spi.Json;
import io.joblens.spi.StateTable;
import io.joblens.spi.Step;
import io.joblens.testkit.FakeCloud.Reply;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;

/**
 * What every provider must do, shown against the fake cloud of its vendor. A provider's test
 * extends this class and says what differs from vendor to vendor; it is done when all of it is
 * green.
 *
 * <p>Time is a {@link ManualTime}, so that retries and waits cost none. A provider that cannot keep
 * a part of the contract says so with the reason in {@link #deviations()}; that part must then
 * fail, and a deviation that is none any more fails instead.
 */
@ExtendWith(ProviderContract.PinnedDeviations.class)
public abstract class ProviderContract {
  /** The access key id that the fake cloud knows. */
  protected static final String KEY_ID = "contract-key-id";

  /** Its secret, which must never be seen anywhere. */
  protected static final String SECRET = "CanarySecret4f1e8a";

  /** The secret of the temporary key. */
  protected static final String TEMPORARY_SECRET = "CanaryTemporary77b2c0";

  /** The token of the temporary key. */
  protected static final String TOKEN = "CanaryToken9d03ee";

  /** A secret in the vendor's answers: put it into the fields of {@link #job()} that hold such. */
  protected static final String CANARY = "CanaryIn5c6dCanaryAnswerCanary";

  private static final String TEMPORARY_ID = "contract-temporary-id";
  private static final String CLOUD = "contract-cloud";
  private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
  private static final String HTML = "<html><body><h1>Bad gateway</h1></body></html>";

  /** Answers with HTTP 200 that are no listing, whatever the vendor. */
  private static final List<String> NO_LISTINGS =
      List.of("", " ", "null", "[]", "{}", "1", "\"text\"", "{\"foo\":1}", "{", HTML, "\u0000");

  /**
   * An error that the vendor documents.
   *
   * @param name what it is called in a failing test
   * @param reply the vendor's answer, with HTTP status, body and headers as documented
   * @param kind what it means
   * @param requestId the id of the request in it, if there is one
   */
  public record ErrorCase(String name, Reply reply, Kind kind, Optional<String> requestId) {}

  /** The clock of cloud and client. */
  protected final ManualTime time = ManualTime.autoAdvancing(START);

  /** What the cloud shows. */
  protected final World world = new World(time);

  @SuppressWarnings("this-escape") // a subclass only makes a transport
  private final HttpTransport transport = transport();

  private final List<FakeCloud> clouds = new ArrayList<>();
  private final List<JobClient> clients = new ArrayList<>();
  private Set<Thread> threadsBefore = Set.of();

  /** For the tests of providers. */
  protected ProviderContract() {}

  /** Returns the vendor's fake cloud. The contract adds keys and closes it. */
  protected abstract FakeCloud cloud(World shown);

  /**
   * Returns a builder that lists the runs of {@link #run}: with region, group, project and jobs, as
   * far as the vendor has them. The contract sets all else.
   */
  protected abstract JobClientBuilder<?> client();

  /** Starts a run that the client of {@link #client()} lists; the contract adds its states. */
  protected abstract FakeRun.Builder run(String id);

  /** Returns what {@link JobClient#runRef} is to be given for a run of {@link #run}. */
  protected abstract List<String> idsOf(String runId);

  /** Returns the provider's state table. */
  protected abstract StateTable states();

  /** Returns errors that the vendor documents; at least one THROTTLED and one AUTHENTICATION. */
  protected abstract List<ErrorCase> errors();

  /** Returns the id of a run by number, for vendors whose ids have a shape. */
  protected String runId(int number) {
    return "run-" + number;
  }

  /** Returns a state word that the vendor does not have, in the form its words have. */
  protected String unknownWord() {
    return "SOMETHING_NEW";
  }

  /** Returns the largest page. */
  protected int maxPage() {
    return 100;
  }

  /** Returns a job with its definition, with {@link #CANARY} where the vendor shows secrets. */
  protected Optional<FakeJob> job() {
    return Optional.empty();
  }

  /** Returns what {@link JobClient#jobRef} is to be given for the job of {@link #job()}. */
  protected List<String> idsOfJob(String jobId) {
    return List.of(jobId);
  }

  /**
   * Returns a builder that names no job and nothing that jobs are in, so that what there is must be
   * found out; null where the vendor has no way to.
   */
  protected @Nullable JobClientBuilder<?> finder() {
    return null;
  }

  /** Returns a job that the client of {@link #finder()} finds, each in a scope of its own. */
  protected FakeJob.Builder jobNumber(int number) {
    throw new UnsupportedOperationException("say which, or leave finder() out");
  }

  /** Starts a run of the job with the number; the contract adds its states. */
  protected FakeRun.Builder runOfJob(int number, String id) {
    throw new UnsupportedOperationException("say which, or leave finder() out");
  }

  /** Tells whether a request lists runs of the job with the number. */
  protected boolean listsRunsOfJob(int number, FakeCloud.Request request) {
    throw new UnsupportedOperationException("say which, or leave finder() out");
  }

  /** Returns an operation of the vendor for {@link JobClient#sendRaw}. */
  protected RawRequest raw() {
    return RawRequest.action("Anything").repeatable().build();
  }

  /** Returns the parts of the contract that this provider does not keep: method name to reason. */
  protected Map<String, String> deviations() {
    return Map.of();
  }

  /** Returns the transport: the one on the class path, else a plain one. */
  protected HttpTransport transport() {
    return ServiceLoader.load(HttpTransportFactory.class)
        .findFirst()
        .map(
            factory ->
                factory.create(
                    new HttpTransportFactory.Options(Duration.ofSeconds(10), Optional.empty())))
        .orElseGet(JdkTransport::new);
  }

  /** Returns a new cloud, which knows the contract's keys. */
  protected final FakeCloud open() {
    FakeCloud cloud = cloud(world);
    cloud.addKey(KEY_ID, SECRET);
    cloud.addKey(TEMPORARY_ID, TEMPORARY_SECRET, TOKEN);
    clouds.add(cloud);
    return cloud;
  }

  /** Returns a new client of the cloud. */
  protected final JobClient connect(FakeCloud cloud) {
    return connect(cloud, Credentials.accessKey(KEY_ID, SECRET));
  }

  /** Returns a new client of the cloud. */
  protected final JobClient connect(FakeCloud cloud, Credentials credentials) {
    return build(cloud, credentials, time);
  }

  private JobClient build(FakeCloud cloud, Credentials credentials, ManualTime clock) {
    return build(client(), cloud, CredentialsProvider.of(credentials), clock);
  }

  /** Returns a new client of the cloud, made by a builder of the test's own. */
  protected final JobClient connect(FakeCloud cloud, JobClientBuilder<?> builder) {
    return build(
        builder, cloud, CredentialsProvider.of(Credentials.accessKey(KEY_ID, SECRET)), time);
  }

  private JobClient build(
      JobClientBuilder<?> builder,
      FakeCloud cloud,
      CredentialsProvider credentials,
      ManualTime clock) {
    builder.name(CLOUD);
    builder.endpoint(cloud.endpoint());
    builder.credentials(credentials);
    builder.limiter(Unlimited.INSTANCE);
    builder.time(clock);
    builder.transport(transport);
    JobClient built = builder.build();
    clients.add(built);
    return built;
  }

  /** Adds so many runs, each in an open state. */
  protected final List<String> addRuns(int count) {
    String word =
        states().rows().entrySet().stream()
            .filter(row -> row.getValue().finality() == Finality.OPEN)
            .map(Map.Entry::getKey)
            .findFirst()
            .orElseThrow();
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ids.add(runId(i));
      world.add(run(runId(i)).at(Duration.ofSeconds(-i), word));
    }
    return ids;
  }

  @BeforeEach
  final void rememberThreads() {
    threadsBefore = nonDaemonThreads();
  }

  @AfterEach
  final void closeAll() {
    clients.forEach(JobClient::close);
    transport.close();
    clouds.forEach(FakeCloud::close);
    Set<Thread> left = nonDaemonThreads();
    left.removeAll(threadsBefore);
    assertThat(left).as("threads that keep a program's main from ending").isEmpty();
  }

  // Listing

  @Test
  void everyRunIsListedOnceForAnyPageSize() {
    List<String> ids = addRuns(15);
    FakeCloud cloud = open();
    for (int size : new int[] {1, 2, 3, 7, maxPage()}) {
      RunListing listing = connect(cloud).listAllRuns(JobQuery.builder().pageSize(size).build());
      assertThat(runIds(listing)).as("page size %s", size).containsExactlyInAnyOrderElementsOf(ids);
      assertThat(listing.coverage().isComplete()).as("page size %s", size).isTrue();
    }
    assertThat(runIds(connect(cloud).listAllRuns(JobQuery.ALL)))
        .containsExactlyInAnyOrderElementsOf(ids);
  }

  @Test
  void anEmptyCloudIsAnEmptyListing() {
    JobPage page = connect(open()).listRuns(JobQuery.ALL);
    assertThat(page.runs()).isEmpty();
    assertThat(page.total().atLeast()).isZero();
  }

  @Test
  void rowsNameTheirCloudAndAccount() {
    addRuns(1);
    JobRun run = only(connect(open()));
    assertThat(run.cloud()).isEqualTo(CLOUD);
    assertThat(run.account()).isNotEmpty();
    assertThat(run.observedAt()).isEqualTo(time.now());
    assertThat(RunRef.parse(run.ref().toString())).isEqualTo(run.ref());
  }

  @Test
  void theAsyncClientListsTheSame() {
    List<String> ids = addRuns(3);
    JobPage page = connect(open()).async().listRuns(JobQuery.ALL).join();
    assertThat(page.runs()).extracting(run -> run.ref().runId()).hasSameElementsAs(ids);
  }

  @Test
  void aTokenGoesOnInANewClient() {
    List<String> ids = addRuns(7);
    FakeCloud cloud = open();
    JobQuery query = JobQuery.builder().pageSize(3).build();
    Set<String> seen = new HashSet<>();
    Optional<PageToken> next = Optional.empty();
    do {
      JobClient another = connect(cloud);
      JobPage page = next.isEmpty() ? another.listRuns(query) : another.listRuns(query, next.get());
      page.runs().forEach(run -> seen.add(run.ref().runId()));
      next = page.nextPageToken();
    } while (next.isPresent());
    assertThat(seen).containsExactlyInAnyOrderElementsOf(ids);
  }

  @Test
  void aForeignTokenIsRefusedBeforeAnythingIsSent() {
    addRuns(3);
    FakeCloud cloud = open();
    JobQuery query = JobQuery.builder().pageSize(1).build();
    PageToken token = connect(cloud).listRuns(query).nextPageToken().orElseThrow();
    cloud.clearRequests();
    JobClient client = connect(cloud);
    JobQuery other = JobQuery.builder().states(JobState.RUNNING).pageSize(1).build();
    for (PageToken bad : List.of(token, new PageToken(""), new PageToken("bm90IGEgdG9rZW4"))) {
      assertThatThrownBy(() -> client.listRuns(other, bad))
          .isInstanceOfSatisfying(
              PagingException.class,
              e -> assertThat(e.kind()).isEqualTo(PagingException.Kind.INVALID_TOKEN));
    }
    assertThat(cloud.requests()).isEmpty();
  }

  @Test
  void aCloudThatShowsTheSamePageForEverEndsTheListing() {
    addRuns(40);
    FakeCloud cloud = open();
    cloud.ignoreOffset(true);
    RunListing listing = connect(cloud).listAllRuns(JobQuery.builder().pageSize(10).build());
    assertThatThrownBy(() -> runIds(listing))
        .isInstanceOfSatisfying(
            PagingException.class, e -> assertThat(e.kind()).isEqualTo(PagingException.Kind.LOOP));
    // some pages that still show more of the first rows, a repeat, and what discovery takes
    assertThat(cloud.requests()).hasSizeLessThanOrEqualTo(7);
  }

  @Test
  void noRunIsLostWhenOthersGoMeanwhile() {
    List<String> ids = addRuns(12);
    List<String> seen = new ArrayList<>();
    RunListing listing = connect(open()).listAllRuns(JobQuery.builder().pageSize(3).build());
    for (JobPage page : listing.byPage()) {
      page.runs().forEach(run -> seen.add(run.ref().runId()));
      if (seen.size() < 9) {
        world.remove(seen.get(0)).remove(seen.get(1)); // those at the front: all others move up
      }
    }
    assertThat(seen).doesNotHaveDuplicates().containsAll(ids);
  }

  @Test
  void aPageHasAtLeastOneRow() {
    assertThatThrownBy(() -> JobQuery.builder().pageSize(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("page size");
  }

  @Test
  void anUnknownFilterIsRefusedBeforeAnythingIsSent() {
    FakeCloud cloud = open();
    JobQuery query = JobQuery.builder().extra("no-such-filter", "x").build();
    assertThatThrownBy(() -> connect(cloud).listRuns(query))
        .isInstanceOf(UnsupportedQueryException.class)
        .hasMessageContaining("no-such-filter");
    assertThat(cloud.requests()).isEmpty();
  }

  // Discovery

  @Test
  void whatIsNotNamedIsFoundAndItsCostForetold() {
    FakeCloud cloud = openWithJobs(3);
    JobClient client = finding(cloud);
    QueryPlan plan = client.plan(JobQuery.ALL);
    assertThat(cloud.requests()).as("the plan's own").hasSize((int) plan.discovery());
    assertThat(cloud.requests())
        .noneMatch(request -> listsRunsOfJob(0, request) || listsRunsOfJob(1, request));
    assertThat(plan.scopes()).hasSize(3);
    cloud.clearRequests();
    RunListing listing = client.listAllRuns(JobQuery.ALL);
    assertThat(runIds(listing))
        .containsExactlyInAnyOrder(runId(0), runId(1), runId(10), runId(11), runId(20), runId(21));
    assertThat(listing.coverage().isComplete()).isTrue();
    assertThat(cloud.requests()).hasSize((int) plan.leastCalls());
  }

  @Test
  void anAccountWithoutAnythingIsAnEmptyListing() {
    JobClient client = finding(openWithJobs(0));
    RunListing listing = client.listAllRuns(JobQuery.ALL);
    assertThat(runIds(listing)).isEmpty();
    assertThat(listing.coverage().isComplete()).isTrue();
    assertThat(client.listRuns(JobQuery.ALL).notes()).isNotEmpty();
    assertThat(client.plan(JobQuery.ALL).mostCalls())
        .hasValue(client.plan(JobQuery.ALL).leastCalls());
    assertThat(client.listJobs(JobQuery.ALL).jobs()).isEmpty();
  }

  @Test
  void whatIsGoneOrMayNotBeReadIsReportedAndTheRestListed() {
    for (Kind kind : List.of(Kind.NOT_FOUND, Kind.ACCESS_DENIED)) {
      FakeCloud cloud = openWithJobs(3);
      cloud.answer(
          request -> listsRunsOfJob(1, request), Integer.MAX_VALUE, request -> error(kind).reply());
      RunListing listing = finding(cloud).listAllRuns(JobQuery.ALL);
      assertThat(runIds(listing))
          .as("%s", kind)
          .containsExactlyInAnyOrder(runId(0), runId(1), runId(20), runId(21));
      assertThat(listing.coverage().isComplete()).isFalse();
      assertThat(listing.coverage().sources())
          .filteredOn(source -> source.error().isPresent())
          .singleElement()
          .satisfies(
              source ->
                  assertThat(source.error().orElseThrow())
                      .isInstanceOfSatisfying(
                          JobServiceException.class, e -> assertThat(e.kind()).isEqualTo(kind)));
    }
  }

  @Test
  void theOnlyJobThatWasFoundMayBeGoneWhenItIsListed() {
    FakeCloud cloud = openWithJobs(1);
    cloud.answer(
        request -> listsRunsOfJob(0, request),
        Integer.MAX_VALUE,
        request -> error(Kind.NOT_FOUND).reply());
    RunListing listing = finding(cloud).listAllRuns(JobQuery.ALL);
    assertThat(runIds(listing)).isEmpty();
    assertThat(listing.coverage().isComplete()).isFalse();
    assertThat(listing.coverage().sources()).anyMatch(source -> source.error().isPresent());
  }

  @Test
  void namesAreJoinedFromTheListOfJobs() {
    FakeCloud cloud = openWithJobs(2);
    world.add(jobNumber(2).name("name-0"));
    world.add(runOfJob(2, runId(20)).at(Duration.ZERO, word(Finality.FINISHED)));
    JobClient client = finding(cloud);
    Map<String, String> names = new LinkedHashMap<>();
    client
        .listAllRuns(JobQuery.builder().resolveNames(true).build())
        .forEach(run -> names.put(run.ref().runId(), run.name().orElse("")));
    assertThat(names)
        .containsEntry(runId(0), "name-0")
        .containsEntry(runId(10), "name-1")
        .containsEntry(runId(20), "name-0");
    assertThat(runIds(finding(cloud).listAllRuns(JobQuery.builder().name("*-0").build())))
        .as("two jobs of one name")
        .containsExactlyInAnyOrder(runId(0), runId(1), runId(20));
    JobQuery named = JobQuery.builder().resolveNames(true).build();
    JobClient fresh = finding(cloud);
    QueryPlan plan = fresh.plan(named);
    cloud.clearRequests();
    assertThat(runIds(fresh.listAllRuns(named))).hasSize(5);
    assertThat(cloud.requests()).as("foretold").hasSize((int) plan.expectedCalls());
    assertThat(plan.leastCalls())
        .as("names take no more")
        .isLessThanOrEqualTo(plan.expectedCalls());
  }

  @Test
  void theDefinitionsOfAllJobsAreListedWithoutTheirSecrets() {
    FakeCloud cloud = openWithJobs(2);
    JobClient client = finding(cloud);
    FoundJobs found = client.listJobs(JobQuery.ALL);
    assertThat(found.isComplete()).isTrue();
    assertThat(found.jobs())
        .extracting(each -> each.name().orElse(""))
        .hasSameElementsAs(List.of("name-0", "name-1"));
    for (Job each : found.jobs()) {
      assertThat(client.getJob(each.ref()).name()).isEqualTo(each.name());
      assertThat(each.cloud()).isEqualTo(CLOUD);
      assertNoCanary(each.toJson(), each.toString());
    }
    String first = found.jobs().get(0).ref().jobId();
    assertThat(client.listJobs(JobQuery.builder().job(first).build()).jobs()).hasSize(1);
    assertThat(client.listJobs(JobQuery.builder().name("no-*").build()).jobs()).isEmpty();
  }

  private JobClient finding(FakeCloud cloud) {
    return connect(cloud, requireNonNull(finder()));
  }

  /** Returns a cloud with so many jobs of two runs each. */
  private FakeCloud openWithJobs(int count) {
    Assumptions.assumeTrue(finder() != null, "the vendor has no list of jobs");
    FakeCloud cloud = open();
    world.jobs().forEach(job -> world.remove(job));
    for (int i = 0; i < count; i++) {
      world.add(jobNumber(i).name("name-" + i));
      for (int j = 0; j < 2; j++) {
        world.add(runOfJob(i, runId(i * 10 + j)).at(Duration.ZERO, word(Finality.FINISHED)));
      }
    }
    return cloud;
  }

  // Questions about one run, and about the set-up

  @Test
  void aRunIsDiagnosedAndAnUnknownOneIsNotFound() {
    String word =
        states().rows().entrySet().stream()
            .filter(row -> row.getValue().state() == JobState.FAILED)
            .map(Map.Entry::getKey)
            .findFirst()
            .orElseThrow();
    world.add(run(runId(0)).message("disk full").at(Duration.ZERO, word));
    JobClient client = connect(open());
    RunDetail detail = diagnosed(client, ref(client, runId(0)));
    assertThat(detail.run().ref()).isEqualTo(ref(client, runId(0)));
    assertThat(detail.run().cloud()).isEqualTo(CLOUD);
    assertThat(detail.toJson()).contains("disk full");
    assertService(() -> client.diagnose(ref(client, runId(9))), EnumSet.of(Kind.NOT_FOUND));
  }

  private static RunDetail diagnosed(JobClient client, RunRef ref) {
    try {
      return client.diagnose(ref);
    } catch (UnsupportedQueryException e) {
      return Assumptions.abort("the vendor tells nothing more of a run than its row");
    }
  }

  @Test
  void aHealthySetUpIsFoundSoAndAMissingPermissionNamed() {
    addRuns(1);
    FakeCloud cloud = open();
    CheckUp healthy = connect(cloud).checkUp();
    assertThat(healthy.isHealthy()).as("%s", healthy.checks()).isTrue();
    int calls = cloud.requests().size();
    Assumptions.assumeTrue(calls > 0, "nothing to try a set-up with");
    assertThat(calls).isLessThanOrEqualTo(8);
    cloud.failAlways(error(Kind.ACCESS_DENIED).reply());
    CheckUp denied = connect(cloud).checkUp();
    assertThat(denied.checks())
        .filteredOn(check -> check.problem().isPresent())
        .isNotEmpty()
        .allSatisfy(
            check ->
                assertThat(check.problem().orElseThrow()).hasMessageContaining("ACCESS_DENIED"));
    assertNoCanary(healthy.toString(), denied.toString());
  }

  // States

  @Test
  void everyWordOfTheVendorHasItsState() {
    List<Map.Entry<String, StateTable.Meaning>> rows = addRunPerWord();
    Map<String, JobRun> runs = new LinkedHashMap<>();
    connect(open()).listAllRuns(JobQuery.ALL).forEach(run -> runs.put(run.ref().runId(), run));
    for (int i = 0; i < rows.size(); i++) {
      JobRun run = requireNonNull(runs.get(runId(i)), rows.get(i).getKey());
      StateTable.Meaning meaning = rows.get(i).getValue();
      assertThat(run.rawState()).isEqualTo(rows.get(i).getKey());
      assertThat(run.state()).as(run.rawState()).isEqualTo(meaning.state());
      assertThat(run.finality()).as(run.rawState()).isEqualTo(meaning.finality());
    }
  }

  @Test
  void askingForAStateGivesItsRunsAndNoOther() {
    List<Map.Entry<String, StateTable.Meaning>> rows = addRunPerWord();
    FakeCloud cloud = open();
    for (JobState state : JobState.values()) {
      List<String> expected = new ArrayList<>();
      for (int i = 0; i < rows.size(); i++) {
        if (rows.get(i).getValue().state() == state) {
          expected.add(runId(i));
        }
      }
      JobQuery query = JobQuery.builder().states(state).build();
      assertThat(runIds(connect(cloud).listAllRuns(query)))
          .as("%s", state)
          .containsExactlyInAnyOrderElementsOf(expected);
    }
  }

  @Test
  void aWordThatIsNewIsUnknownAndKept() {
    world.add(run(runId(0)).at(Duration.ZERO, unknownWord()));
    JobRun run = only(connect(open()));
    assertThat(run.state()).isEqualTo(JobState.UNKNOWN);
    assertThat(run.rawState()).isEqualTo(unknownWord());
    assertThat(run.isFinished()).isFalse();
  }

  private List<Map.Entry<String, StateTable.Meaning>> addRunPerWord() {
    List<Map.Entry<String, StateTable.Meaning>> rows = new ArrayList<>(states().rows().entrySet());
    rows.add(Map.entry(unknownWord(), states().of(unknownWord())));
    for (int i = 0; i < rows.size(); i++) {
      world.add(run(runId(i)).at(Duration.ZERO, rows.get(i).getKey()));
    }
    return rows;
  }

  // By reference

  @Test
  void knownRunsAreFoundAndUnknownOnesMissing() {
    addRuns(3);
    JobClient client = connect(open());
    RunRef first = ref(client, runId(0));
    RunRef second = ref(client, runId(2));
    RunRef ghost = ref(client, runId(9));
    FoundRuns found = client.getRuns(List.of(first, ghost, second));
    assertThat(found.runs()).extracting(JobRun::ref).containsExactlyInAnyOrder(first, second);
    assertThat(found.missing()).containsExactly(ghost);
    assertThat(client.getRun(first).ref()).isEqualTo(first);
    assertService(() -> client.getRun(ghost), EnumSet.of(Kind.NOT_FOUND));
  }

  @Test
  void aRunIsTheSameInAListingAndByReference() {
    addRuns(1);
    JobClient client = connect(open());
    JobRun listed = only(client);
    assertThat(listed.ref()).isEqualTo(ref(client, runId(0)));
    JobRun got = client.getRun(listed.ref());
    assertThat(got.state()).isEqualTo(listed.state());
    assertThat(got.rawState()).isEqualTo(listed.rawState());
    assertThat(got.createdAt()).isEqualTo(listed.createdAt());
  }

  @Test
  void aWaitEndsWithTheRun() {
    String open = word(Finality.OPEN);
    String end = word(Finality.FINISHED);
    world.add(run(runId(0)).at(Duration.ZERO, open).ends(Duration.ofMinutes(12), end));
    JobClient client = connect(open());
    JobRun done = client.waiter().until(ref(client, runId(0)), Duration.ofMinutes(30));
    assertThat(done.rawState()).isEqualTo(end);
    assertThat(time.elapsed()).isBetween(Duration.ofMinutes(12), Duration.ofMinutes(13));
  }

  @Test
  void badIdsAreRefusedBeforeAnythingIsSent() {
    addRuns(1);
    FakeCloud cloud = open();
    JobClient client = connect(cloud);
    for (String bad : List.of("", " ", "a\nb", "a\u0000", "..", ".", " a")) {
      String[] ids = idsOf(runId(0)).toArray(new String[0]);
      for (int i = 0; i < ids.length; i++) {
        String[] withBad = ids.clone();
        withBad[i] = bad;
        assertThatThrownBy(() -> client.getRun(client.runRef(withBad)))
            .as("%s", Arrays.toString(withBad))
            .isInstanceOf(IllegalArgumentException.class);
      }
      assertThatThrownBy(() -> JobQuery.builder().job(bad))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThat(cloud.requests()).isEmpty();
  }

  @Test
  void anIdNeverChangesThePathOfARequest() {
    FakeCloud cloud = open();
    JobClient client = connect(cloud);
    String[] ids = idsOf("a/../b?x=1#y&z=%2e").toArray(new String[0]);
    Throwable refused = catchThrowable(() -> client.getRun(client.runRef(ids)));
    assertThat(refused)
        .as("refused as no id, or unknown to the vendor")
        .isInstanceOfAny(IllegalArgumentException.class, JobServiceException.class);
    for (FakeCloud.Request request : cloud.requests()) {
      assertThat(request.path()).doesNotContain("/../").doesNotContain("a/").doesNotContain("#");
      assertThat(request.rawQuery()).doesNotContain("x=1").doesNotContain("z=%2e");
    }
  }

  @Test
  void theJobIsReadAndItsSecretsAreNot() {
    Assumptions.assumeTrue(job().isPresent(), "no job to read");
    FakeJob fake = job().orElseThrow();
    world.add(fake);
    addRuns(1);
    JobClient client = connect(open());
    Job job = client.getJob(client.jobRef(idsOfJob(fake.id()).toArray(new String[0])));
    assertThat(job.ref().jobId()).isEqualTo(fake.id());
    if (!fake.name().isEmpty()) {
      assertThat(job.name()).hasValue(fake.name());
    }
    if (Json.write(fake.fields()).contains(CANARY)) {
      assertThat(job.raw().orElseThrow().unmasked()).as("the canary was there").contains(CANARY);
    }
    assertNoCanary(
        job.toString(),
        job.toJson(),
        job.attributes().toString(),
        job.raw().map(Object::toString).orElse(""));
    assertService(
        () -> client.getJob(client.jobRef(idsOfJob("no-such-job").toArray(new String[0]))),
        EnumSet.of(Kind.NOT_FOUND));
  }

  // Errors

  @Test
  void documentedErrorsHaveTheirKind() {
    addRuns(1);
    assertThat(errors())
        .extracting(ErrorCase::kind)
        .as("errors()")
        .contains(Kind.THROTTLED, Kind.AUTHENTICATION);
    for (ErrorCase error : errors()) {
      FakeCloud cloud = open();
      cloud.failAlways(error.reply());
      JobServiceException thrown =
          assertService(() -> connect(cloud).listRuns(JobQuery.ALL), EnumSet.of(error.kind()));
      assertThat(thrown.httpStatus()).as(error.name()).isEqualTo(error.reply().status());
      assertThat(thrown.requestId()).as(error.name()).isEqualTo(error.requestId());
      assertThat(cloud.requests()).as(error.name()).hasSize(thrown.attempts());
    }
  }

  @Test
  void throttlingIsTriedAgain() {
    addRuns(1);
    FakeCloud cloud = open();
    connect(cloud).listRuns(JobQuery.ALL);
    int usual = cloud.requests().size();
    cloud.clearRequests();
    cloud.failNext(1, error(Kind.THROTTLED).reply());
    assertThat(connect(cloud).listRuns(JobQuery.ALL).runs()).hasSize(1);
    assertThat(cloud.requests()).hasSize(usual + 1);
  }

  @Test
  void authenticationIsNeverTriedAgain() {
    FakeCloud cloud = open();
    cloud.failAlways(error(Kind.AUTHENTICATION).reply());
    assertService(() -> connect(cloud).listRuns(JobQuery.ALL), EnumSet.of(Kind.AUTHENTICATION));
    assertThat(cloud.requests()).hasSize(1);
  }

  @Test
  void aWrongSecretIsAnAuthenticationError() {
    addRuns(1);
    FakeCloud cloud = open();
    JobClient client = connect(cloud, Credentials.accessKey(KEY_ID, "CanaryWrong0a1b"));
    JobServiceException thrown =
        assertService(() -> client.listRuns(JobQuery.ALL), EnumSet.of(Kind.AUTHENTICATION));
    assertThat(cloud.requests()).hasSize(1);
    assertNoCanary(printed(thrown));
  }

  @Test
  void aSignatureMismatchShowsWhatWasSigned() {
    FakeCloud cloud = open();
    cloud.addKey(TEMPORARY_ID, SECRET, TOKEN);
    for (Credentials wrong :
        List.of(
            Credentials.accessKey(KEY_ID, "CanaryWrong0a1b-00000"),
            Credentials.temporary(TEMPORARY_ID, "CanaryWrong0a1b-00000", TOKEN, null))) {
      JobServiceException thrown =
          assertService(
              () -> connect(cloud, wrong).listRuns(JobQuery.ALL), EnumSet.of(Kind.AUTHENTICATION));
      assertThat(thrown.getMessage()).contains("signed here was ", "|host:127.0.0.1");
      assertNoCanary(printed(thrown));
    }
  }

  @Test
  void anUnknownKeyIsAnAuthenticationError() {
    FakeCloud cloud = open();
    JobClient client = connect(cloud, Credentials.accessKey("nobody", SECRET));
    JobServiceException thrown =
        assertService(() -> client.listRuns(JobQuery.ALL), EnumSet.of(Kind.AUTHENTICATION));
    assertNoCanary(printed(thrown));
  }

  @Test
  void temporaryCredentialsWorkAndNeedTheirToken() {
    addRuns(1);
    FakeCloud cloud = open();
    JobClient temporary =
        connect(cloud, Credentials.temporary(TEMPORARY_ID, TEMPORARY_SECRET, TOKEN, null));
    assertThat(temporary.listRuns(JobQuery.ALL).runs()).hasSize(1);

    JobClient without = connect(cloud, Credentials.accessKey(TEMPORARY_ID, TEMPORARY_SECRET));
    JobServiceException thrown =
        assertService(
            () -> without.listRuns(JobQuery.ALL),
            EnumSet.of(Kind.AUTHENTICATION, Kind.EXPIRED_CREDENTIALS));
    assertNoCanary(printed(thrown));
  }

  @Test
  void aClockThatIsOffIsCorrectedOnceByTheCloudsOwn() {
    addRuns(1);
    for (Duration off :
        List.of(Duration.ofMinutes(-16), Duration.ofMinutes(16), Duration.ofHours(5))) {
      FakeCloud cloud = open();
      JobClient client =
          build(
              cloud,
              Credentials.accessKey(KEY_ID, SECRET),
              ManualTime.autoAdvancing(START.plus(off)));
      assertThat(client.listRuns(JobQuery.ALL).runs()).hasSize(1);
      int corrected = cloud.requests().size();
      assertThat(client.listRuns(JobQuery.ALL).runs()).hasSize(1);
      assertThat(corrected).isEqualTo(cloud.requests().size() - corrected + 1);
    }
  }

  @Test
  void errorsOfGatewaysAreTyped() {
    Map<Integer, Set<Kind>> kinds = new LinkedHashMap<>();
    kinds.put(400, EnumSet.of(Kind.INVALID_REQUEST));
    kinds.put(401, EnumSet.of(Kind.AUTHENTICATION));
    kinds.put(403, EnumSet.of(Kind.ACCESS_DENIED));
    kinds.put(404, EnumSet.of(Kind.NOT_FOUND));
    kinds.put(429, EnumSet.of(Kind.THROTTLED));
    kinds.put(500, EnumSet.of(Kind.SERVER_ERROR));
    kinds.put(502, EnumSet.of(Kind.UNAVAILABLE, Kind.SERVER_ERROR));
    kinds.put(503, EnumSet.of(Kind.UNAVAILABLE));
    kinds.forEach(
        (status, kind) -> {
          for (String body : List.of(HTML, "", "{}")) {
            FakeCloud cloud = open();
            cloud.failAlways(Reply.of(status, "text/html", body));
            JobServiceException thrown =
                assertService(() -> connect(cloud).listRuns(JobQuery.ALL), kind);
            assertThat(thrown.httpStatus()).isEqualTo(status);
            assertThat(cloud.requests()).as("HTTP %s", status).hasSize(thrown.attempts());
          }
        });
  }

  @Test
  void anAnswerThatIsNoListingIsNeverAnEmptyOne() {
    addRuns(2);
    FakeCloud cloud = open();
    JobClient client = connect(cloud);
    client.listRuns(JobQuery.ALL); // what is looked up once is looked up now
    for (String body : NO_LISTINGS) {
      cloud.failAlways(Reply.of(200, "application/json", body));
      assertUnreadable("listing " + body, () -> client.listRuns(JobQuery.ALL));
      assertUnreadable("get " + body, () -> client.getRuns(List.of(ref(client, runId(0)))));
      cloud.clearFaults();
    }
    cloud.onReply(
        (request, reply) ->
            Reply.of(
                200, "application/json", Arrays.copyOf(reply.body(), reply.body().length / 2)));
    assertUnreadable("half an answer", () -> client.listRuns(JobQuery.ALL));
  }

  @Test
  void anAnswerMayBeCompressed() {
    addRuns(2);
    FakeCloud cloud = open();
    cloud.onReply((request, reply) -> reply.gzipped());
    assertThat(connect(cloud).listRuns(JobQuery.ALL).runs()).hasSize(2);
  }

  @Test
  void redirectsAreNeverFollowed() {
    FakeCloud cloud = open();
    FakeCloud elsewhere = open();
    for (int status : new int[] {301, 302, 303, 307, 308}) {
      cloud.failNext(status, "", Map.of("Location", elsewhere.endpoint() + "/"));
      assertThatThrownBy(() -> connect(cloud).listRuns(JobQuery.ALL))
          .isInstanceOfSatisfying(
              JobTransportException.class,
              e -> {
                assertThat(e.kind()).isEqualTo(JobTransportException.Kind.REDIRECT_REFUSED);
                assertThat(e.cloud()).hasValue(CLOUD);
                assertThat(e).hasMessageContaining(String.valueOf(status));
              });
    }
    assertThat(elsewhere.requests()).isEmpty();
    assertThat(cloud.requests()).hasSize(5);
  }

  @Test
  void noAnswerHoweverOddEndsInAnythingButAJobException() {
    addRuns(1);
    FakeCloud cloud = open();
    JobClient client = connect(cloud);
    client.listRuns(JobQuery.ALL);
    for (byte[] body : oddBodies()) {
      for (int status : new int[] {200, 204, 299, 400, 403, 418, 500, 599}) {
        cloud.failAlways(Reply.of(status, "application/json", body));
        String name = status + " " + new String(body, StandardCharsets.ISO_8859_1);
        Throwable listing = catchThrowable(() -> client.listRuns(JobQuery.ALL));
        assertThat(listing).as("listing: %s", name).isInstanceOf(JobException.class);
        Throwable raw = catchThrowable(() -> client.sendRaw(raw()));
        if (raw != null) {
          assertThat(raw).as("raw: %s", name).isInstanceOf(JobException.class);
        }
        cloud.clearFaults();
      }
    }
  }

  // Credentials that end

  @Test
  void credentialsThatEndInMidListingAreRenewedOnceAndNoRunIsLostOrRepeated() {
    List<String> ids = addRuns(12);
    FakeCloud cloud = open();
    Renewed source = new Renewed(cloud, Optional.empty());
    JobClient client = build(client(), cloud, source, time);
    List<String> seen = new ArrayList<>();
    for (JobPage page : client.listAllRuns(JobQuery.builder().pageSize(3).build()).byPage()) {
      page.runs().forEach(run -> seen.add(run.ref().runId()));
      if (source.made() == 1 && seen.size() >= 6) {
        time.advance(Renewed.LIFE); // the vendor's answer is the first to tell
      }
    }
    assertThat(seen).containsExactlyInAnyOrderElementsOf(ids);
    assertThat(source.made()).isEqualTo(2);
  }

  @Test
  void aHundredThreadsAtTheEndOfTheCredentialsCauseOneRenewal() throws InterruptedException {
    addRuns(1);
    FakeCloud cloud = open();
    Renewed source = new Renewed(cloud, Optional.of(Renewed.LIFE));
    JobClient client = build(client(), cloud, source, time);
    client.listRuns(JobQuery.ALL);
    time.advance(Renewed.LIFE);
    ExecutorService threads = Executors.newFixedThreadPool(100, ProviderContract::daemon);
    try {
      CyclicBarrier barrier = new CyclicBarrier(100);
      List<Future<Integer>> pages = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        pages.add(
            threads.submit(
                () -> {
                  barrier.await();
                  return client.listRuns(JobQuery.ALL).runs().size();
                }));
      }
      for (Future<Integer> page : pages) {
        assertThat(page).succeedsWithin(Duration.ofMinutes(1)).isEqualTo(1);
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(threads.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
    assertThat(source.made()).isEqualTo(2);
  }

  /** A pool's threads may outlive their pool for a moment. */
  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work);
    thread.setDaemon(true);
    return thread;
  }

  /** Gives temporary keys that the cloud lets in for ten minutes each. */
  private static final class Renewed implements CredentialsProvider {
    private static final Duration LIFE = Duration.ofMinutes(10);
    private final FakeCloud cloud;
    private final Optional<Duration> told;
    private final AtomicInteger made = new AtomicInteger();

    /**
     * @param told how long the source says they work, if it does
     */
    Renewed(FakeCloud cloud, Optional<Duration> told) {
      this.cloud = cloud;
      this.told = told;
    }

    int made() {
      return made.get();
    }

    @Override
    public String account() {
      return "renewed";
    }

    @Override
    public Step<Credentials> resolve() {
      String id = "contract-renewed-" + made.incrementAndGet();
      Instant now = cloud.now();
      cloud.addKey(
          new FakeCloud.Key(
              id, TEMPORARY_SECRET, Optional.of(TOKEN + id), Optional.of(now.plus(LIFE))));
      return Step.done(
          Credentials.temporary(
              id, TEMPORARY_SECRET, TOKEN + id, told.map(now::plus).orElse(null)));
    }
  }

  // Secrets

  @Test
  void noSecretIsEverShown() {
    job().ifPresent(world::add);
    addRuns(3);
    FakeCloud cloud = open();
    JobClient client =
        connect(cloud, Credentials.temporary(TEMPORARY_ID, TEMPORARY_SECRET, TOKEN, null));
    JobPage page = client.listRuns(JobQuery.builder().pageSize(1).build());
    assertNoCanary(client.toString(), page.toString(), String.valueOf(page.nextPageToken()));
    for (JobRun run : page.runs()) {
      assertNoCanary(run.toString(), run.toJson(), run.attributes().toString());
      assertNoCanary(run.raw().map(Object::toString).orElse(""));
    }
    List<Reply> failures = new ArrayList<>();
    errors().forEach(error -> failures.add(error.reply()));
    failures.add(Reply.of(500, "text/html", HTML));
    failures.add(Reply.of(200, "text/html", HTML));
    failures.add(Reply.of(302, "text/html", "").header("Location", "/"));
    for (Reply failure : failures) {
      cloud.failAlways(failure);
      Throwable thrown = catchThrowable(() -> client.listRuns(JobQuery.ALL));
      assertThat(thrown).isInstanceOf(JobException.class);
      assertNoCanary(printed(thrown));
      cloud.clearFaults();
    }
  }

  // Helpers

  private static RunRef refOf(JobClient client, List<String> ids) {
    return client.runRef(ids.toArray(new String[0]));
  }

  /** Returns the reference of a run of {@link #run}. */
  protected final RunRef ref(JobClient client, String runId) {
    return refOf(client, idsOf(runId));
  }

  private String word(Finality finality) {
    return states().rows().entrySet().stream()
        .filter(row -> row.getValue().finality() == finality)
        .map(Map.Entry::getKey)
        .findFirst()
        .orElseThrow();
  }

  private ErrorCase error(Kind kind) {
    return errors().stream().filter(error -> error.kind() == kind).findFirst().orElseThrow();
  }

  private static JobRun only(JobClient client) {
    List<JobRun> runs = client.listRuns(JobQuery.ALL).runs();
    assertThat(runs).hasSize(1);
    return runs.get(0);
  }

  private static List<String> runIds(RunListing listing) {
    return listing.stream().map(run -> run.ref().runId()).toList();
  }

  private static JobServiceException assertService(Runnable call, Set<Kind> kinds) {
    Throwable thrown = catchThrowable(call::run);
    assertThat(thrown).isInstanceOf(JobServiceException.class);
    JobServiceException service = (JobServiceException) requireNonNull(thrown);
    assertThat(service.kind()).as(service.getMessage()).isIn(kinds);
    assertThat(service.cloud()).hasValue(CLOUD);
    assertThat(service.operation()).isPresent();
    assertThat(service).hasMessageContaining(CLOUD).hasMessageContaining(service.kind().name());
    service.requestId().ifPresent(id -> assertThat(service).hasMessageContaining(id));
    return service;
  }

  private static void assertUnreadable(String name, Runnable call) {
    Throwable thrown = catchThrowable(call::run);
    assertThat(thrown).as(name).isInstanceOfAny(JobDataException.class, JobServiceException.class);
    JobException problem = (JobException) requireNonNull(thrown);
    assertThat(problem.cloud()).as(name).hasValue(CLOUD);
    assertThat(problem.operation()).as(name).isPresent();
    assertThat(problem).as(name).hasMessageContaining("HTTP 200");
  }

  private static void assertNoCanary(String... texts) {
    for (String text : texts) {
      assertThat(text).doesNotContain("Canary");
    }
  }

  /** Returns all that a log would show of it. */
  private static String printed(@Nullable Throwable thrown) {
    StringWriter out = new StringWriter();
    if (thrown != null) {
      thrown.printStackTrace(new PrintWriter(out, true));
    }
    return out.toString();
  }

  private static Collection<byte[]> oddBodies() {
    List<byte[]> bodies = new ArrayList<>();
    for (String text : NO_LISTINGS) {
      bodies.add(text.getBytes(StandardCharsets.UTF_8));
    }
    for (String text :
        List.of(
            "{\"a\":1,\"a\":2}",
            "{\"Code\":[],\"Message\":{},\"code\":{},\"message\":[1]}",
            "{\"Response\":[]}",
            "{\"Response\":{\"Error\":[]}}",
            "{\"Success\":\"maybe\",\"Data\":7}",
            "{\"error_code\":{},\"error_msg\":[]}",
            "[[[[[[[[",
            "{}{}",
            "NaN",
            "1e999999999",
            "\ufeff{}")) {
      bodies.add(text.getBytes(StandardCharsets.UTF_8));
    }
    bodies.add("[".repeat(10_000).getBytes(StandardCharsets.UTF_8));
    bodies.add(new byte[] {(byte) 0xc3, 0x28, (byte) 0xff, (byte) 0xfe});
    bodies.add("{\"Code\":\"x\"}".getBytes(StandardCharsets.UTF_16));
    return bodies;
  }

  private static Set<Thread> nonDaemonThreads() {
    Set<Thread> threads = new HashSet<>();
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (!thread.isDaemon()) {
        threads.add(thread);
      }
    }
    return threads;
  }

  /** Turns the tests round for which a deviation is pinned. */
  static final class PinnedDeviations implements InvocationInterceptor {
    @Override
    public void interceptTestMethod(
        Invocation<Void> invocation,
        ReflectiveInvocationContext<Method> context,
        ExtensionContext extension)
        throws Throwable {
      ProviderContract contract = (ProviderContract) context.getTarget().orElseThrow();
      String reason = contract.deviations().get(context.getExecutable().getName());
      if (reason == null) {
        invocation.proceed();
        return;
      }
      Throwable thrown = catchThrowable(invocation::proceed);
      if (thrown == null || thrown.getClass().getSimpleName().equals("TestAbortedException")) {
        throw new AssertionError("deviates no more, take it off the list: " + reason);
      }
    }
  }
}
