package io.joblens;

import io.joblens.internal.ConfigFile;
import io.joblens.internal.FleetStream;
import io.joblens.spi.Environment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Asks several clouds at once. Each cloud is read by a thread of its own, one call after the other;
 * a cloud that fails is reported beside the rows of the others. Thread-safe.
 */
public final class JobFleet implements AutoCloseable {
  private final List<JobClient> clients;
  private final AutoCloseable shared;

  private JobFleet(List<JobClient> clients, AutoCloseable shared) {
    Set<String> names = new HashSet<>();
    for (JobClient client : clients) {
      if (!names.add(client.name())) {
        throw new IllegalArgumentException(
            "two clouds are named '" + client.name() + "'; give each its own name");
      }
    }
    this.clients = List.copyOf(clients);
    this.shared = shared;
  }

  /**
   * Returns a fleet of these clients, which it closes with itself.
   *
   * @throws IllegalArgumentException when two have the same name
   */
  public static JobFleet of(JobClient... clients) {
    return new JobFleet(List.of(clients), () -> {});
  }

  /**
   * Returns a fleet of the clouds in a configuration file of the command line. Makes no request.
   * Needs {@code org.snakeyaml:snakeyaml-engine} on the class path, which joblens-all brings.
   *
   * @throws ConfigException listing every mistake in the file with its key path and what was
   *     expected
   */
  public static JobFleet fromConfig(Path file) {
    return fromConfig(file, Environment.system());
  }

  /** Does the same in this environment in place of the process's own. */
  public static JobFleet fromConfig(Path file, Environment environment) {
    ConfigFile.Clouds clouds = ConfigFile.read(file, environment);
    return new JobFleet(clouds.clients(), clouds.transports());
  }

  /** Returns the clients, in the order given. */
  public List<JobClient> clients() {
    return clients;
  }

  /**
   * Returns the runs of all clouds that match, read while they are iterated.
   *
   * @throws UnsupportedQueryException when it asks for a run that is of none of the clouds
   */
  public FleetRuns stream(JobQuery query) {
    return new FleetStream(clients, query);
  }

  /** Reads at most so many runs of all clouds together. */
  public FleetResult collect(JobQuery query, int limit) {
    int most = Math.min(limit, query.limit().orElse(limit));
    FleetRuns stream = stream(query.toBuilder().limit(most).build());
    List<JobRun> runs = new ArrayList<>();
    stream.forEach(runs::add);
    return new FleetResult(runs, stream.failures(), stream.coverage());
  }

  /** Closes the clients. */
  @Override
  public void close() {
    RuntimeException problem = null;
    for (JobClient client : clients) {
      problem = closed(client, problem);
    }
    problem = closed(shared, problem);
    if (problem != null) {
      throw problem;
    }
  }

  /** Closes it whatever happened to those before, and returns the first problem. */
  private static @Nullable RuntimeException closed(
      AutoCloseable resource, @Nullable RuntimeException before) {
    try {
      resource.close();
      return before;
    } catch (Exception e) {
      RuntimeException problem =
          e instanceof RuntimeException unchecked
              ? unchecked
              : new IllegalStateException("a transport does not close", e);
      if (before == null) {
        return problem;
      }
      before.addSuppressed(problem);
      return before;
    }
  }
}
