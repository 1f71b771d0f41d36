package dev.thermocline.engine.schedule;

/**
 * Free pages of the key-value caches; the same numbers in every layer. Used by the decode thread.
 */
final class PagePool {
  private final int[] free;
  private int count;

  PagePool(int pages) {
    free = new int[pages];
    count = pages;
    for (int i = 0; i < pages; i++) {
      // Popped from the end: low numbers first.
      free[i] = pages - 1 - i;
    }
  }

  int available() {
    return count;
  }

  int take() {
    return free[--count];
  }

  void give(int page) {
    free[count++] = page;
  }
}
