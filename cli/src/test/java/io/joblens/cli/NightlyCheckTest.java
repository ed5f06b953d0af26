package io.joblens.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.joblens.TaskCounts;
import io.joblens.spi.JsonReader;
import io.joblens.spi.TimeSource;
import io.joblens.testkit.AlibabaSaeCloud;
import io.joblens.testkit.AlibabaSchedulerxCloud;
import io.joblens.testkit.FakeCloud;
import io.joblens.testkit.FakeJob;
import io.joblens.testkit.FakeRun;
import io.joblens.testkit.HuaweiWorkspaceCloud;
import io.joblens.testkit.TencentBatchCloud;
import io.joblens.testkit.World;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * "What failed, everywhere, since yesterday?" with no id in the configuration: two accounts of 30
 * SAE apps each, 12 SchedulerX groups of 40 jobs, 3 Huawei projects in each of 2 regions, 900
 * Tencent jobs. The plan says beforehand what it costs.
 */
class NightlyCheckTest {
  private static final String NAMESPACE = "4a06d5ea-f576-4326-842c-fb14ea043d8d";
  private static final Duration HOUR_AGO = Duration.ofHours(-1);

  private final Map<String, FakeCloud> clouds = new LinkedHashMap<>();
  private final StringBuilder config = new StringBuilder("clouds:\n");
  private Path file = Path.of("");

  @BeforeEach
  void build(@TempDir Path directory) throws IOException {
    sae("sae-a");
    sae("sae-b");
    schedulerx();
    tencent();
    huawei("ws-north", "cn-north-4");
    huawei("ws-singapore", "ap-southeast-3");
    file = Files.writeString(directory.resolve("joblens.yaml"), config);
  }

  @AfterEach
  void close() {
    clouds.values().forEach(FakeCloud::close);
  }

  private <T extends FakeCloud> T add(String name, T cloud, String settings) {
    cloud.addKey(name + "-id", name + "-canary");
    clouds.put(name, cloud);
    config
        .append("  ")
        .append(name)
        .append(": {account: ")
        .append(name)
        .append(", quota: 5000/s, endpoint: \"")
        .append(cloud.endpoint())
        .append("\", ")
        .append(settings.replace("ID", name + "-id").replace("SECRET", name + "-canary"))
        .append("}\n");
    return cloud;
  }

  private static World world() {
    return new World(TimeSource.system());
  }

  private void sae(String name) {
    World world = world();
    for (int app = 0; app < 30; app++) {
      String id = "%s-0000-0000-0000-%012d".formatted(name, app);
      world.add(FakeJob.builder(id).region("cn-hangzhou").name("app-" + app));
      world.add(run(name + "-" + app + "-1", id).region("cn-hangzhou").at(HOUR_AGO, "1"));
      world.add(
          run(name + "-" + app + "-2", id)
              .region("cn-hangzhou")
              .at(HOUR_AGO, app % 10 == 0 ? "2" : "1"));
    }
    add(
        name,
        new AlibabaSaeCloud(world),
        "provider: alibaba-sae, region: cn-hangzhou,"
            + " credentials: {access-key-id: ID, access-key-secret: SECRET}");
  }

  private static FakeRun.Builder run(String id, String job) {
    return FakeRun.builder(id).job(job);
  }

  private void schedulerx() {
    World world = world();
    int number = 0;
    for (int group = 0; group < 12; group++) {
      for (int job = 0; job < 40; job++) {
        number++;
        String id = Integer.toString(1000 + number);
        world.add(
            FakeJob.builder(id)
                .region("cn-hangzhou")
                .namespace(NAMESPACE)
                .group("group." + group)
                .name("job " + number % 400)); // some share a name
        String word = job == 0 ? "5" : job == 1 ? "9" : "4";
        world.add(
            run(Integer.toString(300_000 + number), id)
                .region("cn-hangzhou")
                .namespace(NAMESPACE)
                .group("group." + group)
                .at(HOUR_AGO, word));
      }
    }
    add(
        "sx",
        new AlibabaSchedulerxCloud(world),
        "provider: alibaba-schedulerx, region: cn-hangzhou, time-zone: Asia/Shanghai, namespace: "
            + NAMESPACE
            + ", credentials: {access-key-id: ID, access-key-secret: SECRET}");
  }

  private void tencent() {
    World world = world();
    for (int i = 0; i < 899; i++) {
      world.add(
          FakeRun.builder("job-%08d".formatted(i))
              .region("ap-guangzhou")
              .name("etl")
              .at(HOUR_AGO, i % 100 == 0 ? "FAILED" : "SUCCEED"));
    }
    Duration evening = Duration.ofHours(-14);
    world.add(
        FakeRun.builder("job-overnight")
            .region("ap-guangzhou")
            .at(evening, "RUNNING")
            .ends(evening.plusHours(7), "FAILED"));
    add(
        "batch",
        new TencentBatchCloud(world),
        "provider: tencent-batch, region: ap-guangzhou,"
            + " credentials: {secret-id: ID, secret-key: SECRET}");
  }

