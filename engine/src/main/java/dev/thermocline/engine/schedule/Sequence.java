package dev.thermocline.engine.schedule;

import dev.thermocline.engine.sample.Sampler;
import dev.thermocline.kernels.TokenBatch;

/**
 * One sequence: its tokens, how many of them are computed, and its pages. Owned by the decode
 * thread.
 */
public final class Sequence {
  private final int[] tokens;
  private final int[] pages;
  private final Sampler sampler;
  private int length;
  private int computed;
  private int pageCount;

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
    return (tokens + TokenBatch.PAGE - 1) / TokenBatch.PAGE;
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

  /** Tokens whose keys and values are not in the cache yet. */
  int pending() {
    return length - computed;
  }

  int computed() {
    return computed;
  }

  void advance(int count) {
    computed += count;
  }

  /** Starts over: after a device was lost, its cache is recomputed from the tokens. */
  public void forget() {
    computed = 0;
  }

  int[] pages() {
    return pages;
  }

  void takePages(PagePool pool) {
    while (pageCount < pages.length) {
      pages[pageCount++] = pool.take();
    }
  }

  void givePages(PagePool pool) {
    while (pageCount > 0) {
      pool.give(pages[--pageCount]);
    }
  }
}
