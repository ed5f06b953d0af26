package io.joblens.spi;

import io.joblens.Job;
import java.util.List;
import java.util.Optional;

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
}
