package io.joblens.cli;

import io.joblens.ConfigException;
import io.joblens.JobClient;
import io.joblens.JobClientBuilder;
import io.joblens.JobException;
import io.joblens.JobFleet;
import io.joblens.JobRef;
import io.joblens.JobRun;
import io.joblens.ProviderId;
import io.joblens.RunRef;
import io.joblens.spi.Config;
import io.joblens.spi.JobProviderFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The clouds that a command can talk to, and what its arguments name there. */
final class Targets implements AutoCloseable {

  /** A run at a cloud. */
  record Run(JobClient client, RunRef ref) {
    @Override
    public String toString() {
      return client.name() + "@" + ref;
    }
  }

  /** A job at a cloud. */
  record Job(JobClient client, JobRef ref) {
    @Override
    public String toString() {
      return client.name() + "@" + ref;
    }
  }

  private static final String USUAL = ".config/joblens/joblens.yaml";

  private final Io io;
  private final Optional<Path> file;
  private final Map<String, CloudEntry> entries;
  private final JobFleet fleet;
  private final List<JobClient> configured;
  private final Map<String, JobClient> unconfigured = new LinkedHashMap<>();

  private Targets(Io io, Optional<Path> file, Map<String, CloudEntry> entries, JobFleet fleet) {
    this.io = io;
    this.file = file;
    this.entries = entries;
    this.fleet = fleet;
    this.configured = fleet.clients();
  }

