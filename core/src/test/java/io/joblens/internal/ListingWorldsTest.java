package io.joblens.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.joblens.Coverage;
import io.joblens.Drift;
import io.joblens.JobClient;
import io.joblens.JobPage;
import io.joblens.JobQuery;
import io.joblens.JobRun;
import io.joblens.JobServiceException;
import io.joblens.PageToken;
import io.joblens.RunListing;
import io.joblens.internal.StubCloud.Row;
import io.joblens.spi.Capabilities.Paging;
import io.joblens.spi.Scope;
import io.joblens.spi.Slice;
import io.joblens.spi.Step;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Listings of worlds made by chance: groups of jobs whose runs come, go, change their states and
 * places while they are listed, by a vendor that lists them by state or not, cuts lists and pages,
 * and fails at times. More of them with {@code -Dworlds=N}.
 */
class ListingWorldsTest {
  private static final int WORLDS = Integer.getInteger("worlds", 500);

  /** After so many runs a vendor cuts a group's list, as SchedulerX does. */
  private static final int CUT = 10;

  /** The states that a run goes through. */
  private static final List<String> LIFE = List.of("WAIT", "RUN", "OK");

  private static final class World {
    final Random random;
    final StubCloud cloud = new StubCloud();
    final StubProvider provider = new Provider();
    final Map<String, List<Row>> groups = new LinkedHashMap<>();
    final Map<Row, String> jobs = new LinkedHashMap<>();
    final int jobsInEach;
    final boolean isCut;
    final boolean isListedByState;

    /** The runs that were not there all the time. */
    final Set<String> touched = new HashSet<>();

    World(long seed) {
      random = new Random(seed);
      isCut = random.nextInt(3) == 0;
      isListedByState = random.nextBoolean();
      jobsInEach = 1 + random.nextInt(4);
      List<String> slices = isListedByState ? LIFE.subList(random.nextInt(2), 3) : List.of("");
      List<Scope> scopes = new ArrayList<>();
      for (int i = 0; i <= random.nextInt(3); i++) {
        String group = "g" + i;
        groups.put(group, new ArrayList<>());
        IntStream.range(0, random.nextInt(120)).forEach(each -> add(group));
        slices.forEach(slice -> scopes.add(new Scope("r1", List.of(group), slice)));
      }
      provider.scopes = scopes;
      provider.paging = random.nextBoolean() ? Paging.OFFSET : Paging.PAGE_NUMBER;
      provider.maxPage = CUT + random.nextInt(40);
      cloud.total = random.nextInt(3) == 0 ? null : count -> count;
      if (!isCut && provider.paging == Paging.OFFSET && cloud.total != null) {
        cloud.clamp = CUT + random.nextInt(40);
      }
      for (int i = random.nextInt(4); i > 0; i--) {
        cloud.errors.put(2 + random.nextInt(12), StubTransport.response(403, "AUTHENTICATION:no"));
      }
      boolean isMoving = random.nextInt(4) > 0;
      cloud.beforeListing =
          number -> {
            if (isMoving && number > 1 && number < 60) {
              groups.keySet().forEach(this::move);
            }
            show();
          };
    }

    private void add(String group) {
      Row row = new Row("run" + jobs.size(), LIFE.get(random.nextInt(LIFE.size())));
      row.tag = random.nextBoolean() ? "some" : "other";
      rows(group).add(0, row);
      jobs.put(row, group + "/j" + random.nextInt(jobsInEach));
    }

    private List<Row> rows(String group) {
      return groups.getOrDefault(group, List.of());
    }

    private void move(String group) {
      List<Row> rows = rows(group);
      if (random.nextInt(3) == 0) {
        add(group);
        touched.add(rows.get(0).id);
      }
      if (random.nextInt(4) == 0 && !rows.isEmpty()) {
        touched.add(rows.remove(random.nextInt(rows.size())).id);
      }
      if (random.nextInt(3) == 0 && rows.size() > 1) {
        int at = random.nextInt(rows.size() - 1);
        rows.add(at, rows.remove(at + 1));
      }
      if (random.nextBoolean() && !rows.isEmpty()) {
        Row row = rows.get(random.nextInt(rows.size()));
        row.state = LIFE.get(Math.min(LIFE.indexOf(row.state) + 1, LIFE.size() - 1));
      }
    }

    /** Makes the lists that the vendor shows of what there is now. */
    private void show() {
      groups.forEach(
          (group, rows) -> {
            cloud.with(group, isCut ? cut(rows) : rows);
            for (int i = 0; i < jobsInEach; i++) {
              String job = group + "/j" + i;
              cloud.with(job, rows.stream().filter(row -> job.equals(jobs.get(row))).toList());
            }
          });
    }

