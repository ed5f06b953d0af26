package io.joblens.reliability;

import io.joblens.okhttp.OkHttpTransport;
import io.joblens.spi.HttpTransport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import okhttp3.ConnectionPool;
import okhttp3.Dns;
import okhttp3.OkHttpClient;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.jspecify.annotations.Nullable;

/** The way from a client to its server, and what is wrong with it. */
interface Line extends AutoCloseable {
  /** Returns where the client is told that the server is. */
  String endpoint(int port);

  /** Returns what the server speaks TLS with, if it does. */
  default @Nullable SSLContext serverTls() {
    return null;
  }

  /** Returns the transport to use in place of the one that clients make themselves. */
  default @Nullable HttpTransport transport() {
    return null;
  }

  @Override
  default void close() {}

  /** Plain HTTP to the server. */
  static Line direct() {
    return port -> "http://127.0.0.1:" + port;
  }

  /** To a port that is taken but on which nobody listens. */
  static Line closedPort() {
    return new Line() {
      private final Socket taken = new Socket();

      @Override
      public String endpoint(int port) {
        try {
          taken.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
        return "http://127.0.0.1:" + taken.getLocalPort();
      }

      @Override
      public void close() {
        try {
          taken.close();
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    };
  }

  /** To a port whose queue is full: nothing answers, as behind a firewall that drops packets. */
  static Line blackHole() {
    return new Line() {
      private final List<AutoCloseable> open = new ArrayList<>();

      @Override
      public String endpoint(int port) {
        try {
          ServerSocket hole = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
          open.add(hole);
          for (int i = 0; i < 4; i++) {
            SocketChannel waiting = SocketChannel.open();
            open.add(waiting);
            waiting.configureBlocking(false);
            boolean unused = waiting.connect(hole.getLocalSocketAddress());
          }
          return "http://127.0.0.1:" + hole.getLocalPort();
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }

      @Override
      public void close() {
        for (AutoCloseable one : open) {
          try {
            one.close();
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        }
      }
    };
  }

  /** To a name that is looked up like this; who cannot be told needs a hosts file that says so. */
  static Line named(String host, Dns dns) {
    return new Through("http://" + host + ":", new OkHttpClient.Builder().dns(dns), null);
  }

  /** To a name whose look-up does not end before the line is closed. */
  static Line stalledDns() {
    CountDownLatch end = new CountDownLatch(1);
    Dns dns =
        name -> {
          try {
            boolean unused = end.await(30, TimeUnit.SECONDS);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return List.of(InetAddress.getLoopbackAddress());
        };
    return new Through("http://cloud.invalid:", new OkHttpClient.Builder().dns(dns), null) {
      @Override
      public void close() {
        end.countDown();
        super.close();
      }
    };
  }

  /** TLS, with what the server shows and whom the client trusts. */
  static Line secure(Certificates certificates) {
    HandshakeCertificates server =
        new HandshakeCertificates.Builder().heldCertificate(certificates.shown()).build();
    return new Through("https://127.0.0.1:", trusting(certificates.trusted()), server.sslContext());
  }

  /** TLS as far as the client knows; what the server does to connections is up to the fault. */
  static Line halfSecure() {
    return new Through("https://127.0.0.1:", trusting(Certificates.GOOD.trusted()), null);
  }

  private static OkHttpClient.Builder trusting(HeldCertificate authority) {
    HandshakeCertificates client =
        new HandshakeCertificates.Builder().addTrustedCertificate(authority.certificate()).build();
    return new OkHttpClient.Builder()
        .sslSocketFactory(client.sslSocketFactory(), client.trustManager());
  }

  /** What the server shows and whom the client trusts. */
  record Certificates(HeldCertificate shown, HeldCertificate trusted) {
    private static final long DAY = TimeUnit.DAYS.toMillis(1);
    private static final HeldCertificate AUTHORITY =
        new HeldCertificate.Builder().certificateAuthority(0).build();

    static final Certificates GOOD = signed("127.0.0.1", 1);
    static final Certificates EXPIRED = signed("127.0.0.1", -1);
    static final Certificates OF_ANOTHER_HOST = signed("other.invalid", 1);
    static final Certificates SELF_SIGNED =
        new Certificates(held("127.0.0.1", 1).build(), AUTHORITY);

    /** Returns whom clients trust in every row. */
    static X509Certificate authority() {
      return AUTHORITY.certificate();
    }

    private static Certificates signed(String host, int daysLeft) {
      return new Certificates(held(host, daysLeft).signedBy(AUTHORITY).build(), AUTHORITY);
    }

    private static HeldCertificate.Builder held(String host, int daysLeft) {
      long now = Instant.now().toEpochMilli();
      return new HeldCertificate.Builder()
          .addSubjectAlternativeName(host)
          .validityInterval(now - 9 * DAY, now + daysLeft * DAY);
    }
  }

  /** A line for which the client needs an OkHttp of ours. */
  class Through implements Line {
    private final String prefix;
    private final @Nullable SSLContext serverTls;
    private final ConnectionPool connections = new ConnectionPool();
    private final HttpTransport transport;

    Through(String prefix, OkHttpClient.Builder builder, @Nullable SSLContext serverTls) {
      this.prefix = prefix;
      this.serverTls = serverTls;
      this.transport = OkHttpTransport.create(builder.connectionPool(connections).build());
    }

    @Override
    public String endpoint(int port) {
      return prefix + port;
    }

    @Override
    public @Nullable SSLContext serverTls() {
      return serverTls;
    }

    @Override
    public HttpTransport transport() {
      return transport;
    }

    @Override
    public void close() {
      transport.close();
      connections.evictAll();
    }
  }
}
