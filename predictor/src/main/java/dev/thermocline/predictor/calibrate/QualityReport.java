package dev.thermocline.predictor.calibrate;

/**
 * What one way of being sparse costs and saves, measured on text that nothing was fitted to.
 *
 * @param mode such as {@code gate-first} or {@code wina-40}
 * @param tokens positions judged
 * @param kl mean KL(dense || sparse) in nats per token
 * @param top1Agreement share of positions with the same likeliest token, 0 to 1
 * @param densePerplexity perplexity of the dense model, NaN where it was not measured
 * @param sparsePerplexity perplexity of the sparse model, NaN where it was not measured
 * @param activeShare mean share of neurons (or, for columns, inputs) computed, 0 to 1
 * @param bytesPerToken weight bytes read per token, whole model
 */
public record QualityReport(
    String mode,
    long tokens,
    double kl,
    double top1Agreement,
    double densePerplexity,
    double sparsePerplexity,
    double activeShare,
    double bytesPerToken) {
  public QualityReport {
    // Rounding may leave the divergence of equal models a hair below zero.
    if (tokens < 0 || !(kl > -1e-3) || !share(top1Agreement) || !share(activeShare)) {
      throw new IllegalArgumentException(
          mode
              + ": expected a token count, a divergence and two shares, got "
              + tokens
              + ", "
              + kl
              + ", "
              + top1Agreement
              + ", "
              + activeShare);
    }
    if (densePerplexity < 1 || sparsePerplexity < 1 || !(bytesPerToken >= 0)) {
      throw new IllegalArgumentException(
          mode
              + ": expected perplexities of at least 1 and a byte count, got "
              + densePerplexity
              + ", "
              + sparsePerplexity
              + ", "
              + bytesPerToken);
    }
  }

  private static boolean share(double value) {
    return value >= 0 && value <= 1;
  }
}
