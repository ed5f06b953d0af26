package io.joblens.internal;

import io.joblens.JobRun;
import io.joblens.spi.Sha256;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The runs that a listing has read of the current scope's path, and in which order. Over the slices
 * of one path no run is given twice; but only the runs of the current slice say whether its pages
 * join.
 *
 * <p>A listing that was resumed knows only the latest ones. What stands before all of these was
 * read before them, or has come since.
 */
final class SeenRuns {
  /** How many runs a token remembers. So many, less the overlap, may come between two pages. */
  static final int MEMORY = 256;

  /** How far apart neighbours are, so that there is room for runs that appear between them. */
  private static final long APART = 1L << 20;

  private record Place(int slice, long rank) {}

  /**
   * What a page has of the runs that were read before.
   *
   * @param known how many
   * @param overtaken how many of them stand behind one that stood behind them
   * @param leap the most that one of them has overtaken
   * @param early whether there are some, and all from so long ago that the latest must come later
   */
  record Join(int known, int overtaken, int leap, boolean early) {}

  /**
   * What was taken of a page.
   *
   * @param fresh the runs that are new
   * @param rows how many of its rows that took
   */
  record Taken(List<JobRun.Builder> fresh, int rows) {}

  private final Map<Long, Place> places = new HashMap<>();
  private int slice;
  private long furthest;
  private long nearest;
  private boolean forgets;
  private boolean forgetsSlices;

  /** Returns what is remembered of an id: short, and hardly ever that of another. */
  static long mark(String id) {
    return Long.parseUnsignedLong(Sha256.hex(id).substring(0, 16), 16);
  }

  /** Takes runs that another process has read. */
  void resume(Position start) {
    start.earlier().forEach(mark -> place(mark, 0));
    forgetsSlices = start.earlier().size() >= MEMORY;
    slice++;
    start.tail().forEach(mark -> place(mark, furthest + APART));
    forgets = start.tail().size() >= MEMORY;
  }

  /** Tells whether runs of this slice may have been read that are not known any more. */
  boolean forgets() {
    return forgets;
  }

  /** Tells whether runs of other slices may have been read that are not known any more. */
  boolean forgetsSlices() {
    return forgetsSlices;
  }

  /**
   * Returns the latest runs in their order, as many as a token remembers.
   *
   * @param before the latest before this page
   */
  List<Long> latest(List<Long> before, List<JobRun.Builder> rows) {
    Set<Long> marks = new LinkedHashSet<>(before);
    rows.stream().map(SeenRuns::mark).filter(mark -> place(mark) != null).forEach(marks::add);
    List<Long> sorted = new ArrayList<>(marks);
    sorted.sort(Comparator.comparingLong(this::rank));
    return sorted.subList(Math.max(0, sorted.size() - MEMORY), sorted.size());
  }

  private long rank(long mark) {
    Place place = place(mark);
    return place == null ? Long.MIN_VALUE : place.rank();
  }

  /** Compares a page with what was read before it. */
  Join compare(List<JobRun.Builder> rows) {
    int known = 0;
    int overtaken = 0;
    int leap = 0;
    int inRow = 0;
    long highest = Long.MIN_VALUE;
    for (JobRun.Builder row : rows) {
      Place place = place(row);
      if (place == null) {
        continue;
      }
      known++;
      if (place.rank() < highest) {
        overtaken++;
        inRow++;
        leap = Math.max(leap, inRow);
      } else {
        highest = place.rank();
        inRow = 0;
      }
    }
    boolean early = forgets && known > 0 && highest <= furthest - Window.OVERLAP * APART;
    return new Join(known, overtaken, leap, early);
  }

  /**
   * Remembers the first runs of a page and where they stand. Runs where others were forgotten are
   * left out.
   *
   * @param front whether no run stands before the page
   * @param most how many new runs to take
   */
  Taken take(List<JobRun.Builder> rows, boolean front, int most) {
    int lastKnown = rows.size() - 1;
    while (lastKnown >= 0 && place(rows.get(lastKnown)) == null) {
      lastKnown--;
    }
    long rank = front && furthest > 0 ? nearest - APART : furthest;
    for (int i = lastKnown; i >= 0; i--) {
      Place place = place(rows.get(i));
      rank = place == null ? rank : place.rank() - APART;
    }
    List<JobRun.Builder> fresh = new ArrayList<>();
    int begin = forgets ? forgotten(rows) : 0;
    for (int i = 0; i < rows.size(); i++) {
      JobRun.Builder row = rows.get(i);
      Place place = place(row);
      if (place != null) {
        rank = place.rank();
      } else if (i >= begin && fresh.size() == most) {
        return new Taken(fresh, i);
      } else if (i >= begin) {
        // what appears before runs that are known stays before them
        rank += i < lastKnown || rank < furthest ? 1 : APART;
        if (place(mark(row), rank)) {
          fresh.add(row);
        }
      }
    }
    return new Taken(fresh, rows.size());
  }

  /**
   * Returns how many rows stand before the oldest that are known, and among them: neighbours may
   * have changed places there as well.
   */
  private int forgotten(List<JobRun.Builder> rows) {
    for (int i = rows.size() - 1; i >= 0; i--) {
      Place place = place(rows.get(i));
      if (place != null && place.rank() <= Window.OVERLAP * APART) {
        return i + 1;
      }
    }
    return 0;
  }

  private static long mark(JobRun.Builder row) {
    return mark(row.ref().runId());
  }

  private @Nullable Place place(JobRun.Builder row) {
    return place(mark(row));
  }

  private @Nullable Place place(long mark) {
    Place place = places.get(mark);
    return place != null && place.slice() == slice ? place : null;
  }

  private boolean place(long mark, long rank) {
    furthest = Math.max(furthest, rank);
    nearest = Math.min(nearest, rank);
    return places.put(mark, new Place(slice, rank)) == null;
  }

  /** Goes on to the next slice, of the same path or of another. */
  void leave(boolean path) {
    slice++;
    furthest = 0;
    nearest = 0;
    forgetsSlices = !path && (forgetsSlices || forgets);
    forgets = false;
    if (path) {
      places.clear();
    }
  }
}