  private void huawei(String name, String region) {
    World world = world();
    for (int project = 0; project < 3; project++) {
      for (int task = 0; task < 2; task++) {
        String id = "task-" + project + task;
        world.add(FakeJob.builder(id).region(region).namespace("p" + project).name("restart"));
        world.add(
            run(name + "-" + project + task, id)
                .region(region)
                .namespace("p" + project)
                .tasks(TaskCounts.builder().total(5L).succeeded(4L).failed((long) task).build())
                .at(HOUR_AGO, "SUCCESS"));
      }
    }
    add(
        name,
        new HuaweiWorkspaceCloud(world),
        "provider: huawei-workspace, region: "
            + region
            + ", project-ids: [p0, p1, p2], credentials: {ak: ID, sk: SECRET}");
  }

  private Terminal joblens(String... words) {
    Terminal terminal = new Terminal();
    String[] all = Arrays.copyOf(words, words.length + 2);
    all[words.length] = "--config";
    all[words.length + 1] = file.toString();
    assertThat(terminal.run(all)).as(terminal.err()).isZero();
    return terminal;
  }

  private Map<String, Integer> requests() {
    Map<String, Integer> requests = new LinkedHashMap<>();
    clouds.forEach((name, cloud) -> requests.put(name, cloud.requests().size()));
    clouds.values().forEach(FakeCloud::clearRequests);
    return requests;
  }

  private static Map<?, ?> plan(Map<?, ?> plans, String cloud) {
    return ((List<?>) Objects.requireNonNull(plans.get("plans")))
        .stream()
            .map(plan -> (Map<?, ?>) plan)
            .filter(plan -> cloud.equals(plan.get("cloud")))
            .findFirst()
            .orElseThrow();
  }

  private static long number(Map<?, ?> plan, String key) {
    return ((Number) Objects.requireNonNull(plan.get(key), key)).longValue();
  }

  @Test
  void thePlanPredictsTheRequestsAndEveryProblemIsThere() {
    Terminal explained =
        joblens("runs", "--since", "yesterday", "--problems", "--explain", "-o", "json");
    Map<?, ?> plans =
        (Map<?, ?>)
            Objects.requireNonNull(
                JsonReader.readTree(explained.out().getBytes(StandardCharsets.UTF_8)));
    Map<String, Integer> discovery = requests();

    Terminal listed = joblens("runs", "--since", "yesterday", "--problems", "-o", "ndjson");
    Map<String, Integer> made = requests();

    made.forEach(
        (cloud, count) -> {
          Map<?, ?> plan = plan(plans, cloud);
          System.out.printf(
              "%-14s discovery %3d, planned %3d, made %3d requests%n",
              cloud, discovery.get(cloud), number(plan, "expectedCalls"), count);
          assertThat(number(plan, "discoveryCalls"))
              .as(cloud)
              .isEqualTo(discovery.getOrDefault(cloud, -1).longValue());
          if (cloud.equals("batch")) { // 900 jobs take more than one page
            assertThat((long) count)
                .isBetween(number(plan, "leastCalls"), number(plan, "mostCalls"));
          } else {
            assertThat((long) count).as(cloud).isEqualTo(number(plan, "expectedCalls"));
            assertThat((long) count).as(cloud).isGreaterThanOrEqualTo(number(plan, "leastCalls"));
          }
        });
    assertThat(made.get("sae-a")).isLessThanOrEqualTo(31);
    assertThat(made.get("sae-b")).isLessThanOrEqualTo(31);

    String rows = listed.out();
    assertThat(rows).contains("\"runId\":\"job-overnight\"", "\"state\":\"REJECTED\"");
    assertThat(listed.lines())
        .filteredOn(line -> line.contains("\"cloud\":\"ws-"))
        .hasSize(6)
        .allSatisfy(line -> assertThat(line).contains("\"state\":\"SUCCEEDED\"", "\"failed\":1"));
    assertThat(listed.lines()).filteredOn(line -> line.contains("\"cloud\":\"sx\"")).hasSize(24);
    assertThat(listed.lines()).filteredOn(line -> line.contains("\"cloud\":\"sae-")).hasSize(6);
    assertThat(listed.lines()).filteredOn(line -> line.contains("\"cloud\":\"batch\"")).hasSize(10);
    assertThat(rows).contains("\"name\":\"app-10\"");
  }
}
