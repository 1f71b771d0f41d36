package dev.thermocline.models.layers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thermocline.kernels.ActivationFunction;
import dev.thermocline.kernels.Shape;
import dev.thermocline.kernels.Tensor;
import dev.thermocline.kernels.format.EncodableFormat;
import dev.thermocline.kernels.format.TensorFormats;
import dev.thermocline.kernels.parallel.WorkerPool;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class NeuronMajorTest {

  static Stream<EncodableFormat> formats() {
    return TensorFormats.encodable().stream();
  }

  @ParameterizedTest
  @MethodSource("formats")
  void theTransposeHoldsTheSameValues(EncodableFormat format) {
    int neurons = Math.max(224, format.blockElements());
    Tensor down = random(format, 96, neurons, 1);
    try (Arena arena = Arena.ofConfined();
        Arena shared = Arena.ofShared();
        WorkerPool pool = new WorkerPool(3)) {
      AtomicLong progress = new AtomicLong();
      FeedForwardWeights weights = weights(down, null);
      Tensor downT = NeuronMajor.of(weights, shared, pool, progress::addAndGet).downT();
      double max = 0;
      double squares = 0;
      double errors = 0;
      for (int neuron = 0; neuron < neurons; neuron++) {
        for (int c = 0; c < 96; c++) {
          double expected = format.element(down.data(), c * (long) neurons + neuron);
          double found = downT.format().element(downT.data(), neuron * 96L + c);
          max = Math.max(max, Math.abs(expected - found));
          squares += expected * expected;
          errors += (expected - found) * (expected - found);
        }
      }
      boolean lossless = downT.format() == format;
      assertTrue(lossless ? max == 0 : max > 0 && max < 0.02, format + ": " + max);
      double relative = Math.sqrt(errors / squares);
      assertTrue(relative < 0.006, format + ": " + relative);
      assertEquals(downT.data().byteSize(), progress.get());
      assertEquals(downT.data().byteSize(), NeuronMajor.bytesNeeded(weights));
      assertTrue(arena.scope().isAlive());
    }
  }

  @Test
  void theNumberOfThreadsChangesNothing() {
    Tensor down = random(TensorFormats.Q4_0, 64, 1024, 2);
    try (Arena arena = Arena.ofShared();
        WorkerPool one = new WorkerPool(1);
        WorkerPool many = new WorkerPool(4)) {
      Tensor a = NeuronMajor.of(weights(down, null), arena, one, b -> {}).downT();
      Tensor b = NeuronMajor.of(weights(down, null), arena, many, x -> {}).downT();
      assertEquals(TensorFormats.Q8_0, a.format());
      assertEquals(-1, a.data().mismatch(b.data()));
    }
  }

  @Test
  void aStoredTransposeIsUsedInPlace() {
    Tensor downT = random(TensorFormats.Q4_0, 64, 32, 3);
    try (Arena arena = Arena.ofShared();
        WorkerPool pool = new WorkerPool(1)) {
      assertSame(downT, NeuronMajor.of(weights(null, downT), arena, pool, b -> {}).downT());
      assertEquals(0, NeuronMajor.bytesNeeded(weights(null, downT)));
    }
  }

  private static FeedForwardWeights weights(Tensor down, Tensor downT) {
    int nFf = down != null ? down.cols() : downT.rows();
    int nEmbd = down != null ? down.rows() : downT.cols();
    Tensor up = random(TensorFormats.F32, nFf, nEmbd, 4);
    return new FeedForwardWeights(
        null, null, up, null, down, downT, null, ActivationFunction.RELU_SQUARED, null, null);
  }

  private static Tensor random(EncodableFormat format, int rows, int cols, long seed) {
    Random random = new Random(seed);
    float[] values = new float[rows * cols];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    byte[] bytes = new byte[(int) format.bytes(values.length)];
    // A native segment, because workers read it from their own threads.
    MemorySegment data = Arena.ofAuto().allocate(bytes.length, 64);
    format.encode(values, 0, values.length, data, 0);
    return new Tensor("blk.0.ffn_down.weight", format, new Shape(rows, cols), data);
  }
}
