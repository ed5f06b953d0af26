package io.joblens.internal;

import io.joblens.Coverage;
import io.joblens.Drift;
import io.joblens.Filter;
import io.joblens.JobException;
import io.joblens.JobPage;
import io.joblens.JobServiceException;
import io.joblens.PageToken;
import io.joblens.ProviderId;
import io.joblens.Total;
import io.joblens.spi.JobProvider;
import io.joblens.spi.Scopes;
import io.joblens.spi.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One way through a query's pages: where it stands, which runs it has seen, what it covered. One
 * thread at a time reads it; any may ask what it covered.
 */
final class Listing {
  private final String cloud;
  private final ProviderId provider;
  private final String fingerprint;
  private final Pager pager;
  private final SeenRuns seen = new SeenRuns();
  private final Map<String, Source> sources = new LinkedHashMap<>();
  private final long ends;
  private volatile Pager connectedPager;
  private @Nullable Position position;
  private boolean isNamed;
  private @Nullable JobException failure;

  /** What is known of one scope so far. */
  private static final class Source {
    private long rows;
    private boolean complete;
    private long read;
    private Drift drift = Drift.NONE;
    private @Nullable JobException error;
    private final Map<Filter, Long> dropped = new EnumMap<>(Filter.class);
    private final Set<String> notes = new LinkedHashSet<>();
  }

  /**
   * @param ends the reading of the monotonic clock at which the listing must be over
   */
  Listing(
      String cloud,
      ProviderId provider,
      String fingerprint,
      Pager pager,
      Position start,
      long ends) {
    this.cloud = cloud;
    this.provider = provider;
    this.fingerprint = fingerprint;
    this.pager = pager;
    this.connectedPager = pager;
    this.position = start;
    this.isNamed = start.todo().isEmpty();
    pager.requireOwn(start);
    seen.resume(start);
    this.ends = ends;
  }

  /** Returns how much time the rest of the listing has. */
  Duration left(long nanos) {
    return Duration.ofNanos(Math.max(0, ends - nanos));
  }

  boolean hasNext() {
    return position != null;
  }

  /** Returns where the listing goes on, or null at its end. */
  @Nullable PageToken token() {
    return position == null ? null : position.toToken(fingerprint);
  }

  /** Returns a step for the next page. The listing moves on when the step is done. */
  Step<JobPage> next(Step<JobProvider> connected) {
    Position here = position;
    if (here == null) {
      throw new IllegalStateException("the listing is over");
    }
    if (pager.isHopeless()) {
      return Step.done(moveOn(here, pager.nothing(here)));
    }
    return connected.flatMap(
        ready -> {
          connectedPager = pager.on(ready);
          if (!isNamed) {
            connectedPager.requireNamed(here);
            isNamed = true;
          }
          return connectedPager.turn(here, seen).map(turn -> moveOn(here, turn));
        });
  }

  synchronized void failed(JobException problem) {
    failure = problem.resumableAt(token());
  }

  private synchronized JobPage moveOn(Position here, Pager.Turn turn) {
    position = turn.next();
    failure = null;
    List<String> notes = new ArrayList<>(turn.notes());
    for (Scopes.Skipped skipped : turn.skipped()) {
      Source source = source(skipped.scope().toString());
      source.error = new JobServiceException(skipped.named()).at(cloud, provider, null, 0);
      notes.add("not listed: " + source.error.detail());
    }
    if (turn.scope() != null || sources.isEmpty()) {
      account(turn);
    }
    boolean readBefore = here.delivered() > 0 || here.read() > 0; // perhaps by another process
    if (position == null
        && !readBefore
        && sources.values().stream().allMatch(each -> each.read == 0)) {
      List<String> hints = connectedPager.hintsWhenEmpty();
      notes.addAll(hints);
      sources.values().forEach(source -> source.notes.addAll(hints));
    }
    long delivered = here.delivered() + turn.runs().size();
    return JobPage.builder()
        .runs(turn.runs())
        .nextPageToken(token())
        .total(new Total(delivered, turn.allRead()))
        .claimedTotal(turn.claimed())
        .localFilters(pager.filter().local())
        .notes(notes)
        .drift(turn.drift())
        .build();
  }

  private void account(Pager.Turn turn) {
    String scope = turn.scope() == null ? "" : turn.scope().toString();
    Source source = source(scope);
    source.rows += turn.runs().size();
    source.drift = source.drift.plus(turn.drift());
    source.complete = turn.scopeDone() && !source.drift.mayMiss();
    source.read += turn.read();
    turn.dropped().forEach((filter, count) -> source.dropped.merge(filter, count, Long::sum));
    source.notes.addAll(turn.notes());
  }

  private Source source(String scope) {
    return sources.computeIfAbsent(scope, text -> new Source());
  }

  synchronized Coverage coverage() {
    Optional<PageToken> goesOnAt =
        failure == null ? Optional.ofNullable(token()) : Optional.empty();
    String current =
        position == null || position.todo().isEmpty() ? "" : position.todo().get(0).toString();
    boolean begun = !sources.isEmpty();
    List<Coverage.Source> list = new ArrayList<>();
    sources.forEach(
        (scope, source) ->
            list.add(
                new Coverage.Source(
                    cloud,
                    scope,
                    source.rows,
                    source.complete,
                    Optional.ofNullable(source.error),
                    scope.equals(current) ? goesOnAt : Optional.empty(),
                    List.copyOf(source.notes),
                    source.read,
                    source.dropped,
                    source.drift)));
    if (failure != null) {
      list.add(
          new Coverage.Source(
              cloud, "", 0, false, Optional.of(failure), failure.resumeToken(), List.of()));
    } else if (begun && goesOnAt.isPresent() && !sources.containsKey(current)) {
      list.add(
          new Coverage.Source(cloud, current, 0, false, Optional.empty(), goesOnAt, List.of()));
    }
    return new Coverage(list);
  }
}
