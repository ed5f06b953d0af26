package io.joblens.alibaba.schedulerx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.joblens.ConfigException;
import io.joblens.JobQuery;
import io.joblens.spi.Config;
import io.joblens.spi.ConfigKey;
import io.joblens.spi.JobProvider;
import io.joblens.spi.JobProviderFactory;
import io.joblens.spi.Scopes;
import io.joblens.spi.Step;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AlibabaSchedulerxFactoryTest {
  private final AlibabaSchedulerxFactory factory = new AlibabaSchedulerxFactory();

  @Test
  void serviceLoaderFindsTheFactory() {
    assertThat(ServiceLoader.load(JobProviderFactory.class))
        .filteredOn(found -> found.id().equals(AlibabaSchedulerx.ID))
        .hasSize(1)
        .allSatisfy(found -> assertThat(found.states()).isSameAs(SchedulerxStates.TABLE));
  }

  @Test
  void theKeysAreTheDocumentedOnes() {
    assertThat(factory.keys())
        .extracting(ConfigKey::name)
        .containsExactly("namespace", "namespace-source", "group", "job", "time-zone");
    assertThat(factory.keys()).as("what is not given is found").noneMatch(ConfigKey::required);
    assertThat(factory.credentialKeys())
        .extracting(ConfigKey::name)
        .contains("access-key-id", "access-key-secret", "security-token");
  }

  @Test
  void aConfigurationBecomesAProvider() {
    JobProvider provider =
        provider(
            Map.of("namespace", "ns", "namespace-source", "schedulerx", "time-zone", "GMT+8"),
            Map.of("group", List.of("g1", "g2")));

    assertThat(
            ((Step.Done<Scopes>) provider.scopes(JobQuery.ALL, Optional.empty())).value().scopes())
        .extracting(scope -> scope.toString())
        .containsExactly("cn-hangzhou:ns/g1", "cn-hangzhou:ns/g2");
    assertThat(Wire.request(provider.get(List.of(SchedulerxProviderTest.ref("1")))).encodedQuery())
        .contains("NamespaceSource=schedulerx");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Shanghai", "+99:00", ""})
  void aZoneThatIsNoneIsRefusedByItsKey(String zone) {
    assertThatThrownBy(() -> provider(Map.of("time-zone", zone), Map.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("time-zone");
  }

  @Test
  void aRegionIsRequired() {
    assertThatThrownBy(() -> AlibabaSchedulerx.builder().provider())
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("region");
  }

  @Test
  void idsAreCheckedAsTheyAreGiven() {
    assertThatThrownBy(() -> AlibabaSchedulerx.builder().group("a\nb"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("group");
    assertThatThrownBy(() -> AlibabaSchedulerx.builder().namespace(" "))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("namespace");
  }

  private JobProvider provider(Map<String, String> texts, Map<String, List<String>> lists) {
    AlibabaSchedulerx.Builder builder =
        (AlibabaSchedulerx.Builder) factory.configure(new Config(texts, lists, Map.of(), Map.of()));
    return builder.region("cn-hangzhou").provider();
  }
}
