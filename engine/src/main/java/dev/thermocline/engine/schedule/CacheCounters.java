package dev.thermocline.engine.schedule;

import dev.thermocline.engine.CacheStatistics;

/**
 * What the key-value caches hold and what came of it. The decode thread writes, anybody reads; each
 * number is exact, though two of them may be a step apart.
 */
@SuppressWarnings("NonAtomicVolatileUpdate") // one writer
public final class CacheCounters {
  private volatile int pages;
  private volatile int free;
  private volatile int cached;
  private volatile long promptTokens;
  private volatile long reusedTokens;
  private volatile long hits;
  private volatile long evictions;
  private volatile long preemptions;
  private volatile long shifts;

  /** What is known now. */
  public CacheStatistics read() {
    return new CacheStatistics(
        pages, free, cached, promptTokens, reusedTokens, hits, evictions, preemptions, shifts);
  }

  void pages(int all, int unused, int kept) {
    pages = all;
    free = unused;
    cached = kept;
  }

  void admitted(int tokens) {
    promptTokens += tokens;
  }

  void reused(int tokens, boolean first) {
    reusedTokens += tokens;
    hits += first ? 1 : 0;
  }

  void evicted() {
    evictions++;
  }

  void shifted() {
    shifts++;
  }

  void preempted() {
    preemptions++;
  }
}
