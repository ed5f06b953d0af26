package io.joblens.internal;

import static io.joblens.internal.StubCloud.rows;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.joblens.CallListener;
import io.joblens.Coverage;
import io.joblens.CredentialsException;
import io.joblens.Drift;
import io.joblens.Filter;
import io.joblens.JobClient;
import io.joblens.JobException;
import io.joblens.JobPage;
import io.joblens.JobQuery;
import io.joblens.JobRun;
import io.joblens.JobServiceException;
import io.joblens.JobState;
import io.joblens.PageToken;
import io.joblens.PagingException;
import io.joblens.ProviderId;
import io.joblens.RunListing;
import io.joblens.RunRef;
import io.joblens.TimeField;
import io.joblens.Total;
import io.joblens.UnsupportedQueryException;
import io.joblens.internal.StubCloud.Row;
import io.joblens.spi.Capabilities.Paging;
import io.joblens.spi.Credentials;
import io.joblens.spi.CredentialsProvider;
import io.joblens.spi.JobProvider;
import io.joblens.spi.Scope;
import io.joblens.spi.Scopes;
import io.joblens.spi.Slice;
import io.joblens.spi.Step;
import io.joblens.spi.WireRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongUnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ListingTest {
  private StubProvider provider = new StubProvider();
  private final StubCloud cloud = new StubCloud();

  private JobClient client() {
    return StubBuilder.of(provider, cloud).build();
  }

  private List<String> all(JobQuery query) {
    return ids(client().listAllRuns(query).stream().toList());
  }

  private static List<String> ids(List<JobRun> runs) {
    return runs.stream().map(run -> run.ref().runId()).toList();
  }

  private static List<String> expected(int count) {
    return IntStream.range(0, count).mapToObj(i -> "r" + i).toList();
  }

  /** Reads page by page, each with a client of its own, as another process would. */
  private List<JobPage> byTokens(JobQuery query) {
    List<JobPage> pages = new ArrayList<>();
    Optional<PageToken> token = Optional.empty();
    do {
      Optional<PageToken> at = token;
      JobPage page =
          at.map(t -> client().listRuns(query, t)).orElseGet(() -> client().listRuns(query));
      pages.add(page);
      token = page.nextPageToken();
    } while (token.isPresent() && pages.size() < 1000);
    return pages;
  }

  private static List<String> idsOf(List<JobPage> pages) {
    return pages.stream().flatMap(page -> ids(page.runs()).stream()).toList();
  }

  // ---- every run exactly once

  @ParameterizedTest
  @EnumSource(Paging.class)
  void everyRunComesExactlyOnceForAnyPageSizeAndCount(Paging paging) {
    provider.paging = paging;
    for (int count : new int[] {0, 1, 2, 9, 10, 11, 20, 21, 99, 100, 101, 250}) {
      for (int size : new int[] {1, 3, 10, 11, 100, 250}) {
        for (int max : new int[] {1, 10, 100}) {
          if (count / Math.min(size, max) > 30) {
            continue; // nothing that fewer runs do not show
          }
          provider.maxPage = max;
          cloud.with("a", rows(count));
          assertThat(all(JobQuery.builder().pageSize(size).build()))
              .as("%d runs, page size %d of at most %d", count, size, max)
              .isEqualTo(expected(count));
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Paging.class)
  void tokensGoOnInAnotherClientInTheMiddleAndBetweenScopes(Paging paging) {
    provider.paging = paging;
    provider.scopes =
        List.of(
            new Scope("r1", List.of("a"), ""),
            new Scope("r1", List.of("b"), ""),
            new Scope("r1", List.of("c"), ""));
    for (int count = 0; count < 25; count++) {
      cloud.with("a", rows(count)).with("b", rows("b", 7, "OK")).with("c", rows("c", count, "OK"));
      JobQuery query = JobQuery.builder().pageSize(5).build();
      List<JobPage> pages = byTokens(query);
      assertThat(idsOf(pages)).doesNotHaveDuplicates().hasSize(2 * count + 7);
      assertThat(idsOf(pages)).isEqualTo(all(query));
      assertThat(pages.get(pages.size() - 1).total()).isEqualTo(new Total(2L * count + 7, true));
      assertThat(pages.subList(0, pages.size() - 1)).noneMatch(page -> page.total().exact());
    }
  }

  @Test
  void scopesThatAreFoundStepByStepAreAllRead() {
    provider.scopes =
        IntStream.range(0, 7).mapToObj(i -> new Scope("r1", List.of("s" + i), "")).toList();
    provider.scopesAtOnce = 3;
    for (int i = 0; i < 7; i++) {
      cloud.with("s" + i, rows("s" + i + "-", i * 4, "OK"));
    }
    assertThat(all(JobQuery.ALL)).hasSize(84).doesNotHaveDuplicates();
    assertThat(idsOf(byTokens(JobQuery.ALL))).hasSize(84).doesNotHaveDuplicates();
  }

  @Test
  void aCloudWithoutScopesGivesOneEmptyCompletePage() {
    provider.scopes = List.of();
    JobPage page = client().listRuns(JobQuery.ALL);
    assertThat(page.runs()).isEmpty();
    assertThat(page.nextPageToken()).isEmpty();
    assertThat(page.total()).isEqualTo(new Total(0, true));
  }

  @Test
  void eachIterationBeginsAnew() {
    cloud.with("a", rows(25));
    RunListing listing = client().listAllRuns(JobQuery.ALL);
    assertThat(cloud.asked).isEmpty();
    assertThat(ids(listing.stream().toList())).isEqualTo(expected(25));
    cloud.with("a", rows(12));
    assertThat(ids(listing.stream().toList())).isEqualTo(expected(12));
    assertThat(listing.coverage().sources()).hasSize(1);
    assertThat(listing.coverage().sources().get(0).rows()).isEqualTo(12);
  }

  @Test
  void aListingIsReadNoFurtherThanItIsIterated() {
    cloud.with("a", rows(100));
    Iterator<JobRun> runs = client().listAllRuns(JobQuery.ALL).iterator();
    assertThat(cloud.asked).isEmpty();
    for (int i = 0; i < 10; i++) {
      runs.next();
    }
    assertThat(cloud.asked).hasSize(1);
    runs.next();
    assertThat(cloud.asked).hasSize(2);
  }

  @Test
  void aListingByPageEndsWithNoSuchElement() {
    cloud.with("a", rows(3));
    Iterator<JobPage> pages = client().listAllRuns(JobQuery.ALL).byPage().iterator();
    assertThat(ids(pages.next().runs())).isEqualTo(expected(3));
    assertThat(pages.hasNext()).isFalse();
    assertThatThrownBy(pages::next).isInstanceOf(java.util.NoSuchElementException.class);
  }

  @Test
  void rowsCarryWhatOnlyTheClientKnows() {
    cloud.with("a", rows(1));
    JobClient client =
        StubBuilder.of(provider, cloud).name("my-cloud").aliases(Map.of("a", "settle")).build();
    JobRun run = client.listAllRuns(JobQuery.ALL).iterator().next();
    assertThat(run.cloud()).isEqualTo("my-cloud");
    assertThat(run.account()).isEqualTo("acc");
    assertThat(run.name()).hasValue("settle");
    assertThat(run.observedAt()).isEqualTo(TestTime.START);
    assertThat(run.attributes()).containsEntry("secret", "***");
  }

  // ---- what a listing covers

  @Test
  void aListingThatWasNotReadCoversNothing() {
    cloud.with("a", rows(25));
    RunListing listing = client().listAllRuns(JobQuery.ALL);
    assertThat(listing.coverage().sources()).isEmpty();
    assertThat(listing.byPage().iterator()).hasNext();
    assertThat(listing.coverage().sources()).isEmpty();
  }

  @Test
  void aListingThatIsLeftWithinAScopeSaysWhereItGoesOn() {
    provider.scopes = List.of(new Scope("r1", List.of("a"), ""), new Scope("r1", List.of("b"), ""));
    cloud.with("a", rows(5)).with("b", rows("b", 25, "OK"));
    RunListing listing = client().listAllRuns(JobQuery.ALL);
    Iterator<JobPage> pages = listing.byPage().iterator();
    pages.next();
    assertThat(listing.coverage().sources())
        .extracting(Coverage.Source::scope)
        .containsExactly("r1:a", "r1:b");
    JobPage page = pages.next();
    assertThat(page.claimedTotal()).hasValue(25);
    assertThat(listing.coverage().sources())
        .extracting(source -> source.resumeToken().isPresent())
        .containsExactly(false, true);
    assertThat(listing.coverage().sources().get(1).resumeToken()).isEqualTo(page.nextPageToken());
  }

  @Test
  void aListingThatFailedGoesOnAtOnePlaceOnly() {
    cloud.with("a", rows(25));
    cloud.errors.put(2, StubTransport.response(403, "ACCESS_DENIED"));
    RunListing listing = client().listAllRuns(JobQuery.ALL);
    assertThatThrownBy(() -> listing.forEach(run -> {})).isInstanceOf(JobServiceException.class);
    assertThat(listing.coverage().sources())
        .extracting(source -> source.resumeToken().isPresent())
        .containsExactly(false, true);
  }

  /** Shows the runs of a scope without a slice by those with one. */
  @ParameterizedTest
  @EnumSource(Paging.class)
  void aPageThatLooksCutIsListedByItsPartsInItsPlace(Paging paging) {
    Scope whole = new Scope("r1", List.of("a"), "");
    List<Scope> parts =
        List.of(new Scope("r1", List.of("a"), "RUN"), new Scope("r1", List.of("a"), "OK"));
    StubProvider narrowing =
        new StubProvider() {
          @Override
          public Step<Slice> runs(Scope scope, JobQuery query, long offset, int limit) {
            Step<Slice> step = super.runs(scope, query, offset, limit);
            return scope.equals(whole) ? step.map(slice -> slice.shownBy(parts)) : step;
          }
        };
    narrowing.paging = paging;
    narrowing.scopes = List.of(whole, new Scope("r1", List.of("b"), ""));
    List<Row> live = new ArrayList<>(rows("x", 13, "RUN"));
    live.addAll(rows("y", 14, "OK"));
    cloud.with("a", live).with("b", rows("b", 3, "OK"));
    RunListing listing = StubBuilder.of(narrowing, cloud).build().listAllRuns(JobQuery.ALL);
    List<JobPage> pages = new ArrayList<>();
    listing.byPage().forEach(pages::add);
    assertThat(pages.get(0).runs()).isEmpty();
    assertThat(pages.get(0).notes())
        .containsExactly(
            "the list looks cut after 10 runs; what is in it is listed one by one, with 2 requests or"
                + " more");
    assertThat(idsOf(pages)).hasSize(30).doesNotHaveDuplicates();
    assertThat(listing.coverage().isComplete()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 10, 20})
  void aListThatLooksCutOnlyOnceRunsWereGivenShowsNoneOfThemAgain(int size) {
    Scope whole = new Scope("r1", List.of("a"), "");
    List<Scope> jobs =
        List.of(new Scope("r1", List.of("b"), ""), new Scope("r1", List.of("c"), ""));
    StubProvider narrowing =
        new StubProvider() {
          @Override
          public Optional<Scope> listedByJob(Scope scope) {
            return scope.equals(whole) ? Optional.of(scope) : Optional.empty();
          }

          @Override
          public Step<Slice> runs(Scope scope, JobQuery query, long offset, int limit) {
            Step<Slice> step = super.runs(scope, query, offset, limit);
            return scope.equals(whole) && offset == 0 && limit > 10
                ? step.map(slice -> slice.rows().size() == 10 ? slice.shownBy(jobs) : slice)
                : step;
          }
        };
    narrowing.paging = Paging.PAGE_NUMBER;
    narrowing.scopes = List.of(whole);
    List<Row> first = rows("x", 8, "OK");
    List<Row> second = rows("y", 9, "OK");
    List<Row> latest = new ArrayList<>(first.subList(0, 5));
    latest.addAll(second.subList(0, 5));
    cloud.with("a", latest).with("b", first).with("c", second);
    JobClient client = StubBuilder.of(narrowing, cloud).build();
    JobQuery query = JobQuery.builder().pageSize(size).build();
    assertThat(ids(client.listAllRuns(query).stream().toList()))
        .doesNotHaveDuplicates()
        .hasSize(17);
  }

  @Test
  void theFirstRequestForAListThatMayBeCutIsWideUnlessALimitFillsOnePage() {
    StubProvider byJob =
        new StubProvider() {
          @Override
          public Optional<Scope> listedByJob(Scope scope) {
            return Optional.of(scope);
          }
        };
    cloud.with("a", rows(60));
    JobQuery.Builder query = JobQuery.builder().pageSize(7);
    JobQuery ok = query.states(JobState.SUCCEEDED).build();
    JobQuery since = JobQuery.builder().pageSize(7).since(Instant.EPOCH).build();
    JobQuery until = JobQuery.builder().pageSize(7).until(Instant.MAX).build();
    JobQuery all = JobQuery.builder().pageSize(7).build();
    assertThat(firstLimit(byJob, all)).isEqualTo(50);
    assertThat(firstLimit(byJob, all.toBuilder().pageSize(60).build())).isEqualTo(60);
    assertThat(firstLimit(byJob, all.toBuilder().limit(8).build())).isEqualTo(50);
    assertThat(firstLimit(byJob, all.toBuilder().limit(7).build())).isEqualTo(7);
    assertThat(firstLimit(byJob, all.toBuilder().limit(2).build())).isEqualTo(2);
    for (JobQuery dropping : List.of(ok, since, until)) {
      assertThat(firstLimit(byJob, dropping.toBuilder().limit(2).build())).isEqualTo(50);
    }
    assertThat(firstLimit(provider, all)).as("a list that is never cut").isEqualTo(7);

    cloud.asked.clear();
    JobClient client = StubBuilder.of(byJob, cloud).build();
    assertThat(client.listAllRuns(all).stream()).hasSize(60);
    assertThat(cloud.asked.stream().skip(1)).allMatch(asked -> asked.limit() < 50);
  }

  private int firstLimit(StubProvider of, JobQuery query) {
    cloud.asked.clear();
    StubBuilder.of(of, cloud).build().listRuns(query);
    return cloud.asked.get(0).limit();
  }

  @Test
  void onlyStatesThatTheVendorReportsAreAskedFor() {
    List<Set<JobState>> asked = new ArrayList<>();
    StubProvider recording =
        new StubProvider() {
          @Override
          public Step<io.joblens.spi.Scopes> scopes(JobQuery query, Optional<String> after) {
            asked.add(query.states());
            return super.scopes(query, after);
          }
        };
    JobClient client = StubBuilder.of(recording, cloud).build();
    client.listRuns(JobQuery.builder().states(JobState.SKIPPED, JobState.FAILED).build());
    client.listRuns(JobQuery.builder().states(JobState.FAILED).build());
    assertThat(asked).isNotEmpty().containsOnly(Set.of(JobState.FAILED));
  }

  // ---- limits and totals

  @ParameterizedTest
  @ValueSource(ints = {1, 4, 5, 9, 10, 11, 14, 15, 20, 29})
  void aLimitHoldsOverPagesAndScopesAndIsNeverAnExactTotal(int limit) {
    provider.scopes = List.of(new Scope("r1", List.of("a"), ""), new Scope("r1", List.of("b"), ""));
    cloud.with("a", rows(15)).with("b", rows("b", 15, "OK"));
    JobQuery query = JobQuery.builder().limit(limit).pageSize(5).build();
    assertThat(all(query)).hasSize(limit).doesNotHaveDuplicates();
    List<JobPage> pages = byTokens(query);
    assertThat(idsOf(pages)).hasSize(limit);
    assertThat(pages.get(pages.size() - 1).total()).isEqualTo(new Total(limit, false));
  }

  @Test
  void aLimitThatIsExactlyTheLastRunIsAnExactTotalOnceTheEndIsKnown() {
    cloud.with("a", rows(8));
    JobPage page = client().listRuns(JobQuery.builder().limit(8).pageSize(10).build());
    assertThat(page.runs()).hasSize(8);
    assertThat(page.nextPageToken()).isEmpty();
  }

  @Test
  void aListingThatALimitCutsIsNotCovered() {
    provider.scopes = List.of(new Scope("r1", List.of("a"), ""), new Scope("r1", List.of("b"), ""));
    cloud.with("a", rows(5)).with("b", rows("b", 5, "OK"));
    RunListing listing = client().listAllRuns(JobQuery.builder().limit(3).build());
    assertThat(listing.stream()).hasSize(3);
    assertThat(listing.coverage().isComplete()).isFalse();
  }

  @Test
  void aListingThatIsLeftBetweenTwoScopesIsNotCoveredAndCanBeResumed() {
    provider.scopes = List.of(new Scope("r1", List.of("a"), ""), new Scope("r1", List.of("b"), ""));
    cloud.with("a", rows(5)).with("b", rows("b", 5, "OK"));
    RunListing listing = client().listAllRuns(JobQuery.ALL);
    assertThat(listing.byPage().iterator().next().runs()).hasSize(5);
    Coverage coverage = listing.coverage();
    assertThat(coverage.isComplete()).isFalse();
    PageToken token =
        coverage.sources().stream()
            .flatMap(source -> source.resumeToken().stream())
            .findFirst()
            .orElseThrow();
    assertThat(client().listAllRuns(JobQuery.ALL, token).stream())
        .extracting(run -> run.ref().runId())
        .containsExactly("b0", "b1", "b2", "b3", "b4");
  }

  @Test
  void pageSizesAreClampedToTheVendorsMaximum() {
    provider.maxPage = 20;
    cloud.with("a", rows(60));
    client().listRuns(JobQuery.builder().pageSize(1000).build());
    assertThat(cloud.asked.get(0).limit()).isEqualTo(20);
  }

  @Test
  void aSmallLimitAsksForNoMoreThanItNeedsUnlessRowsMayBeDropped() {
    cloud.with("a", rows(60));
    client().listRuns(JobQuery.builder().limit(3).build());
    client().listRuns(JobQuery.builder().limit(3).name("x*").build());
    assertThat(cloud.asked.get(0).limit()).isEqualTo(3);
    assertThat(cloud.asked.get(1).limit()).isEqualTo(10);
  }

  @ParameterizedTest
  @EnumSource(Paging.class)
  void wrongTotalsLoseNothing(Paging paging) {
    provider.paging = paging;
    for (long wrong : new long[] {0, 1, 24, 26, 1000}) {
      for (int count : new int[] {1, 10, 20, 25}) {
        cloud.with("a", rows(count));
        cloud.total = ignored -> wrong;
        RunListing listing = client().listAllRuns(JobQuery.ALL);
        assertThat(ids(listing.stream().toList())).isEqualTo(expected(count));
        assertThat(listing.coverage().isComplete()).isTrue();
        if (wrong != count) {
          assertThat(listing.coverage().sources().get(0).notes())
              .contains("the vendor counts " + wrong + " runs, its listing gave " + count);
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Paging.class)
  void aVendorThatGivesSmallerPagesThanAskedForLosesNothing(Paging paging) {
    provider.paging = paging;
    for (int clamp : new int[] {2, 3, 4, 9}) {
      cloud.clamp = clamp;
      cloud.with("a", rows(47));
      assertThat(all(JobQuery.ALL)).as("clamped to %d", clamp).isEqualTo(expected(47));
    }
  }

  @Test
  void aVendorThatIgnoresTheLimitLosesNothing() {
    cloud.ignoresLimit = true;
    cloud.with("a", rows(47));
    assertThat(all(JobQuery.ALL)).isEqualTo(expected(47));
  }

  @Test
  void howAListEndsCostsNoMoreRequestsThanTheVendorsCountAsksFor() {
    assertThat(requests(7, count -> count)).as("a short page, counted right").isEqualTo(1);
    assertThat(requests(7, null)).as("a short page, not counted").isEqualTo(1);
    assertThat(requests(7, count -> count - 1)).as("counted too low").isEqualTo(1);
    assertThat(requests(7, count -> count + 1)).as("counted too high").isEqualTo(2);
    assertThat(requests(0, count -> count)).as("nothing").isEqualTo(1);
    assertThat(requests(0, count -> 5)).as("nothing from the first on").isEqualTo(1);
    assertThat(requests(10, count -> count)).as("a full page").isEqualTo(2);
    assertThat(requests(10, count -> count + 1)).as("nothing further on").isEqualTo(2);
    cloud.ignoresLimit = true;
    assertThat(requests(25, count -> count)).as("all at once").isEqualTo(1);
    assertThat(requests(25, null)).as("perhaps all at once").isEqualTo(2);
    assertThat(requests(25, count -> count + 1)).as("not all at once").isEqualTo(2);
  }

  private int requests(int count, @Nullable LongUnaryOperator total) {
    cloud.asked.clear();
    cloud.with("a", rows(count));
    cloud.total = total;
    assertThat(all(JobQuery.ALL)).isEqualTo(expected(count));
    return cloud.asked.size();
  }

  @ParameterizedTest
  @EnumSource(Paging.class)
  void anEmptyPageInTheMiddleIsNotTheEnd(Paging paging) {
    provider.paging = paging;
    cloud.with("a", rows(47));
    cloud.emptyAnswers.add(3);
    assertThat(all(JobQuery.ALL)).isEqualTo(expected(47));
  }

  @Test
  void aVendorThatGivesNothingBeyondSomeOffsetEndsAndIsNotCovered() {
    cloud.with("a", rows(47));
    IntStream.range(3, 100).filter(i -> i % 2 == 1).forEach(cloud.emptyAnswers::add);
    RunListing listing = client().listAllRuns(JobQuery.ALL);
    assertThat(listing.stream()).hasSizeGreaterThanOrEqualTo(19);
    assertThat(listing.coverage().isComplete()).isFalse();
    assertThat(cloud.asked).hasSizeLessThan(10);
  }

  @Test
  void aCappedListingSaysSoAndLeavesLaterScopesComplete() {
    provider.scopes = List.of(new Scope("r1", List.of("a"), ""), new Scope("r1", List.of("b"), ""));
    cloud.with("a", rows(5)).with("b", rows("b", 2, "OK"));
    cloud.capped = true;
    cloud.beforeListing = number -> cloud.capped = number == 1;
    RunListing listing = client().listAllRuns(JobQuery.ALL);
    List<JobPage> pages = new ArrayList<>();
    listing.byPage().forEach(pages::add);
    assertThat(pages.get(1).total()).isEqualTo(new Total(7, false));
    assertThat(listing.coverage().sources())
        .extracting(Coverage.Source::complete)
        .containsExactly(false, true);
    assertThat(listing.coverage().sources().get(0).notes())
        .contains("the vendor gave only its latest 5 runs");
  }

  // ---- loops

  @ParameterizedTest
  @EnumSource(Paging.class)
  void aVendorThatIgnoresTheOffsetIsALoop(Paging paging) {
    provider.paging = paging;
    cloud.ignoresOffset = true;
    cloud.with("a", rows(60));
    RunListing listing = client().listAllRuns(JobQuery.ALL);
    List<JobRun> got = new ArrayList<>();
    PagingException loop =
        catchThrowableOfType(PagingException.class, () -> listing.forEach(got::add));
    assertThat(loop.kind()).isEqualTo(PagingException.Kind.LOOP);
    assertThat(loop).hasMessageStartingWith("stub-jobs ListRuns: LOOP: ");
    assertThat(ids(got)).doesNotHaveDuplicates();
    assertThat(cloud.asked).hasSizeLessThanOrEqualTo(5);
    assertThat(listing.coverage().isComplete()).isFalse();
  }

  @ParameterizedTest
  @EnumSource(Paging.class)
  void aVendorThatIgnoresTheOffsetIsALoopTokenByTokenToo(Paging paging) {
    provider.paging = paging;
    cloud.ignoresOffset = true;
    cloud.with("a", rows(60));
    PagingException loop =
        catchThrowableOfType(PagingException.class, () -> byTokens(JobQuery.ALL));
    assertThat(loop.kind()).isEqualTo(PagingException.Kind.LOOP);
    assertThat(cloud.asked).hasSizeLessThanOrEqualTo(5);
  }

  // ---- drift

  private interface Change {
    /** Changes the rows; the ids it touches are added to {@code touched}. */
    void change(List<Row> rows, Random random, Set<String> touched);
  }

  private static final Change INSERTS =
      (rows, random, touched) -> {
        for (int i = random.nextInt(4); i > 0; i--) {
          String id = "new" + touched.size();
          touched.add(id);
          rows.add(random.nextInt(rows.size() + 1), new Row(id, "OK"));
        }
      };

  private static final Change DELETES =
      (rows, random, touched) -> {
        for (int i = random.nextInt(4); i > 0 && !rows.isEmpty(); i--) {
          touched.add(rows.remove(random.nextInt(rows.size())).id);
        }
      };

  private static final Change BOTH =
      (rows, random, touched) -> {
        INSERTS.change(rows, random, touched);
        DELETES.change(rows, random, touched);
      };

  private static final Change SWAPS =
      (rows, random, touched) -> {
        int at = random.nextInt(rows.size() - 1);
        rows.add(at, rows.remove(at + 1));
      };

  private static final Change BURSTS =
      (rows, random, touched) -> {
        if (random.nextInt(3) == 0) {
          for (int i = 0; i < 40; i++) {
            String id = "new" + touched.size();
            touched.add(id);
            rows.add(0, new Row(id, "OK"));
          }
        }
      };

  private enum DriftKind {
    INSERTED,
    DELETED,
    BOTH_AT_ONCE,
    SWAPPED,
    BURSTS_IN_FRONT;

    Change change() {
      return switch (this) {
        case INSERTED -> INSERTS;
        case DELETED -> DELETES;
        case BOTH_AT_ONCE -> BOTH;
        case SWAPPED -> SWAPS;
        case BURSTS_IN_FRONT -> BURSTS;
      };
    }
  }

  @ParameterizedTest
  @EnumSource(DriftKind.class)
  void driftLosesNoRunThatStayedAndRepeatsNone(DriftKind kind) {
    for (int seed = 0; seed < (kind == DriftKind.BURSTS_IN_FRONT ? 40 : 200); seed++) {
      provider.paging = seed % 2 == 0 ? Paging.OFFSET : Paging.PAGE_NUMBER;
      Random random = new Random(seed);
      StubCloud drifting = new StubCloud().with("a", rows(40 + random.nextInt(160)));
      List<Row> live = drifting.scopes.getOrDefault("a", List.of());
      Set<String> touched = new java.util.HashSet<>();
      List<String> before = live.stream().map(row -> row.id).toList();
      drifting.beforeListing =
          number -> {
            if (number > 1 && number < 40) {
              kind.change().change(live, random, touched);
            }
          };
      provider.maxPage = 8 + random.nextInt(30);
      RunListing listing = StubBuilder.of(provider, drifting).build().listAllRuns(JobQuery.ALL);
      List<String> got = ids(listing.stream().toList());
      List<String> stayed = before.stream().filter(id -> !touched.contains(id)).toList();
      assertThat(got).as("seed %d", seed).doesNotHaveDuplicates().containsAll(stayed);
      assertThat(listing.coverage().isComplete()).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource(DriftKind.class)
  void driftBetweenPagesThatAreReadByTokensLosesNoRunThatStayedAndRepeatsNone(DriftKind kind) {
    for (int seed = 0; seed < 40; seed++) {
      provider.paging = seed % 2 == 0 ? Paging.OFFSET : Paging.PAGE_NUMBER;
      Random random = new Random(seed);
      cloud.asked.clear();
      cloud.with("a", rows(40 + random.nextInt(500)));
      List<Row> live = cloud.scopes.getOrDefault("a", List.of());
      Set<String> touched = new java.util.HashSet<>();
      List<String> before = live.stream().map(row -> row.id).toList();
      cloud.beforeListing =
          number -> {
            if (cloud.asked.size() > 0 && cloud.asked.size() < 40) {
              kind.change().change(live, random, touched);
            }
          };
      provider.maxPage = 8 + random.nextInt(30);
      List<JobPage> pages = byTokens(JobQuery.ALL);
      List<String> stayed = before.stream().filter(id -> !touched.contains(id)).toList();
      assertThat(idsOf(pages)).as("seed %d", seed).doesNotHaveDuplicates().containsAll(stayed);
      assertThat(pages).noneMatch(page -> page.drift().mayRepeat());
      if (kind != DriftKind.BURSTS_IN_FRONT) {
        assertThat(pages).noneMatch(page -> page.drift().mayMiss());
      }
    }
  }

  /** Between two pages more runs come or go than a token remembers. */
  @ParameterizedTest
  @EnumSource(Paging.class)
  void aTokenThatIsResumedLongAfterLosesNothingAndRepeatsNothingWithoutAWord(Paging paging) {
    provider.paging = paging;
    int reported = 0;
    for (int seed = 0; seed < 60; seed++) {
      Random random = new Random(seed);
      cloud.total = seed % 3 == 0 ? null : count -> count;
      cloud.with("a", rows(900));
      List<Row> live = cloud.scopes.getOrDefault("a", List.of());
      JobQuery query = JobQuery.builder().pageSize(30 + random.nextInt(70)).build();
      JobPage page = client().listRuns(query);
      List<String> got = new ArrayList<>(ids(page.runs()));
      for (int i = random.nextInt(8); i > 0; i--) {
        page = client().listRuns(query, page.nextPageToken().orElseThrow());
        got.addAll(ids(page.runs()));
      }
      int come = random.nextInt(1 + random.nextInt(2500));
      int go = random.nextInt(1 + random.nextInt(400));
      live.subList(0, go).clear();
      live.addAll(0, rows("new", come, "OK"));
      int at = random.nextInt(live.size() - 1);
      live.add(at, live.remove(at + 1));
      cloud.asked.clear();
      boolean mayRepeat = false;
      while (page.nextPageToken().isPresent()) {
        page = client().listRuns(query, page.nextPageToken().get());
        got.addAll(ids(page.runs()));
        mayRepeat |= page.drift().mayRepeat();
        assertThat(cloud.asked).as("seed %d", seed).hasSizeLessThan(200);
        assertThat(page.drift().mayMiss()).isFalse();
        assertThat(page.total().exact()).isEqualTo(page.nextPageToken().isEmpty() && !mayRepeat);
      }
      assertThat(got).as("seed %d", seed).containsAll(expected(900).subList(go, 900));
      if (!mayRepeat) {
        assertThat(got).as("seed %d: %d came, %d went", seed, come, go).doesNotHaveDuplicates();
      }
      reported += mayRepeat ? 1 : 0;
    }
    assertThat(reported).isLessThan(6);
  }

  @Test
  void aTokenWhoseRunsAreAllGoneIsResumedAtTheBeginningAndSaysSo() {
    cloud.with("a", rows(600));
    JobQuery query = JobQuery.builder().pageSize(100).build();
    List<String> got = new ArrayList<>();
    JobPage page = client().listRuns(query);
    for (int i = 0; i < 4; i++) {
      page = client().listRuns(query, page.nextPageToken().orElseThrow());
    }
    PageToken token = page.nextPageToken().orElseThrow();
    List<Row> live = cloud.scopes.getOrDefault("a", List.of());
    live.subList(100, 580).clear();
    cloud.asked.clear();
    JobPage again = client().listRuns(query, token);
    assertThat(again.drift().mayRepeat()).isTrue();
    assertThat(again.notes())
        .contains("the token does not remember all runs that were given; some may come again");
    got.addAll(ids(again.runs()));
    again = client().listRuns(query, again.nextPageToken().orElseThrow());
    got.addAll(ids(again.runs()));
    assertThat(got).hasSize(120).containsAll(expected(600).subList(580, 600));
    assertThat(again.total().exact()).isFalse();
    assertThat(cloud.asked).hasSizeLessThan(10);
  }

  @Test
  void aRunThatMovesFromOneSliceToTheNextComesOnceByTokensToo() {
    provider.scopes =
        List.of(new Scope("r1", List.of("a"), "RUN"), new Scope("r1", List.of("a"), "OK"));
    for (int count : new int[] {25, 400}) {
      List<Row> live = new ArrayList<>(rows("x", count, "RUN"));
      live.addAll(rows("y", 30, "OK"));
      cloud.with("a", live);
      cloud.asked.clear();
      cloud.beforeListing =
          number -> {
            if (cloud.asked.size() > 1) {
              live.get(cloud.asked.size()).state = "OK";
            }
          };
      List<JobPage> pages = byTokens(JobQuery.builder().pageSize(100).build());
      boolean mayRepeat = pages.stream().anyMatch(page -> page.drift().mayRepeat());
      assertThat(mayRepeat).isEqualTo(count > SeenRuns.MEMORY);
      assertThat(idsOf(pages)).hasSizeGreaterThanOrEqualTo(count + 30);
      if (!mayRepeat) {
        assertThat(idsOf(pages)).doesNotHaveDuplicates();
      }
    }
  }

  /** Shows the lists of group "a" in those slices by its jobs "b" and "c". */
  private static StubProvider byJobs(String slices) {
    return new StubProvider() {
      @Override
      public Step<Slice> runs(Scope scope, JobQuery query, long offset, int limit) {
        String last = scope.path().get(scope.path().size() - 1);
        Step<Slice> step =
            super.runs(new Scope("r1", List.of(last), scope.slice()), query, offset, limit);
        return last.equals("a") && scope.slice().matches(slices)
            ? step.map(
                slice ->
                    slice.shownBy(
                        Stream.of("b", "c")
                            .map(job -> new Scope("r1", List.of("a", job), scope.slice()))
                            .toList()))
            : step;
      }
    };
  }

  @ParameterizedTest
  @ValueSource(strings = {"RUN", "OK", "RUN|OK"})
  void aRunThatMovesFromOneSliceToTheNextComesOnceWhereTheirListsAreReadByJobs(String cut) {
    provider = byJobs(cut);
    provider.scopes =
        Stream.of("a", "d")
            .flatMap(group -> Stream.of("RUN", "OK").map(s -> new Scope("r1", List.of(group), s)))
            .toList();
    List<Row> first = rows("b", 3, "RUN");
    List<Row> second = rows("c", 3, "RUN");
    List<Row> both = new ArrayList<>(first);
    both.addAll(second);
    cloud.with("a", both).with("b", first).with("c", second).with("d", rows("d", 3, "OK"));
    for (int move = 0; move <= 8; move++) {
      int last = move;
      cloud.beforeListing = number -> both.forEach(row -> row.state = number > last ? "OK" : "RUN");
      cloud.asked.clear();
      List<String> listed = all(JobQuery.ALL);
      cloud.asked.clear();
      List<JobPage> pages = byTokens(JobQuery.ALL);
      assertThat(listed)
          .as("after %d requests", move)
          .containsExactlyInAnyOrder("b0", "b1", "b2", "c0", "c1", "c2", "d0", "d1", "d2");
      assertThat(idsOf(pages)).isEqualTo(listed);
      assertThat(pages).noneMatch(page -> page.drift().mayRepeat());
    }
  }

  /** Only where a run can move to another slice need it be known which ones were read. */
  @Test
  void aListOfOneSliceThatIsReadByJobsIsNotSaidToRepeatRuns() {
    provider = byJobs("OK");
    provider.scopes = List.of(new Scope("r1", List.of("a"), "OK"));
    cloud.with("a", rows("a", 3, "OK"));
    cloud.with("b", rows("b", 300, "OK")).with("c", rows("c", 300, "OK"));
    List<JobPage> pages = byTokens(JobQuery.builder().pageSize(100).build());
    assertThat(idsOf(pages)).hasSize(600).doesNotHaveDuplicates();
    assertThat(pages).noneMatch(page -> page.drift().mayRepeat());
  }

  @Test
  void driftOverSlicesLosesNoRunThatStayedAndRepeatsNone() {
    for (int seed = 0; seed < 100; seed++) {
      Random random = new Random(seed);
      List<Row> live = new ArrayList<>(rows(120));
      live.forEach(row -> row.state = random.nextBoolean() ? "WAIT" : "RUN");
      StubCloud drifting = new StubCloud();
      drifting.scopes.put("a", live);
      provider.scopes =
          List.of(new Scope("r1", List.of("a"), "WAIT"), new Scope("r1", List.of("a"), "RUN"));
      Set<String> touched = new java.util.HashSet<>();
      drifting.beforeListing =
          number -> {
            if (number > 1 && number < 60) {
              for (int i = 0; i < 3; i++) {
                Row row = live.get(random.nextInt(live.size()));
                row.state = row.state.equals("WAIT") ? "RUN" : "OK";
                touched.add(row.id);
              }
              DELETES.change(live, random, touched);
            }
          };
      List<String> got =
          ids(
              StubBuilder.of(provider, drifting).build().listAllRuns(JobQuery.ALL).stream()
                  .toList());
      assertThat(got)
          .as("seed %d", seed)
          .doesNotHaveDuplicates()
          .containsAll(expected(120).stream().filter(id -> !touched.contains(id)).toList());
    }
  }

  @Test
  void aListingWhoseRunsAreAllDeletedEnds() {
    cloud.with("a", rows(60));
    cloud.beforeListing =
        number -> {
          if (number == 2) {
            cloud.with("a", List.of());
          }
        };
    assertThat(all(JobQuery.ALL)).isEqualTo(expected(10));
  }

  @Test
  void aSteppedBackPageSaysSo() {
    cloud.with("a", rows(60));
    cloud.beforeListing =
        number -> {
          if (number == 2) {
            cloud.scopes.getOrDefault("a", List.of()).subList(0, 5).clear();
          }
        };
    RunListing listing = client().listAllRuns(JobQuery.ALL);
    assertThat(ids(listing.stream().toList())).isEqualTo(expected(60));
    assertThat(listing.coverage().sources().get(0).notes())
        .contains("runs moved between pages while they were read; the listing stepped back");
    assertThat(listing.coverage().sources().get(0).drift())
        .isEqualTo(new Drift(1, 0, false, false));
    assertThat(listing.coverage().isComplete()).isTrue();
  }

  @Test
  void aTokenIsResumedWithoutReadingAllAgainWhenItsLastRunIsGone() {
    cloud.with("a", rows(60));
    PageToken token = client().listRuns(JobQuery.ALL).nextPageToken().orElseThrow();
    token = client().listRuns(JobQuery.ALL, token).nextPageToken().orElseThrow();
    cloud.scopes.getOrDefault("a", List.of()).remove(19);
    cloud.asked.clear();
    List<String> rest = ids(client().listAllRuns(JobQuery.ALL, token).stream().toList());
    assertThat(rest).containsAll(expected(60).subList(20, 60)).doesNotHaveDuplicates();
    assertThat(rest).hasSizeLessThan(60);
  }

  @Test
  void aTokenOfNumberedPagesCanBeResumedWithAnotherPageSize() {
    provider.paging = Paging.PAGE_NUMBER;
    cloud.with("a", rows(47));
    PageToken token =
        client().listRuns(JobQuery.builder().pageSize(10).build()).nextPageToken().orElseThrow();
    List<String> rest =
        ids(client().listAllRuns(JobQuery.builder().pageSize(7).build(), token).stream().toList());
    assertThat(rest).doesNotHaveDuplicates().containsAll(expected(47).subList(10, 47));
  }

  @ParameterizedTest
  @EnumSource(Paging.class)
  void anOrderThatPagesCannotBeJoinedByIsReported(Paging paging) {
    provider.paging = paging;
    cloud.with("a", rows(100));
    List<Row> live = cloud.scopes.getOrDefault("a", List.of());
    cloud.beforeListing =
        number -> {
          if (number == 3) {
            java.util.Collections.reverse(live.subList(0, 60));
          }
        };
    RunListing listing =
        client().listAllRuns(JobQuery.builder().pageSize(20).resolveNames(false).build());
    List<JobPage> pages = new ArrayList<>();
    listing.byPage().forEach(pages::add);
    assertThat(pages).anyMatch(page -> page.drift().mayMiss());
    assertThat(listing.coverage().isComplete()).isFalse();
    assertThat(listing.coverage().sources().get(0).drift().overtaken()).isPositive();
    assertThat(pages.get(pages.size() - 1).total().exact()).isFalse();
  }

  @Test
  void pagesThatCannotOverlapAreNoCompleteListing() {
    provider.maxPage = 1;
    cloud.with("a", rows(3));
    RunListing listing = client().listAllRuns(JobQuery.ALL);
    assertThat(ids(listing.stream().toList())).isEqualTo(expected(3));
    assertThat(listing.coverage().sources().get(0).drift().mayMiss()).isTrue();
    assertThat(listing.coverage().isComplete()).isFalse();
  }

  @ParameterizedTest
  @EnumSource(Paging.class)
  void aListThatBringsTheSameFewRunsInAnyOrderEnds(Paging paging) {
    provider.paging = paging;
    List<Row> few = rows(17);
    cloud.with("a", IntStream.range(0, 2000).mapToObj(i -> few.get(i % 17)).toList());
    PagingException drift = catchThrowableOfType(PagingException.class, () -> all(JobQuery.ALL));
    assertThat(drift.kind()).isEqualTo(PagingException.Kind.DRIFT);
    assertThat(drift).hasMessageContaining("narrow the query");
    assertThat(cloud.asked).hasSizeLessThan(60);
  }

  // ---- slices

  @Test
  void aRunThatMovesFromOneSliceToTheNextComesOnce() {
    provider.scopes =
        List.of(new Scope("r1", List.of("a"), "RUN"), new Scope("r1", List.of("a"), "OK"));
    List<Row> live = new ArrayList<>(rows("x", 4, "RUN"));
    live.addAll(rows("y", 3, "OK"));
    cloud.with("a", live);
    cloud.beforeListing =
        number -> {
          if (number == 2) {
            live.get(1).state = "OK";
          }
        };
    assertThat(all(JobQuery.ALL)).containsExactly("x0", "x1", "x2", "x3", "y0", "y1", "y2");
  }

  @Test
  void theSameIdInAnotherScopeIsAnotherRun() {
    provider.scopes =
        List.of(
            new Scope("r1", List.of("a"), ""),
            new Scope("r2", List.of("a"), ""),
            new Scope("r2", List.of("b"), ""));
    cloud.with("a", rows(3)).with("b", rows(3));
    assertThat(all(JobQuery.ALL)).hasSize(9);
  }

  // ---- tokens

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "!!!", "bnVsbA", "e30", "W10", "InRleHQi", "eyJ2IjoxfQ", "空"})
  void whatIsNoTokenIsRefusedBeforeAnythingIsSent(String text) {
    assertInvalid(JobQuery.ALL, new PageToken(text));
  }

  @Test
  void aTokenLeadsOnlyToWhatTheQueryAndTheConfigurationName() {
    Scope a = new Scope("r1", List.of("a"), "");
    Scope within = new Scope("r1", List.of("a", "x"), "");
    Scope slice = new Scope("r1", List.of("a"), "OK");
    assertThat(isLed(a, a)).isTrue();
    assertThat(isLed(within, a)).isTrue();
    assertThat(isLed(slice, a)).isTrue();
    assertThat(isLed(a, new Scope("r1", List.of("b"), ""), a)).isTrue();
    assertThat(isLed(a, new Scope("r1", List.of("b"), ""))).isFalse();
    assertThat(isLed(a, within)).isFalse();
    assertThat(isLed(a, slice)).isFalse();
    assertThat(isLed(slice, new Scope("r1", List.of("a"), "BAD"))).isFalse();
    assertThat(isLed(new Scope("r1", List.of("b", "x"), ""), a)).isFalse();
    assertThat(isLed(a, new Scope("r2", List.of("a"), ""))).isFalse();
  }

  /** Tells whether a token for a scope is good where these are named. */
  private boolean isLed(Scope scope, Scope... named) {
    cloud.with("a", rows(25)).with("b", rows(25));
    provider.scopes = List.of(scope);
    PageToken token = client().listRuns(JobQuery.ALL).nextPageToken().orElseThrow();
    provider.scopes = List.of(named);
    cloud.asked.clear();
    try {
      return !client().listRuns(JobQuery.ALL, token).runs().isEmpty();
    } catch (PagingException e) {
      assertThat(e).hasMessageContaining("do not name");
      assertThat(cloud.asked).isEmpty();
      return false;
    }
  }

  @Test
  void aHintIsGivenOnlyWhereNothingWasReadAndNothingElseTellsWhy() {
    StubProvider hinting =
        new StubProvider() {
          @Override
          public List<String> hintsWhenEmpty() {
            return List.of("check the region");
          }
        };
    hinting.pushed = EnumSet.of(Filter.RUN_ID, Filter.JOB, Filter.STATE);
    hinting.local = EnumSet.of(Filter.NAME);
    JobClient client = StubBuilder.of(hinting, cloud).build();
    cloud.with("a", List.of());
    JobQuery skipped = JobQuery.builder().states(JobState.SKIPPED).build();
    JobQuery failed = JobQuery.builder().states(JobState.FAILED).build();
    assertThat(client.listRuns(JobQuery.ALL).notes()).containsExactly("check the region");
    assertThat(client.listRuns(JobQuery.builder().job("a").build()).notes())
        .containsExactly("check the region");
    assertThat(client.listRuns(failed).notes()).as("a state is no mistake").isEmpty();
    assertThat(client.listRuns(skipped).notes())
        .containsExactly("stub-jobs never reports [SKIPPED]");
    hinting.scopes = List.of();
    assertThat(client.listRuns(JobQuery.ALL).notes()).containsExactly("check the region");

    hinting.scopes = List.of(new Scope("r1", List.of("a"), ""));
    cloud.with("a", rows(3));
    JobQuery name = JobQuery.builder().name("nothing").build();
    assertThat(client.listRuns(name).notes()).as("rows were read and dropped").isEmpty();
    cloud.with("a", rows(10));
    PageToken token = client.listRuns(JobQuery.ALL).nextPageToken().orElseThrow();
    assertThat(client.listRuns(JobQuery.ALL, token).notes()).as("the last page").isEmpty();
    PageToken dropped = client.listRuns(name).nextPageToken().orElseThrow();
    assertThat(client.listRuns(name, dropped).notes()).as("all dropped before").isEmpty();
  }

  @Test
  void aCutTokenIsRefusedWhereverItIsCut() {
    cloud.with("a", rows(25));
    String token = client().listRuns(JobQuery.ALL).nextPageToken().orElseThrow().value();
    cloud.asked.clear();
    for (int end = 0; end < token.length(); end++) {
      assertInvalid(JobQuery.ALL, new PageToken(token.substring(0, end)));
    }
  }

  @Test
  void aTokenWithNumbersThatNoListingHasIsRefused() {
    cloud.with("a", rows(25));
    String token = client().listRuns(JobQuery.ALL).nextPageToken().orElseThrow().value();
    cloud.asked.clear();
    String json = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
    for (String bad :
        List.of(
            json.replace("\"o\":10", "\"o\":-1"),
            json.replace("\"o\":10", "\"o\":1.5"),
            json.replace("\"o\":10", "\"o\":99999999999999999999"),
            json.replace("\"t\":[[", "\"t\":[[[],"))) {
      assertThat(bad).isNotEqualTo(json);
      assertInvalid(
          JobQuery.ALL,
          new PageToken(
              Base64.getUrlEncoder().encodeToString(bad.getBytes(StandardCharsets.UTF_8))));
    }
  }

  /** Changes a token's text; the query's listing must have more than one page. */
  private PageToken changed(JobQuery query, String part, String other) {
    String token = client().listRuns(query).nextPageToken().orElseThrow().value();
    String json = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
    assertThat(json).contains(part);
    cloud.asked.clear();
    return new PageToken(
        Base64.getUrlEncoder()
            .encodeToString(json.replace(part, other).getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void aTokenThatWasChangedLeadsNowhereElse() {
    cloud.with("a", rows(25)).with("b", rows(25));
    for (String other : List.of("[\"r9\",[\"a\"]", "[\"evil.com/\",[\"a\"]", "[\"r1\",[\"b\"]")) {
      assertInvalid(JobQuery.ALL, changed(JobQuery.ALL, "[\"r1\",[\"a\"]", other));
    }
    for (String other : List.of("9223372036854775807", "2147483648")) {
      assertInvalid(JobQuery.ALL, changed(JobQuery.ALL, "\"o\":10", "\"o\":" + other));
    }
    assertInvalid(JobQuery.ALL, changed(JobQuery.ALL, "\"w\":5", "\"w\":11"));
    assertInvalid(JobQuery.ALL, changed(JobQuery.ALL, "\"p\":0", "\"p\":11"));
    JobQuery byIds =
        JobQuery.builder()
            .runs(IntStream.range(0, 7).mapToObj(i -> client().runRef("r" + i)).toList())
            .build();
    assertInvalid(byIds, changed(byIds, "\"o\":3", "\"o\":7"));
  }

  @ParameterizedTest
  @EnumSource(Paging.class)
  void aTokenFarBehindTheEndOfTheListFindsItInAFewRequests(Paging paging) {
    provider.paging = paging;
    cloud.with("a", rows(25));
    PageToken far = changed(JobQuery.ALL, "\"o\":10", "\"o\":2147483647");
    assertThat(ids(client().listAllRuns(JobQuery.ALL, far).stream().toList()))
        .isEqualTo(expected(25).subList(10, 25));
    assertThat(cloud.asked).hasSizeLessThan(8);
    cloud.total = null;
    cloud.asked.clear();
    assertThat(ids(client().listAllRuns(JobQuery.ALL, far).stream().toList()))
        .isEqualTo(expected(25).subList(10, 25));
    assertThat(cloud.asked).hasSizeLessThan(50);
  }

  @Test
  void aTokenOfAnotherQueryOrRegionIsRefused() {
    cloud.with("a", rows(25));
    PageToken token = client().listRuns(JobQuery.ALL).nextPageToken().orElseThrow();
    cloud.asked.clear();
    assertInvalid(JobQuery.builder().name("x").build(), token);
    assertInvalid(JobQuery.builder().states(JobState.FAILED).build(), token);
    assertInvalid(JobQuery.builder().extra("Priority", "1").build(), token);
    JobClient elsewhere = StubBuilder.of(provider, cloud).region("r2").build();
    assertThatThrownBy(() -> elsewhere.listRuns(JobQuery.ALL, token))
        .isInstanceOf(PagingException.class);
    assertThat(cloud.asked).isEmpty();
  }

  @Test
  void aTokenFitsTheSameQueryOfAnotherSizeAndAnotherOrderOfTags() {
    cloud.with("a", rows(25));
    JobQuery one = JobQuery.builder().extra("Priority", "1").tag("a", "1").tag("b", "2").build();
    JobQuery two =
        JobQuery.builder()
            .tag("b", "2")
            .tag("a", "1")
            .extra("Priority", "1")
            .limit(100)
            .pageSize(7)
            .build();
    PageToken token = client().listRuns(one).nextPageToken().orElseThrow();
    assertThat(client().listRuns(two, token).runs()).isEmpty();
  }

  private void assertInvalid(JobQuery query, PageToken token) {
    PagingException invalid =
        catchThrowableOfType(PagingException.class, () -> client().listRuns(query, token));
    assertThat(invalid).as("token %s", token).isNotNull();
    assertThat(invalid.kind()).isEqualTo(PagingException.Kind.INVALID_TOKEN);
    assertThat(invalid.cloud()).hasValue("stub-jobs");
    assertThat(cloud.asked).isEmpty();
  }

  // ---- failures

  @Test
  void aFailureInTheMiddleSaysWhereToGoOnAndGoesOnThere() {
    cloud.with("a", rows(47));
    cloud.errors.put(3, StubTransport.response(403, "ACCESS_DENIED"));
    RunListing listing = client().listAllRuns(JobQuery.ALL);
    List<JobRun> got = new ArrayList<>();
    JobServiceException error =
        catchThrowableOfType(JobServiceException.class, () -> listing.forEach(got::add));
    assertThat(got).hasSize(20);
    PageToken token = error.resumeToken().orElseThrow();
    Coverage coverage = listing.coverage();
    assertThat(coverage.isComplete()).isFalse();
    assertThat(coverage.sources())
        .anySatisfy(
            source -> {
              assertThat(source.error()).contains(error);
              assertThat(source.resumeToken()).contains(token);
            });
    List<String> both = new ArrayList<>(ids(got));
    both.addAll(ids(client().listAllRuns(JobQuery.ALL, token).stream().toList()));
    assertThat(both).isEqualTo(expected(47));
  }

  @Test
  void aPartThatIsRefusedInsideAnAnswerIsToldWithoutTheSecretThatItRepeats() {
    provider.scopes = List.of(new Scope("r1", List.of("a"), ""), new Scope("r1", List.of("b"), ""));
    cloud.with("a", rows(3)).with("b", rows(4));
    String secret = "canary-the-secret-0123456789";
    cloud.errors.put(
        1, StubTransport.response(200, "{\"error\":\"ACCESS_DENIED:not with " + secret + "\"}"));
    List<JobException> told = new ArrayList<>();
    CallListener listener =
        new CallListener() {
          @Override
          public void attempted(Call call, Attempt attempt) {
            attempt.problem().ifPresent(told::add);
          }
        };
    JobClient client = StubBuilder.of(provider, cloud).listener(listener).build();
    RunListing listing = client.listAllRuns(JobQuery.ALL);
    List<String> notes = new ArrayList<>();
    listing.byPage().forEach(page -> notes.addAll(page.notes()));

    assertThat(notes).anyMatch(note -> note.contains("not with ***"));
    assertThat(notes).noneMatch(note -> note.contains("canary"));
    assertThat(listing.coverage().sources())
        .anySatisfy(
            source ->
                assertThat(source.error().orElseThrow())
                    .hasMessageContaining("not with ***")
                    .hasMessageNotContaining("canary"));
    assertThat(told)
        .singleElement()
        .satisfies(
            problem ->
                assertThat(problem)
                    .hasMessageContaining("not with ***")
                    .hasMessageNotContaining("canary"));
  }

  /** Returns how each fails that runs into the same failure, which comes when all wait for it. */
  private static List<JobException> failTogether(CountDownLatch failure, List<Runnable> callers)
      throws InterruptedException {
    Map<Integer, JobException> problems = new ConcurrentHashMap<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < callers.size(); i++) {
      int number = i;
      threads.add(
          new Thread(
              () ->
                  problems.put(
                      number, catchThrowableOfType(JobException.class, callers.get(number)::run))));
    }
    for (Thread thread : threads) {
      thread.start();
      while (thread.getState() != Thread.State.WAITING) {
        Thread.onSpinWait();
      }
    }
    failure.countDown();
    for (Thread thread : threads) {
      thread.join();
    }
    return List.copyOf(new TreeMap<>(problems).values());
  }

  @Test
  void aFailureThatTwoListingsShareTellsEachWhereItGoesOnItself() throws InterruptedException {
    cloud.with("a", rows(47));
    TestTime time = TestTime.standing();
    CountDownLatch failure = new CountDownLatch(1);
    AtomicInteger looks = new AtomicInteger();
    CredentialsProvider source =
        new CredentialsProvider() {
          @Override
          public String account() {
            return "acc";
          }

          @Override
          public Step<Credentials> resolve() {
            if (looks.incrementAndGet() == 1) {
              return Step.done(
                  Credentials.token("canary-token-token-canary", time.now().plusSeconds(60)));
            }
            try {
              failure.await();
            } catch (InterruptedException e) {
              throw new IllegalStateException(e);
            }
            throw new CredentialsException("the source is down");
          }
        };
    JobClient client = StubBuilder.of(provider, cloud).credentials(source).time(time).build();
    RunListing far = client.listAllRuns(JobQuery.ALL);
    Iterator<JobPage> farPages = far.byPage().iterator();
    List<String> begun = new ArrayList<>(ids(farPages.next().runs()));
    begun.addAll(ids(farPages.next().runs()));
    RunListing near = client.listAllRuns(JobQuery.ALL);
    Iterator<JobPage> nearPages = near.byPage().iterator();
    JobPage first = nearPages.next();
    time.advance(Duration.ofMinutes(2));

    List<JobException> problems =
        failTogether(
            failure,
            List.of(
                farPages::next,
                nearPages::next,
                () -> client.getRun(provider.runRef(List.of("r1")))));

    assertThat(looks).hasValue(2);
    assertThat(problems)
        .hasSize(3)
        .doesNotHaveDuplicates()
        .allSatisfy(
            problem ->
                assertThat(problem)
                    .isInstanceOf(CredentialsException.class)
                    .hasRootCauseMessage("the source is down"));
    assertThat(problems)
        .extracting(problem -> problem.operation().orElseThrow())
        .containsExactly("ListRuns", "ListRuns", "GetRuns");
    assertThat(problems.get(1).resumeToken()).isEqualTo(first.nextPageToken());
    assertThat(problems.get(2).resumeToken()).isEmpty();
    assertThat(near.coverage().sources())
        .anySatisfy(part -> assertThat(part.error()).containsSame(problems.get(1)));
    PageToken token = problems.get(0).resumeToken().orElseThrow();
    begun.addAll(ids(client().listAllRuns(JobQuery.ALL, token).stream().toList()));
    assertThat(begun).isEqualTo(expected(47));
  }

  @Test
  void aConnectionThatFailsTwoListingsTellsEachWhereItGoesOnItself() throws InterruptedException {
    cloud.with("a", rows(47));
    JobPage one = client().listRuns(JobQuery.ALL);
    PageToken near = one.nextPageToken().orElseThrow();
    PageToken far = client().listRuns(JobQuery.ALL, near).nextPageToken().orElseThrow();
    StubProvider connecting =
        new StubProvider() {
          @Override
          public Step<JobProvider> connect() {
            return Step.ask(
                read("Connect", WireRequest.get(endpoint).path("/connect").build()),
                response -> Step.done(provider));
          }
        };
    CountDownLatch failure = new CountDownLatch(1);
    StubTransport transport =
        new StubTransport()
            .future(
                CompletableFuture.supplyAsync(
                    () -> {
                      try {
                        failure.await();
                      } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                      }
                      return StubTransport.response(403, "ACCESS_DENIED");
                    }));
    JobClient client = StubBuilder.of(connecting, transport).build();

    List<JobException> problems =
        failTogether(
            failure,
            List.of(
                () -> client.listAllRuns(JobQuery.ALL, far).forEach(run -> {}),
                () -> client.listAllRuns(JobQuery.ALL, near).forEach(run -> {})));

    assertThat(transport.requests).hasSize(1);
    assertThat(problems)
        .extracting(problem -> problem.resumeToken().orElseThrow())
        .containsExactly(far, near);
    assertThat(problems)
        .allSatisfy(
            problem -> {
              assertThat(problem).isInstanceOf(JobServiceException.class);
              assertThat(problem.operation()).contains("Connect");
              assertThat(problem.attempts()).isEqualTo(1);
            });
  }

  @Test
  void anIterationGoesOnAfterAFailureThatHasPassed() {
    cloud.with("a", rows(25));
    cloud.errors.put(2, StubTransport.response(403, "ACCESS_DENIED"));
    RunListing listing = client().listAllRuns(JobQuery.ALL);
    Iterator<JobPage> pages = listing.byPage().iterator();
    List<String> got = new ArrayList<>(ids(pages.next().runs()));
    assertThatThrownBy(pages::next).isInstanceOf(JobServiceException.class);
    pages.forEachRemaining(page -> got.addAll(ids(page.runs())));
    assertThat(got).isEqualTo(expected(25));
    assertThat(listing.coverage().isComplete()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "null", "[]", "\"x\"", "{}", "{\"rows\":null}", "{\"rows\":[]} x", "<html>"})
  void anAnswerThatIsNoneIsNeverAnEmptyListing(String body) {
    cloud.body = body;
    assertThatThrownBy(() -> all(JobQuery.ALL))
        .isInstanceOf(io.joblens.JobDataException.class)
        .hasMessageStartingWith(
            "stub-jobs ListRuns: MALFORMED: the answer (HTTP 200) cannot be read");
  }

  // ---- filters

  @Test
  void aStateThatIsNeverReportedCostsNoCallAndIsSaid() {
    cloud.with("a", rows(5));
    JobQuery query = JobQuery.builder().states(JobState.SKIPPED).build();
    RunListing listing = client().listAllRuns(query);
    assertThat(listing.stream()).isEmpty();
    assertThat(cloud.asked).isEmpty();
    assertThat(listing.coverage().sources().get(0).notes())
        .containsExactly("stub-jobs never reports [SKIPPED]");
    assertThat(client().listRuns(query).notes())
        .containsExactly("stub-jobs never reports [SKIPPED]");
  }

  @Test
  void aStateThatIsNeverReportedStaysSoOnAProviderThatConnects() {
    cloud.with("a", rows(5));
    StubProvider connecting =
        new StubProvider() {
          @Override
          public Step<JobProvider> connect() {
            return Step.ask(
                read("Connect", io.joblens.spi.WireRequest.get(endpoint).path("/other").build()),
                response -> Step.done(provider));
          }
        };
    JobClient client = StubBuilder.of(connecting, cloud).build();
    assertThat(client.listAllRuns(JobQuery.builder().states(JobState.SKIPPED).build()).stream())
        .isEmpty();
    JobPage page =
        client.listRuns(JobQuery.builder().states(JobState.SKIPPED, JobState.SUCCEEDED).build());
    assertThat(page.runs()).hasSize(5);
    assertThat(page.notes()).containsExactly("stub-jobs never reports [SKIPPED]");
  }

  @Test
  void statesAreAlwaysCheckedAgainAndNamesTagsAndJobsLocally() {
    List<Row> rows = new ArrayList<>(rows(6));
    rows.get(1).state = "BAD";
    rows.get(2).name = "etl-daily";
    rows.get(3).tag = "x";
    cloud.with("a", rows);
    assertThat(all(JobQuery.builder().states(JobState.FAILED).build())).containsExactly("r1");
    assertThat(all(JobQuery.builder().problemsOnly(true).build())).containsExactly("r1");
    assertThat(all(JobQuery.builder().name("etl-*").build())).containsExactly("r2");
    assertThat(all(JobQuery.builder().name("etl?daily").build())).containsExactly("r2");
    assertThat(all(JobQuery.builder().name("etl.daily").build())).isEmpty();
    assertThat(all(JobQuery.builder().tag("tag", "x").build())).containsExactly("r3");
    assertThat(all(JobQuery.builder().job("b").build())).isEmpty();
    assertThat(all(JobQuery.builder().job("a").build())).hasSize(6);
    assertThat(client().listRuns(JobQuery.builder().name("x").build()).localFilters())
        .containsExactly(Filter.NAME);
  }

  @Test
  void aNameThatTheVendorFiltersByIsCheckedAgainWhereTheRowHasOne() {
    provider.pushed = Set.of(Filter.NAME);
    List<Row> rows = rows(3);
    rows.get(0).name = "etl";
    rows.get(1).name = "etl-2";
    cloud.with("a", rows);
    JobPage page = client().listRuns(JobQuery.builder().name("etl").build());
    assertThat(page.runs())
        .extracting(run -> run.name().orElse("none"))
        .containsExactly("etl", "none");
    assertThat(page.localFilters()).isEmpty();
  }

  @Test
  void jobsMayBeNamedByTheirAliases() {
    cloud.with("a", rows(2));
    JobClient client = StubBuilder.of(provider, cloud).aliases(Map.of("a", "settle")).build();
    assertThat(client.listRuns(JobQuery.builder().job("settle").build()).runs()).hasSize(2);
    assertThat(client.jobRef("settle").jobId()).isEqualTo("a");
  }

  @Test
  void aJobThatIsNamedTwiceIsListedOnce() {
    StubProvider named =
        new StubProvider() {
          @Override
          public Step<Scopes> scopes(JobQuery query, Optional<String> after) {
            return Step.done(
                Scopes.all(
                    query.jobs().stream().map(id -> new Scope("r1", List.of(id), "")).toList()));
          }
        };
    cloud.with("a", rows(3)).with("b", rows("b", 2, "OK"));
    JobClient client = StubBuilder.of(named, cloud).aliases(Map.of("a", "settle")).build();
    JobQuery query = JobQuery.builder().jobs(List.of("a", "b", "settle", "b")).build();
    assertThat(ids(client.listAllRuns(query).stream().toList()))
        .containsExactly("r0", "r1", "r2", "b0", "b1");
    assertThat(cloud.asked).hasSize(2);
  }

  @Test
  void timesAreInclusiveAtTheirBeginningAndExclusiveAtTheirEnd() {
    List<Row> rows = new ArrayList<>(rows(4));
    for (int i = 0; i < 4; i++) {
      rows.get(i).created = 100L + i;
    }
    rows.get(3).created = -1;
    cloud.with("a", rows);
    JobPage page =
        client()
            .listRuns(
                JobQuery.builder()
                    .since(Instant.ofEpochSecond(101))
                    .until(Instant.ofEpochSecond(102))
                    .build());
    assertThat(ids(page.runs())).containsExactly("r1", "r3");
    assertThat(page.runs().get(0).notes()).isEmpty();
    assertThat(page.runs().get(1).notes())
        .containsExactly("kept, because the vendor does not say when it was created");
  }

  @Test
  void whatNobodyCanFilterIsRefusedBeforeAnythingIsSent() {
    provider.local = Set.of();
    assertUnsupported(JobQuery.builder().name("x").build(), "name");
    assertUnsupported(JobQuery.builder().tag("a", "b").build(), "tag");
    assertUnsupported(JobQuery.builder().job("a").build(), "job");
    assertUnsupported(JobQuery.builder().states(JobState.FAILED).build(), "state");
    assertUnsupported(JobQuery.builder().since(Instant.EPOCH).build(), "since by created");
    assertUnsupported(
        JobQuery.builder().until(Instant.EPOCH).by(TimeField.FINISHED).build(),
        "until by finished");
    assertUnsupported(JobQuery.builder().extra("Colour", "red").build(), "'Colour'");
    assertThat(all(JobQuery.builder().problemsOnly(true).build())).isEmpty();
  }

  private void assertUnsupported(JobQuery query, String word) {
    assertThatThrownBy(() -> client().listRuns(query))
        .isInstanceOf(UnsupportedQueryException.class)
        .hasMessageStartingWith("stub-jobs: ")
        .hasMessageContaining(word);
    assertThat(client().async().listRuns(query))
        .completesExceptionallyWithin(java.time.Duration.ofSeconds(5))
        .withThrowableThat()
        .havingCause()
        .isInstanceOf(UnsupportedQueryException.class);
    assertThat(cloud.asked).isEmpty();
  }

  // ---- by ids

  @Test
  void runsByIdGoInChunksAndWhatIsNotFoundIsSaid() {
    cloud.with("a", rows(10));
    List<RunRef> refs = IntStream.range(5, 12).mapToObj(i -> client().runRef("r" + i)).toList();
    JobQuery query = JobQuery.builder().runs(refs).build();
    RunListing listing = client().listAllRuns(query);
    assertThat(ids(listing.stream().toList())).containsExactly("r5", "r6", "r7", "r8", "r9");
    assertThat(cloud.askedIds).extracting(List::size).containsExactly(3, 3, 1);
    assertThat(listing.coverage().sources().get(0).notes())
        .containsExactly("not found: stub-jobs:r1:a/r10", "not found: stub-jobs:r1:a/r11");
    assertThat(listing.coverage().isComplete()).isTrue();
    List<JobPage> pages = byTokens(query);
    assertThat(idsOf(pages)).containsExactly("r5", "r6", "r7", "r8", "r9");
    assertThat(pages.get(pages.size() - 1).total()).isEqualTo(new Total(5, true));
  }

  @Test
  void runsByIdInSeveralRegionsAreComplete() {
    cloud.with("a", rows(6));
    List<RunRef> refs =
        IntStream.range(0, 6)
            .mapToObj(i -> new RunRef(StubProvider.ID, i < 3 ? "r1" : "r2", List.of("a", "r" + i)))
            .toList();
    RunListing listing = client().listAllRuns(JobQuery.builder().runs(refs).build());
    assertThat(listing.stream()).hasSize(6);
    assertThat(listing.coverage().sources()).hasSize(2);
    assertThat(listing.coverage().isComplete()).isTrue();
    RunListing limited = client().listAllRuns(JobQuery.builder().runs(refs).limit(3).build());
    assertThat(limited.stream()).hasSize(3);
    assertThat(limited.coverage().isComplete()).isFalse();
  }

  @Test
  void aRunThatTheVendorGivesTwiceForItsIdComesOnce() {
    cloud.with("a", rows(2)).with("b", rows(2));
    JobQuery query = JobQuery.builder().runs(List.of(client().runRef("r0"))).build();
    assertThat(all(query)).containsExactly("r0");
  }

  @Test
  void aLimitOfRunsByIdIsNoExactTotal() {
    cloud.with("a", rows(10));
    List<RunRef> refs = IntStream.range(0, 9).mapToObj(i -> client().runRef("r" + i)).toList();
    JobPage page = client().listRuns(JobQuery.builder().runs(refs).limit(3).build());
    assertThat(page.runs()).hasSize(3);
    assertThat(page.nextPageToken()).isEmpty();
    assertThat(page.total()).isEqualTo(new Total(3, false));
  }

  @Test
  void aRunOfAnotherProviderIsRefusedBeforeAnythingIsSent() {
    RunRef foreign = new RunRef(new ProviderId("other"), "r1", List.of("a", "b"));
    assertThatThrownBy(() -> client().listRuns(JobQuery.builder().runs(List.of(foreign)).build()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is of other")
        .hasMessageContaining("stub-jobs");
    assertThatThrownBy(() -> client().getRun(foreign)).isInstanceOf(IllegalArgumentException.class);
    assertThat(cloud.asked).isEmpty();
  }

  @Test
  void aFailureThatIsNoListingsHasNoResumeToken() {
    cloud.body = "<html>";
    JobException error =
        catchThrowableOfType(JobException.class, () -> client().getRun(client().runRef("r1")));
    assertThat(error.resumeToken()).isEmpty();
    assertThat(error.operation()).hasValue("GetRuns");
  }
}
