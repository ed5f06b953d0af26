package io.joblens.cli;

import io.joblens.TaskCounts;
import io.joblens.spi.TimeSource;
import io.joblens.testkit.AlibabaSaeCloud;
import io.joblens.testkit.AlibabaSchedulerxCloud;
import io.joblens.testkit.FakeCloud;
import io.joblens.testkit.FakeJob;
import io.joblens.testkit.FakeRun;
import io.joblens.testkit.FakeTask;
import io.joblens.testkit.HuaweiWorkspaceCloud;
import io.joblens.testkit.TencentBatchCloud;
import io.joblens.testkit.World;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Four made-up clouds on loopback with a night of a trading company behind them. Every neutral
 * state is there, and some runs go on: within the first two minutes they end, well or badly.
 */
final class DemoWorld implements AutoCloseable {
  static final String SETTLEMENT = "7171a6ca-d1cd-4928-8642-7d5cfe690101";
  static final String REPORT = "0b9c3f52-6e1d-4c0b-9d5e-2f8a41c70102";
  static final String NAMESPACE = "4a06d5ea-f576-4326-842c-fb14ea043d8d";
  static final String GROUP = "trade.settlement";
  static final String PROJECT = "0c2e4f6a8b0d4e1fa2b3c4d5e6f70809";
  static final String RESTART = "9f1c7a52-3b64-4d0e-8a11-5d2c9b7e0401";

  private final List<FakeCloud> clouds = new ArrayList<>();
  private final AlibabaSaeCloud sae;
  private final AlibabaSchedulerxCloud schedulerx;
  private final TencentBatchCloud batch;
  private final HuaweiWorkspaceCloud workspace;

  private DemoWorld(TimeSource time, int port) {
    sae = add(new AlibabaSaeCloud(saeWorld(time), port));
    schedulerx = add(new AlibabaSchedulerxCloud(schedulerxWorld(time), next(port, 1)));
    batch = add(new TencentBatchCloud(batchWorld(time), next(port, 2)));
    workspace = add(new HuaweiWorkspaceCloud(workspaceWorld(time), next(port, 3)));
    move(
        sae,
        run("settle-20260311", SETTLEMENT).starts(seconds(-95), "3").ends(seconds(75), "1"),
        4);
    move(schedulerx, instance("300103", "2001", seconds(-130)).ends(seconds(50), "4"), 64);
    move(
        batch,
        job("job-demo0001", "risk-simulation")
            .at(seconds(-40), "SUBMITTED")
            .at(seconds(-30), "STARTING")
            .starts(seconds(5), "RUNNING")
            .ends(seconds(60), "SUCCEED")
            .tag("team", "风控"),
        10);
    move(
        workspace,
        record("e1a0c003", RESTART).starts(seconds(-200), "RUNNING").ends(seconds(100), "SUCCESS"),
        120);
    sae.addKey("demo-ali-id", "demo-ali-secret");
    schedulerx.addKey("demo-ali-id", "demo-ali-secret");
    batch.addKey("demo-tencent-id", "demo-tencent-secret");
    workspace.addKey("demo-huawei-id", "demo-huawei-secret");
  }

  /**
   * Starts the clouds at the port and the three after it.
   *
   * @param port the first port; 0 for free ones
   */
  static DemoWorld open(int port) {
    return open(port, TimeSource.system());
  }

  /** Starts the clouds with a clock of their own. */
  static DemoWorld open(int port, TimeSource time) {
    try {
      return new DemoWorld(time, port);
    } catch (UncheckedIOException e) {
      throw new UsageException(
          "--serve: "
              + e.getMessage()
              + ", "
              + (e.getCause() == null ? "" : e.getCause().getMessage())
              + "; name another port, or 0 for free ones");
    }
  }

  private static int next(int port, int offset) {
    return port == 0 ? 0 : port + offset;
  }

  private <T extends FakeCloud> T add(T cloud) {
    clouds.add(cloud);
    return cloud;
  }

