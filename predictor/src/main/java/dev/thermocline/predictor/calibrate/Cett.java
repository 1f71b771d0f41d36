package dev.thermocline.predictor.calibrate;

import dev.thermocline.kernels.Tensor;
import dev.thermocline.kernels.parallel.WorkerPool;
import dev.thermocline.predictor.internal.Combine;
import dev.thermocline.predictor.internal.Floats;
import dev.thermocline.predictor.profile.NeuronSamples;

/**
 * Cumulative error of tail truncation of one layer (Zhang et al., ReLU^2 Wins, 2024): the norm of
 * the sum of the neuron outputs that are left out, over the norm of the block's output, averaged
 * over sampled tokens. Same bits at any number of threads.
 */
public final class Cett {

  /** Which active neurons are left out. */
  @FunctionalInterface
  public interface SkipRule {
    /**
     * Whether a neuron is left out at a token. Called by several threads.
     *
     * @param sample token
     * @param entry position of the neuron in {@link NeuronSamples#active}
     */
    boolean skips(int sample, int entry);
  }

  private final NeuronSamples samples;
  private final float[][] down;
  private final double[] outputNorms;
  private final double[] ratios;
  private final WorkerPool pool;

  /**
   * Decodes the layer's down projection and computes every token's output.
   *
   * @param downT {@code [n_ff][n_embd]}
   * @param pool used by one thread at a time
   */
  public Cett(NeuronSamples samples, Tensor downT, WorkerPool pool) {
    if (downT.rows() != samples.neurons()) {
      throw new IllegalArgumentException(
          downT.name() + ": expected " + samples.neurons() + " rows, got " + downT.shape());
    }
    if (samples.size() == 0) {
      throw new IllegalArgumentException(downT.name() + ": expected sampled tokens, got none");
    }
    this.samples = samples;
    this.down = Floats.rows(downT);
    this.outputNorms = new double[samples.size()];
    this.ratios = new double[samples.size()];
    this.pool = pool;
    measure((sample, entry) -> true, outputNorms);
  }

  /**
   * CETT of one token's vectors: norm of what is left out over norm of the whole; 0 if both are.
   */
  public static double ratio(float[] skipped, float[] output) {
    return ratio(norm(skipped), norm(output));
  }

  private static double ratio(double skipped, double output) {
    return output > 0 ? skipped / output : 0;
  }

  /** Mean CETT when {@code rule} is followed. */
  public double mean(SkipRule rule) {
    measure(rule, ratios);
    double sum = 0;
    for (int s = 0; s < ratios.length; s++) {
      sum += ratio(ratios[s], outputNorms[s]);
    }
    return sum / ratios.length;
  }

  /** Writes the norm of every token's skipped outputs. */
  private void measure(SkipRule rule, double[] norms) {
    pool.run((worker, workers) -> {
      float[] sum = new float[down[0].length];
      for (int s = worker; s < norms.length; s += workers) {
        norms[s] = skippedNorm(rule, s, sum);
      }
    });
  }

  private double skippedNorm(SkipRule rule, int sample, float[] sum) {
    java.util.Arrays.fill(sum, 0f);
    int[] active = samples.active(sample);
    float[] hidden = samples.hidden(sample);
    for (int e = 0; e < active.length; e++) {
      if (rule.skips(sample, e)) {
        Combine.one(sum, sum.length, hidden[e], down[active[e]]);
      }
    }
    return norm(sum);
  }

  private static double norm(float[] vector) {
    double sum = 0;
    for (float value : vector) {
      sum += (double) value * value;
    }
    return Math.sqrt(sum);
  }
}
