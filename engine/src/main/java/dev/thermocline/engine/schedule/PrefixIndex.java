package dev.thermocline.engine.schedule;

import dev.thermocline.kernels.TokenBatch;
import java.util.Arrays;

/**
 * Finds full pages by their tokens and by what precedes them. Every page that is added gets a
 * serial number that is never used again; a page is found by the serial of the page before it and
 * its own {@link TokenBatch#PAGE} tokens, compared one by one. So equal serials mean equal texts
 * from the first token on, and a page whose predecessor is gone is never found.
 */
final class PrefixIndex {
  private static final int PAGE = TokenBatch.PAGE;
  private static final int NONE = -1;

  private final int[] tokens;
  private final long[] prefixes;
  private final long[] serials;
  private final int[] buckets;
  private final int[] nextInBucket;
  private long lastSerial;

  PrefixIndex(int pages) {
    tokens = new int[Math.multiplyExact(pages, PAGE)];
    prefixes = new long[pages];
    serials = new long[pages];
    buckets = new int[Integer.highestOneBit(Math.max(1, pages)) * 2];
    nextInBucket = new int[pages];
    Arrays.fill(buckets, NONE);
  }

  boolean contains(int page) {
    return serials[page] != 0;
  }

  long serial(int page) {
    return serials[page];
  }

  /** The page with these tokens after that prefix, or -1. */
  int find(long prefix, int[] text, int from) {
    int page = buckets[bucket(prefix, text, from)];
    while (page != NONE && !matches(page, prefix, text, from)) {
      page = nextInBucket[page];
    }
    return page;
  }

  private boolean matches(int page, long prefix, int[] text, int from) {
    int at = page * PAGE;
    return prefixes[page] == prefix
        && Arrays.equals(tokens, at, at + PAGE, text, from, from + PAGE);
  }

  /** Adds a page that is not in the index. */
  void add(int page, long prefix, int[] text, int from) {
    System.arraycopy(text, from, tokens, page * PAGE, PAGE);
    prefixes[page] = prefix;
    serials[page] = ++lastSerial;
    int bucket = bucket(prefix, text, from);
    nextInBucket[page] = buckets[bucket];
    buckets[bucket] = page;
  }

  /** Removes a page if it is there. */
  void remove(int page) {
    if (serials[page] == 0) {
      return;
    }
    int bucket = bucket(prefixes[page], tokens, page * PAGE);
    if (buckets[bucket] == page) {
      buckets[bucket] = nextInBucket[page];
    } else {
      int before = buckets[bucket];
      while (nextInBucket[before] != page) {
        before = nextInBucket[before];
      }
      nextInBucket[before] = nextInBucket[page];
    }
    serials[page] = 0;
  }

  void clear() {
    Arrays.fill(buckets, NONE);
    Arrays.fill(serials, 0);
  }

  private int bucket(long prefix, int[] text, int from) {
    long hash = prefix;
    for (int i = from; i < from + PAGE; i++) {
      hash = (hash ^ text[i]) * 0x9E3779B97F4A7C15L;
      hash ^= hash >>> 32;
    }
    return (int) hash & (buckets.length - 1);
  }
}
