package dev.thermocline.kernels.host;

import dev.thermocline.kernels.KvCache;
import dev.thermocline.kernels.KvFormat;
import dev.thermocline.kernels.KvShape;
import dev.thermocline.kernels.TokenBatch;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Keys and values in off-heap memory, {@code [page][kvHead][PAGE][headSize]}, so that a head's keys
 * of a page lie together; values likewise.
 */
public final class HostKvCache implements KvCache {
  private final KvShape shape;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment keys;
  private final MemorySegment values;

  public HostKvCache(KvShape shape) {
    this.shape = shape;
    this.keys = arena.allocate(shape.keyBytes(), 64);
    this.values = arena.allocate(shape.valueBytes(), 64);
  }

  @Override
  public KvShape shape() {
    return shape;
  }

  @Override
  public long bytes() {
    return shape.bytes();
  }

  public MemorySegment keys() {
    return keys;
  }

  public MemorySegment values() {
    return values;
  }

  /** Bytes of one element. */
  public int elementBytes() {
    return shape.format() == KvFormat.F16 ? 2 : 4;
  }

  /** Byte offset of a head's key for a slot. */
  public long keyOffset(int slot, int head) {
    return row(slot, head) * shape.headSize() * elementBytes();
  }

  /** Byte offset of a head's value for a slot. */
  public long valueOffset(int slot, int head) {
    return row(slot, head) * shape.valueSize() * elementBytes();
  }

  private long row(int slot, int head) {
    return ((long) (slot / TokenBatch.PAGE) * shape.kvHeads() + head) * TokenBatch.PAGE
        + slot % TokenBatch.PAGE;
  }

  /** Stores the keys of one token, all heads, from {@code source}. */
  public void storeKeys(int slot, float[] source, int from) {
    store(keys, shape.headSize(), slot, source, from);
  }

  /** Stores the values of one token, all heads, from {@code source}. */
  public void storeValues(int slot, float[] source, int from) {
    store(values, shape.valueSize(), slot, source, from);
  }

  private void store(MemorySegment target, int size, int slot, float[] source, int from) {
    for (int head = 0; head < shape.kvHeads(); head++) {
      long at = row(slot, head) * size * elementBytes();
      if (shape.format() == KvFormat.F16) {
        for (int i = 0; i < size; i++) {
          short half = Float.floatToFloat16(source[from + head * size + i]);
          target.set(ValueLayout.JAVA_SHORT, at + 2L * i, half);
        }
      } else {
        MemorySegment.copy(source, from + head * size, target, ValueLayout.JAVA_FLOAT, at, size);
      }
    }
  }

  /** Element {@code i} of the row at byte {@code offset}. */
  public float element(MemorySegment from, long offset, int i) {
    return shape.format() == KvFormat.F16
        ? Float.float16ToFloat(from.get(ValueLayout.JAVA_SHORT, offset + 2L * i))
        : from.get(ValueLayout.JAVA_FLOAT, offset + 4L * i);
  }

  @Override
  public void close() {
    arena.close();
  }
}
