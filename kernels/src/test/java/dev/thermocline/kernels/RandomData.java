package dev.thermocline.kernels;

import dev.thermocline.kernels.format.EncodableFormat;
import dev.thermocline.kernels.format.TensorFormat;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Random;

/** Reproducible weights, activations and sets for kernel tests. */
public final class RandomData {
  private final Random random;

  public RandomData(long seed) {
    this.random = new Random(seed);
  }

  /** Normally distributed values. */
  public float[] values(int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  /**
   * A weight in garbage-collected memory, of normally distributed elements; of random blocks where
   * the format has blocks.
   */
  public Tensor tensor(String name, TensorFormat format, int rows, int cols) {
    if (format instanceof EncodableFormat encodable && format.blockElements() == 1) {
      return tensor(name, encodable, rows, cols, values(rows * cols));
    }
    Shape shape = new Shape(rows, cols);
    MemorySegment data = Arena.ofAuto().allocate(format.bytes(shape.elements()), 64);
    RandomBlocks.fill(format, random, data);
    return new Tensor(name, format, shape, data);
  }

  /** A weight with the elements {@code values}, as far as the format can hold them. */
  public static Tensor tensor(
      String name, EncodableFormat format, int rows, int cols, float[] values) {
    MemorySegment data = Arena.ofAuto().allocate(format.bytes(values.length), 64);
    format.encode(values, 0, values.length, data, 0);
    return new Tensor(name, format, new Shape(rows, cols), data);
  }

  /** A set with about {@code share} of the rows. */
  public RowSet rows(int bound, double share) {
    RowSet rows = new RowSet(bound);
    for (int i = 0; i < bound; i++) {
      if (random.nextDouble() < share) {
        rows.add(i);
      }
    }
    return rows;
  }

  public int below(int bound) {
    return random.nextInt(bound);
  }

  public boolean flip() {
    return random.nextBoolean();
  }

  /** One of the options. */
  @SafeVarargs
  public final <T> T oneOf(T... options) {
    return options[random.nextInt(options.length)];
  }

  /** {@code 0 .. count - 1} in random order. */
  public int[] shuffled(int count) {
    int[] order = new int[count];
    for (int i = 0; i < count; i++) {
      int j = random.nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }
}
