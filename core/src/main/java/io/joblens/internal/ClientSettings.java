package io.joblens.internal;

import io.joblens.CallListener;
import io.joblens.JobRun;
import io.joblens.Timeouts;
import io.joblens.spi.CredentialsProvider;
import io.joblens.spi.HttpTransport;
import io.joblens.spi.Rate;
import io.joblens.spi.RateLimiter;
import io.joblens.spi.TimeSource;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** What a client was built with, besides its provider. */
public record ClientSettings(
    String name,
    String account,
    List<String> regions,
    CredentialsProvider credentials,
    Optional<Rate> quota,
    Optional<InetSocketAddress> proxy,
    Timeouts timeouts,
    Optional<HttpTransport> transport,
    RateLimiter limiter,
    TimeSource time,
    Supplier<String> nonces,
    long maxBodyBytes,
    Map<String, String> aliases,
    List<CallListener> listeners) {

  /**
   * Adds to a row what only core knows.
   *
   * @param names the names of jobs that were looked up
   */
  JobRun complete(JobRun.Builder row, JobNames names) {
    return row.cloud(name)
        .account(account)
        .nameIfAbsent(aliases.get(row.ref().job().jobId()))
        .nameIfAbsent(names.of(row.ref().job()))
        .observedAt(time.now())
        .build();
  }

  /** Returns what the user named so, or the text itself when it is no alias. */
  String idOf(String aliasOrId) {
    return aliases.entrySet().stream()
        .filter(entry -> entry.getValue().equals(aliasOrId))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse(aliasOrId);
  }
}