  /** Adds a run whose tasks get on, as far as they should be at each answer. */
  private static void move(FakeCloud cloud, FakeRun.Builder run, int total) {
    Runnable update =
        () -> {
          Duration now = Duration.between(cloud.world().start(), cloud.now());
          FakeRun plan = run.build();
          Duration start = plan.started().orElse(now);
          Duration end = plan.ended().orElse(now);
          double passed = now.minus(start).toMillis() * 1.0 / end.minus(start).toMillis();
          long done = Math.round(total * Math.min(1, Math.max(0, passed)));
          boolean going = passed > 0 && done < total;
          cloud
              .world()
              .add(run.tasks(tasks(total, going ? Math.min(8, total - done) : 0, done, 0)));
        };
    update.run();
    cloud.onReply(
        (request, reply) -> {
          update.run();
          return reply;
        });
  }

  /** Returns all of them. */
  List<FakeCloud> clouds() {
    return List.copyOf(clouds);
  }

  AlibabaSaeCloud sae() {
    return sae;
  }

  AlibabaSchedulerxCloud schedulerx() {
    return schedulerx;
  }

  TencentBatchCloud batch() {
    return batch;
  }

  HuaweiWorkspaceCloud workspace() {
    return workspace;
  }

  /**
   * Returns a configuration that leads to the clouds. Their quotas are no vendor's: they are here.
   */
  String config() {
    return """
        accounts:
          ali-prod:
            credentials: {access-key-id: demo-ali-id, access-key-secret: demo-ali-secret}
        clouds:
          sae-prod:
            provider: alibaba-sae
            account: ali-prod
            region: cn-hangzhou
            jobs: {每日结算: %s, nightly-report: %s}
            endpoint: %s
            quota: 500/s
          sx-prod:
            provider: alibaba-schedulerx
            account: ali-prod
            region: cn-hangzhou
            namespace: %s
            group: %s
            jobs: {订单对账: 2001, 发送账单: 2002, cache-warmup: 2003, 日切🌙: 2004}
            time-zone: Asia/Shanghai
            endpoint: %s
            quota: 500/s
          batch-prod:
            provider: tencent-batch
            account: tc-prod
            region: ap-guangzhou
            credentials: {secret-id: demo-tencent-id, secret-key: demo-tencent-secret}
            endpoint: %s
            quota: 500/s
          desktops:
            provider: huawei-workspace
            account: hw-office
            region: cn-north-4
            project-id: %s
            jobs: {重启云桌面: %s, 夜间关机: 2d7e90b4-77aa-4c1f-b3d5-8e6f1a2c0402}
            credentials: {ak: demo-huawei-id, sk: demo-huawei-secret}
            endpoint: %s
            quota: 500/s
        """
        .formatted(
            SETTLEMENT,
            REPORT,
            sae.endpoint(),
            NAMESPACE,
            GROUP,
            schedulerx.endpoint(),
            batch.endpoint(),
            PROJECT,
            RESTART,
            workspace.endpoint());
  }

  /** Returns commands to try. */
  List<String> examples() {
    return List.of(
        "runs --state FAILED,CANCELLED --since 24h",
        "runs --cloud 'sae-*' -o ndjson",
        "wait batch-prod@job-demo0001",
        "get sx-prod@2001/300101 -o json",
        "job sae-prod@每日结算",
        "raw batch-prod DescribeJobs --json '{\"Limit\":1}'",
        "clouds");
  }

