package io.joblens.internal;

import io.joblens.Coverage;
import io.joblens.JobException;
import io.joblens.JobPage;
import io.joblens.PageToken;
import io.joblens.Total;
import io.joblens.spi.JobProvider;
import io.joblens.spi.Scope;
import io.joblens.spi.Step;
import java.util.ArrayList;
import java.util.HashSet;
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
  private final String fingerprint;
  private final Pager pager;
  private final Set<String> seen = new HashSet<>();
  private final Map<String, Source> sources = new LinkedHashMap<>();
  private @Nullable Position position;
  private @Nullable JobException failure;

  /** What is known of one scope so far. */
  private static final class Source {
    private long rows;
    private boolean complete;
    private final Set<String> notes = new LinkedHashSet<>();
  }

  Listing(String cloud, String fingerprint, Pager pager, Position start) {
    this.cloud = cloud;
    this.fingerprint = fingerprint;
    this.pager = pager;
    this.position = start;
    if (start.last() != null) {
      seen.add(start.last());
    }
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
    return connected.flatMap(
        provider -> pager.on(provider).turn(here, seen).map(turn -> moveOn(here, turn)));
  }

  synchronized void failed(JobException problem) {
    failure = problem.resumableAt(token());
  }

  private synchronized JobPage moveOn(Position here, Pager.Turn turn) {
    position = turn.next();
    if (turn.scope() != null) {
      account(turn.scope(), turn);
    }
    long delivered = here.delivered() + turn.runs().size();
    return JobPage.builder()
        .runs(turn.runs())
        .nextPageToken(token())
        .total(new Total(delivered, turn.next() == null && !turn.cut()))
        .claimedTotal(turn.claimed())
        .localFilters(pager.filter().local())
        .notes(turn.notes())
        .build();
  }

  private void account(Scope scope, Pager.Turn turn) {
    Source source = sources.computeIfAbsent(scope.toString(), text -> new Source());
    source.rows += turn.runs().size();
    source.complete = turn.scopeDone() && !turn.cut();
    source.notes.addAll(turn.notes());
  }

  synchronized Coverage coverage() {
    List<Coverage.Source> list = new ArrayList<>();
    sources.forEach(
        (scope, source) ->
            list.add(
                new Coverage.Source(
                    cloud,
                    scope,
                    source.rows,
                    source.complete,
                    Optional.empty(),
                    Optional.empty(),
                    List.copyOf(source.notes))));
    if (failure != null) {
      list.add(
          new Coverage.Source(
              cloud, "", 0, false, Optional.of(failure), failure.resumeToken(), List.of()));
    }
    return new Coverage(list);
  }
}
