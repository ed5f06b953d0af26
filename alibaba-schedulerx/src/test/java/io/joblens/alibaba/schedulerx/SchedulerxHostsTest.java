package io.joblens.alibaba.schedulerx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.joblens.ConfigException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.ValueSource;

class SchedulerxHostsTest {

  @ParameterizedTest
  @CsvFileSource(resources = "/hosts.csv", useHeadersInDisplayName = true)
  void aRegionHasAHostForTheInternetAndOneForItsPrivateNetworks(
      String region, String internet, @Nullable String vpc) {
    assertThat(SchedulerxHosts.endpoint(region, false)).hasToString("https://" + internet);
    if (vpc != null) {
      assertThat(SchedulerxHosts.endpoint(region, true)).hasToString("https://" + vpc);
    }
  }

  @Test
  void theRegionPublicIsOnlyOnTheInternet() {
    assertThat(SchedulerxHosts.endpoint("public", false))
        .hasToString("https://schedulerx.aliyuncs.com");
    assertThatThrownBy(() -> SchedulerxHosts.endpoint("public", true))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("network");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x@evil.com/", "evil.com/#", "CN-HANGZHOU", "cn_hangzhou", "a..b"})
  void aRegionThatIsNoHostLabelLeadsNowhere(String region) {
    assertThatThrownBy(() -> SchedulerxHosts.endpoint(region, true))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("region");
  }
}
