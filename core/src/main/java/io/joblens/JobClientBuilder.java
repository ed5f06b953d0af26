package io.joblens;

import io.joblens.internal.CallLog;
import io.joblens.internal.ClientSettings;
import io.joblens.internal.PacedLimiter;
import io.joblens.internal.ProviderClient;
import io.joblens.spi.Credentials;
import io.joblens.spi.CredentialsProvider;
import io.joblens.spi.Endpoint;
import io.joblens.spi.Environment;
import io.joblens.spi.Hosts;
import io.joblens.spi.HttpTransport;
import io.joblens.spi.JobProvider;
import io.joblens.spi.Rate;
import io.joblens.spi.RateLimiter;
import io.joblens.spi.Text;
import io.joblens.spi.TimeSource;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What every provider's builder takes. Each value is checked as it is given; {@link #build()} makes
 * no request.
 *
 * @param <B> the provider's builder
 */
public abstract class JobClientBuilder<B extends JobClientBuilder<B>> {
  private @Nullable String name;
  private @Nullable String account;
  private List<String> regions = List.of();
  private @Nullable CredentialsProvider credentials;
  private @Nullable String credentialsSource;
  private @Nullable String endpoint;
  private Endpoint.Trust trust = Endpoint.Trust.VENDOR_ONLY;
  private boolean vpc;
  private @Nullable Rate quota;
  private @Nullable InetSocketAddress proxy;
  private Timeouts timeouts = Timeouts.DEFAULT;
  private @Nullable HttpTransport transport;
  private @Nullable RateLimiter limiter;
  private TimeSource time = TimeSource.system();
  private Supplier<String> nonces = () -> UUID.randomUUID().toString().replace("-", "");
  private long maxBodyBytes = 8L << 20;
  private Map<String, String> aliases = Map.of();
  private List<CallListener> listeners = List.of(new CallLog());
  private Environment environment = Environment.system();
  private @Nullable String profile;

  /** For providers' builders. */
  protected JobClientBuilder() {}

  /** Returns the provider as configured; checks what belongs together. */
  protected abstract JobProvider provider();

  /** Returns where credentials come from when none were given: the vendor's usual places. */
  protected abstract CredentialsProvider defaultCredentials();

  /** Returns this builder as what it is. */
  @SuppressWarnings("unchecked") // each provider's builder names itself as B
  protected final B self() {
    return (B) this;
  }

  /** Names the cloud in rows and messages; the provider's id unless set. */
  public B name(String value) {
    name = Text.requireId("name", value);
    return self();
  }

  /**
   * Labels the identity in rows and quota; a fingerprint of an explicit key's id, else {@code
   * default}, unless set.
   */
  public B account(String value) {
    account = Text.requireId("account", value);
    return self();
  }

  /** Sets the region, a host label such as {@code cn-hangzhou}. */
  public B region(String value) {
    return regions(List.of(value));
  }

  /** Sets the regions, each a host label. Every listing reads all of them. */
  public B regions(Collection<String> values) {
    values.forEach(region -> Hosts.requireLabel("region", region));
    regions = values.stream().distinct().toList();
    return self();
  }

  /** Sets fixed credentials; the vendor's usual variables and files are read unless set. */
  public B credentials(Credentials value) {
    return credentials(CredentialsProvider.of(value));
  }

  /** Sets where credentials come from. */
  public B credentials(CredentialsProvider value) {
    credentials = value;
    return self();
  }

  /** Says where the user keeps the credentials given here, for messages and check-ups. */
  public B credentialsSource(String value) {
    credentialsSource = value;
    return self();
  }

  /** Sends all requests to this endpoint, {@code https://host[:port]}, http only to loopback. */
  public B endpoint(String value) {
    endpoint = value;
    return self();
  }

  /** Lets the endpoint lead off the vendor's domains, to where credentials then go. */
  public B allowForeignEndpoint() {
    if (trust == Endpoint.Trust.VENDOR_ONLY) {
      trust = Endpoint.Trust.FOREIGN_HOSTS;
    }
    return self();
  }

  /** Also lets the endpoint be plain http: whoever is on the way can read and replay requests. */
  public B allowPlainHttp() {
    trust = Endpoint.Trust.FOREIGN_HOSTS_AND_PLAIN_HTTP;
    return self();
  }

  /** Uses the vendor's hosts for its private networks, where it has such. */
  public B vpc(boolean value) {
    vpc = value;
    return self();
  }

  /**
   * Sets this process's share of each quota, in place of the vendor's documented limit. Clients of
   * one account take turns in one line, so give all of them the same: after a call of a client with
   * a smaller share the others wait as long as that share asks.
   */
  public B quota(Rate value) {
    quota = value;
    return self();
  }

