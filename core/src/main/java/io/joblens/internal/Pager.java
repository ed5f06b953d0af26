package io.joblens.internal;

import io.joblens.Drift;
import io.joblens.Filter;
import io.joblens.JobQuery;
import io.joblens.JobRun;
import io.joblens.JobServiceException;
import io.joblens.JobServiceException.Kind;
import io.joblens.JobState;
import io.joblens.PagingException;
import io.joblens.QueryPlan;
import io.joblens.RunRef;
import io.joblens.spi.Capabilities;
import io.joblens.spi.Capabilities.Paging;
import io.joblens.spi.JobProvider;
import io.joblens.spi.Scope;
import io.joblens.spi.Scopes;
import io.joblens.spi.ServiceError;
import io.joblens.spi.Slice;
import io.joblens.spi.Step;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Turns a query into pages: what to list, from where, which rows are new, when it ends. It makes
 * steps and has no I/O.
 *
 * <p>Each page begins with the last rows of the one before. If too few of them are there, rows have
 * moved away, and the listing steps back until it meets enough. One that was resumed and meets no
 * row at all that it knows looks to both sides. What cannot be known to be whole is said in the
 * page's {@link Drift}.
 */
final class Pager {
  /**
   * One page and what follows.
   *
   * @param next null at the end of the listing
   * @param scope what was read; null when there was nothing to read
   * @param scopeDone whether the scope was read to its end and nothing of it left out
   * @param allRead whether the same is true of the whole listing
   */
  record Turn(
      List<JobRun> runs,
      @Nullable Position next,
      @Nullable Scope scope,
      boolean scopeDone,
      boolean allRead,
      OptionalLong claimed,
      List<String> notes,
      long read,
      Map<Filter, Long> dropped,
      List<Scopes.Skipped> skipped,
      Drift drift) {
    Turn without(List<Scopes.Skipped> parts) {
      List<Scopes.Skipped> all = new ArrayList<>(parts);
      all.addAll(skipped);
      return new Turn(
          runs,
          next,
          scope,
          scopeDone,
          allRead && parts.isEmpty(),
          claimed,
          notes,
          read,
          dropped,
          all,
          drift);
    }
  }

  /** What leaves a listing one of all there is, somewhere and in some time. */
  private static final Set<Filter> OF_ALL = EnumSet.of(Filter.JOB, Filter.CREATED, Filter.FINISHED);

  private static final int MOST_EMPTY = 2;
  private static final int MOST_BARREN = 50;
  private static final int MOST_BACKS = 1000;

  /** How often a listing that has forgotten rows looks for those that it knows, to each side. */
  private static final int MOST_LOOKS = 8;

  /** How far apart it looks: not so far that what it knows has room in between. */
  private static final int STRIDE = SeenRuns.MEMORY - Window.OVERLAP;

  /** A run that overtakes so many others is out of an order that pages can be joined by. */
  private static final int LEAST_LEAP = 3;

  private final JobProvider provider;
  private final ClientSettings settings;
  private final JobNames names;
  private final JobQuery asked;
  private final JobQuery query;
  private final Capabilities capabilities;
  private final RowFilter filter;
  private final int size;
  private final List<String> preamble;
  private final boolean hopeless;

  Pager(JobProvider provider, ClientSettings settings, JobNames names, JobQuery asked) {
    this.provider = provider;
    this.settings = settings;
    this.names = names;
    this.asked = asked;
    JobQuery named =
        asked.toBuilder()
            .jobs(asked.jobs().stream().map(settings::idOf).distinct().toList())
            .build();
    Set<JobState> known = provider.capabilities(named).states();
    Set<JobState> never = EnumSet.noneOf(JobState.class);
    never.addAll(named.states());
    never.removeAll(known);
    Set<JobState> possible = EnumSet.noneOf(JobState.class);
    possible.addAll(named.states());
    possible.removeAll(never);
    this.query = never.isEmpty() ? named : named.toBuilder().states(possible).build();
    this.hopeless = !never.isEmpty() && possible.isEmpty();
    this.preamble =
        never.isEmpty() ? List.of() : List.of(provider.id() + " never reports " + never);
    this.capabilities = provider.capabilities(query);
    this.filter = RowFilter.of(query, capabilities);
    this.size = size();
    query.runs().forEach(this::requireOwn);
  }

