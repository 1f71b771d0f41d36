package dev.thermocline.predictor.profile;

import dev.thermocline.kernels.HostActivations;
import org.jspecify.annotations.Nullable;

/**
 * What a profiling forward pass shows of one feed-forward block: every value that a dense
 * computation has in its hands. The buffers belong to the caller and are reused from layer to
 * layer.
 *
 * @param residual {@code [n][n_embd]}, the stream before the norm
 * @param normed {@code [n][n_embd]}, what the neurons read
 * @param gate {@code [n][n_ff]}, {@code act(gate . x)}, or null where there is no gate
 * @param up {@code [n][n_ff]}, {@code up . x}, before any activation
 * @param hidden {@code [n][n_ff]}, h: the factor of each neuron's down row
 */
public record NeuronValues(
    HostActivations residual,
    HostActivations normed,
    @Nullable HostActivations gate,
    HostActivations up,
    HostActivations hidden) {
  public NeuronValues {
    if (up.cols() != hidden.cols() || (gate != null && gate.cols() != hidden.cols())) {
      throw new IllegalArgumentException(
          "neuron values: expected "
              + hidden.cols()
              + " neurons, got "
              + up.cols()
              + " in up"
              + (gate == null ? "" : " and " + gate.cols() + " in gate"));
    }
  }
}
