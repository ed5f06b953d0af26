package io.joblens.spi;

import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * One HTTP response, its body decoded and complete. The text form shows the status only: bodies and
 * headers can carry secrets.
 *
 * <p>Of the body of anything but success at most {@link #LARGEST_ERROR} bytes are kept: no vendor's
 * error is longer, and the status tells what a cut one does not.
 */
public final class WireResponse {
  /** How many bytes of an error's body are kept; a transport need not read more. */
  public static final int LARGEST_ERROR = 64 * 1024;

  private final int status;
  private final Map<String, List<String>> headers;
  private final byte[] body;

  /** Takes over the body; the caller must not change it afterwards. */
  public WireResponse(int status, Map<String, List<String>> headers, byte[] body) {
    Map<String, List<String>> byLowerName = new HashMap<>();
    headers.forEach((name, values) -> byLowerName.put(name.toLowerCase(Locale.ROOT), values));
    this.status = status;
    this.headers = Collections.unmodifiableMap(byLowerName);
    this.body =
        isSuccessful() || body.length <= LARGEST_ERROR ? body : Arrays.copyOf(body, LARGEST_ERROR);
  }

  /** Returns the HTTP status. */
  public int status() {
    return status;
  }

  /** Tells whether the status is 200 to 299. An error can still stand in the body. */
  public boolean isSuccessful() {
    return status >= 200 && status < 300;
  }

  /** Returns the first value of a header, by name in any case. */
  public Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)))
        .filter(values -> !values.isEmpty())
        .map(values -> values.get(0));
  }

  /** Returns all headers by lower-case name. */
  public Map<String, List<String>> headers() {
    return headers;
  }

  /** Returns the decoded body itself, not a copy: callers only read it. */
  public byte[] body() {
    return body;
  }

  @Override
  public String toString() {
    return "HTTP " + status + ", " + body.length + " bytes";
  }
}
