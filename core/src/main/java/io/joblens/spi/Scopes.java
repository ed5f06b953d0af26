package io.joblens.spi;

import io.joblens.JobRef;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Scopes to list, and how to find more.
 *
 * @param scopes the next scopes, in the order to list them; may be empty
 * @param next what to pass to find the scopes after these, or empty when these are all
 * @param names names of jobs that were met on the way
 * @param skipped what could not be looked into; the listing goes on and says so
 */
public record Scopes(
    List<Scope> scopes, Optional<String> next, Map<JobRef, String> names, List<Skipped> skipped) {

  /**
   * A part that could not be looked into.
   *
   * @param scope the part
   * @param error what the vendor said
   */
  public record Skipped(Scope scope, ServiceError error) {
    /** Returns the error, with the part's name before what the vendor said. */
    public ServiceError named() {
      return error.toBuilder()
          .message(scope + " cannot be read: " + error.message().orElse(""))
          .build();
    }
  }

  /** Copies the collections. */
  public Scopes {
    scopes = List.copyOf(scopes);
    names = Map.copyOf(names);
    skipped = List.copyOf(skipped);
  }

  /** Takes scopes, and how to find more. */
  public Scopes(List<Scope> scopes, Optional<String> next) {
    this(scopes, next, Map.of(), List.of());
  }

  /** Returns the same scopes, with more that could not be looked into. */
  public Scopes without(List<Skipped> more) {
    List<Skipped> all = new ArrayList<>(more);
    all.addAll(skipped);
    return new Scopes(scopes, next, names, all);
  }

  /** Returns each scope once for each of the vendor's words that a listing is pushed down to. */
  public Scopes sliced(List<String> words) {
    List<Scope> sliced = new ArrayList<>();
    for (Scope scope : scopes) {
      words.forEach(word -> sliced.add(new Scope(scope.region(), scope.path(), word)));
    }
    return new Scopes(sliced, next, names, skipped);
  }

  /** Returns these scopes and no more. */
  public static Scopes all(List<Scope> scopes) {
    return new Scopes(scopes, Optional.empty());
  }
}
