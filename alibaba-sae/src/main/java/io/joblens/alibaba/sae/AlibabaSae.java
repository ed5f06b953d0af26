package io.joblens.alibaba.sae;

import io.joblens.ConfigException;
import io.joblens.JobClientBuilder;
import io.joblens.ProviderId;
import io.joblens.alibaba.AlibabaCredentials;
import io.joblens.spi.CredentialsProvider;
import io.joblens.spi.Endpoint;
import io.joblens.spi.JobProvider;
import io.joblens.spi.Text;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Makes clients for the jobs of Alibaba Cloud Serverless App Engine (API version 2019-05-06).
 *
 * <ul>
 *   <li>A <em>job</em> here is SAE's <em>job template</em>, named by its AppId; a <em>run</em> is
 *       SAE's <em>job</em>, named by AppId and JobId.
 *   <li>Runs are listed per job template: those in the query, else those configured, else all that
 *       ListJobs shows. A template lives in one region: with several, templates that are named are
 *       looked up in ListJobs first.
 *   <li>SAE gives two times. StartTime is documented as "the time when the job was created" and is
 *       {@link io.joblens.JobRun#createdAt()}. It is taken for {@link
 *       io.joblens.JobRun#startedAt()} too, unless nothing was executed yet, and a note on the run
 *       says so: without it no run had a duration. CompletionTime is {@link
 *       io.joblens.JobRun#finishedAt()}.
 *   <li>Task counts are counts of instances; SAE gives no total.
 *   <li>{@link io.joblens.Job#resources()} are {@code cpu} in milli-cores and {@code memory} in MB
 *       of each instance, and {@code replicas}, the number of instances.
 *   <li>Rows carry neither name nor tags; names come from configured aliases, and from ListJobs
 *       where they are asked for.
 *   <li>Why a run failed is its Message; SAE tells no more of it.
 *   <li>The configuration with which one run was started is DescribeJob with a JobId, which {@link
 *       io.joblens.JobClient#sendRaw} reads: {@code RawRequest.action("DescribeJob").query("AppId",
 *       …).query("JobId", …)}.
 * </ul>
 *
 * @see <a
 *     href="https://www.alibabacloud.com/help/en/sae/serverless-app-engine/developer-reference/api-sae-2019-05-06-describejobhistory">DescribeJobHistory</a>
 */
public final class AlibabaSae {
  /** The provider's id. */
  public static final ProviderId ID = new ProviderId("alibaba-sae");

  private AlibabaSae() {}

  /** Starts a client; it needs at least a region, such as {@code cn-hangzhou}. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Builds a client for SAE. Unless credentials are given they come from the vendor's usual
   * properties, variables and files, see {@link AlibabaCredentials#usual}.
   */
  public static final class Builder extends JobClientBuilder<Builder> {
    private List<String> jobs = List.of();
    private List<String> namespaces = List.of();

    private Builder() {}

    /** Lists the runs of this job template, given by its AppId. */
    public Builder job(String appId) {
      return jobs(List.of(appId));
    }

    /** Lists the runs of these job templates, given by their AppIds. */
    public Builder jobs(Collection<String> appIds) {
      appIds.forEach(appId -> Text.requireId("job", appId));
      jobs = appIds.stream().distinct().toList();
      return this;
    }

    /**
     * Looks for job templates in these namespaces only.
     *
     * @param ids as the console shows them: a region, for its default namespace, or {@code
     *     cn-beijing:test}
     */
    public Builder namespaces(Collection<String> ids) {
      ids.forEach(id -> Text.requireId("namespace", id));
      namespaces = ids.stream().distinct().toList();
      return this;
    }

    @Override
    protected JobProvider provider() {
      List<String> regions = requireRegions();
      Optional<Endpoint> endpoint = endpoint(AlibabaCredentials.DOMAINS);
      if (endpoint.isPresent() && regions.size() > 1) {
        throw new ConfigException(
            "endpoint is one host for %d regions (%s), but SAE knows the region by its host, so that each of them would show the same jobs; give one region here, and each other one a cloud of its own"
                .formatted(regions.size(), String.join(", ", regions)));
      }
      return new SaeProvider(
          regions, namespaces, jobs, new SaeRequests(endpoint.orElse(null), isVpc()));
    }

    @Override
    protected CredentialsProvider defaultCredentials() {
      return AlibabaCredentials.usual(environment(), profile());
    }
  }
}
