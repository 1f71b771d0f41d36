package dev.thermocline.kernels;

/**
 * Keys and values of one layer in the memory of one backend, in pages of {@link TokenBatch#PAGE}
 * positions; which page belongs to whom is the scheduler's business.
 */
public interface KvCache extends AutoCloseable {

  KvShape shape();

  /** Bytes held in the backend's memory. */
  long bytes();

  @Override
  void close();
}
