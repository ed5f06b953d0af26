package io.joblens.spi;

import java.util.regex.Pattern;

/** Host names built from validated labels. A region is never put into a host unchecked. */
public final class Hosts {
  private static final Pattern LABEL = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

  private Hosts() {}

  /**
   * Returns the label unchanged.
   *
   * @throws IllegalArgumentException naming the parameter when it is no lower-case host label
   */
  public static String requireLabel(String parameter, String label) {
    if (!isLabel(label)) {
      throw new IllegalArgumentException(
          parameter
              + " must be a host label: 1 to 63 lower-case letters, digits and inner hyphens, such"
              + " as cn-hangzhou");
    }
    return label;
  }

  /** Tells whether the text is one lower-case host label. */
  public static boolean isLabel(String text) {
    return LABEL.matcher(text).matches();
  }

  /**
   * Tells whether the host is this machine: {@code localhost}, {@code 127.x.x.x} or {@code ::1}.
   */
  public static boolean isLoopback(String host) {
    return host.equals("localhost")
        || host.equals("[::1]")
        || host.equals("::1")
        || host.matches("127(\\.(25[0-5]|2[0-4]\\d|1?\\d?\\d)){3}");
  }
}
