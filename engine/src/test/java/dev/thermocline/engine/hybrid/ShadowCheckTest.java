package dev.thermocline.engine.hybrid;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import dev.thermocline.kernels.ActivationFunction;
import dev.thermocline.kernels.HostActivations;
import dev.thermocline.kernels.Kernels;
import dev.thermocline.kernels.NeuronWeights;
import dev.thermocline.kernels.RowSet;
import dev.thermocline.kernels.Shape;
import dev.thermocline.kernels.Tensor;
import dev.thermocline.kernels.format.TensorFormats;
import dev.thermocline.kernels.parallel.WorkerPool;
import dev.thermocline.predictor.AllNeurons;
import dev.thermocline.predictor.Energy;
import dev.thermocline.predictor.GateFirst;
import dev.thermocline.predictor.LowRank;
import dev.thermocline.predictor.LowRankParameters;
import dev.thermocline.predictor.Selector;
import dev.thermocline.predictor.SelectorInput;
import dev.thermocline.predictor.SelectorWorkspace;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Predictors that drop neurons by number, so that what they miss is known. */
class ShadowCheckTest {
  private static final int WIDTH = 64;
  private static final int NEURONS = 200;
  private static final int TOKENS = 5;
  private static final int ROUNDS = 12;

  private final SplittableRandom random = new SplittableRandom(5);
  private final WorkerPool pool = new WorkerPool(1);
  private final Kernels cpu = Kernels.vector(pool);

  @AfterEach
  void close() {
    cpu.close();
    pool.close();
  }

