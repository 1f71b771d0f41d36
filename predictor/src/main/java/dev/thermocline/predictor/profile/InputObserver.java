package dev.thermocline.predictor.profile;

import dev.thermocline.kernels.HostActivations;

/** Looks at the inputs of linear layers in a profiling forward pass. One thread at a time. */
@FunctionalInterface
public interface InputObserver {

  /**
   * Takes note of what a weight is multiplied with.
   *
   * @param linear name of the weight, such as {@code blk.0.attn_q.weight}
   * @param x {@code [n][cols]}, of which no reference is kept
   */
  void observe(String linear, HostActivations x, int n);
}
