package io.joblens.reliability;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** An answer in HTTP/1.1, correct unless a fault changes its bytes. */
final class Reply {
  private final int status;
  private final Map<String, String> headers;
  private final byte[] body;

  private Reply(int status, Map<String, String> headers, byte[] body) {
    this.status = status;
    this.headers = headers;
    this.body = body;
  }

  static Reply of(int status, String body) {
    return of(status, body.getBytes(StandardCharsets.UTF_8));
  }

  static Reply of(int status, byte[] body) {
    return new Reply(
        status,
        Map.of("Content-Type", "application/json", "Content-Length", Integer.toString(body.length)),
        body);
  }

  static Reply html(int status, String html) {
    return of(status, html).with("Content-Type", "text/html");
  }

  /** Sets a header. */
  Reply with(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(name, value);
    return new Reply(status, more, body);
  }

  /** Leaves the length out: the body then ends with the connection. */
  Reply unmeasured() {
    Map<String, String> fewer = new LinkedHashMap<>(headers);
    fewer.remove("Content-Length");
    return new Reply(status, fewer, body).with("Connection", "close");
  }

  byte[] body() {
    return body.clone();
  }

  byte[] head() {
    StringBuilder text = new StringBuilder("HTTP/1.1 " + status + " Whatever\r\n");
    headers.forEach((name, value) -> text.append(name + ": " + value + "\r\n"));
    return text.append("\r\n").toString().getBytes(StandardCharsets.UTF_8);
  }

  byte[] bytes() {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(head());
    all.writeBytes(body);
    return all.toByteArray();
  }

  /** Returns the first so many bytes of the body. */
  byte[] start(int length) {
    return Arrays.copyOf(body, length);
  }
}
