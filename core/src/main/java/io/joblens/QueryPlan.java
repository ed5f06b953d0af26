package io.joblens;

import io.joblens.spi.Json;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What a query will cost one cloud, before it is spent.
 *
 * @param cloud the cloud's name
 * @param pushed filters that the vendor applies
 * @param local filters that core applies to the rows that come
 * @param scopes what will be listed, in order
 * @param discovery how many requests it took to find that out; the query makes them again, but for
 *     those that a client makes once, which {@code notes} count
 * @param leastCalls requests that the query takes at least, discovery included
 * @param expectedCalls requests if every scope has runs that fit on one page; names of jobs are
 *     looked up for runs only, so that empty scopes may take fewer
 * @param mostCalls requests if every scope is as long as the vendor lets it be; absent where no
 *     document says how long that is. The plan is exact where it is no more than the least calls
 * @param atQuota how long the expected calls take at the cloud's quota
 * @param mostAtQuota how long the most calls take at the cloud's quota
 * @param notes what is to be known, such as a state that the vendor never reports, or lists that
 *     may have to be read again job by job
 */
public record QueryPlan(
    String cloud,
    Set<Filter> pushed,
    Set<Filter> local,
    List<String> scopes,
    long discovery,
    long leastCalls,
    long expectedCalls,
    OptionalLong mostCalls,
    Duration atQuota,
    Optional<Duration> mostAtQuota,
    List<String> notes) {

  /** Copies the collections. */
  public QueryPlan {
    pushed = Set.copyOf(pushed);
    local = Set.copyOf(local);
    scopes = List.copyOf(scopes);
    notes = List.copyOf(notes);
  }

  /** Returns everything as one line of JSON. */
  public String toJson() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("cloud", cloud);
    map.put("pushed", pushed.stream().sorted().toList());
    map.put("local", local.stream().sorted().toList());
    map.put("scopes", scopes);
    map.put("discoveryCalls", discovery);
    map.put("leastCalls", leastCalls);
    map.put("expectedCalls", expectedCalls);
    mostCalls.ifPresent(most -> map.put("mostCalls", most));
    map.put("secondsAtQuota", atQuota.toMillis() / 1000.0);
    mostAtQuota.ifPresent(most -> map.put("mostSecondsAtQuota", most.toMillis() / 1000.0));
    map.put("notes", notes);
    return Json.write(map);
  }
}
