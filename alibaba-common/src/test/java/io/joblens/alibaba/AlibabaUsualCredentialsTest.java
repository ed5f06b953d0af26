package io.joblens.alibaba;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.joblens.CredentialsException;
import io.joblens.spi.Credentials;
import io.joblens.spi.CredentialsProvider;
import io.joblens.spi.Environment;
import io.joblens.spi.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.AbstractThrowableAssert;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The places of the vendor's own libraries and command line, in a home directory of its own. */
class AlibabaUsualCredentialsTest {
  private static final String SECRET = "canary-secret";

  private final Map<String, String> properties = new HashMap<>();
  private final Map<String, String> variables = new HashMap<>();
  private @Nullable String profile;

  @TempDir Path home;

  private CredentialsProvider provider() {
    return AlibabaCredentials.usual(
        new Environment(variables, properties::get, home), Optional.ofNullable(profile));
  }

  private Credentials.AccessKey key() {
    return (Credentials.AccessKey) ((Step.Done<Credentials>) provider().resolve()).value();
  }

  private AbstractThrowableAssert<?, ? extends Throwable> assertRefused() {
    return assertThatThrownBy(() -> provider().resolve())
        .isInstanceOf(CredentialsException.class)
        .hasMessageNotContaining("canary");
  }

  private Path write(String name, String content) throws IOException {
    Path file = home.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, content);
  }

  private Path commandLine(String... profiles) throws IOException {
    return write(
        ".aliyun/config.json",
        "{\"current\":\"main\",\"profiles\":["
            + String.join(",", profiles)
            + "],\"meta_path\":\"\"}");
  }

  /** A profile as {@code aliyun configure} writes it, with empty text for what does not count. */
  private static String profile(String name, String mode, String id, String token) {
    return """
        {"name":"%s","mode":"%s","access_key_id":"%s","access_key_secret":"canary-secret",
         "sts_token":"%s","sts_region":"","ram_role_name":"","ram_role_arn":"",
         "ram_session_name":"","expired_seconds":900,"region_id":"cn-hangzhou",
         "output_format":"json","language":"en","retry_timeout":10}"""
        .formatted(name, mode, id, token);
  }

  private Path ini(String section, String id) throws IOException {
    return write(
        ".alibabacloud/credentials.ini",
        """
        [%s]                         # as in the vendor's example
        enable = true               # Enable
        type = access_key           # Certification type: access_key
        access_key_id = %s          # Key
        access_key_secret = canary-secret
        """
            .formatted(section, id));
  }

  private void variables(String id) {
    variables.put("ALIBABA_CLOUD_ACCESS_KEY_ID", id);
    variables.put("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "canary-secret");
  }

  private void properties(String id) {
    properties.put("alibabacloud.accessKeyId", id);
    properties.put("alibabacloud.accessKeySecret", "canary-secret");
  }

  @Test
  void eachPlaceIsReadAndOneHigherUpWins() throws IOException {
    Path ini = ini("default", "ini");
    assertThat(key().id()).isEqualTo("ini");
    assertThat(key().source()).contains(ini + " section [default]");

    Path json = commandLine(profile("main", "AK", "cli", ""));
    assertThat(key().id()).isEqualTo("cli");
    assertThat(key().source()).contains(json + " profile main");

    variables("env");
    assertThat(key().id()).isEqualTo("env");
    assertThat(key().source())
        .contains(
            "environment variables ALIBABA_CLOUD_ACCESS_KEY_ID, ALIBABA_CLOUD_ACCESS_KEY_SECRET");

    properties("prop");
    assertThat(key().id()).isEqualTo("prop");
    assertThat(key().source()).contains("JVM properties");
    assertThat(key().secret()).isEqualTo("canary-secret");
    assertThat(key().token()).isEmpty();
  }

  @Test
  void temporaryKeysHaveTheirToken() throws IOException {
    commandLine(profile("main", "StsToken", "cli", "cli-token"));
    assertThat(key().token()).contains("cli-token");

    variables("env");
    variables.put("ALIBABA_CLOUD_SECURITY_TOKEN", "env-token");
    assertThat(key().token()).contains("env-token");

    properties("prop");
    properties.put("alibabacloud.sessionToken", "prop-token");
    assertThat(key().token()).contains("prop-token");
  }

  @Test
  void theSecretsOtherPropertyWins() {
    properties("prop");
    properties.put("alibabacloud.accessKeyIdSecret", "longer");
    assertThat(key().secret()).isEqualTo("longer");
  }

  @Test
  void ofAProfileOfModeAkNoTokenCounts() throws IOException {
    commandLine(profile("main", "AK", "cli", "left-over"));
    assertThat(key().token()).isEmpty();
  }

  @Test
  void halfAKeyIsNoneAndTheReasonSaysSo() throws IOException {
    properties.put("alibabacloud.accessKeyId", "canary");
    variables.put("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "canary");
    assertRefused()
        .hasMessageContaining("alibabacloud.accessKeyId is set, but alibabacloud.accessKeySecret")
        .hasMessageContaining(
            "ALIBABA_CLOUD_ACCESS_KEY_SECRET is set, but ALIBABA_CLOUD_ACCESS_KEY_ID is not");
    ini("default", "ini");
    assertThat(key().id()).isEqualTo("ini");
  }

  @Test
  void halfAKeyInAFileIsAMistakeThere() throws IOException {
    Path json = commandLine("{\"name\":\"main\",\"mode\":\"AK\",\"access_key_secret\":\"canary\"}");
    ini("default", "ini");
    assertRefused()
        .hasMessage(json + " profile main: access_key_secret is set, but access_key_id is not");
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        // the configuration's, the variable's, whose key is found
        "-,    -,    main-id",
        "-,    test, test-id",
        "prod, -,    prod-id",
        "prod, test, prod-id",
        "ini,  -,    ini-id",
      })
  void theProfileIsTheGivenOneElseTheVariablesElseTheCurrentOne(
      @Nullable String given, @Nullable String variable, String id) throws IOException {
    commandLine(
        profile("main", "AK", "main-id", ""),
        profile("test", "AK", "test-id", ""),
        profile("prod", "AK", "prod-id", ""));
    ini("ini", "ini-id");
    profile = given;
    if (variable != null) {
      variables.put("ALIBABA_CLOUD_PROFILE", variable);
    }
    assertThat(key().id()).isEqualTo(id);
    assertThat(provider().account()).isEqualTo(given == null ? "default" : given);
  }

  @Test
  void aGivenProfileIsTheOnlyPlace() throws IOException {
    profile = "prod";
    properties("prop");
    variables("env");
    Path json = commandLine(profile("main", "AK", "canary", ""));
    Path ini = ini("default", "canary");
    assertRefused()
        .hasMessageContaining(json + ": has no profile prod")
        .hasMessageContaining(ini + ": has no section [prod] with enable = true");
  }

  @Test
  void theVariableChoosesTheIniSectionToo() throws IOException {
    ini("prod", "prod-id");
    assertRefused().hasMessageContaining("has no section [default] with enable = true");
    variables.put("ALIBABA_CLOUD_PROFILE", "prod");
    assertThat(key().id()).isEqualTo("prod-id");
  }

  @Test
  void theCommandLinesFileCanBeSwitchedOff() throws IOException {
    commandLine(profile("main", "AK", "cli", ""));
    variables.put("ALIBABA_CLOUD_CLI_PROFILE_DISABLED", "True");
    assertRefused()
        .hasMessageContaining(
            "~/.aliyun/config.json: not read, ALIBABA_CLOUD_CLI_PROFILE_DISABLED is true");
    variables.put("ALIBABA_CLOUD_CLI_PROFILE_DISABLED", "false");
    assertThat(key().id()).isEqualTo("cli");
  }

  @Test
  void aVariableNamesAnotherIniFile() throws IOException {
    ini("default", "usual");
    Path other = write("elsewhere.ini", Files.readString(ini("default", "other")));
    ini("default", "usual");
    variables.put("ALIBABA_CLOUD_CREDENTIALS_FILE", other.toString());
    assertThat(key().id()).isEqualTo("other");
    variables.put("ALIBABA_CLOUD_CREDENTIALS_FILE", "/no/such.ini");
    assertRefused()
        .hasMessageContaining(
            "/no/such.ini of ALIBABA_CLOUD_CREDENTIALS_FILE: there is no such file");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "RamRoleArn",
        "EcsRamRole",
        "OIDC",
        "ChainableRamRoleArn",
        "CloudSSO",
        "OAuth",
        "External"
      })
  void aModeThatTakesCallsNamesTheBridge(String mode) throws IOException {
    Path json = commandLine(profile("main", mode, "canary", "canary"));
    ini("default", "another-identity");
    assertRefused()
        .hasMessageContaining(json + " profile main: has mode " + mode)
        .hasMessageContaining("AliyunSdkCredentials of joblens-vendor-sdk-bridge");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ecs_ram_role", "ram_role_arn", "oidc_role_arn", "rsa_key_pair"})
  void aTypeThatTakesCallsNamesTheBridge(String type) throws IOException {
    Path ini = write(".alibabacloud/credentials.ini", "[default]\nenable=true\ntype=" + type);
    assertRefused()
        .hasMessageContaining(ini + " section [default]: has type " + type)
        .hasMessageContaining("AliyunSdkCredentials of joblens-vendor-sdk-bridge");
  }

  @Test
  void anIniSectionThatIsNotEnabledIsAbsentAndOneWithoutTypeIsAMistake() throws IOException {
    write(".alibabacloud/credentials.ini", "[default]\ntype=access_key\naccess_key_id=canary");
    assertRefused().hasMessageContaining("has no section [default] with enable = true");
    write(".alibabacloud/credentials.ini", "[default]\nenable=true\naccess_key_id=canary");
    assertRefused().hasMessageContaining("section [default]: type is not set; expected access_key");
  }

  @Test
  void aProfileWithATokensModeAndNoTokenIsAMistake() throws IOException {
    commandLine(profile("main", "StsToken", "canary", ""));
    assertRefused().hasMessageContaining("profile main: has mode StsToken, but sts_token is not");
  }

  @Test
  void anOidcRoleIsNotReplacedByAnotherIdentity() throws IOException {
    ini("default", "ini");
    variables.put("ALIBABA_CLOUD_ROLE_ARN", "acs:ram::1:role/r");
    variables.put("ALIBABA_CLOUD_OIDC_PROVIDER_ARN", "acs:ram::1:oidc-provider/p");
    assertThat(key().id()).isEqualTo("ini");
    variables.put("ALIBABA_CLOUD_OIDC_TOKEN_FILE", "/var/run/secrets/token");
    assertRefused()
        .hasMessageContaining("ALIBABA_CLOUD_ROLE_ARN names a role to be assumed")
        .hasMessageContaining("AliyunSdkCredentials");
    variables("env");
    assertThat(key().id()).isEqualTo("env");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"current\":\"main\",\n\"profiles\":[{\"name\":\"main\",\"access_key_secret\":\"canary",
        "{\"current\":\"main\",\n\"profiles\":[{\"access_key_secret\":canary}]}",
      })
  void aBrokenCommandLineFileIsAnErrorWithItsLine(String content) throws IOException {
    Path json = write(".aliyun/config.json", content);
    ini("default", "ini");
    assertRefused().hasMessage(json + ": is not JSON, or not complete, at line 2");
  }

  @Test
  void aBrokenIniFileIsAnErrorWithItsLine() throws IOException {
    Path ini = write(".alibabacloud/credentials.ini", "[default]\nenable = true\naccess_key_secr");
    assertRefused().hasMessage(ini + ":3: expected [section] or key = value");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{}", "{\"current\":1,\"profiles\":{}}", "{\"profiles\":[1,null,{\"name\":2}]}"})
  void aCommandLineFileWithoutTheProfileHasNone(String content) throws IOException {
    write(".aliyun/config.json", content);
    ini("default", "ini");
    assertThat(key().id()).isEqualTo("ini");
  }

  @Test
  void theMessageListsEveryPlace() {
    assertRefused()
        .hasMessageContaining("\n  JVM properties: neither alibabacloud.accessKeyId")
        .hasMessageContaining("\n  environment variables: neither ALIBABA_CLOUD_ACCESS_KEY_ID")
        .hasMessageContaining("\n  OIDC role: not all of ALIBABA_CLOUD_ROLE_ARN")
        .hasMessageContaining("\n  ~/.aliyun/config.json: there is no such file")
        .hasMessageContaining("\n  ~/.alibabacloud/credentials.ini: there is no such file")
        .hasMessageContaining("\n  instance role: not asked for")
        .hasMessageContaining("AliyunSdkCredentials");
  }

  @Test
  void nothingIsReadBeforeItIsAskedForAndAChangeIsSeen() throws IOException {
    write(".aliyun/config.json", "broken");
    CredentialsProvider provider = provider();
    assertThat(provider.account()).isEqualTo("default");
    assertThat(provider.toString()).doesNotContain("canary");
    commandLine(profile("main", "AK", "first", ""));
    assertThat(provider.resolve()).isEqualTo(Step.done(Credentials.accessKey("first", SECRET)));
    commandLine(profile("main", "AK", "second", ""));
    assertThat(provider.resolve()).isEqualTo(Step.done(Credentials.accessKey("second", SECRET)));
  }

  @Test
  void withoutAHomeDirectoryOnlyFilesAreMissing() {
    Environment homeless = new Environment(Map.of(), name -> null, null);
    assertThatThrownBy(() -> AlibabaCredentials.usual(homeless, Optional.empty()).resolve())
        .isInstanceOf(CredentialsException.class)
        .hasMessageContaining("~/.aliyun/config.json: there is no such file")
        .hasMessageContaining("~/.alibabacloud/credentials.ini: there is no such file");
  }
}
