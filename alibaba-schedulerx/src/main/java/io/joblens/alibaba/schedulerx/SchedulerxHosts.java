package io.joblens.alibaba.schedulerx;

import io.joblens.ConfigException;
import io.joblens.spi.Endpoint;
import io.joblens.spi.Hosts;
import java.util.Set;

/**
 * The hosts of SchedulerX. The <a
 * href="https://www.alibabacloud.com/help/en/schedulerx/schedulerx-serverless/developer-reference/api-schedulerx2-2019-04-30-endpoint">documentation</a>
 * gives one public host for every region; the vendor's own Java library (schedulerx2-20190430
 * 2.4.2) has hosts of their own for four regions and the one for all others. Either way one host
 * serves many regions, which is why each request carries its region.
 */
final class SchedulerxHosts {
  /** The region of workers that are not in any of the vendor's regions. */
  private static final String INTERNET = "public";

  private static final String GLOBAL = "schedulerx.aliyuncs.com";
  private static final Set<String> REGIONAL =
      Set.of("cn-beijing", "cn-hangzhou", "cn-shanghai", "cn-shenzhen");

  private SchedulerxHosts() {}

  /** Returns the endpoint of a region, from the internet or from within its private networks. */
  static Endpoint endpoint(String region, boolean vpc) {
    Hosts.requireLabel("region", region);
    if (!vpc) {
      return Endpoint.https(
          REGIONAL.contains(region) ? "schedulerx." + region + ".aliyuncs.com" : GLOBAL);
    }
    if (region.equals(INTERNET)) {
      throw new ConfigException(
          "network is vpc, but the region public has no private network; set network to public");
    }
    return Endpoint.https("schedulerx-vpc." + region + ".aliyuncs.com");
  }
}
