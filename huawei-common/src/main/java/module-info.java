/** What belongs to Huawei Cloud as a whole: the SDK-HMAC signer, credentials and IAM. */
module io.joblens.huawei {
  requires transitive io.joblens.core;
  requires static transitive org.jspecify;

  exports io.joblens.huawei;
}
