package io.joblens.internal;

import io.joblens.*;
import io.joblens.spi.*;
import java.util.Collection;

public final class ProviderClient implements JobClient {
  public ProviderClient(JobProvider p, ClientSettings s) {}
  public String name() { throw new UnsupportedOperationException(); }
  public String account() { throw new UnsupportedOperationException(); }
  public ProviderId provider() { throw new UnsupportedOperationException(); }
  public JobPage listRuns(JobQuery query) { throw new UnsupportedOperationException(); }
  public JobPage listRuns(JobQuery query, PageToken token) { throw new UnsupportedOperationException(); }
  public RunListing listAllRuns(JobQuery query) { throw new UnsupportedOperationException(); }
  public RunListing listAllRuns(JobQuery query, PageToken token) { throw new UnsupportedOperationException(); }
  public JobRun getRun(RunRef ref) { throw new UnsupportedOperationException(); }
  public FoundRuns getRuns(Collection<RunRef> refs) { throw new UnsupportedOperationException(); }
  public Job getJob(JobRef ref) { throw new UnsupportedOperationException(); }
  public RunRef runRef(String... ids) { throw new UnsupportedOperationException(); }
  public JobRef jobRef(String... ids) { throw new UnsupportedOperationException(); }
  public Waiter waiter() { throw new UnsupportedOperationException(); }
  public AsyncJobClient async() { throw new UnsupportedOperationException(); }
  public RawResponse sendRaw(RawRequest request) { throw new UnsupportedOperationException(); }
  public void close() {}
}
