package io.joblens.cli;

/** Text as a terminal shows it: how wide it is, and what of it is safe to print. */
final class Cells {
  private static final int ZERO_WIDTH_JOINER = 0x200D;
  private static final int EMOJI_PRESENTATION = 0xFE0F;

  /**
   * First and last code points that take two cells: East Asian Width W or F, which includes what is
   * shown as an emoji by default. From <a
   * href="https://www.unicode.org/Public/16.0.0/ucd/EastAsianWidth.txt">Unicode 16.0</a>, with
   * unassigned gaps between two wide ranges closed. Ambiguous characters count as one.
   */
  private static final int[] WIDE = {
    0x1100, 0x115F, 0x231A, 0x231B, 0x2329, 0x232A, 0x23E9, 0x23EC, 0x23F0, 0x23F0, 0x23F3, 0x23F3,
    0x25FD, 0x25FE, 0x2614, 0x2615, 0x2630, 0x2637, 0x2648, 0x2653, 0x267F, 0x267F, 0x268A, 0x268F,
    0x2693, 0x2693, 0x26A1, 0x26A1, 0x26AA, 0x26AB, 0x26BD, 0x26BE, 0x26C4, 0x26C5, 0x26CE, 0x26CE,
    0x26D4, 0x26D4, 0x26EA, 0x26EA, 0x26F2, 0x26F3, 0x26F5, 0x26F5, 0x26FA, 0x26FA, 0x26FD, 0x26FD,
    0x2705, 0x2705, 0x270A, 0x270B, 0x2728, 0x2728, 0x274C, 0x274C, 0x274E, 0x274E, 0x2753, 0x2755,
    0x2757, 0x2757, 0x2795, 0x2797, 0x27B0, 0x27B0, 0x27BF, 0x27BF, 0x2B1B, 0x2B1C, 0x2B50, 0x2B50,
    0x2B55, 0x2B55, 0x2E80, 0x303E, 0x3041, 0x3247, 0x3250, 0xA4CF, 0xA960, 0xA97F, 0xAC00, 0xD7A3,
    0xF900, 0xFAFF, 0xFE10, 0xFE19, 0xFE30, 0xFE6F, 0xFF01, 0xFF60, 0xFFE0, 0xFFE6, 0x16FE0,
    0x18DFF, 0x1AFF0, 0x1B2FF, 0x1D300, 0x1D356, 0x1D360, 0x1D376, 0x1F004, 0x1F004, 0x1F0CF,
    0x1F0CF, 0x1F18E, 0x1F18E, 0x1F191, 0x1F19A, 0x1F200, 0x1F320, 0x1F32D, 0x1F335, 0x1F337,
    0x1F37C, 0x1F37E, 0x1F393, 0x1F3A0, 0x1F3CA, 0x1F3CF, 0x1F3D3, 0x1F3E0, 0x1F3F0, 0x1F3F4,
    0x1F3F4, 0x1F3F8, 0x1F43E, 0x1F440, 0x1F440, 0x1F442, 0x1F4FC, 0x1F4FF, 0x1F53D, 0x1F54B,
    0x1F54E, 0x1F550, 0x1F567, 0x1F57A, 0x1F57A, 0x1F595, 0x1F596, 0x1F5A4, 0x1F5A4, 0x1F5FB,
    0x1F64F, 0x1F680, 0x1F6C5, 0x1F6CC, 0x1F6CC, 0x1F6D0, 0x1F6D2, 0x1F6D5, 0x1F6D7, 0x1F6DC,
    0x1F6DF, 0x1F6EB, 0x1F6EC, 0x1F6F4, 0x1F6FC, 0x1F7E0, 0x1F7EB, 0x1F7F0, 0x1F7F0, 0x1F90C,
    0x1F93A, 0x1F93C, 0x1F945, 0x1F947, 0x1F9FF, 0x1FA70, 0x1FAFF, 0x20000, 0x2FFFD, 0x30000,
    0x3FFFD,
  };

  private Cells() {}

  /** Returns how many cells the text takes. */
  static int width(String text) {
    return scan(text, Integer.MAX_VALUE).cells;
  }

  /** Returns the text, or its beginning with an ellipsis, in at most so many cells. */
  static String cut(String text, int cells) {
    if (width(text) <= cells) {
      return text;
    }
    return cells < 1 ? "" : text.substring(0, scan(text, cells - 1).end) + "…";
  }

  /** Returns the text filled up with blanks to so many cells, on the right or on the left. */
  static String pad(String text, int cells, boolean toTheRight) {
    String blanks = " ".repeat(Math.max(0, cells - width(text)));
    return toTheRight ? blanks + text : text + blanks;
  }

  /**
   * Returns the text as one line that cannot steer a terminal: white space becomes blanks, and what
   * else is control (escape sequences, changes of the writing direction) a question mark.
   */
  static String clean(String text) {
    StringBuilder out = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c -> {
              if (isSpace(c)) {
                if (out.length() > 0 && out.charAt(out.length() - 1) != ' ') {
                  out.append(' ');
                }
              } else {
                out.appendCodePoint(isUnsafe(c) ? '?' : c);
              }
            });
    return out.toString().stripTrailing();
  }

  private static boolean isSpace(int c) {
    return c == ' ' || (c >= '\t' && c <= '\r') || c == 0x85 || c == 0x2028 || c == 0x2029;
  }

  private static boolean isUnsafe(int c) {
    return Character.isISOControl(c)
        || Character.getType(c) == Character.SURROGATE
        || (c >= 0x202A && c <= 0x202E)
        || (c >= 0x2066 && c <= 0x2069);
  }

  private record Extent(int end, int cells) {}

  /** Walks whole characters as long as they fit into so many cells. */
  private static Extent scan(String text, int limit) {
    int cells = 0;
    int at = 0;
    while (at < text.length()) {
      int c = text.codePointAt(at);
      int next = at + Character.charCount(c);
      int width = width(c);
      boolean joined = false;
      while (next < text.length()) {
        int follower = text.codePointAt(next);
        if (follower == EMOJI_PRESENTATION && isPictograph(c)) {
          width = 2;
        } else if (width(follower) != 0 && !joined && !isSkinTone(follower, width)) {
          break;
        }
        joined = follower == ZERO_WIDTH_JOINER && width == 2;
        next += Character.charCount(follower);
      }
      if (cells + width > limit) {
        break;
      }
      cells += width;
      at = next;
    }
    return new Extent(at, cells);
  }

  private static boolean isPictograph(int c) {
    return c > 0xA8 && width(c) == 1;
  }

  private static boolean isSkinTone(int c, int widthBefore) {
    return c >= 0x1F3FB && c <= 0x1F3FF && widthBefore == 2;
  }

  private static int width(int c) {
    if (c < 0x300) {
      return Character.isISOControl(c) || c == 0xAD ? 0 : 1;
    }
    if ((c >= 0x1160 && c <= 0x11FF) || (c >= 0xD7B0 && c <= 0xD7FF)) {
      return 0; // vowels and finals that join the Hangul syllable before them
    }
    return switch (Character.getType(c)) {
      case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.FORMAT -> 0;
      default -> isWide(c) ? 2 : 1;
    };
  }

  private static boolean isWide(int c) {
    int low = 0;
    int high = WIDE.length / 2 - 1;
    while (low <= high) {
      int middle = (low + high) / 2;
      if (c < WIDE[2 * middle]) {
        high = middle - 1;
      } else if (c > WIDE[2 * middle + 1]) {
        low = middle + 1;
      } else {
        return true;
      }
    }
    return false;
  }
}