  private static World saeWorld(TimeSource time) {
    World world = new World(time);
    world.add(FakeJob.builder(SETTLEMENT).region("cn-hangzhou").name("daily-settlement"));
    world.add(FakeJob.builder(REPORT).region("cn-hangzhou").name("nightly-report"));
    world.add(
        run("settle-20260310", SETTLEMENT)
            .starts(hours(-8.2), "3")
            .ends(hours(-7.9), "1")
            .message("Job completed")
            .tasks(tasks(null, 0, 4, 0)));
    world.add(
        run("settle-20260309", SETTLEMENT)
            .starts(hours(-32.2), "3")
            .ends(hours(-31.1), "2")
            .message(
                "BackoffLimitExceeded: Job has reached the specified backoff limit; last pod exited"
                    + " with code 137 (OOMKilled): 内存不足，请调大规格后重试")
            .tasks(tasks(null, 0, 1, 3)));
    world.add(run("settle-20260312", SETTLEMENT).at(seconds(-6), "0"));
    world.add(
        run("report-0311", REPORT)
            .starts(hours(-3.5), "3")
            .ends(hours(-3.4), "1")
            .message("Job completed")
            .tasks(tasks(null, 0, 1, 0)));
    world.add(
        run("report-0310", REPORT)
            .starts(hours(-27.5), "3")
            .ends(hours(-27.3), "2")
            .message("DeadlineExceeded: Job was active longer than specified deadline")
            .tasks(tasks(null, 0, 0, 1)));
    return world;
  }

  private static World schedulerxWorld(TimeSource time) {
    World world = new World(time);
    List.of("2001 订单对账", "2002 发送账单", "2003 cache-warmup", "2004 日切🌙")
        .forEach(
            job ->
                world.add(
                    FakeJob.builder(job.substring(0, 4))
                        .region("cn-hangzhou")
                        .namespace(NAMESPACE)
                        .group(GROUP)
                        .name(job.substring(5))));
    world.add(
        instance("300101", "2001", hours(-6)).ends(hours(-5.6), "4").tasks(tasks(64, 0, 64, 0)));
    world.add(
        instance("300102", "2001", hours(-2))
            .ends(hours(-1.7), "11")
            .message("3 of 64 tasks failed: 渠道「银联」对账文件缺失")
            .tasks(tasks(64, 0, 61, 3)));
    world.add(
        instance("300201", "2002", hours(-5))
            .ends(hours(-4.9), "5")
            .message("java.net.SocketTimeoutException: connect timed out: smtp.corp.example:465"));
    world.add(
        instance("300202", "2002", hours(-4.5))
            .trigger("4")
            .ends(hours(-4.4), "6")
            .message("killed by 王伟"));
    world.add(
        instance("300203", "2002", hours(-1)).at(hours(-0.9), "7").message("paused by operator"));
    world.add(run("300301", "2003", hours(-3)).at(hours(-3), "9").message("no worker available"));
    world.add(run("300302", "2003", hours(-2.5)).at(hours(-2.5), "12"));
    world.add(run("300303", "2003", hours(-0.2)).starts(hours(-0.2), "42"));
    world.add(instance("300401", "2004", hours(-10)).ends(hours(-9.99), "4"));
    world.add(run("300402", "2004", seconds(-3)).at(seconds(-3), "1"));
    return world;
  }

  private static World batchWorld(TimeSource time) {
    World world = new World(time);
    world.add(
        job("job-demo0002", "视频转码-第7批")
            .starts(hours(-1.5), "RUNNING")
            .tag("team", "media")
            .tasks(tasks(200, 24, 131, 2)));
    world.add(
        job("job-demo0003", "genome-align")
            .starts(hours(-20), "RUNNING")
            .ends(hours(-14.3), "SUCCEED")
            .tag("team", "bio")
            .tasks(tasks(48, 0, 48, 0)));
    FakeRun.Builder align =
        job("job-demo0004", "genome-align")
            .starts(hours(-44), "RUNNING")
            .ends(hours(-43.2), "FAILED")
            .tag("team", "bio")
            .tasks(tasks(48, 0, 12, 36));
    for (int i = 1; i <= 48; i++) {
      String name = "align-%02d/0".formatted(i);
      align.task(
          i <= 12
              ? new FakeTask(name, "SUCCEED").exitCode(0)
              : new FakeTask(name, "FAILED")
                  .exitCode(28)
                  .reason("the command failed")
                  .log("bwa mem: write /data/out.bam: No space left on device\n"));
    }
    world.add(align);
    world.add(
        job("job-demo0005", "渲染-片头")
            .starts(hours(-9), "RUNNING")
            .ends(hours(-8.5), "FAILED_INTERRUPTED")
            .tag("team", "media")
            .tasks(tasks(2, 0, 1, 1))
            .task(new FakeTask("encode/0", "SUCCEED").exitCode(0))
            .task(
                new FakeTask("render/0", "FAILED_INTERRUPTED")
                    .exitCode(137)
                    .reason("the command failed")
                    .log("帧 0412/1440\nKilled\n")));
    world.add(
        job("job-demo0006", "monte-carlo").at(hours(-0.1), "RUNNABLE").tasks(tasks(16, 0, 0, 0)));
    world.add(
        job("job-demo0007", "monte-carlo")
            .starts(seconds(-20), "STARTING")
            .at(seconds(15), "RUNNING")
            .ends(seconds(45), "FAILED")
            .tag("team", "风控"));
    world.add(
        job("job-demo0008", "monte-carlo")
            .starts(hours(-11), "RUNNING")
            .ends(hours(-10.4), "SUCCEED")
            .tag("team", "风控")
            .tasks(tasks(16, 0, 16, 0)));
    return world;
  }

