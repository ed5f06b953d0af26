package io.joblens.internal;

import io.joblens.ClientClosedException;
import io.joblens.ConfigException;
import io.joblens.spi.HttpTransport;
import io.joblens.spi.HttpTransportFactory;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/** The transport a client was given, or one made for its first request and closed with it. */
final class LazyTransport implements AutoCloseable {
  private final ClientSettings settings;
  private final Object lock = new Object();
  private @Nullable HttpTransport own;
  private boolean closed;

  LazyTransport(ClientSettings settings) {
    this.settings = settings;
  }

  HttpTransport get() {
    if (settings.transport().isPresent()) {
      return settings.transport().get();
    }
    synchronized (lock) {
      HttpTransport transport = own;
      if (closed) {
        throw new ClientClosedException("the client is closed");
      }
      if (transport == null) {
        transport =
            create(
                new HttpTransportFactory.Options(settings.timeouts().connect(), settings.proxy()));
        own = transport;
      }
      return transport;
    }
  }

  /** Returns a new transport of the kind that is on the class path. */
  static HttpTransport create(HttpTransportFactory.Options options) {
    return ServiceLoader.load(HttpTransportFactory.class, LazyTransport.class.getClassLoader())
        .findFirst()
        .orElseThrow(
            () ->
                new ConfigException(
                    "no HTTP transport on the class path; add io.joblens:joblens-transport-okhttp"))
        .create(options);
  }

  @Override
  public void close() {
    synchronized (lock) {
      closed = true;
      if (own != null) {
        own.close();
        own = null;
      }
    }
  }
}
