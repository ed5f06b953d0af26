package io.joblens.examples;

import io.joblens.JobClient;
import io.joblens.JobPage;
import io.joblens.JobQuery;
import io.joblens.JobRun;
import io.joblens.tencent.batch.TencentBatch;
import java.util.Optional;

/** Iterates all runs, stops at the first of interest, and goes page by page with tokens. */
public final class StopEarly {
  private StopEarly() {}

  /** Prints the first problem; pages after it are never read. */
  public static void main(String[] args) {
    try (JobClient batch = TencentBatch.builder().region("ap-guangzhou").build()) {
      firstProblem(batch).ifPresent(System.out::println);
      System.out.println(countByPage(batch));
    }
  }

  static Optional<JobRun> firstProblem(JobClient batch) {
    // snippet: stop-early
    return batch.listAllRuns(JobQuery.ALL).stream().filter(JobRun::isProblem).findFirst();
    // end
  }

  static long countByPage(JobClient batch) {
    // snippet: by-page
    JobQuery query = JobQuery.builder().pageSize(50).build();
    JobPage page = batch.listRuns(query);
    while (page.nextPageToken().isPresent()) {
      page = batch.listRuns(query, page.nextPageToken().get()); // a token also works elsewhere
    }
    return page.total().atLeast(); // page.total().exact() says whether that is all
    // end
  }
}
