package io.joblens.spi;

import java.util.List;

/**
 * One thing that a vendor lists runs of, and the slice of it: an app and one state word, a group, a
 * task, a region. It stands in page tokens and coverage, so it holds ids, never a secret.
 *
 * @param region the region's id
 * @param path the ids that lead to it; empty where a region is the whole scope
 * @param slice the vendor's word that the listing is pushed down to, or empty for all
 */
public record Scope(String region, List<String> path, String slice) {
  /** Copies the path. */
  public Scope {
    path = List.copyOf(path);
  }

  @Override
  public String toString() {
    String text = path.isEmpty() ? region : region + ":" + String.join("/", path);
    return slice.isEmpty() ? text : text + "?" + slice;
  }
}