  private static World workspaceWorld(TimeSource time) {
    World world = new World(time);
    String shutdown = "2d7e90b4-77aa-4c1f-b3d5-8e6f1a2c0402";
    world.add(FakeJob.builder(RESTART).namespace(PROJECT).name("重启云桌面"));
    world.add(FakeJob.builder(shutdown).namespace(PROJECT).name("夜间关机"));
    world.add(
        record("e1a0c001", RESTART)
            .starts(hours(-7), "RUNNING")
            .ends(hours(-6.8), "SUCCESS")
            .tasks(tasks(120, 0, 120, 0)));
    world.add(
        desktops(
            record("e1a0c002", RESTART).starts(hours(-31), "RUNNING").ends(hours(-30.7), "SUCCESS"),
            117,
            3));
    world.add(
        desktops(
            record("e1a0c004", shutdown).starts(hours(-12), "RUNNING").ends(hours(-11.9), "FAILED"),
            8,
            27));
    world.add(record("e1a0c005", shutdown).at(seconds(-12), "WAITING").tasks(tasks(35, 0, 0, 0)));
    return world;
  }

  private static FakeRun.Builder run(String id, String job) {
    return FakeRun.builder(id).job(job).region("cn-hangzhou");
  }

  private static FakeRun.Builder run(String id, String job, Duration due) {
    return run(id, job).namespace(NAMESPACE).group(GROUP).scheduled(due);
  }

  private static FakeRun.Builder instance(String id, String job, Duration due) {
    return run(id, job, due).starts(due, "3");
  }

  private static FakeRun.Builder job(String id, String name) {
    return FakeRun.builder(id).region("ap-guangzhou").name(name);
  }

  private static FakeRun.Builder record(String id, String task) {
    return FakeRun.builder(id).job(task).namespace(PROJECT);
  }

  /** Adds desktops, the first of which succeeded. */
  private static FakeRun.Builder desktops(FakeRun.Builder record, int succeeded, int failed) {
    for (int i = 1; i <= succeeded + failed; i++) {
      String name = "desktop-%03d".formatted(i);
      record.task(
          i <= succeeded
              ? new FakeTask(name, "SUCCESS")
              : new FakeTask(name, "FAILED").reason("The desktop is in use."));
    }
    return record.tasks(tasks(succeeded + failed, 0, succeeded, failed));
  }

  private static TaskCounts tasks(
      @Nullable Integer total, long running, long succeeded, long failed) {
    return TaskCounts.builder()
        .total(total == null ? null : total.longValue())
        .pending(total == null ? null : total - running - succeeded - failed)
        .running(running)
        .succeeded(succeeded)
        .failed(failed)
        .build();
  }

  private static Duration hours(double hours) {
    return Duration.ofSeconds(Math.round(hours * 3600));
  }

  private static Duration seconds(long seconds) {
    return Duration.ofSeconds(seconds);
  }

  /** Stops the clouds. */
  @Override
  public void close() {
    clouds.forEach(FakeCloud::close);
  }
}
