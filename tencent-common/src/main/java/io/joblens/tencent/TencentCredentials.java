package io.joblens.tencent;

import io.joblens.CredentialsException;
import io.joblens.spi.Config;
import io.joblens.spi.ConfigKey;
import io.joblens.spi.Credentials;
import io.joblens.spi.CredentialsFile;
import io.joblens.spi.CredentialsProvider;
import io.joblens.spi.CredentialsSource;
import io.joblens.spi.CredentialsSource.Answer;
import io.joblens.spi.CredentialsSource.Found;
import io.joblens.spi.CredentialsSource.Missing;
import io.joblens.spi.Environment;
import io.joblens.spi.Text;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where a Tencent Cloud API key comes from: configuration, or the places of the vendor's own tools
 * in their order: environment variables, the SDKs' file, the command line's file. Roles (CVM, TKE)
 * need calls of the vendor's own; {@code TencentSdkCredentials} of joblens-vendor-sdk-bridge makes
 * them.
 *
 * @see <a href="https://github.com/TencentCloud/tencentcloud-sdk-java">the SDK's default chain</a>
 */
public final class TencentCredentials {
  /** The keys under {@code credentials} of a configuration file. */
  public static final List<ConfigKey> KEYS =
      List.of(
          ConfigKey.text("secret-id", "SecretId of the API key"),
          ConfigKey.text("secret-key", "SecretKey of the API key"),
          ConfigKey.text("token", "token of temporary credentials"),
          ConfigKey.text("profile", "in place of a key: a profile in ~/.tencentcloud or of tccli"));

  private static final String FILE = "TENCENTCLOUD_CREDENTIALS_FILE";

  private final Environment environment;
  private final Optional<String> named;

  private TencentCredentials(Environment environment, Optional<String> named) {
    this.environment = environment;
    this.named = named;
  }

  /**
   * Returns a provider that looks, when it is asked, at the environment variables {@code
   * TENCENTCLOUD_SECRET_ID}, {@code TENCENTCLOUD_SECRET_KEY} and, for temporary keys, {@code
   * TENCENTCLOUD_TOKEN} or {@code TENCENTCLOUD_SECURITY_TOKEN}; the section {@code [default]} of
   * the file that {@code TENCENTCLOUD_CREDENTIALS_FILE} names, else of {@code
   * ~/.tencentcloud/credentials}, else of {@code /etc/tencentcloud/credentials}; and the profile
   * {@code TCCLI_PROFILE}, else {@code default}, of the command line in {@code ~/.tccli}.
   *
   * @param profile a section of the SDKs' file or a profile of the command line, which then are the
   *     only places
   */
  public static CredentialsProvider usual(Environment environment, Optional<String> profile) {
    TencentCredentials places = new TencentCredentials(environment, profile);
    List<CredentialsSource> files = new ArrayList<>();
    places.paths().forEach(path -> files.add(() -> places.ini(path)));
    files.add(places::commandLine);
    if (profile.isPresent()) {
      return CredentialsProvider.firstOf(profile.get(), files);
    }
    files.add(0, places.variables());
    files.add(
        () ->
            new Missing(
                "instance role: not asked for, which takes calls of the vendor's own; use"
                    + " TencentSdkCredentials of joblens-vendor-sdk-bridge"));
    return CredentialsProvider.firstOf("default", files);
  }

  /**
   * Returns the credentials that a configuration gives, or nothing when it gives none.
   *
   * @throws io.joblens.ConfigException naming the key that is missing or cannot be used, never its
   *     value
   */
  public static Optional<Credentials> from(Config config) {
    return config.accessKey("secret-id", "secret-key", "token");
  }

  private CredentialsSource variables() {
    return CredentialsSource.variables(
        environment,
        "TENCENTCLOUD_SECRET_ID",
        "TENCENTCLOUD_SECRET_KEY",
        // the vendor's command line reads the first, its Terraform provider the second
        List.of("TENCENTCLOUD_TOKEN", "TENCENTCLOUD_SECURITY_TOKEN"));
  }

  private List<Path> paths() {
    Optional<String> given = environment.variable(FILE);
    return given.isPresent()
        ? List.of(Path.of(given.get()))
        : Stream.concat(
                environment.home().map(home -> home.resolve(".tencentcloud/credentials")).stream(),
                Stream.of(Path.of("/etc/tencentcloud/credentials")))
            .toList();
  }

  private Answer ini(Path path) {
    Optional<CredentialsFile> file = CredentialsFile.read(path);
    if (file.isEmpty()) {
      return new Missing(path + ": there is no such file");
    }
    String name = named.orElse("default");
    Map<String, String> section = file.get().ini().get(name);
    if (section == null) {
      return new Missing(path + ": has no section [" + name + "]");
    }
    return CredentialsSource.required(
        CredentialsSource.accessKey(
            path + " section [" + name + "]",
            key -> Optional.ofNullable(section.get(key)).filter(value -> !value.isBlank()),
            "secret_id",
            "secret_key",
            List.of("token")));
  }

  /** Reads what {@code tccli configure} or {@code tccli auth login} wrote. */
  private Answer commandLine() {
    String profile = named.or(() -> environment.variable("TCCLI_PROFILE")).orElse("default");
    String name = Text.requireId("profile", profile) + ".credential";
    String place = "~/.tccli/" + name;
    if (name.indexOf('/') >= 0 || name.indexOf('\\') >= 0) {
      throw new CredentialsException("profile of tccli contains a slash; give its bare name");
    }
    Optional<CredentialsFile> file =
        environment
            .home()
            .flatMap(home -> CredentialsFile.read(home.resolve(".tccli").resolve(name)));
    if (file.isEmpty()) {
      return new Missing(place + ": there is no such file");
    }
    Map<?, ?> values = file.get().json();
    Answer answer =
        CredentialsSource.required(
            CredentialsSource.accessKey(
                file.get().toString(),
                key ->
                    values.get(key) instanceof String text && !text.isBlank()
                        ? Optional.of(text)
                        : Optional.empty(),
                "secretId",
                "secretKey",
                List.of("token")));
    return values.get("expiresAt") instanceof Number end && answer instanceof Found found
        ? ending(found, Instant.ofEpochSecond(end.longValue()))
        : answer;
  }

  /** After a login the file holds a temporary key, and says until when. */
  private static Found ending(Found found, Instant end) {
    Credentials.AccessKey key = (Credentials.AccessKey) found.credentials();
    return key.token().isEmpty()
        ? found
        : new Found(
            Credentials.temporary(key.id(), key.secret(), key.token().get(), end)
                .from(key.source().orElse("")));
  }
}
