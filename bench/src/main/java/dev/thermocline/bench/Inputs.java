package dev.thermocline.bench;

import dev.thermocline.kernels.HostActivations;
import dev.thermocline.kernels.RowSet;
import dev.thermocline.kernels.Shape;
import dev.thermocline.kernels.Tensor;
import dev.thermocline.kernels.format.EncodableFormat;
import dev.thermocline.kernels.format.TensorFormats;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Weights, activations and sets from a fixed seed: the same in every fork. */
public final class Inputs {
  private static final long SEED = 20250101;

  private final SplittableRandom random = new SplittableRandom(SEED);

  /**
   * The format of a parameter.
   *
   * @throws IllegalArgumentException if there is none of that name
   */
  public static EncodableFormat format(String name) {
    return TensorFormats.encodable().stream()
        .filter(f -> f.toString().equals(name))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "format: expected one of " + TensorFormats.encodable() + ", got " + name));
  }

  /** The shape of a parameter such as {@code 8192x2048}, rows first. */
  public static Shape shape(String parameter) {
    int[] numbers = numbers(parameter, 2);
    return new Shape(numbers[0], numbers[1]);
  }

  /**
   * The numbers of a parameter such as {@code 32x8x64}.
   *
   * @throws IllegalArgumentException if they are not {@code count}
   */
  public static int[] numbers(String parameter, int count) {
    int[] numbers = Arrays.stream(parameter.split("x", -1)).mapToInt(Integer::parseInt).toArray();
    if (numbers.length != count) {
      throw new IllegalArgumentException(
          "parameter: expected " + count + " numbers with x between them, got " + parameter);
    }
    return numbers;
  }

  /** A weight with elements between -1 and 1. */
  public Tensor tensor(EncodableFormat format, Shape shape) {
    float[] values = new float[Math.toIntExact(shape.elements())];
    fill(values);
    MemorySegment data = Arena.ofAuto().allocate(format.bytes(values.length), 64);
    format.encode(values, 0, values.length, data, 0);
    return new Tensor("weight", format, shape, data);
  }

  /** The same weight in memory of its own. */
  public static Tensor copy(Tensor tensor) {
    MemorySegment data = Arena.ofAuto().allocate(tensor.data().byteSize(), 64);
    data.copyFrom(tensor.data());
    return new Tensor(tensor.name(), tensor.format(), tensor.shape(), data);
  }

  /** Activations between -1 and 1. */
  public HostActivations activations(int tokens, int cols) {
    HostActivations activations = new HostActivations(tokens, cols);
    fill(activations.values());
    return activations;
  }

  private void fill(float[] values) {
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextDouble(-1, 1);
    }
  }

  /** Exactly the nearest number of rows to {@code density}, each as likely as any other. */
  public RowSet rows(int bound, double density) {
    RowSet rows = new RowSet(bound);
    int[] order = shuffled(bound);
    for (int i = 0; i < Math.round(bound * density); i++) {
      rows.add(order[i]);
    }
    return rows;
  }

  /** The numbers below {@code count} in random order. */
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
