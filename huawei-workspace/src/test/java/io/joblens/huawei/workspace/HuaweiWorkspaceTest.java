package io.joblens.huawei.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import io.joblens.ConfigException;
import io.joblens.JobClient;
import io.joblens.JobQuery;
import io.joblens.spi.Config;
import io.joblens.spi.ConfigKey;
import io.joblens.spi.Credentials;
import io.joblens.spi.JobProviderFactory;
import io.joblens.spi.Step;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class HuaweiWorkspaceTest {
  private final HuaweiWorkspaceFactory factory = new HuaweiWorkspaceFactory();

  @Test
  void withoutARegionTheBuilderSaysSo() {
    assertThatThrownBy(() -> builder().projectId("p").provider())
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("region is missing");
  }

  @Test
  void aPrivateNetworkNeedsItsEndpoint() {
    HuaweiWorkspace.Builder builder = builder().region("cn-north-4").projectId("p").vpc(true);
    assertThatThrownBy(builder::provider)
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("network is vpc");
    assertThat(builder.endpoint("https://private.myhuaweicloud.com").provider()).isNotNull();
  }

  @Test
  void theProjectComesFromTheEnvironmentUnlessGiven() {
    HuaweiWorkspace.Builder builder =
        builder().region("cn-north-4").environment(Map.of("HUAWEICLOUD_SDK_PROJECT_ID", "env"));
    assertThat(builder.provider().jobRef(List.of("t")).segments()).containsExactly("env", "t");
    assertThat(builder.projectId("given").provider().jobRef(List.of("t")).segments())
        .containsExactly("given", "t");
  }

  @Test
  void aProjectFromTheEnvironmentIsCheckedToo() {
    HuaweiWorkspace.Builder builder =
        builder().region("cn-north-4").environment(Map.of("HUAWEICLOUD_SDK_PROJECT_ID", "a/b"));
    assertThatThrownBy(builder::provider)
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("project id contains a slash");
  }

  @Test
  void severalRegionsNeedOneProjectEachInTheirOrder() {
    HuaweiWorkspace.Builder builder =
        builder().regions(List.of("cn-north-4", "ap-southeast-1")).projectId("p1");
    assertThatThrownBy(builder::provider)
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("1 project-ids for 2 regions");
    builder.projectIds(List.of("p1", "p2"));
    assertThat(builder.provider().jobRef(List.of("p2", "t")).region()).isEqualTo("ap-southeast-1");
  }

  @Test
  void oneRegionMayHaveSeveralProjects() {
    HuaweiWorkspace.Builder builder =
        builder().region("cn-north-4").projectIds(List.of("p", "sub")).job("sub/t");
    assertThat(builder.provider().runRef(List.of("r")).segments()).containsExactly("sub", "t", "r");
    assertThatThrownBy(() -> builder.job("t").provider())
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("more than one project id is configured; give project id, task id");
  }

  @Test
  void namesOfTasksCountByTheTasksOwnId() {
    HuaweiWorkspace.Builder builder =
        builder()
            .region("cn-north-4")
            .projectIds(List.of("p", "sub"))
            .jobs(List.of("p/t1", "sub/t2"))
            .aliases(Map.of("sub/t2", "settle"));
    JobQuery query = JobQuery.builder().job("settle").build();
    Conversation conversation =
        new Conversation().answering(200, "{\"count\":1,\"items\":[{\"id\":\"r\"}]}");
    try (JobClient client = builder.transport(conversation.transport()).build()) {
      assertThat(client.listRuns(query).runs())
          .extracting(run -> run.name().orElse(""))
          .containsExactly("settle");
    }
    assertThat(conversation.requests())
        .extracting(request -> request.encodedPath())
        .containsExactly("/v1/sub/schedule-task/t2/execute-history");
  }

  @Test
  void aForeignEndpointIsRefused() {
    assertThatThrownBy(
            () ->
                builder()
                    .region("cn-north-4")
                    .projectId("p")
                    .endpoint("https://appstream.example.com")
                    .provider())
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("myhuaweicloud.com");
  }

  @Test
  void credentialsComeFromTheVariablesOfHuaweisSdks() {
    Step<Credentials> step =
        builder()
            .environment(
                Map.of(
                    "HUAWEICLOUD_SDK_AK", "AK",
                    "HUAWEICLOUD_SDK_SK", "canary-SK",
                    "HUAWEICLOUD_SDK_SECURITY_TOKEN", "canary-TOKEN"))
            .defaultCredentials()
            .resolve();
    Credentials.AccessKey key = (Credentials.AccessKey) ((Step.Done<Credentials>) step).value();
    assertThat(key.id()).isEqualTo("AK");
    assertThat(key.secret()).isEqualTo("canary-SK");
    assertThat(key.token()).contains("canary-TOKEN");
  }

  @Test
  void theFactoryIsFoundAsAService() {
    assertThat(ServiceLoader.load(JobProviderFactory.class))
        .hasAtLeastOneElementOfType(HuaweiWorkspaceFactory.class);
    assertThat(factory.id().value()).isEqualTo("huawei-workspace");
    assertThat(factory.states()).isSameAs(WorkspaceStates.TABLE);
    assertThat(factory.capabilities().maxPage()).isEqualTo(100);
  }

  @Test
  void theKeysAreThoseOfTheConfigurationsContract() {
    assertThat(factory.keys())
        .extracting(ConfigKey::name, ConfigKey::shape)
        .containsExactly(
            tuple("project-id", ConfigKey.Shape.LIST),
            tuple("iam-endpoint", ConfigKey.Shape.TEXT),
            tuple("job", ConfigKey.Shape.NAMED_LIST));
    assertThat(factory.credentialKeys())
        .extracting(ConfigKey::name)
        .containsExactly("ak", "sk", "security-token", "auth-token", "user", "password", "domain");
  }

  static Stream<Map<String, String>> goodCredentials() {
    return Stream.of(
        Map.of(),
        Map.of("ak", "AK", "sk", "canary-SK"),
        Map.of("ak", "AK", "sk", "canary-SK", "security-token", ""),
        Map.of("ak", "AK", "sk", "canary-SK", "security-token", "T"),
        Map.of("auth-token", "MIIF"));
  }

  @ParameterizedTest
  @MethodSource("goodCredentials")
  void aConfigurationMakesAClientsBuilder(Map<String, String> credentials) {
    HuaweiWorkspace.Builder builder =
        (HuaweiWorkspace.Builder)
            factory.configure(config(List.of("p"), List.of("t"), credentials));
    assertThat(builder.region("cn-north-4").provider().runRef(List.of("r")).segments())
        .containsExactly("p", "t", "r");
  }

  static Stream<Map<String, String>> badCredentials() {
    return Stream.of(
        Map.of("ak", "AK"),
        Map.of("sk", "canary"),
        Map.of("ak", "AK", "sk", ""),
        Map.of("ak", "AK", "sk", "canary\n"),
        Map.of("ak", "AK", "sk", "canary", "auth-token", "canary"),
        Map.of("auth-token", "canary "),
        Map.of("user", "u", "password", "canary"),
        Map.of("user", "u", "password", "canary", "domain", ""),
        Map.of("ak", "AK", "sk", "canary", "user", "u"));
  }

  @ParameterizedTest
  @MethodSource("badCredentials")
  void badCredentialsAreRefusedWithoutBeingShown(Map<String, String> credentials) {
    assertThatThrownBy(() -> factory.configure(config(List.of("p"), List.of(), credentials)))
        .isInstanceOf(ConfigException.class)
        .message()
        .isNotBlank()
        .doesNotContain("canary");
  }

  @Test
  void aBadProjectIdIsAConfigurationError() {
    assertThatThrownBy(() -> factory.configure(config(List.of("a/b"), List.of(), Map.of())))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("project-id contains a slash");
  }

  private static HuaweiWorkspace.Builder builder() {
    return HuaweiWorkspace.builder()
        .environment(Map.of())
        .credentials(Credentials.accessKey("AK", "canary-SK"));
  }

  private static Config config(
      List<String> projects, List<String> jobs, Map<String, String> credentials) {
    return new Config(Map.of(), Map.of("project-id", projects, "job", jobs), Map.of(), credentials);
  }
}
