package io.joblens.internal;

import io.joblens.JobQuery;
import io.joblens.JobRun;
import io.joblens.JobState;
import io.joblens.PagingException;
import io.joblens.RunRef;
import io.joblens.spi.Capabilities;
import io.joblens.spi.Capabilities.Paging;
import io.joblens.spi.JobProvider;
import io.joblens.spi.Scope;
import io.joblens.spi.Slice;
import io.joblens.spi.Step;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
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
   * @param scopeDone whether the scope was read to its end
   */
  record Turn(
      List<JobRun> runs,
      @Nullable Position next,
      @Nullable Scope scope,
      boolean scopeDone,
      boolean cut,
      OptionalLong claimed,
      List<String> notes) {}

  private static final int MOST_REPEATS = 2;
  private static final int MOST_BACKS = 1000;

  private final JobProvider provider;
  private final ClientSettings settings;
  private final JobQuery query;
  private final Capabilities capabilities;
  private final RowFilter filter;
  private final int size;
  private final List<String> preamble;
  private final boolean hopeless;

  Pager(JobProvider provider, ClientSettings settings, JobQuery asked) {
    this.provider = provider;
    this.settings = settings;
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
    return connected == provider ? this : new Pager(connected, settings, query);
  }

  /** Returns a step for the next page; ids that were read are added to {@code seen}. */
  Step<Turn> turn(Position position, Set<String> seen) {
    if (hopeless) {
      return Step.done(
          new Turn(List.of(), null, null, true, false, OptionalLong.empty(), preamble));
    }
    if (!query.runs().isEmpty()) {
      return byIds(position);
    }
    if (!position.todo().isEmpty()) {
      return read(position, seen);
    }
    return !position.searched() || position.more().isPresent()
        ? find(position, position.more(), seen)
        : Step.done(new Turn(List.of(), null, null, true, false, OptionalLong.empty(), preamble));
  }

  private Step<Turn> find(Position position, Optional<String> after, Set<String> seen) {
    return provider
        .scopes(query, after)
        .flatMap(found -> turn(position.withScopes(found.scopes(), found.next()), seen));
  }

  private Step<Turn> byIds(Position position) {
    int from = (int) Math.min(position.offset(), query.runs().size());
    int to = Math.min(query.runs().size(), from + Math.min(size, capabilities.maxIds()));
    List<RunRef> chunk = query.runs().subList(from, to);
    return provider
        .get(chunk)
        .map(
            rows -> {
              Page page = keep(rows, position.delivered());
              List<String> notes = new ArrayList<>();
              chunk.stream()
                  .filter(ref -> rows.stream().noneMatch(row -> row.ref().equals(ref)))
                  .forEach(ref -> notes.add("not found: " + ref));
              boolean done = to == query.runs().size();
              Position next =
                  done || page.full()
                      ? null
                      : position.afterIds(to, position.delivered() + page.runs().size());
              Scope scope = new Scope(chunk.get(0).region(), List.of(), "ids");
              return new Turn(page.runs(), next, scope, done, false, OptionalLong.empty(), notes);
            });
  }

  private Step<Turn> read(Position position, Set<String> seen) {
    boolean overlaps = overlaps(position);
    long at = overlaps ? position.offset() - 1 : position.offset();
    int limit = overlaps ? Math.min(capabilities.maxPage(), size + 1) : size;
    return provider
        .runs(position.todo().get(0), query, at, limit)
        .flatMap(slice -> digest(position, slice, at, limit, seen));
  }

  private boolean overlaps(Position position) {
    return capabilities.paging() == Paging.OFFSET
        && capabilities.maxPage() > 1
        && position.last() != null;
  }

  private Step<Turn> digest(Position position, Slice slice, long at, int limit, Set<String> seen) {
    List<JobRun.Builder> rows = slice.rows();
    int known = overlaps(position) ? indexOf(position.last(), rows) : -1;
    if (overlaps(position)
        && at > 0
        && known < 0
        && (rows.isEmpty() || !seen.contains(id(rows.get(0))))) {
      return stepBack(position, at, limit, seen);
    }
    List<JobRun.Builder> fresh = fresh(position, rows, seen);
    long read = position.read() + fresh.size();
    boolean undercounted = slice.claimedTotal().orElse(0) > read && !fresh.isEmpty();
    boolean done =
        rows.isEmpty()
            || (rows.size() == 1 && known == 0)
            || slice.capped()
            || (rows.size() < limit && !undercounted);
    int barren = fresh.isEmpty() && !done ? position.barren() + 1 : 0;
    if (barren >= MOST_REPEATS + position.backs()) {
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
    Position next =
        done
            ? position.afterScope(delivered, slice.capped())
            : position.afterPage(
                capabilities.paging() == Paging.OFFSET ? at + rows.size() : at + limit,
                id(rows.get(0)),
                id(rows.get(rows.size() - 1)),
                delivered,
                read,
                barren);
    boolean over = page.full() || (next.todo().isEmpty() && next.more().isEmpty());
    if (done && !over && leaves(position, next)) {
      seen.clear();
    }
    return Step.done(
        new Turn(
            page.runs(),
            over ? null : next,
            position.todo().get(0),
            done && !page.cutShort(),
            position.cut() || slice.capped() || page.cutShort(),
            slice.claimedTotal(),
            notes(position, slice, done, read)));
  }

  private Step<Turn> stepBack(Position position, long at, int limit, Set<String> seen) {
    if (position.backs() >= MOST_BACKS) {
      throw new PagingException(
          PagingException.Kind.DRIFT,
          "runs of "
              + position.todo().get(0)
              + " move between pages faster than they can be read; narrow the query");
    }
    return read(position.steppedBack(Math.max(0, at - (limit - 1)) + 1), seen);
  }

  private List<JobRun.Builder> fresh(
      Position position, List<JobRun.Builder> rows, Set<String> seen) {
    List<JobRun.Builder> fresh = new ArrayList<>(rows.size());
    if (isSamePage(position, rows)) {
      return fresh;
    }
    for (JobRun.Builder row : rows) {
      if (seen.add(id(row))) {
        fresh.add(row);
      }
    }
    return fresh;
  }

  private static boolean isSamePage(Position position, List<JobRun.Builder> rows) {
    return !rows.isEmpty()
        && id(rows.get(0)).equals(position.first())
        && id(rows.get(rows.size() - 1)).equals(position.last());
  }

  private List<String> notes(Position position, Slice slice, boolean done, long read) {
    List<String> notes = new ArrayList<>(preamble);
    if (capabilities.paging() == Paging.PAGE_NUMBER && position.offset() > 0) {
      notes.add(
          "the vendor numbers its pages: a run that moved between two of them may be missing");
    }
    if (position.backs() > 0) {
      notes.add("runs moved between pages while they were read; the listing stepped back");
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
  private record Page(List<JobRun> runs, boolean full, boolean cutShort) {}

  private Page keep(List<JobRun.Builder> rows, long delivered) {
    long room = query.limit().isPresent() ? query.limit().getAsInt() - delivered : Long.MAX_VALUE;
    List<JobRun> runs = new ArrayList<>(rows.size());
    for (int i = 0; i < rows.size(); i++) {
      if (runs.size() >= room) {
        return new Page(runs, true, true);
      }
      filter.apply(settings.complete(rows.get(i))).ifPresent(runs::add);
    }
    return new Page(runs, runs.size() >= room, false);
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

  private static int indexOf(@Nullable String id, List<JobRun.Builder> rows) {
    for (int i = 0; i < rows.size(); i++) {
      if (id(rows.get(i)).equals(id)) {
        return i;
      }
    }
    return -1;
  }

  private static String id(JobRun.Builder row) {
    return row.ref().runId();
  }
}
