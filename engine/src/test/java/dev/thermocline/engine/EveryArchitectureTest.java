package dev.thermocline.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thermocline.kernels.cuda.emulator.EmulatedCuda;
import dev.thermocline.kernels.cuda.emulator.EmulatedCuda.Counter;
import dev.thermocline.kernels.cuda.emulator.EmulatedCuda.Mode;
import dev.thermocline.kernels.cuda.emulator.EmulatedCuda.Order;
import dev.thermocline.models.Architectures;
import dev.thermocline.models.Model;
import dev.thermocline.models.TinyArchitectures;
import dev.thermocline.predictor.placement.NeuronPlacement;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every architecture: one tiny model of each, and of each of its variants. */
class EveryArchitectureTest {
  /** Of the largest logit: sums in another order, and the last bits of exp and tanh. */
  private static final double ROUNDING = 2e-5;

  private static final int TOKENS = 5;

  @TempDir Path folder;

  static List<String> models() {
    return TinyArchitectures.names();
  }

  @Test
  void everyArchitectureHasATinyModel() throws Exception {
    Set<String> missing = new HashSet<>(Architectures.names());
    for (String name : models()) {
      try (Model model = Model.open(TinyArchitectures.write(name, folder))) {
        missing.remove(model.config().architecture());
      }
    }
    // The same class and the same tensors as bitnet-25, under another name.
    assertEquals(Set.of("bitnet-b1.58"), missing);
  }

  /** At hot shares of 0, 50 and 100 %, and with attention on either device. */
  @ParameterizedTest
  @MethodSource("models")
  void hybridEqualsTheCpu(String name) throws Exception {
    EmulatedCuda cuda = EmulatedCuda.load();
    try (Model model = Model.open(TinyArchitectures.write(name, folder))) {
      Comparison comparison = new Comparison(model, options(), TOKENS, ROUNDING);
      for (double share : new double[] {0, 0.5, 1}) {
        cuda.order(share == 0.5 ? Order.REVERSE : Order.FORWARD, 1);
        comparison.run(onDevice().withHotShare(OptionalDouble.of(share)), share + " hot");
      }
      for (int seed = 0; seed < 2; seed++) {
        cuda.mode(seed == 0 ? Mode.LAZY : Mode.EAGER);
        comparison.run(onDevice().withPlacement(random(model, seed)), "placement " + seed);
      }
      comparison.print(name);
    }
    assertEquals(0, cuda.counter(Counter.LIVE_DEVICE_ALLOCATIONS));
    assertEquals(0, cuda.counter(Counter.LIVE_PINNED_ALLOCATIONS));
    cuda.reset();
  }

  /** Where the activation has zeros, leaving their neurons out changes nothing. */
  @ParameterizedTest
  @MethodSource("models")
  void exactEqualsDense(String name) throws Exception {
    try (Model model = Model.open(TinyArchitectures.write(name, folder))) {
      int[] tokens = Runs.prompt(model, 40);
      float[] dense = Runs.logits(model, options().withSparse(SparseMode.OFF), tokens);
      try (InferenceEngine engine =
          InferenceEngine.open(model, options().withSparse(SparseMode.EXACT))) {
        float[] exact = Runs.logits(engine, tokens);
        assertTrue(Runs.difference(dense, exact) < ROUNDING, name);
        boolean zeros = model.config().activation().exactlySparse() && !name.startsWith("bitnet");
        double share = engine.statistics().activeShare();
        assertTrue(zeros ? share > 0 && share < 0.8 : share == 1, name + ": " + share);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void chunksOfAPromptAgree(String name) throws Exception {
    try (Model model = Model.open(TinyArchitectures.write(name, folder))) {
      int[] tokens = Runs.prompt(model, 50);
      float[] whole = Runs.logits(model, options().withBatch(64), tokens);
      for (int batch : new int[] {1, 7}) {
        float[] chunked = Runs.logits(model, options().withBatch(batch), tokens);
        assertTrue(Runs.difference(whole, chunked) < ROUNDING, name + ", batch " + batch);
      }
    }
  }

  private static EngineOptions options() {
    return Runs.cpu(2).withContext(64);
  }

  private static EngineOptions onDevice() {
    return options().withDevice(DeviceMode.CUDA);
  }

  private static NeuronPlacement random(Model model, long seed) {
    int layers = model.config().nLayer();
    return NeuronPlacement.random(
        Collections.nCopies(layers, model.config().neuronsPerLayer()), seed);
  }
}
