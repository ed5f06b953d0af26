package io.joblens.okhttp;

import io.joblens.spi.Endpoint;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A server on loopback whose every byte, and every way to end a connection, is up to the test. */
final class RawServer implements AutoCloseable {
  /** What to do with one request that was read. */
  interface Script {
    void answer(Exchanged request, Wire wire) throws IOException;
  }

  /** One request as it came: the lines of its head, and its body. */
  record Exchanged(List<String> head, String body) {}

  private final ServerSocket listener;
  private final Script script;
  private final Queue<Exchanged> requests = new ConcurrentLinkedQueue<>();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger connections = new AtomicInteger();

  RawServer(Script script) {
    this.script = script;
    try {
      listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    daemon(this::accept);
  }

  /** Answers each request with the same text, its lines separated as in HTTP. */
  static RawServer answering(String answer) {
    return new RawServer((request, wire) -> wire.write(answer));
  }

  int port() {
    return listener.getLocalPort();
  }

  Endpoint endpoint() {
    return new Endpoint("http", "127.0.0.1:" + port());
  }

  /** Returns the requests so far, in the order in which they came. */
  List<Exchanged> requests() {
    return List.copyOf(requests);
  }

  int connections() {
    return connections.get();
  }

  @Override
  public void close() {
    try {
      listener.close();
      for (Socket socket : open) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void daemon(Runnable task) {
    Thread thread = new Thread(task, "raw-server");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = listener.accept();
        socket.setTcpNoDelay(true);
        open.add(socket);
        connections.incrementAndGet();
        daemon(() -> converse(socket));
      }
    } catch (IOException e) {
      // closed
    }
  }

  private void converse(Socket socket) {
    try (socket) {
      Wire wire = new Wire(socket);
      while (true) {
        Exchanged request = wire.read();
        if (request == null) {
          return;
        }
        requests.add(request);
        script.answer(request, wire);
      }
    } catch (IOException e) {
      // the test or the client has ended the connection
    } finally {
      open.remove(socket);
    }
  }

  /** One connection, seen from the server. */
  static final class Wire {
    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    private Wire(Socket socket) throws IOException {
      this.socket = socket;
      this.in = socket.getInputStream();
      this.out = socket.getOutputStream();
    }

    OutputStream out() {
      return out;
    }

    void write(String text) throws IOException {
      out.write(text.getBytes(StandardCharsets.ISO_8859_1));
      out.flush();
    }

    /** Writes a byte, then another as long as the client stays. */
    void dribble(String text) throws IOException {
      for (int i = 0; i < text.length(); i++) {
        write(text.substring(i, i + 1));
        if (!isPeerThere(20)) {
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

    /** Says nothing more until the client ends the connection. */
    void fallSilent() throws IOException {
      while (isPeerThere(10_000)) {
        // still there
      }
      socket.close();
    }

    private boolean isPeerThere(int millis) throws IOException {
      socket.setSoTimeout(millis);
      try {
        return in.read() >= 0;
      } catch (SocketTimeoutException e) {
        return true;
      } finally {
        socket.setSoTimeout(0);
      }
    }

    private @Nullable Exchanged read() throws IOException {
      ByteArrayOutputStream head = new ByteArrayOutputStream();
      while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
        int next = in.read();
        if (next < 0) {
          return null;
        }
        head.write(next);
      }
      List<String> lines = head.toString(StandardCharsets.ISO_8859_1).lines().toList();
      lines = lines.subList(0, lines.size() - 1);
      int length =
          lines.stream()
              .filter(line -> line.regionMatches(true, 0, "content-length:", 0, 15))
              .mapToInt(line -> Integer.parseInt(line.substring(15).strip()))
              .findFirst()
              .orElse(0);
      return new Exchanged(lines, new String(in.readNBytes(length), StandardCharsets.UTF_8));
    }
  }
}
