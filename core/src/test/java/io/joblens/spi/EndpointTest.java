package io.joblens.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.joblens.ConfigException;
import io.joblens.spi.Endpoint.Trust;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointTest {
  private static final List<String> VENDOR = List.of("aliyuncs.com", "vendor.example");

  @ParameterizedTest
  @CsvSource({
    "sae.cn-hangzhou.aliyuncs.com,https://sae.cn-hangzhou.aliyuncs.com",
    "https://SAE.Aliyuncs.com,https://sae.aliyuncs.com",
    "HTTPS://aliyuncs.com/,https://aliyuncs.com",
    "https://aliyuncs.com:443,https://aliyuncs.com",
    "https://aliyuncs.com:8443,https://aliyuncs.com:8443",
    "https://aliyuncs.com:65535,https://aliyuncs.com:65535",
    "https://aliyuncs.com:80,https://aliyuncs.com:80",
    "http://localhost,http://localhost",
    "http://localhost:80,http://localhost",
    "http://127.0.0.1:8080,http://127.0.0.1:8080",
    "http://127.255.255.254:1,http://127.255.255.254:1",
    "http://[::1]:8080,http://[::1]:8080",
    "https://localhost:443,https://localhost",
    "localhost:9000,https://localhost:9000"
  })
  void endpointsOfTheVendorAndOfThisMachineAreTaken(String text, String expected) {
    assertThat(Endpoint.parse(text, VENDOR, Trust.VENDOR_ONLY)).hasToString(expected);
  }

  @ParameterizedTest
  @EnumSource(Trust.class)
  void tricksWithUrlsAreRefusedWhateverIsTrusted(Trust trust) {
    for (String text :
        List.of(
            "",
            " ",
            "https://",
            "https:///x",
            "://host",
            "a/b://c",
            "mailto:x://y",
            "javascript:a://b",
            "https:aliyuncs.com://",
            "https://sae.x@evil.com/.aliyuncs.com",
            "https://sae.evil.com/#.aliyuncs.com",
            "https://sae.evil.com/?.aliyuncs.com",
            "https://sae.evil.com\\.aliyuncs.com",
            "https://sae.evil.com:8080/.aliyuncs.com",
            "https://user:password@aliyuncs.com",
            "https://aliyuncs.com@evil.com",
            "https://aliyuncs.com/path",
            "https://aliyuncs.com//",
            "https://aliyuncs.com?x",
            "https://aliyuncs.com#x",
            "https://aliyuncs.com:0",
            "https://aliyuncs.com:65536",
            "https://aliyuncs.com:99999999999",
            "https://aliyuncs.com:-1",
            "https://aliyuncs.com:8a",
            "https://aliyuncs.com\r\nHost: evil",
            "https://aliyuncs.com ",
            "https://aliyuncs..com",
            "https://.aliyuncs.com",
            "https://aliyuncs.com.",
            "https://-a.aliyuncs.com",
            "https://a_b.aliyuncs.com",
            "https://аliyuncs.com", // a Cyrillic а
            "https://%61liyuncs.com",
            "https://[::2]",
            "https://[::ffff:127.0.0.1]",
            "ftp://aliyuncs.com",
            "file://localhost/etc/passwd")) {
      assertThatThrownBy(() -> Endpoint.parse(text, VENDOR, trust))
          .as(text)
          .isInstanceOf(ConfigException.class)
          .hasMessageStartingWith("endpoint ")
          .hasMessageNotContaining("password")
          .hasMessageNotContaining("evil");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://evil.com",
        "https://evilaliyuncs.com",
        "https://aliyuncs.com.evil.com",
        "https://localhost.evil.com",
        "https://127.0.0.1.evil.com",
        "https://169.254.169.254",
        "https://100.100.100.200",
        "https://0.0.0.0"
      })
  void foreignHostsNeedTheUsersWord(String text) {
    assertThatThrownBy(() -> Endpoint.parse(text, VENDOR, Trust.VENDOR_ONLY))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("aliyuncs.com, vendor.example")
        .hasMessageContaining("allow-foreign-endpoint");
    assertThat(Endpoint.parse(text, VENDOR, Trust.FOREIGN_HOSTS)).hasToString(text);
  }

  @Test
  void plainHttpNeedsAWordOfItsOwn() {
    for (Trust trust : List.of(Trust.VENDOR_ONLY, Trust.FOREIGN_HOSTS)) {
      assertThatThrownBy(() -> Endpoint.parse("http://aliyuncs.com", VENDOR, trust))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("use https");
    }
    assertThat(Endpoint.parse("http://any.example:81", VENDOR, Trust.FOREIGN_HOSTS_AND_PLAIN_HTTP))
        .hasToString("http://any.example:81");
  }

  @Test
  void aHostIsMadeOfLabelsOnly() {
    assertThat(Endpoint.https("batch.tencentcloudapi.com"))
        .isEqualTo(new Endpoint("https", "batch.tencentcloudapi.com"));
    for (String host : List.of("", "a..b", "x@evil.com", "a/b", "A.b", "a:80", "a b")) {
      assertThatThrownBy(() -> Endpoint.https(host)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "::1", "[::1]", "127.0.0.1", "127.1.2.3", "127.255.255.255"})
  void loopbackIsThisMachine(String host) {
    assertThat(Hosts.isLoopback(host)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "LOCALHOST.",
        "127.0.0",
        "127.0.0.256",
        "128.0.0.1",
        "127.0.0.1.",
        "a127.0.0.1"
      })
  void otherHostsAreNotThisMachine(String host) {
    assertThat(Hosts.isLoopback(host)).isFalse();
  }

  @Test
  void aLabelIsLowerCaseAndAtMostSixtyThreeLong() {
    assertThat(Hosts.isLabel("a".repeat(63))).isTrue();
    assertThat(Hosts.requireLabel("region", "cn-north-4")).isEqualTo("cn-north-4");
    for (String label :
        List.of("", "a".repeat(64), "A", "a-", "-a", "a.b", "a_b", "a b", "a\n", "\na", "é", "а")) {
      assertThat(Hosts.isLabel(label)).as(label).isFalse();
      assertThatThrownBy(() -> Hosts.requireLabel("region", label))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("region must be a host label");
    }
  }
}
