package io.joblens.alibaba;

import io.joblens.CredentialsException;
import io.joblens.spi.Config;
import io.joblens.spi.ConfigKey;
import io.joblens.spi.Credentials;
import io.joblens.spi.CredentialsFile;
import io.joblens.spi.CredentialsProvider;
import io.joblens.spi.CredentialsSource;
import io.joblens.spi.CredentialsSource.Answer;
import io.joblens.spi.CredentialsSource.Missing;
import io.joblens.spi.Environment;
import io.joblens.spi.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

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
    List<CredentialsSource> files =
        List.of(
            places::commandLine,
            CredentialsSource.file(
                environment,
                "ALIBABA_CLOUD_CREDENTIALS_FILE",
                ".alibabacloud/credentials.ini",
                places::ofIni));
    if (profile.isPresent()) {
      return CredentialsProvider.firstOf(profile.get(), files);
    }
    List<CredentialsSource> all =
        new ArrayList<>(List.of(places::properties, places::variables, places::oidc));
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
    return config.accessKey("access-key-id", "access-key-secret", "security-token");
  }

  private Answer properties() {
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

  private Answer variables() {
    return CredentialsSource.variables(
            environment,
            "ALIBABA_CLOUD_ACCESS_KEY_ID",
            "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
            List.of("ALIBABA_CLOUD_SECURITY_TOKEN"))
        .look();
  }

  /** The vendor would take the role here; another identity from a file must not take its place. */
  private Answer oidc() {
    if (OIDC.stream().allMatch(name -> environment.variable(name).isPresent())) {
      throw new CredentialsException(
          "environment variables: " + OIDC.get(0) + " names a role to be assumed, " + BRIDGE);
    }
    return new Missing("OIDC role: not all of " + String.join(", ", OIDC) + " are set");
  }

  private Answer commandLine() {
    String file = ".aliyun/config.json";
    return isTrue("ALIBABA_CLOUD_CLI_PROFILE_DISABLED")
        ? new Missing("~/" + file + ": not read, ALIBABA_CLOUD_CLI_PROFILE_DISABLED is true")
        : CredentialsSource.file(environment, null, file, this::ofCommandLine).look();
  }

  private Answer ofCommandLine(CredentialsFile file) {
    Map<?, ?> config = file.json();
    Optional<String> profile = profile().or(() -> CredentialsFile.text(config, "current"));
    if (profile.isEmpty()) {
      return new Missing(file + ": names no current profile");
    }
    for (Object item : config.get("profiles") instanceof List<?> list ? list : List.of()) {
      if (item instanceof Map<?, ?> map && CredentialsFile.text(map, "name").equals(profile)) {
        return ofProfile(file + " profile " + profile.get(), map);
      }
    }
    return new Missing(file + ": has no profile " + profile.get());
  }

  private static Answer ofProfile(String place, Map<?, ?> profile) {
    String mode = CredentialsFile.text(profile, "mode").orElse("AK");
    boolean isTemporary = mode.equals("StsToken");
    if (!isTemporary && !mode.equals("AK")) {
      throw new CredentialsException(place + ": has mode " + Text.printable(mode) + ", " + BRIDGE);
    }
    if (isTemporary && CredentialsFile.text(profile, "sts_token").isEmpty()) {
      throw new CredentialsException(place + ": has mode StsToken, but sts_token is not set");
    }
    return CredentialsSource.required(
        CredentialsSource.accessKey(
            place,
            name -> CredentialsFile.text(profile, name),
            "access_key_id",
            "access_key_secret",
            isTemporary ? List.of("sts_token") : List.of()));
  }

  private Answer ofIni(CredentialsFile file) {
    String profile = profile().orElse("default");
    String place = file + " section [" + profile + "]";
    Map<String, String> section = file.ini().getOrDefault(profile, Map.of());
    if (!Boolean.parseBoolean(section.get("enable"))) {
      // without enable = true the vendor's library takes a section for absent
      return new Missing(file + ": has no section [" + profile + "] with enable = true");
    }
    Optional<String> type = CredentialsFile.text(section, "type");
    if (type.isEmpty()) {
      throw new CredentialsException(place + ": type is not set; expected access_key");
    }
    if (!type.get().equals("access_key")) {
      throw new CredentialsException(
          place + ": has type " + Text.printable(type.get()) + ", " + BRIDGE);
    }
    return CredentialsSource.required(
        CredentialsSource.accessKey(
            place,
            name -> CredentialsFile.text(section, name),
            "access_key_id",
            "access_key_secret",
            List.of()));
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
}
