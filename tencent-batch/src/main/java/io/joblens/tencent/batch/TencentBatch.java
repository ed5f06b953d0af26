package io.joblens.tencent.batch;

import io.joblens.JobClientBuilder;
import io.joblens.ProviderId;
import io.joblens.spi.CredentialsProvider;
import io.joblens.spi.JobProvider;
import io.joblens.tencent.TencentCredentials;
import java.util.List;

/**
 * Makes clients for Tencent Cloud Batch (API version 2017-03-12).
 *
 * <ul>
 *   <li>A Tencent <em>job</em> is submitted once and executed once: it is its own run. {@link
 *       io.joblens.JobClient#getJob} therefore shows the name, tags and last state of that run, not
 *       what was submitted.
 *   <li>There is no cancelled state: a job that somebody terminated ends as {@code FAILED}.
 *   <li>The listing carries creation and end, but no time at which a job began to execute.
 *   <li>{@link io.joblens.JobQuery#extras()} are the vendor's own filters {@code zone}, {@code
 *       tag-key} and {@code tag-value}.
 * </ul>
 *
 * <p>Requests go to the nearest mainland host. For the international site set {@code
 * endpoint("https://batch.intl.tencentcloudapi.com")}; its documented limit of 2 calls a second
 * then counts, in place of 10.
 *
 * @see <a href="https://www.tencentcloud.com/document/api/599/30557">DescribeJobs</a>
 */
public final class TencentBatch {
  /** The provider's id. */
  public static final ProviderId ID = new ProviderId("tencent-batch");

  private TencentBatch() {}

  /** Starts a client; it needs at least a region, such as {@code ap-guangzhou}. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Builds a client for Tencent Batch. Unless credentials are given they come from the vendor's
   * usual variables and files, see {@link TencentCredentials#usual}.
   */
  public static final class Builder extends JobClientBuilder<Builder> {
    private Builder() {}

    @Override
    protected JobProvider provider() {
      return new BatchProvider(
          requireRegions(),
          new BatchRequests(endpoint(List.of(BatchRequests.DOMAIN)).orElse(null), isVpc()));
    }

    @Override
    protected CredentialsProvider defaultCredentials() {
      return TencentCredentials.usual(environment(), profile());
    }
  }
}
