package dev.thermocline.kernels;

import java.lang.foreign.MemorySegment;

/**
 * Keys and values of one layer in the memory of one backend, in pages of {@link TokenBatch#PAGE}
 * positions; which page belongs to whom is the scheduler's business.
 */
public interface KvCache extends AutoCloseable {

  KvShape shape();

  /**
   * Copies a page to the host, keys, then values, and waits for it.
   *
   * @param to {@link KvShape#pageKeyBytes} and {@link KvShape#pageValueBytes} bytes
   */
  void readPage(int page, MemorySegment to);

  /** Takes the content of a page over, as {@link #readPage} gave it. */
  void writePage(int page, MemorySegment from);

  /** Bytes held in the backend's memory. */
  long bytes();

  @Override
  void close();
}
