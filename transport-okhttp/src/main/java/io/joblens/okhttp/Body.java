package io.joblens.okhttp;

import io.joblens.spi.TransportFailure;
import io.joblens.spi.TransportFailure.Kind;
import io.joblens.spi.WireResponse;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.util.Arrays;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import okhttp3.Response;

/**
 * Reads and decodes bodies. Gzip is decoded here and not by OkHttp because OkHttp does so only when
 * it asked for gzip itself, and reports a broken encoding like a broken connection.
 */
final class Body {
  private static final int BUFFER = 8 * 1024;

  /** One less than the longest array, so that the byte that is too many can be read. */
  private static final int LONGEST = Integer.MAX_VALUE - 9;

  private Body() {}

  /**
   * Tells whether the body is encoded, so that Content-Encoding and -Length speak of other bytes.
   */
  static boolean isEncoded(Response response) {
    return !encoding(response).equals("identity");
  }

  /**
   * Reads the body to its end, which also frees the connection for the next exchange. An error's
   * body is cut when it is longer than is kept of one; then the connection is not free.
   *
   * @param maxDecodedBytes how many bytes to accept; at most twice as many are held at a time
   */
  static byte[] read(Response response, long maxDecodedBytes) throws IOException {
    boolean isError = isError(response);
    int most = (int) Math.min(maxDecodedBytes, isError ? WireResponse.LARGEST_ERROR : LONGEST);
    InputStream wire = response.body().byteStream();
    byte[] body =
        switch (encoding(response)) {
          case "identity" -> {
            long length = response.body().contentLength();
            if (length > most && !isError) {
              throw tooLarge(most);
            }
            yield plain(wire, length, most);
          }
          case "gzip", "x-gzip" -> unzipped(wire, most);
          default ->
              throw new TransportFailure(
                  Kind.MALFORMED, "the body has an encoding other than gzip");
        };
    if (body.length > most && !isError) {
      throw tooLarge(most);
    }
    return body.length > most ? Arrays.copyOf(body, most) : body;
  }

  /** Tells whether the status says that the body is no data. */
  static boolean isError(Response response) {
    int status = SingleExchange.status(response);
    return status < 200 || status >= 300;
  }

  /** Tells whether the status says enough: a log-in that was refused, or a redirect. */
  static boolean isDispensable(Response response) {
    int status = SingleExchange.status(response);
    return status == 401 || (status >= 300 && status < 400);
  }

  private static String encoding(Response response) {
    String encoding = response.header("Content-Encoding");
    return encoding == null || encoding.isBlank()
        ? "identity"
        : encoding.strip().toLowerCase(Locale.ROOT);
  }

  /** Returns all of the body, or one byte more than the most. */
  private static byte[] plain(InputStream wire, long length, int most) throws IOException {
    if (length < 0 || length > most) {
      return wire.readNBytes(most + 1);
    }
    byte[] body = wire.readNBytes((int) length);
    if (body.length < length) { // HTTP/2; for HTTP/1 OkHttp sees it
      throw new EOFException();
    }
    requireEnd(wire);
    return body;
  }

  /** Returns all of the body, or one byte more than the most. */
  private static byte[] unzipped(InputStream wire, int most) throws IOException {
    PushbackInputStream zipped =
        new PushbackInputStream(wire) {
          @Override
          public void
              close() {} // the response is closed by who opened it, after cancelling the call
        };
    int first = zipped.read();
    if (first < 0) { // a 204 can name an encoding, too
      return new byte[0];
    }
    zipped.unread(first);
    try (GZIPInputStream unzip = new GZIPInputStream(zipped, BUFFER)) {
      byte[] body = unzip.readNBytes(most + 1);
      if (body.length <= most) {
        requireEnd(wire);
      }
      return body;
    }
  }

  private static void requireEnd(InputStream wire) throws IOException {
    if (wire.read() >= 0) {
      throw new TransportFailure(Kind.MALFORMED, "the body goes on after its end");
    }
  }

  private static TransportFailure tooLarge(int most) {
    return new TransportFailure(
        Kind.TOO_LARGE, "the decoded body is larger than the limit of " + most + " bytes");
  }
}
