package io.joblens;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What came of trying a cloud's set-up.
 *
 * @param cloud the cloud's name
 * @param account the label of the account
 * @param provider the kind of service
 * @param regions the regions it is configured with
 * @param credentials where the credentials come from and, masked, whose they are; empty when there
 *     are none
 * @param key tells the key apart from others of its vendor, without being one: equal where clouds
 *     sign with the same; empty when there are no credentials
 * @param clockSkew how far the vendor's clock is ahead of this machine's, to the second; empty
 *     until it has answered
 * @param checks what was tried, in order
 * @param untried the operations, at a region where there are several, that a failed check left
 *     untried because it holds for them too: a refused key, a host that is not reached, a region
 *     that is none
 * @param warnings what works but should not stay, such as a file that others can read, and what was
 *     not looked at: of many configured jobs only the first are
 */
public record CheckUp(
    String cloud,
    String account,
    ProviderId provider,
    List<String> regions,
    Optional<String> credentials,
    Optional<String> key,
    Optional<Duration> clockSkew,
    List<Check> checks,
    List<String> untried,
    List<String> warnings) {

  /**
   * One thing that was tried.
   *
   * @param what {@code credentials}, {@code project} or the vendor's name of an operation, for a
   *     configured job with {@code of} and its id
   * @param region the region that a request was about, if one was sent
   * @param host where it went
   * @param problem why it failed; empty when it works
   */
  public record Check(
      String what,
      Optional<String> region,
      Optional<String> host,
      Optional<JobException> problem) {}

  /** Copies the lists. */
  public CheckUp {
    regions = List.copyOf(regions);
    checks = List.copyOf(checks);
    untried = List.copyOf(untried);
    warnings = List.copyOf(warnings);
  }

  /** Tells whether everything works. */
  public boolean isHealthy() {
    return checks.stream().allMatch(check -> check.problem().isEmpty());
  }
}