  RowFilter filter() {
    return filter;
  }

  /** Checks that a token, which anybody may have changed, leads nowhere but where the query may. */
  void requireOwn(Position position) {
    if (position.offset() > 0
        && !query.runs().isEmpty()
        && position.offset() >= query.runs().size()) {
      throw Position.invalid("it goes on after the last of the query's runs");
    }
    List<String> regions = settings.regions(); // a provider may have none
    for (Scope scope : position.todo()) {
      if (!regions.isEmpty() && !regions.contains(scope.region())) {
        throw Position.invalid("it names a region that is not one of " + regions);
      }
    }
  }

  /** Checks the same of what is named, where nothing need be asked to know that. */
  void requireNamed(Position position) {
    if (position.todo().isEmpty()
        || !(provider.scopes(query, Optional.empty()) instanceof Step.Done<Scopes> done)
        || done.value().next().isPresent()) {
      return;
    }
    for (Scope scope : position.todo()) {
      if (done.value().scopes().stream().noneMatch(named -> isWithin(named, scope))) {
        throw Position.invalid("it leads to what the query and the configuration do not name");
      }
    }
  }

  private static boolean isWithin(Scope named, Scope scope) {
    int length = named.path().size();
    return named.region().equals(scope.region())
        && (named.slice().isEmpty() || named.slice().equals(scope.slice()))
        && length <= scope.path().size()
        && named.path().equals(scope.path().subList(0, length));
  }

  /** Returns a pager of the same query on the provider once that is connected. */
  Pager on(JobProvider connected) {
    return connected == provider ? this : new Pager(connected, settings, names, asked);
  }

  /** Tells whether no run can match, so that nothing need be asked. */
  boolean isHopeless() {
    return hopeless;
  }

  /**
   * Returns a vendor's word on what to look at when nothing at all is found. That there is nothing
   * of some state, name or tag is no hint at a mistake.
   */
  List<String> hintsWhenEmpty() {
    return hopeless || !OF_ALL.containsAll(filter.pushed()) ? List.of() : provider.hintsWhenEmpty();
  }

  /** Returns the page of a listing that has nothing to read, or nothing more. */
  Turn nothing(Position position) {
    return new Turn(
        List.of(),
        null,
        null,
        true,
        !position.cut(),
        OptionalLong.empty(),
        preamble,
        0,
        Map.of(),
        List.of(),
        Drift.NONE);
  }

  /** Returns a step for the next page; ids that were read are added to {@code seen}. */
  Step<Turn> turn(Position position, SeenRuns seen) {
    if (!query.runs().isEmpty()) {
      return byIds(position);
    }
    if (!position.todo().isEmpty()) {
      return read(position, seen, Search.NONE);
    }
    return !position.searched() || position.more().isPresent()
        ? find(position, position.more(), seen)
        : Step.done(nothing(position));
  }

  private Step<Turn> find(Position position, Optional<String> after, SeenRuns seen) {
    return provider
        .scopes(query, after)
        .flatMap(
            found -> {
              names.add(found.names());
              boolean cut = !found.skipped().isEmpty();
              Position on = position.withScopes(found.scopes(), found.next(), cut);
              return turn(on, seen).map(turn -> turn.without(found.skipped()));
            });
  }

  private Step<Turn> byIds(Position position) {
    int from = (int) Math.min(position.offset(), query.runs().size());
    int to = Math.min(query.runs().size(), from + Math.min(size, capabilities.maxIds()));
    List<RunRef> chunk = query.runs().subList(from, to);
    return provider
        .get(chunk)
        .map(
            rows -> {
              Set<RunRef> found = new HashSet<>();
              List<JobRun.Builder> each =
                  rows.stream().filter(row -> found.add(row.ref())).toList();
              Page page = keep(each, position.delivered());
              List<String> notes = new ArrayList<>(preamble);
              chunk.stream()
                  .filter(ref -> !found.contains(ref))
                  .forEach(ref -> notes.add("not found: " + ref));
              boolean done = to == query.runs().size();
              Position next =
                  done || page.full()
                      ? null
                      : position.afterIds(to, position.delivered() + page.runs().size());
              Scope scope = new Scope(chunk.get(0).region(), List.of(), "ids");
              boolean allRead = done && !page.cutShort();
              return new Turn(
                  page.runs(),
                  next,
                  scope,
                  // of this chunk; that others follow is in the token
                  !page.cutShort() && (done || !page.full()),
                  allRead,
                  OptionalLong.empty(),
                  notes,
                  each.size(),
                  page.dropped(),
                  List.of(),
                  Drift.NONE);
            });
  }

