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
import java.util.regex.Pattern;

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

  private static final String BRIDGE =
      "which takes calls of the vendor's own; use TencentSdkCredentials of"
          + " joblens-vendor-sdk-bridge";
  private static final String FILE = "TENCENTCLOUD_CREDENTIALS_FILE";
  private static final Pattern PROFILE = Pattern.compile("[^/\\\\\\p{Cntrl}]+");

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
    List<CredentialsSource> files =
        List.of(
            CredentialsSource.file(environment, FILE, ".tencentcloud/credentials", places::ofIni),
            places::ofMachine,
            places::commandLine);
    if (profile.isPresent()) {
      return CredentialsProvider.firstOf(profile.get(), files);
    }
    List<CredentialsSource> all = new ArrayList<>();
    all.add(places.variables());
    all.addAll(files);
    all.add(() -> new Missing("instance role: not asked for, " + BRIDGE));
    return CredentialsProvider.firstOf("default", all);
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

  private Answer ofMachine() {
    Path file = Path.of("/etc/tencentcloud/credentials");
    if (environment.variable(FILE).isPresent()) {
      return new Missing(file + ": not read, " + FILE + " is set");
    }
    return CredentialsFile.read(file)
        .map(this::ofIni)
        .orElseGet(() -> new Missing(file + ": there is no such file"));
  }

  private Answer ofIni(CredentialsFile file) {
    String name = named.orElse("default");
    Map<String, String> section = file.ini().get(name);
    if (section == null) {
      return new Missing(file + ": has no section [" + name + "]");
    }
    return CredentialsSource.required(
        CredentialsSource.accessKey(
            file + " section [" + name + "]",
            key -> CredentialsFile.text(section, key),
            "secret_id",
            "secret_key",
            List.of("token")));
  }

  private Answer commandLine() {
    String profile = named.or(() -> environment.variable("TCCLI_PROFILE")).orElse("default");
    if (!PROFILE.matcher(profile).matches()) {
      throw new CredentialsException(
          "profile '" + Text.printable(profile) + "' cannot be one of tccli; give its bare name");
    }
    return CredentialsSource.file(
            environment, null, ".tccli/" + profile + ".credential", TencentCredentials::ofJson)
        .look();
  }

  /** Reads what {@code tccli configure} or {@code tccli auth login} wrote. */
  private static Answer ofJson(CredentialsFile file) {
    Map<?, ?> values = file.json();
    Answer answer =
        CredentialsSource.required(
            CredentialsSource.accessKey(
                file.toString(),
                key -> CredentialsFile.text(values, key),
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
