package dev.thermocline.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thermocline.engine.hybrid.NeuronStatistics;
import dev.thermocline.engine.hybrid.PredictorCheck;
import dev.thermocline.engine.hybrid.ShadowCheck;
import dev.thermocline.kernels.cuda.emulator.EmulatedCuda;
import dev.thermocline.kernels.format.TensorFormats;
import dev.thermocline.models.Model;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Guesses of whole models are held against the truth while they run, and texts do not change. */
class PredictorRecallTest {
  private static final int TOKENS = 60;
  private static final int TEXTS = 10;

  @TempDir Path folder;

  /** The same text again and again: with and without looks in between it must not change. */
  private static List<NeuronStatistics> run(Model model, EngineOptions options) throws Exception {
    try (InferenceEngine engine = InferenceEngine.open(model, options)) {
      int[] prompt = Runs.prompt(model, 1);
      int[] text = Runs.greedy(engine, prompt, TOKENS);
      for (int i = 1; i < TEXTS; i++) {
        assertArrayEquals(text, Runs.greedy(engine, prompt, TOKENS));
      }
      return engine.statistics().layers();
    }
  }

  private static void looksAtEveryLayer(List<NeuronStatistics> layers) {
    for (int layer = 0; layer < layers.size(); layer++) {
      PredictorCheck check = layers.get(layer).check();
      int phase = layer * ShadowCheck.PERIOD / layers.size();
      int looks = (TEXTS * TOKENS - phase + ShadowCheck.PERIOD - 1) / ShadowCheck.PERIOD;
      assertEquals(looks, check.tokens(), "layer " + layer);
      assertEquals(
          looks * (layers.get(layer).coldNeurons() + layers.get(layer).hotNeurons()),
          check.neurons());
      // These predictors know nothing of the neurons, and keep about half of them.
      assertEquals(0.5, check.predictedShare().orElseThrow(), 0.25);
      assertEquals(0.5, check.recall().orElseThrow(), 0.25);
      assertTrue(check.active() > 0 && check.found() < check.active(), check.toString());
    }
  }

  @Test
  void predictorsOfTheFileAreLookedAt() throws Exception {
    try (Model model = Model.open(TestModels.powerInfer(folder, TensorFormats.F32))) {
      looksAtEveryLayer(run(model, Runs.cpu(1)));
    }
  }

  @Test
  void alsoWhereTheNeuronsAreOnBoth() throws Exception {
    EmulatedCuda.load();
    try (Model model = Model.open(TestModels.powerInfer(folder, TensorFormats.F32))) {
      EngineOptions hybrid = Runs.cpu(1).withDevice(DeviceMode.CUDA);
      looksAtEveryLayer(run(model, hybrid.withHotShare(OptionalDouble.of(0.5))));
    }
  }

  @Test
  void exactSelectionIsNotLookedAt() throws Exception {
    try (Model model = Model.open(TestModels.powerInfer(folder, TensorFormats.F32))) {
      for (NeuronStatistics layer : run(model, Runs.cpu(1).withSparse(SparseMode.EXACT))) {
        assertEquals(PredictorCheck.NONE, layer.check());
      }
    }
  }
}
