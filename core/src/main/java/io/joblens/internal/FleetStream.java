package io.joblens.internal;

import io.joblens.CloudFailure;
import io.joblens.Coverage;
import io.joblens.FleetRuns;
import io.joblens.JobCancelledException;
import io.joblens.JobClient;
import io.joblens.JobException;
import io.joblens.JobPage;
import io.joblens.JobQuery;
import io.joblens.JobRun;
import io.joblens.RunListing;
import io.joblens.RunRef;
import io.joblens.UnsupportedQueryException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Reads several clouds side by side. Each cloud's next page is read while the rows of its last one
 * are used, and no further: an iteration that is given up leaves no work behind.
 */
public final class FleetStream implements FleetRuns {
  private final List<Source> sources;
  private final long limit;
  private final List<CloudFailure> failures = new CopyOnWriteArrayList<>();
  private final AtomicBoolean used = new AtomicBoolean();

  /** Takes the clients to ask; nothing is sent before the iteration. */
  public FleetStream(List<JobClient> clients, JobQuery query) {
    query.runs().stream()
        .filter(ref -> clients.stream().noneMatch(client -> isOf(client, ref)))
        .findFirst()
        .ifPresent(
            ref -> {
              throw new UnsupportedQueryException(
                  "no cloud of this fleet is "
                      + ref.provider()
                      + " in "
                      + ref.region()
                      + ", so nobody can be asked for "
                      + ref);
            });
    this.sources =
        clients.stream()
            .flatMap(client -> narrowed(query, client).map(q -> new Source(client, q)).stream())
            .toList();
    this.limit = query.limit().orElse(Integer.MAX_VALUE);
  }

  /** A query by run references asks each cloud for its own only, and others for nothing. */
  private static Optional<JobQuery> narrowed(JobQuery query, JobClient client) {
    if (query.runs().isEmpty()) {
      return Optional.of(query);
    }
    List<RunRef> own = query.runs().stream().filter(ref -> isOf(client, ref)).toList();
    return own.isEmpty() ? Optional.empty() : Optional.of(query.toBuilder().runs(own).build());
  }

  private static boolean isOf(JobClient client, RunRef ref) {
    return ref.provider().equals(client.provider())
        && (client.regions().isEmpty() || client.regions().contains(ref.region()));
  }

  @Override
  public Iterator<JobRun> iterator() {
    if (used.getAndSet(true)) {
      throw new IllegalStateException("the runs of a fleet can be iterated once; ask again");
    }
    return new Runs();
  }

  @Override
  public Stream<JobRun> stream() {
    return StreamSupport.stream(spliterator(), false);
  }

  @Override
  public List<CloudFailure> failures() {
    return List.copyOf(failures);
  }

  @Override
  public Coverage coverage() {
    List<Coverage.Source> all = new ArrayList<>();
    for (Source source : sources) {
      List<Coverage.Source> own = source.listing.coverage().sources();
      all.addAll(own);
      List<CloudFailure> failed =
          failures.stream()
              .filter(failure -> failure.cloud().equals(source.client.name()))
              .toList();
      if (own.stream().noneMatch(part -> part.error().isPresent())) {
        failed.stream().map(FleetStream::failed).forEach(all::add);
      }
      boolean saysSo = own.stream().anyMatch(part -> !part.complete());
      if (failed.isEmpty() && !saysSo && !source.isUsedUp(own)) {
        all.add(notUsedUp(source.client.name()));
      }
    }
    return new Coverage(all);
  }

  private static Coverage.Source notUsedUp(String cloud) {
    String note = "the iteration ended before all runs of this cloud were used";
    return new Coverage.Source(
        cloud, "", 0, false, Optional.empty(), Optional.empty(), List.of(note));
  }

  private static Coverage.Source failed(CloudFailure failure) {
    return new Coverage.Source(
        failure.cloud(),
        "",
        0,
        false,
        Optional.of(failure.error()),
        failure.error().resumeToken(),
        List.of());
  }

