package io.joblens;

import java.util.List;

/**
 * Names a run everywhere: provider, region and the ids that lead to it. Its text, {@code
 * provider:region:segment/segment…} with percent-encoded segments, is stable and made for storing;
 * together with the account it is a key for a row in a database.
 *
 * @param provider the kind of service
 * @param region the region's id, a host label
 * @param segments the ids from the outermost to the run's own; never empty
 */
public record RunRef(ProviderId provider, String region, List<String> segments) {
  /** Checks region and segments; throws {@link IllegalArgumentException} naming what is wrong. */
  public RunRef {
    Refs.checkRegion(region);
    segments = Refs.checkSegments("run id", segments);
  }

  /** Returns the run's own id: the last segment. */
  public String runId() {
    return segments.get(segments.size() - 1);
  }

  /** Returns the job it is a run of; where a job is its own run, that has the same segments. */
  public JobRef job() {
    return new JobRef(
        provider,
        region,
        segments.size() == 1 ? segments : segments.subList(0, segments.size() - 1));
  }

  /**
   * Reads the text form.
   *
   * @throws IllegalArgumentException when the text is no reference, saying what is wrong
   */
  public static RunRef parse(String text) {
    Refs.Parts parts = Refs.parse(text);
    return new RunRef(parts.provider(), parts.region(), parts.segments());
  }

  @Override
  public String toString() {
    return Refs.format(provider, region, segments);
  }
}
