package dev.thermocline.predictor.calibrate;

import dev.thermocline.predictor.profile.NeuronSamples;
import java.util.Arrays;

/**
 * Finds the highest threshold on a score at which the output lost stays within a target: the fewest
 * neurons for the quality asked.
 *
 * @param threshold neurons with a score of at least this are kept
 * @param cett what that loses, on the tokens it was found on
 * @param recall share of the active neurons that is kept
 */
public record ScoreThreshold(float threshold, double cett, double recall) {
  /** Scores that are looked at; more would not make the threshold better. */
  private static final int MOST_CANDIDATES = 1 << 17;

  /**
   * Searches by bisection over the scores of active neurons.
   *
   * @param scores per token the score of every active neuron, in the order of {@link
   *     NeuronSamples#active}
   * @param target largest mean CETT, 0 to keep every active neuron
   */
  public static ScoreThreshold find(Cett cett, float[][] scores, double target) {
    if (!(target >= 0)) {
      throw new IllegalArgumentException("CETT: expected a target of at least 0, got " + target);
    }
    float[] candidates = candidates(scores);
    if (candidates.length == 0) {
      return new ScoreThreshold(Float.MAX_VALUE, 0, 1);
    }
    int low = 0;
    int high = candidates.length - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (loss(cett, scores, candidates[middle]) <= target) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    // A hair lower: at run time the score is summed in another order.
    float threshold = candidates[low] - 1e-5f * Math.abs(candidates[low]);
    return at(cett, scores, threshold);
  }

  /** What a given threshold loses and keeps. */
  public static ScoreThreshold at(Cett cett, float[][] scores, float threshold) {
    long kept = 0;
    long all = 0;
    for (float[] token : scores) {
      all += token.length;
      for (float score : token) {
        kept += score < threshold ? 0 : 1;
      }
    }
    return new ScoreThreshold(
        threshold, loss(cett, scores, threshold), all == 0 ? 1 : (double) kept / all);
  }

  private static double loss(Cett cett, float[][] scores, float threshold) {
    return cett.mean((sample, entry) -> scores[sample][entry] < threshold);
  }

  private static float[] candidates(float[][] scores) {
    long all = 0;
    for (float[] token : scores) {
      all += token.length;
    }
    int stride = (int) Math.max(1, Math.ceilDiv(all, MOST_CANDIDATES));
    float[] candidates = new float[(int) Math.ceilDiv(all, stride)];
    long number = 0;
    int count = 0;
    float least = Float.POSITIVE_INFINITY;
    for (float[] token : scores) {
      for (float score : token) {
        least = Math.min(least, score);
        if (number++ % stride == 0) {
          candidates[count++] = score;
        }
      }
    }
    if (count > 0) {
      // Whatever the stride: the threshold that keeps everything is among them.
      candidates[0] = least;
    }
    Arrays.sort(candidates);
    return candidates;
  }
}
