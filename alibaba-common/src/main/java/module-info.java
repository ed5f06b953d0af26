/** What the Alibaba Cloud modules share: the ACS3 signer, credentials and gateway errors. */
module io.joblens.alibaba {
  requires transitive io.joblens.core;
  requires static transitive org.jspecify;

  exports io.joblens.alibaba;
}
