package io.joblens.internal;

import io.joblens.Coverage;
import io.joblens.JobException;
import io.joblens.JobPage;
import io.joblens.JobRun;
import io.joblens.RunListing;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** Reads a listing page by page, each when the one before is used up. */
final class LazyListing implements RunListing {
  private final Supplier<Listing> begin;
  private final Function<Listing, JobPage> read;
  private volatile @Nullable Listing latest;

  LazyListing(Supplier<Listing> begin, Function<Listing, JobPage> read) {
    this.begin = begin;
    this.read = read;
  }

  @Override
  public Iterable<JobPage> byPage() {
    return () -> {
      Listing listing = begin.get();
      latest = listing;
      return new Pages(listing, read);
    };
  }

  @Override
  public Iterator<JobRun> iterator() {
    return new Runs(byPage().iterator());
  }

  @Override
  public Stream<JobRun> stream() {
    return StreamSupport.stream(spliterator(), false);
  }

  @Override
  public Coverage coverage() {
    Listing listing = latest;
    return listing == null ? new Coverage(List.of()) : listing.coverage();
  }

  private record Pages(Listing listing, Function<Listing, JobPage> read)
      implements Iterator<JobPage> {
    @Override
    public boolean hasNext() {
      return listing.hasNext();
    }

    @Override
    public JobPage next() {
      if (!hasNext()) {
        throw new NoSuchElementException("the listing is over");
      }
      try {
        return read.apply(listing);
      } catch (JobException e) {
        listing.failed(e);
        throw e;
      }
    }
  }

  private static final class Runs implements Iterator<JobRun> {
    private final Iterator<JobPage> pages;
    private Iterator<JobRun> page = Collections.emptyIterator();

    Runs(Iterator<JobPage> pages) {
      this.pages = pages;
    }

    @Override
    public boolean hasNext() {
      while (!page.hasNext() && pages.hasNext()) {
        page = pages.next().runs().iterator();
      }
      return page.hasNext();
    }

    @Override
    public JobRun next() {
      if (!hasNext()) {
        throw new NoSuchElementException("the listing is over");
      }
      return page.next();
    }
  }
}
