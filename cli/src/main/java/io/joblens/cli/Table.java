package io.joblens.cli;

import java.util.ArrayList;
import java.util.List;

/** A table for people: columns as wide as what is in them, text that no vendor can break out of. */
final class Table {
  private static final String GAP = "  ";
  private static final int NARROWEST_LAST = 20;

  /**
   * A cell.
   *
   * @param text what is in it
   * @param style an SGR parameter such as {@code 31} for red; empty for none
   */
  record Cell(String text, String style) {
    Cell {
      text = Cells.clean(text);
    }

    static Cell of(String text) {
      return new Cell(text, "");
    }
  }

  private final List<String> headings;
  private final List<Integer> rightAligned;
  private final List<List<Cell>> rows = new ArrayList<>();

  /** Starts a table; a heading that begins with {@code >} stands over a column aligned right. */
  Table(String... headings) {
    this.headings = new ArrayList<>();
    this.rightAligned = new ArrayList<>();
    for (String heading : headings) {
      if (heading.startsWith(">")) {
        rightAligned.add(this.headings.size());
      }
      this.headings.add(heading.startsWith(">") ? heading.substring(1) : heading);
    }
  }

  /** Adds a row of one text a column. */
  void row(String... texts) {
    row(List.of(texts).stream().map(Cell::of).toList());
  }

  /** Adds a row. */
  void row(List<Cell> cells) {
    if (cells.size() != headings.size()) {
      throw new IllegalArgumentException(
          cells.size() + " cells for " + headings.size() + " columns");
    }
    rows.add(cells);
  }

  /**
   * Returns the lines.
   *
   * @param columns where to cut the last column; 0 for nowhere
   * @param colours whether to use the cells' styles
   */
  List<String> lines(int columns, boolean colours) {
    int last = headings.size() - 1;
    int[] widths = new int[headings.size()];
    List<Cell> heads = headings.stream().map(Cell::of).toList();
    int before = 0;
    for (int i = 0; i <= last; i++) {
      int column = i;
      widths[i] =
          Math.max(
              Cells.width(headings.get(i)),
              rows.stream().mapToInt(row -> Cells.width(row.get(column).text())).max().orElse(0));
      before += i < last ? widths[i] + GAP.length() : 0;
    }
    if (columns > 0) {
      widths[last] = Math.min(widths[last], Math.max(NARROWEST_LAST, columns - before));
    }
    List<String> lines = new ArrayList<>(rows.size() + 1);
    lines.add(line(heads, widths, false));
    rows.forEach(row -> lines.add(line(row, widths, colours)));
    return lines;
  }

  private String line(List<Cell> cells, int[] widths, boolean colours) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < cells.size(); i++) {
      Cell cell = cells.get(i);
      String text =
          Cells.pad(Cells.cut(cell.text(), widths[i]), widths[i], rightAligned.contains(i));
      boolean styled = colours && !cell.style().isEmpty();
      line.append(i == 0 ? "" : GAP)
          .append(styled ? "\u001b[" + cell.style() + "m" : "")
          .append(text)
          .append(styled ? "\u001b[0m" : "");
    }
    return line.toString().stripTrailing();
  }
}
