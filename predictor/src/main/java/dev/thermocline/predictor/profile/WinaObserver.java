package dev.thermocline.predictor.profile;

import dev.thermocline.kernels.HostActivations;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Collects the scores {@code abs(x_j) * c_j} of every linear layer it was told of, to read
 * thresholds from: a share s of the inputs is left out by the threshold {@code
 * histogram(linear).quantile(s)}. Inputs of other linear layers are not looked at.
 */
public final class WinaObserver implements InputObserver {
  private final Map<String, float[]> norms = new LinkedHashMap<>();
  private final Map<String, ScoreHistogram> histograms = new LinkedHashMap<>();

  /** Watches nothing yet. */
  public WinaObserver() {}

  /**
   * Watches a linear layer.
   *
   * @param columnNorms c_j, or ones for plain magnitude; copied
   */
  public void watch(String linear, float[] columnNorms) {
    norms.put(linear, columnNorms.clone());
    histograms.put(linear, new ScoreHistogram());
  }

  @Override
  public void observe(String linear, HostActivations x, int n) {
    float[] weights = norms.get(linear);
    ScoreHistogram histogram = histograms.get(linear);
    if (weights == null || histogram == null) {
      return;
    }
    if (x.cols() != weights.length) {
      throw new IllegalArgumentException(
          linear + ": expected inputs of " + weights.length + ", got " + x.cols());
    }
    for (int t = 0; t < n; t++) {
      int at = x.offset(t);
      for (int j = 0; j < weights.length; j++) {
        histogram.add(Math.abs(x.values()[at + j]) * weights[j]);
      }
    }
  }

  /**
   * Scores of a linear layer so far.
   *
   * @throws IllegalArgumentException if it is not watched
   */
  public ScoreHistogram histogram(String linear) {
    ScoreHistogram histogram = histograms.get(linear);
    if (histogram == null) {
      throw new IllegalArgumentException(
          linear + ": expected one of " + histograms.keySet() + " to have been watched");
    }
    return histogram;
  }

  /** Names of the watched linear layers, in the order in which they were named. */
  public Iterable<String> linears() {
    return histograms.keySet();
  }
}
