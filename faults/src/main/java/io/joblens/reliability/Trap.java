package io.joblens.reliability;

/** A server to which nobody must ever send anything. */
final class Trap {
  private static final FaultServer SERVER =
      new FaultServer((request, wire) -> wire.send(Reply.of(200, "{}")), null);

  private Trap() {}

  static int port() {
    return SERVER.port();
  }

  /** Returns how many requests came with a secret. */
  static int secrets() {
    return SERVER.secrets();
  }

  static int connections() {
    return SERVER.connections();
  }
}
