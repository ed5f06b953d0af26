package io.joblens.examples;

import io.joblens.CloudFailure;
import io.joblens.FleetRuns;
import io.joblens.JobFleet;
import io.joblens.JobQuery;
import io.joblens.JobRun;
import io.joblens.alibaba.sae.AlibabaSae;
import io.joblens.alibaba.schedulerx.AlibabaSchedulerx;
import io.joblens.huawei.workspace.HuaweiWorkspace;
import io.joblens.tencent.batch.TencentBatch;

/** Four clouds in one loop; a cloud that fails stands beside the rows of the others. */
public final class FourClouds {
  private FourClouds() {}

  /** Prints the runs of four clouds; the keys come from the places of the vendors' own tools. */
  public static void main(String[] args) {
    // snippet: four-clouds
    try (JobFleet fleet =
        JobFleet.of(
            AlibabaSae.builder()
                .region("cn-hangzhou")
                .job("7171a6ca-d1cd-4928-8642-7d5cfe690000")
                .build(),
            AlibabaSchedulerx.builder()
                .region("cn-hangzhou")
                .namespace("adcfc35d-e2fe-4fe9-bbaa-20e90ffc0000")
                .group("settlement.defaultGroup")
                .build(),
            TencentBatch.builder().region("ap-guangzhou").build(),
            HuaweiWorkspace.builder()
                .region("cn-north-4")
                .projectId("0a1b2c3d4e5f60718293a4b5c6d7e8f9")
                .job("62f48b59-0ebb-4b1e-ad35-f64948a0591b")
                .build())) {
      printAll(fleet);
    }
    // end
  }

  static void printAll(JobFleet fleet) {
    // snippet: four-clouds-loop
    FleetRuns runs = fleet.stream(JobQuery.ALL);
    for (JobRun run : runs) {
      System.out.println(run.cloud() + " " + run.ref().runId() + " " + run.state());
    }
    for (CloudFailure failure : runs.failures()) {
      System.out.println(failure.cloud() + " failed: " + failure.error().getMessage());
    }
    System.out.println(runs.coverage().isComplete() ? "complete" : "incomplete");
    // end
  }
}
