package io.joblens.spi;

import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a job itself wrote or said, made fit to be shown. */
public final class LogTail {
  /** The most characters that are kept. */
  public static final int MOST = 4000;

  /** The most characters that are looked at: a secret that ends in the tail begins within them. */
  private static final int LOOKED_AT = 4 * MOST;

  // Every pattern takes time in proportion to the text: what repeats is possessive, or ends at a
  // character that it cannot hold.

  /** Colours, cursor moves, titles: ECMA-48, and what xterm adds. */
  private static final Pattern ESCAPES =
      Pattern.compile(
          "(?:\\x1b\\[|\\x9b)[0-?]*+[ -/]*+[@-~]?"
              + "|\\x1b[\\]PX^_][^\\x07\\x1b\\n]*+(?:\\x07|\\x1b\\\\)?"
              + "|\\x1b[ -/]*+[0-~]?");

  /** A name and what makes the next thing its value: a sign, or a blank behind an option. */
  private static final Pattern NAME =
      Pattern.compile("(?<![\\w.-])([\\w.-]++)(?:\\\\*+[\"']?\\s*+[:=]=?>?\\s*+|([ \\t]++)(?!-))");

  private static final Pattern SECRET =
      Pattern.compile(
          "(?i:secret|passw|passphrase|passcode|pwd|token|credential|signature"
              + "|(?:access|api|private)[._-]?key|cookie"
              + "|(?:^|[._-])(?:pass|auth)$)|[a-z]Pass$");

  private static final Pattern VALUE = Pattern.compile("[^\\s\"',;&]++");
  private static final Pattern LINE = Pattern.compile("[^\\r\\n\"']++");

  private static final Pattern BEARER =
      Pattern.compile("(?i)((?:authorization|bearer|basic)[:=\\s]++)[^\\s\"',;]{8,}+");
  private static final Pattern KEY_ID =
      Pattern.compile("\\b(?:LTAI|AKID|AKIA|ASIA|STS\\.)[A-Za-z0-9]{10,}+");

  /** Who logs in by a URL: a name and a password, or a token alone. */
  private static final Pattern URL_LOGIN =
      Pattern.compile("(://[^\\s/@:?#\"'<>]*+:)[^\\s/?#\"'<>]*(?=@)|(://)[^\\s/@:?#\"'<>]{16,}+@");

  private static final Pattern USER_OPTION =
      Pattern.compile(
          "((?<!\\S)(?:-u|-U|--user|--proxy-user)[\\s=]*+[\"']?[^\\s:\"']++:)[^\\s\"']++");

  /** A private key in PEM, or as much of it as there is; a line end may be an escaped one. */
  private static final Pattern PEM =
      Pattern.compile(
          "-----BEGIN [A-Z0-9 ]{0,20}PRIVATE KEY-----"
              + "(?:(?:[ \\t\\r\\n]|\\\\[nr])*+[\\w+/=:,-]++(?=[ \\t]*+(?:[\\r\\n\"']|\\\\[nr]|$)))*+"
              + "(?:(?:[ \\t\\r\\n]|\\\\[nr])*+-----END [A-Z0-9 ]{0,20}PRIVATE KEY-----)?");

  private static final Pattern PEM_END =
      Pattern.compile("-----END [A-Z0-9 ]{0,20}PRIVATE KEY-----");
  private static final Pattern CUT = Pattern.compile("^[^\\s\"',;&]++");

  private LogTail() {}

  /**
   * Returns the last {@value #MOST} characters of the text, from the beginning of a line if there
   * is one, escape sequences and control characters but line breaks and tabs taken out, and what
   * looks like a secret masked.
   */
  public static String of(String text) {
    StringBuilder out = printable(end(text));
    return out.substring(start(out));
  }

  private static StringBuilder printable(String text) {
    StringBuilder out = new StringBuilder(text.length());
    masked(text)
        .codePoints()
        .filter(c -> c == '\n' || c == '\t' || !Character.isISOControl(c))
        .forEach(out::appendCodePoint);
    return out;
  }

  /** Tells whether {@link #of} leaves some of the text away for its length. */
  public static boolean isCut(String text) {
    return text.length() > LOOKED_AT || printable(text).length() > MOST;
  }

