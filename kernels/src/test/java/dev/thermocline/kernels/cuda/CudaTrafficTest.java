package dev.thermocline.kernels.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.thermocline.kernels.ActivationFunction;
import dev.thermocline.kernels.Activations;
import dev.thermocline.kernels.AttentionShape;
import dev.thermocline.kernels.HostActivations;
import dev.thermocline.kernels.KvCache;
import dev.thermocline.kernels.KvFormat;
import dev.thermocline.kernels.KvShape;
import dev.thermocline.kernels.Matrix;
import dev.thermocline.kernels.NeuronBlock;
import dev.thermocline.kernels.NeuronWeights;
import dev.thermocline.kernels.RandomData;
import dev.thermocline.kernels.Rope;
import dev.thermocline.kernels.RopeStyle;
import dev.thermocline.kernels.RowSet;
import dev.thermocline.kernels.TokenBatch;
import dev.thermocline.kernels.Weights;
import dev.thermocline.kernels.cuda.emulator.EmulatedCuda.Counter;
import dev.thermocline.kernels.format.TensorFormats;
import java.lang.management.ManagementFactory;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What decoding costs beside arithmetic: waits, bytes that cross, allocations. */
final class CudaTrafficTest {
  private static final int WIDTH = 64;
  private static final int NEURONS = 192;

  private EmulatedKernels emulated;
  private CudaKernels kernels;
  private final RandomData data = new RandomData(1);
  private final HostActivations input = new HostActivations(1, WIDTH);
  private final HostActivations output = new HostActivations(1, WIDTH);

  @BeforeEach
  void open() {
    emulated = new EmulatedKernels(CudaOptions.of(4));
    kernels = emulated.kernels();
    System.arraycopy(data.values(WIDTH), 0, input.values(), 0, WIDTH);
  }

  /** Also where opening has skipped the test. */
  @AfterEach
  void close() {
    if (emulated != null) {
      emulated.close();
    }
  }

  /** The hot part of a layer whose input and output live on the host. */
  private Runnable hybridLayer() {
    NeuronWeights weights = EmulatedKernels.block(data, TensorFormats.Q4_0, NEURONS, WIDTH);
    NeuronBlock block = kernels.neurons(weights, data.rows(NEURONS, 0.7));
    RowSet[] candidates = {data.rows(NEURONS, 0.4)};
    Activations x = kernels.activations(1, WIDTH);
    Activations out = kernels.activations(1, WIDTH);
    return () -> {
      kernels.upload(input, 1, x);
      kernels.clear(out, 1);
      block.forward(x, 1, candidates, true, out);
      kernels.download(out, 1, output);
      kernels.synchronize();
    };
  }

  @Test
  void waitsOncePerHybridLayer() {
    Runnable layer = hybridLayer();
    layer.run();
    Map<Counter, Long> spent = count(layer);
    assertEquals(1, spent.get(Counter.SYNCHRONIZATIONS));
    assertEquals(4 * WIDTH + NEURONS / 8, spent.get(Counter.TO_DEVICE_BYTES));
    assertEquals(4 * WIDTH, spent.get(Counter.TO_HOST_BYTES));
    assertEquals(0, spent.get(Counter.PAGEABLE_COPIES));
    assertEquals(5, spent.get(Counter.LAUNCHES));
    assertEquals(0, spent.get(Counter.LIVE_DEVICE_ALLOCATIONS));
    assertEquals(0, spent.get(Counter.LIVE_PINNED_ALLOCATIONS));
  }

  @Test
  void hybridLayerAllocatesNothing() {
    assertEquals(0, allocatedBytes(hybridLayer()));
  }