  /**
   * How the listing looked for the rows that a page is to begin with.
   *
   * @param steps how often
   * @param places where else to look, when rows are forgotten; null before it has to
   */
  private record Search(int steps, @Nullable List<Long> places) {
    private static final Search NONE = new Search(0, null);
  }

  private Step<Turn> read(Position position, SeenRuns seen, Search search) {
    Scope scope = position.todo().get(0);
    // that a list looks cut is to show before any of its rows are given: they would come again
    boolean mayBeCut =
        position.offset() == 0 && !fillsOnePage() && provider.listedByJob(scope).isPresent();
    int rows = mayBeCut ? Math.max(size, Window.ROOM) : size;
    Window window = window(position.offset(), rows, position.atOnce(), position.overlap());
    Step<Turn> turn =
        provider
            .runs(scope, query, window.begin(), window.limit())
            .flatMap(
                slice ->
                    slice.instead().isEmpty() || position.read() > 0
                        ? named(scope, slice)
                            .flatMap(said -> digest(position, slice, window, seen, search, said))
                        : Step.done(narrowed(position, scope, slice, seen)));
    return turn.recover(
        error ->
            concernsScope(error) && (position.canSkip() || isGone(scope, error))
                ? Optional.of(Step.done(skip(position, error, seen)))
                : Optional.empty());
  }

  /** A job that was deleted meanwhile, or one group that the key may not see, ends no listing. */
  private static boolean concernsScope(ServiceError error) {
    return error.kind() == Kind.NOT_FOUND || error.kind() == Kind.ACCESS_DENIED;
  }

  /** Tells whether nobody named what is gone, so that its being gone is no mistake of anybody's. */
  private boolean isGone(Scope scope, ServiceError error) {
    return error.kind() == Kind.NOT_FOUND && query.jobs().isEmpty() && provider.isFound(scope);
  }

  private Turn skip(Position position, ServiceError error, SeenRuns seen) {
    Scope scope = position.todo().get(0);
    Position next = position.withoutScope();
    boolean ended = next.todo().isEmpty() && next.more().isEmpty();
    if (!ended) {
      seen.leave(!position.staysInPath());
    }
    return new Turn(
        List.of(),
        ended ? null : next,
        null,
        false,
        false,
        OptionalLong.empty(),
        preamble,
        0,
        Map.of(),
        List.of(new Scopes.Skipped(scope, error)),
        Drift.NONE);
  }

  /** Leaves a page that looks cut for the scopes that show more; its rows come again with them. */
  private Turn narrowed(Position position, Scope scope, Slice slice, SeenRuns seen) {
    List<String> notes = new ArrayList<>(preamble);
    notes.add(
        "the list looks cut after "
            + slice.rows().size()
            + " runs; what is in it is listed one by one, with "
            + slice.instead().size()
            + " requests or more");
    seen.leave(false);
    return new Turn(
        List.of(),
        position.withInstead(slice.instead()),
        scope,
        true,
        false,
        OptionalLong.empty(),
        notes,
        0,
        Map.of(),
        List.of(),
        Drift.NONE);
  }

  /** Reads the names that the rows of a page lack, where somebody asked for them; says if not. */
  private Step<List<String>> named(Scope scope, Slice slice) {
    if (!wantsNames()) {
      return Step.done(List.of());
    }
    Step<Optional<ServiceError>> loaded =
        names.load(provider, scope, slice.rows(), query.name().isPresent());
    if (query.name().isPresent()) { // without names nothing could match
      return loaded.flatMap(
          error -> error.isPresent() ? Step.failed(error.get()) : Step.done(List.of()));
    }
    return loaded
        .map(error -> error.map(Pager::noNames).stream().toList())
        .orElse(problem -> Step.done(List.of(noNames(problem.detail()))));
  }

