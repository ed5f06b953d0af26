package io.joblens.huawei;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.joblens.spi.CredentialsProvider;
import io.joblens.spi.Endpoint;
import io.joblens.spi.Step;
import io.joblens.spi.WireRequest;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.ValueSource;

class HuaweiIamTest {
  private final HuaweiIam iam = new HuaweiIam(Optional.empty());

  @ParameterizedTest
  @CsvFileSource(resources = "/iam-hosts.csv", useHeadersInDisplayName = true)
  void aRegionHasItsHostAndAnyOtherTheGlobalOne(String region, String host) {
    assertThat(iam.endpoint(region)).hasToString("https://" + host);
    assertThat(asked(iam.projectId(region)).url())
        .isEqualTo("https://" + host + "/v3/projects?name=" + region);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x@evil.example/", "evil.example#", "CN-NORTH-4", "a.b", "a\r\nb"})
  void aRegionThatIsNoHostLabelLeadsNowhere(String region) {
    assertThatThrownBy(() -> iam.endpoint(region))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("region ");
  }

  @Test
  void anEndpointCountsForAllRegions() {
    HuaweiIam overridden = new HuaweiIam(Optional.of(new Endpoint("http", "127.0.0.1:1")));
    assertThat(overridden.endpoint("cn-north-4")).hasToString("http://127.0.0.1:1");
  }

  @Test
  void thePasswordIsInTheBodyAndNowhereElse() {
    CredentialsProvider provider =
        iam.password("domain", "user", "canary\"<&", "cn-north-4", Optional.of("project"));
    WireRequest request = asked(provider.resolve());
    assertThat(request.url())
        .isEqualTo("https://iam.cn-north-4.myhuaweicloud.com/v3/auth/tokens?nocatalog=true");
    assertThat(new String(request.body(), StandardCharsets.UTF_8))
        .contains("\"password\":\"canary\\\"<&\"")
        .contains("\"scope\":{\"project\":{\"id\":\"project\"}}");
    assertThat(request.toString()).doesNotContain("canary");
    assertThat(provider.toString()).isEqualTo("IAM user user of domain");
    assertThat(provider.resolve().toString()).doesNotContain("canary");
    assertThat(provider.account()).isEqualTo("user");
  }

  private static WireRequest asked(Step<?> step) {
    return ((Step.Ask<?>) step).call().request();
  }
}
