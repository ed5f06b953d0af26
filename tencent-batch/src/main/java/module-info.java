/** Job runs of Tencent Cloud Batch. */
module io.joblens.tencent.batch {
  requires transitive io.joblens.core;
  requires io.joblens.tencent;
  requires static transitive org.jspecify;

  exports io.joblens.tencent.batch;

  provides io.joblens.spi.JobProviderFactory with
      io.joblens.tencent.batch.TencentBatchFactory;
}