  private static String noNames(Object problem) {
    return "the names of jobs could not be read: " + problem;
  }

  private boolean wantsNames() {
    return query.resolveNames() || query.name().isPresent();
  }

  private Window window(long at, int rows, int atOnce, int overlap) {
    int most = atOnce > 0 ? Math.min(atOnce, capabilities.maxPage()) : capabilities.maxPage();
    return Window.after(at, capabilities.paging(), rows, most, overlap);
  }

  /**
   * Makes a page of the vendor's.
   *
   * @param search how this place was found
   * @param said what is to be known besides
   */
  private Step<Turn> digest(
      Position start, Slice slice, Window window, SeenRuns seen, Search search, List<String> said) {
    Position position = start;
    int skipped = window.skipped(slice.rows().size());
    List<JobRun.Builder> rows = slice.rows().subList(skipped, slice.rows().size());
    SeenRuns.Join join = seen.compare(rows);
    int again = (int) Math.min(position.offset() - window.from(), position.overlap());
    int needed = (again + 1) / 2;
    boolean stands = standsStill(position, slice.rows(), window);
    if (search.steps() == 0 && stands && window.begin() - position.begin() >= slice.rows().size()) {
      throw loop(position, window);
    }
    boolean gap = window.from() > 0 && join.known() < needed && !join.early();
    boolean hole = gap && rows.isEmpty() && position.barren() >= MOST_EMPTY;
    if (gap && !hole) {
      return join.known() > 0
          ? goTo(window.from() - Math.max(1, again), position, seen, search, null)
          : look(position, slice, window, Math.max(1, window.limit() - needed), seen, search);
    }
    boolean apart = window.from() > 0 && again == 0 && !rows.isEmpty();
    boolean leaps = window.from() > 0 && join.leap() >= Math.max(LEAST_LEAP, needed);
    if (seen.forgets() && join.known() == 0 && window.from() == 0) {
      // nothing that is known was found: what is known is no part of the list that begins here
      seen.leave(false);
      position = position.withInstead(position.todo().subList(0, 1));
    }
    // a vendor that gives more rows than it was asked for would give them again and again
    int most = slice.rows().size() > window.limit() ? rows.size() : size;
    SeenRuns.Taken taken = seen.take(rows, window.from() == 0, most);
    List<JobRun.Builder> fresh = taken.fresh();
    boolean repeats = seen.forgetsSlices() && !fresh.isEmpty();
    Drift drift = new Drift(search.steps(), join.overtaken(), hole || apart || leaps, repeats);
    long read = position.read() + fresh.size();
    boolean done =
        taken.rows() == rows.size()
            && (hole
                || slice.capped()
                || (!stands && isLast(position, slice, window, fresh.size())));
    int barren = done || !fresh.isEmpty() ? 0 : position.barren() + 1;
    if (barren >= MOST_BARREN) {
      throw drifting(position);
    }
    Page page = keep(fresh, position.delivered());
    long delivered = position.delivered() + page.runs().size();
    boolean leftOut = drift.mayMiss() || slice.capped();
    boolean isSmall =
        capabilities.paging() == Paging.PAGE_NUMBER
            && window.begin() == 0
            && slice.rows().size() < window.limit()
            && !slice.rows().isEmpty();
    List<Long> latest = seen.latest(position.tail(), rows.subList(0, taken.rows()));
    boolean inexact = leftOut || drift.mayRepeat();
    Position next =
        done
            ? position.afterScope(latest, delivered, inexact)
            : position.afterPage(
                window.begin() + skipped + taken.rows(),
                beginsAsBefore(position, slice.rows())
                    ? Math.min(position.begin(), window.begin())
                    : window.begin(),
                rows.isEmpty() ? position.first() : slice.rows().get(0).ref().runId(),
                taken.rows() == 0 ? position.overlap() : overlapOf(taken.rows()),
                latest,
                delivered,
                read,
                barren,
                isSmall ? slice.rows().size() : position.atOnce(),
                inexact);
    boolean ended = next.todo().isEmpty() && next.more().isEmpty();
    boolean over = ended || page.full();
    if (done && !over) {
      seen.leave(!position.staysInPath());
    }
    return Step.done(
        new Turn(
            page.runs(),
            over ? null : next,
            position.todo().get(0),
            done && !leftOut && !page.cutShort(),
            ended && !next.cut() && !page.cutShort(),
            slice.claimedTotal(),
            notes(slice, done, read, hole, drift, said),
            fresh.size(),
            page.dropped(),
            List.of(),
            drift));
  }

