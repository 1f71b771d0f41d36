package dev.thermocline.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thermocline.kernels.cuda.emulator.EmulatedCuda;
import dev.thermocline.kernels.cuda.emulator.EmulatedCuda.Counter;
import dev.thermocline.kernels.cuda.emulator.EmulatedCuda.Mode;
import dev.thermocline.kernels.cuda.emulator.EmulatedCuda.Order;
import dev.thermocline.kernels.format.TensorFormats;
import dev.thermocline.models.Model;
import dev.thermocline.predictor.placement.NeuronPlacement;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Hybrid equals CPU-only at every placement. Both compute with float32 activations, so they differ
 * by the order of sums only.
 */
class HybridTest {
  /** Of the largest logit. */
  private static final double ROUNDING = 3e-5;

  private static final int TOKENS = 8;

  @TempDir Path folder;
  private EmulatedCuda cuda;

  @BeforeEach
  void loadDriver() {
    cuda = EmulatedCuda.load();
  }

  @AfterEach
  void nothingIsLeft() {
    if (cuda != null) {
      assertEquals(0, cuda.counter(Counter.LIVE_DEVICE_ALLOCATIONS));
      assertEquals(0, cuda.counter(Counter.LIVE_PINNED_ALLOCATIONS));
      cuda.reset();
    }
  }

  private List<Path> models() throws IOException {
    return List.of(
        TestModels.reglu(folder, TensorFormats.Q4_0),
        TestModels.powerInfer(folder, TensorFormats.F16),
        TestModels.powerInfer(folder, TensorFormats.Q8_0),
        TestModels.nemotron(folder, TensorFormats.F32),
        TestModels.swiglu(folder));
  }

  @Test
  void everyShareOfHotNeurons() throws Exception {
    for (Path file : models()) {
      try (Model model = Model.open(file)) {
        for (double share : new double[] {0, 0.25, 0.5, 0.75, 1}) {
          EngineOptions hybrid =
              Runs.cpu(2).withDevice(DeviceMode.CUDA).withHotShare(OptionalDouble.of(share));
          for (Order order : List.of(Order.FORWARD, Order.REVERSE)) {
            cuda.order(order, 1);
            cuda.mode(order == Order.FORWARD ? Mode.EAGER : Mode.LAZY);
            compare(model, hybrid, file + " at " + share + " " + order);
          }
        }
      }
    }
  }

  @Test
  void twentyRandomPlacements() throws Exception {
    try (Model nemotron = Model.open(TestModels.nemotron(folder, TensorFormats.Q8_0));
        Model powerInfer = Model.open(TestModels.powerInfer(folder, TensorFormats.F16))) {
      for (int seed = 0; seed < 20; seed++) {
        Model model = seed % 2 == 0 ? nemotron : powerInfer;
        NeuronPlacement placement =
            NeuronPlacement.random(
                Collections.nCopies(model.config().nLayer(), model.config().nFf()), seed);
        cuda.order(Order.RANDOM, seed);
        cuda.mode(seed % 3 == 0 ? Mode.LAZY : Mode.EAGER);
        compare(
            model,
            Runs.cpu(1 + seed % 3).withDevice(DeviceMode.CUDA).withPlacement(placement),
            "seed " + seed);
      }
    }
  }

  @Test
  void theDefaultModel() throws Exception {
    try (Model model = Model.openDefault()) {
      for (double share : new double[] {0, 0.25, 0.5, 0.75, 1}) {
        EngineOptions hybrid =
            Runs.cpu(2).withDevice(DeviceMode.CUDA).withHotShare(OptionalDouble.of(share));
        compare(model, hybrid, "default at " + share);
      }
    }
  }

  private static void compare(Model model, EngineOptions hybrid, String what)
      throws InterruptedException {
    EngineOptions cpu = Runs.cpu(2);
    int[] prompt = Runs.prompt(model, 9);
    int[] expected = Runs.greedy(model, cpu, prompt, TOKENS);
    assertArrayEquals(expected, Runs.greedy(model, hybrid, prompt, TOKENS), what);
    int[] tokens = Runs.join(prompt, expected);
    double difference =
        Runs.difference(Runs.logits(model, cpu, tokens), Runs.logits(model, hybrid, tokens));
    assertTrue(difference < ROUNDING, what + ": " + difference);
  }

  @Test
  void oneSynchronisationPerLayerAndToken() throws Exception {
    try (Model model = Model.open(TestModels.powerInfer(folder, TensorFormats.F16))) {
      EngineOptions hybrid =
          Runs.cpu(2).withDevice(DeviceMode.CUDA).withHotShare(OptionalDouble.of(0.5));
      try (InferenceEngine engine = InferenceEngine.open(model, hybrid)) {
        int[] prompt = Runs.prompt(model, 4);
        Runs.greedy(engine, prompt, 2);
        long syncs = cuda.counter(Counter.SYNCHRONIZATIONS);
        long up = cuda.counter(Counter.TO_DEVICE_BYTES);
        long down = cuda.counter(Counter.TO_HOST_BYTES);
        int tokens = 12;
        Runs.greedy(engine, prompt, tokens);
        // The prompt is one batch; each further token another.
        long layers = (long) tokens * model.config().nLayer();
        assertEquals(layers, cuda.counter(Counter.SYNCHRONIZATIONS) - syncs);
        assertEquals(0, cuda.counter(Counter.PAGEABLE_COPIES));
        long rows = (long) (prompt.length + tokens - 1) * model.config().nLayer();
        long rowBytes = 4L * model.config().nEmbd();
        long maskBytes = 8L * ((model.config().nFf() + 63) / 64);
        long upBytes = cuda.counter(Counter.TO_DEVICE_BYTES) - up;
        long downBytes = cuda.counter(Counter.TO_HOST_BYTES) - down;
        System.out.printf(
            "per layer and token: 1 synchronisation, %d bytes up, %d down%n",
            upBytes / rows, downBytes / rows);
        assertEquals(rows * rowBytes, downBytes);
        assertTrue(upBytes <= rows * (rowBytes + maskBytes), upBytes + " bytes");
      }
    }
  }
}
