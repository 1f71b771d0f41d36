package dev.thermocline.predictor.profile;

import dev.thermocline.predictor.SelectorInput;
import java.util.List;

/** Adds observed tokens to {@link NeuronSamples}, one of every {@code stride}. */
public final class SampleObserver implements NeuronObserver {
  private final List<NeuronSamples> samples;
  private final List<float[]> downNorms;
  private final SelectorInput input;
  private final float floor;
  private final int stride;
  private final long[] seen;

  /**
   * Adds to {@code samples}, one per layer.
   *
   * @param downNorms per layer the norms of the neurons' down rows
   * @param input what a predictor will see: residual or normed
   * @param floor see {@link NeuronSamples#add}
   * @param stride 1 to take every token
   */
  public SampleObserver(
      List<NeuronSamples> samples,
      List<float[]> downNorms,
      SelectorInput input,
      float floor,
      int stride) {
    if (downNorms.size() != samples.size() || input == SelectorInput.NONE || stride < 1) {
      throw new IllegalArgumentException(
          "samples: expected norms of "
              + samples.size()
              + " layers, an input and a stride, got "
              + downNorms.size()
              + ", "
              + input
              + ", "
              + stride);
    }
    this.samples = List.copyOf(samples);
    this.downNorms = List.copyOf(downNorms);
    this.input = input;
    this.floor = floor;
    this.stride = stride;
    this.seen = new long[samples.size()];
  }

  @Override
  public void observe(int layer, NeuronValues values, int n) {
    for (int t = 0; t < n; t++) {
      if (seen[layer]++ % stride == 0) {
        samples
            .get(layer)
            .add(
                input == SelectorInput.RESIDUAL ? values.residual() : values.normed(),
                values,
                t,
                downNorms.get(layer),
                floor);
      }
    }
  }
}
