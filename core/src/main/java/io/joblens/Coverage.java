package io.joblens;

import io.joblens.spi.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How much of what was asked has been read.
 *
 * @param sources one for each cloud and scope that was begun, or that failed
 */
public record Coverage(List<Source> sources) {

  /**
   * One thing that runs were listed of.
   *
   * @param cloud the cloud's name
   * @param scope the vendor's scope and slice; empty when the cloud failed before it had any
   * @param rows how many of its runs were delivered
   * @param complete whether it was read to its end and the vendor left nothing out
   * @param error what ended it early
   * @param resumeToken where the cloud's listing can be resumed
   * @param notes what is to be known about it
   * @param read how many of its runs were read, those that did not match included
   * @param dropped how many of them each condition of the query left out
   * @param drift how its runs moved while they were read
   */
  public record Source(
      String cloud,
      String scope,
      long rows,
      boolean complete,
      Optional<JobException> error,
      Optional<PageToken> resumeToken,
      List<String> notes,
      long read,
      Map<Filter, Long> dropped,
      Drift drift) {
    /** Copies the collections. */
    public Source {
      notes = List.copyOf(notes);
      dropped = Map.copyOf(dropped);
    }

    /** Takes a source whose runs stood still and were all delivered. */
    public Source(
        String cloud,
        String scope,
        long rows,
        boolean complete,
        Optional<JobException> error,
        Optional<PageToken> resumeToken,
        List<String> notes) {
      this(cloud, scope, rows, complete, error, resumeToken, notes, rows, Map.of(), Drift.NONE);
    }

    /** Returns the source as one line of JSON. */
    public String toJson() {
      return Json.write(toMap());
    }

    Map<String, Object> toMap() {
      Map<String, Object> map = new LinkedHashMap<>();
      map.put("cloud", cloud);
      map.put("scope", Optional.of(scope).filter(text -> !text.isEmpty()));
      map.put("rows", rows);
      map.put("complete", complete);
      map.put("error", error.map(JobException::getMessage));
      map.put("resumeToken", resumeToken);
      map.put("notes", Optional.of(notes).filter(list -> !list.isEmpty()));
      map.put("read", Optional.of(read).filter(count -> count != rows));
      map.put("dropped", Optional.of(new TreeMap<>(dropped)).filter(all -> !all.isEmpty()));
      map.put("drift", Optional.of(drift).filter(any -> !any.equals(Drift.NONE)).map(Drift::toMap));
      return map;
    }
  }

  /** Copies the list. */
  public Coverage {
    sources = List.copyOf(sources);
  }

  /**
   * Tells whether every source was read to its end and no run is known to be missing. Nothing is
   * complete that was never begun.
   */
  public boolean isComplete() {
    return !sources.isEmpty() && sources.stream().allMatch(Source::complete);
  }

  /** Returns the sources as a JSON array. */
  public String toJson() {
    return Json.write(sources.stream().map(Source::toMap).toList());
  }
}
