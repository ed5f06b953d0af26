package io.joblens.spi;

import io.joblens.JobException;
import io.joblens.JobServiceException.Kind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * A suspended computation without time, thread or I/O in it: it is done, has failed, or asks for
 * one call and says how to read the answer, which may ask again. Core runs it, blocking or not.
 *
 * @param <T> what it comes to
 */
public sealed interface Step<T> {

  /** The value is there. */
  record Done<T>(T value) implements Step<T> {}

  /** The vendor said no, or said something that stands for no. */
  record Failed<T>(ServiceError error) implements Step<T> {}

  /**
   * Asks for one call.
   *
   * @param reader reads the answer, whose status is 2xx; it returns {@link Failed} for an error
   *     that stands in the body, and throws {@link WireDataException} for one it cannot read
   * @param recover turns an error of the call into another step, or leaves it
   * @param without goes on without an answer, when the last attempt has failed; or does not
   */
  record Ask<T>(
      Call call,
      Reader<T> reader,
      Function<ServiceError, Optional<Step<T>>> recover,
      Function<JobException, Optional<Step<T>>> without)
      implements Step<T> {

    /** Makes one that cannot do without its answer. */
    public Ask(
        Call call,
        Function<WireResponse, Step<T>> then,
        Function<ServiceError, Optional<Step<T>>> recover) {
      this(call, Reader.of(then), recover, problem -> Optional.empty());
    }

    /** Returns what reads the answer and takes an error in it as it stands. */
    public Function<WireResponse, Step<T>> then() {
      return answer -> reader.read(answer, UnaryOperator.identity());
    }
  }

  /** Reads an answer. */
  @FunctionalInterface
  interface Reader<T> {
    /**
     * Returns what the answer comes to.
     *
     * @param seen makes of an error in the body, before anybody recovers from it, what may be shown
     */
    Step<T> read(WireResponse answer, UnaryOperator<ServiceError> seen);

    private static <T> Reader<T> of(Function<WireResponse, Step<T>> then) {
      return (answer, seen) -> {
        Step<T> step = then.apply(answer);
        return step instanceof Failed<T> failed ? failed(seen.apply(failed.error())) : step;
      };
    }
  }

  /** Returns a finished step. */
  static <T> Step<T> done(T value) {
    return new Done<>(value);
  }

  /** Returns a failed step. */
  static <T> Step<T> failed(ServiceError error) {
    return new Failed<>(error);
  }

  /** Returns a step that asks for one call. */
  static <T> Step<T> ask(Call call, Function<WireResponse, Step<T>> then) {
    return new Ask<>(call, then, error -> Optional.empty());
  }

  /** Applies the function to the value. */
  default <R> Step<R> map(Function<? super T, ? extends R> function) {
    return flatMap(value -> done(function.apply(value)));
  }

  /** Goes on with the step that the function makes of the value. */
  default <R> Step<R> flatMap(Function<? super T, Step<R>> function) {
    if (this instanceof Done<T> done) {
      return function.apply(done.value());
    }
    if (this instanceof Ask<T> ask) {
      return new Ask<>(
          ask.call(),
          (answer, seen) -> ask.reader().read(answer, seen).flatMap(function),
          error -> ask.recover().apply(error).map(step -> step.flatMap(function)),
          problem -> ask.without().apply(problem).map(step -> step.flatMap(function)));
    }
    return failed(((Failed<T>) this).error());
  }

  /** Replaces an error, wherever in the computation it comes up, where the function says so. */
  default Step<T> recover(Function<ServiceError, Optional<Step<T>>> function) {
    if (this instanceof Ask<T> ask) {
      return new Ask<>(
          ask.call(),
          (answer, seen) -> ask.reader().read(answer, seen).recover(function),
          error ->
              ask.recover()
                  .apply(error)
                  .map(step -> Optional.of(step.recover(function)))
                  .orElseGet(() -> function.apply(error)),
          problem -> ask.without().apply(problem).map(step -> step.recover(function)));
    }
    if (this instanceof Failed<T> failed) {
      return function.apply(failed.error()).orElse(this);
    }
    return this;
  }

  /**
   * Does without the answer of any of its calls that fails for good, after all attempts. What ends
   * more than the one call stays a failure: wrong credentials, cancelling, the end of the time.
   *
   * @param function goes on from what the problem was
   */
  default Step<T> orElse(Function<JobException, Step<T>> function) {
    if (!(this instanceof Ask<T> ask)) {
      return this; // a failure that an answer holds is tried again before it gets here
    }
    return new Ask<>(
        ask.call(),
        (answer, seen) -> ask.reader().read(answer, seen).orElse(function),
        error -> ask.recover().apply(error).map(step -> step.orElse(function)),
        problem ->
            ask.without()
                .apply(problem)
                .map(step -> step.orElse(function))
                .or(() -> Optional.of(function.apply(problem))));
  }

  /** Returns the value, or empty when the vendor says that there is no such thing. */
  default Step<Optional<T>> ifFound() {
    Step<Optional<T>> found = map(Optional::of);
    return found.recover(
        error ->
            error.kind() == Kind.NOT_FOUND
                ? Optional.of(done(Optional.empty()))
                : Optional.empty());
  }

  /** Runs one step for each item, one after the other, and collects the values. */
  static <I, T> Step<List<T>> each(List<I> items, Function<? super I, Step<T>> function) {
    return each(items, 0, new ArrayList<>(items.size()), function);
  }

  private static <I, T> Step<List<T>> each(
      List<I> items, int from, List<T> values, Function<? super I, Step<T>> function) {
    for (int i = from; i < items.size(); i++) {
      Step<T> step = function.apply(items.get(i));
      if (!(step instanceof Done<T> done)) {
        int next = i + 1;
        return step.flatMap(
            value -> {
              // a copy, because an answer may be read again after a failed attempt
              List<T> grown = new ArrayList<>(values);
              grown.add(value);
              return each(items, next, grown, function);
            });
      }
      values.add(done.value());
    }
    return done(Collections.unmodifiableList(values));
  }
}
