package io.joblens.internal;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.WeakHashMap;

/**
 * What the process remembers of hosts, for all clients of one account together: an outage must not
 * cost each of them its own retries. Thread-safe.
 */
final class EndpointMemories {
  /** The process's own. */
  static final EndpointMemories SHARED = new EndpointMemories();

  /** More hosts than any process asks; what was not used for longest is forgotten. */
  private static final int MOST = 1000;

  /**
   * By the way to the hosts: a transport that was given may lead to others of the same name, and an
   * offset from one clock means nothing to another. Nothing outlives its way.
   */
  private final Map<Object, Map<String, EndpointMemory>> ways = new WeakHashMap<>();

  /** Returns what is known of the host by a client so set up. */
  EndpointMemory of(ClientSettings settings, String host) {
    Object way = settings.transport().isPresent() ? settings.transport().get() : settings.time();
    return of(way, settings.account(), host);
  }

  synchronized EndpointMemory of(Object way, String account, String host) {
    return ways.computeIfAbsent(way, unused -> new Recent())
        .computeIfAbsent(account + "/" + host, unused -> new EndpointMemory());
  }

  private static final class Recent extends LinkedHashMap<String, EndpointMemory> {
    private static final long serialVersionUID = 1L;

    Recent() {
      super(16, 0.75f, true);
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, EndpointMemory> eldest) {
      return size() > MOST;
    }
  }
}
