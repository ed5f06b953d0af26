package io.joblens.spi;

import static org.assertj.core.api.Assertions.assertThat;

import io.joblens.Job;
import io.joblens.JobRef;
import io.joblens.ProviderId;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class JobsTest {
  private static final List<Job.Builder> ROWS =
      List.of(Job.builder(new JobRef(new ProviderId("stub-jobs"), "r1", List.of("a"))));

  private static Optional<String> next(int page, int size, @Nullable Long given, long total) {
    return Jobs.page(ROWS, page, size, given, total).next();
  }

  @Test
  void pagesGoOnUntilTheVendorsCountIsReached() {
    assertThat(next(1, 10, null, 21)).contains("2");
    assertThat(next(2, 10, null, 21)).contains("3");
    assertThat(next(3, 10, null, 21)).isEmpty();
    assertThat(next(2, 10, null, 20)).isEmpty();
    assertThat(next(1, 10, null, 0)).isEmpty();
  }

  @Test
  void aVendorThatGivesFewerThanAskedForIsAskedForMore() {
    assertThat(next(1, 100, 10L, 21)).contains("2");
    assertThat(next(3, 100, 10L, 21)).isEmpty();
    assertThat(next(20, 100, 1L, 21)).contains("21");
  }

  @Test
  void aSizeThatNoPageCanHaveIsNotBelieved() {
    assertThat(next(1, 10, 0L, 10)).isEmpty();
    assertThat(next(1, 10, -1L, 10)).isEmpty();
    assertThat(next(1, 10, 5L, 10)).contains("2");
    assertThat(next(1, 10, 1000L, 11)).contains("2");
  }

  @Test
  void anEmptyPageIsTheLastWhateverTheVendorCounts() {
    assertThat(Jobs.page(List.of(), 1, 10, null, 100).next()).isEmpty();
  }
}
