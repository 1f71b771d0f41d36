package dev.thermocline.predictor.calibrate;

import dev.thermocline.kernels.Tensor;
import dev.thermocline.predictor.internal.Floats;
import dev.thermocline.predictor.profile.NeuronSamples;

/**
 * The threshold of {@link dev.thermocline.predictor.Energy} for one layer: the highest on {@code
 * abs(act(gate_i)) * E abs(up_i) * norm(down_i)} whose loss stays within a target.
 *
 * @param threshold expected output norm at or below which a neuron is left out
 * @param keptShare mean share of neurons kept
 * @param cett what it loses, on the tokens it was found on
 * @param recall share of the active neurons that is kept
 */
public record EnergyFit(float threshold, double keptShare, double cett, double recall) {

  /**
   * Fits a threshold.
   *
   * @param weights {@code E abs(up_i) * norm(down_i)}, as {@link
   *     dev.thermocline.predictor.profile.LayerProfile#outputWeights} gives them
   * @param target largest mean CETT
   */
  public static EnergyFit of(Cett cett, NeuronSamples samples, float[] weights, double target) {
    float[][] scores = new float[samples.size()][];
    for (int s = 0; s < scores.length; s++) {
      int[] active = samples.active(s);
      float[] gates = samples.gates(s);
      scores[s] = new float[active.length];
      for (int e = 0; e < active.length; e++) {
        scores[s][e] = gates[e] * weights[active[e]];
      }
    }
    ScoreThreshold found = ScoreThreshold.find(cett, scores, target);
    return new EnergyFit(
        Math.max(0, Math.nextDown(found.threshold())),
        found.recall() * samples.activeShare(),
        found.cett(),
        found.recall());
  }

  /** The cutoffs of the layer, {@code [1][n_ff]}, to be kept in an overlay. */
  public Tensor cutoffs(String name, float[] weights) {
    float[] cutoffs = dev.thermocline.predictor.Energy.of(threshold, weights).cutoffs();
    return Floats.tensor(name, 1, cutoffs.length, cutoffs);
  }
}
