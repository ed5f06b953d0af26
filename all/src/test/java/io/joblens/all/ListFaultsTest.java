package io.joblens.all;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.joblens.JobCancelledException;
import io.joblens.JobDataException;
import io.joblens.JobException;
import io.joblens.JobQuery;
import io.joblens.JobRun;
import io.joblens.PageToken;
import io.joblens.PagingException;
import io.joblens.RunListing;
import io.joblens.all.ListVendor.Api;
import io.joblens.all.ListVendor.Asked;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What goes wrong in lists, for each vendor that lists runs: rows F of the fault matrix. */
class ListFaultsTest {
  private static final JobQuery PAGES = JobQuery.builder().pageSize(20).build();

  private static ListVendor vendor(Api api) {
    return new ListVendor(api).reset(95);
  }

  private static List<String> ids(Iterable<JobRun> runs) {
    List<String> ids = new ArrayList<>();
    runs.forEach(run -> ids.add(run.ref().runId()));
    return ids;
  }

  private static void assertWhole(ListVendor vendor) {
    RunListing listing = vendor.client().listAllRuns(PAGES);
    assertThat(ids(listing)).isEqualTo(vendor.rows);
    assertThat(listing.coverage().isComplete()).isTrue();
  }

  @ParameterizedTest
  @EnumSource(Api.class)
  void totalsThatAreTooHighTooLowOrZeroLoseNothingAndAreTold(Api api) {
    for (long wrong : new long[] {0, 1, 94, 96, 1000}) {
      ListVendor vendor = vendor(api);
      vendor.total = count -> wrong;
      RunListing listing = vendor.client().listAllRuns(PAGES);
      assertThat(ids(listing)).isEqualTo(vendor.rows);
      assertThat(listing.coverage().isComplete()).isTrue();
      if (api.tellsTotal()) {
        assertThat(listing.coverage().sources().get(0).notes())
            .contains("the vendor counts " + wrong + " runs, its listing gave 95");
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Api.class)
  void anEmptyPageInTheMiddleIsNotTheEnd(Api api) {
    for (int number : new int[] {2, 3, 4}) {
      ListVendor vendor = vendor(api);
      vendor.shown = ask -> vendor.asked.size() == number ? new Asked(0, 0) : ask;
      assertWhole(vendor);
    }
  }

  @ParameterizedTest
  @EnumSource(Api.class)
  void aVendorThatIgnoresTheOffsetEndsInALoopSoon(Api api) {
    ListVendor vendor = vendor(api);
    vendor.shown = ask -> new Asked(0, ask.limit());
    assertLoop(vendor, 5);
  }

  @ParameterizedTest
  @EnumSource(Api.class)
  void aVendorThatShowsOnePageForEverEndsInALoopSoon(Api api) {
    Assumptions.assumeTrue(api.tellsTotal(), "without a total, a short page is the last one");
    ListVendor vendor = vendor(api);
    vendor.shown = ask -> new Asked(0, 20);
    assertLoop(vendor, 5);
  }

  private static void assertLoop(ListVendor vendor, int most) {
    RunListing listing = vendor.client().listAllRuns(PAGES);
    List<String> got = new ArrayList<>();
    PagingException loop =
        catchThrowableOfType(
            PagingException.class, () -> listing.forEach(run -> got.add(run.ref().runId())));
    assertThat(loop).isNotNull();
    assertThat(loop.kind()).isEqualTo(PagingException.Kind.LOOP);
    assertThat(got).doesNotHaveDuplicates().isSubsetOf(vendor.rows);
    assertThat(vendor.asked).hasSizeLessThanOrEqualTo(most);
    assertThat(listing.coverage().isComplete()).isFalse();
  }

  @ParameterizedTest
  @EnumSource(Api.class)
  void aVendorThatGivesMoreThanItWasAskedForLosesNothing(Api api) {
    ListVendor vendor = vendor(api);
    vendor.shown = ask -> new Asked(ask.offset(), 1000);
    assertWhole(vendor);
    assertThat(vendor.asked).hasSizeLessThanOrEqualTo(2);
  }

  @ParameterizedTest
  @EnumSource(Api.class)
  void aVendorThatGivesAllWhateverIsAskedForIsRead(Api api) {
    Assumptions.assumeTrue(api.tellsTotal(), "without a total, that is a loop");
    ListVendor vendor = vendor(api);
    vendor.shown = ask -> new Asked(0, 1000);
    assertWhole(vendor);
  }

  @ParameterizedTest
  @EnumSource(Api.class)
  void aVendorThatGivesLessThanItWasAskedForLosesNothing(Api api) {
    Assumptions.assumeTrue(api.tellsTotal(), "without a total, a short page is the last one");
    for (int clamp : new int[] {2, 3, 7, 12, 19}) {
      ListVendor vendor = vendor(api);
      vendor.shown =
          ask -> {
            int limit = Math.min(clamp, ask.limit());
            long offset = api.numbersPages() ? ask.offset() / ask.limit() * limit : ask.offset();
            return new Asked(offset, limit);
          };
      assertThat(ids(vendor.client().listAllRuns(PAGES))).as("%s", clamp).isEqualTo(vendor.rows);
    }
  }

  @ParameterizedTest
  @EnumSource(Api.class)
  void aFailureThatPassesIsNotSeen(Api api) {
    for (int number : new int[] {1, 2, 3}) {
      ListVendor vendor = vendor(api);
      vendor.answer =
          given -> vendor.asked.size() == number ? ListVendor.response(503, "busy") : given;
      assertWhole(vendor);
    }
  }

  @ParameterizedTest
  @EnumSource(Api.class)
  void aListingThatFailsIsResumedByAnotherClientAndGivesEachRunOnce(Api api) {
    for (int number = 2; number <= 4; number++) {
      int failing = number;
      ListVendor vendor = vendor(api);
      vendor.answer =
          given -> vendor.asked.size() >= failing ? ListVendor.response(500, "broken") : given;
      List<String> got = new ArrayList<>();
      RunListing listing = vendor.client().listAllRuns(PAGES);
      JobException error =
          catchThrowableOfType(
              JobException.class, () -> listing.forEach(run -> got.add(run.ref().runId())));
      assertThat(got).isNotEmpty();
      assertThat(listing.coverage().isComplete()).isFalse();
      PageToken token = error.resumeToken().orElseThrow();
      vendor.answer = given -> given;
      got.addAll(ids(vendor.client().listAllRuns(PAGES, token)));
      assertThat(got).as("failed at %s", number).isEqualTo(vendor.rows);
    }
  }

  @ParameterizedTest
  @EnumSource(Api.class)
  void anInterruptAtAPageCancelsTheListing(Api api) {
    ListVendor vendor = vendor(api);
    vendor.beforeAnswer =
        ask -> {
          if (vendor.asked.size() == 3) {
            vendor.hangs = true;
            Thread.currentThread().interrupt();
          }
        };
    List<String> got = new ArrayList<>();
    try {
      JobCancelledException cancelled =
          catchThrowableOfType(
              JobCancelledException.class,
              () -> vendor.client().listAllRuns(PAGES).forEach(run -> got.add(run.ref().runId())));
      assertThat(cancelled).isNotNull();
      assertThat(vendor.asked).hasSize(3);
      assertThat(got).isNotEmpty().doesNotHaveDuplicates();
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource(Api.class)
  void aRunThatIsListedTwiceIsGivenOnce(Api api) {
    ListVendor vendor = vendor(api);
    List<String> once = List.copyOf(vendor.rows);
    vendor.rows.add(3, once.get(2));
    vendor.rows.add(60, once.get(5));
    vendor.rows.add(once.get(94));
    assertThat(ids(vendor.client().listAllRuns(PAGES))).isEqualTo(once);
  }

  @ParameterizedTest
  @EnumSource(Api.class)
  void rowsThatAreNullOrHaveNoIdAreMalformedAndNoEmptyList(Api api) {
    for (int broken = 0; broken < 2; broken++) {
      ListVendor vendor = vendor(api);
      vendor.rowsAreNull = broken == 0;
      vendor.rows.set(30, broken == 0 ? vendor.rows.get(30) : ListVendor.NO_ID);
      RunListing listing = vendor.client().listAllRuns(PAGES);
      assertThatThrownBy(() -> ids(listing)).isInstanceOf(JobDataException.class);
      assertThat(listing.coverage().isComplete()).isFalse();
    }
  }

  @ParameterizedTest
  @EnumSource(Api.class)
  void nothingIsCoveredBeforeItIsRead(Api api) {
    RunListing listing = vendor(api).client().listAllRuns(PAGES);
    assertThat(listing.coverage().isComplete()).isFalse();
    var pages = listing.byPage().iterator();
    assertThat(listing.coverage().isComplete()).isFalse();
    assertThat(pages.next().runs()).hasSize(20);
    assertThat(listing.coverage().isComplete()).isFalse();
  }
}
