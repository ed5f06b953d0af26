package io.joblens.spi;

import io.joblens.Job;
import io.joblens.JobQuery;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Some definitions of jobs, and how to read more.
 *
 * @param rows the definitions; core completes each with cloud and account
 * @param next what to pass to read on, in the provider's own words, or empty at the end
 */
public record Jobs(List<Job.Builder> rows, Optional<String> next) {
  /** Copies the list. */
  public Jobs {
    rows = List.copyOf(rows);
  }

  /**
   * Takes a page of a vendor that numbers its pages from 1 and counts what there is.
   *
   * @param page the page that was asked for
   * @param size how many definitions it was to have at most
   * @param given how many the vendor says that it has at most, which may be fewer; null if unsaid
   * @param total the vendor's count
   */
  public static Jobs page(
      List<Job.Builder> rows, int page, int size, @Nullable Long given, long total) {
    long each = given == null || given < 1 || given > size ? size : given;
    boolean more = !rows.isEmpty() && page * each < total;
    return new Jobs(rows, more ? Optional.of(Integer.toString(page + 1)) : Optional.empty());
  }

  /** Reads all definitions of a list, page by page. */
  public static Step<List<Job>> all(JobProvider provider, Scope list) {
    return all(provider, list, Optional.empty(), List.of());
  }

  private static Step<List<Job>> all(
      JobProvider provider, Scope list, Optional<String> after, List<Job> soFar) {
    return provider
        .jobs(list, JobQuery.ALL, after)
        .flatMap(
            page -> {
              List<Job> all = new ArrayList<>(soFar);
              page.rows().forEach(row -> all.add(row.build()));
              return page.next().isPresent()
                  ? all(provider, list, page.next(), all)
                  : Step.done(all);
            });
  }
}
