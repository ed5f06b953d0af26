package io.joblens.reliability;

import io.joblens.JobClient;
import io.joblens.JobClientBuilder;
import io.joblens.RunRef;
import io.joblens.alibaba.sae.AlibabaSae;
import io.joblens.alibaba.schedulerx.AlibabaSchedulerx;
import io.joblens.huawei.workspace.HuaweiWorkspace;
import io.joblens.tencent.batch.TencentBatch;
import io.joblens.testkit.AlibabaSaeCloud;
import io.joblens.testkit.AlibabaSchedulerxCloud;
import io.joblens.testkit.FakeCloud;
import io.joblens.testkit.FakeJob;
import io.joblens.testkit.FakeRun;
import io.joblens.testkit.HuaweiWorkspaceCloud;
import io.joblens.testkit.TencentBatchCloud;
import io.joblens.testkit.World;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;

/** The clouds of the soak, each with a job that has a few hundred runs: what both sides know. */
enum SoakCloud {
  SAE(Vendor.ALIBABA, "", "0", "3", "1", "2") {
    @Override
    FakeCloud open(World world) {
      return new AlibabaSaeCloud(world.add(FakeJob.builder(JOB)));
    }

    @Override
    JobClientBuilder<?> builder() {
      return AlibabaSae.builder().region("cn-hangzhou").job(JOB);
    }

    @Override
    FakeRun.Builder place(FakeRun.Builder run) {
      return run.region("cn-hangzhou").job(JOB);
    }

    @Override
    RunRef ref(JobClient client, String id) {
      return client.runRef(JOB, id);
    }
  },
  SCHEDULERX(Vendor.ALIBABA, "", "1", "3", "4", "5") {
    @Override
    FakeCloud open(World world) {
      return new AlibabaSchedulerxCloud(world);
    }

    @Override
    JobClientBuilder<?> builder() {
      return AlibabaSchedulerx.builder()
          .region("cn-hangzhou")
          .namespace(SPACE)
          .group(SPACE)
          .timeZone(ZoneId.of("Asia/Shanghai"));
    }

    @Override
    FakeRun.Builder place(FakeRun.Builder run) {
      return run.region("cn-hangzhou").namespace(SPACE).group(SPACE).job(JOB);
    }

    @Override
    RunRef ref(JobClient client, String id) {
      return client.runRef(JOB, id);
    }
  },
  BATCH(Vendor.TENCENT, "job-", "PENDING", "RUNNING", "SUCCEED", "FAILED") {
    @Override
    FakeCloud open(World world) {
      return new TencentBatchCloud(world);
    }

    @Override
    JobClientBuilder<?> builder() {
      return TencentBatch.builder().region("ap-guangzhou");
    }

    @Override
    FakeRun.Builder place(FakeRun.Builder run) {
      return run.region("ap-guangzhou");
    }

    @Override
    RunRef ref(JobClient client, String id) {
      return client.runRef(id);
    }
  },
  WORKSPACE(Vendor.HUAWEI, "", "WAITING", "RUNNING", "SUCCESS", "FAILED") {
    @Override
    FakeCloud open(World world) {
      return new HuaweiWorkspaceCloud(world.add(FakeJob.builder(JOB).namespace(SPACE)));
    }

    @Override
    JobClientBuilder<?> builder() {
      return HuaweiWorkspace.builder().region("cn-north-4").projectId(SPACE).job(JOB);
    }

    @Override
    FakeRun.Builder place(FakeRun.Builder run) {
      return run.namespace(SPACE).job(JOB);
    }

    @Override
    RunRef ref(JobClient client, String id) {
      return client.runRef(SPACE, JOB, id);
    }
  };

  /** How many runs each cloud has, from the first moment to the last. */
  static final int RUNS = 200;

  private static final String JOB = "92583";
  private static final String SPACE = "soak-1";
  private static final int FIRST = 10_000_000;

  private final Vendor vendor;
  private final String prefix;
  private final String waiting;
  private final String running;
  private final String succeeded;
  private final String failed;

  SoakCloud(
      Vendor vendor,
      String prefix,
      String waiting,
      String running,
      String succeeded,
      String failed) {
    this.vendor = vendor;
    this.prefix = prefix;
    this.waiting = waiting;
    this.running = running;
    this.succeeded = succeeded;
    this.failed = failed;
  }

  abstract FakeCloud open(World world);

  /** Returns a builder that lacks nothing but where the cloud is and who asks. */
  abstract JobClientBuilder<?> builder();

  /** Says where a run belongs. */
  abstract FakeRun.Builder place(FakeRun.Builder run);

  abstract RunRef ref(JobClient client, String id);

  Vendor vendor() {
    return vendor;
  }

  String runId(int number) {
    return prefix + (FIRST + number);
  }

  List<String> runIds() {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < RUNS; i++) {
      ids.add(runId(i));
    }
    return ids;
  }

  /** Fills a world with runs, of which one after the other ends while the soak lasts. */
  void fill(World world, Duration whole) {
    for (int i = 0; i < RUNS; i++) {
      FakeRun.Builder run = FakeRun.builder(runId(i)).at(Duration.ofSeconds(i - 2 * RUNS), waiting);
      run.starts(Duration.ofSeconds(-RUNS), running);
      run.ends(whole.multipliedBy(i).dividedBy(RUNS), i % 4 == 0 ? failed : succeeded);
      world.add(place(run));
    }
  }

  /** Returns the run that will be among the next to end. */
  String nextToEnd(Duration elapsed, Duration whole) {
    long ended = elapsed.toMillis() * RUNS / whole.toMillis();
    return runId((int) Math.min(RUNS - 1, ended + 1));
  }
}
