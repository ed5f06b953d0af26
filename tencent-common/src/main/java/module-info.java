/** What belongs to Tencent Cloud as a whole: the TC3 signer and credentials. */
module io.joblens.tencent {
  requires transitive io.joblens.core;
  requires static transitive org.jspecify;

  exports io.joblens.tencent;
}