  private Tensor gaussian(String name, int rows, int cols, double deviation) {
    float[] values = new float[rows * cols];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (random.nextGaussian() * deviation);
    }
    return tensor(name, rows, cols, values);
  }

  private static Tensor tensor(String name, int rows, int cols, float[] values) {
    MemorySegment data = Arena.ofAuto().allocate(4L * values.length, 64);
    MemorySegment.copy(values, 0, data, ValueLayout.JAVA_FLOAT, 0, values.length);
    return new Tensor(name, TensorFormats.F32, new Shape(rows, cols), data);
  }

  private NeuronWeights weights(ActivationFunction function, boolean gated, boolean bias) {
    return new NeuronWeights(
        gated ? gaussian("gate", NEURONS, WIDTH, 0.1) : null,
        gated && bias ? gaussian("gate.bias", 1, NEURONS, 0.3) : null,
        gaussian("up", NEURONS, WIDTH, 0.1),
        bias ? gaussian("up.bias", 1, NEURONS, 0.3) : null,
        gaussian("down", NEURONS, WIDTH, 0.1),
        function);
  }

  /**
   * Keeps the listed neurons, whatever it reads: {@code relu(w . z) + relu(-w . z)} is positive,
   * and its sign is each neuron's own.
   */
  private Selector keeping(RowSet kept) {
    float[] fc1 = new float[2 * WIDTH];
    for (int i = 0; i < WIDTH; i++) {
      fc1[i] = (float) random.nextGaussian();
      fc1[WIDTH + i] = -fc1[i];
    }
    float[] fc2 = new float[2 * NEURONS];
    for (int i = 0; i < NEURONS; i++) {
      fc2[2 * i] = kept.contains(i) ? 1 : -1;
      fc2[2 * i + 1] = fc2[2 * i];
    }
    LowRankParameters parameters =
        new LowRankParameters(
            tensor("fc1", 2, WIDTH, fc1), tensor("fc2", NEURONS, 2, fc2), 0, SelectorInput.NORMED);
    return new LowRank(cpu, parameters, new SelectorWorkspace(TOKENS, WIDTH, NEURONS));
  }

  private RowSet some(double share) {
    RowSet rows = new RowSet(NEURONS);
    for (int i = 0; i < NEURONS; i++) {
      if (random.nextDouble() < share) {
        rows.add(i);
      }
    }
    return rows;
  }

  private HybridFeedForward block(
      NeuronWeights weights,
      Selector selector,
      HybridBuffers buffers,
      @Nullable ShadowCheck check) {
    return new HybridFeedForward(
        cpu, buffers, null, cpu.neurons(weights, null), selector, null, check);
  }

  private HostActivations input() {
    HostActivations x = new HostActivations(TOKENS, WIDTH);
    for (int i = 0; i < x.values().length; i++) {
      x.values()[i] = (float) random.nextGaussian();
    }
    return x;
  }

  /** What calibration calls active, by plain loops: the value of the neuron is not zero. */
  private static boolean active(NeuronWeights weights, HostActivations x, int token, int neuron) {
    return Math.abs(value(weights, x, token, neuron)) > 0;
  }

  private static float value(NeuronWeights weights, HostActivations x, int token, int neuron) {
    float up = product(weights.up(), weights.upBias(), x, token, neuron);
    Tensor gate = weights.gate();
    ActivationFunction function = weights.activation();
    return gate == null
        ? function.apply(up)
        : function.apply(product(gate, weights.gateBias(), x, token, neuron)) * function.factor(up);
  }

  private static float product(
      Tensor matrix, @Nullable Tensor bias, HostActivations x, int token, int row) {
    float[] values = new float[WIDTH];
    matrix.decodeRow(row, values, 0);
    double sum = 0;
    for (int i = 0; i < WIDTH; i++) {
      sum += (double) values[i] * x.values()[x.offset(token) + i];
    }
    if (bias != null) {
      float[] biases = new float[NEURONS];
      bias.decodeRow(0, biases, 0);
      sum += biases[row];
    }
    return (float) sum;
  }

  @Test
  void recallIsTheShareThatWasNotDropped() {
    for (NeuronWeights weights :
        List.of(
            weights(ActivationFunction.RELU, true, false),
            weights(ActivationFunction.RELU_SQUARED, false, false),
            weights(ActivationFunction.DRELU, true, true),
            weights(ActivationFunction.RELU, false, true),
            weights(ActivationFunction.SILU, true, true))) {
      for (double share : new double[] {0, 0.3, 0.9, 1}) {
        compare(weights, some(share));
      }
    }
  }

  private void compare(NeuronWeights weights, RowSet kept) {
    HybridBuffers buffers = new HybridBuffers(cpu, null, TOKENS, WIDTH, new LayerClock(null, 1));
    Selector selector = keeping(kept);
    ShadowCheck check =
        new ShadowCheck(cpu, weights, selector, new ShadowBuffers(WIDTH, NEURONS), 3, 1);
    long active = 0;
    long found = 0;
    long tokens = 0;
    try (HybridFeedForward block = block(weights, selector, buffers, check)) {
      for (int step = 0; step < ROUNDS; step++) {
        HostActivations x = input();
        int n = 1 + step % TOKENS;
        block.forward(x, x, n, new HostActivations(TOKENS, WIDTH));
        if (step % 3 == 1) {
          tokens++;
          for (int i = 0; i < NEURONS; i++) {
            boolean fires = active(weights, x, step / 3 % n, i);
            active += fires ? 1 : 0;
            found += fires && kept.contains(i) ? 1 : 0;
          }
        }
      }
      PredictorCheck counted = block.statistics().check();
      assertEquals(
          new PredictorCheck(tokens, tokens * NEURONS, active, tokens * kept.count(), found),
          counted);
      assertEquals((double) found / active, counted.recall().orElseThrow());
      assertEquals((double) kept.count() / NEURONS, counted.predictedShare().orElseThrow());
    }
  }

  @Test
  void cutoffsKeepWhatIsAboveThem() {
    NeuronWeights weights = weights(ActivationFunction.RELU, false, false);
    float[] cutoffs = new float[NEURONS];
    java.util.Arrays.fill(cutoffs, 0.4f);
    Selector selector = new Energy(tensor("cutoffs", 1, NEURONS, cutoffs));
    ShadowCheck check =
        new ShadowCheck(cpu, weights, selector, new ShadowBuffers(WIDTH, NEURONS), 1, 0);
    HybridBuffers buffers = new HybridBuffers(cpu, null, TOKENS, WIDTH, new LayerClock(null, 1));
    try (HybridFeedForward block = block(weights, selector, buffers, check)) {
      HostActivations x = input();
      block.forward(x, x, 1, new HostActivations(TOKENS, WIDTH));
      PredictorCheck counted = block.statistics().check();
      assertEquals(block.statistics().coldAdded(), counted.predicted());
      assertEquals(counted.predicted(), counted.found());
      assertTrue(counted.active() > counted.found() && counted.found() > 0, counted.toString());
    }
  }

  @Test
  void changesNoBitOfTheOutput() {
    NeuronWeights weights = weights(ActivationFunction.DRELU, true, true);
    RowSet kept = some(0.5);
    HybridBuffers buffers = new HybridBuffers(cpu, null, TOKENS, WIDTH, new LayerClock(null, 1));
    Selector checked = keeping(kept);
    ShadowCheck check =
        new ShadowCheck(cpu, weights, checked, new ShadowBuffers(WIDTH, NEURONS), 1, 0);
    try (HybridFeedForward with = block(weights, checked, buffers, check);
        HybridFeedForward without = block(weights, keeping(kept), buffers, null)) {
      HostActivations first = new HostActivations(TOKENS, WIDTH);
      HostActivations second = new HostActivations(TOKENS, WIDTH);
      for (int step = 0; step < ROUNDS; step++) {
        HostActivations x = input();
        with.forward(x, x, 1 + step % TOKENS, first);
        without.forward(x, x, 1 + step % TOKENS, second);
        assertArrayEquals(second.values(), first.values());
      }
      assertEquals(ROUNDS, with.statistics().check().tokens());
      assertEquals(without.statistics().coldAdded(), with.statistics().coldAdded());
      assertEquals(without.statistics().coldTested(), with.statistics().coldTested());
      assertEquals(PredictorCheck.NONE, without.statistics().check());
    }
  }

  @Test
  void exactSelectorsAreNotChecked() {
    assertFalse(ShadowCheck.mayLose(new AllNeurons(NEURONS)));
    assertFalse(ShadowCheck.mayLose(new GateFirst(NEURONS)));
    try (Selector lowRank = keeping(some(1))) {
      assertTrue(ShadowCheck.mayLose(lowRank));
    }
    assertTrue(PredictorCheck.NONE.recall().isEmpty());
    assertTrue(PredictorCheck.NONE.predictedShare().isEmpty());
  }

  @Test
  void refusesAPhaseBeyondThePeriod() {
    NeuronWeights weights = weights(ActivationFunction.RELU, false, false);
    ShadowBuffers buffers = new ShadowBuffers(WIDTH, NEURONS);
    assertThrows(
        IllegalArgumentException.class,
        () -> new ShadowCheck(cpu, weights, new GateFirst(NEURONS), buffers, 4, 4));
  }

  /** As {@code AllocationTest}: until the JIT compiler has seen it, vectors are objects. */
  @Test
  void allocatesNothing() {
    assumeTrue(cpu.name().equals("vector-256"), cpu.name() + " instead of vector-256");
    NeuronWeights weights = weights(ActivationFunction.DRELU, true, true);
    RowSet[] kept = {some(0.5)};
    HostActivations x = input();
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    try (Selector selector = keeping(kept[0]);
        ShadowCheck check =
            new ShadowCheck(cpu, weights, selector, new ShadowBuffers(WIDTH, NEURONS), 1, 0)) {
      long least = Long.MAX_VALUE;
      for (int window = 0; least > 0 && window < 4000; window++) {
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 16; i++) {
          check.step(x, 1, kept);
        }
        least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
      }
      assertEquals(0, least);
    }
  }
}
