package io.joblens.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.joblens.Finality;
import io.joblens.JobRun;
import io.joblens.JobState;
import io.joblens.RunRef;
import java.util.List;
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
    assertThat(compare("c d e f g")).isEqualTo(new SeenRuns.Join(3, 0, 0));
    assertThat(take("c d e f g", false)).isEqualTo("f g");
    assertThat(compare("a b c d e f g")).isEqualTo(new SeenRuns.Join(7, 0, 0));
  }

  @Test
  void aRunThatOvertakesOthersLeapsAndTheyAreOvertaken() {
    take("a b c d e f", true);
    assertThat(compare("a e b c d f")).isEqualTo(new SeenRuns.Join(6, 3, 3));
    assertThat(compare("b a d c f e")).isEqualTo(new SeenRuns.Join(6, 3, 1));
    assertThat(compare("b c d e f a")).isEqualTo(new SeenRuns.Join(6, 1, 1));
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
    assertThat(compare("b x")).isEqualTo(new SeenRuns.Join(0, 0, 0));
    assertThat(take("b x", true)).isEqualTo("x");
    assertThat(compare("b x").known()).isEqualTo(2);
    seen.leave(true);
    assertThat(take("b", true)).isEqualTo("b");
  }
}
