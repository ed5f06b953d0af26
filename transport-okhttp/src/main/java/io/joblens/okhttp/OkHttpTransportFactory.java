package io.joblens.okhttp;

import io.joblens.spi.HttpTransport;
import io.joblens.spi.HttpTransportFactory;

/** Makes transports on OkHttp; found by {@link java.util.ServiceLoader}. */
public final class OkHttpTransportFactory implements HttpTransportFactory {
  /** Used by {@link java.util.ServiceLoader}. */
  public OkHttpTransportFactory() {}

  @Override
  public HttpTransport create(Options options) {
    return OkHttpTransport.create(options);
  }
}
