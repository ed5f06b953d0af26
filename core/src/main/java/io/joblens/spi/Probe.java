package io.joblens.spi;

/**
 * One call that tries a set-up.
 *
 * @param call the cheapest call of its operation
 * @param named whether it asks for something that the configuration names, which must then be
 *     there; else it may ask for something made up, and NOT_FOUND is as good an answer as any
 */
public record Probe(Call call, boolean named) {
  /** Returns the probe of an operation, whatever it finds. */
  public static Probe of(Call call) {
    return new Probe(call, false);
  }
}
