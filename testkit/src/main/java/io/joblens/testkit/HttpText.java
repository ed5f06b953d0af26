package io.joblens.testkit;

import io.joblens.spi.Endpoint;
import io.joblens.spi.WireRequest;
import java.nio.charset.StandardCharsets;
import java.util.TreeMap;

/**
 * Requests as text, for files of test data: method and URL, headers in alphabetic order, an empty
 * line, the body.
 */
public final class HttpText {
  private HttpText() {}

  /** Writes a request. */
  public static String write(WireRequest request) {
    StringBuilder out = new StringBuilder(request.method() + " " + request.url() + "\n");
    new TreeMap<>(request.headers())
        .forEach((name, value) -> out.append(name).append(": ").append(value).append('\n'));
    return out.append('\n').append(new String(request.body(), StandardCharsets.UTF_8)).toString();
  }

  /** Reads a request, GET or POST, whose query needs no decoding. */
  public static WireRequest read(String text) {
    int end = text.indexOf("\n\n");
    String[] lines = text.substring(0, end).split("\n", -1);
    String[] words = lines[0].split(" ", 2);
    String[] url = words[1].split("://|/\\??", -1);
    Endpoint endpoint = new Endpoint(url[0], url[1]);
    WireRequest.Builder request =
        words[0].equals("GET") ? WireRequest.get(endpoint) : WireRequest.post(endpoint);
    if (!url[2].isEmpty()) {
      for (String pair : url[2].split("&", -1)) {
        String[] parts = pair.split("=", 2);
        request.query(parts[0], parts[1]);
      }
    }
    for (int i = 1; i < lines.length; i++) {
      String[] parts = lines[i].split(": ", 2);
      request.header(parts[0], parts[1]);
    }
    return request.body(text.substring(end + 2)).build();
  }
}
