package io.joblens.internal;

import io.joblens.JobRun;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The runs that a listing has read of the current scope's path, and in which order. Over the slices
 * of one path no run is given twice; but only the runs of the current slice say whether its pages
 * join.
 */
final class SeenRuns {
  /** How far apart neighbours are, so that there is room for runs that appear between them. */
  private static final long APART = 1L << 20;

  private record Place(int slice, long rank) {}

  /**
   * What a page has of the runs that were read before.
   *
   * @param known how many
   * @param overtaken how many of them stand behind one that stood behind them
   * @param leap the most that one of them has overtaken
   */
  record Join(int known, int overtaken, int leap) {}

  /**
   * What was taken of a page.
   *
   * @param fresh the runs that are new
   * @param rows how many of its rows that took
   */
  record Taken(List<JobRun.Builder> fresh, int rows) {}

  private final Map<String, Place> places = new HashMap<>();
  private int slice;
  private long furthest;
  private long nearest;

  /** Takes runs that another process has read. */
  void resume(List<String> ids) {
    ids.forEach(id -> place(id, furthest + APART));
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
    return new Join(known, overtaken, leap);
  }

  /**
   * Remembers the first runs of a page and where they stand.
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
    for (int i = 0; i < rows.size(); i++) {
      JobRun.Builder row = rows.get(i);
      Place place = place(row);
      if (place != null) {
        rank = place.rank();
      } else if (fresh.size() == most) {
        return new Taken(fresh, i);
      } else {
        // what appears before runs that are known stays before them
        rank += i < lastKnown || rank < furthest ? 1 : APART;
        if (place(row.ref().runId(), rank)) {
          fresh.add(row);
        }
      }
    }
    return new Taken(fresh, rows.size());
  }

  private @Nullable Place place(JobRun.Builder row) {
    Place place = places.get(row.ref().runId());
    return place != null && place.slice() == slice ? place : null;
  }

  private boolean place(String id, long rank) {
    furthest = Math.max(furthest, rank);
    nearest = Math.min(nearest, rank);
    return places.put(id, new Place(slice, rank)) == null;
  }

  /** Goes on to the next slice, of the same path or of another. */
  void leave(boolean path) {
    slice++;
    furthest = 0;
    nearest = 0;
    if (path) {
      places.clear();
    }
  }
}
