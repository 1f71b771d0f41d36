package dev.thermocline.engine;

import dev.thermocline.kernels.format.TensorFormats;
import dev.thermocline.models.Model;
import dev.thermocline.predictor.placement.NeuronPlacement;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Hybrid equals CPU-only, whatever is placed where: the same greedy text, and logits that differ by
 * rounding. Run on the emulated device and, where there is one, on a real one.
 */
abstract class HybridContract {
  /**
   * Of the largest logit. Both sides compute with float32 values and weights decoded alike, so only
   * the order of sums and the last bits of exp differ: some 1e-7 for each of a few hundred terms,
   * carried through three to six layers. Measured are 8e-7 and less; this is ten times as much.
   */
  private static final double ROUNDING = 8e-6;

  /**
   * Of the largest logit, where a Q8_0 down projection was transposed for the device and so rounded
   * anew, to F16; on the CPU alone it is read as it is.
   */
  private static final double REQUANTIZED = 3e-4;

  private static final double[] SHARES = {0, 0.25, 0.5, 0.75, 1};
  private static final int PLACEMENTS = 20;

  @TempDir Path folder;

  /** Number of ways in which the device can be made to work. */
  abstract int variants();

  /** Chooses one and names it. */
  abstract String choose(int variant);

  @Test
  void everyShareOfHotNeurons() throws Exception {
    for (Path file :
        List.of(
            TestModels.reglu(folder, TensorFormats.Q4_0),
            TestModels.powerInfer(folder, TensorFormats.F16),
            TestModels.powerInfer(folder, TensorFormats.Q8_0),
            TestModels.nemotron(folder, TensorFormats.F32),
            TestModels.swiglu(folder, TensorFormats.F16))) {
      try (Model model = Model.open(file)) {
        Comparison comparison = new Comparison(model, Runs.cpu(2), 5, ROUNDING);
        for (double share : SHARES) {
          for (int variant = 0; variant < variants(); variant++) {
            comparison.run(hot(share), choose(variant) + ", " + share + " hot");
          }
        }
        comparison.print(file.getFileName() + ", 5 shares in " + variants() + " ways");
      }
    }
  }

  @Test
  void randomPlacementsOfNeuronsAndAttention() throws Exception {
    for (Path file :
        List.of(
            TestModels.powerInfer(folder, TensorFormats.F16),
            TestModels.nemotron(folder, TensorFormats.Q8_0))) {
      try (Model model = Model.open(file)) {
        randomPlacements(model, 5, file.getFileName().toString());
      }
    }
  }

  @Test
  void theDefaultModel() throws Exception {
    try (Model model = Model.openDefault()) {
      Comparison comparison = new Comparison(model, Runs.cpu(2), 3, ROUNDING);
      for (int i = 0; i < SHARES.length; i++) {
        comparison.run(hot(SHARES[i]), choose(i % variants()) + ", " + SHARES[i] + " hot");
      }
      comparison.print("the default model, 5 shares");
      randomPlacements(model, 3, "the default model");
    }
  }

  @Test
  void predictorsChooseTheSameNeurons() throws Exception {
    try (Model model = Model.open(TestModels.powerInfer(folder, TensorFormats.F32))) {
      for (SparseMode mode : SparseMode.values()) {
        Comparison comparison = new Comparison(model, Runs.cpu(2).withSparse(mode), 5, ROUNDING);
        comparison.run(hot(0.5).withSparse(mode), choose(0) + ", " + mode);
        comparison.print("sparse " + mode);
      }
    }
  }

  @Test
  void aTransposedQuantizedDownProjectionIsClose() throws Exception {
    try (Model model = Model.open(TestModels.swiglu(folder, TensorFormats.Q8_0))) {
      Comparison comparison = new Comparison(model, Runs.cpu(2), 8, REQUANTIZED);
      comparison.run(hot(0.5), choose(0));
      comparison.print("a requantized down projection");
    }
  }

  private void randomPlacements(Model model, int tokens, String name) throws Exception {
    Comparison comparison = new Comparison(model, Runs.cpu(2), tokens, ROUNDING);
    for (int seed = 0; seed < PLACEMENTS; seed++) {
      NeuronPlacement placement = random(model, seed);
      String variant = choose(seed % variants());
      comparison.run(
          Runs.cpu(2)
              .withThreads(1 + seed % 2)
              .withDevice(DeviceMode.CUDA)
              .withPlacement(placement),
          variant + ", placement " + seed);
    }
    comparison.print(name + ", " + PLACEMENTS + " random placements");
  }

  static NeuronPlacement random(Model model, long seed) {
    return NeuronPlacement.random(
        Collections.nCopies(model.config().nLayer(), model.config().nFf()), seed);
  }

  private static EngineOptions hot(double share) {
    return Runs.cpu(2).withDevice(DeviceMode.CUDA).withHotShare(OptionalDouble.of(share));
  }
}
