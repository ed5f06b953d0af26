package io.joblens.alibaba.schedulerx;

import io.joblens.JobClient;
import io.joblens.JobClientBuilder;
import io.joblens.ProviderId;
import io.joblens.alibaba.AlibabaCredentials;
import io.joblens.spi.CredentialsProvider;
import io.joblens.spi.JobProvider;
import io.joblens.spi.Text;
import java.time.ZoneId;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Alibaba Cloud SchedulerX 2.0: job instances of the jobs of an application (API version
 * 2019-04-30).
 *
 * <ul>
 *   <li>A job is a SchedulerX job, a number. It belongs to a <em>group</em>: what the console's
 *       Application Management shows as application id, such as {@code
 *       testSchedulerx.defaultGroup}.
 *   <li>A run is a job instance, named by namespace, group, job and its own number.
 *   <li>Runs are listed by group, or by job. What is neither in the query nor configured is found:
 *       namespaces by ListNamespaces, groups by ListGroups.
 *   <li>Up to three of the vendor's status words are listed one by one, more of them, and problems,
 *       all at once. Exactly ten runs where more were asked for are taken for a cut: the group's
 *       jobs are then listed one by one.
 *   <li>Names are joined from ListJobs where they are asked for.
 *   <li>Why a run failed is its Result, its Progress and, in the professional edition, its log.
 * </ul>
 *
 * <p>The rights needed are {@code edas:ReadSchedulerxJobInstanceQuery}; for jobs {@code
 * edas:ReadSchedulerxJobQuery}, for groups and namespaces that are not configured {@code
 * edas:ReadSchedulerxAppGroupQuery} and {@code edas:ReadSchedulerxNamespaceQuery}, for logs {@code
 * edas:ReadSchedulerxLogQuery}.
 */
public final class AlibabaSchedulerx {
  /** The provider's id. */
  public static final ProviderId ID = new ProviderId("alibaba-schedulerx");

  private AlibabaSchedulerx() {}

  /**
   * Starts a client. A region is required; namespace, groups or jobs narrow what is listed, and
   * complete short references. Unless given, credentials come from the vendor's usual properties,
   * variables and files, see {@link AlibabaCredentials#usual}.
   */
  public static Builder builder() {
    return new Builder();
  }

  /** Builds a {@link JobClient} for SchedulerX. */
  public static final class Builder extends JobClientBuilder<Builder> {
    private @Nullable String namespace;
    private @Nullable String namespaceSource;
    private List<String> groups = List.of();
    private List<String> jobs = List.of();
    private @Nullable ZoneId timeZone;

    private Builder() {}

    /** Sets the namespace's id, as the console's Namespace page shows it. */
    public Builder namespace(String id) {
      namespace = Text.requireId("namespace", id);
      return this;
    }

    /** Sets the namespace's source, which the vendor asks of special third parties only. */
    public Builder namespaceSource(String source) {
      namespaceSource = Text.requireId("namespace source", source);
      return this;
    }

    /** Sets the one group to list, the application id of the console's Application Management. */
    public Builder group(String id) {
      return groups(List.of(id));
    }

    /** Sets the groups to list. */
    public Builder groups(Collection<String> ids) {
      ids.forEach(id -> Text.requireId("group", id));
      groups = ids.stream().distinct().toList();
      return this;
    }

    /** Sets the one job to list, in place of everything in its group. */
    public Builder job(String id) {
      return jobs(List.of(id));
    }

    /**
     * Sets the jobs to list, in place of everything in their groups.
     *
     * @param ids numbers, each as {@code group/number} unless there is exactly one group
     */
    public Builder jobs(Collection<String> ids) {
      ids.forEach(id -> Text.requireId("job", id));
      jobs = ids.stream().distinct().toList();
      return this;
    }

    /**
     * Sets the zone that the vendor's times are in. They come without one and no document names it:
     * unless set, Asia/Shanghai is assumed, and each run has a note that says so.
     */
    public Builder timeZone(ZoneId zone) {
      timeZone = zone;
      return this;
    }

    @Override
    protected JobProvider provider() {
      return new SchedulerxProvider(
          requireRegions(),
          Optional.ofNullable(namespace),
          groups,
          jobs,
          new SchedulerxRequests(
              endpoint(AlibabaCredentials.DOMAINS), isVpc(), Optional.ofNullable(namespaceSource)),
          new SchedulerxResponses(Optional.ofNullable(timeZone)));
    }

    @Override
    protected CredentialsProvider defaultCredentials() {
      return AlibabaCredentials.usual(environment(), profile());
    }
  }
}
