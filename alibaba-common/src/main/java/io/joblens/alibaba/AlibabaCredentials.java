package io.joblens.alibaba;

import io.joblens.CredentialsException;
import io.joblens.spi.Config;
import io.joblens.spi.ConfigKey;
import io.joblens.spi.Credentials;
import io.joblens.spi.CredentialsFile;
import io.joblens.spi.CredentialsProvider;
import io.joblens.spi.CredentialsSource;
import io.joblens.spi.CredentialsSource.Missing;
import io.joblens.spi.Environment;
import io.joblens.spi.Text;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where an Alibaba Cloud access key comes from: configuration, or the places of the vendor's own
 * libraries in their order, as {@code DefaultCredentialsProvider} of <a
 * href="https://github.com/aliyun/credentials-java">credentials-java</a> has it. Roles (OIDC, ECS,
 * AssumeRole) need calls of the vendor's own; {@code AliyunSdkCredentials} of
 * joblens-vendor-sdk-bridge makes them.
 */
public final class AlibabaCredentials {
  /** The keys under {@code credentials} of a configuration file. */
  public static final List<ConfigKey> KEYS =
      List.of(
          ConfigKey.text("access-key-id", "id of an Alibaba Cloud access key"),
          ConfigKey.text("access-key-secret", "its secret"),
          ConfigKey.text("security-token", "its STS token, when the access key is temporary"),
          ConfigKey.text(
              "profile", "in place of a key: a profile in ~/.aliyun or ~/.alibabacloud"));

  /** The domains that belong to the vendor, below which an endpoint needs no further permission. */
  public static final List<String> DOMAINS = List.of("aliyuncs.com");

  private static final String PROFILE = "ALIBABA_CLOUD_PROFILE";
  private static final List<String> OIDC =
      List.of(
          "ALIBABA_CLOUD_ROLE_ARN",
          "ALIBABA_CLOUD_OIDC_PROVIDER_ARN",
          "ALIBABA_CLOUD_OIDC_TOKEN_FILE");
  private static final String BRIDGE =
      "which takes calls of the vendor's own; use AliyunSdkCredentials of"
          + " joblens-vendor-sdk-bridge";

  private final Environment environment;
  private final Optional<String> named;

  private AlibabaCredentials(Environment environment, Optional<String> named) {
    this.environment = environment;
    this.named = named;
  }

  /**
   * Returns a provider that looks, when it is asked, at the JVM properties {@code
   * alibabacloud.accessKeyId}, {@code …accessKeySecret} and {@code …sessionToken}; the environment
   * variables {@code ALIBABA_CLOUD_ACCESS_KEY_ID}, {@code …_SECRET} and {@code
   * ALIBABA_CLOUD_SECURITY_TOKEN}; the profile of the vendor's command line in {@code
   * ~/.aliyun/config.json} (modes AK and StsToken; not with {@code
   * ALIBABA_CLOUD_CLI_PROFILE_DISABLED=true}); and {@code ~/.alibabacloud/credentials.ini}, or the
   * file that {@code ALIBABA_CLOUD_CREDENTIALS_FILE} names (type access_key). Both files are read
   * with {@code ALIBABA_CLOUD_PROFILE}.
   *
   * @param profile a profile of the two files, which then are the only places
   */
  public static CredentialsProvider usual(Environment environment, Optional<String> profile) {
    AlibabaCredentials places = new AlibabaCredentials(environment, profile);
    List<CredentialsSource> files = List.of(places::commandLine, places::ini);
    return profile
        .map(name -> CredentialsProvider.firstOf(name, files))
        .orElseGet(
            () ->
                CredentialsProvider.firstOf(
                    "default",
                    Stream.<CredentialsSource>concat(
                            Stream.of(places::properties, places::variables, places::oidc),
                            Stream.concat(files.stream(), Stream.of(places::instanceRole)))
                        .toList()));
  }

  /**
   * Returns the credentials that a configuration gives, or nothing when it gives none.
   *
   * @throws io.joblens.ConfigException naming the key that is missing or cannot be used, never its
   *     value
   */
  public static Optional<Credentials> from(Config config) {
    return config.accessKey("access-key-id", "access-key-secret", "security-token");
  }

  private CredentialsSource.Answer properties() {
    // of the secret's two names the vendor's library prefers the longer
    String secret =
        environment.property("alibabacloud.accessKeyIdSecret").isPresent()
            ? "alibabacloud.accessKeyIdSecret"
            : "alibabacloud.accessKeySecret";
    return CredentialsSource.accessKey(
        "JVM properties",
        environment::property,
        "alibabacloud.accessKeyId",
        secret,
        List.of("alibabacloud.sessionToken"));
  }

