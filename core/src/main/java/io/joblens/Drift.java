package io.joblens;

import io.joblens.spi.Json;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How runs moved while their pages were read. Pages overlap, and what is read twice tells. Unless
 * {@link #mayMiss} says otherwise, every run that existed throughout was delivered exactly once; it
 * cannot tell of one that overtook, between two requests, all runs that the next page showed again,
 * while none of these moved far.
 *
 * @param stepsBack how often the listing went back, because a page showed too few of the runs that
 *     were read before it
 * @param overtaken how many runs that were read twice had been overtaken by others
 * @param mayMiss whether a run that existed throughout may be missing: runs moved further than
 *     pages overlap, or pages could not overlap, or the vendor gave nothing where there had been
 *     runs
 */
public record Drift(long stepsBack, long overtaken, boolean mayMiss) {
  /** Nothing moved. */
  public static final Drift NONE = new Drift(0, 0, false);

  /** Returns both as one. */
  public Drift plus(Drift other) {
    return new Drift(
        stepsBack + other.stepsBack, overtaken + other.overtaken, mayMiss || other.mayMiss);
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
    return map;
  }
}