  /** One cloud on its way through its pages. */
  private static final class Source {
    private final JobClient client;
    private final RunListing listing;
    private @Nullable Iterator<JobPage> pages;
    private volatile boolean ended;
    private final AtomicLong delivered = new AtomicLong();

    Source(JobClient client, JobQuery query) {
      this.client = client;
      this.listing = client.listAllRuns(query);
    }

    /** Reads the next page; null at the end. */
    @Nullable JobPage read() {
      Iterator<JobPage> iterator = pages;
      if (iterator == null) {
        iterator = listing.byPage().iterator();
        pages = iterator;
      }
      return iterator.hasNext() ? iterator.next() : null;
    }

    /** Tells whether its listing is over and the iteration has given out all its runs. */
    boolean isUsedUp(List<Coverage.Source> covered) {
      return ended
          || (!covered.isEmpty()
              && delivered.get() == covered.stream().mapToLong(Coverage.Source::rows).sum());
    }
  }

  /** What came of reading one page: a page, a problem, or neither at the end. */
  private record Arrival(Source source, @Nullable JobPage page, @Nullable Throwable problem) {}

  private final class Runs implements Iterator<JobRun> {
    private final BlockingQueue<Arrival> arrivals = new LinkedBlockingQueue<>();
    private final ExecutorService threads = daemons(sources.size());
    private Iterator<JobRun> page = Collections.emptyIterator();
    private @Nullable Source current;
    private int active = sources.size();
    private long delivered;

    Runs() {
      sources.forEach(this::request);
    }

    private void request(Source source) {
      threads.execute(
          () -> {
            try {
              arrivals.add(new Arrival(source, source.read(), null));
            } catch (RuntimeException | Error e) {
              // carried over to the iterating thread, which knows what to do with it
              arrivals.add(new Arrival(source, null, e));
            }
          });
    }

    @Override
    public boolean hasNext() {
      while (delivered < limit && !page.hasNext() && active > 0) {
        accept(take());
      }
      return delivered < limit && page.hasNext();
    }

    @Override
    public JobRun next() {
      if (!hasNext()) {
        throw new NoSuchElementException("there are no more runs");
      }
      delivered++;
      if (current != null) {
        current.delivered.incrementAndGet();
      }
      return page.next();
    }

    private void accept(Arrival arrival) {
      if (arrival.page() != null) {
        page = arrival.page().runs().iterator();
        current = arrival.source();
        request(arrival.source());
        return;
      }
      active--;
      Throwable problem = arrival.problem();
      JobClient client = arrival.source().client;
      if (problem == null) {
        arrival.source().ended = true;
      } else if (problem instanceof JobException failure) {
        failures.add(new CloudFailure(client.name(), failure));
      } else if (problem instanceof IllegalArgumentException) {
        // what one provider takes for no id of its own can be one of another's
        failures.add(
            new CloudFailure(
                client.name(),
                new UnsupportedQueryException(String.valueOf(problem.getMessage()))
                    .at(client.name(), client.provider(), null, 0)));
      } else if (problem instanceof Error error) {
        throw error;
      } else {
        throw (RuntimeException) problem;
      }
    }

    private Arrival take() {
      try {
        return arrivals.take();
      } catch (InterruptedException e) {
        threads.shutdownNow();
        active = 0;
        Thread.currentThread().interrupt();
        throw new JobCancelledException("the iterating thread was interrupted");
      }
    }
  }

  private static ExecutorService daemons(int most) {
    // A queue, since a thread that has just handed over its page may not be free again yet.
    ThreadPoolExecutor threads =
        new ThreadPoolExecutor(
            Math.max(1, most),
            Math.max(1, most),
            1,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Daemons.named("joblens-fleet"));
    threads.allowCoreThreadTimeOut(true);
    return threads;
  }
}
