package dev.thermocline.predictor.training;

import dev.thermocline.kernels.format.EncodableFormat;
import dev.thermocline.kernels.format.TensorFormats;

/**
 * How predictors are trained.
 *
 * @param targetCett largest mean CETT that a predictor may cause, on held-out tokens
 * @param epochs passes over the samples of the final training
 * @param learningRate of Adam at its peak
 * @param format of the trained matrices
 * @param seed of weights and batches
 */
public record TrainingOptions(
    double targetCett, int epochs, double learningRate, EncodableFormat format, long seed) {
  public TrainingOptions {
    if (!(targetCett >= 0) || epochs < 1 || !(learningRate > 0)) {
      throw new IllegalArgumentException(
          "training: expected a CETT of at least 0, epochs and a learning rate, got "
              + targetCett
              + ", "
              + epochs
              + ", "
              + learningRate);
    }
  }

  /** CETT 0.2, below which ReLU^2 Wins saw less than 1 % degradation; Q8_0. */
  public static TrainingOptions defaults() {
    return new TrainingOptions(0.2, 15, 1.2e-2, TensorFormats.Q8_0, 1);
  }

  public TrainingOptions withTargetCett(double target) {
    return new TrainingOptions(target, epochs, learningRate, format, seed);
  }

  /** Ranks are multiples of this, so that rows of fc2 are whole blocks and fill vectors. */
  int rankStep() {
    return Math.max(8, format.blockElements());
  }
}
