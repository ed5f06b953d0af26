package io.joblens.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.joblens.Finality;
import io.joblens.JobRun;
import io.joblens.JobState;
import io.joblens.RunRef;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SeenRunsTest {
  private final SeenRuns seen = new SeenRuns();

  private static List<JobRun.Builder> rows(String ids) {
    return Stream.of(ids.split(" "))
        .map(
            id ->
                JobRun.builder(new RunRef(StubProvider.ID, "r1", List.of("a", id)))
                    .state(JobState.RUNNING, Finality.OPEN, "RUN"))
        .toList();
  }

  private String take(String ids, boolean front) {
    return String.join(
        " ",
        seen.take(rows(ids), front, 100).fresh().stream().map(row -> row.ref().runId()).toList());
  }

  private SeenRuns.Join compare(String ids) {
    return seen.compare(rows(ids));
  }

  @Test
  void whatWasReadInTheSameOrderHasNotMoved() {
    assertThat(take("a b c d e", true)).isEqualTo("a b c d e");
    assertThat(compare("c d e f g")).isEqualTo(new SeenRuns.Join(3, 0, 0, false));
    assertThat(take("c d e f g", false)).isEqualTo("f g");
    assertThat(compare("a b c d e f g")).isEqualTo(new SeenRuns.Join(7, 0, 0, false));
  }

  @Test
  void aRunThatOvertakesOthersLeapsAndTheyAreOvertaken() {
    take("a b c d e f", true);
    assertThat(compare("a e b c d f")).isEqualTo(new SeenRuns.Join(6, 3, 3, false));
    assertThat(compare("b a d c f e")).isEqualTo(new SeenRuns.Join(6, 3, 1, false));
    assertThat(compare("b c d e f a")).isEqualTo(new SeenRuns.Join(6, 1, 1, false));
  }

  @Test
  void runsThatAppearBetweenOthersHaveOvertakenNobody() {
    take("a b c d e", true);
    assertThat(take("b x y z u v w c d e", false)).isEqualTo("x y z u v w");
    assertThat(compare("a b x y z u v w c d e").leap()).isZero();
    take("e f g", false);
    assertThat(compare("b x y z u v w c d e f g").overtaken()).isZero();
  }

  @Test
  void runsThatAppearInFrontHaveOvertakenNobodyOnceTheOthersComeAgain() {
    take("a b c d e", true);
    assertThat(take("p q r s t", true)).isEqualTo("p q r s t");
    take("s t u v w x", false);
    assertThat(compare("q r s t u v w x a b c d e").overtaken()).isZero();
  }

  @Test
  void noMoreNewRunsAreTakenThanAPageMayHave() {
    take("a b c", true);
    SeenRuns.Taken taken = seen.take(rows("b c d e f g"), false, 2);
    assertThat(taken.fresh()).extracting(row -> row.ref().runId()).containsExactly("d", "e");
    assertThat(taken.rows()).isEqualTo(4);
    assertThat(take("e f g", false)).isEqualTo("f g");
  }

  @Test
  void aRunOfAnotherSliceIsNotNewButJoinsNothing() {
    take("a b c", true);
    seen.leave(false);
    assertThat(compare("b x")).isEqualTo(new SeenRuns.Join(0, 0, 0, false));
    assertThat(take("b x", true)).isEqualTo("x");
    assertThat(compare("b x").known()).isEqualTo(2);
    seen.leave(true);
    assertThat(take("b", true)).isEqualTo("b");
  }

  /** Makes one that was resumed and knows the runs from 0 to 255. */
  private void resume() {
    seen.resume(
        Position.start()
            .afterPage(
                900,
                850,
                null,
                10,
                IntStream.range(0, SeenRuns.MEMORY)
                    .mapToObj(i -> SeenRuns.mark(Integer.toString(i)))
                    .toList(),
                900,
                900,
                0,
                0,
                false));
  }

  @Test
  void whatStandsBeforeAllThatIsRememberedWasReadBeforeIt() {
    resume();
    assertThat(seen.forgets()).isTrue();
    assertThat(take("x y 0 z 2 1 3 v 50", false)).isEqualTo("v");
    assertThat(take("w 254 255 p q", false)).isEqualTo("w p q");
    assertThat(take("m n", false)).isEqualTo("m n");
  }

  @Test
  void aPageFromLongAgoIsEarly() {
    resume();
    assertThat(compare("x 0 1").early()).isTrue();
    assertThat(compare("244 245").early()).isTrue();
    assertThat(compare("244 246").early()).isFalse();
    assertThat(compare("x y").early()).isFalse();
  }

  @Test
  void theLatestAreRememberedInTheOrderInWhichTheyStand() {
    take("a b c d", true);
    List<Long> latest = seen.latest(List.of(), rows("a b c d"));
    take("n a b x c", true);
    latest = seen.latest(latest, rows("n a b x c q"));
    assertThat(latest)
        .isEqualTo(Stream.of("n", "a", "b", "x", "c", "d").map(SeenRuns::mark).toList());
    List<Long> many = LongStream.range(0, 300).boxed().toList();
    assertThat(seen.latest(many, rows("d"))).hasSize(SeenRuns.MEMORY).endsWith(SeenRuns.mark("d"));
  }

  @Test
  void whatIsForgottenOfOneSliceIsForgottenInTheNextOfThePathAndNoFurther() {
    resume();
    seen.leave(false);
    assertThat(seen.forgets()).isFalse();
    assertThat(seen.forgetsSlices()).isTrue();
    seen.leave(false);
    assertThat(seen.forgetsSlices()).isTrue();
    seen.leave(true);
    assertThat(seen.forgetsSlices()).isFalse();
  }
}
