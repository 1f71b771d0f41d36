package dev.thermocline.predictor.calibrate;

/**
 * Measures what a sparse model loses against the dense one, logits by logits: mean Kullback-Leibler
 * divergence KL(dense || sparse) in nats, how often both would say the same word, and the
 * perplexity of both. Adding allocates nothing.
 */
public final class QualityMeter {
  private long rows;
  private long agreeing;
  private long targets;
  private double divergence;
  private double denseNats;
  private double sparseNats;

  /** Nothing is measured yet. */
  public QualityMeter() {}

  /**
   * Adds the logits of one position.
   *
   * @param vocabulary number of logits of each row
   * @param target the token that really follows, or -1 where none is known
   */
  public void add(
      float[] dense,
      int denseOffset,
      float[] sparse,
      int sparseOffset,
      int vocabulary,
      int target) {
    if (vocabulary < 1 || target < -1 || target >= vocabulary) {
      throw new IllegalArgumentException(
          "quality: expected a target of -1 to " + (vocabulary - 1) + ", got " + target);
    }
    double denseNorm = logSumExp(dense, denseOffset, vocabulary);
    double sparseNorm = logSumExp(sparse, sparseOffset, vocabulary);
    double sum = 0;
    for (int i = 0; i < vocabulary; i++) {
      double logP = dense[denseOffset + i] - denseNorm;
      double logQ = sparse[sparseOffset + i] - sparseNorm;
      double p = Math.exp(logP);
      // A token that the dense model rules out adds nothing, whatever the sparse one thinks of it.
      sum += p == 0 ? 0 : p * (logP - logQ);
    }
    divergence += sum;
    rows++;
    if (argMax(dense, denseOffset, vocabulary) == argMax(sparse, sparseOffset, vocabulary)) {
      agreeing++;
    }
    if (target >= 0) {
      targets++;
      denseNats += denseNorm - dense[denseOffset + target];
      sparseNats += sparseNorm - sparse[sparseOffset + target];
    }
  }

  private static double logSumExp(float[] logits, int offset, int count) {
    float max = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < count; i++) {
      max = Math.max(max, logits[offset + i]);
    }
    double sum = 0;
    for (int i = 0; i < count; i++) {
      sum += Math.exp(logits[offset + i] - max);
    }
    return max + Math.log(sum);
  }

  private static int argMax(float[] logits, int offset, int count) {
    int best = 0;
    for (int i = 1; i < count; i++) {
      if (logits[offset + i] > logits[offset + best]) {
        best = i;
      }
    }
    return best;
  }

  /** Positions added. */
  public long rows() {
    return rows;
  }

  /** Mean KL(dense || sparse) in nats per token; 0 before the first. */
  public double kl() {
    return rows == 0 ? 0 : divergence / rows;
  }

  /** Share of positions where both models' likeliest token is the same; 1 before the first. */
  public double top1Agreement() {
    return rows == 0 ? 1 : (double) agreeing / rows;
  }

  /** Perplexity of the dense model over positions with a known target; NaN without any. */
  public double densePerplexity() {
    return targets == 0 ? Double.NaN : Math.exp(denseNats / targets);
  }

  /** Perplexity of the sparse model over positions with a known target; NaN without any. */
  public double sparsePerplexity() {
    return targets == 0 ? Double.NaN : Math.exp(sparseNats / targets);
  }

  /**
   * What was measured so far.
   *
   * @param mode what made the model sparse, such as {@code low-rank}
   * @param activeShare mean share of neurons computed
   * @param bytesPerToken weight bytes read for one token, over the whole model
   */
  public QualityReport report(String mode, double activeShare, double bytesPerToken) {
    return new QualityReport(
        mode,
        rows,
        kl(),
        top1Agreement(),
        densePerplexity(),
        sparsePerplexity(),
        activeShare,
        bytesPerToken);
  }
}
