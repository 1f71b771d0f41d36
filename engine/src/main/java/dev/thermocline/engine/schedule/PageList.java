package dev.thermocline.engine.schedule;

/** Page numbers in the order in which they were added; any of them is removed at once. */
final class PageList {
  private final int[] next;
  private final int[] previous;
  private final int end;
  private int size;

  /** Makes an empty list for the numbers below {@code pages}. */
  PageList(int pages) {
    next = new int[pages + 1];
    previous = new int[pages + 1];
    // A ring through one more element that is no page.
    end = pages;
    next[end] = end;
    previous[end] = end;
  }

  int size() {
    return size;
  }

  void addLast(int page) {
    int last = previous[end];
    next[last] = page;
    previous[page] = last;
    next[page] = end;
    previous[end] = page;
    size++;
  }

  void remove(int page) {
    next[previous[page]] = next[page];
    previous[next[page]] = previous[page];
    size--;
  }

  int removeFirst() {
    int first = next[end];
    remove(first);
    return first;
  }
}
