package io.joblens.spi;

import io.joblens.JobRef;
import io.joblens.ProviderId;
import io.joblens.RunRef;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Completes ids that a user has in hand, given from the right — a run's own id, or its job's and
 * its own, and so on — with what the configuration says of the rest. Where that is not exactly one
 * thing the error names the ids to give.
 *
 * @param provider the provider, for the references made
 * @param regions the configured regions
 * @param names what the ids of a run are called, from the outermost to its own
 * @param paths the configured ids from the outermost on: of jobs, or of what they are in
 */
public record KnownPaths(
    ProviderId provider, List<String> regions, List<String> names, List<List<String>> paths) {

  /** Copies the lists. */
  public KnownPaths {
    regions = List.copyOf(regions);
    names = List.copyOf(names);
    paths = paths.stream().map(List::copyOf).distinct().toList();
  }

  /**
   * Returns the reference of a run.
   *
   * @throws IllegalArgumentException saying which ids are expected
   */
  public RunRef run(List<String> ids) {
    List<String> path = complete(ids, names);
    return new RunRef(provider, region(), path);
  }

  /**
   * Returns the reference of a job.
   *
   * @throws IllegalArgumentException saying which ids are expected
   */
  public JobRef job(List<String> ids) {
    List<String> path = jobPath(ids);
    return new JobRef(provider, region(), path);
  }

  /**
   * Returns all ids of a job, the outermost first.
   *
   * @throws IllegalArgumentException saying which ids are expected
   */
  public List<String> jobPath(List<String> ids) {
    return complete(ids, jobNames());
  }

  /** Returns the jobs among the paths, each in all regions: which one it is in is not known. */
  public List<List<JobRef>> namedJobs() {
    return paths.stream()
        .filter(path -> path.size() == jobNames().size())
        .map(path -> regions.stream().map(region -> new JobRef(provider, region, path)).toList())
        .toList();
  }

  /**
   * Checks a run's reference.
   *
   * @throws IllegalArgumentException when its ids are more or fewer than the provider's runs have
   */
  public void require(RunRef ref) {
    requireAll("run", ref.segments(), names);
  }

  /**
   * Checks a job's reference.
   *
   * @throws IllegalArgumentException when its ids are more or fewer than the provider's jobs have
   */
  public void require(JobRef ref) {
    requireAll("job", ref.segments(), jobNames());
  }

  private void requireAll(String what, List<String> ids, List<String> wanted) {
    if (ids.size() != wanted.size()) {
      throw new IllegalArgumentException(
          "a "
              + what
              + " of "
              + provider
              + " is named by "
              + String.join("/", wanted)
              + ", not by "
              + ids.size()
              + (ids.size() == 1 ? " id" : " ids"));
    }
  }

  private List<String> jobNames() {
    return names.size() == 1 ? names : names.subList(0, names.size() - 1);
  }

  private List<String> complete(List<String> ids, List<String> wanted) {
    int missing = wanted.size() - ids.size();
    if (ids.isEmpty() || missing < 0) {
      throw new IllegalArgumentException(
          "expected "
              + String.join(", ", wanted)
              + (wanted.size() == 1 ? "" : ", or the last of them")
              + ", and not "
              + ids.size()
              + " ids");
    }
    for (int i = 0; i < ids.size(); i++) {
      Text.requireId(wanted.get(missing + i), ids.get(i));
    }
    List<String> path = new ArrayList<>(missing == 0 ? List.of() : prefix(ids, missing, wanted));
    path.addAll(ids);
    return path;
  }

  /** The one beginning of all configured paths that agree with the ids, else of all of them. */
  private List<String> prefix(List<String> ids, int length, List<String> wanted) {
    List<List<String>> longEnough = paths.stream().filter(p -> p.size() >= length).toList();
    List<List<String>> agreeing =
        longEnough.stream()
            .filter(p -> p.size() > length && p.get(length).equals(ids.get(0)))
            .toList();
    List<List<String>> prefixes =
        (agreeing.isEmpty() ? longEnough : agreeing)
            .stream().map(p -> p.subList(0, length)).distinct().toList();
    if (prefixes.size() != 1) {
      throw new IllegalArgumentException(
          String.join(", ", wanted.subList(length, wanted.size()))
              + " alone is not enough where "
              + (prefixes.isEmpty() ? "no" : "more than one")
              + " "
              + wanted.get(length - 1)
              + " is configured; give "
              + String.join(", ", wanted.subList(length - 1, wanted.size())));
    }
    return prefixes.get(0);
  }

  private String region() {
    if (regions.size() != 1) {
      throw new IllegalArgumentException(
          "the cloud has the regions "
              + String.join(", ", regions)
              + "; give the whole reference, "
              + provider
              + ":REGION:"
              + String.join("/", names).toUpperCase(Locale.ROOT).replace(' ', '-'));
    }
    return regions.get(0);
  }
}
