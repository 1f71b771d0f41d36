package dev.thermocline.engine.calibrate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thermocline.engine.DeviceMode;
import dev.thermocline.engine.EngineOptions;
import dev.thermocline.engine.InferenceEngine;
import dev.thermocline.engine.SparseMode;
import dev.thermocline.engine.TestModels;
import dev.thermocline.engine.hybrid.NeuronStatistics;
import dev.thermocline.kernels.cuda.emulator.EmulatedCuda;
import dev.thermocline.kernels.format.TensorFormats;
import dev.thermocline.kernels.parallel.WorkerPool;
import dev.thermocline.models.Model;
import dev.thermocline.models.ModelConfig;
import dev.thermocline.predictor.placement.NeuronPlacement;
import dev.thermocline.predictor.profile.ActivationProfile;
import dev.thermocline.predictor.profile.ProfileObserver;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The share of active neurons that a profile expects to be hot is the share counted at run time.
 */
class HitShareTest {
  @TempDir Path folder;

  @BeforeEach
  void loadDriver() {
    EmulatedCuda.load();
  }

  @Test
  void expectedEqualsCountedInEveryLayer() throws Exception {
    for (Path file :
        List.of(
            TestModels.powerInfer(folder, TensorFormats.F32),
            TestModels.nemotron(folder, TensorFormats.F16))) {
      try (Model model = Model.open(file)) {
        int[] tokens = new SplittableRandom(1).ints(80, 3, model.config().nVocab()).toArray();
        compare(model, tokens, 1e-6, file.getFileName().toString());
      }
    }
  }

  @Test
  void alsoInTheDefaultModel() throws Exception {
    try (Model model = Model.openDefault()) {
      String text = "Once upon a time there was a little girl who had a red ball and a big dog.";
      // Its Q8_0 down projections become F16 when they are transposed, which the profile knows
      // nothing of: of some thousand activations in a layer one or two may come or go.
      compare(model, model.tokenizer().encode(text, false, true), 5e-4, "the default model");
    }
  }

  private static void compare(Model model, int[] tokens, double tolerance, String what) {
    ActivationProfile profile = profile(model, tokens);
    for (boolean onDevice : new boolean[] {false, true}) {
      NeuronPlacement placement = NeuronPlacement.hotShare(profile, 0.3, onDevice);
      List<NeuronStatistics> counted = count(model, placement, tokens);
      assertEquals(model.config().nLayer(), counted.size());
      assertTrue(counted.size() > 2, "more than two layers");
      for (int layer = 0; layer < counted.size(); layer++) {
        NeuronStatistics statistics = counted.get(layer);
        double expected = placement.expectedHitShare(profile, layer);
        assertEquals(expected, statistics.hitShare(), tolerance, what + ", layer " + layer);
        assertEquals(profile.layer(layer).activeShare(), statistics.activeShare(), tolerance);
        System.out.printf(
            "%s, layer %d: 30 %% of the neurons take %.4f of the activations, expected %.4f%n",
            what, layer, statistics.hitShare(), expected);
      }
    }
  }

  private static ActivationProfile profile(Model model, int[] tokens) {
    ModelConfig config = model.config();
    ActivationProfile profile = ActivationProfile.empty(config.nLayer(), config.nFf());
    float[] ones = new float[config.nFf()];
    Arrays.fill(ones, 1f);
    ProfileObserver observer =
        new ProfileObserver(profile, Collections.nCopies(config.nLayer(), ones), 0);
    try (WorkerPool pool = new WorkerPool(1)) {
      new ProfilePass(model, pool, List.of(observer), List.of()).run(List.of(tokens), done -> {});
    }
    return profile;
  }

  private static List<NeuronStatistics> count(
      Model model, NeuronPlacement placement, int[] tokens) {
    EngineOptions options =
        EngineOptions.defaults()
            .withThreads(1)
            .withContext(128)
            .withBatch(16)
            .withSparse(SparseMode.EXACT)
            .withDevice(DeviceMode.CUDA)
            .withPlacement(placement);
    try (InferenceEngine engine = InferenceEngine.open(model, options)) {
      engine.logits(tokens, (position, logits, offset) -> {});
      return engine.statistics().layers();
    }
  }
}
