package io.joblens.all;

import static org.assertj.core.api.Assertions.assertThat;

import io.joblens.Drift;
import io.joblens.JobClient;
import io.joblens.JobPage;
import io.joblens.JobQuery;
import io.joblens.PageToken;
import io.joblens.PagingException;
import io.joblens.RunListing;
import io.joblens.all.ListVendor.Api;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Runs come and go and change places while they are listed: each that was there all the time is
 * delivered exactly once, or the listing says in a type that it cannot promise that.
 */
class ExactlyOnceTest {
  private static final int SEEDS = 500;

  /** What happens to a list between two requests. */
  private enum Model {
    INSERTS,
    DELETES,
    BOTH,
    SWAPS;

    /** Makes one change at the place; returns the id of a run that came or went by it. */
    String change(ListVendor vendor, int place, boolean coin) {
      List<String> rows = vendor.rows;
      if (this == SWAPS) {
        rows.add(place, rows.remove(place + 1));
        return "";
      }
      if (this == DELETES || (this == BOTH && coin)) {
        return rows.remove(place);
      }
      String id = vendor.newId();
      rows.add(place, id);
      return id;
    }
  }

  /** How a listing goes from page to page. */
  private enum Way {
    ITERATED {
      @Override
      Drift read(ListVendor vendor, JobClient client, JobQuery query, Consumer<JobPage> each) {
        RunListing listing = client.listAllRuns(query);
        listing.byPage().forEach(each);
        Drift drift = listing.coverage().sources().get(0).drift();
        assertThat(listing.coverage().isComplete()).isEqualTo(!drift.mayMiss());
        return drift;
      }
    },
    BY_TOKENS {
      @Override
      Drift read(ListVendor vendor, JobClient client, JobQuery query, Consumer<JobPage> each) {
        JobPage page = client.listRuns(query);
        Drift drift = page.drift();
        each.accept(page);
        while (page.nextPageToken().isPresent()) {
          // as another process would, which has nothing but the text
          PageToken token = new PageToken(page.nextPageToken().get().value());
          page = vendor.client().listRuns(query, token);
          drift = drift.plus(page.drift());
          each.accept(page);
        }
        return drift;
      }
    };

    abstract Drift read(
        ListVendor vendor, JobClient client, JobQuery query, Consumer<JobPage> each);
  }

  private static final class Count {
    private int lost;
    private int repeated;
    private int reports;
    private int stepsBack;
    private int calls;
  }

  @ParameterizedTest
  @EnumSource(Api.class)
  void everyRunThatStaysIsDeliveredExactlyOnceUnderFourModelsOfDrift(Api api) {
    listUnderDrift(api, Way.ITERATED, SEEDS);
  }

  @ParameterizedTest
  @EnumSource(Api.class)
  void everyRunThatStaysIsDeliveredExactlyOnceByTokensToo(Api api) {
    listUnderDrift(api, Way.BY_TOKENS, SEEDS);
  }

  private static void listUnderDrift(Api api, Way way, int seeds) {
    ListVendor vendor = new ListVendor(api);
    JobClient client = vendor.client();
    int callsAtRest = 0;
    for (int seed = 0; seed < seeds; seed++) {
      Random random = new Random(seed);
      vendor.reset(rows(random));
      assertThat(ids(client.listAllRuns(query(random)))).as("seed %s", seed).isEqualTo(vendor.rows);
      callsAtRest += vendor.asked.size();
    }
    for (Model model : Model.values()) {
      Count count = new Count();
      for (int seed = 0; seed < seeds; seed++) {
        list(vendor, client, way, model, new Random(seed), seed, count);
      }
      System.out.printf(
          "exactly once: %-18s %-9s %-7s %d listings, %d lost, %d repeated, %d drift reports,"
              + " %d steps back, %d calls (%d when nothing moves)%n",
          api,
          way,
          model,
          seeds,
          count.lost,
          count.repeated,
          count.reports,
          count.stepsBack,
          count.calls,
          callsAtRest);
      assertThat(count.lost).as("lost: %s, %s", api, model).isZero();
      assertThat(count.repeated).as("repeated: %s, %s", api, model).isZero();
      assertThat(count.reports).as("reports: %s, %s", api, model).isLessThan(seeds / 100);
      assertThat(count.calls).as("calls: %s, %s", api, model).isLessThan(2 * callsAtRest);
    }
  }

