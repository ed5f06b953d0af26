/** Job runs of Alibaba Cloud Serverless App Engine. */
module io.joblens.alibaba.sae {
  requires transitive io.joblens.core;
  requires io.joblens.alibaba;
  requires static transitive org.jspecify;

  exports io.joblens.alibaba.sae;

  provides io.joblens.spi.JobProviderFactory with
      io.joblens.alibaba.sae.AlibabaSaeFactory;
}
