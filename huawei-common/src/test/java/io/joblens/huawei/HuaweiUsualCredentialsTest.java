package io.joblens.huawei;

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
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The places of the vendor's own SDKs, in a home directory of its own. */
class HuaweiUsualCredentialsTest {
  private final Map<String, String> variables = new HashMap<>();

  @TempDir Path home;

  private Environment environment() {
    return new Environment(variables, name -> null, home);
  }

  private CredentialsProvider provider() {
    return HuaweiCredentials.usual(environment());
  }

  private Credentials.AccessKey key() {
    return (Credentials.AccessKey) ((Step.Done<Credentials>) provider().resolve()).value();
  }

  private AbstractThrowableAssert<?, ? extends Throwable> assertRefused() {
    return assertThatThrownBy(() -> provider().resolve())
        .isInstanceOf(CredentialsException.class)
        .hasMessageNotContaining("canary");
  }

  private Path file(String content) throws IOException {
    Path file = home.resolve(".huaweicloud/credentials");
    Files.createDirectories(file.getParent());
    return Files.writeString(file, content);
  }

  private Path file(String ak, String more) throws IOException {
    return file("[basic]\nak = " + ak + "\nsk = canary-sk\n" + more + "\n[global]\nak = g\n");
  }

  private void variables(String ak) {
    variables.put("HUAWEICLOUD_SDK_AK", ak);
    variables.put("HUAWEICLOUD_SDK_SK", "canary-sk");
  }

  @Test
  void eachPlaceIsReadAndOneHigherUpWins() throws IOException {
    Path file = file("file", "");
    assertThat(key().id()).isEqualTo("file");
    assertThat(key().source()).contains(file + " section [basic]");

    variables("env");
    assertThat(key().id()).isEqualTo("env");
    assertThat(key().secret()).isEqualTo("canary-sk");
    assertThat(key().source())
        .contains("environment variables HUAWEICLOUD_SDK_AK, HUAWEICLOUD_SDK_SK");
    assertThat(key().token()).isEmpty();
  }

  @Test
  void temporaryKeysHaveTheirToken() throws IOException {
    file("file", "security_token = file-token");
    assertThat(key().token()).contains("file-token");
    variables("env");
    variables.put("HUAWEICLOUD_SDK_SECURITY_TOKEN", "env-token");
    assertThat(key().token()).contains("env-token");
  }

  @Test
  void aVariableNamesAnotherFile() throws IOException {
    Path other = Files.copy(file("other", "project_id = other-project"), home.resolve("elsewhere"));
    file("usual", "project_id = usual-project");
    variables.put("HUAWEICLOUD_SDK_CREDENTIALS_FILE", other.toString());
    assertThat(key().id()).isEqualTo("other");
    assertThat(HuaweiCredentials.projectId(environment())).contains("other-project");
    variables.put("HUAWEICLOUD_SDK_CREDENTIALS_FILE", "/no/such");
    assertRefused()
        .hasMessageContaining(
            "/no/such of HUAWEICLOUD_SDK_CREDENTIALS_FILE: there is no such file");
    assertThat(HuaweiCredentials.projectId(environment())).isEmpty();
  }

  @Test
  void theFilesProjectBelongsToTheFilesKeyAlone() throws IOException {
    file("file", "project_id = file-project");
    assertThat(HuaweiCredentials.projectId(environment())).contains("file-project");
    variables.put("HUAWEICLOUD_SDK_AK", "half");
    assertThat(HuaweiCredentials.projectId(environment())).contains("file-project");
    variables("env");
    assertThat(HuaweiCredentials.projectId(environment())).isEmpty();
  }

  @Test
  void halfAKeyIsNoneAndTheReasonSaysSo() throws IOException {
    variables.put("HUAWEICLOUD_SDK_AK", "canary");
    assertRefused()
        .hasMessageContaining("HUAWEICLOUD_SDK_AK is set, but HUAWEICLOUD_SDK_SK is not");
    file("file", "");
    assertThat(key().id()).isEqualTo("file");
  }

  @Test
  void halfAKeyInTheFileIsAMistakeThere() throws IOException {
    Path file = file("[basic]\nsk = canary\n");
    assertRefused().hasMessage(file + " section [basic]: sk is set, but ak is not");
  }

  @Test
  void aFileWithoutTheSectionHasNone() throws IOException {
    Path file = file("[global]\nak = canary\nsk = canary\n");
    assertRefused().hasMessageContaining(file + ": has no section [basic]");
  }

  @Test
  void anIdentityProviderIsNotReplacedByAnotherIdentity() throws IOException {
    variables("env");
    variables.put("HUAWEICLOUD_SDK_IDP_ID", "idp");
    assertThat(key().id()).isEqualTo("env");
    variables.put("HUAWEICLOUD_SDK_ID_TOKEN_FILE", "/var/run/token");
    assertRefused()
        .hasMessageContaining("HUAWEICLOUD_SDK_IDP_ID names an identity provider")
        .hasMessageContaining("HuaweiSdkCredentials of joblens-vendor-sdk-bridge");

    variables.clear();
    Path file = file("canary", "idp_id = idp\nid_token_file = /var/run/token");
    assertRefused()
        .hasMessageContaining(file + " section [basic]: idp_id names an identity provider")
        .hasMessageContaining("HuaweiSdkCredentials of joblens-vendor-sdk-bridge");
  }

  @Test
  void aBrokenFileIsAnErrorWithItsLine() throws IOException {
    Path file = file("[basic]\nak = a\nsk canary\n");
    assertRefused().hasMessage(file + ":3: expected [section] or key = value");
    assertThatThrownBy(() -> HuaweiCredentials.projectId(environment()))
        .isInstanceOf(CredentialsException.class)
        .hasMessageContaining(file + ":3");
  }

  @Test
  void theMessageListsEveryPlace() {
    assertRefused()
        .hasMessageContaining("\n  identity provider: HUAWEICLOUD_SDK_IDP_ID and")
        .hasMessageContaining("\n  environment variables: neither HUAWEICLOUD_SDK_AK nor")
        .hasMessageContaining("\n  ~/.huaweicloud/credentials: there is no such file")
        .hasMessageContaining("\n  agency of an ECS or a pod: not asked for")
        .hasMessageContaining("HuaweiSdkCredentials of joblens-vendor-sdk-bridge");
  }

  @Test
  void nothingIsReadBeforeItIsAskedForAndAChangeIsSeen() throws IOException {
    file("broken");
    CredentialsProvider provider = provider();
    assertThat(provider.account()).isEqualTo("default");
    for (String ak : new String[] {"first", "second"}) {
      file(ak, "");
      assertThat(provider.resolve()).isEqualTo(Step.done(Credentials.accessKey(ak, "canary-sk")));
    }
  }
}
