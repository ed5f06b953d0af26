package io.joblens.spi;

import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * One HTTP response, its body decoded and complete. The text form shows the status only: bodies and
 * headers can carry secrets.
 */
public final class WireResponse {
  private final int status;
  private final Map<String, List<String>> headers;
  private final byte[] body;

  /** Takes over the body; the caller must not change it afterwards. */
  public WireResponse(int status, Map<String, List<String>> headers, byte[] body) {
    Map<String, List<String>> byLowerName = new HashMap<>();
    headers.forEach((name, values) -> byLowerName.put(name.toLowerCase(Locale.ROOT), values));
    this.status = status;
    this.headers = Collections.unmodifiableMap(byLowerName);
    this.body = body;
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
