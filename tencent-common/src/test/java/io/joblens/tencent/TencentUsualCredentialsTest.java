package io.joblens.tencent;

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
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.AbstractThrowableAssert;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The places of the vendor's own SDKs and command line, in a home directory of its own. */
class TencentUsualCredentialsTest {
  private final Map<String, String> variables = new HashMap<>();
  private @Nullable String profile;

  @TempDir Path home;

  private CredentialsProvider provider() {
    return TencentCredentials.usual(
        new Environment(variables, name -> null, home), Optional.ofNullable(profile));
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

  private Path ini(String section, String id) throws IOException {
    return write(
        ".tencentcloud/credentials",
        "[%s]\nsecret_id = %s\nsecret_key = canary-key\n".formatted(section, id));
  }

  /** What {@code tccli configure} writes. */
  private Path commandLine(String profile, String id) throws IOException {
    return write(
        ".tccli/" + profile + ".credential",
        "{\n    \"secretId\": \"%s\",\n    \"secretKey\": \"canary-key\"\n}".formatted(id));
  }

  private void variables(String id) {
    variables.put("TENCENTCLOUD_SECRET_ID", id);
    variables.put("TENCENTCLOUD_SECRET_KEY", "canary-key");
  }

  @Test
  void eachPlaceIsReadAndOneHigherUpWins() throws IOException {
    Path json = commandLine("default", "tccli");
    assertThat(key().id()).isEqualTo("tccli");
    assertThat(key().source()).contains(json.toString());

    Path ini = ini("default", "ini");
    assertThat(key().id()).isEqualTo("ini");
    assertThat(key().source()).contains(ini + " section [default]");

    variables("env");
    assertThat(key().id()).isEqualTo("env");
    assertThat(key().source())
        .contains("environment variables TENCENTCLOUD_SECRET_ID, TENCENTCLOUD_SECRET_KEY");
    assertThat(key().secret()).isEqualTo("canary-key");
    assertThat(key().token()).isEmpty();
  }

  @Test
  void temporaryKeysHaveTheirToken() throws IOException {
    write(
        ".tccli/default.credential",
        "{\"secretId\":\"i\",\"secretKey\":\"k\",\"token\":\"tccli-token\"}");
    assertThat(key().token()).contains("tccli-token");
    assertThat(key().expiresAt()).isEmpty();

    write(".tencentcloud/credentials", "[default]\nsecret_id=i\nsecret_key=k\ntoken=ini-token\n");
    assertThat(key().token()).contains("ini-token");

    variables("env");
    variables.put("TENCENTCLOUD_SECURITY_TOKEN", "terraform-token");
    assertThat(key().token()).contains("terraform-token");
    variables.put("TENCENTCLOUD_TOKEN", "tccli-token");
    assertThat(key().token()).contains("tccli-token");
  }

  @Test
  void afterALoginOfTheCommandLineTheKeyEndsWhenTheFileSays() throws IOException {
    Path json =
        write(
            ".tccli/default.credential",
            """
            {"type": "oauth", "secretId": "i", "secretKey": "k", "token": "t",
             "expiresAt": 1767225600, "oauth": {"accessToken": "canary", "expiresAt": 1}}""");
    assertThat(key().expiresAt()).contains(Instant.parse("2026-01-01T00:00:00Z"));
    assertThat(key().token()).contains("t");
    assertThat(key().source()).contains(json.toString());
  }

  @Test
  void halfAKeyIsNoneAndTheReasonSaysSo() throws IOException {
    variables.put("TENCENTCLOUD_SECRET_KEY", "canary");
    assertRefused()
        .hasMessageContaining("TENCENTCLOUD_SECRET_KEY is set, but TENCENTCLOUD_SECRET_ID is not");
    ini("default", "ini");
    assertThat(key().id()).isEqualTo("ini");
  }

  @Test
  void halfAKeyInAFileIsAMistakeThere() throws IOException {
    Path json = write(".tccli/default.credential", "{\"secretKey\":\"canary\"}");
    assertRefused().hasMessage(json + ": secretKey is set, but secretId is not");
    Path ini = write(".tencentcloud/credentials", "[default]\nsecret_id = canary\nsecret_key =\n");
    assertRefused().hasMessage(ini + " section [default]: secret_id is set, but secret_key is not");
  }

  @Test
  void theCommandLinesProfileIsTheGivenOneElseTheVariablesElseDefault() throws IOException {
    commandLine("default", "default-id");
    commandLine("test", "test-id");
    commandLine("prod", "prod-id");
    assertThat(key().id()).isEqualTo("default-id");
    variables.put("TCCLI_PROFILE", "test");
    assertThat(key().id()).isEqualTo("test-id");
    profile = "prod";
    assertThat(key().id()).isEqualTo("prod-id");
    assertThat(provider().account()).isEqualTo("prod");
  }

  @Test
  void aGivenProfileIsASectionOfTheSdksFileToo() throws IOException {
    ini("prod", "ini-prod");
    commandLine("prod", "tccli-prod");
    profile = "prod";
    assertThat(key().id()).isEqualTo("ini-prod");
  }

  @Test
  void aGivenProfileIsTheOnlyPlace() throws IOException {
    profile = "prod";
    variables("env");
    Path ini = ini("default", "canary");
    commandLine("default", "canary");
    assertRefused()
        .hasMessageContaining(ini + ": has no section [prod]")
        .hasMessageContaining("~/.tccli/prod.credential: there is no such file");
  }

  @Test
  void aVariableNamesAnotherFile() throws IOException {
    Path other = write("elsewhere", Files.readString(ini("default", "other")));
    ini("default", "usual");
    variables.put("TENCENTCLOUD_CREDENTIALS_FILE", other.toString());
    assertThat(key().id()).isEqualTo("other");
    variables.put("TENCENTCLOUD_CREDENTIALS_FILE", "/no/such");
    assertRefused()
        .hasMessageContaining("/no/such of TENCENTCLOUD_CREDENTIALS_FILE: there is no such file")
        .hasMessageContaining(
            "/etc/tencentcloud/credentials: not read, TENCENTCLOUD_CREDENTIALS_FILE is set");
  }

  @ParameterizedTest
  @ValueSource(strings = {"../profile", "a/b", "a\\b", "a\nb"})
  void aProfileIsNoPath(String name) {
    variables.put("TCCLI_PROFILE", name);
    assertThatThrownBy(() -> provider().resolve())
        .isInstanceOf(CredentialsException.class)
        .hasMessageContaining("cannot be one of tccli; give its bare name");
  }

  @Test
  void aBrokenFileIsAnErrorWithItsLine() throws IOException {
    Path json =
        write(".tccli/default.credential", "{\n\"secretId\": \"i\",\n\"secretKey\": \"cana");
    assertRefused().hasMessage(json + ": is not JSON, or not complete, at line 3");
    Path ini = write(".tencentcloud/credentials", "[default]\nsecret_id = i\nsecret_k");
    assertRefused().hasMessage(ini + ":3: expected [section] or key = value");
    variables("env");
    assertThat(key().id()).isEqualTo("env");
  }

  @Test
  void theMessageListsEveryPlace() {
    assertRefused()
        .hasMessageContaining("\n  environment variables: neither TENCENTCLOUD_SECRET_ID nor")
        .hasMessageContaining("\n  ~/.tencentcloud/credentials: there is no such file")
        .hasMessageContaining("\n  /etc/tencentcloud/credentials: there is no such file")
        .hasMessageContaining("\n  ~/.tccli/default.credential: there is no such file")
        .hasMessageContaining("\n  instance role: not asked for")
        .hasMessageContaining("TencentSdkCredentials of joblens-vendor-sdk-bridge");
  }

  @Test
  void nothingIsReadBeforeItIsAskedForAndAChangeIsSeen() throws IOException {
    write(".tencentcloud/credentials", "broken");
    CredentialsProvider provider = provider();
    assertThat(provider.account()).isEqualTo("default");
    for (String id : new String[] {"first", "second"}) {
      ini("default", id);
      assertThat(provider.resolve()).isEqualTo(Step.done(Credentials.accessKey(id, "canary-key")));
    }
  }
}
