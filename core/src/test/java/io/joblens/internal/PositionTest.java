package io.joblens.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.joblens.PageToken;
import io.joblens.PagingException;
import io.joblens.spi.Scope;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PositionTest {
  private static final Scope A = new Scope("r1", List.of("a", "b"), "OK");
  private static final Scope B = new Scope("r2", List.of(), "");
  private static final Position SOMEWHERE =
      new Position(
          List.of(A, B),
          true,
          Optional.of("more"),
          30,
          20,
          "first",
          2,
          List.of(7L, -1L),
          List.of(Long.MIN_VALUE),
          1,
          27,
          29,
          1,
          7,
          true,
          2);

  private static PageToken token(String json) {
    return new PageToken(
        Base64.getUrlEncoder().encodeToString(json.getBytes(StandardCharsets.UTF_8)));
  }

  private static String json(PageToken token) {
    return new String(Base64.getUrlDecoder().decode(token.value()), StandardCharsets.UTF_8);
  }

  private static PagingException refused(PageToken token) {
    return catchThrowableOfType(PagingException.class, () -> Position.parse(token, "print"));
  }

  @Test
  void aTokenHoldsAllThatThereIsToAPosition() {
    assertThat(Position.parse(SOMEWHERE.toToken("print"), "print")).isEqualTo(SOMEWHERE);
    assertThat(Position.parse(Position.start().toToken("print"), "print"))
        .isEqualTo(Position.start());
  }

  @Test
  void aTokenFitsIntoAUrl() {
    for (int length = 0; length < 4; length++) {
      assertThat(SOMEWHERE.toToken("p".repeat(length)).value()).matches("[\\w-]+");
    }
  }

  @Test
  void whyATokenIsRefusedIsSaid() {
    String json = json(SOMEWHERE.toToken("print"));
    assertThat(refused(token(json.replace("\"v\":3", "\"v\":2"))))
        .hasMessageContaining("another version");
    assertThat(refused(token(json.replace("print", "prism"))))
        .hasMessageContaining("another query");
    assertThat(refused(new PageToken("e30"))).hasMessageContaining("another version");
    assertThat(refused(new PageToken("!"))).hasMessageContaining("no page token");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"o\":null",
        "\"o\":-1",
        "\"l\":[null]",
        "\"l\":7",
        "\"l\":\"!\"",
        "\"e\":\"AAAA\"",
        "\"t\":[null]",
        "\"t\":[\"r1\"]",
        "\"t\":[[\"r1\",[]]]",
        "\"t\":[[\"r1\",[],\"\",\"\"]]",
        "\"t\":[[1,[],\"\"]]",
        "\"t\":[[\"r1\",\"a\",\"\"]]",
        "\"t\":[[\"r1\",[],null]]"
      })
  void aTokenWithSomethingElseInItIsRefused(String part) {
    assertThat(refused(token("{\"v\":3,\"h\":\"print\"," + part + "}")))
        .isNotNull()
        .hasMessageContaining("no page token");
  }

  @Test
  void aScopeMayBeLeftOutWhereSomethingElseIsToBeShown() {
    Position one = Position.start().withScopes(List.of(A), Optional.empty(), false);
    assertThat(one.canSkip()).isFalse();
    assertThat(Position.start().withScopes(List.of(A, B), Optional.empty(), false).canSkip())
        .isTrue();
    assertThat(Position.start().withScopes(List.of(A), Optional.of("2"), false).canSkip()).isTrue();
    assertThat(
            one.afterScope(List.of(), 0, false)
                .withScopes(List.of(B), Optional.empty(), false)
                .canSkip())
        .isTrue();
    assertThat(one.withoutScope().withScopes(List.of(B), Optional.empty(), false).canSkip())
        .isFalse();
  }

  @Test
  void narrowerScopesStandInPlaceOfTheOneThatTheyShow() {
    Scope inner = new Scope("r1", List.of("a", "b", "c"), "OK");
    Position narrower = SOMEWHERE.withInstead(List.of(inner, A));
    assertThat(narrower.todo()).containsExactly(inner, A, B);
    assertThat(narrower.offset()).isZero();
    assertThat(narrower.delivered()).isEqualTo(27);
  }

  @Test
  void narrowerScopesOfTwoSlicesAreOnePathHoweverOftenTheyBeginAnew() {
    Scope one = new Scope("r1", List.of("a", "b", "c"), "OK");
    Scope two = new Scope("r1", List.of("a", "b", "d"), "OK");
    Scope other = new Scope("r1", List.of("a", "b"), "BAD");
    Position narrower =
        Position.start()
            .withScopes(List.of(A, other, B), Optional.empty(), false)
            .withInstead(List.of(one, two));
    assertThat(narrower.staysInPath()).isTrue();
    Position anew = narrower.withInstead(List.of(one));
    assertThat(anew.staysInPath()).isTrue();
    Position last = anew.afterScope(List.of(1L), 1, false).afterScope(List.of(2L), 2, false);
    assertThat(last.todo()).containsExactly(other, B);
    assertThat(last.earlier()).containsExactly(1L, 2L);
    assertThat(last.staysInPath()).isFalse();
  }

  @Test
  void whatWasLeftOutOnceIsNeverForgotten() {
    Position whole = Position.start().withScopes(List.of(A, B), Optional.empty(), false);
    assertThat(whole.cut()).isFalse();
    assertThat(whole.afterScope(List.of(), 0, false).cut()).isFalse();
    Position cut = whole.afterScope(List.of(), 0, true);
    assertThat(cut.cut()).isTrue();
    assertThat(cut.afterScope(List.of(), 0, false).cut()).isTrue();
    assertThat(cut.withScopes(List.of(A), Optional.empty(), false).cut()).isTrue();
    assertThat(whole.withScopes(List.of(A), Optional.empty(), true).cut()).isTrue();
    assertThat(whole.withoutScope().cut()).isTrue();
  }
}
