package io.joblens.internal;

import io.joblens.JobRun;
import java.util.HashMap;
import java.util.Map;

/**
 * The runs that a listing has read of the current scope's path. Over the slices of one path no run
 * is given twice; but only the runs of the current slice say whether its pages join.
 */
final class SeenRuns {
  private final Map<String, Integer> sliceById = new HashMap<>();
  private int slice;

  /** Remembers the run; tells whether it is new. */
  boolean add(JobRun.Builder row) {
    return add(row.ref().runId());
  }

  boolean add(String id) {
    return sliceById.put(id, slice) == null;
  }

  /** Tells whether the run was read in the current slice. */
  boolean isOfSlice(JobRun.Builder row) {
    Integer number = sliceById.get(row.ref().runId());
    return number != null && number == slice;
  }

  /** Goes on to the next slice, of the same path or of another. */
  void leave(boolean path) {
    slice++;
    if (path) {
      sliceById.clear();
    }
  }
}
