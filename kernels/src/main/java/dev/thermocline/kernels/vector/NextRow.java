package dev.thermocline.kernels.vector;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Brings the next row of a list into the cache while this one is computed. Active rows lie apart,
 * so the processor's own prefetching starts anew with each of them, and reading one costs three
 * times what it costs in a dense product. Java has no prefetch instruction; loads of one byte per
 * cache line that nothing waits for do the same, many misses at once (1.1 to 1.7 times faster than
 * without, for a tenth of the rows: docs/decisions/008).
 */
final class NextRow {
  private static final int LINE = 64;

  /** Past so many bytes the processor has seen the pattern. */
  private static final int MOST = 4096;

  private NextRow() {}

  /** Asks for {@code bytes} bytes from {@code offset} on. */
  static void fetch(MemorySegment data, long offset, long bytes) {
    int lines = 0;
    long end = offset + Math.min(bytes, MOST);
    for (long at = offset; at < end; at += LINE) {
      lines += data.get(ValueLayout.JAVA_BYTE, at);
    }
    // Bytes of so few lines never add up to this; C2, which would drop unused loads, cannot know.
    if (lines == Integer.MIN_VALUE) {
      throw new IllegalStateException();
    }
  }
}
