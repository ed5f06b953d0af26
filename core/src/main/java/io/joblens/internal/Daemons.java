package io.joblens.internal;

import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;

/** Threads that never keep a program alive. */
final class Daemons {
  /**
   * Goes on with calls whose wait is over. Not the common pool: on a machine with one or two cores
   * the JDK starts a thread of its own for each action there, and not always a daemon.
   */
  static final Executor CALLS = Executors.newCachedThreadPool(named("joblens-calls"));

  private Daemons() {}

  /** Returns a factory of daemon threads with that name. */
  static ThreadFactory named(String name) {
    return work -> {
      Thread thread = new Thread(work, name);
      thread.setDaemon(true);
      return thread;
    };
  }
}
