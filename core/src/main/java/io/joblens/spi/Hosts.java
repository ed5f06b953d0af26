package io.joblens.spi;

/** Host names built from validated labels. A region is never put into a host unchecked. */
public final class Hosts {
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
    int length = text.length(); // no pattern: every row's reference passes here
    if (length == 0 || length > 63 || text.charAt(0) == '-' || text.charAt(length - 1) == '-') {
      return false;
    }
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '-') {
        return false;
      }
    }
    return true;
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
