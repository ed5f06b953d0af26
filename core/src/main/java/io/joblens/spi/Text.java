package io.joblens.spi;

import org.jspecify.annotations.Nullable;

/** Checks and quoting of text that comes from outside. */
public final class Text {
  private static final int LONGEST_QUOTE = 80;

  private Text() {}

  /** Returns the text fit for a message: control characters replaced, cut after 80 characters. */
  public static String printable(String text) {
    return printable(text, LONGEST_QUOTE);
  }

  /** Returns the text fit for a message: control characters replaced, cut after {@code longest}. */
  public static String printable(String text, int longest) {
    StringBuilder out = new StringBuilder(Math.min(text.length(), longest));
    for (int i = 0; i < text.length() && i < longest; i++) {
      char c = text.charAt(i);
      out.append(Character.isISOControl(c) ? '?' : c);
    }
    return text.length() > longest ? out.append('…').toString() : out.toString();
  }

  /**
   * Returns the id unchanged when it can be one: not blank, no control characters or lone
   * surrogates, no blanks around it, and neither {@code .} nor {@code ..}.
   *
   * @throws IllegalArgumentException naming the parameter and what is wrong with it
   */
  public static String requireId(String parameter, String id) {
    String problem = idProblem(id);
    if (problem != null) {
      throw new IllegalArgumentException(parameter + " " + problem);
    }
    return id;
  }

  private static @Nullable String idProblem(String id) {
    if (id.isBlank()) {
      return "is blank; give the id as the vendor's console shows it";
    }
    if (id.length() > 512) {
      return "is longer than 512 characters; give the id as the vendor's console shows it";
    }
    for (int i = 0; i < id.length(); i++) { // every row of every page passes here
      char c = id.charAt(i);
      if (Character.isISOControl(c) || c == 0x2028 || c == 0x2029) {
        return "contains a control character; remove it";
      }
      if (Character.isSurrogate(c) && Character.charCount(id.codePointAt(i)) == 1) {
        return "contains half of a character; give the id as the vendor's console shows it";
      }
      i += Character.isSurrogate(c) ? 1 : 0;
    }
    if (!id.strip().equals(id)) {
      return "has blanks around it; remove them";
    }
    if (id.equals(".") || id.equals("..")) {
      return "is '" + id + "', which is a path and not an id";
    }
    return null;
  }
}