  /**
   * Opens the clouds of the configuration file, if there is one: {@code --config}, else {@code
   * $JOBLENS_CONFIG}, else the one in the home directory. Never one from the working directory,
   * which may belong to somebody else.
   *
   * @throws ConfigException with all that is wrong in it
   */
  static Targets open(Io io, @Nullable Path option) {
    Optional<Path> file = locate(io, option);
    if (file.isEmpty()) {
      return new Targets(io, file, Map.of(), JobFleet.of());
    }
    JobFleet fleet = JobFleet.fromConfig(file.get(), io.environment());
    try {
      return new Targets(io, file, CloudEntry.read(file.get()), fleet);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Optional<Path> locate(Io io, @Nullable Path option) {
    String variable = io.environment().variable("JOBLENS_CONFIG").orElse("");
    if (option != null) {
      return Optional.of(require("--config", option));
    } else if (!variable.isEmpty()) {
      return Optional.of(require("$JOBLENS_CONFIG", Path.of(variable)));
    }
    return io.environment().home().map(home -> home.resolve(USUAL)).filter(Files::exists);
  }

  private static Path require(String origin, Path file) {
    if (!Files.isReadable(file) || Files.isDirectory(file)) {
      throw new UsageException(origin + ": " + file + " is not a file that can be read");
    }
    return file;
  }

  /** Returns the configured clouds' entries by name. */
  Map<String, CloudEntry> entries() {
    return entries;
  }

  /** Returns what the configuration says about the cloud. */
  CloudEntry entry(JobClient client) {
    CloudEntry entry = entries.get(client.name());
    return entry == null
        ? new CloudEntry(
            client.name(),
            client.provider().value(),
            List.of(),
            Optional.empty(),
            Map.of(),
            Set.of())
        : entry;
  }

  /** Returns all configured clouds. */
  List<JobClient> all() {
    if (configured.isEmpty()) {
      throw new UsageException(
          file.map(path -> path + " configures no clouds; see the README for an example")
              .orElseGet(
                  () ->
                      "no configuration: give --config FILE, set $JOBLENS_CONFIG, or write "
                          + io.environment().home().map(Path::toString).orElse("~")
                          + "/"
                          + USUAL
                          + "; `joblens demo --serve 8900 --write-config demo.yaml` makes one to try"));
    }
    return configured;
  }

  /** Returns the configured clouds that the options choose. */
  List<JobClient> select(CloudOptions options) {
    List<JobClient> clients = all();
    if (!options.clouds().isEmpty()) {
      List<Pattern> globs = options.clouds().stream().map(Targets::glob).toList();
      for (int i = 0; i < globs.size(); i++) {
        Pattern glob = globs.get(i);
        if (clients.stream().noneMatch(client -> glob.matcher(client.name()).matches())) {
          throw new UsageException(
              "--cloud: no cloud matches '"
                  + Cells.clean(options.clouds().get(i))
                  + "'; there are "
                  + names(clients));
        }
      }
      clients =
          clients.stream()
              .filter(client -> globs.stream().anyMatch(g -> g.matcher(client.name()).matches()))
              .toList();
    }
    String provider = options.provider();
    if (provider != null) {
      requireFactory("--provider", provider);
      clients = clients.stream().filter(c -> c.provider().value().equals(provider)).toList();
    }
    String account = options.account();
    if (account != null) {
      clients = clients.stream().filter(client -> client.account().equals(account)).toList();
    }
    if (clients.isEmpty()) {
      throw new UsageException(
          "no cloud fits these options; there are "
              + all().stream()
                  .map(c -> c.name() + " (" + c.provider() + ", account " + c.account() + ")")
                  .collect(Collectors.joining(", ")));
    }
    return clients;
  }

  /** Returns the cloud of that name. */
  JobClient cloud(String name) {
    return named(all(), name)
        .orElseThrow(
            () ->
                new UsageException(
                    "there is no cloud '" + Cells.clean(name) + "'; there are " + names(all())));
  }

  /** Returns the run that the text names. */
  Run run(String text) {
    return run(text, configured);
  }

  /** Returns the run that the text names at one of these clouds. */
  Run run(String text, List<JobClient> among) {
    Address address = Address.parse(text);
    if (address.isReference()) {
      RunRef ref = checked(address, RunRef::parse);
      return new Run(client(address, ref.provider(), ref.region(), among), ref);
    }
    JobClient client = client(address, among);
    return new Run(client, make(address, address.ids(), client::runRef));
  }

  /** Returns the job that the text names. */
  Job job(String text) {
    Address address = Address.parse(text);
    if (address.isReference()) {
      JobRef ref = checked(address, JobRef::parse);
      return new Job(client(address, ref.provider(), ref.region(), configured), ref);
    }
    JobClient client = client(address, configured);
    return new Job(client, make(address, address.ids(), client::jobRef));
  }

  /**
   * Returns what the {@code --job} of a listing names, and the clouds to ask: the one that is
   * named, or those whose configuration names the job.
   */
  Map.Entry<String, List<JobClient>> listedJob(String text, List<JobClient> among) {
    Address address = Address.parse(text);
    if (address.isReference()) {
      JobRef ref = checked(address, JobRef::parse);
      JobClient client = client(address, ref.provider(), ref.region(), among);
      if (!isIn(client, ref.region())) {
        throw new UsageException(
            address + ": cloud " + client.name() + " lists runs in " + client.regions());
      }
      return Map.entry(String.join("/", ref.segments()), List.of(client));
    }
    if (address.cloud().isEmpty() && among.size() > 1) {
      List<JobClient> naming =
          among.stream().filter(client -> entry(client).namesJob(text)).toList();
      if (!naming.isEmpty()) {
        return Map.entry(text, naming);
      }
    }
    return Map.entry(address.rest(), List.of(client(address, among)));
  }

  /** Tells whether the text stands for several jobs: no id has a character of globs. */
  static boolean isGlob(String text) {
    return text.indexOf('*') >= 0 || text.indexOf('?') >= 0;
  }

  /** Returns what a glob of {@code --job} matches of the jobs that the configuration names. */
  Map<JobClient, List<String>> listedJobs(String text, List<JobClient> among) {
    Address address = Address.parse(text);
    List<JobClient> asked = address.cloud().isPresent() ? List.of(named(address, among)) : among;
    Pattern glob = glob(address.rest());
    Map<JobClient, List<String>> found = new LinkedHashMap<>();
    for (JobClient client : asked) {
      List<String> jobs = entry(client).jobsLike(glob);
      if (!jobs.isEmpty()) {
        found.put(client, jobs);
      }
    }
    if (found.isEmpty()) {
      List<String> named =
          asked.stream()
              .flatMap(client -> entry(client).jobsLike(glob("*")).stream())
              .distinct()
              .toList();
      throw new UsageException(
          "--job: no configured job matches '"
              + Cells.clean(text)
              + "'; "
              + (named.isEmpty()
                  ? names(asked) + " name none; give an id, or a glob of names as --name"
                  : "expected one of " + String.join(", ", named)));
    }
    return found;
  }

  /** Returns the shortest text that names the run after {@code CLOUD@}. */
  String name(JobRun run) {
    List<String> ids = run.ref().segments();
    Optional<JobClient> client = named(configured, run.cloud());
    if (client.isPresent()) {
      for (int from = ids.size() - 1; from >= 0; from--) {
        List<String> some = ids.subList(from, ids.size());
        try {
          if (client.get().runRef(some.toArray(String[]::new)).equals(run.ref())) {
            List<String> shown = new ArrayList<>(some);
            for (int i = 0; i < shown.size() - 1; i++) {
              shown.set(i, entry(client.get()).jobName(shown.get(i)));
            }
            return Address.join(shown);
          }
        } catch (IllegalArgumentException | JobException e) {
          // so few ids name nothing there
        }
      }
    }
    return run.ref().toString();
  }

  /** The cloud that a full reference is of: the named one, else the only one that it fits. */
  private JobClient client(
      Address address, ProviderId provider, String region, List<JobClient> among) {
    requireFactory(address.toString(), provider.value());
    if (address.cloud().isPresent()) {
      JobClient client = named(address, among);
      if (!client.provider().equals(provider)) {
        throw new UsageException(
            address
                + ": cloud "
                + client.name()
                + " is "
                + client.provider()
                + ", not "
                + provider);
      }
      return client;
    }
    if (configured.isEmpty()) {
      return unconfigured.computeIfAbsent(
          provider + ":" + region, key -> fromEnvironment(provider, region));
    }
    List<JobClient> fitting =
        among.stream()
            .filter(client -> client.provider().equals(provider))
            .filter(client -> isIn(client, region))
            .toList();
    if (fitting.isEmpty()) {
      throw new UsageException(
          address
              + ": no configured cloud is "
              + provider
              + " in "
              + region
              + "; there are "
              + names(among)
              + "; write CLOUD@REF to ask one of them all the same");
    }
    return only(address, fitting);
  }

  /** The cloud that bare ids are of: the named one, else the only one there is. */
  private JobClient client(Address address, List<JobClient> among) {
    if (address.cloud().isPresent()) {
      return named(address, among);
    }
    if (among.isEmpty()) {
      all();
    }
    return only(address, among);
  }

  /** The cloud that an address names, which must be one of those that are asked. */
  private JobClient named(Address address, List<JobClient> among) {
    JobClient client = cloud(address.cloud().orElseThrow());
    if (!among.contains(client)) {
      throw new UsageException(
          address
              + ": --cloud, --provider or --account leave cloud "
              + client.name()
              + " out; leave that option out, or name one of "
              + names(among));
    }
    return client;
  }

  private static JobClient only(Address address, List<JobClient> clients) {
    if (clients.size() > 1) {
      throw new UsageException(
          address
              + " fits several clouds, "
              + names(clients)
              + "; write which, such as "
              + clients.get(0).name()
              + "@"
              + address);
    }
    return clients.get(0);
  }

  private boolean isIn(JobClient client, String region) {
    return client.regions().isEmpty() || client.regions().contains(region);
  }

  private JobClient fromEnvironment(ProviderId provider, String region) {
    JobClientBuilder<?> builder =
        requireFactory("reference", provider.value())
            .configure(new Config(Map.of(), Map.of(), Map.of(), Map.of()));
    builder.environment(io.environment());
    builder.region(region);
    return builder.build();
  }

  /**
   * Returns the provider's factory; throws {@link UsageException} when there is no such provider.
   */
  static JobProviderFactory requireFactory(String where, String provider) {
    return CloudEntry.factory(provider)
        .orElseThrow(
            () ->
                new UsageException(
                    where
                        + ": unknown provider '"
                        + Cells.clean(provider)
                        + "'; expected one of "
                        + CloudEntry.factories().stream()
                            .map(factory -> factory.id().value())
                            .collect(Collectors.joining(", "))));
  }

  private static <T> T checked(Address address, Function<String, T> parser) {
    try {
      return parser.apply(address.rest());
    } catch (IllegalArgumentException e) {
      throw new UsageException(address + ": " + e.getMessage());
    }
  }

  private static <T> T make(Address address, List<String> ids, Function<String[], T> maker) {
    try {
      return maker.apply(ids.toArray(String[]::new));
    } catch (IllegalArgumentException e) {
      throw new UsageException(address + ": " + e.getMessage());
    }
  }

  private static Optional<JobClient> named(List<JobClient> clients, String name) {
    return clients.stream().filter(client -> client.name().equals(name)).findFirst();
  }

  private static String names(List<JobClient> clients) {
    return clients.stream().map(JobClient::name).collect(Collectors.joining(", "));
  }

  private static Pattern glob(String glob) {
    StringBuilder regex = new StringBuilder();
    glob.codePoints()
        .forEach(
            c ->
                regex.append(
                    switch (c) {
                      case '*' -> ".*";
                      case '?' -> ".";
                      default -> Pattern.quote(Character.toString(c));
                    }));
    return Pattern.compile(regex.toString(), Pattern.DOTALL);
  }

  /** Closes all clients. */
  @Override
  public void close() {
    unconfigured.values().forEach(JobClient::close);
    fleet.close();
  }
}
