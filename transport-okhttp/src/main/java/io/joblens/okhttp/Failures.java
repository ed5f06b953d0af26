package io.joblens.okhttp;

import io.joblens.spi.TransportFailure;
import io.joblens.spi.TransportFailure.Kind;
import io.joblens.spi.WireRequest;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ProtocolException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.net.UnknownServiceException;
import java.util.stream.Stream;
import java.util.zip.ZipException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Tells what an exception of OkHttp or the JDK means, by its type and by how far the exchange had
 * come; never by its text. The exception itself is kept as cause only when the request was not yet
 * on its way: later its text can quote the server, which may have echoed a credential.
 */
final class Failures {
  private Failures() {}

  /** Classifies a failure before the answer's headers were complete. */
  static TransportFailure classify(
      IOException e, boolean cancelled, WireRequest request, boolean begun) {
    if (e instanceof TransportFailure known) {
      return known;
    }
    Throwable bug = cancelled ? bug(e) : null;
    if (bug != null) {
      return new TransportFailure(
          Kind.MALFORMED,
          "OkHttp or an interceptor failed on the exchange with "
              + request.host()
              + " by "
              + bug.getClass().getSimpleName());
    }
    // Bare InterruptedIOException: the executor is shut down, or shutting down. Timeouts are
    // subclasses.
    if (cancelled || e.getClass() == InterruptedIOException.class) {
      return new TransportFailure(Kind.CANCELLED, "the exchange was cancelled");
    }
    return begun ? afterSending(e, request) : beforeSending(e, request);
  }

  /** Classifies a failure while the answer's body was read. */
  static TransportFailure inBody(IOException e, WireRequest request) {
    if (e instanceof TransportFailure known) {
      return known;
    }
    if (e instanceof ZipException) {
      return new TransportFailure(
          Kind.MALFORMED, "the body from " + request.host() + " is no valid gzip");
    }
    // Also ProtocolException: it is how OkHttp reports the end of a connection within a body.
    return lost(e, request);
  }

  /**
   * Returns the unchecked exception that OkHttp 5 reports as a cause and OkHttp 4 as suppressed.
   */
  private static @Nullable Throwable bug(IOException e) {
    return Stream.concat(Stream.ofNullable(e.getCause()), Stream.of(e.getSuppressed()))
        .filter(inner -> inner instanceof RuntimeException || inner instanceof Error)
        .findFirst()
        .orElse(null);
  }

  private static TransportFailure beforeSending(IOException e, WireRequest request) {
    if (e instanceof UnknownHostException) {
      return new TransportFailure(Kind.DNS, "no address for " + request.host(), e);
    }
    if (e instanceof UnknownServiceException || (e instanceof SSLException && !isBroken(e))) {
      return new TransportFailure(Kind.TLS, "no secure connection to " + request.host(), e);
    }
    return new TransportFailure(Kind.CONNECT, "no connection to " + request.host(), e);
  }

  /** A handshake that was cut off says nothing about certificates; trying again can help. */
  private static boolean isBroken(@Nullable Throwable e) {
    return e != null
        && (e instanceof EOFException || e instanceof SocketException || isBroken(e.getCause()));
  }

  private static TransportFailure afterSending(IOException e, WireRequest request) {
    if (e instanceof ProtocolException) {
      return new TransportFailure(
          Kind.MALFORMED, "the answer from " + request.host() + " is no valid HTTP");
    }
    if (e instanceof SocketTimeoutException) {
      return new TransportFailure(
          Kind.ATTEMPT_TIMEOUT, "no complete answer from " + request.host() + " in time");
    }
    return lost(e, request);
  }

  private static TransportFailure lost(IOException e, WireRequest request) {
    return new TransportFailure(
        Kind.CONNECTION_LOST,
        "the connection to "
            + request.host()
            + " broke before the answer was complete ("
            + e.getClass().getSimpleName()
            + ")");
  }
}
