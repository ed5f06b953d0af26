package io.joblens.tencent.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.joblens.ConfigException;
import io.joblens.CredentialsException;
import io.joblens.JobClient;
import io.joblens.spi.Config;
import io.joblens.spi.ConfigKey;
import io.joblens.spi.Credentials;
import io.joblens.spi.CredentialsProvider;
import io.joblens.spi.JobProviderFactory;
import io.joblens.spi.Step;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

class TencentBatchFactoryTest {
  private final TencentBatchFactory factory = new TencentBatchFactory();

  @Test
  void theServiceLoaderFindsIt() {
    assertThat(ServiceLoader.load(JobProviderFactory.class))
        .hasAtLeastOneElementOfType(TencentBatchFactory.class);
    assertThat(factory.id()).hasToString("tencent-batch");
    assertThat(factory.states()).isSameAs(BatchStates.TABLE);
    assertThat(factory.capabilities().maxPage()).isEqualTo(100);
  }

  @Test
  void itsKeysAreThoseOfTheConfigurationContract() {
    assertThat(factory.keys()).isEmpty();
    assertThat(factory.credentialKeys())
        .extracting(ConfigKey::name)
        .containsExactly("secret-id", "secret-key", "token", "profile");
  }

  @Test
  void credentialsAreLasting() {
    assertThat(configure(Map.of("secret-id", "id", "secret-key", "key")).account())
        .startsWith("key-");
  }

  @Test
  void anEmptyTokenIsNone() {
    assertThat(configure(Map.of("secret-id", "id", "secret-key", "key", "token", "")).account())
        .startsWith("key-");
  }

  @Test
  void withoutCredentialsTheEnvironmentCounts() {
    assertThat(configure(Map.of()).account()).isEqualTo("default");
  }

  @Test
  void halfAKeyIsRefusedByName() {
    assertThatThrownBy(() -> configure(Map.of("secret-id", "id")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("secret-key is missing");
    assertThatThrownBy(() -> configure(Map.of("token", "t0ken", "secret-key", "k3y")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("secret-id is missing")
        .hasMessageNotContainingAny("t0ken", "k3y");
  }

  @Test
  void aKeyThatNoHeaderCanCarryIsRefusedWithoutShowingIt() {
    assertThatThrownBy(() -> configure(Map.of("secret-id", "id", "secret-key", "k3y\n")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("secret")
        .hasMessageNotContaining("k3y");
  }

  @Test
  void bothVariablesForATokenAreRead() {
    for (String variable : List.of("TENCENTCLOUD_TOKEN", "TENCENTCLOUD_SECURITY_TOKEN")) {
      Credentials found =
          fromEnvironment(
              Map.of(
                  "TENCENTCLOUD_SECRET_ID",
                  "id",
                  "TENCENTCLOUD_SECRET_KEY",
                  "key",
                  variable,
                  "token"));

      assertThat(found)
          .isInstanceOfSatisfying(
              Credentials.AccessKey.class,
              key -> {
                assertThat(key.id()).isEqualTo("id");
                assertThat(key.secret()).isEqualTo("key");
                assertThat(key.token()).hasValue("token");
              });
    }
  }

  @Test
  void withoutVariablesTheMessageNamesThem() {
    assertThatThrownBy(() -> fromEnvironment(Map.of("TENCENTCLOUD_SECRET_ID", "id")))
        .isInstanceOf(CredentialsException.class)
        .hasMessageContaining("TENCENTCLOUD_SECRET_ID")
        .hasMessageContaining("TENCENTCLOUD_SECRET_KEY");
  }

  private static Credentials fromEnvironment(Map<String, String> environment) {
    CredentialsProvider source =
        TencentBatch.builder().environment(environment).defaultCredentials();
    return ((Step.Done<Credentials>) source.resolve()).value();
  }

  private JobClient configure(Map<String, String> credentials) {
    return factory
        .configure(new Config(Map.of(), Map.of(), Map.of(), credentials))
        .region("ap-guangzhou")
        .environment(Map.of())
        .build();
  }
}
