package io.joblens.internal;

import io.joblens.ConfigException;
import io.joblens.JobClient;
import io.joblens.JobClientBuilder;
import io.joblens.JobException;
import io.joblens.Timeouts;
import io.joblens.internal.ConfigTree.Entries;
import io.joblens.internal.ConfigTree.Items;
import io.joblens.internal.ConfigTree.Value;
import io.joblens.spi.Config;
import io.joblens.spi.ConfigKey;
import io.joblens.spi.Endpoint;
import io.joblens.spi.Environment;
import io.joblens.spi.HttpTransport;
import io.joblens.spi.HttpTransportFactory;
import io.joblens.spi.JobProviderFactory;
import io.joblens.spi.Rate;
import io.joblens.spi.Text;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Makes clients of a configuration file, or says everything that is wrong with it. */
public final class ConfigFile {
  /**
   * What a file describes.
   *
   * @param clients one for each cloud, in the order of the file
   * @param transports closes what the clients share
   */
  public record Clouds(List<JobClient> clients, AutoCloseable transports) {}

  private static final Set<String> COMMON =
      Set.of(
          "provider",
          "account",
          "region",
          "regions",
          "credentials",
          "endpoint",
          "allow-foreign-endpoint",
          "network",
          "quota",
          "proxy",
          "timeouts");
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Za-z_]\\w*)(:-([^}]*))?}");
  private static final String FILE = "file:";

  /** A device can be read without end. */
  private static final int LARGEST_SECRET = 1 << 20;

  private final Path file;
  private final Environment environment;
  private final Problems problems;
  private final Entries root;
  private final Map<String, JobProviderFactory> factories = new TreeMap<>();
  private final List<Ready> ready = new ArrayList<>();

  /** A cloud without mistakes. */
  private record Ready(JobClientBuilder<?> builder, HttpTransportFactory.Options options) {}

  private ConfigFile(Path file, Environment environment) {
    this.file = file;
    this.environment = environment;
    this.problems = new Problems(file);
    ServiceLoader.load(JobProviderFactory.class, ConfigFile.class.getClassLoader())
        .forEach(factory -> factories.put(factory.id().value(), factory));
    this.root = ConfigTree.read(file, problems);
  }

  /**
   * Reads the file. Makes no request.
   *
   * @throws ConfigException listing every mistake with its key path, line and what was expected
   */
  public static Clouds read(Path file, Environment environment) {
    try {
      return new ConfigFile(file, environment).clouds();
    } catch (NoClassDefFoundError e) {
      throw new ConfigException(
          "reading " + file + " needs org.snakeyaml:snakeyaml-engine on the class path");
    }
  }

  private Clouds clouds() {
    unknownKeys(root, Set.of("accounts", "clouds"));
    root.get("accounts").flatMap(this::map).ifPresent(this::checkAccounts);
    Optional<Entries> clouds = root.get("clouds").flatMap(this::map);
    if (clouds.isEmpty() || clouds.get().entries().isEmpty()) {
      problems.add("clouds", root.line(), "is missing; expected a map from names to clouds");
    } else {
      clouds
          .get()
          .entries()
          .forEach(
              (name, value) -> {
                requireAddressable(name, value);
                map(value).ifPresent(cloud -> cloud(name, cloud));
              });
    }
    problems.throwIfAny();
    return connected();
  }

  /** Gives each cloud its transport, once there is no mistake left to leak one. */
  private Clouds connected() {
    Map<HttpTransportFactory.Options, HttpTransport> transports = new LinkedHashMap<>();
    List<JobClient> clients = new ArrayList<>();
    for (Ready cloud : ready) {
      cloud.builder().transport(transports.computeIfAbsent(cloud.options(), LazyTransport::create));
      clients.add(cloud.builder().build());
    }
    return new Clouds(clients, () -> transports.values().forEach(HttpTransport::close));
  }

  /** What a person writes before the id of a run: {@code CLOUD@ID}. */
  private void requireAddressable(String name, Value cloud) {
    if (name.codePoints()
        .anyMatch(
            c ->
                c == '@'
                    || Character.isWhitespace(c)
                    || Character.isSpaceChar(c)
                    || Character.isISOControl(c))) {
      problems.add(
          cloud,
          "the name of a cloud is written before an @, as in CLOUD@ID; rename it to one without @,"
              + " blanks and control characters");
    }
  }

  private void checkAccounts(Entries accounts) {
    accounts
        .entries()
        .forEach(
            (name, value) ->
                map(value).ifPresent(account -> unknownKeys(account, Set.of("credentials"))));
  }

  private void cloud(String name, Entries cloud) {
    int before = problems.count();
    JobProviderFactory factory = factory(cloud);
    if (factory == null) {
      return;
    }
    Set<String> allowed = new HashSet<>(COMMON);
    factory.keys().forEach(key -> allowed.addAll(namesOf(key)));
    unknownKeys(cloud, allowed);
    Config config = config(cloud, factory);
    Optional<JobClientBuilder<?>> builder = configure(cloud, factory, config);
    if (builder.isEmpty()) {
      // wrong credentials must not hide what else is wrong
      builder = configure(cloud, factory, config.withoutCredentials());
    }
    builder.ifPresent(
        made -> {
          made.environment(environment);
          config
              .credential("profile")
              .ifPresent(profile -> attempt(cloud, () -> made.profile(profile)));
          made.aliases(config.aliases());
          attempt(cloud, () -> made.name(name));
          HttpTransportFactory.Options options = common(cloud, made);
          if (problems.count() == before) {
            source(cloud, config).ifPresent(made::credentialsSource);
            attempt(cloud, made::build).ifPresent(tried -> ready.add(new Ready(made, options)));
          }
        });
  }

  private Optional<JobClientBuilder<?>> configure(
      Entries cloud, JobProviderFactory factory, Config config) {
    return attempt(cloud, () -> factory.configure(config)).map(builder -> builder);
  }

  private @Nullable JobProviderFactory factory(Entries cloud) {
    String known = "expected one of " + String.join(", ", factories.keySet());
    Optional<ConfigTree.Text> provider = cloud.get("provider").flatMap(this::text);
    if (provider.isEmpty()) {
      if (cloud.get("provider").isEmpty()) {
        problems.add(cloud.path() + ".provider", cloud.line(), "is missing; " + known);
      }
      return null;
    }
    JobProviderFactory factory = factories.get(provider.get().text());
    if (factory == null) {
      problems.add(
          provider.get(),
          "unknown provider '" + Text.printable(provider.get().text()) + "'; " + known);
    }
    return factory;
  }

  /** Sets what every cloud has. */
  private HttpTransportFactory.Options common(Entries cloud, JobClientBuilder<?> builder) {
    cloud.get("account").flatMap(this::text).ifPresent(value -> set(value, builder::account));
    listOf(cloud, ConfigKey.list("region", "regions"))
        .ifPresent(value -> attempt(value.at(), () -> builder.regions(value.texts())));
    onText(
        cloud,
        "endpoint",
        text -> {
          // all but its domain, which the provider compares once everything else is right
          Endpoint.parse(text, List.of(), Endpoint.Trust.FOREIGN_HOSTS);
          builder.endpoint(text);
        });
    onText(
        cloud,
        "allow-foreign-endpoint",
        text -> {
          if (bool(text)) {
            builder.allowForeignEndpoint();
          }
        });
    onText(cloud, "network", text -> builder.vpc(isVpc(text)));
    onText(cloud, "quota", text -> builder.quota(Rate.parse(text)));
    Timeouts timeouts = timeouts(cloud);
    builder.timeouts(timeouts);
    Optional<HostAndPort> proxy = proxy(cloud);
    proxy.ifPresent(p -> builder.proxy(p.host(), p.port()));
    return new HttpTransportFactory.Options(timeouts.connect(), proxy.map(HostAndPort::toAddress));
  }

  private Timeouts timeouts(Entries cloud) {
    Optional<Entries> own = cloud.get("timeouts").flatMap(this::map);
    own.ifPresent(entries -> unknownKeys(entries, Set.of("connect", "attempt", "call")));
    Duration[] values = {
      Timeouts.DEFAULT.connect(), Timeouts.DEFAULT.attempt(), Timeouts.DEFAULT.call()
    };
    String[] names = {"connect", "attempt", "call"};
    for (int i = 0; i < names.length; i++) {
      int at = i;
      own.ifPresent(entries -> onText(entries, names[at], text -> values[at] = positive(text)));
    }
    return new Timeouts(values[0], values[1], values[2]);
  }

  private static Duration positive(String text) {
    Duration time = Durations.parse(text);
    if (time.isZero()) {
      throw new IllegalArgumentException("expected more than zero");
    }
    return time;
  }

  private record HostAndPort(String host, int port) {
    InetSocketAddress toAddress() {
      return InetSocketAddress.createUnresolved(host, port);
    }
  }

  private Optional<HostAndPort> proxy(Entries cloud) {
    HostAndPort[] parsed = new HostAndPort[1];
    onText(
        cloud,
        "proxy",
        text -> {
          Matcher matcher =
              Pattern.compile("(?:http://)?([A-Za-z0-9.-]{1,253}):(\\d{1,5})/?").matcher(text);
          int port = matcher.matches() ? Integer.parseInt(matcher.group(2)) : 0;
          if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("expected host:port of an HTTP proxy");
          }
          parsed[0] = new HostAndPort(matcher.group(1), port);
        });
    return Optional.ofNullable(parsed[0]);
  }

  private static boolean bool(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException("expected true or false");
    };
  }

  private static boolean isVpc(String text) {
    return switch (text) {
      case "vpc" -> true;
      case "public" -> false;
      default -> throw new IllegalArgumentException("expected public or vpc");
    };
  }

  /** Reads the provider's own keys and the credentials. */
  private Config config(Entries cloud, JobProviderFactory factory) {
    Map<String, String> texts = new LinkedHashMap<>();
    Map<String, List<String>> lists = new LinkedHashMap<>();
    Map<String, String> aliases = new LinkedHashMap<>();
    for (ConfigKey key : factory.keys()) {
      boolean there = namesOf(key).stream().anyMatch(name -> cloud.get(name).isPresent());
      if (!there && key.required()) {
        problems.add(
            cloud.path() + "." + key.name(), cloud.line(), "is missing; " + key.description());
      }
      if (key.shape() == ConfigKey.Shape.TEXT) {
        cloud
            .get(key.name())
            .flatMap(this::text)
            .ifPresent(value -> texts.put(key.name(), value.text()));
      } else {
        listOf(cloud, key)
            .ifPresent(
                value -> {
                  lists.put(key.name(), value.texts());
                  aliases.putAll(value.nameByText());
                });
      }
    }
    int before = problems.count();
    Map<String, String> credentials = credentials(cloud, factory);
    // half of them would only make the provider miss what is wrong, not absent
    return new Config(texts, lists, aliases, problems.count() == before ? credentials : Map.of());
  }

  private Map<String, String> credentials(Entries cloud, JobProviderFactory factory) {
    Optional<Entries> entries =
        cloud.get("credentials").or(() -> ofAccount(cloud)).flatMap(this::map);
    Map<String, String> values = new LinkedHashMap<>();
    Set<String> known = new TreeSet<>();
    factory.credentialKeys().forEach(key -> known.add(key.name()));
    entries.ifPresent(
        all -> {
          unknownKeys(all, known);
          all.entries()
              .forEach(
                  (key, value) -> {
                    if (known.contains(key)) {
                      secret(value).filter(s -> !s.isEmpty()).ifPresent(s -> values.put(key, s));
                    }
                  });
        });
    return values;
  }

  /**
   * Returns where the credentials stand, if the file gives some itself: the path of their keys, and
   * the variables and files that they are taken from, never what stands there.
   */
  private Optional<String> source(Entries cloud, Config config) {
    if (config.credentials().isEmpty() || config.credential("profile").isPresent()) {
      return Optional.empty(); // the vendor's own places tell
    }
    Optional<Value> written = cloud.get("credentials").or(() -> ofAccount(cloud));
    Set<String> places = new LinkedHashSet<>();
    if (written.isPresent() && written.get() instanceof Entries entries) {
      places.add(Text.printable(entries.path()) + " of " + file);
      entries.entries().values().forEach(value -> places(value, places));
    }
    return Optional.of(String.join(", ", places));
  }

  private void places(Value value, Set<String> places) {
    String text = value instanceof ConfigTree.Text written ? written.text() : "";
    VARIABLE
        .matcher(text)
        .results()
        .map(match -> match.group(1))
        .filter(name -> environment.variable(name).isPresent())
        .forEach(name -> places.add("variable " + name));
    if (text.startsWith(FILE)) {
      places.add("file " + Text.printable(text.substring(FILE.length())));
    }
  }

  private Optional<Value> ofAccount(Entries cloud) {
    Optional<Entries> accounts =
        root.get("accounts").filter(Entries.class::isInstance).map(Entries.class::cast);
    Optional<ConfigTree.Text> account =
        cloud
            .get("account")
            .filter(ConfigTree.Text.class::isInstance)
            .map(v -> (ConfigTree.Text) v);
    if (accounts.isEmpty() || account.isEmpty()) {
      return Optional.empty();
    }
    Optional<Value> found = accounts.get().get(account.get().text());
    if (found.isEmpty()) {
      problems.add(
          account.get(),
          "no such account; expected one of "
              + String.join(", ", accounts.get().entries().keySet())
              + ", or credentials in the cloud itself");
      return Optional.empty();
    }
    return found
        .flatMap(this::map)
        .flatMap(
            entries -> {
              unknownKeys(entries, Set.of("credentials"));
              if (entries.get("credentials").isEmpty()) {
                problems.add(entries, "has no credentials; expected a map of them");
              }
              return entries.get("credentials");
            });
  }

  /**
   * Returns a credential: variables filled in, a {@code file:} read. Its value is never repeated.
   */
  private Optional<String> secret(Value value) {
    if (!(value instanceof ConfigTree.Text text)) {
      problems.add(value, "expected text");
      return Optional.empty();
    }
    Matcher matcher = VARIABLE.matcher(text.text());
    if (matcher.replaceAll("").contains("${")) {
      problems.add(value, "has a ${ that begins no variable; expected ${NAME} or ${NAME:-default}");
      return Optional.empty();
    }
    if (text.text().isBlank()) {
      problems.add(value, "is blank; give a value or remove the key");
      return Optional.empty();
    }
    StringBuilder filled = new StringBuilder();
    matcher.reset();
    while (matcher.find()) {
      String name = matcher.group(1);
      String set = environment.variables().getOrDefault(name, "");
      String fallback = matcher.group(3);
      if (set.isEmpty() && fallback == null) {
        problems.add(
            value,
            "the environment variable "
                + name
                + (environment.variables().containsKey(name) ? " is empty" : " is not set")
                + "; set it, or write ${"
                + name
                + ":-} if it may be absent");
        return Optional.empty();
      }
      matcher.appendReplacement(
          filled, Matcher.quoteReplacement(set.isEmpty() && fallback != null ? fallback : set));
    }
    matcher.appendTail(filled);
    String result = filled.toString();
    return result.startsWith(FILE)
        ? contents(value, result.substring(FILE.length()))
        : Optional.of(result);
  }

  private Optional<String> contents(Value value, String path) {
    try (InputStream in = Files.newInputStream(Path.of(path))) {
      byte[] bytes = in.readNBytes(LARGEST_SECRET + 1);
      if (bytes.length > LARGEST_SECRET) {
        problems.add(value, "the file it names is larger than 1 MiB; it holds no secret");
        return Optional.empty();
      }
      String contents =
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString().strip();
      if (contents.isEmpty()) {
        problems.add(value, "the file it names is empty");
      }
      return Optional.of(contents);
    } catch (IOException | IllegalArgumentException e) {
      problems.add(
          value, "the file it names cannot be read (" + e.getClass().getSimpleName() + ")");
      return Optional.empty();
    }
  }

  /** A list as it stands under its singular or plural. */
  private record Listed(Value at, List<String> texts, Map<String, String> nameByText) {}

  private Optional<Listed> listOf(Entries cloud, ConfigKey key) {
    Optional<Value> one = cloud.get(key.name());
    Optional<Value> many = cloud.get(key.plural());
    if (one.isPresent() && many.isPresent()) {
      problems.add(many.get(), "stands beside " + key.name() + "; keep one of them");
      return Optional.empty();
    }
    if (one.isPresent()) {
      return one.flatMap(this::text).map(text -> new Listed(text, List.of(text.text()), Map.of()));
    }
    return many.flatMap(value -> listed(value, key));
  }

  private Optional<Listed> listed(Value value, ConfigKey key) {
    List<String> texts = new ArrayList<>();
    Map<String, String> nameByText = new LinkedHashMap<>();
    if (value instanceof Items items) {
      items.items().forEach(item -> text(item).ifPresent(text -> texts.add(text.text())));
    } else if (value instanceof Entries entries && key.shape() == ConfigKey.Shape.NAMED_LIST) {
      entries
          .entries()
          .forEach(
              (name, item) ->
                  text(item)
                      .ifPresent(
                          text -> {
                            texts.add(text.text());
                            nameByText.put(text.text(), name);
                          }));
    } else if (value instanceof ConfigTree.Text) {
      text(value).ifPresent(text -> texts.add(text.text()));
    } else {
      problems.add(value, "expected a list of texts");
    }
    return Optional.of(new Listed(value, texts, nameByText));
  }

  private Optional<ConfigTree.Text> text(Value value) {
    if (!(value instanceof ConfigTree.Text text)) {
      problems.add(value, "expected text");
      return Optional.empty();
    }
    if (text.text().isBlank()) {
      problems.add(value, "is blank; give a value or remove the key");
      return Optional.empty();
    }
    if (text.text().contains("${") || text.text().startsWith(FILE)) {
      problems.add(value, "variables and files are only read inside credentials");
      return Optional.empty();
    }
    return Optional.of(text);
  }

  private Optional<Entries> map(Value value) {
    if (value instanceof Entries entries) {
      return Optional.of(entries);
    }
    problems.add(value, "expected a map");
    return Optional.empty();
  }

  private void onText(Entries entries, String key, Consumer<String> setter) {
    entries.get(key).flatMap(this::text).ifPresent(value -> set(value, setter));
  }

  private void set(ConfigTree.Text value, Consumer<String> setter) {
    attempt(
        value,
        () -> {
          setter.accept(value.text());
          return value;
        });
  }

  private <T> Optional<T> attempt(Value at, Supplier<T> work) {
    try {
      return Optional.of(work.get());
    } catch (IllegalArgumentException e) {
      problems.add(at, String.valueOf(e.getMessage()));
    } catch (JobException e) {
      problems.add(at, e.detail());
    }
    return Optional.empty();
  }

  private void unknownKeys(Entries entries, Set<String> known) {
    entries
        .entries()
        .forEach(
            (key, value) -> {
              if (!known.contains(key)) {
                problems.add(
                    value,
                    "unknown key"
                        + nearest(key, known).map(near -> "; did you mean " + near + "?").orElse("")
                        + "; expected one of "
                        + String.join(", ", new TreeSet<>(known)));
              }
            });
  }

  private static Optional<String> nearest(String key, Set<String> known) {
    return known.stream()
        .filter(name -> distance(key, name) <= 2)
        .min((a, b) -> Integer.compare(distance(key, a), distance(key, b)));
  }

  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int substituted = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(substituted, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }

  private static Set<String> namesOf(ConfigKey key) {
    return key.shape() == ConfigKey.Shape.TEXT
        ? Set.of(key.name())
        : Set.of(key.name(), key.plural());
  }
}
