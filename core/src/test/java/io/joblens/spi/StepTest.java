package io.joblens.spi;

import static org.assertj.core.api.Assertions.assertThat;

import io.joblens.JobServiceException.Kind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StepTest {
  private static final Call CALL =
      Call.read(
          "X",
          new Quota("q", Rate.perSecond(1)),
          WireRequest.get(Endpoint.https("api.example")).build());
  private static final ServiceError NOT_FOUND = ServiceError.of(Kind.NOT_FOUND, 404).build();
  private static final ServiceError DENIED = ServiceError.of(Kind.ACCESS_DENIED, 403).build();

  private static Step<String> ask() {
    return Step.ask(CALL, response -> Step.done(text(response)));
  }

  private static String text(WireResponse response) {
    return new String(response.body(), StandardCharsets.UTF_8);
  }

  /** Runs a step against answers: a text is one, an error is what core makes of an answer. */
  private static <T> Object run(Step<T> step, Object... answers) {
    Deque<Object> left = new ArrayDeque<>(List.of(answers));
    Step<T> current = step;
    while (current instanceof Step.Ask<T> ask) {
      Object answer = left.remove();
      if (answer instanceof ServiceError error) {
        Optional<Step<T>> recovered = ask.recover().apply(error);
        if (recovered.isEmpty()) {
          return error;
        }
        current = recovered.get();
      } else {
        current =
            ask.then()
                .apply(
                    new WireResponse(
                        200, Map.of(), ((String) answer).getBytes(StandardCharsets.UTF_8)));
      }
    }
    assertThat(left).isEmpty();
    return current instanceof Step.Done<T> done
        ? (Object) done.value()
        : ((Step.Failed<T>) current).error();
  }

  private static <T> Function<ServiceError, Optional<Step<T>>> onNotFound(Step<T> instead) {
    return error -> error.kind() == Kind.NOT_FOUND ? Optional.of(instead) : Optional.empty();
  }

  @Test
  void mappingFollowsTheLawsOfAFunctor() {
    Function<String, String> f = text -> text + "f";
    Function<String, String> g = text -> text + "g";
    assertThat(run(ask().map(Function.identity()), "a")).isEqualTo("a");
    assertThat(run(ask().map(f).map(g), "a")).isEqualTo(run(ask().map(f.andThen(g)), "a"));
    assertThat(run(Step.done("x").map(f))).isEqualTo("xf");
    assertThat(run(Step.<String>failed(DENIED).map(f))).isSameAs(DENIED);
  }

  @Test
  void goingOnFollowsTheLawsOfAMonad() {
    Function<String, Step<String>> f = text -> ask().map(more -> text + more);
    Function<String, Step<String>> g = text -> Step.done("(" + text + ")");
    assertThat(run(Step.done("a").flatMap(f), "b")).isEqualTo(run(f.apply("a"), "b"));
    assertThat(run(ask().flatMap(Step::done), "a")).isEqualTo("a");
    assertThat(run(ask().flatMap(f).flatMap(g), "a", "b"))
        .isEqualTo(run(ask().flatMap(x -> f.apply(x).flatMap(g)), "a", "b"))
        .isEqualTo("(ab)");
  }

  @Test
  void anErrorOfACallStopsWhatComesAfter() {
    List<String> reached = new ArrayList<>();
    Step<Boolean> step = ask().map(reached::add);
    assertThat(run(step, DENIED)).isSameAs(DENIED);
    assertThat(reached).isEmpty();
  }

  @Test
  void recoveringReplacesAnErrorWhereverItComesUp() {
    Step<String> instead = Step.done("instead");
    assertThat(run(ask().recover(onNotFound(instead)), NOT_FOUND)).isEqualTo("instead");
    assertThat(run(ask().recover(onNotFound(instead)), DENIED)).isSameAs(DENIED);
    assertThat(run(ask().recover(onNotFound(instead)), "fine")).isEqualTo("fine");
    assertThat(run(Step.<String>failed(NOT_FOUND).recover(onNotFound(instead))))
        .isEqualTo("instead");
    Step<String> inside = Step.ask(CALL, response -> Step.failed(NOT_FOUND));
    assertThat(run(inside.recover(onNotFound(instead)), "an error in the body"))
        .isEqualTo("instead");
    Step<String> later = ask().flatMap(first -> ask().map(second -> first + second));
    assertThat(run(later.recover(onNotFound(instead)), "a", NOT_FOUND)).isEqualTo("instead");
    assertThat(run(Step.done("x").recover(onNotFound(instead)))).isEqualTo("x");
  }

  @Test
  void whatIsRecoveredToMayAskAgainAndIsRecoveredToo() {
    Step<String> step =
        ask().recover(onNotFound(ask().recover(onNotFound(Step.done("in the end")))));
    assertThat(run(step, NOT_FOUND, "second")).isEqualTo("second");
    assertThat(run(step, NOT_FOUND, NOT_FOUND)).isEqualTo("in the end");
  }

  @Test
  void theInnerRecoveryComesFirst() {
    Step<String> step =
        ask().recover(onNotFound(Step.done("inner"))).recover(onNotFound(Step.done("outer")));
    assertThat(run(step, NOT_FOUND)).isEqualTo("inner");
  }

  @Test
  void whatComesAfterARecoveryIsNotRecovered() {
    Step<String> step =
        ask().recover(onNotFound(Step.done("x"))).flatMap(text -> ask().map(more -> text + more));
    assertThat(run(step, NOT_FOUND, NOT_FOUND)).isSameAs(NOT_FOUND);
    assertThat(run(step, NOT_FOUND, "y")).isEqualTo("xy");
  }

  @Test
  void somethingThatIsNotFoundCanBeAbsent() {
    assertThat(run(ask().ifFound(), "a")).isEqualTo(Optional.of("a"));
    assertThat(run(ask().ifFound(), NOT_FOUND)).isEqualTo(Optional.empty());
    assertThat(run(ask().ifFound(), DENIED)).isSameAs(DENIED);
  }

  @Test
  void eachRunsOneAfterTheOtherAndKeepsTheOrder() {
    List<Integer> items = IntStream.range(0, 6).boxed().toList();
    Step<List<String>> step =
        Step.each(items, i -> i % 2 == 0 ? Step.done("d" + i) : ask().map(text -> text + i));
    assertThat(run(step, "a", "b", "c")).isEqualTo(List.of("d0", "a1", "d2", "b3", "d4", "c5"));
    assertThat(run(Step.each(List.of(), i -> ask()))).isEqualTo(List.of());
  }

  @Test
  void eachStopsAtAnErrorUnlessThatIsRecoveredFrom() {
    List<Integer> items = List.of(1, 2, 3);
    assertThat(run(Step.each(items, i -> ask()), "a", DENIED)).isSameAs(DENIED);
    assertThat(
            run(
                Step.each(items, i -> ask().recover(onNotFound(Step.done("none")))),
                "a",
                NOT_FOUND,
                "c"))
        .isEqualTo(List.of("a", "none", "c"));
    assertThat(
            run(
                Step.each(items, i -> ask()).recover(onNotFound(Step.done(List.of()))),
                "a",
                NOT_FOUND))
        .isEqualTo(List.of());
  }

  @Test
  void anAnswerMayBeReadTwiceWithTheSameResult() {
    Step.Ask<List<String>> step =
        (Step.Ask<List<String>>) Step.each(List.of(1, 2), i -> ask().map(text -> text + i));
    WireResponse response = new WireResponse(200, Map.of(), "x".getBytes(StandardCharsets.UTF_8));
    assertThat(run(step.then().apply(response), "y")).isEqualTo(List.of("x1", "y2"));
    assertThat(run(step.then().apply(response), "z")).isEqualTo(List.of("x1", "z2"));
  }

  @Test
  void manyStepsInARowNeedNoDeepStack() {
    Step<List<Integer>> done = Step.each(IntStream.range(0, 100_000).boxed().toList(), Step::done);
    assertThat((List<?>) run(done)).hasSize(100_000);
  }
}
