/** Job runs of Alibaba Cloud SchedulerX. */
module io.joblens.alibaba.schedulerx {
  requires io.joblens.alibaba;
  requires transitive io.joblens.core;
  requires static transitive org.jspecify;

  exports io.joblens.alibaba.schedulerx;

  provides io.joblens.spi.JobProviderFactory with
      io.joblens.alibaba.schedulerx.AlibabaSchedulerxFactory;
}
