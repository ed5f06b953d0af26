package io.joblens.internal;

import io.joblens.spi.HttpTransport;
import io.joblens.spi.HttpTransportFactory;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Makes transports that answer every request with no runs, and remembers them. */
public final class StubTransportFactory implements HttpTransportFactory {
  record Made(Options options, StubTransport transport) {}

  private static final List<Made> MADE = new CopyOnWriteArrayList<>();

  static List<Made> made() {
    return List.copyOf(MADE);
  }

  static void reset() {
    MADE.clear();
  }

  @Override
  public HttpTransport create(Options options) {
    StubTransport transport =
        new StubTransport(request -> StubTransport.response(200, "{\"rows\":[]}"));
    MADE.add(new Made(options, transport));
    return transport;
  }
}