    private List<Row> cut(List<Row> rows) {
      if (!isListedByState) {
        return rows.subList(0, Math.min(CUT, rows.size()));
      }
      return LIFE.stream()
          .flatMap(state -> rows.stream().filter(row -> row.state.equals(state)).limit(CUT))
          .toList();
    }

    private final class Provider extends StubProvider {
      @Override
      public Optional<Scope> listedByJob(Scope scope) {
        return isCut && scope.path().size() == 1 ? Optional.of(scope) : Optional.empty();
      }

      @Override
      public Step<Slice> runs(Scope scope, JobQuery query, long offset, int limit) {
        List<String> name = List.of(String.join("/", scope.path()));
        Step<Slice> step = super.runs(new Scope("r1", name, scope.slice()), query, offset, limit);
        return listedByJob(scope).isEmpty() || offset > 0
            ? step
            : step.map(slice -> slice.rows().size() < CUT ? slice : byJob(scope, slice));
      }

      private Slice byJob(Scope group, Slice slice) {
        return jobsInEach == 1
            ? new Slice(slice.rows(), slice.claimedTotal(), true)
            : slice.shownBy(
                IntStream.range(0, jobsInEach)
                    .mapToObj(i -> List.of(group.path().get(0), "j" + i))
                    .map(path -> new Scope("r1", path, group.slice()))
                    .toList());
      }
    }
  }

  /** What came of a listing: the ids of its runs, and what was said of them. */
  private static final class Result {
    final List<String> ids = new ArrayList<>();
    final List<String> notes = new ArrayList<>();
    Drift drift = Drift.NONE;

    void add(List<JobRun> runs) {
      runs.forEach(run -> ids.add(run.ref().runId()));
    }

    void add(Drift more, List<String> said) {
      drift = drift.plus(more);
      notes.addAll(said);
    }
  }

  @Test
  void aRunThatStaysIsGivenOnceOrWhatMayBeWrongIsSaid() {
    int said = 0;
    for (int seed = 0; seed < WORLDS; seed++) {
      World world = new World(seed);
      JobQuery.Builder query = JobQuery.builder().pageSize(8 + world.random.nextInt(30));
      boolean isTagged = world.random.nextInt(4) == 0;
      JobQuery asked = (isTagged ? query.tag("tag", "some") : query).build();
      List<String> slices = world.provider.scopes.stream().map(Scope::slice).toList();
      Set<String> stayed = new HashSet<>();
      world.jobs.keySet().stream()
          .filter(row -> slices.contains("") || slices.contains(row.state))
          .filter(row -> !isTagged || row.tag.equals("some"))
          .forEach(row -> stayed.add(row.id));

      Result result = world.random.nextBoolean() ? listed(world, asked) : byTokens(world, asked);

      stayed.removeAll(world.touched);
      String what = "world " + seed + ", " + result.drift + ", " + result.notes;
      if (!result.drift.mayRepeat()) {
        assertThat(result.ids).as(what).doesNotHaveDuplicates();
      }
      if (!result.drift.mayMiss() && !result.notes.toString().contains("gave only its latest")) {
        assertThat(result.ids).as(what).containsAll(stayed);
      }
      said += result.drift.mayRepeat() || result.drift.mayMiss() ? 1 : 0;
    }
    assertThat(said).as("worlds that are excused").isLessThan(WORLDS / 100);
  }

  /** Reads in one go, and goes on where that failed. */
  private static Result listed(World world, JobQuery query) {
    Result result = new Result();
    JobClient client = StubBuilder.of(world.provider, world.cloud).build();
    RunListing listing = client.listAllRuns(query);
    while (true) {
      JobServiceException problem = null;
      try {
        listing.forEach(run -> result.add(List.of(run)));
      } catch (JobServiceException e) {
        problem = e;
      }
      for (Coverage.Source source : listing.coverage().sources()) {
        result.add(source.drift(), source.notes());
      }
      if (problem == null) {
        return result;
      }
      listing = client.listAllRuns(query, problem.resumeToken().orElseThrow());
    }
  }

  /** Reads page by page, each as often as that fails. */
  private static Result byTokens(World world, JobQuery query) {
    Result result = new Result();
    @Nullable PageToken token = null;
    do {
      JobClient client = StubBuilder.of(world.provider, world.cloud).build();
      try {
        JobPage page = token == null ? client.listRuns(query) : client.listRuns(query, token);
        result.add(page.runs());
        result.add(page.drift(), page.notes());
        token = page.nextPageToken().orElse(null);
      } catch (JobServiceException e) {
        assertThat(e.kind()).isEqualTo(JobServiceException.Kind.AUTHENTICATION);
      }
    } while (token != null);
    return result;
  }
}