  private CredentialsSource.Answer variables() {
    return CredentialsSource.variables(
            environment,
            "ALIBABA_CLOUD_ACCESS_KEY_ID",
            "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
            List.of("ALIBABA_CLOUD_SECURITY_TOKEN"))
        .look();
  }

  /** The vendor would take the role here; another identity from a file must not take its place. */
  private CredentialsSource.Answer oidc() {
    if (OIDC.stream().allMatch(name -> environment.variable(name).isPresent())) {
      throw new CredentialsException(
          "environment variables: " + OIDC.get(0) + " names a role to be assumed, " + BRIDGE);
    }
    return new Missing("OIDC role: not all of " + String.join(", ", OIDC) + " are set");
  }

  private CredentialsSource.Answer commandLine() {
    String place = "~/.aliyun/config.json";
    if (isTrue("ALIBABA_CLOUD_CLI_PROFILE_DISABLED")) {
      return new Missing(place + ": not read, ALIBABA_CLOUD_CLI_PROFILE_DISABLED is true");
    }
    Optional<CredentialsFile> file =
        environment
            .home()
            .flatMap(home -> CredentialsFile.read(home.resolve(".aliyun/config.json")));
    if (file.isEmpty()) {
      return new Missing(place + ": there is no such file");
    }
    Map<?, ?> config = file.get().json();
    Optional<String> profile = profile().or(() -> text(config, "current"));
    Optional<Map<?, ?>> values =
        config.get("profiles") instanceof List<?> profiles
            ? profiles.stream()
                .<Map<?, ?>>mapMulti(
                    (item, sink) -> {
                      if (item instanceof Map<?, ?> map && text(map, "name").equals(profile)) {
                        sink.accept(map);
                      }
                    })
                .findFirst()
            : Optional.empty();
    if (values.isEmpty()) {
      return new Missing(file.get() + ": has no profile " + profile.orElse("(no current one)"));
    }
    return ofCommandLine(file.get() + " profile " + profile.orElse(""), values.get());
  }

  private static CredentialsSource.Answer ofCommandLine(String place, Map<?, ?> profile) {
    String mode = text(profile, "mode").orElse("AK");
    if (!mode.equals("AK") && !mode.equals("StsToken")) {
      throw new CredentialsException(place + ": has mode " + mode + ", " + BRIDGE);
    }
    List<String> token = mode.equals("AK") ? List.of() : List.of("sts_token");
    if (!token.isEmpty() && text(profile, "sts_token").isEmpty()) {
      throw new CredentialsException(place + ": has mode StsToken, but sts_token is not set");
    }
    return CredentialsSource.required(
        CredentialsSource.accessKey(
            place, key -> text(profile, key), "access_key_id", "access_key_secret", token));
  }

  private CredentialsSource.Answer ini() {
    String variable = "ALIBABA_CLOUD_CREDENTIALS_FILE";
    Optional<Path> path =
        environment
            .variable(variable)
            .map(Path::of)
            .or(
                () ->
                    environment.home().map(home -> home.resolve(".alibabacloud/credentials.ini")));
    Optional<CredentialsFile> file = path.flatMap(CredentialsFile::read);
    if (file.isEmpty()) {
      return new Missing(
          environment
                  .variable(variable)
                  .map(name -> variable + "=" + name)
                  .orElse("~/.alibabacloud/credentials.ini")
              + ": there is no such file");
    }
    String profile = profile().orElse("default");
    Map<String, String> section = file.get().ini().get(profile);
    if (section == null || !Boolean.parseBoolean(section.get("enable"))) {
      // without enable = true the vendor's library takes a section for absent
      return new Missing(file.get() + ": has no section [" + profile + "] with enable = true");
    }
    String place = file.get() + " section [" + profile + "]";
    String type = section.getOrDefault("type", "");
    if (!type.equals("access_key")) {
      throw new CredentialsException(
          place + ": has type '" + Text.printable(type) + "', " + BRIDGE);
    }
    return CredentialsSource.required(
        CredentialsSource.accessKey(
            place,
            key -> Optional.ofNullable(section.get(key)).filter(value -> !value.isBlank()),
            "access_key_id",
            "access_key_secret",
            List.of()));
  }

  private CredentialsSource.Answer instanceRole() {
    return new Missing("instance role: not asked for, " + BRIDGE);
  }

  private Optional<String> profile() {
    return named.or(() -> environment.variable(PROFILE));
  }

  private boolean isTrue(String variable) {
    return environment
        .variable(variable)
        .map(value -> value.toLowerCase(Locale.ROOT))
        .filter("true"::equals)
        .isPresent();
  }

  private static Optional<String> text(Map<?, ?> map, String key) {
    return map.get(key) instanceof String text && !text.isBlank()
        ? Optional.of(text)
        : Optional.empty();
  }
}