  private static int rows(Random random) {
    // mostly short: what long ones are slower at is no harder
    return 30 + random.nextInt(1 + random.nextInt(1 + random.nextInt(371)));
  }

  private static JobQuery query(Random random) {
    return JobQuery.builder().pageSize(10 + random.nextInt(31)).build();
  }

  /** Lists once; losses and repeats count only where the listing did not say that they may be. */
  private static void list(
      ListVendor vendor,
      JobClient client,
      Way way,
      Model model,
      Random random,
      int seed,
      Count count) {
    vendor.reset(rows(random));
    JobQuery query = query(random);
    List<String> before = List.copyOf(vendor.rows);
    Set<String> touched = new HashSet<>();
    int moves = 1 + seed % 5;
    vendor.beforeAnswer =
        ask -> {
          for (int i = 0; i < moves && vendor.asked.size() > 1 && vendor.rows.size() > 1; i++) {
            touched.add(model.change(vendor, place(vendor, random, seed), random.nextBoolean()));
          }
        };
    List<String> got = new ArrayList<>();
    boolean mayMiss = false;
    boolean mayRepeat = false;
    try {
      Drift drift =
          way.read(
              vendor,
              client,
              query,
              page -> page.runs().forEach(run -> got.add(run.ref().runId())));
      mayMiss = drift.mayMiss();
      mayRepeat = drift.mayRepeat();
      count.stepsBack += (int) drift.stepsBack();
    } catch (PagingException e) {
      assertThat(e.kind()).as("seed %s", seed).isEqualTo(PagingException.Kind.DRIFT);
      mayMiss = true;
    }
    count.calls += vendor.asked.size();
    count.reports += mayMiss || mayRepeat ? 1 : 0;
    Set<String> once = new HashSet<>(got);
    count.repeated += mayRepeat ? 0 : got.size() - once.size();
    if (!mayMiss) {
      count.lost +=
          (int) before.stream().filter(id -> !touched.contains(id) && !once.contains(id)).count();
    }
  }

  /** Returns where to change the list: anywhere, or, half of the time, where two pages meet. */
  private static int place(ListVendor vendor, Random random, int seed) {
    int last = vendor.rows.size() - 2;
    if (seed % 2 == 0) {
      return random.nextInt(last + 1);
    }
    ListVendor.Asked read = vendor.asked.get(vendor.asked.size() - 2);
    long boundary = read.offset() + read.limit() - 10 + random.nextInt(20);
    return (int) Math.max(0, Math.min(last, boundary));
  }

  private static List<String> ids(RunListing listing) {
    return listing.stream().map(run -> run.ref().runId()).toList();
  }

  /** An order that no overlap can be joined by is no silent loss. */
  @ParameterizedTest
  @EnumSource(Api.class)
  void aListThatIsShuffledBetweenRequestsIsReported(Api api) {
    ListVendor vendor = new ListVendor(api);
    JobClient client = vendor.client();
    JobQuery query = JobQuery.builder().pageSize(50).build();
    for (int seed = 0; seed < 50; seed++) {
      Random random = new Random(seed);
      vendor.reset(300);
      vendor.beforeAnswer = ask -> java.util.Collections.shuffle(vendor.rows, random);
      RunListing listing = client.listAllRuns(query);
      try {
        List<String> got = ids(listing);
        boolean whole = got.containsAll(vendor.rows);
        assertThat(whole || !listing.coverage().isComplete()).as("seed %s", seed).isTrue();
        assertThat(got).doesNotHaveDuplicates();
      } catch (PagingException e) {
        assertThat(e.kind()).as("seed %s", seed).isEqualTo(PagingException.Kind.DRIFT);
      }
    }
  }

  @Test
  void aRunThatOvertakesTwoOthersWhereTwoPagesMeetIsNotLost() {
    for (Api api : Api.values()) {
      ListVendor vendor = new ListVendor(api).reset(40);
      String late = vendor.rows.get(20);
      vendor.beforeAnswer =
          ask -> {
            if (vendor.asked.size() == 2) {
              vendor.rows.remove(late);
              vendor.rows.add(18, late);
            }
          };
      RunListing listing = vendor.client().listAllRuns(JobQuery.builder().pageSize(20).build());
      assertThat(ids(listing)).as(api.name()).hasSize(40).contains(late).doesNotHaveDuplicates();
      assertThat(listing.coverage().isComplete()).isTrue();
    }
  }
}
