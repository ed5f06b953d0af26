package io.joblens.huawei;

import io.joblens.spi.Endpoint;
import io.joblens.spi.Hosts;
import java.util.Set;

/** The hosts of Identity and Access Management. */
final class IamHosts {
  // core/src/main/resources/iam_endpoints.json of github.com/huaweicloud/huaweicloud-sdk-java-v3;
  // any other region is served by the global host, as that SDK has it.
  private static final Set<String> REGIONS =
      Set.of(
          "ae-ad-1",
          "af-south-1",
          "ap-southeast-1",
          "ap-southeast-2",
          "ap-southeast-3",
          "ap-southeast-4",
          "cn-east-2",
          "cn-east-3",
          "cn-east-4",
          "cn-east-5",
          "cn-north-1",
          "cn-north-2",
          "cn-north-4",
          "cn-north-9",
          "cn-south-1",
          "cn-south-2",
          "cn-southwest-2",
          "eu-west-0",
          "la-north-2",
          "la-south-2",
          "me-east-1",
          "my-kualalumpur-1",
          "na-mexico-1",
          "ru-moscow-1",
          "sa-brazil-1",
          "tr-west-1");

  private IamHosts() {}

  /** Returns the endpoint of a region. */
  static Endpoint endpoint(String region) {
    Hosts.requireLabel("region", region);
    // Europe is a site of its own, see github.com/hashicorp/packer-plugin-huaweicloud issue 110.
    if (region.startsWith("eu-west-1")) {
      return Endpoint.https("iam." + region + ".myhuaweicloud.eu");
    }
    return Endpoint.https(
        REGIONS.contains(region)
            ? "iam." + region + ".myhuaweicloud.com"
            : "iam.myhuaweicloud.com");
  }
}
