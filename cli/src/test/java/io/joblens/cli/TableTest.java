package io.joblens.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class TableTest {
  @Test
  void columnsOfMixedScriptsStandBelowEachOther() {
    Table table = new Table("JOB", ">TIME", "MESSAGE");
    table.row("每日结算", "5s", "ok");
    table.row("etl", "1h05m", "超时");
    table.row("🚀 deploy", "", "");

    assertThat(table.lines(0, false))
        .containsExactly(
            "JOB         TIME  MESSAGE", "每日结算      5s  ok", "etl        1h05m  超时", "🚀 deploy");
  }

  @Test
  void everyColumnBeginsAtTheSameCell() {
    Table table = new Table("A", "B", "C");
    table.row("任务", "|", "x");
    table.row("job", "|", "x");
    table.row("👩\u200D👧", "|", "x");

    assertThat(table.lines(0, false).stream().skip(1))
        .extracting(line -> Cells.width(line.substring(0, line.indexOf('|'))))
        .containsOnly(6);
  }

  @Test
  void lastColumnIsCutToTheTerminal() {
    Table table = new Table("JOB", "MESSAGE");
    table.row("etl", "a message that is far longer than the terminal is wide");

    assertThat(table.lines(30, false).get(1)).isEqualTo("etl  a message that is far lo…");
    assertThat(table.lines(0, false).get(1)).endsWith("terminal is wide");
  }

  @Test
  void coloursAreOnlyUsedWhenWanted() {
    Table table = new Table("STATE");
    table.row(List.of(new Table.Cell("FAILED", "31")));

    assertThat(table.lines(0, true).get(1)).isEqualTo("\u001b[31mFAILED\u001b[0m");
    assertThat(table.lines(0, false).get(1)).isEqualTo("FAILED");
  }

  @Test
  void vendorTextCannotBreakOut() {
    Table table = new Table("MESSAGE");
    table.row("line\n\u001b]0;title\u0007");

    assertThat(table.lines(0, true).get(1)).isEqualTo("line ?]0;title?");
  }

  @Test
  void rowOfAnotherLengthIsAMistake() {
    assertThatThrownBy(() -> new Table("A", "B").row("only one"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
