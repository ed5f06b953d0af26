package io.joblens.spi;

import java.util.List;
import java.util.Optional;

/**
 * Scopes to list, and how to find more.
 *
 * @param scopes the next scopes, in the order to list them; may be empty
 * @param next what to pass to find the scopes after these, or empty when these are all
 */
public record Scopes(List<Scope> scopes, Optional<String> next) {
  /** Copies the list. */
  public Scopes {
    scopes = List.copyOf(scopes);
  }

  /** Returns these scopes and no more. */
  public static Scopes all(List<Scope> scopes) {
    return new Scopes(scopes, Optional.empty());
  }
}
