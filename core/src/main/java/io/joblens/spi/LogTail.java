package io.joblens.spi;

import java.util.regex.Pattern;

/** The end of a job's own output, made fit to be shown. */
public final class LogTail {
  /** The most characters that are kept. */
  public static final int MOST = 4000;

  /** The most characters that are looked at: a secret that ends in the tail begins within them. */
  private static final int LOOKED_AT = 4 * MOST;

  // What programs print by mistake: a named secret, a bearer token, the vendors' own key ids.
  private static final Pattern NAMED =
      Pattern.compile(
          "(?i)(?<![\\w.-])((?:[\\w.-]*(?:secret|passw(?:or)?d|token|access[_-]?key|api[_-]?key|"
              + "credential|signature)[\\w.-]*+)[\"']?\\s*[:=]\\s*[\"']?)[^\\s\"',;&]+");
  private static final Pattern BEARER =
      Pattern.compile("(?i)((?:authorization|bearer|basic)[:\\s]+)[^\\s\"',;]{8,}");
  private static final Pattern KEY_ID = Pattern.compile("\\b(?:LTAI|AKID|STS\\.)[A-Za-z0-9]{10,}");
  private static final Pattern CUT = Pattern.compile("^[^\\s\"',;&]+");

  private LogTail() {}

  /**
   * Returns the last {@value #MOST} characters of the text, control characters but line breaks and
   * tabs taken out, and what looks like a secret masked. It cannot know every secret: a job that
   * prints one without a name still shows it.
   */
  public static String of(String text) {
    String masked = NAMED.matcher(end(text)).replaceAll("$1" + Masking.MASK);
    masked = BEARER.matcher(masked).replaceAll("$1" + Masking.MASK);
    masked = KEY_ID.matcher(masked).replaceAll(Masking.MASK);
    StringBuilder out = new StringBuilder(Math.min(masked.length(), MOST));
    masked
        .codePoints()
        .filter(c -> c == '\n' || c == '\t' || !Character.isISOControl(c))
        .forEach(out::appendCodePoint);
    int from = Math.max(0, out.length() - MOST);
    if (from > 0 && Character.isLowSurrogate(out.charAt(from))) {
      from++;
    }
    return out.substring(from);
  }

  /** What is cut may be a secret that has lost its name. */
  private static String end(String text) {
    int from = text.length() - LOOKED_AT;
    return from <= 0 ? text : CUT.matcher(text.substring(from)).replaceFirst(Masking.MASK);
  }
}
