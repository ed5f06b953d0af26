package io.joblens.spi;

import io.joblens.JobServiceException.Kind;
import java.util.Set;

/**
 * One call that tries a set-up.
 *
 * @param region the region it asks
 * @param call the cheapest call of its operation
 * @param harmless the errors that are as good an answer as any: NOT_FOUND where it asks for
 *     something made up
 */
public record Probe(String region, Call call, Set<Kind> harmless) {
  /** Copies the set. */
  public Probe {
    harmless = Set.copyOf(harmless);
  }

  /**
   * Makes a probe.
   *
   * @param named whether it asks for something that the configuration names, which must then be
   *     there
   */
  public Probe(String region, Call call, boolean named) {
    this(region, call, named ? Set.of() : Set.of(Kind.NOT_FOUND));
  }

  /** Returns the probe of an operation, whatever it finds. */
  public static Probe of(String region, Call call) {
    return new Probe(region, call, false);
  }
}
