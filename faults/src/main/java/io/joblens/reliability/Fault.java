package io.joblens.reliability;

import java.io.IOException;
import java.util.List;

/** What a server does to its clients. */
@FunctionalInterface
interface Fault {
  /** One request that came: which one it is, counted from 1, and the lines of its head. */
  record Request(int number, List<String> head) {}

  /** Answers a request, or does not. */
  void answer(Request request, Wire wire) throws IOException;

  /** Does to a connection whatever happens before its first request. */
  default void accept(Wire wire) throws IOException {}

  /** Something to do with a connection. */
  @FunctionalInterface
  interface Deed {
    /** Does it. */
    void to(Wire wire) throws IOException;
  }

  /** Does this to every connection before any request. */
  static Fault onAccept(Deed deed) {
    return new Fault() {
      @Override
      public void accept(Wire wire) throws IOException {
        deed.to(wire);
      }

      @Override
      public void answer(Request request, Wire wire) throws IOException {
        wire.end();
      }
    };
  }

  /** Answers every request alike. */
  static Fault reply(Reply reply) {
    return (request, wire) -> wire.send(reply);
  }

  /** Does this to the first request, and the other thing to all that follow. */
  default Fault then(Fault next) {
    return (request, wire) -> (request.number() == 1 ? this : next).answer(request, wire);
  }
}
