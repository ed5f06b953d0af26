package io.joblens.alibaba.schedulerx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.joblens.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SchedulerxHostsTest {

  @ParameterizedTest
  @CsvSource({
    "cn-hangzhou,    schedulerx.cn-hangzhou.aliyuncs.com, schedulerx-vpc.cn-hangzhou.aliyuncs.com",
    "cn-beijing,     schedulerx.cn-beijing.aliyuncs.com,  schedulerx-vpc.cn-beijing.aliyuncs.com",
    "cn-shanghai,    schedulerx.cn-shanghai.aliyuncs.com, schedulerx-vpc.cn-shanghai.aliyuncs.com",
    "cn-shenzhen,    schedulerx.cn-shenzhen.aliyuncs.com, schedulerx-vpc.cn-shenzhen.aliyuncs.com",
    "cn-qingdao,     schedulerx.aliyuncs.com,             schedulerx-vpc.cn-qingdao.aliyuncs.com",
    "ap-southeast-1, schedulerx.aliyuncs.com, schedulerx-vpc.ap-southeast-1.aliyuncs.com",
    "eu-central-1,   schedulerx.aliyuncs.com,             schedulerx-vpc.eu-central-1.aliyuncs.com",
    "xx-new-1,       schedulerx.aliyuncs.com,             schedulerx-vpc.xx-new-1.aliyuncs.com",
  })
  void aRegionHasAHostForTheInternetAndOneForItsPrivateNetworks(
      String region, String internet, String vpc) {
    assertThat(SchedulerxHosts.endpoint(region, false)).hasToString("https://" + internet);
    assertThat(SchedulerxHosts.endpoint(region, true)).hasToString("https://" + vpc);
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
