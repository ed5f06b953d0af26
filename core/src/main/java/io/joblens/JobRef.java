package io.joblens;

import java.util.List;

/**
 * Names a job everywhere: provider, region and the ids that lead to it. Its text, {@code
 * provider:region:segment/segment…} with percent-encoded segments, is stable and made for storing.
 *
 * @param provider the kind of service
 * @param region the region's id, a host label
 * @param segments the ids from the outermost to the job's own; never empty
 */
public record JobRef(ProviderId provider, String region, List<String> segments) {
  /** Checks region and segments; throws {@link IllegalArgumentException} naming what is wrong. */
  public JobRef {
    Refs.checkRegion(region);
    segments = Refs.checkSegments("job id", segments);
  }

  /** Returns the job's own id: the last segment. */
  public String jobId() {
    return segments.get(segments.size() - 1);
  }

  /**
   * Reads the text form.
   *
   * @throws IllegalArgumentException when the text is no reference, saying what is wrong
   */
  public static JobRef parse(String text) {
    Refs.Parts parts = Refs.parse(text);
    return new JobRef(parts.provider(), parts.region(), parts.segments());
  }

  @Override
  public String toString() {
    return Refs.format(provider, region, segments);
  }
}
