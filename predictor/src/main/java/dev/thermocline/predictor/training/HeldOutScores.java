package dev.thermocline.predictor.training;

import dev.thermocline.kernels.Tensor;
import dev.thermocline.kernels.parallel.WorkerPool;
import dev.thermocline.predictor.internal.Combine;
import dev.thermocline.predictor.internal.Floats;
import dev.thermocline.predictor.profile.NeuronSamples;

/** Scores of all neurons on held-out tokens, from the weights as they will be stored. */
final class HeldOutScores {
  private final float[][] scores;

  HeldOutScores(Tensor fc1, Tensor fc2, NeuronSamples samples, WorkerPool pool) {
    float[][] first = transposed(fc1);
    float[][] second = transposed(fc2);
    int neurons = fc2.rows();
    scores = new float[samples.size()][neurons];
    pool.run((worker, workers) -> {
      float[] hidden = new float[second.length];
      for (int s = worker; s < scores.length; s += workers) {
        java.util.Arrays.fill(hidden, 0f);
        Combine.add(hidden, hidden.length, samples.input(s), first, first.length);
        for (int k = 0; k < hidden.length; k++) {
          hidden[k] = Math.max(hidden[k], 0f);
        }
        Combine.add(scores[s], neurons, hidden, second, hidden.length);
      }
    });
  }

  private static float[][] transposed(Tensor tensor) {
    float[][] rows = Floats.rows(tensor);
    float[][] columns = new float[tensor.cols()][tensor.rows()];
    for (int r = 0; r < rows.length; r++) {
      for (int c = 0; c < columns.length; c++) {
        columns[c][r] = rows[r][c];
      }
    }
    return columns;
  }

  /** Per token the scores of its active neurons. */
  float[][] ofActive(NeuronSamples samples) {
    float[][] found = new float[scores.length][];
    for (int s = 0; s < found.length; s++) {
      int[] active = samples.active(s);
      found[s] = new float[active.length];
      for (int e = 0; e < active.length; e++) {
        found[s][e] = scores[s][active[e]];
      }
    }
    return found;
  }

  /** Mean share of neurons whose score is not below a threshold. */
  double shareAtLeast(float threshold) {
    long count = 0;
    for (float[] row : scores) {
      for (float score : row) {
        count += score < threshold ? 0 : 1;
      }
    }
    return (double) count / ((double) scores.length * scores[0].length);
  }
}
