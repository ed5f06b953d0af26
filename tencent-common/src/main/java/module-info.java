/** What belongs to Tencent Cloud as a whole: the TC3 signer, credentials and errors. */
module io.joblens.tencent {
  requires transitive io.joblens.core;
  requires static transitive org.jspecify;

  exports io.joblens.tencent;
}
