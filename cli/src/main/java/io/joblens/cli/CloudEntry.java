package io.joblens.cli;

import io.joblens.spi.ConfigKey;
import io.joblens.spi.CredentialsFile;
import io.joblens.spi.JobProviderFactory;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.schema.FailsafeSchema;

/**
 * What a configuration file says about a cloud that a client does not tell. Of credentials only
 * where they stand is read here.
 *
 * @param name the cloud's name
 * @param provider the provider's id
 * @param regions its regions
 * @param endpoint the endpoint that stands in for the vendor's own
 * @param scope what runs are listed of, by the provider's own keys
 * @param secrets the files in which its credentials stand, as far as the file says so
 */
record CloudEntry(
    String name,
    String provider,
    List<String> regions,
    Optional<String> endpoint,
    Map<String, Map<String, String>> scope,
    Set<Path> secrets) {
  /** What may stand beside secrets and is none. */
  private static final Set<String> NO_SECRETS = Set.of("profile", "user", "domain");

  private static final Pattern VARIABLE = Pattern.compile("\\$\\{\\w+}");

  /** A variable's default stands in the file as any other text does. */
  private static final Pattern DEFAULT = Pattern.compile("\\$\\{\\w+:-([^}]*)}");

  /** Returns the provider's factory. */
  static Optional<JobProviderFactory> factory(String provider) {
    return factories().stream().filter(f -> f.id().value().equals(provider)).findFirst();
  }

  /** Returns all providers' factories, by id. */
  static List<JobProviderFactory> factories() {
    return ServiceLoader.load(JobProviderFactory.class).stream()
        .map(ServiceLoader.Provider::get)
        .sorted((a, b) -> a.id().value().compareTo(b.id().value()))
        .toList();
  }

  /** Returns the names of the provider's credentials, which are alike where keys are. */
  List<String> credentialKeys() {
    return factory(provider).map(JobProviderFactory::credentialKeys).orElse(List.of()).stream()
        .map(ConfigKey::name)
        .toList();
  }

  /** Returns those files of its credentials that others than their owners can read or write. */
  List<Path> openSecrets() {
    return secrets.stream().filter(CloudEntry::isOpen).toList();
  }

  private static boolean isOpen(Path file) {
    try {
      return CredentialsFile.isOpenToOthers(file);
    } catch (IOException e) {
      return false; // it was there when the configuration was read
    }
  }

  /** Returns the user's own names for jobs, and ids that have none, that the glob matches. */
  List<String> jobsLike(Pattern glob) {
    return scope.getOrDefault("job", Map.of()).keySet().stream()
        .filter(name -> glob.matcher(name).matches())
        .toList();
  }

  /** Returns the user's own name for a job where that is shorter than its id. */
  String jobName(String id) {
    return scope.getOrDefault("job", Map.of()).entrySet().stream()
        .filter(job -> job.getValue().equals(id))
        .map(Map.Entry::getKey)
        .filter(name -> Cells.width(name) < id.length())
        .findFirst()
        .orElse(id);
  }

  /** Tells whether the file names this job, by its id or by the user's own name for it. */
  boolean namesJob(String idOrName) {
    Map<String, String> jobs = scope.getOrDefault("job", Map.of());
    return jobs.containsKey(idOrName) || jobs.containsValue(idOrName);
  }

  /** Returns the scope in one line: {@code group g.default; jobs settle, 42}. */
  String showScope() {
    List<String> parts = new ArrayList<>();
    scope.forEach(
        (key, values) ->
            parts.add(
                (values.size() > 1 ? key + "s " : key + " ") + String.join(", ", values.keySet())));
    return String.join("; ", parts);
  }

  /**
   * Reads the clouds of a file that {@link io.joblens.JobFleet#fromConfig} has accepted: its shape
   * is known to be right.
   */
  static Map<String, CloudEntry> read(Path file) throws IOException {
    Object document;
    try (Reader reader = Files.newBufferedReader(file)) {
      document =
          new Load(LoadSettings.builder().setSchema(new FailsafeSchema()).build())
              .loadFromReader(reader);
    }
    Map<String, CloudEntry> entries = new LinkedHashMap<>();
    Map<String, Object> accounts = map(map(document).get("accounts"));
    map(map(document).get("clouds"))
        .forEach(
            (name, value) -> {
              Map<String, Object> cloud = map(value);
              Object account = map(accounts.get(String.valueOf(cloud.get("account"))));
              Object credentials =
                  cloud.getOrDefault("credentials", map(account).get("credentials"));
              entries.put(name, of(name, cloud, secrets(file, map(credentials))));
            });
    return entries;
  }

  private static Set<Path> secrets(Path file, Map<String, Object> credentials) {
    Set<Path> files = new LinkedHashSet<>();
    credentials.forEach(
        (key, value) -> {
          String text = DEFAULT.matcher(String.valueOf(value)).replaceAll("$1");
          if (text.startsWith("file:")) {
            files.add(Path.of(text.substring("file:".length())));
          } else if (!NO_SECRETS.contains(key)
              && !VARIABLE.matcher(text).replaceAll("").isEmpty()) {
            files.add(file);
          }
        });
    return files;
  }

  private static CloudEntry of(String name, Map<String, Object> cloud, Set<Path> secrets) {
    String provider = String.valueOf(cloud.get("provider"));
    Map<String, Map<String, String>> scope = new LinkedHashMap<>();
    List<ConfigKey> keys = factory(provider).map(JobProviderFactory::keys).orElse(List.of());
    for (ConfigKey key : keys) {
      Map<String, String> values = values(cloud, key.name());
      if (!values.isEmpty()) {
        scope.put(key.name(), values);
      }
    }
    return new CloudEntry(
        name,
        provider,
        List.copyOf(values(cloud, "region").values()),
        Optional.ofNullable(cloud.get("endpoint")).map(Object::toString),
        scope,
        secrets);
  }

  /** Returns what stands under the key or its plural, by the user's names where there are such. */
  private static Map<String, String> values(Map<String, Object> cloud, String key) {
    Object value = cloud.containsKey(key) ? cloud.get(key) : cloud.get(key + "s");
    Map<String, String> values = new LinkedHashMap<>();
    if (value instanceof Map<?, ?> named) {
      named.forEach((name, id) -> values.put(String.valueOf(name), String.valueOf(id)));
    } else if (value instanceof Iterable<?> items) {
      items.forEach(item -> values.put(String.valueOf(item), String.valueOf(item)));
    } else if (value != null) {
      values.put(value.toString(), value.toString());
    }
    return values;
  }

  private static Map<String, Object> map(@Nullable Object value) {
    Map<String, Object> map = new LinkedHashMap<>();
    if (value instanceof Map<?, ?> found) {
      found.forEach((key, item) -> map.put(String.valueOf(key), item));
    }
    return map;
  }
}
