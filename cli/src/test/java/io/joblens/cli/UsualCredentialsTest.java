package io.joblens.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** With only a vendor's own set-up, and no credentials in ours, {@code joblens runs} works. */
class UsualCredentialsTest {
  private static final String SECRET = "canary-secret";
  private static final String TOKEN = "canary-token";

  private final DemoWorld world = DemoWorld.open(0);
  private final Terminal terminal = new Terminal();

  @TempDir Path home;

  @BeforeEach
  void letIn() {
    terminal.home(home);
    for (var cloud : List.of(world.sae(), world.schedulerx(), world.batch(), world.workspace())) {
      cloud.addKey("lasting", SECRET);
      cloud.addKey("temporary", SECRET, TOKEN);
    }
    world.workspace().addProject(DemoWorld.PROJECT, "cn-north-4");
    world.workspace().addIamUser("company", "robot", SECRET);
  }

  @AfterEach
  void close() {
    world.close();
  }

  /** One way to have credentials. */
  private record SetUp(
      String name,
      List<String> clouds,
      String config,
      Map<String, String> variables,
      Map<String, String> properties,
      Map<String, String> files) {

    static SetUp of(String name, String... clouds) {
      return new SetUp(
          name,
          List.of(clouds),
          "",
          new LinkedHashMap<>(),
          new LinkedHashMap<>(),
          new LinkedHashMap<>());
    }

    SetUp variable(String variable, String value) {
      variables.put(variable, value);
      return this;
    }

    SetUp property(String property, String value) {
      properties.put(property, value);
      return this;
    }

    SetUp file(String file, String content) {
      files.put(file, content);
      return this;
    }

    /** Adds keys to the cloud's entry. */
    SetUp config(String more) {
      return new SetUp(name, clouds, ", " + more, variables, properties, files);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private static SetUp alibaba(String name) {
    return SetUp.of(name, "sae", "sx");
  }

  private static String aliyunJson(String current, String mode) {
    return """
        {"current": "%s", "profiles": [
          {"name": "other", "mode": "AK", "access_key_id": "nobody", "access_key_secret": "x"},
          {"name": "night", "mode": "%s", "access_key_id": "%s",
           "access_key_secret": "canary-secret", "sts_token": "canary-token"}]}"""
        .formatted(current, mode, mode.equals("AK") ? "lasting" : "temporary");
  }

  private static String alibabaIni(String section) {
    return """
        [%s]
        enable = true            # Enable
        type = access_key
        access_key_id = lasting
        access_key_secret = canary-secret
        """
        .formatted(section);
  }

  private static String tencentIni(String section) {
    return "[" + section + "]\nsecret_id = lasting\nsecret_key = canary-secret\n";
  }

  private static final String TCCLI =
      "{\"secretId\": \"temporary\", \"secretKey\": \"canary-secret\", \"token\": \"canary-token\"}";

  private static String huaweiIni(String more) {
    return "[basic]\nak = lasting\nsk = canary-secret\n" + more;
  }

  static List<SetUp> setUps() {
    List<SetUp> all = new ArrayList<>();
    String json = ".aliyun/config.json";
    String ini = ".alibabacloud/credentials.ini";
    all.add(
        alibaba("Alibaba: JVM properties")
            .property("alibabacloud.accessKeyId", "temporary")
            .property("alibabacloud.accessKeySecret", SECRET)
            .property("alibabacloud.sessionToken", TOKEN));
    all.add(
        alibaba("Alibaba: variables")
            .variable("ALIBABA_CLOUD_ACCESS_KEY_ID", "lasting")
            .variable("ALIBABA_CLOUD_ACCESS_KEY_SECRET", SECRET));
    all.add(
        alibaba("Alibaba: variables with a token")
            .variable("ALIBABA_CLOUD_ACCESS_KEY_ID", "temporary")
            .variable("ALIBABA_CLOUD_ACCESS_KEY_SECRET", SECRET)
            .variable("ALIBABA_CLOUD_SECURITY_TOKEN", TOKEN));
    all.add(alibaba("Alibaba: ~/.aliyun, AK").file(json, aliyunJson("night", "AK")));
    all.add(alibaba("Alibaba: ~/.aliyun, StsToken").file(json, aliyunJson("night", "StsToken")));
    all.add(
        alibaba("Alibaba: ~/.aliyun, a profile by variable")
            .file(json, aliyunJson("other", "AK"))
            .variable("ALIBABA_CLOUD_PROFILE", "night"));
    all.add(
        alibaba("Alibaba: ~/.aliyun, a profile by our configuration")
            .file(json, aliyunJson("other", "AK"))
            .config("credentials: {profile: night}"));
    all.add(alibaba("Alibaba: ~/.alibabacloud").file(ini, alibabaIni("default")));
    all.add(
        alibaba("Alibaba: ~/.alibabacloud, ~/.aliyun switched off")
            .file(json, aliyunJson("other", "AK"))
            .file(ini, alibabaIni("default"))
            .variable("ALIBABA_CLOUD_CLI_PROFILE_DISABLED", "true"));
    all.add(
        alibaba("Alibaba: ~/.alibabacloud, a profile by variable")
            .file(ini, alibabaIni("night"))
            .variable("ALIBABA_CLOUD_PROFILE", "night"));
    all.add(
        alibaba("Alibaba: a file by variable")
            .file("elsewhere.ini", alibabaIni("default"))
            .variable("ALIBABA_CLOUD_CREDENTIALS_FILE", "HOME/elsewhere.ini"));

    all.add(
        SetUp.of("Tencent: variables", "batch")
            .variable("TENCENTCLOUD_SECRET_ID", "lasting")
            .variable("TENCENTCLOUD_SECRET_KEY", SECRET));
    for (String variable : List.of("TENCENTCLOUD_TOKEN", "TENCENTCLOUD_SECURITY_TOKEN")) {
      all.add(
          SetUp.of("Tencent: variables with " + variable, "batch")
              .variable("TENCENTCLOUD_SECRET_ID", "temporary")
              .variable("TENCENTCLOUD_SECRET_KEY", SECRET)
              .variable(variable, TOKEN));
    }
    all.add(
        SetUp.of("Tencent: ~/.tencentcloud", "batch")
            .file(".tencentcloud/credentials", tencentIni("default")));
    all.add(
        SetUp.of("Tencent: ~/.tencentcloud, a section by our configuration", "batch")
            .file(".tencentcloud/credentials", tencentIni("night"))
            .config("credentials: {profile: night}"));
    all.add(
        SetUp.of("Tencent: a file by variable", "batch")
            .file("elsewhere", tencentIni("default"))
            .variable("TENCENTCLOUD_CREDENTIALS_FILE", "HOME/elsewhere"));
    all.add(SetUp.of("Tencent: tccli", "batch").file(".tccli/default.credential", TCCLI));
    all.add(
        SetUp.of("Tencent: tccli, a profile by variable", "batch")
            .file(".tccli/night.credential", TCCLI)
            .variable("TCCLI_PROFILE", "night"));
    all.add(
        SetUp.of("Tencent: tccli, a profile by our configuration", "batch")
            .file(".tccli/night.credential", TCCLI)
            .config("credentials: {profile: night}"));

    all.add(
        SetUp.of("Huawei: variables", "ws")
            .variable("HUAWEICLOUD_SDK_AK", "lasting")
            .variable("HUAWEICLOUD_SDK_SK", SECRET)
            .variable("HUAWEICLOUD_SDK_PROJECT_ID", DemoWorld.PROJECT));
    all.add(
        SetUp.of("Huawei: variables with a token, the project looked up", "ws")
            .variable("HUAWEICLOUD_SDK_AK", "temporary")
            .variable("HUAWEICLOUD_SDK_SK", SECRET)
            .variable("HUAWEICLOUD_SDK_SECURITY_TOKEN", TOKEN));
    all.add(
        SetUp.of("Huawei: ~/.huaweicloud, the project looked up", "ws")
            .file(".huaweicloud/credentials", huaweiIni("")));
    all.add(
        SetUp.of("Huawei: ~/.huaweicloud with its project", "ws")
            .file(".huaweicloud/credentials", huaweiIni("project_id = " + DemoWorld.PROJECT)));
    all.add(
        SetUp.of("Huawei: a file by variable", "ws")
            .file("elsewhere", huaweiIni(""))
            .variable("HUAWEICLOUD_SDK_CREDENTIALS_FILE", "HOME/elsewhere"));
    all.add(
        SetUp.of("Huawei: an IAM user's password", "ws")
            .variable("PASSWORD", SECRET)
            .config("credentials: {user: robot, password: '${PASSWORD}', domain: company}"));
    return all;
  }

  @ParameterizedTest
  @MethodSource("setUps")
  void whatTheVendorsToolsKnowIsEnough(SetUp setUp) throws IOException {
    prepare(setUp);
    for (String cloud : setUp.clouds()) {
      int exit = terminal.run("runs", "--cloud", cloud, "-o", "ndjson");
      assertThat(exit).as(terminal.err()).isZero();
    }
    assertThat(terminal.lines())
        .hasSizeGreaterThanOrEqualTo(setUp.clouds().size())
        .allSatisfy(line -> assertThat(line).startsWith("{\"cloud\":\""));
    for (String cloud : setUp.clouds()) {
      assertThat(terminal.out()).contains("{\"cloud\":\"" + cloud + "\"");
    }
    assertThat(terminal.err()).isEmpty();
  }

  private void prepare(SetUp setUp) throws IOException {
    for (Map.Entry<String, String> file : setUp.files().entrySet()) {
      Path path = home.resolve(file.getKey());
      Files.createDirectories(path.getParent());
      Files.writeString(path, file.getValue());
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
    }
    setUp.variables().forEach((k, v) -> terminal.with(k, v.replace("HOME", home.toString())));
    setUp.properties().forEach(terminal::withProperty);
    Path config = home.resolve(".config/joblens/joblens.yaml");
    Files.createDirectories(config.getParent());
    Files.writeString(config, configuration(setUp));
  }

  private String configuration(SetUp setUp) {
    StringBuilder text = new StringBuilder("clouds:\n");
    for (String cloud : setUp.clouds()) {
      String entry =
          switch (cloud) {
            case "sae" ->
                "provider: alibaba-sae, region: cn-hangzhou, job: %s, endpoint: '%s'"
                    .formatted(DemoWorld.SETTLEMENT, world.sae().endpoint());
            case "sx" ->
                "provider: alibaba-schedulerx, region: cn-hangzhou, namespace: %s, group: %s,"
                        .formatted(DemoWorld.NAMESPACE, DemoWorld.GROUP)
                    + " endpoint: '%s'".formatted(world.schedulerx().endpoint());
            case "batch" ->
                "provider: tencent-batch, region: ap-guangzhou, endpoint: '%s'"
                    .formatted(world.batch().endpoint());
            default ->
                "provider: huawei-workspace, region: cn-north-4, job: %s, endpoint: '%s',"
                        .formatted(DemoWorld.RESTART, world.workspace().endpoint())
                    + " iam-endpoint: '%s'".formatted(world.workspace().endpoint());
          };
      text.append("  %s: {%s, quota: 500/s%s}\n".formatted(cloud, entry, setUp.config()));
    }
    return text.toString();
  }

  private String refusal(SetUp setUp) throws IOException {
    prepare(setUp);
    assertThat(terminal.run("runs", "--cloud", setUp.clouds().get(0))).isIn(1, 2, 4);
    assertThat(terminal.err()).doesNotContain("canary").doesNotContain("Exception");
    return terminal.err();
  }

  @Test
  void withoutAnyEachPlaceIsNamed() throws IOException {
    assertThat(refusal(SetUp.of("none", "batch")))
        .contains("no credentials; give some explicitly, or set up one of these places")
        .contains("TENCENTCLOUD_SECRET_ID")
        .contains("~/.tencentcloud/credentials: there is no such file")
        .contains("~/.tccli/default.credential: there is no such file");
  }

  @Test
  void aBrokenFileIsNamedWithItsLine() throws IOException {
    assertThat(
            refusal(
                SetUp.of("broken", "sae")
                    .file(".aliyun/config.json", "{\n\"profiles\": [{\"x\": \"canary")))
        .contains(home + "/.aliyun/config.json: is not JSON, or not complete, at line 2");
  }

  @Test
  void aProfileThatIsNotThereIsNamedWithItsFile() throws IOException {
    assertThat(
            refusal(
                alibaba("no profile")
                    .file(".aliyun/config.json", aliyunJson("night", "AK"))
                    .config("credentials: {profile: nihgt}")))
        .contains(home + "/.aliyun/config.json: has no profile nihgt");
  }

  @Test
  void aRoleThatTakesCallsNamesWhatMakesThem() throws IOException {
    assertThat(
            refusal(
                SetUp.of("role", "sae")
                    .file(".aliyun/config.json", aliyunJson("night", "RamRoleArn"))))
        .contains("profile night: has mode RamRoleArn")
        .contains("AliyunSdkCredentials of joblens-vendor-sdk-bridge");
  }

  @Test
  void aWrongPasswordSaysWhatToCheck() throws IOException {
    assertThat(
            refusal(
                SetUp.of("password", "ws")
                    .config("credentials: {user: robot, password: canary-wrong, domain: company}")))
        .contains("KeystoneCreateUserTokenByPassword", "The username or password is wrong.")
        .contains("check user, password and domain");
  }

  @Test
  void aRefusedKeySaysWhereItIsFrom() throws IOException {
    assertThat(
            refusal(
                SetUp.of("wrong key", "batch")
                    .file(
                        ".tencentcloud/credentials",
                        "[default]\nsecret_id = nobody\nsecret_key = canary-secret\n")))
        .contains("credentials from " + home + "/.tencentcloud/credentials section [default]");
  }

  @Test
  void twoProjectsForARegionAreNamed() throws IOException {
    world.workspace().addProject("another", "cn-north-4");
    assertThat(
            refusal(SetUp.of("two projects", "ws").file(".huaweicloud/credentials", huaweiIni(""))))
        .contains("region cn-north-4 has 2 projects, " + DemoWorld.PROJECT + " and another")
        .contains("project-id");
  }
}
