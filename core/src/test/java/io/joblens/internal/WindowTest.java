package io.joblens.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.joblens.spi.Capabilities.Paging;
import org.junit.jupiter.api.Test;

class WindowTest {
  @Test
  void aCountedPageBeginsWithTheLastRowsThatWereRead() {
    assertThat(Window.after(100, Paging.OFFSET, 50, 100, 10)).isEqualTo(new Window(90, 60, 90));
    assertThat(Window.after(100, Paging.OFFSET, 100, 100, 10)).isEqualTo(new Window(90, 100, 90));
    assertThat(Window.after(0, Paging.OFFSET, 100, 100, 10)).isEqualTo(new Window(0, 100, 0));
  }

  @Test
  void aNumberedPageBeginsAtAMultipleOfItsSizeAndReachesFurthest() {
    assertThat(Window.after(0, Paging.PAGE_NUMBER, 100, 100, 10)).isEqualTo(new Window(0, 100, 0));
    assertThat(Window.after(100, Paging.PAGE_NUMBER, 100, 100, 10))
        .isEqualTo(new Window(90, 90, 90));
    assertThat(Window.after(1000, Paging.PAGE_NUMBER, 1000, 10_000, 10))
        .isEqualTo(new Window(990, 990, 990));
  }

  @Test
  void everyWindowOfAUsualSizeOverlapsInFullAndGoesOnWell() {
    for (int size : new int[] {10, 50, 100, 1000}) {
      for (long at = size; at < 20_000; at += 7) {
        Window window = Window.after(at, Paging.PAGE_NUMBER, size, 10_000, Window.OVERLAP);
        assertThat(window.begin() % window.limit()).isZero();
        assertThat(window.from()).isEqualTo(at - Window.OVERLAP);
        assertThat(window.begin()).isLessThanOrEqualTo(window.from());
        assertThat(window.limit()).isLessThanOrEqualTo(Math.max(size, 50));
        assertThat(window.end()).as("size %s at %s", size, at).isGreaterThan(at + size / 3);
      }
    }
  }

  @Test
  void aWindowThatCannotOverlapStillGoesOn() {
    for (Paging paging : Paging.values()) {
      for (int most = 1; most < 12; most++) {
        for (long at = 0; at < 300; at++) {
          Window window = Window.after(at, paging, 100, most, 10);
          assertThat(window.end()).isGreaterThan(at);
          assertThat(window.begin()).isLessThanOrEqualTo(at);
          assertThat(window.limit()).isBetween(1, most);
        }
      }
    }
  }

  @Test
  void rowsBeforeTheOverlapAreLeftOut() {
    assertThat(new Window(84, 42, 90).skipped(42)).isEqualTo(6);
    assertThat(new Window(84, 42, 90).skipped(3)).isEqualTo(3);
  }
}