  /**
   * Returns how many rows of a page the next one begins with: never all, or nothing new might come.
   */
  private static int overlapOf(int rows) {
    return Math.min(Window.OVERLAP, Math.max(1, rows / 2));
  }

  /**
   * Tells whether a page is the last one: short, with nothing in it or only what was read before.
   * Vendors may give fewer rows than asked for, so a short page is not believed against the
   * vendor's own count, nor, once, one with nothing new where that may be the vendor's own size. A
   * page that is too long is believed to be all when the vendor counts no more.
   */
  private static boolean isLast(Position position, Slice slice, Window window, int fresh) {
    int rows = slice.rows().size();
    OptionalLong claimed = slice.claimedTotal();
    boolean undercounted = claimed.orElse(0) > window.begin() + rows;
    boolean once = position.barren() == 0 && (rows == 0) == (window.begin() > 0);
    return rows < window.limit()
        ? !(undercounted && (fresh > 0 || once))
        : rows > window.limit() && claimed.isPresent() && !undercounted;
  }

  /**
   * Goes on from a page that has no row that is known: rows before it went, or so many came that
   * those that are known are further on. A list that ends before the page is soon found.
   *
   * @param back how many rows to step back so that two pages overlap
   */
  private Step<Turn> look(
      Position position, Slice slice, Window window, int back, SeenRuns seen, Search search) {
    long end = slice.rows().isEmpty() ? window.from() : Long.MAX_VALUE;
    List<Long> places = search.places();
    if (places == null && (slice.rows().isEmpty() || !seen.forgets())) {
      boolean far = slice.rows().isEmpty() && search.steps() > 0; // once may be a vendor's mistake
      long from = far ? Math.min(window.from(), slice.claimedTotal().orElse(end)) : window.from();
      long rows = far ? (long) back << Math.max(0, Math.min(search.steps() - 3, 30)) : back;
      return goTo(from - rows, position, seen, search, null);
    }
    if (places == null) {
      places = new ArrayList<>(List.of(window.from() - back));
      for (int i = 1; i <= MOST_LOOKS; i++) {
        places.add(window.from() + (long) i * STRIDE);
        places.add(window.from() - (long) i * STRIDE);
      }
    }
    List<Long> left =
        places.stream()
            .filter(place -> place > 0 && place < Math.min(end, slice.claimedTotal().orElse(end)))
            .toList();
    return left.isEmpty()
        ? goTo(0, position, seen, search, left)
        : goTo(left.get(0), position, seen, search, left.subList(1, left.size()));
  }

  private Step<Turn> goTo(
      long from, Position position, SeenRuns seen, Search search, @Nullable List<Long> places) {
    if (search.steps() >= MOST_BACKS) {
      throw drifting(position);
    }
    Position there = position.at(Math.max(0, from) + position.overlap());
    return read(there, seen, new Search(search.steps() + 1, places));
  }

  private static PagingException drifting(Position position) {
    return new PagingException(
        PagingException.Kind.DRIFT,
        "runs of "
            + position.todo().get(0)
            + " move between pages faster than they can be read; narrow the query");
  }

  private static PagingException loop(Position position, Window window) {
    return new PagingException(
        PagingException.Kind.LOOP,
        "the vendor gives the same runs of "
            + position.todo().get(0)
            + " again and again, at offset "
            + window.begin()
            + " too; the listing cannot go on");
  }

  /**
   * Tells whether a page begins with the row that the one before began with, only further on. A
   * short one may be the end of a list that grew at its front, unless that row was the very first.
   */
  private static boolean standsStill(Position position, List<JobRun.Builder> rows, Window window) {
    return beginsAsBefore(position, rows)
        && window.begin() > position.begin()
        && (rows.size() >= window.limit() || position.begin() == 0);
  }

