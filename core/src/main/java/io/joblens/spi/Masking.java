package io.joblens.spi;

import java.util.Set;

/**
 * Which fields of a vendor's answers carry secrets, by name at any depth. Core masks them wherever
 * an answer is shown.
 *
 * @param values fields whose whole value is a secret, objects and arrays included
 * @param jsonValues fields that hold JSON text: every text in it is masked except those under
 *     {@code name}, {@code key} and {@code valueFrom}; what is no JSON is masked as a whole
 * @param urlQueries fields, or arrays, of URLs: everything after the question mark is masked
 */
public record Masking(Set<String> values, Set<String> jsonValues, Set<String> urlQueries) {
  /** What stands in place of a secret. */
  public static final String MASK = "***";

  /** No secrets. */
  public static final Masking NONE = new Masking(Set.of(), Set.of(), Set.of());

  /** Copies the sets. */
  public Masking {
    values = Set.copyOf(values);
    jsonValues = Set.copyOf(jsonValues);
    urlQueries = Set.copyOf(urlQueries);
  }
}