  /**
   * Attention, norm and feed-forward of {@code layers} layers on the device, from the embedding on.
   */
  private Runnable decodeStep(int layers) {
    TokenBatch batch = new TokenBatch(4, 8);
    int[] pages = {2, 0};
    Rope rope = new Rope(RopeStyle.NEOX, new double[] {1, 0.1, 0.01}, 4);
    Matrix table = kernels.matrix(data.tensor("embd", TensorFormats.Q8_0, 50, WIDTH));
    Matrix square = kernels.matrix(data.tensor("q", TensorFormats.F16, WIDTH, WIDTH));
    Weights norm = kernels.weights(data.tensor("norm", TensorFormats.F32, 1, WIDTH));
    KvCache cache = kernels.kvCache(new KvShape(4, 4, 16, KvFormat.F16));
    AttentionShape shape = AttentionShape.of(4, 0.25f);
    NeuronWeights weights = EmulatedKernels.block(data, TensorFormats.Q8_0, NEURONS, WIDTH);
    NeuronBlock block = kernels.neurons(weights, null);
    Activations hidden = kernels.activations(4, WIDTH);
    Activations normed = kernels.activations(4, WIDTH);
    Activations q = kernels.activations(4, WIDTH);
    return () -> {
      batch.clear();
      batch.add(7, 40, batch.addPages(pages, 2));
      rope.prepare(batch);
      kernels.embed(table, batch, hidden);
      for (int layer = 0; layer < layers; layer++) {
        kernels.rmsNorm(hidden, 1, norm, 1e-5f, normed);
        square.multiply(normed, 1, q);
        kernels.rope(q, 1, 16, rope);
        kernels.append(q, q, batch, cache);
        kernels.attention(q, batch, cache, shape, null, normed);
        kernels.add(hidden, normed, 1);
        kernels.activate(ActivationFunction.SILU, normed, 1);
        block.forward(normed, 1, null, true, hidden);
      }
      kernels.download(hidden, 1, output);
      kernels.synchronize();
    };
  }

  @Test
  void sendsBatchAndAnglesOncePerPass() {
    Runnable step = decodeStep(3);
    step.run();
    Map<Counter, Long> spent = count(step);
    assertEquals(1, spent.get(Counter.SYNCHRONIZATIONS));
    assertEquals(4 * (3 + 2) + 4 * 2 * 3, spent.get(Counter.TO_DEVICE_BYTES));
    assertEquals(4 * WIDTH, spent.get(Counter.TO_HOST_BYTES));
    assertEquals(0, spent.get(Counter.LIVE_DEVICE_ALLOCATIONS));
  }

  @Test
  void decodeStepAllocatesNothing() {
    assertEquals(0, allocatedBytes(decodeStep(1)));
  }

  /** Two products with what surrounds each, compaction and the two launches of the projection. */
  @Test
  void readsRowsOnceForATileOfTokens() {
    try (CudaDriver driver = CudaDriver.open();
        CudaKernels large = new CudaKernels(driver, CudaOptions.of(32))) {
      assertTrue(large.options().cublas());
      NeuronWeights weights = EmulatedKernels.block(data, TensorFormats.Q8_0, NEURONS, WIDTH);
      NeuronBlock block = large.neurons(weights, null);
      Activations x = large.activations(32, WIDTH);
      assertEquals(
          9, count(() -> block.forward(x, 32, null, true, x)).get(Counter.LAUNCHES).intValue());
      assertEquals(32L * NEURONS, block.neuronsTested());
    }
  }

  /** More than the staging holds at once, in both directions, and many downloads at a time. */
  @Test
  void transfersMoreThanStagingHolds() {
    try (CudaDriver driver = CudaDriver.open();
        CudaKernels small = new CudaKernels(driver, new CudaOptions(4, 4096, false, false))) {
      int rows = 37;
      int cols = 333;
      HostActivations there = new HostActivations(rows, cols);
      System.arraycopy(data.values(rows * cols), 0, there.values(), 0, rows * cols);
      Activations device = small.activations(rows, cols);
      small.upload(there, rows, device);
      HostActivations[] back = new HostActivations[100];
      for (int i = 0; i < back.length; i++) {
        back[i] = new HostActivations(rows, cols);
        small.download(device, i < 99 ? 1 : rows, back[i]);
      }
      small.synchronize();
      assertArrayEquals(there.values(), back[99].values());
      for (int c = 0; c < cols; c++) {
        assertEquals(there.values()[c], back[50].values()[c]);
      }
    }
  }

  private Map<Counter, Long> count(Runnable step) {
    Map<Counter, Long> before = new EnumMap<>(Counter.class);
    for (Counter counter : Counter.values()) {
      before.put(counter, emulated.cuda().counter(counter));
    }
    step.run();
    before.replaceAll((counter, value) -> emulated.cuda().counter(counter) - value);
    return before;
  }

  /**
   * Java heap that one step takes, after enough of them for the compilers to have had their say.
   */
  private static long allocatedBytes(Runnable step) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    for (int i = 0; i < 100; i++) {
      step.run();
    }
    long least = Long.MAX_VALUE;
    // Some steps may still be interpreted in part, so the best one counts.
    for (int i = 0; i < 50 && least > 0; i++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      step.run();
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }
    return least;
  }
}
