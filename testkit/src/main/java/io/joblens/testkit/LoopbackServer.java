package io.joblens.testkit;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * As much of an HTTP/1.1 server as fake clouds need. The JDK's own replaces the Date header by the
 * system's time and reads the request's target through {@link java.net.URI}; here the date is the
 * fake's, bytes stay as they came, and an answer can stop in the middle.
 */
final class LoopbackServer implements AutoCloseable {
  private static final int LONGEST_LINE = 64 << 10;

  private final ServerSocket listener;
  private final Function<FakeCloud.Request, FakeCloud.Reply> handler;
  private final Thread acceptor;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

  LoopbackServer(int port, Function<FakeCloud.Request, FakeCloud.Reply> handler)
      throws IOException {
    this.handler = handler;
    this.listener = new ServerSocket(port, 50, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
    this.acceptor = daemon("fake-cloud-" + port(), this::accept);
  }

  int port() {
    return listener.getLocalPort();
  }

  int connections() {
    return sockets.size();
  }

  @Override
  public void close() {
    closeQuietly(listener);
    try {
      acceptor.join(1_000); // while it still accepts, the port still listens
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    sockets.forEach(LoopbackServer::closeQuietly);
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket socket = listener.accept();
        sockets.add(socket);
        if (listener.isClosed()) {
          closeQuietly(socket);
        }
        daemon("fake-cloud-connection", () -> converse(socket));
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private void converse(Socket socket) {
    try (socket) {
      socket.setTcpNoDelay(true);
      InputStream in = new BufferedInputStream(socket.getInputStream());
      boolean open = true;
      while (open) {
        FakeCloud.Request request = read(in);
        open = request != null && answer(request, handler.apply(request), socket, in);
      }
    } catch (IOException e) {
      // the client went away, or what it sent is no HTTP: either way there is nobody to tell
    } finally {
      sockets.remove(socket);
    }
  }

  private static boolean answer(
      FakeCloud.Request request, FakeCloud.Reply reply, Socket socket, InputStream in)
      throws IOException {
    switch (reply.effect()) {
      case HANG -> {
        while (in.read() >= 0) {
          // until the client gives up or the server closes
        }
        return false;
      }
      case CLOSE -> {
        return false;
      }
      case RESET -> {
        socket.setSoLinger(true, 0); // what makes closing it a reset
        return false;
      }
      default -> {}
    }
    byte[] body = reply.body();
    boolean bodiless = reply.status() == 204 || reply.status() == 304;
    StringBuilder head = new StringBuilder("HTTP/1.1 " + reply.status() + " Fake\r\n");
    reply.headers().forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
    if (!bodiless && !reply.headers().containsKey("content-length")) {
      head.append("content-length: ").append(body.length).append("\r\n");
    }
    head.append("\r\n");
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    whole.writeBytes(head.toString().getBytes(StandardCharsets.ISO_8859_1));
    if (!bodiless && !request.method().equals("HEAD")) {
      whole.write(body, 0, reply.bytesSent());
    }
    OutputStream out = socket.getOutputStream();
    whole.writeTo(out);
    out.flush();
    return reply.bytesSent() == body.length
        && !request.header("connection").orElse("").equalsIgnoreCase("close");
  }

  private static FakeCloud.@Nullable Request read(InputStream in) throws IOException {
    String line = readLine(in);
    if (line == null) {
      return null;
    }
    String[] words = line.split(" ", -1);
    if (words.length != 3 || !words[1].startsWith("/")) {
      throw new IOException("no request line");
    }
    Map<String, List<String>> headers = new LinkedHashMap<>();
    for (String header = readLine(in); !"".equals(header); header = readLine(in)) {
      int colon = header == null ? -1 : header.indexOf(':');
      if (header == null || colon < 1) {
        throw new IOException("no header line");
      }
      headers
          .computeIfAbsent(
              header.substring(0, colon).toLowerCase(Locale.ROOT), name -> new ArrayList<>())
          .add(header.substring(colon + 1).strip());
    }
    byte[] body = readBody(in, headers);
    headers.replaceAll((name, values) -> List.copyOf(values));
    return new FakeCloud.Request(
        words[0], words[1], Collections.unmodifiableMap(headers), body, Instant.EPOCH);
  }

  private static byte[] readBody(InputStream in, Map<String, List<String>> headers)
      throws IOException {
    if (headers.containsKey("transfer-encoding")) {
      ByteArrayOutputStream body = new ByteArrayOutputStream();
      int size = chunkSize(in);
      while (size > 0) {
        body.writeBytes(exactly(in, size));
        readLine(in);
        size = chunkSize(in);
      }
      readLine(in);
      return body.toByteArray();
    }
    List<String> length = headers.getOrDefault("content-length", List.of("0"));
    try {
      return exactly(in, Integer.parseInt(length.get(0)));
    } catch (NumberFormatException e) {
      throw new IOException("no content length", e);
    }
  }

  private static int chunkSize(InputStream in) throws IOException {
    String line = readLine(in);
    try {
      return Integer.parseInt(line == null ? "" : line.replaceAll(";.*", "").strip(), 16);
    } catch (NumberFormatException e) {
      throw new IOException("no chunk size", e);
    }
  }

  private static byte[] exactly(InputStream in, int size) throws IOException {
    byte[] bytes = in.readNBytes(size);
    if (bytes.length < size) {
      throw new EOFException();
    }
    return bytes;
  }

  /** Reads up to the line's end; null at the end of the stream. */
  private static @Nullable String readLine(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        return null;
      }
      if (line.size() == LONGEST_LINE) {
        throw new IOException("too long a line");
      }
      line.write(b);
    }
    String text = line.toString(StandardCharsets.ISO_8859_1);
    return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
  }

  private static Thread daemon(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private static void closeQuietly(AutoCloseable thing) {
    try {
      thing.close();
    } catch (Exception e) {
      // it is of no use any more, closed or not
    }
  }
}
