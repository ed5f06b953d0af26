package io.joblens.spi;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;

/** Makes transports; found by {@link java.util.ServiceLoader}. */
public interface HttpTransportFactory {

  /**
   * What a transport is made with.
   *
   * @param connectTimeout how long a connection may take to come about
   * @param proxy an HTTP proxy, its host not resolved yet
   */
  record Options(Duration connectTimeout, Optional<InetSocketAddress> proxy) {}

  /** Returns a new transport, which its caller closes. */
  HttpTransport create(Options options);
}
