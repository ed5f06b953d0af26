package io.joblens.reliability;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One connection, seen from the server. */
final class Wire {
  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;

  Wire(Socket socket) throws IOException {
    this.socket = socket;
    this.in = socket.getInputStream();
    this.out = socket.getOutputStream();
  }

  void send(byte[] bytes) throws IOException {
    out.write(bytes);
    out.flush();
  }

  void send(String text) throws IOException {
    send(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  void send(Reply reply) throws IOException {
    send(reply.bytes());
  }

  /** Sends a byte, and the next after a while, as long as the client stays. */
  void dribble(byte[] bytes, int pauseMillis) throws IOException {
    for (byte one : bytes) {
      send(new byte[] {one});
      if (isPeerGone(pauseMillis)) {
        return;
      }
    }
  }

  /** Ends the connection by a reset. */
  void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  /** Ends the connection in the ordinary way. */
  void end() throws IOException {
    socket.close();
  }

  /** Sends nothing more, but goes on reading. */
  void halfClose() throws IOException {
    socket.shutdownOutput();
  }

  boolean isHalfClosed() {
    return socket.isOutputShutdown();
  }

  /** Says nothing until the client ends the connection. */
  void stall() throws IOException {
    while (!isPeerGone(10_000)) {
      // still there
    }
    socket.close();
  }

  /** Waits for the client's first bytes, whatever they are. */
  void hear() throws IOException {
    int unused = in.read(new byte[4096]);
  }

  boolean isPeerGone(int withinMillis) throws IOException {
    socket.setSoTimeout(withinMillis);
    try {
      return in.read() < 0;
    } catch (SocketTimeoutException e) {
      return false;
    } finally {
      socket.setSoTimeout(0);
    }
  }

  /** Reads one request; null when the client has none left. */
  @Nullable List<String> request() throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    for (int ending = 0; ending != 0x0d0a0d0a; ) {
      int next = in.read();
      if (next < 0) {
        return null;
      }
      head.write(next);
      ending = ending << 8 | next;
    }
    List<String> lines = head.toString(StandardCharsets.ISO_8859_1).lines().toList();
    int length =
        lines.stream()
            .filter(line -> line.regionMatches(true, 0, "content-length:", 0, 15))
            .mapToInt(line -> Integer.parseInt(line.substring(15).strip()))
            .findFirst()
            .orElse(0);
    in.readNBytes(length);
    return lines;
  }
}
