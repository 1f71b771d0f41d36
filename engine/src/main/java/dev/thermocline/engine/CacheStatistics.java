package dev.thermocline.engine;

/**
 * What the key-value caches of an engine hold, and how much of the prompts they saved.
 *
 * @param pages of {@link dev.thermocline.kernels.TokenBatch#PAGE} positions, in every layer
 * @param free pages that hold nothing
 * @param cached pages that no sequence uses, kept for prompts that begin alike
 * @param promptTokens of all requests that were admitted
 * @param reusedTokens of those, tokens that were not computed again
 * @param hits requests that reused at least one page
 * @param evictions kept pages that gave way
 * @param preemptions sequences that gave up their pages for an older one, to be computed again
 * @param shifts full contexts that moved up
 */
public record CacheStatistics(
    int pages,
    int free,
    int cached,
    long promptTokens,
    long reusedTokens,
    long hits,
    long evictions,
    long preemptions,
    long shifts) {

  /** Pages that sequences use. */
  public int used() {
    return pages - free - cached;
  }
}
