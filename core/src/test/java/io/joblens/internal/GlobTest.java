package io.joblens.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GlobTest {
  @ParameterizedTest
  @CsvSource({
    "nightly,nightly,true",
    "nightly,nightly-2,false",
    "nightly*,nightly,true",
    "nightly*,nightly-2,true",
    "*-2,nightly-2,true",
    "*-2,nightly-3,false",
    "n*t*y,nightly,true",
    "n?ghtly,nightly,true",
    "n?ghtly,nghtly,false",
    "????,作业名字,true",
    "?,😀,true",
    "??,😀,false",
    "'',x,false",
    "'','',true",
    "**,'',true",
    "?,'',false",
    "a.c,abc,false",
    "[a],a,false",
    "*a*b,aab,true",
    "Nightly,nightly,false"
  })
  void starsStandForAnyTextAndQuestionMarksForOneCharacter(
      String glob, String name, boolean matches) {
    assertThat(new Glob(glob).matches(name)).isEqualTo(matches);
  }

  @Test
  void aNameWithLineBreaksIsANameLikeAnyOther() {
    assertThat(new Glob("a*c").matches("a\nb\nc")).isTrue();
    assertThat(new Glob("a?c").matches("a\nc")).isTrue();
  }

  @Test
  void manyStarsTakeNoLonger() {
    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(1),
        () -> {
          assertThat(new Glob("*a*a*a*a*a*a*a*a*a*b").matches("a".repeat(60))).isFalse();
          assertThat(new Glob("*a".repeat(200) + "*b").matches("a".repeat(2_000))).isFalse();
        });
  }

  @Test
  void aRegularExpressionWouldSayTheSame() {
    Random random = new Random(1);
    for (int i = 0; i < 20_000; i++) {
      String glob = letters(random, "ab*?", 6);
      String name = letters(random, "ab", 8);
      boolean expected = Pattern.matches(glob.replace("*", ".*").replace("?", "."), name);
      assertThat(new Glob(glob).matches(name)).as(glob + " and " + name).isEqualTo(expected);
    }
  }

  private static String letters(Random random, String of, int most) {
    StringBuilder out = new StringBuilder();
    for (int i = random.nextInt(most + 1); i > 0; i--) {
      out.append(of.charAt(random.nextInt(of.length())));
    }
    return out.toString();
  }
}