  /** Sends through an HTTP proxy. Ignored when a transport is given. */
  public B proxy(String host, int port) {
    proxy = InetSocketAddress.createUnresolved(host, port);
    return self();
  }

  /** Sets how long things may take. */
  public B timeouts(Timeouts value) {
    timeouts = value;
    return self();
  }

  /** Uses this transport, which stays open when the client closes. */
  public B transport(HttpTransport value) {
    transport = value;
    return self();
  }

  /** Uses this limiter in place of the process's shared pacer. */
  public B limiter(RateLimiter value) {
    limiter = value;
    return self();
  }

  /** Adds a listener to what calls do. */
  public B listener(CallListener value) {
    listeners = Stream.concat(listeners.stream(), Stream.of(value)).toList();
    return self();
  }

  /** Uses this clock; for tests. */
  public B time(TimeSource value) {
    time = value;
    return self();
  }

  /** Uses these nonces, 32 hex digits each; for tests. */
  public B nonces(Supplier<String> value) {
    nonces = value;
    return self();
  }

  /** Sets the largest answer to accept, counted after decoding; 8 MiB unless set. */
  public B maxBodyBytes(long value) {
    if (value < 1) {
      throw new IllegalArgumentException("largest body must be at least 1 byte");
    }
    maxBodyBytes = value;
    return self();
  }

  /**
   * Names jobs: by id, what to call them in rows, and what {@link JobQuery#jobs()} accepts. Of an
   * id with outer ids before it, such as {@code group/id}, the last part counts.
   */
  public B aliases(Map<String, String> nameById) {
    Map<String, String> byOwnId = new LinkedHashMap<>();
    nameById.forEach((id, name) -> byOwnId.put(id.substring(id.lastIndexOf('/') + 1), name));
    aliases = Map.copyOf(byOwnId);
    return self();
  }

  /** Looks for the vendor's variables and files here in place of the process's own environment. */
  public B environment(Environment value) {
    environment = value;
    return self();
  }

  /** Reads these environment variables in place of the process's own; for tests. */
  public B environment(Map<String, String> value) {
    return environment(Environment.of(value));
  }

  /** Takes the credentials of this profile in the vendor's own files, and of nothing else. */
  public B profile(String value) {
    profile = Text.requireId("profile", value);
    return self();
  }

  /** Another clock's readings mean nothing to the limiter that all other clients share. */
  private RateLimiter limiter() {
    RateLimiter given = limiter;
    if (given != null) {
      return given;
    }
    return time == TimeSource.system() ? PacedLimiter.SHARED : new PacedLimiter();
  }

  /** Returns the regions. */
  protected final List<String> regions() {
    return regions;
  }

  /** Returns the regions; throws when there is none. */
  protected final List<String> requireRegions() {
    if (regions.isEmpty()) {
      throw new ConfigException("region is missing; set region, such as one your console shows");
    }
    return regions;
  }

  /** Returns the endpoint that the user gave, checked. */
  protected final Optional<Endpoint> endpoint(List<String> vendorDomains) {
    return Optional.ofNullable(endpoint).map(text -> endpoint(text, vendorDomains));
  }

  /** Returns another endpoint that the user gave, checked as the first one is. */
  protected final Endpoint endpoint(String text, List<String> vendorDomains) {
    return Endpoint.parse(text, vendorDomains, trust);
  }

  /** Tells whether the vendor's hosts for private networks are wanted. */
  protected final boolean isVpc() {
    return vpc;
  }

  /** Returns where the vendor's variables and files are looked for. */
  protected final Environment environment() {
    return environment;
  }

  /** Tells whether the user gave credentials. */
  protected final boolean hasCredentials() {
    return credentials != null;
  }

  /** Returns the profile to use in the vendor's files, if the user named one. */
  protected final Optional<String> profile() {
    return Optional.ofNullable(profile);
  }

  /**
   * Returns the client. Makes no request and opens no connection.
   *
   * @throws ConfigException when something is missing or does not fit together
   */
  public JobClient build() {
    if (profile != null && credentials != null) {
      throw new ConfigException("profile and credentials are both set; give one of them");
    }
    JobProvider provider = provider();
    CredentialsProvider given = credentials == null ? defaultCredentials() : credentials;
    CredentialsProvider source = credentialsSource == null ? given : given.from(credentialsSource);
    return new ProviderClient(
        provider,
        new ClientSettings(
            name == null ? provider.id().value() : name,
            account == null ? source.account() : account,
            regions,
            source,
            Optional.ofNullable(quota),
            Optional.ofNullable(proxy),
            timeouts,
            Optional.ofNullable(transport),
            limiter(),
            time,
            nonces,
            maxBodyBytes,
            aliases,
            listeners));
  }
}
