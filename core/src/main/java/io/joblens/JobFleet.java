package io.joblens;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Asks several clouds at once. Each cloud is read by its own thread, one call after the other; a cloud
 * that fails is reported beside the rows of the others. Thread-safe.
 */
public final class JobFleet implements AutoCloseable {
  private final List<JobClient> clients;

  private JobFleet(List<JobClient> clients) {
    this.clients = clients;
  }

  /**
   * Returns a fleet of these clients, which it closes with itself.
   *
   * @throws IllegalArgumentException when two have the same name
   */
  public static JobFleet of(JobClient... clients) {
    return new JobFleet(List.of(clients));
  }

  /**
   * Returns a fleet of the clouds in a configuration file of the command line. Makes no request.
   *
   * @throws ConfigException listing every mistake in the file with its key path and what was expected
   */
  public static JobFleet fromConfig(Path file) {
    return fromConfig(file, System.getenv());
  }

  /** Does the same with these environment variables in place of the process's own. */
  public static JobFleet fromConfig(Path file, Map<String, String> environment) {
    throw new UnsupportedOperationException();
  }

  /** Returns the clients, in the order given. */
  public List<JobClient> clients() {
    return clients;
  }

  /** Returns the runs of all clouds that match, read while they are iterated. */
  public FleetRuns stream(JobQuery query) {
    throw new UnsupportedOperationException();
  }

  /** Reads at most so many runs of all clouds together. */
  public FleetResult collect(JobQuery query, int limit) {
    throw new UnsupportedOperationException();
  }

  /** Closes the clients. */
  @Override
  public void close() {
    clients.forEach(JobClient::close);
  }
}
