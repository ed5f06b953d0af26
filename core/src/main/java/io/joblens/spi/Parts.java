package io.joblens.spi;

import io.joblens.JobServiceException.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * What was read of several parts, and which could not be: one namespace that the key may not see
 * ends no search.
 *
 * @param read what was read, in the order of the parts
 * @param skipped the parts that are refused or gone, each with the vendor's word
 * @param <T> what there is to read of a part
 */
public record Parts<T>(List<T> read, List<Scopes.Skipped> skipped) {
  /** Copies the lists. */
  public Parts {
    read = List.copyOf(read);
    skipped = List.copyOf(skipped);
  }

  /**
   * Reads one part after the other; fails as the first did when every one is refused or gone, and
   * at once for any other error.
   */
  public static <T> Step<Parts<T>> each(
      List<Scope> parts, Function<? super Scope, Step<T>> function) {
    return Step.each(parts, part -> one(part, function.apply(part)))
        .flatMap(
            all -> {
              List<T> read = new ArrayList<>();
              List<Scopes.Skipped> skipped = new ArrayList<>();
              for (Parts<T> part : all) {
                read.addAll(part.read());
                skipped.addAll(part.skipped());
              }
              return read.isEmpty() && !skipped.isEmpty()
                  ? Step.failed(skipped.get(0).error())
                  : Step.done(new Parts<>(read, skipped));
            });
  }

  /** Looks into one part after the other for the narrower ones in it, as {@link #each} does. */
  public static Step<Scopes> within(
      List<Scope> parts, Function<? super Scope, Step<List<Scope>>> function) {
    return each(parts, function)
        .map(
            found ->
                new Scopes(
                    found.read().stream().flatMap(List::stream).toList(),
                    Optional.empty(),
                    Map.of(),
                    found.skipped()));
  }

  private static <T> Step<Parts<T>> one(Scope part, Step<T> step) {
    Step<Parts<T>> read = step.map(value -> new Parts<>(List.of(value), List.of()));
    return read.recover(
        error ->
            error.kind() == Kind.ACCESS_DENIED || error.kind() == Kind.NOT_FOUND
                ? Optional.of(
                    Step.done(new Parts<>(List.of(), List.of(new Scopes.Skipped(part, error)))))
                : Optional.empty());
  }
}