  private static boolean beginsAsBefore(Position position, List<JobRun.Builder> rows) {
    return !rows.isEmpty() && rows.get(0).ref().runId().equals(position.first());
  }

  private List<String> notes(
      Slice slice, boolean done, long read, boolean hole, Drift drift, List<String> said) {
    List<String> notes = new ArrayList<>(preamble);
    notes.addAll(said);
    if (drift.stepsBack() > 0) {
      notes.add("runs moved between pages while they were read; the listing stepped back");
    }
    if (hole) {
      notes.add(
          "the vendor gave an empty page where it had listed runs before; some may be missing");
    } else if (drift.mayMiss()) {
      notes.add("runs moved further than pages overlap; some may be missing");
    }
    if (drift.mayRepeat()) {
      notes.add("the token does not remember all runs that were given; some may come again");
    }
    if (slice.capped()) {
      notes.add("the vendor gave only its latest " + slice.rows().size() + " runs");
    } else if (done
        && slice.claimedTotal().isPresent()
        && slice.claimedTotal().getAsLong() != read) {
      notes.add(
          "the vendor counts "
              + slice.claimedTotal().getAsLong()
              + " runs, its listing gave "
              + read);
    }
    return notes;
  }

  /** Some runs that the user gets. */
  private record Page(
      List<JobRun> runs, boolean full, boolean cutShort, Map<Filter, Long> dropped) {}

  private Page keep(List<JobRun.Builder> rows, long delivered) {
    long room = query.limit().isPresent() ? query.limit().getAsInt() - delivered : Long.MAX_VALUE;
    List<JobRun> runs = new ArrayList<>(rows.size());
    Map<Filter, Long> dropped = new EnumMap<>(Filter.class);
    for (int i = 0; i < rows.size(); i++) {
      if (runs.size() >= room) {
        return new Page(runs, true, true, dropped);
      }
      filter.apply(settings.complete(rows.get(i), names), dropped).ifPresent(runs::add);
    }
    return new Page(runs, runs.size() >= room, false, dropped);
  }

  /**
   * Returns what the query costs, finding out what there is to list if that takes requests.
   *
   * @param connecting what it took to connect the provider, if that was done for this
   */
  Step<QueryPlan> plan(Costs connecting) {
    Costs costs = connecting.copy();
    long once = costs.calls();
    List<String> notes = new ArrayList<>(preamble);
    if (once > 0) {
      notes.add(once + " of the requests are made once by a client, not for every query");
    }
    if (hopeless) {
      return Step.done(plan(List.of(), 0, 0, Optional.of(costs), costs, notes));
    }
    return query.runs().isEmpty()
        ? scopes(Optional.empty(), new Scopes(List.of(), Optional.empty()), costs)
            .map(
                found -> {
                  found.skipped().forEach(part -> notes.add(notListed(part)));
                  return plan(found.scopes(), costs, notes);
                })
        : Step.done(planByIds(costs, notes));
  }

  private QueryPlan planByIds(Costs costs, List<String> notes) {
    boolean known = true;
    long discovery = costs.calls();
    long first = 0;
    int chunk = Math.min(size, capabilities.maxIds());
    for (int from = 0; from < query.runs().size(); from += chunk) {
      List<RunRef> refs = query.runs().subList(from, Math.min(query.runs().size(), from + chunk));
      OptionalLong calls = provider.callsToGet(refs);
      known &= calls.isPresent();
      long count = calls.orElse(1);
      costs.addCalls(provider.get(refs), count);
      first = first == 0 ? count : first;
    }
    // rows up to a limit can all come with the first answer
    long least = query.limit().isPresent() ? discovery + first : costs.calls();
    return plan(
        List.of(), discovery, least, known ? Optional.of(costs) : Optional.empty(), costs, notes);
  }

  private Step<Scopes> scopes(Optional<String> after, Scopes soFar, Costs costs) {
    return costs
        .counted(provider.scopes(query, after))
        .flatMap(
            found -> {
              names.add(found.names());
              List<Scope> all = new ArrayList<>(soFar.scopes());
              all.addAll(found.scopes());
              Scopes both =
                  new Scopes(all, found.next()).without(found.skipped()).without(soFar.skipped());
              return found.next().isPresent() ? scopes(found.next(), both, costs) : Step.done(both);
            });
  }

