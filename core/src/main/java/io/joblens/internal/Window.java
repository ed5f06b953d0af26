package io.joblens.internal;

import io.joblens.spi.Capabilities.Paging;

/**
 * What to ask a vendor for, so that the next rows come and, before them, some that were read.
 *
 * @param begin rows before the page that is asked for
 * @param limit rows to ask for
 * @param from rows before the first that counts: pages that are numbered may have to begin earlier
 */
record Window(long begin, int limit, long from) {
  /**
   * How many rows of the last page the next one begins with. A run is lost only if between two
   * requests it overtakes all of these that are still there.
   */
  static final int OVERLAP = 10;

  /** Rows that a numbered page may always have: smaller ones leave no room to overlap. */
  static final int ROOM = 5 * OVERLAP;

  /**
   * Returns the window for the rows after the first {@code at}. It brings new ones even if it
   * cannot overlap as far as it should.
   *
   * @param size how many new rows are wanted at most
   * @param most rows that the vendor gives at once
   * @param overlap how many rows to read again
   */
  static Window after(long at, Paging paging, int size, int most, int overlap) {
    for (long from = Math.max(0, at - overlap); ; from++) {
      Window window =
          paging == Paging.OFFSET
              ? new Window(from, (int) Math.min(most, at + size - from), from)
              : numbered(from, at + size, Math.min(most, Math.max(size, ROOM)));
      if (window.end() > at) {
        return window;
      }
    }
  }

  /** Returns the smallest of the pages that begin there, or before, and reach furthest. */
  private static Window numbered(long from, long to, int most) {
    Window best = new Window(from, 1, from);
    for (int limit = 2; limit <= most; limit++) {
      Window window = new Window(from - from % limit, limit, from);
      if (Math.min(window.end(), to) > Math.min(best.end(), to)) {
        best = window;
      }
    }
    return best;
  }

  /** Returns how many rows the last row that is asked for has before it, and itself. */
  long end() {
    return begin + limit;
  }

  /** Returns how many rows are left out of an answer with so many: those before {@code from}. */
  int skipped(int rows) {
    return (int) Math.min(from - begin, rows);
  }
}
