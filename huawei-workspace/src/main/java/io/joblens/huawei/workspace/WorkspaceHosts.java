package io.joblens.huawei.workspace;

import io.joblens.spi.Endpoint;
import io.joblens.spi.Hosts;
import java.util.Set;

/**
 * The hosts of Workspace. Sources: support.huaweicloud.com/api-workspace/workspace_09_0001.html and
 * WorkspaceAppRegion of github.com/huaweicloud/huaweicloud-sdk-java-v3.
 */
final class WorkspaceHosts {
  // These regions have cloud applications under a host of their own; all others, known or new,
  // under the host of Workspace.
  private static final Set<String> APPSTREAM_REGIONS =
      Set.of("cn-north-4", "cn-north-9", "cn-east-3", "cn-south-1", "cn-southwest-2");

  private WorkspaceHosts() {}

  /** Returns the endpoint of a region. */
  static Endpoint endpoint(String region) {
    Hosts.requireLabel("region", region);
    String prefix = APPSTREAM_REGIONS.contains(region) ? "appstream" : "workspace";
    // Europe is a site of its own; its services answer under .eu: defaultEuropeCloud of
    // github.com/huaweicloud/terraform-provider-huaweicloud, huaweicloud/provider.go.
    String domain = region.startsWith("eu-") ? "myhuaweicloud.eu" : "myhuaweicloud.com";
    return Endpoint.https(prefix + "." + region + "." + domain);
  }
}