  private QueryPlan plan(List<Scope> scopes, Costs costs, List<String> notes) {
    long discovery = costs.calls();
    scopes.forEach(scope -> costs.addFirstCall(provider.runs(scope, query, 0, size)));
    // with a limit the first scope can be enough, and further ones need not even be found
    long least =
        query.limit().isPresent()
            ? Math.min(discovery, 1) + Math.min(scopes.size(), 1)
            : costs.calls();
    long listed = costs.calls();
    if (wantsNames()) {
      scopes.stream()
          .filter(scope -> names.isDue(provider, scope))
          .map(provider::jobScope)
          .flatMap(Optional::stream)
          .distinct()
          .forEach(where -> costs.addFirstCall(provider.jobs(where, query, Optional.empty())));
    }
    perJob(scopes).ifPresent(notes::add);
    // how many pages a list of names has nobody knows
    Optional<Costs> most = costs.calls() == listed ? most(scopes, costs) : Optional.empty();
    return plan(scopes, discovery, least, most, costs, notes);
  }

  private QueryPlan plan(
      List<Scope> scopes,
      long discovery,
      long least,
      Optional<Costs> most,
      Costs costs,
      List<String> notes) {
    return new QueryPlan(
        settings.name(),
        filter.pushed(),
        filter.local(),
        scopes.stream().map(Scope::toString).toList(),
        discovery,
        least,
        costs.calls(),
        most.isEmpty() ? OptionalLong.empty() : OptionalLong.of(most.get().calls()),
        costs.atQuota(settings.quota()),
        most.map(each -> each.atQuota(settings.quota())),
        notes);
  }

  /** Returns what it takes besides if lists look cut, which only their first page tells. */
  private Optional<String> perJob(List<Scope> scopes) {
    List<Scope> within =
        scopes.stream().map(provider::listedByJob).flatMap(Optional::stream).toList();
    if (within.isEmpty()) {
      return Optional.empty();
    }
    List<OptionalInt> counts = within.stream().map(names::count).toList();
    boolean known = counts.stream().allMatch(OptionalInt::isPresent);
    int jobs = counts.stream().flatMapToInt(OptionalInt::stream).sum();
    return Optional.of(
        "a list that looks cut is read again job by job, which takes one request or more for each"
            + " of its jobs; that may happen to "
            + within.size()
            + " of "
            + scopes.size()
            + " lists"
            + (known ? " with " + jobs + " jobs" : ""));
  }

  /** Returns the most that it can cost, where it is known how many runs there can be. */
  private Optional<Costs> most(List<Scope> scopes, Costs least) {
    Costs most = least.copy();
    for (Scope scope : scopes) {
      OptionalLong runs = provider.mostRuns(scope, query);
      if (runs.isEmpty() || provider.listedByJob(scope).isPresent()) {
        return Optional.empty();
      }
      // each further page begins with rows that are known, and a full last one is followed by none
      long at = size;
      int pages = 0;
      for (int rows = size; at <= runs.getAsLong(); pages++) {
        Window window = window(at, size, 0, overlapOf(rows));
        at = window.end();
        rows = window.limit();
      }
      most.addCalls(provider.runs(scope, query, 0, size), pages);
    }
    return Optional.of(most);
  }

  private void requireOwn(RunRef ref) {
    if (!ref.provider().equals(provider.id())) {
      throw new IllegalArgumentException(
          "run " + ref + " is of " + ref.provider() + ", and this cloud is " + provider.id());
    }
  }

  private int size() {
    int asked = query.pageSize().orElse(capabilities.defaultPage());
    int useful = rowsAreDropped() ? asked : Math.min(asked, query.limit().orElse(asked));
    return Math.min(useful, capabilities.maxPage());
  }

  private boolean fillsOnePage() {
    return !rowsAreDropped() && query.limit().isPresent() && query.limit().getAsInt() <= size;
  }

  private boolean rowsAreDropped() {
    return !filter.local().isEmpty() || query.since().isPresent() || query.until().isPresent();
  }

  private static String notListed(Scopes.Skipped part) {
    return "not listed: " + new JobServiceException(part.named()).detail();
  }
}
