package io.joblens;

/**
 * A number of runs.
 *
 * @param atLeast how many there are at least
 * @param exact whether there are no more: only so when the listing was read to its end
 */
public record Total(long atLeast, boolean exact) {
  @Override
  public String toString() {
    return exact ? Long.toString(atLeast) : "at least " + atLeast;
  }
}
