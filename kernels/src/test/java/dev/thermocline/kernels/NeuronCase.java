package dev.thermocline.kernels;

import dev.thermocline.kernels.format.TensorFormat;
import dev.thermocline.kernels.format.TensorFormats;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A feed-forward block and what is asked of it. */
final class NeuronCase {
  private final NeuronWeights weights;
  private final @Nullable RowSet subset;
  private final int tokens;
  private final RowSet @Nullable [] candidates;
  private final float @Nullable [] cutoffs;
  private final boolean skip;
  private final float[] x;

  NeuronCase(
      NeuronWeights weights,
      @Nullable RowSet subset,
      int tokens,
      RowSet @Nullable [] candidates,
      float @Nullable [] cutoffs,
      boolean skip,
      float[] x) {
    this.weights = weights;
    this.subset = subset;
    this.tokens = tokens;
    this.candidates = candidates;
    this.cutoffs = cutoffs;
    this.skip = skip;
    this.x = x;
  }

  /** Any combination of what a block can have. */
  static NeuronCase random(RandomData data, List<TensorFormat> formats) {
    int neurons = data.oneOf(1, 31, 32, 33, 64, 100);
    boolean gated = data.flip();
    TensorFormat format = formats.get(data.below(formats.size()));
    int width =
        switch (format.blockElements()) {
          case 1 -> data.oneOf(1, 45, 64);
          case 32 -> data.oneOf(32, 64, 160);
          default -> data.oneOf(256, 512);
        };
    ActivationFunction function = data.oneOf(ActivationFunction.values());
    NeuronWeights weights = weights(data, neurons, width, gated, data.flip(), function, format);
    int tokens = data.oneOf(1, 1, 3, 17, 35);
    RowSet[] candidates = new RowSet[tokens];
    for (int t = 0; t < tokens; t++) {
      candidates[t] = data.rows(neurons, data.oneOf(0.0, 0.2, 0.8));
    }
    float[] cutoffs = data.values(neurons);
    for (int i = 0; i < neurons; i++) {
      cutoffs[i] = Math.abs(cutoffs[i]) * 3;
    }
    return new NeuronCase(
        weights,
        data.flip() ? data.rows(neurons, 0.5) : null,
        tokens,
        data.flip() ? candidates : null,
        data.flip() ? cutoffs : null,
        data.flip(),
        data.values(tokens * width));
  }

  /** Random weights; up and down have formats of their own if {@code format} is quantized. */
  static NeuronWeights weights(
      RandomData data,
      int neurons,
      int width,
      boolean gated,
      boolean biased,
      ActivationFunction function,
      TensorFormat format) {
    TensorFormat other = format == TensorFormats.Q4_0 ? TensorFormats.Q8_0 : format;
    return new NeuronWeights(
        gated ? data.tensor("gate", format, neurons, width) : null,
        gated && biased ? data.tensor("gate bias", TensorFormats.F32, 1, neurons) : null,
        data.tensor("up", gated ? other : format, neurons, width),
        biased ? data.tensor("up bias", TensorFormats.F32, 1, neurons) : null,
        data.tensor("down", other, neurons, width),
        function);
  }

  NeuronWeights weights() {
    return weights;
  }

  @Nullable RowSet subset() {
    return subset;
  }

  int tokens() {
    return tokens;
  }

  RowSet @Nullable [] candidates() {
    return candidates;
  }

  float @Nullable [] cutoffs() {
    return cutoffs;
  }

  boolean skip() {
    return skip;
  }

  float[] x() {
    return x;
  }

  @Override
  public String toString() {
    return (weights.gated() ? "gated " : "ungated ")
        + weights.activation()
        + " "
        + weights.up()
        + (weights.upBias() == null ? "" : " biased")
        + (subset == null ? "" : ", " + subset.count() + " held")
        + ", "
        + tokens
        + " tokens"
        + (candidates == null ? "" : ", candidates")
        + (cutoffs == null ? "" : ", cutoffs")
        + (skip ? ", skipping" : "");
  }
}
