package io.joblens.alibaba;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.joblens.ConfigException;
import io.joblens.CredentialsException;
import io.joblens.spi.Config;
import io.joblens.spi.Credentials;
import io.joblens.spi.CredentialsProvider;
import io.joblens.spi.Environment;
import io.joblens.spi.Step;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AlibabaCredentialsTest {
  @Test
  void vendorsVariablesAreRead() {
    Credentials.AccessKey key =
        resolve(
            Map.of(
                "ALIBABA_CLOUD_ACCESS_KEY_ID", "id",
                "ALIBABA_CLOUD_ACCESS_KEY_SECRET", "s3cret",
                "ALIBABA_CLOUD_SECURITY_TOKEN", "t0ken"));
    assertThat(key.id()).isEqualTo("id");
    assertThat(key.secret()).isEqualTo("s3cret");
    assertThat(key.token()).contains("t0ken");
    assertThat(
            resolve(
                    Map.of(
                        "ALIBABA_CLOUD_ACCESS_KEY_ID", "id",
                        "ALIBABA_CLOUD_ACCESS_KEY_SECRET", "s3cret"))
                .token())
        .isEmpty();
  }

  @Test
  void absentVariablesAreNamed() {
    CredentialsProvider provider =
        AlibabaCredentials.usual(
            Environment.of(Map.of("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "s3cret")), Optional.empty());
    assertThatThrownBy(provider::resolve)
        .isInstanceOf(CredentialsException.class)
        .hasMessageContaining("ALIBABA_CLOUD_ACCESS_KEY_ID")
        .hasMessageNotContaining("s3cret");
  }

  @Test
  void configurationWithoutCredentialsGivesNone() {
    assertThat(AlibabaCredentials.from(config(Map.of()))).isEmpty();
  }

  @Test
  void emptyTokenMeansALastingKey() {
    Optional<Credentials> credentials =
        AlibabaCredentials.from(
            config(Map.of("access-key-id", "id", "access-key-secret", "s", "security-token", "")));
    assertThat(((Credentials.AccessKey) credentials.orElseThrow()).token()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"access-key-id", "access-key-secret"})
  void missingHalfOfTheKeyIsNamed(String missing) {
    Map<String, String> half =
        Map.of(missing.equals("access-key-id") ? "access-key-secret" : "access-key-id", "s3cret");
    assertThatThrownBy(() -> AlibabaCredentials.from(config(half)))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("credentials." + missing + " is missing")
        .hasMessageNotContaining("s3cret");
  }

  @Test
  void secretWithALineBreakIsRefusedWithoutShowingIt() {
    assertThatThrownBy(
            () ->
                AlibabaCredentials.from(
                    config(Map.of("access-key-id", "id", "access-key-secret", "s3cret\n"))))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("line break")
        .hasMessageNotContaining("s3cret");
  }

  @Test
  void aProfileStandsAlone() {
    assertThat(AlibabaCredentials.from(config(Map.of("profile", "prod")))).isEmpty();
    assertThatThrownBy(
            () ->
                AlibabaCredentials.from(
                    config(Map.of("profile", "prod", "access-key-secret", "s3cret"))))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("credentials.profile")
        .hasMessageNotContaining("s3cret");
  }

  private static Config config(Map<String, String> credentials) {
    return new Config(Map.of(), Map.<String, List<String>>of(), Map.of(), credentials);
  }

  private static Credentials.AccessKey resolve(Map<String, String> environment) {
    Step<Credentials> step =
        AlibabaCredentials.usual(Environment.of(environment), Optional.empty()).resolve();
    assertThat(step).isInstanceOf(Step.Done.class);
    return (Credentials.AccessKey) ((Step.Done<Credentials>) step).value();
  }
}
