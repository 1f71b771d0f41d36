package dev.thermocline.server;

import dev.thermocline.engine.overlay.ModelDigest;
import dev.thermocline.engine.overlay.OverlayStore;
import dev.thermocline.kernels.Shape;
import dev.thermocline.kernels.Tensor;
import dev.thermocline.kernels.format.TensorFormats;
import dev.thermocline.models.DefaultModel;
import dev.thermocline.models.Model;
import dev.thermocline.models.ModelConfig;
import dev.thermocline.predictor.LowRankParameters;
import dev.thermocline.predictor.SelectorInput;
import dev.thermocline.predictor.overlay.LayerSelectors;
import dev.thermocline.predictor.overlay.Overlay;
import dev.thermocline.predictor.profile.ActivationProfile;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** The embedded model with an overlay whose predictors name every other neuron. */
final class PredictedModel {
  private PredictedModel() {}

  static Path write(Path folder) throws IOException {
    Path file = Files.copy(DefaultModel.path(), folder.resolve("predicted.gguf"));
    try (Model model = Model.open(file)) {
      ModelConfig config = model.config();
      OverlayStore.write(
          new Overlay(
              ModelDigest.of(file),
              ActivationProfile.empty(config.nLayer(), config.nFf()),
              Collections.nCopies(config.nLayer(), new LayerSelectors(everyOther(config), null)),
              List.of(),
              List.of()),
          OverlayStore.path(file));
    }
    return file;
  }

  /** {@code relu(w . z) + relu(-w . z)} is positive, and its sign is each neuron's own. */
  private static LowRankParameters everyOther(ModelConfig config) {
    int width = config.nEmbd();
    float[] fc1 = new float[2 * width];
    Arrays.fill(fc1, 0, width, 1);
    Arrays.fill(fc1, width, 2 * width, -1);
    float[] fc2 = new float[2 * config.nFf()];
    for (int i = 0; i < fc2.length; i++) {
      fc2[i] = i / 2 % 2 == 0 ? 1 : -1;
    }
    return new LowRankParameters(
        tensor("fc1", 2, width, fc1), tensor("fc2", config.nFf(), 2, fc2), 0, SelectorInput.NORMED);
  }

  private static Tensor tensor(String name, int rows, int cols, float[] values) {
    MemorySegment data = Arena.ofAuto().allocate(4L * values.length, 64);
    MemorySegment.copy(values, 0, data, ValueLayout.JAVA_FLOAT, 0, values.length);
    return new Tensor(name, TensorFormats.F32, new Shape(rows, cols), data);
  }
}
