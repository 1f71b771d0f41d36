package dev.thermocline.engine.schedule;

/**
 * Pages of the key-value caches; the same numbers in every layer. A page is used by sequences
 * (counted), or kept for those that may come with the same tokens, or free. Where no page is free,
 * the one that was kept longest gives way. Used by the decode thread.
 *
 * <p>A sequence gives its last page back first: of a chain of kept pages the end goes first, since
 * what follows a page that is gone can never be found again.
 */
final class PagePool {
  private final int[] uses;
  private final int[] free;
  private final PageList kept;
  private final PrefixIndex index;
  private final CacheCounters counters;
  private int freeCount;

  PagePool(int pages, CacheCounters counters) {
    uses = new int[pages];
    free = new int[pages];
    kept = new PageList(pages);
    index = new PrefixIndex(pages);
    this.counters = counters;
    freeCount = pages;
    for (int i = 0; i < pages; i++) {
      // Popped from the end: low numbers first.
      free[i] = pages - 1 - i;
    }
    publish();
  }

  int size() {
    return uses.length;
  }

  /** Pages that can be taken. */
  int available() {
    return freeCount + kept.size();
  }

  /** A page of the caller's own, or -1 if all are in use. */
  int take() {
    if (available() == 0) {
      return -1;
    }
    int page;
    if (freeCount > 0) {
      page = free[--freeCount];
    } else {
      page = kept.removeFirst();
      index.remove(page);
      counters.evicted();
    }
    uses[page] = 1;
    publish();
    return page;
  }

  /** Ends one use of a page. */
  void give(int page) {
    if (--uses[page] > 0) {
      return;
    }
    if (index.contains(page)) {
      kept.addLast(page);
    } else {
      free[freeCount++] = page;
    }
    publish();
  }

  /** Whether nobody else uses a page. */
  boolean isOwn(int page) {
    return uses[page] == 1;
  }

  /**
   * Takes the page that holds {@code PAGE} tokens after a known beginning, or returns -1.
   *
   * @param prefix the serial of the page before, 0 for the beginning of a text
   */
  int share(long prefix, int[] tokens, int from) {
    int page = index.find(prefix, tokens, from);
    if (page >= 0 && uses[page]++ == 0) {
      kept.remove(page);
      publish();
    }
    return page;
  }

  /**
   * Makes a page that the caller has computed known to others. Where there is one with the same
   * content, the caller gets that one instead and gives up its own.
   *
   * @return the page to go on with
   */
  int offer(int page, long prefix, int[] tokens, int from) {
    int same = share(prefix, tokens, from);
    if (same >= 0) {
      give(page);
      return same;
    }
    index.add(page, prefix, tokens, from);
    return page;
  }

  /** Names the content of a known page, and of all pages before it. */
  long serial(int page) {
    return index.serial(page);
  }

  /** Makes a page that only the caller uses unknown, before it changes. */
  void withdraw(int page) {
    index.remove(page);
  }

  /** Forgets all contents: nothing is kept, and nothing in use can be found. */
  void forget() {
    while (kept.size() > 0) {
      free[freeCount++] = kept.removeFirst();
    }
    index.clear();
    publish();
  }

  private void publish() {
    counters.pages(uses.length, freeCount, kept.size());
  }
}
