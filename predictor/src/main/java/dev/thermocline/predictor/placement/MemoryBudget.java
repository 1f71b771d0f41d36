package dev.thermocline.predictor.placement;

import java.util.ArrayList;
import java.util.List;

/**
 * Device memory, accounted to the byte before anything is allocated: a ledger in which every
 * allocation counts with the rounding of the device's allocator.
 */
public final class MemoryBudget {
  /** CUDA's allocations start at multiples of this many bytes. */
  public static final long ALIGNMENT = 256;

  private final long capacityBytes;
  private final List<Entry> entries = new ArrayList<>();
  private long usedBytes;

  /**
   * One reservation.
   *
   * @param what for messages and plans
   * @param bytes rounded up to {@link #ALIGNMENT}
   */
  public record Entry(String what, long bytes) {}

  /** An empty ledger of {@code capacityBytes}, which is never exceeded. */
  public MemoryBudget(long capacityBytes) {
    if (capacityBytes < 0) {
      throw new IllegalArgumentException(
          "memory budget: expected at least 0 bytes, got " + capacityBytes);
    }
    this.capacityBytes = capacityBytes;
  }

  /** What an allocation of {@code bytes} takes. */
  public static long aligned(long bytes) {
    if (bytes < 0 || bytes > Long.MAX_VALUE - ALIGNMENT) {
      throw new IllegalArgumentException(
          "allocation: expected 0 to 2^63 - 257 bytes, got " + bytes);
    }
    return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }

  /** What allocations of these sizes take together. */
  public static long aligned(List<Long> allocations) {
    long sum = 0;
    for (long bytes : allocations) {
      sum = Math.addExact(sum, aligned(bytes));
    }
    return sum;
  }

  /**
   * Takes several allocations, all or none.
   *
   * @throws OutOfBudgetException if they do not fit
   */
  public void reserve(String what, List<Long> allocations) {
    if (!tryReserve(what, allocations)) {
      throw new OutOfBudgetException(what, aligned(allocations), usedBytes, capacityBytes);
    }
  }

  /** As {@link #reserve}; says whether they fitted and changes nothing if not. */
  public boolean tryReserve(String what, List<Long> allocations) {
    long bytes = aligned(allocations);
    if (bytes > capacityBytes - usedBytes) {
      return false;
    }
    usedBytes += bytes;
    entries.add(new Entry(what, bytes));
    return true;
  }

  public long capacityBytes() {
    return capacityBytes;
  }

  public long usedBytes() {
    return usedBytes;
  }

  public long remainingBytes() {
    return capacityBytes - usedBytes;
  }

  /** What was reserved, in order. */
  public List<Entry> entries() {
    return List.copyOf(entries);
  }
}
