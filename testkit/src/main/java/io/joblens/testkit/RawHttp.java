package io.joblens.testkit;

import io.joblens.spi.WireRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * A request as bytes, every one of which can be changed, Host included: what an attacker on the way
 * could send. Immutable.
 */
public final class RawHttp {
  private static final int PATIENCE_MILLIS = 5_000;

  private final String method;
  private final String target;
  private final Map<String, String> headers;
  private final byte[] body;

  /**
   * An answer.
   *
   * @param status the HTTP status; 0 when the connection was closed without an answer
   * @param body the body as text
   */
  public record Answer(int status, String body) {
    @Override
    public String toString() {
      return status + " " + body;
    }
  }

  /**
   * Takes the parts of a request.
   *
   * @param target path and query as sent, encoded
   * @param headers the headers, Host included; the body's length is added when it is sent
   */
  public RawHttp(String method, String target, Map<String, String> headers, byte[] body) {
    Map<String, String> byLowerName = new LinkedHashMap<>();
    headers.forEach((name, value) -> byLowerName.put(name.toLowerCase(Locale.ROOT), value));
    this.method = method;
    this.target = target;
    this.headers = Collections.unmodifiableMap(byLowerName);
    this.body = body.clone();
  }

  /** Returns the request as it would be sent. */
  public static RawHttp of(WireRequest request) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("host", request.host());
    headers.putAll(request.headers());
    String query = request.encodedQuery();
    return new RawHttp(
        request.method(),
        query.isEmpty() ? request.encodedPath() : request.encodedPath() + "?" + query,
        headers,
        request.body());
  }

  /** Returns the method. */
  public String method() {
    return method;
  }

  /** Returns path and query as sent, encoded. */
  public String target() {
    return target;
  }

  /** Returns the headers by lower-case name, Host included. */
  public Map<String, String> headers() {
    return headers;
  }

  /** Returns a copy of the body. */
  public byte[] body() {
    return body.clone();
  }

  /** Returns the request with another method. */
  public RawHttp withMethod(String value) {
    return new RawHttp(value, target, headers, body);
  }

  /** Returns the request with another path and query. */
  public RawHttp withTarget(String value) {
    return new RawHttp(method, value, headers, body);
  }

  /** Returns the request with another value of a header. */
  public RawHttp withHeader(String name, String value) {
    Map<String, String> changed = new LinkedHashMap<>(headers);
    changed.put(name.toLowerCase(Locale.ROOT), value);
    return new RawHttp(method, target, changed, body);
  }

  /** Returns the request without a header. */
  public RawHttp withoutHeader(String name) {
    Map<String, String> changed = new LinkedHashMap<>(headers);
    changed.remove(name.toLowerCase(Locale.ROOT));
    return new RawHttp(method, target, changed, body);
  }

  /** Returns the request with another body; its length is sent right. */
  public RawHttp withBody(byte[] value) {
    return new RawHttp(method, target, headers, value);
  }

  /** Sends it over a connection of its own to the port of this machine and reads the answer. */
  public Answer send(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(
          new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port),
          PATIENCE_MILLIS);
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.getOutputStream().write(bytes());
      socket.getOutputStream().flush();
      return answer(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
    } catch (SocketTimeoutException e) {
      throw new UncheckedIOException("no answer within " + PATIENCE_MILLIS + " ms", e);
    } catch (IOException e) {
      return new Answer(0, "");
    }
  }

  private byte[] bytes() {
    StringBuilder head = new StringBuilder(method).append(' ').append(target);
    head.append(" HTTP/1.1\r\n");
    headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    head.append("content-length: ").append(body.length).append("\r\n");
    head.append("connection: close\r\n\r\n");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(head.toString().getBytes(StandardCharsets.ISO_8859_1));
    out.writeBytes(body);
    return out.toByteArray();
  }

  private static Answer answer(String text) {
    int end = text.indexOf("\r\n\r\n");
    return end < 0
        ? new Answer(0, "")
        : new Answer(Integer.parseInt(text.split(" ", 3)[1]), text.substring(end + 4));
  }

  @Override
  public String toString() {
    return method + " " + target;
  }
}
