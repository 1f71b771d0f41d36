package dev.thermocline.engine.schedule;

import dev.thermocline.engine.sample.Sampler;
import dev.thermocline.kernels.TokenBatch;

/**
 * One sequence: its tokens, how many of them are computed, and its pages, which it takes as it
 * grows. Its first {@code known} pages are full and in the pool's index, where sequences that begin
 * alike find them. After a shift, pages behind those hold keys that no other text would have: they
 * are its own. Owned by the decode thread.
 */
public final class Sequence {
  private static final int PAGE = TokenBatch.PAGE;

  private final int[] tokens;
  private final int[] pages;
  private final Sampler sampler;
  private int length;
  private int computed;
  private int pageCount;
  private int known;
  private long prefix;
  private int reused;
  private boolean restarted;
  private boolean parked;
  private boolean shifted;

  /**
   * Starts with a prompt.
   *
   * @param capacity most tokens, prompt included
   */
  public Sequence(int[] prompt, int capacity, Sampler sampler) {
    tokens = java.util.Arrays.copyOf(prompt, capacity);
    length = prompt.length;
    pages = new int[pagesFor(capacity)];
    this.sampler = sampler;
  }

  static int pagesFor(int tokens) {
    return (tokens + PAGE - 1) / PAGE;
  }

  public int length() {
    return length;
  }

  public int capacity() {
    return tokens.length;
  }

  public boolean isFull() {
    return length == tokens.length;
  }

  public Sampler sampler() {
    return sampler;
  }

  /** Tokens, of which the first {@link #length} count; not a copy. */
  public int[] tokens() {
    return tokens;
  }

  public void append(int token) {
    tokens[length++] = token;
  }

  /** Tokens of the prompt that others had computed before. */
  public int reused() {
    return reused;
  }

  /** Tokens whose keys and values are not in the cache yet. */
  int pending() {
    return length - computed;
  }

  int computed() {
    return computed;
  }

  /** Whether it gave up its pages and waits to be computed again. */
  boolean isParked() {
    return parked;
  }

  void resume() {
    parked = false;
  }

  int[] pages() {
    return pages;
  }

  int pageCount() {
    return pageCount;
  }

  /** Whether it may ask for another page. */
  boolean mayGrow() {
    return pageCount < pages.length;
  }

  /** Takes pages until there are {@code wanted}; false if there are no more to be had. */
  boolean grow(int wanted, PagePool pool) {
    while (pageCount < wanted) {
      int page = pool.take();
      if (page < 0) {
        return false;
      }
      pages[pageCount++] = page;
    }
    return true;
  }

  /**
   * Takes over computed pages as long as the next tokens are found. The last token always stays to
   * be computed, as its logits are asked for.
   */
  void reuse(PagePool pool, CacheCounters counters) {
    while (!shifted && (known + 1) * PAGE < length) {
      int page = pool.share(prefix, tokens, known * PAGE);
      if (page < 0) {
        return;
      }
      if (pageCount > known) {
        // Of its own, for these tokens, and not full yet.
        pool.give(pages[--pageCount]);
      }
      know(page, pool);
      pageCount = known;
      int saved = known * PAGE - computed;
      computed += saved;
      if (!restarted) {
        counters.reused(saved, reused == 0);
        reused += saved;
      }
    }
  }

  private void know(int page, PagePool pool) {
    pages[known++] = page;
    prefix = pool.serial(page);
  }

  /** Notes that some more tokens are computed; full pages are for others to find. */
  void advance(int count, PagePool pool) {
    computed += count;
    while (!shifted && (known + 1) * PAGE <= computed) {
      know(pool.offer(pages[known], prefix, tokens, known * PAGE), pool);
    }
  }

  /** Removes tokens; what is computed of those behind them is the caller's business. */
  void drop(int from, int count) {
    System.arraycopy(tokens, from + count, tokens, from, length - from - count);
    length -= count;
  }

  /** Gives back what is computed from a position on, and what precedes it on the same page. */
  void rewind(int position, PagePool pool) {
    int whole = Math.min(known, position / PAGE);
    cut(whole, pool);
    known = whole;
    computed = whole * PAGE;
    prefix = whole == 0 ? 0 : pool.serial(pages[whole - 1]);
    restarted = true;
    shifted = false;
  }

  private void cut(int count, PagePool pool) {
    while (pageCount > count) {
      pool.give(pages[--pageCount]);
    }
  }

  /**
   * Replaces pages that others may find by its own, from page {@code first} to {@code end}; the
   * replaced ones stay in use. False, and nothing done, if there are not enough.
   */
  boolean makeOwn(int first, int end, PagePool pool) {
    int needed = 0;
    for (int i = first; i < end; i++) {
      needed += pool.isOwn(pages[i]) ? 0 : 1;
    }
    if (needed > pool.available()) {
      return false;
    }
    for (int i = first; i < end; i++) {
      if (pool.isOwn(pages[i])) {
        pool.withdraw(pages[i]);
      } else {
        pages[i] = pool.take();
      }
    }
    return true;
  }

  /**
   * Notes that positions were moved: from page {@code first} on, nobody else can use what is
   * computed now.
   */
  void shifted(int left, int first, PagePool pool) {
    computed = left;
    known = Math.min(known, first);
    shifted = true;
    cut(pagesFor(left), pool);
  }

  /** Gives back all pages; it would have to be computed again. */
  void release(PagePool pool) {
    rewind(0, pool);
  }

  /** Gives back all pages, for an older sequence, and waits. */
  void park(PagePool pool) {
    release(pool);
    parked = true;
  }
}
