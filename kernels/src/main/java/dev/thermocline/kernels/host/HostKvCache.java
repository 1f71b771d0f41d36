package dev.thermocline.kernels.host;

import dev.thermocline.kernels.KvCache;
import dev.thermocline.kernels.KvShape;
import dev.thermocline.kernels.Rope;
import dev.thermocline.kernels.TokenBatch;
import dev.thermocline.kernels.format.EncodableFormat;
import dev.thermocline.kernels.format.TensorFormats;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/**
 * Keys and values in off-heap memory, {@code [page][kvHead][PAGE][headSize]}, so that a head's keys
 * of a page lie together; values likewise.
 */
public final class HostKvCache implements KvCache {
  private static final EncodableFormat Q8 = TensorFormats.Q8_0;

  private final KvShape shape;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment keys;
  private final MemorySegment values;
  private final float[] row;
  private final float[] padded = new float[32];

  public HostKvCache(KvShape shape) {
    this.shape = shape;
    this.keys = arena.allocate(shape.keyBytes(), 64);
    this.values = arena.allocate(shape.valueBytes(), 64);
    this.row = new float[shape.headSize()];
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

  /** Byte offset of a head's key for a slot. */
  public long keyOffset(int slot, int head) {
    return row(slot, head) * shape.format().rowBytes(shape.headSize());
  }

  /** Byte offset of a head's value for a slot. */
  public long valueOffset(int slot, int head) {
    return row(slot, head) * shape.format().rowBytes(shape.valueSize());
  }

  private long row(int slot, int head) {
    return ((long) (slot / TokenBatch.PAGE) * shape.kvHeads() + head) * TokenBatch.PAGE
        + slot % TokenBatch.PAGE;
  }

  /** Stores the keys of one token, all heads, from {@code source}. */
  public void storeKeys(int slot, float[] source, int from) {
    for (int head = 0; head < shape.kvHeads(); head++) {
      int at = from + head * shape.headSize();
      store(keys, keyOffset(slot, head), shape.headSize(), source, at);
    }
  }

  /** Stores the values of one token, all heads, from {@code source}. */
  public void storeValues(int slot, float[] source, int from) {
    for (int head = 0; head < shape.kvHeads(); head++) {
      int at = from + head * shape.valueSize();
      store(values, valueOffset(slot, head), shape.valueSize(), source, at);
    }
  }

  private void store(MemorySegment target, long at, int size, float[] source, int from) {
    switch (shape.format()) {
      case F32 -> MemorySegment.copy(source, from, target, ValueLayout.JAVA_FLOAT, at, size);
      case F16 -> {
        for (int i = 0; i < size; i++) {
          short half = Float.floatToFloat16(source[from + i]);
          target.set(ValueLayout.JAVA_SHORT, at + 2L * i, half);
        }
      }
      case Q8_0 -> storeBlocks(target, at, size, source, from);
    }
  }

  private void storeBlocks(MemorySegment target, long at, int size, float[] source, int from) {
    int whole = size / 32 * 32;
    Q8.encode(source, from, whole, target, at);
    if (whole < size) {
      java.util.Arrays.fill(padded, 0);
      System.arraycopy(source, from + whole, padded, 0, size - whole);
      Q8.encode(padded, 0, 32, target, at + shape.format().rowBytes(whole));
    }
  }

  /** Element {@code i} of the row at byte {@code offset}. */
  public float element(MemorySegment from, long offset, int i) {
    return switch (shape.format()) {
      case F32 -> from.get(ValueLayout.JAVA_FLOAT, offset + 4L * i);
      case F16 -> Float.float16ToFloat(from.get(ValueLayout.JAVA_SHORT, offset + 2L * i));
      case Q8_0 -> Q8.element(from, (offset / Q8.blockBytes()) * Q8.blockElements() + i);
    };
  }

  /** {@link dev.thermocline.kernels.Kernels#move}. */
  public void move(TokenBatch moves, @Nullable Rope turn) {
    int count = moves.size() / 2;
    for (int i = 0; i < count; i++) {
      int from = moves.slot(i, moves.positions()[i]);
      int to = moves.slot(count + i, moves.positions()[count + i]);
      for (int head = 0; head < shape.kvHeads(); head++) {
        moveKey(keyOffset(from, head), keyOffset(to, head), turn);
        long bytes = shape.format().rowBytes(shape.valueSize());
        MemorySegment.copy(values, valueOffset(from, head), values, valueOffset(to, head), bytes);
      }
    }
  }

  private void moveKey(long from, long to, @Nullable Rope turn) {
    if (turn == null) {
      MemorySegment.copy(keys, from, keys, to, shape.format().rowBytes(shape.headSize()));
      return;
    }
    for (int i = 0; i < row.length; i++) {
      row[i] = element(keys, from, i);
    }
    RowRotation.rotate(row, 0, 1, row.length, turn, 0);
    store(keys, to, row.length, row, 0);
  }

  @Override
  public void readPage(int page, MemorySegment to) {
    long keyBytes = shape.pageKeyBytes();
    long valueBytes = shape.pageValueBytes();
    MemorySegment.copy(keys, page * keyBytes, to, 0, keyBytes);
    MemorySegment.copy(values, page * valueBytes, to, keyBytes, valueBytes);
  }

  @Override
  public void writePage(int page, MemorySegment from) {
    long keyBytes = shape.pageKeyBytes();
    long valueBytes = shape.pageValueBytes();
    MemorySegment.copy(from, 0, keys, page * keyBytes, keyBytes);
    MemorySegment.copy(from, keyBytes, values, page * valueBytes, valueBytes);
  }

  @Override
  public void close() {
    arena.close();
  }
}
