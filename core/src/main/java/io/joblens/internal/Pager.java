package io.joblens.internal;

import io.joblens.Filter;
import io.joblens.JobQuery;
import io.joblens.JobRun;
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
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Turns a query into pages: what to list, from where, which rows are new, when it ends. It makes
 * steps and has no I/O.
 *
 * <p>Where a vendor counts rows, the next page begins one row early: if the first row is not one
 * that was read before, rows have moved away and the listing steps back until it meets a known one.
 * Where a vendor counts pages that is not possible, and the page says so.
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
      List<Scopes.Skipped> skipped) {
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
          all);
    }
  }

  /** What leaves a listing one of all there is, somewhere and in some time. */
  private static final Set<Filter> OF_ALL = EnumSet.of(Filter.JOB, Filter.CREATED, Filter.FINISHED);

  private static final int MOST_REPEATS = 2;
  private static final int MOST_BARREN = 50;
  private static final int MOST_BACKS = 1000;

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
        asked.toBuilder().jobs(asked.jobs().stream().map(settings::idOf).toList()).build();
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
        List.of());
  }

  /** Returns a step for the next page; ids that were read are added to {@code seen}. */
  Step<Turn> turn(Position position, SeenRuns seen) {
    if (!query.runs().isEmpty()) {
      return byIds(position);
    }
    if (!position.todo().isEmpty()) {
      return read(position, seen, false);
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
                  allRead,
                  allRead,
                  OptionalLong.empty(),
                  notes,
                  each.size(),
                  page.dropped(),
                  List.of());
            });
  }

  private Step<Turn> read(Position position, SeenRuns seen, boolean again) {
    boolean overlaps = overlaps(position);
    // a token may come from a listing with pages of another size
    long begin =
        capabilities.paging() == Paging.PAGE_NUMBER
            ? position.offset() - position.offset() % size
            : position.offset();
    long at = overlaps ? begin - 1 : begin;
    int limit = overlaps ? Math.min(capabilities.maxPage(), size + 1) : size;
    Scope scope = position.todo().get(0);
    Step<Turn> turn =
        provider
            .runs(scope, query, at, limit)
            .flatMap(
                slice ->
                    slice.instead().isEmpty()
                        ? named(scope, slice)
                            .flatMap(said -> digest(position, slice, at, limit, seen, again, said))
                        : Step.done(narrowed(position, scope, slice)));
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
      seen.leave(leaves(position, next));
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
        List.of(new Scopes.Skipped(scope, error)));
  }

  /** Leaves a page that looks cut for the scopes that show more; its rows come again with them. */
  private Turn narrowed(Position position, Scope scope, Slice slice) {
    List<String> notes = new ArrayList<>(preamble);
    notes.add(
        scope
            + " looks cut after "
            + slice.rows().size()
            + " runs; what is in it is listed one by one, with "
            + slice.instead().size()
            + " requests or more");
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
        List.of());
  }

  /** Reads the names that the rows of a page lack, where somebody asked for them; says if not. */
  private Step<List<String>> named(Scope scope, Slice slice) {
    if (!wantsNames()) {
      return Step.done(List.of());
    }
    return names
        .load(provider, scope, slice.rows())
        .flatMap(
            error -> {
              if (error.isPresent() && query.name().isPresent()) {
                return Step.failed(error.get()); // nothing could match
              }
              return Step.done(
                  error.map(e -> "the names of jobs could not be read: " + e).stream().toList());
            });
  }

  private boolean wantsNames() {
    return query.resolveNames() || query.name().isPresent();
  }

  private boolean overlaps(Position position) {
    return capabilities.paging() == Paging.OFFSET
        && capabilities.maxPage() > 1
        && position.last() != null;
  }

  /**
   * Makes a page of the vendor's.
   *
   * @param again whether this part of the listing was stepped back to
   * @param said what is to be known besides
   */
  private Step<Turn> digest(
      Position position,
      Slice slice,
      long at,
      int limit,
      SeenRuns seen,
      boolean again,
      List<String> said) {
    List<JobRun.Builder> rows = slice.rows();
    boolean gap = overlaps(position) && at > 0 && rows.stream().noneMatch(seen::isOfSlice);
    boolean hole = gap && rows.isEmpty() && position.barren() >= MOST_REPEATS;
    if (gap && !hole) {
      return stepBack(position, at, limit, seen);
    }
    boolean samePage = isSamePage(position, rows);
    List<JobRun.Builder> fresh = samePage ? List.of() : rows.stream().filter(seen::add).toList();
    long read = position.read() + fresh.size();
    boolean done = hole || slice.capped() || isLast(position, slice, limit, fresh.size());
    int barren = done || !fresh.isEmpty() ? 0 : position.barren() + (samePage || !again ? 1 : 0);
    if ((samePage && !again && barren >= MOST_REPEATS) || barren >= MOST_BARREN) {
      throw new PagingException(
          PagingException.Kind.LOOP,
          "the vendor gives the same runs of "
              + position.todo().get(0)
              + " again and again, at offset "
              + at
              + " too; the listing cannot go on");
    }
    Page page = keep(fresh, position.delivered());
    long delivered = position.delivered() + page.runs().size();
    boolean leftOut = hole || slice.capped();
    Position next =
        done
            ? position.afterScope(delivered, leftOut)
            : position.afterPage(
                capabilities.paging() == Paging.OFFSET ? at + rows.size() : at + limit,
                rows.isEmpty() ? position.first() : rows.get(0).ref().runId(),
                rows.isEmpty() ? position.last() : rows.get(rows.size() - 1).ref().runId(),
                delivered,
                read,
                barren);
    boolean ended = next.todo().isEmpty() && next.more().isEmpty();
    boolean over = ended || page.full();
    if (done && !over) {
      seen.leave(leaves(position, next));
    }
    return Step.done(
        new Turn(
            page.runs(),
            over ? null : next,
            position.todo().get(0),
            done && !leftOut && !page.cutShort(),
            ended && !next.cut() && !page.cutShort(),
            slice.claimedTotal(),
            notes(position, slice, done, read, hole, said),
            fresh.size(),
            page.dropped(),
            List.of()));
  }

  /**
   * Tells whether a page is the last one: short, with nothing in it or only what was read before.
   * Vendors may give fewer rows than asked for, so a short page is not believed against the
   * vendor's own count, nor, once, an empty one.
   */
  private boolean isLast(Position position, Slice slice, int limit, int fresh) {
    int rows = slice.rows().size();
    boolean undercounted = slice.claimedTotal().orElse(0) > position.read() + fresh;
    if (rows == 0) {
      boolean inTheMiddle = position.last() != null && !overlaps(position);
      return !(undercounted && inTheMiddle && position.barren() == 0);
    }
    boolean onlyOverlap =
        rows == 1
            && overlaps(position)
            && slice.rows().get(0).ref().runId().equals(position.last());
    return onlyOverlap || (rows < limit && !(undercounted && fresh > 0));
  }

  private Step<Turn> stepBack(Position position, long at, int limit, SeenRuns seen) {
    if (position.backs() >= MOST_BACKS) {
      throw new PagingException(
          PagingException.Kind.DRIFT,
          "runs of "
              + position.todo().get(0)
              + " move between pages faster than they can be read; narrow the query");
    }
    return read(position.steppedBack(Math.max(0, at - (limit - 1)) + 1), seen, true);
  }

  private static boolean isSamePage(Position position, List<JobRun.Builder> rows) {
    return !rows.isEmpty()
        && rows.get(0).ref().runId().equals(position.first())
        && rows.get(rows.size() - 1).ref().runId().equals(position.last());
  }

  private List<String> notes(
      Position position, Slice slice, boolean done, long read, boolean hole, List<String> said) {
    List<String> notes = new ArrayList<>(preamble);
    notes.addAll(said);
    if (capabilities.paging() == Paging.PAGE_NUMBER && position.offset() > 0) {
      notes.add(
          "the vendor numbers its pages: a run that moved between two of them may be missing");
    }
    if (position.backs() > 0) {
      notes.add("runs moved between pages while they were read; the listing stepped back");
    }
    if (hole) {
      notes.add(
          "the vendor gave an empty page where it had listed runs before; some may be missing");
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

  /** Returns what the query costs, finding out what there is to list if that takes requests. */
  Step<QueryPlan> plan() {
    Costs costs = new Costs();
    if (hopeless) {
      return Step.done(plan(List.of(), 0, 0, OptionalLong.of(0), costs));
    }
    return query.runs().isEmpty()
        ? scopes(Optional.empty(), List.of(), costs).map(scopes -> plan(scopes, costs))
        : Step.done(planByIds(costs));
  }

  private QueryPlan planByIds(Costs costs) {
    boolean known = true;
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
    long least = query.limit().isPresent() ? first : costs.calls();
    OptionalLong most = known ? OptionalLong.of(costs.calls()) : OptionalLong.empty();
    return plan(List.of(), 0, least, most, costs);
  }

  private Step<List<Scope>> scopes(Optional<String> after, List<Scope> soFar, Costs costs) {
    return costs
        .counted(provider.scopes(query, after))
        .flatMap(
            found -> {
              names.add(found.names());
              List<Scope> all = new ArrayList<>(soFar);
              all.addAll(found.scopes());
              return found.next().isPresent() ? scopes(found.next(), all, costs) : Step.done(all);
            });
  }

  private QueryPlan plan(List<Scope> scopes, Costs costs) {
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
    // how many pages a list of names has nobody knows
    OptionalLong most = costs.calls() == listed ? mostCalls(scopes, listed) : OptionalLong.empty();
    return plan(scopes, discovery, least, most, costs);
  }

  private QueryPlan plan(
      List<Scope> scopes, long discovery, long least, OptionalLong most, Costs costs) {
    return new QueryPlan(
        settings.name(),
        filter.pushed(),
        filter.local(),
        scopes.stream().map(Scope::toString).toList(),
        discovery,
        least,
        costs.calls(),
        most,
        costs.atQuota(settings.quota()),
        preamble);
  }

  /** Returns the most calls, where it is known how many runs there can be. */
  private OptionalLong mostCalls(List<Scope> scopes, long least) {
    long most = least;
    for (Scope scope : scopes) {
      OptionalLong runs = provider.mostRuns(scope);
      if (runs.isEmpty()) {
        return OptionalLong.empty();
      }
      // each further page begins with a row that is known, and a full last one is followed by none
      long step = Math.max(1, Math.min(capabilities.maxPage(), size + 1) - 1);
      long further = Math.max(0, runs.getAsLong() - size);
      most += further == 0 ? 0 : (further + step - 1) / step + 1;
    }
    return OptionalLong.of(most);
  }

  private void requireOwn(RunRef ref) {
    if (!ref.provider().equals(provider.id())) {
      throw new IllegalArgumentException(
          "run " + ref + " is of " + ref.provider() + ", and this cloud is " + provider.id());
    }
  }

  private int size() {
    int asked = query.pageSize().orElse(capabilities.defaultPage());
    boolean rowsAreDropped =
        !filter.local().isEmpty() || query.since().isPresent() || query.until().isPresent();
    int useful = rowsAreDropped ? asked : Math.min(asked, query.limit().orElse(asked));
    return Math.min(useful, capabilities.maxPage());
  }

  private static boolean leaves(Position position, Position next) {
    return next.todo().isEmpty()
        || !next.todo().get(0).path().equals(position.todo().get(0).path())
        || !next.todo().get(0).region().equals(position.todo().get(0).region());
  }
}
