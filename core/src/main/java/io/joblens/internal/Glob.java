package io.joblens.internal;

/**
 * A name with wildcards: {@code *} for any characters, {@code ?} for one. No regular expression:
 * one with several stars can take time that doubles with each character of a name.
 */
final class Glob {
  private static final int ANY = '*';
  private static final int ONE = '?';

  private final int[] pattern;

  Glob(String pattern) {
    this.pattern = pattern.codePoints().toArray();
  }

  /**
   * Tells whether the whole text matches. Only the latest star is ever given more characters: those
   * before it have as few as they can, which leaves the most for what follows.
   */
  boolean matches(String text) {
    int[] name = text.codePoints().toArray();
    int at = 0;
    int from = 0;
    int star = -1;
    int afterStar = 0;
    while (from < name.length) {
      if (at < pattern.length && pattern[at] == ANY) {
        star = at++;
        afterStar = from;
      } else if (at < pattern.length && (pattern[at] == ONE || pattern[at] == name[from])) {
        at++;
        from++;
      } else if (star >= 0) {
        at = star + 1;
        from = ++afterStar;
      } else {
        return false;
      }
    }
    while (at < pattern.length && pattern[at] == ANY) {
      at++;
    }
    return at == pattern.length;
  }
}
