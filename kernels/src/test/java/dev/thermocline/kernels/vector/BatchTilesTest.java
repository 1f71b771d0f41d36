package dev.thermocline.kernels.vector;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.thermocline.kernels.ActivationFunction;
import dev.thermocline.kernels.HostActivations;
import dev.thermocline.kernels.Kernels;
import dev.thermocline.kernels.Matrix;
import dev.thermocline.kernels.NeuronBlock;
import dev.thermocline.kernels.NeuronWeights;
import dev.thermocline.kernels.Shape;
import dev.thermocline.kernels.Tensor;
import dev.thermocline.kernels.format.EncodableFormat;
import dev.thermocline.kernels.format.F32;
import dev.thermocline.kernels.format.Q4_0;
import dev.thermocline.kernels.format.TensorFormats;
import dev.thermocline.kernels.parallel.WorkerPool;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A token of a batch has the same bits in a batch of any size and at any number of threads. */
class BatchTilesTest {
  private static final int PAIR = 2;

  @ParameterizedTest
  @ValueSource(ints = {3, 4, 5, 6, 7, 8, 16, 64, 65, 131})
  void products(int n) {
    check(n, new Shape(29, 2112), format(Q4_0.class));
    check(n, new Shape(3, 1029), format(F32.class));
  }

  private static void check(int n, Shape shape, EncodableFormat format) {
    HostActivations x = random(n, shape.cols());
    Tensor weight = tensor(format, shape, 1);
    HostActivations many = new HostActivations(n, shape.rows());
    HostActivations pairs = new HostActivations(n, shape.rows());
    try (WorkerPool one = new WorkerPool(1);
        WorkerPool three = new WorkerPool(3);
        Kernels alone = Kernels.vector(one);
        Kernels together = Kernels.vector(three);
        Matrix a = alone.matrix(weight);
        Matrix b = together.matrix(weight)) {
      b.multiply(x, n, many);
      inPairs(n, x, pairs, (from, to) -> a.multiply(from, PAIR, to));
    }
    assertArrayEquals(pairs.values(), many.values());
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 4, 5, 8, 66})
  void neurons(int n) {
    neurons(n, ActivationFunction.RELU, 100, 544, format(Q4_0.class));
    neurons(n, ActivationFunction.SILU, 37, 41, format(F32.class));
  }

  private static void neurons(
      int n, ActivationFunction function, int neurons, int width, EncodableFormat format) {
    Shape shape = new Shape(neurons, width);
    HostActivations x = random(n, width);
    NeuronWeights weights =
        new NeuronWeights(
            tensor(format, shape, 1),
            null,
            tensor(format, shape, 2),
            null,
            tensor(format, shape, 3),
            function);
    HostActivations many = new HostActivations(n, width);
    HostActivations pairs = new HostActivations(n, width);
    try (WorkerPool one = new WorkerPool(1);
        WorkerPool three = new WorkerPool(3);
        Kernels alone = Kernels.vector(one);
        Kernels together = Kernels.vector(three);
        NeuronBlock a = alone.neurons(weights, null);
        NeuronBlock b = together.neurons(weights, null)) {
      b.forward(x, n, null, true, many);
      inPairs(n, x, pairs, (from, to) -> a.forward(from, PAIR, null, true, to));
    }
    assertArrayEquals(pairs.values(), many.values());
  }

  /** More columns than are fetched together, and several slices, panels and pieces. */
  @ParameterizedTest
  @ValueSource(ints = {2, 5})
  void wideNeuronsAreTheOracles(int n) {
    Shape shape = new Shape(180, 2592);
    HostActivations x = random(n, shape.cols());
    Tensor weight = tensor(format(Q4_0.class), shape, 4);
    NeuronWeights weights =
        new NeuronWeights(null, null, weight, null, weight, ActivationFunction.RELU);
    HostActivations expected = new HostActivations(n, shape.cols());
    HostActivations actual = new HostActivations(n, shape.cols());
    try (WorkerPool three = new WorkerPool(3);
        Kernels oracle = Kernels.reference();
        Kernels vector = Kernels.vector(three);
        NeuronBlock a = oracle.neurons(weights, null);
        NeuronBlock b = vector.neurons(weights, null)) {
      a.forward(x, n, null, true, expected);
      b.forward(x, n, null, true, actual);
    }
    assertArrayEquals(expected.values(), actual.values(), 2e-3f);
  }

  private interface Product {
    void of(HostActivations from, HostActivations to);
  }

  /** Each token beside the one before it, or the first beside the last. */
  private static void inPairs(int n, HostActivations x, HostActivations out, Product product) {
    HostActivations from = new HostActivations(PAIR, x.cols());
    HostActivations to = new HostActivations(PAIR, out.cols());
    for (int t = 0; t < n; t++) {
      int other = (t + n - 1) % n;
      System.arraycopy(x.values(), x.offset(other), from.values(), 0, x.cols());
      System.arraycopy(x.values(), x.offset(t), from.values(), x.cols(), x.cols());
      to.clear(PAIR);
      product.of(from, to);
      System.arraycopy(to.values(), to.cols(), out.values(), out.offset(t), to.cols());
    }
  }

  private static EncodableFormat format(Class<? extends EncodableFormat> type) {
    return TensorFormats.encodable().stream().filter(type::isInstance).findFirst().orElseThrow();
  }

  private static HostActivations random(int n, int cols) {
    HostActivations x = new HostActivations(n, cols);
    fill(x.values(), 7);
    return x;
  }

  private static Tensor tensor(EncodableFormat format, Shape shape, int seed) {
    float[] values = new float[Math.toIntExact(shape.elements())];
    fill(values, seed);
    MemorySegment data = Arena.ofAuto().allocate(format.bytes(values.length), 64);
    format.encode(values, 0, values.length, data, 0);
    return new Tensor("weight", format, shape, data);
  }

  private static void fill(float[] values, int seed) {
    Random random = new Random(seed);
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat() - 0.5f;
    }
  }
}
