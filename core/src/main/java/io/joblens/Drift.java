package io.joblens;

import io.joblens.spi.Json;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How runs moved while their pages were read. Pages overlap, and what is read twice tells. Unless
 * {@link #mayMiss} or {@link #mayRepeat} says otherwise, every run that existed throughout was
 * delivered exactly once; it cannot tell of one that overtook, between two requests, all runs that
 * the next page showed again, while none of these moved far. That holds for pages that are read one
 * by one with tokens, too, as long as fewer than some 250 runs come between two of them; when more
 * do, it most often still holds, and otherwise is said.
 *
 * @param stepsBack how often the listing looked elsewhere, most often further back, because a page
 *     showed too few of the runs that were read before it
 * @param overtaken how many runs that were read twice had been overtaken by others
 * @param mayMiss whether a run that existed throughout may be missing: runs moved further than
 *     pages overlap, or pages could not overlap, or the vendor gave nothing where there had been
 *     runs
 * @param mayRepeat whether runs of this page, and of those that follow it, may have been delivered
 *     before: a token, which remembers only the latest runs, was resumed, and none of these were
 *     found, or the listing has come to another state of the same job
 */
public record Drift(long stepsBack, long overtaken, boolean mayMiss, boolean mayRepeat) {
  /** Nothing moved. */
  public static final Drift NONE = new Drift(0, 0, false, false);

  /** Returns both as one. */
  public Drift plus(Drift other) {
    return new Drift(
        stepsBack + other.stepsBack,
        overtaken + other.overtaken,
        mayMiss || other.mayMiss,
        mayRepeat || other.mayRepeat);
  }

  /** Returns the report as one line of JSON. */
  public String toJson() {
    return Json.write(toMap());
  }

  Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("stepsBack", stepsBack);
    map.put("overtaken", overtaken);
    map.put("mayMiss", mayMiss);
    map.put("mayRepeat", mayRepeat);
    return map;
  }
}
