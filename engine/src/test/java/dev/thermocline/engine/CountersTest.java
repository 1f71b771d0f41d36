package dev.thermocline.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thermocline.kernels.cuda.emulator.EmulatedCuda;
import dev.thermocline.kernels.cuda.emulator.EmulatedCuda.Counter;
import dev.thermocline.kernels.format.TensorFormats;
import dev.thermocline.models.Model;
import dev.thermocline.predictor.placement.LayerPlacement;
import dev.thermocline.predictor.placement.NeuronPlacement;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How often the host waits for the device while decoding, and what crosses. */
class CountersTest {
  private static final int TOKENS = 12;

  @TempDir Path folder;
  private EmulatedCuda cuda;

  @BeforeEach
  void loadDriver() {
    cuda = EmulatedCuda.load();
  }

  /** What the driver counted, per decoded token. */
  private record Counted(double syncs, double up, double down) {}

  private Counted decode(Model model, EngineOptions options) throws InterruptedException {
    try (InferenceEngine engine =
        InferenceEngine.open(model, options.withDevice(DeviceMode.CUDA))) {
      // Prompts of one token: every batch has one row.
      int[] prompt = Runs.prompt(model, 1);
      Runs.greedy(engine, prompt, 2);
      long syncs = cuda.counter(Counter.SYNCHRONIZATIONS);
      long up = cuda.counter(Counter.TO_DEVICE_BYTES);
      long down = cuda.counter(Counter.TO_HOST_BYTES);
      Runs.greedy(engine, prompt, TOKENS);
      assertEquals(0, cuda.counter(Counter.PAGEABLE_COPIES));
      return new Counted(
          (cuda.counter(Counter.SYNCHRONIZATIONS) - syncs) / (double) TOKENS,
          (cuda.counter(Counter.TO_DEVICE_BYTES) - up) / (double) TOKENS,
          (cuda.counter(Counter.TO_HOST_BYTES) - down) / (double) TOKENS);
    }
  }

  @Test
  void aSplitLayerWaitsOnceAndMovesItsInputAndOnePartialOutput() throws Exception {
    for (Path file :
        List.of(
            TestModels.powerInfer(folder, TensorFormats.F16),
            TestModels.nemotron(folder, TensorFormats.Q8_0))) {
      try (Model model = Model.open(file)) {
        Counted counted = decode(model, Runs.cpu(2).withHotShare(OptionalDouble.of(0.5)));
        int layers = model.config().nLayer();
        long row = 4L * model.config().nEmbd();
        boolean predicted = model.feedForwardWeights(0).predictor() != null;
        // The candidates travel as one bit a neuron, in words of 64.
        long mask = predicted ? 8L * ((model.config().nFf() + 63) / 64) : 0;
        System.out.printf(
            "%s, per layer and token: %.0f synchronisation, %.0f bytes up, %.0f down%n",
            file.getFileName(),
            counted.syncs() / layers,
            counted.up() / layers,
            counted.down() / layers);
        assertEquals(layers, counted.syncs());
        assertEquals((double) (layers * (row + mask)), counted.up());
        assertEquals((double) (layers * row), counted.down());
      }
    }
  }

  @Test
  void nothingCrossesForLayersWithoutHotNeurons() throws Exception {
    try (Model model = Model.open(TestModels.nemotron(folder, TensorFormats.F32))) {
      assertEquals(
          new Counted(0, 0, 0), decode(model, Runs.cpu(2).withHotShare(OptionalDouble.of(0))));
    }
  }

  @Test
  void attentionOnTheDeviceAddsNoWaitInsideALayer() throws Exception {
    try (Model model = Model.open(TestModels.powerInfer(folder, TensorFormats.F16))) {
      for (int seed = 0; seed < 8; seed++) {
        NeuronPlacement placement = HybridContract.random(model, seed);
        Counted counted = decode(model, Runs.cpu(1).withPlacement(placement));
        int most = model.config().nLayer() + handOvers(placement);
        assertTrue(counted.syncs() <= most, "seed " + seed + ": " + counted);
      }
    }
  }

  /**
   * How often the residual stream comes back to the host: once per token if layers stay together;
   * and the logits.
   */
  private static int handOvers(NeuronPlacement placement) {
    int count = 0;
    boolean onDevice = false;
    for (LayerPlacement layer : placement.layers()) {
      count += onDevice && !layer.attentionOnDevice() ? 1 : 0;
      onDevice = layer.attentionOnDevice();
    }
    return count + (onDevice ? 1 : 0) + (placement.headOnDevice() ? 1 : 0);
  }
}
