package io.joblens.huawei;

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
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where Huawei Cloud credentials come from: configuration, or the places of the vendor's own SDKs
 * in their order, as {@code CredentialProviderChain} of <a
 * href="https://github.com/huaweicloud/huaweicloud-sdk-java-v3">huaweicloud-sdk-java-v3</a> has it:
 * environment variables, then a file. Roles (identity providers, agencies) need calls of the
 * vendor's own; {@code HuaweiSdkCredentials} of joblens-vendor-sdk-bridge makes them.
 */
public final class HuaweiCredentials {
  /** The keys under {@code credentials} of a configuration file. */
  public static final List<ConfigKey> KEYS =
      List.of(
          ConfigKey.text("ak", "access key id"),
          ConfigKey.text("sk", "secret access key"),
          ConfigKey.text("security-token", "session token of a temporary access key"),
          ConfigKey.text("auth-token", "IAM token with the project's scope, in place of ak and sk"),
          ConfigKey.text("user", "IAM user name, in place of ak and sk"),
          ConfigKey.text("password", "the IAM user's password"),
          ConfigKey.text("domain", "name of the account that the IAM user belongs to"));

  private static final String AK = "HUAWEICLOUD_SDK_AK";
  private static final String SK = "HUAWEICLOUD_SDK_SK";
  private static final String FILE = "HUAWEICLOUD_SDK_CREDENTIALS_FILE";
  private static final String USUAL = ".huaweicloud/credentials";
  private static final String SECTION = "basic";
  private static final String BRIDGE =
      "which takes calls of the vendor's own; use HuaweiSdkCredentials of"
          + " joblens-vendor-sdk-bridge";

  private HuaweiCredentials() {}

  /**
   * Returns a provider that looks, when it is asked, at the environment variables {@code
   * HUAWEICLOUD_SDK_AK}, {@code HUAWEICLOUD_SDK_SK} and, for temporary keys, {@code
   * HUAWEICLOUD_SDK_SECURITY_TOKEN}; and at the section {@code [basic]} of the file that {@code
   * HUAWEICLOUD_SDK_CREDENTIALS_FILE} names, else of {@code ~/.huaweicloud/credentials}. Huawei's
   * file has no profiles.
   */
  public static CredentialsProvider usual(Environment environment) {
    return CredentialsProvider.firstOf(
        "default",
        List.of(
            () -> identityProvider(environment),
            CredentialsSource.variables(
                environment, AK, SK, List.of("HUAWEICLOUD_SDK_SECURITY_TOKEN")),
            CredentialsSource.file(environment, FILE, USUAL, HuaweiCredentials::ofFile),
            () -> new Missing("agency of an ECS or a pod: not asked for, " + BRIDGE)));
  }

  /**
   * Returns the project that stands beside the access key in the file, if that is where {@link
   * #usual} finds one. Reads the file at once.
   *
   * @throws CredentialsException when there is a file that cannot be read
   */
  public static Optional<String> projectId(Environment environment) {
    return environment.variable(AK).isPresent() && environment.variable(SK).isPresent()
        ? Optional.empty()
        : CredentialsFile.find(environment, FILE, USUAL)
            .flatMap(file -> Optional.ofNullable(file.ini().get(SECTION)))
            .flatMap(section -> CredentialsFile.text(section, "project_id"));
  }

  /**
   * Returns the access key or token that a configuration gives, or nothing when it gives none.
   *
   * @throws io.joblens.ConfigException naming the key that is missing or cannot be used, never its
   *     value
   */
  public static Optional<Credentials> from(Config config) {
    return config
        .credential("auth-token")
        .<Credentials>map(token -> Credentials.token(token, null))
        .or(() -> config.accessKey("ak", "sk", "security-token"));
  }

  /** The vendor would take the role here; another identity must not take its place. */
  private static Answer identityProvider(Environment environment) {
    String id = "HUAWEICLOUD_SDK_IDP_ID";
    String file = "HUAWEICLOUD_SDK_ID_TOKEN_FILE";
    if (environment.variable(id).isPresent() && environment.variable(file).isPresent()) {
      throw new CredentialsException(
          "environment variables: " + id + " names an identity provider, " + BRIDGE);
    }
    return new Missing("identity provider: " + id + " and " + file + " are not both set");
  }

  private static Answer ofFile(CredentialsFile file) {
    Map<String, String> section = file.ini().get(SECTION);
    if (section == null) {
      return new Missing(file + ": has no section [" + SECTION + "]");
    }
    String place = file + " section [" + SECTION + "]";
    if (CredentialsFile.text(section, "idp_id").isPresent()
        && CredentialsFile.text(section, "id_token_file").isPresent()) {
      throw new CredentialsException(place + ": idp_id names an identity provider, " + BRIDGE);
    }
    return CredentialsSource.required(
        CredentialsSource.accessKey(
            place,
            key -> CredentialsFile.text(section, key),
            "ak",
            "sk",
            List.of("security_token")));
  }
}
