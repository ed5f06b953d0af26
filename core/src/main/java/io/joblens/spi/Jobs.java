package io.joblens.spi;

import io.joblens.Job;
import io.joblens.JobQuery;
import io.joblens.JobRef;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

  /**
   * Reads all definitions of a list, page by page, each once: one that moves to a later page
   * meanwhile is met again.
   *
   * @throws WireDataException later, when a page shows nothing new and there is to be more: a
   *     vendor that repeats a page may do so for ever
   */
  public static Step<List<Job.Builder>> all(JobProvider provider, Scope list, JobQuery query) {
    return all(provider, list, query, Optional.empty(), Map.of());
  }

  private static Step<List<Job.Builder>> all(
      JobProvider provider,
      Scope list,
      JobQuery query,
      Optional<String> after,
      Map<JobRef, Job.Builder> soFar) {
    return provider
        .jobs(list, query, after)
        .flatMap(
            page -> {
              // a copy, because an answer may be read again after a failed attempt
              Map<JobRef, Job.Builder> all = new LinkedHashMap<>(soFar);
              page.rows().forEach(row -> all.putIfAbsent(row.ref(), row));
              if (page.next().isEmpty()) {
                return Step.done(List.copyOf(all.values()));
              }
              if (all.size() == soFar.size()) {
                throw new WireDataException("the list of jobs", "repeats itself");
              }
              return all(provider, list, query, page.next(), all);
            });
  }
}
