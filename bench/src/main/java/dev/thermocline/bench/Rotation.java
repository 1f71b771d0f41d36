package dev.thermocline.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Copies of one weight that operations use in turn. With enough of them each operation finds its
 * weights in memory, as a model's layers do; a single one shows what the kernel reaches when caches
 * serve it.
 *
 * @param <T> what is made of a copy
 */
public final class Rotation<T> {
  /** More than the last-level caches of nearly all machines. */
  private static final long MEMORY_BYTES = 256L << 20;

  private final List<T> copies = new ArrayList<>();
  private int next;

  /**
   * Makes the copies.
   *
   * @param residence {@code memory} for many, {@code cache} for one
   * @param bytes of one copy
   * @param copy makes one, in memory of its own
   */
  public Rotation(String residence, long bytes, Supplier<T> copy) {
    long count =
        switch (residence) {
          case "memory" -> (MEMORY_BYTES + bytes - 1) / bytes;
          case "cache" -> 1;
          default ->
              throw new IllegalArgumentException(
                  "residence: expected memory or cache, got " + residence);
        };
    for (long i = 0; i < count; i++) {
      copies.add(copy.get());
    }
  }

  /** The one whose turn it is. */
  public T next() {
    T copy = copies.get(next);
    next = next + 1 == copies.size() ? 0 : next + 1;
    return copy;
  }
}
