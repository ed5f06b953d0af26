/** Huawei Cloud Workspace: runs of scheduled tasks. */
module io.joblens.huawei.workspace {
  requires transitive io.joblens.core;
  requires io.joblens.huawei;
  requires static transitive org.jspecify;

  exports io.joblens.huawei.workspace;

  provides io.joblens.spi.JobProviderFactory with
      io.joblens.huawei.workspace.HuaweiWorkspaceFactory;
}
