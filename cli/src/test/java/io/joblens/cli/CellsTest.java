package io.joblens.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CellsTest {
  @ParameterizedTest
  @CsvSource({
    "'', 0",
    "abc, 3",
    "每日结算, 8",
    "ｆｕｌｌ, 8",
    "ﾊﾝｶｸ, 4",
    "한국어, 6",
    "（批处理）, 10",
    "e\u0301, 1",
    "\u1112\u1161\u11AB, 2",
    "𠮷, 2",
    "🚀, 2",
    "❤, 1",
    "❤\uFE0F, 2",
    "👍🏽, 2",
    "👩\u200D👩\u200D👧, 2",
    "🇨🇳, 2",
    "a\u200Bb, 2",
    "naïve…, 6",
  })
  void widthIsWhatATerminalShows(String text, int cells) {
    assertThat(Cells.width(text)).isEqualTo(cells);
  }

  @Test
  void cutTextFitsAndEndsInAnEllipsis() {
    assertThat(Cells.cut("每日结算任务", 12)).isEqualTo("每日结算任务");
    assertThat(Cells.cut("每日结算任务", 11)).isEqualTo("每日结算任…");
    assertThat(Cells.cut("每日结算任务", 10)).isEqualTo("每日结算…");
    assertThat(Cells.cut("abc", 1)).isEqualTo("…");
    assertThat(Cells.cut("abc", 0)).isEmpty();
  }

  @Test
  void cutNeverSplitsACharacterAndNeverOverflows() {
    String[] parts = {"a", "任", "🚀", "e\u0301", "👍🏽", "👩\u200D👧", "❤\uFE0F", " "};
    Random random = new Random(7);
    for (int round = 0; round < 500; round++) {
      StringBuilder text = new StringBuilder();
      for (int i = random.nextInt(12); i >= 0; i--) {
        text.append(parts[random.nextInt(parts.length)]);
      }
      for (int cells = 1; cells < 20; cells++) {
        String cut = Cells.cut(text.toString(), cells);
        assertThat(Cells.width(cut)).isLessThanOrEqualTo(cells);
        String kept = cut.endsWith("…") ? cut.substring(0, cut.length() - 1) : cut;
        assertThat(text.toString()).startsWith(kept);
        assertThat(Cells.width(kept) + Cells.width(text.substring(kept.length())))
            .isEqualTo(Cells.width(text.toString()));
      }
    }
  }

  @Test
  void paddingCountsCells() {
    assertThat(Cells.pad("任务", 6, false)).isEqualTo("任务  ");
    assertThat(Cells.pad("任务", 6, true)).isEqualTo("  任务");
    assertThat(Cells.pad("任务", 3, false)).isEqualTo("任务");
  }

  @Test
  void cleanTextIsOneLineThatSteersNoTerminal() {
    assertThat(Cells.clean("a\r\n\tb\u2028c  ")).isEqualTo("a b c");
    assertThat(Cells.clean("\u001b[31mred\u0007")).isEqualTo("?[31mred?");
    assertThat(Cells.clean("\u009b31m")).isEqualTo("?31m");
    assertThat(Cells.clean("abc\u202Edcba")).isEqualTo("abc?dcba");
    assertThat(Cells.clean("lone \uD83D surrogate")).isEqualTo("lone ? surrogate");
    assertThat(Cells.clean("👩\u200D👧 任务")).isEqualTo("👩\u200D👧 任务");
  }
}
