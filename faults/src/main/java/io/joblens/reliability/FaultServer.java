package io.joblens.reliability;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** A server on loopback that has one fault, and counts. */
final class FaultServer implements AutoCloseable {
  private final ServerSocket listener;
  private final Fault fault;
  private final @Nullable SSLContext tls;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicInteger requests = new AtomicInteger();
  private final AtomicInteger secrets = new AtomicInteger();

  FaultServer(Fault fault, @Nullable SSLContext tls) {
    this.fault = fault;
    this.tls = tls;
    try {
      listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    daemon(this::accept);
  }

  int port() {
    return listener.getLocalPort();
  }

  /** Returns how many requests came, whole head and body. */
  int requests() {
    return requests.get();
  }

  /** Returns how many requests had a secret in their head: it was there to be let out. */
  int secrets() {
    return secrets.get();
  }

  int connections() {
    return connections.get();
  }

  /** Returns how many connections are open now. */
  int open() {
    return open.size();
  }

  /** Tells whether every connection is over, or will be within this time. */
  boolean isDeserted(long millis) {
    long end = System.nanoTime() + millis * 1_000_000;
    while (!open.isEmpty() && System.nanoTime() < end) {
      LockSupport.parkNanos(1_000_000);
    }
    return open.isEmpty();
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
    Thread thread = new Thread(task, "fault-server");
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
    try (Socket talk = secured(socket)) {
      Wire wire = new Wire(talk);
      fault.accept(wire);
      for (var head = wire.request(); head != null; head = wire.request()) {
        if (Canaries.areIn(String.join("\n", head))) {
          secrets.incrementAndGet();
        }
        fault.answer(new Fault.Request(requests.incrementAndGet(), head), wire);
      }
    } catch (IOException e) {
      // the fault or the client has ended the connection
    } finally {
      open.remove(socket);
    }
  }

  private Socket secured(Socket socket) throws IOException {
    if (tls == null) {
      return socket;
    }
    SSLSocket secure = (SSLSocket) tls.getSocketFactory().createSocket(socket, null, true);
    secure.setUseClientMode(false);
    return secure;
  }
}