  /**
   * Returns the text with escape sequences taken out and what looks like a secret masked. It cannot
   * know every secret: what is printed without a name is still shown.
   */
  public static String masked(String text) {
    String masked = ESCAPES.matcher(text).replaceAll("");
    masked = withoutKeys(masked);
    masked = URL_LOGIN.matcher(masked).replaceAll(LogTail::login);
    masked = USER_OPTION.matcher(masked).replaceAll("$1" + Masking.MASK);
    masked = BEARER.matcher(masked).replaceAll("$1" + Masking.MASK);
    masked = withoutNamed(masked);
    return KEY_ID.matcher(masked).replaceAll(Masking.MASK);
  }

  private static String login(MatchResult found) {
    String before = found.group(1);
    return before == null
        ? found.group(2) + Masking.MASK + "@"
        : Matcher.quoteReplacement(before) + Masking.MASK;
  }

  /** Masks the value of whatever is called like a secret. */
  private static String withoutNamed(String text) {
    StringBuilder out = new StringBuilder(text.length());
    Matcher name = NAME.matcher(text);
    Matcher secret = SECRET.matcher("");
    int done = 0;
    for (int from = 0; from <= text.length() && name.find(from); ) {
      from = name.end();
      String called = name.group(1);
      boolean isOption = name.group(2) != null;
      if ((!isOption || called.startsWith("-")) && secret.reset(called).find()) {
        int value = opening(text, from);
        int end = valueEnd(text, value, secret.group().equalsIgnoreCase("cookie"));
        if (end > value) {
          out.append(text, done, value).append(Masking.MASK);
          done = end;
          from = end;
        }
      }
    }
    return out.append(text, done, text.length()).toString();
  }

  /**
   * Returns where the value begins behind its quote, which JSON within JSON escapes and before
   * which Python says what kind of text it is.
   */
  private static int opening(String text, int from) {
    int at = from;
    while (at < text.length() && at < from + 2 && "bBfFrRuU".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    while (at < text.length() && text.charAt(at) == '\\') {
      at++;
    }
    return at < text.length() && isQuote(text.charAt(at)) ? at + 1 : from;
  }

  /** A quoted value ends at its quote, even if that is never closed; a cookie with its line. */
  private static int valueEnd(String text, int from, boolean isLine) {
    char before = from == 0 ? ' ' : text.charAt(from - 1);
    if (!isQuote(before)) {
      Matcher value = (isLine ? LINE : VALUE).matcher(text).region(from, text.length());
      return value.lookingAt() ? value.end() : from;
    }
    boolean isEscaped = from > 1 && text.charAt(from - 2) == '\\';
    int at = from;
    while (at < text.length() && text.charAt(at) != '\n' && text.charAt(at) != before) {
      at += text.charAt(at) == '\\' && !isEscaped ? 2 : 1;
    }
    int end = Math.min(at, text.length());
    while (isEscaped && end > from && text.charAt(end - 1) == '\\') {
      end--;
    }
    return end;
  }

  private static boolean isQuote(char c) {
    return c == '"' || c == '\'';
  }

  /** Masks private keys, also one whose beginning or end is cut off. */
  private static String withoutKeys(String text) {
    String begun = PEM.matcher(text).replaceAll(Masking.MASK);
    StringBuilder out = new StringBuilder(begun.length());
    Matcher end = PEM_END.matcher(begun);
    int done = 0;
    while (end.find()) {
      int key = end.start();
      while (key > done && isOfKey(begun.charAt(key - 1))) {
        key--;
      }
      out.append(begun, done, key).append(Masking.MASK);
      done = end.end();
    }
    return out.append(begun, done, begun.length()).toString();
  }

  /** Words of a sentence have blanks between them, lines of a key have not. */
  private static boolean isOfKey(char c) {
    return c < 128 && (Character.isLetterOrDigit(c) || "+/=\\\r\n".indexOf(c) >= 0);
  }

  private static int start(StringBuilder text) {
    int from = Math.max(0, text.length() - MOST);
    if (from == 0 || text.charAt(from - 1) == '\n') {
      return from;
    }
    int line = text.indexOf("\n", from) + 1;
    if (line > 0 && line < text.length()) {
      return line;
    }
    return Character.isLowSurrogate(text.charAt(from)) ? from + 1 : from;
  }

  /** What is cut may be a secret that has lost its name. */
  private static String end(String text) {
    int from = text.length() - LOOKED_AT;
    return from <= 0 ? text : CUT.matcher(text.substring(from)).replaceFirst(Masking.MASK);
  }
}
