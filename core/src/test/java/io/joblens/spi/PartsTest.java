package io.joblens.spi;

import static org.assertj.core.api.Assertions.assertThat;

import io.joblens.JobServiceException.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PartsTest {
  private static final Scope A = new Scope("a", List.of(), "");
  private static final Scope B = new Scope("b", List.of(), "");

  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"ACCESS_DENIED", "NOT_FOUND"})
  void aPartThatIsRefusedOrGoneIsReportedAndTheOthersRead(Kind kind) {
    ServiceError error = ServiceError.of(kind, 403).build();
    Step<Parts<String>> step =
        Parts.each(
            List.of(A, B), part -> part.equals(A) ? Step.failed(error) : Step.done(part.region()));

    Parts<String> parts = ((Step.Done<Parts<String>>) step).value();
    assertThat(parts.read()).containsExactly("b");
    assertThat(parts.skipped()).containsExactly(new Scopes.Skipped(A, error));
  }

  @Test
  void whereNothingCanBeReadTheFirstWordOnThatIsTheError() {
    Step<Parts<String>> step =
        Parts.each(
            List.of(A, B),
            part ->
                Step.failed(ServiceError.of(Kind.ACCESS_DENIED, 403).code(part.region()).build()));

    assertThat(((Step.Failed<Parts<String>>) step).error().code()).contains("a");
  }

  @Test
  void anyOtherErrorEndsTheReadingAtOnce() {
    Step<Parts<String>> step =
        Parts.each(
            List.of(A, B),
            part ->
                part.equals(A)
                    ? Step.done("a")
                    : Step.failed(ServiceError.of(Kind.UNAVAILABLE, 503).build()));

    assertThat(((Step.Failed<Parts<String>>) step).error().kind()).isEqualTo(Kind.UNAVAILABLE);
  }

  @Test
  void noPartsAreReadAsNone() {
    Step<Scopes> step = Parts.within(List.of(), part -> Step.done(List.of(part)));

    Scopes scopes = ((Step.Done<Scopes>) step).value();
    assertThat(scopes.scopes()).isEmpty();
    assertThat(
            scopes
                .without(List.of(new Scopes.Skipped(A, ServiceError.of(Kind.UNKNOWN, 0).build())))
                .skipped())
        .hasSize(1);
  }
}
