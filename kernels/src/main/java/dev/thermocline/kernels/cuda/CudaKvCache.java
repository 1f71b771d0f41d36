package dev.thermocline.kernels.cuda;

import dev.thermocline.kernels.KvCache;
import dev.thermocline.kernels.KvShape;
import java.lang.foreign.MemorySegment;

/**
 * Keys, then values, on the device: {@code [page][kvHead][PAGE][headSize]} and {@code
 * [page][kvHead][PAGE][valueSize]}.
 */
final class CudaKvCache implements KvCache {
  /** Longest head that the attention kernel has room for. */
  static final int MAX_HEAD = 256;

  private final KvShape shape;
  private final CudaTransfers transfers;
  private final CudaBuffer buffer;

  CudaKvCache(CudaSession session, KvShape shape) {
    int longest = Math.max(shape.headSize(), shape.valueSize());
    if (longest > MAX_HEAD) {
      throw new IllegalArgumentException(
          "kv cache on a CUDA device: expected heads of at most "
              + MAX_HEAD
              + " elements, got "
              + longest);
    }
    this.shape = shape;
    this.transfers = session.transfers();
    this.buffer = session.heap().allocate(shape.bytes());
  }

  @Override
  public KvShape shape() {
    return shape;
  }

  @Override
  public long bytes() {
    return shape.bytes();
  }

  long keys() {
    return buffer.address();
  }

  long values() {
    return buffer.address() + shape.keyBytes();
  }

  @Override
  public void readPage(int page, MemorySegment to) {
    long keyBytes = shape.pageKeyBytes();
    transfers.read(keys() + page * keyBytes, to.asSlice(0, keyBytes));
    long valueBytes = shape.pageValueBytes();
    transfers.read(values() + page * valueBytes, to.asSlice(keyBytes, valueBytes));
  }

  @Override
  public void writePage(int page, MemorySegment from) {
    long keyBytes = shape.pageKeyBytes();
    transfers.upload(from.asSlice(0, keyBytes), keys() + page * keyBytes);
    long valueBytes = shape.pageValueBytes();
    transfers.upload(from.asSlice(keyBytes, valueBytes), values() + page * valueBytes);
  }

  @Override
  public void close() {
    buffer.close();
  }
}
