package dev.thermocline.engine.hybrid;

import dev.thermocline.models.layers.FeedForward;
import dev.thermocline.models.layers.MixtureOfExperts;
import org.jspecify.annotations.Nullable;

/**
 * What one layer's feed-forward computed.
 *
 * @param tokens tokens so far
 * @param hotNeurons neurons on the GPU
 * @param coldNeurons neurons on the CPU
 * @param hotTested hot neurons whose first row was read, over all tokens
 * @param coldTested cold neurons whose first row was read, over all tokens
 * @param hotAdded hot neurons added to an output, over all tokens
 * @param coldAdded cold neurons added to an output, over all tokens
 * @param groups neurons added by groups, over all tokens
 * @param check how guesses compare with the truth, on a sample of the tokens
 */
public record NeuronStatistics(
    long tokens,
    int hotNeurons,
    int coldNeurons,
    long hotTested,
    long coldTested,
    long hotAdded,
    long coldAdded,
    GroupCounts groups,
    PredictorCheck check) {

  /** A reading of a sparse or split feed-forward; null of another, which counts nothing. */
  public static @Nullable NeuronStatistics of(FeedForward feedForward) {
    return switch (feedForward) {
      case HybridFeedForward hybrid -> hybrid.statistics();
      case HostedFeedForward hosted -> of(hosted.inner());
      case MixtureOfExperts mixture -> ofExperts(mixture);
      default -> null;
    };
  }

  /** All experts together; every token counts once, however many experts it went to. */
  private static @Nullable NeuronStatistics ofExperts(MixtureOfExperts mixture) {
    NeuronStatistics sum = null;
    for (FeedForward expert : mixture.experts()) {
      NeuronStatistics one = of(expert);
      if (one != null) {
        sum = sum == null ? one : sum.plus(one);
      }
    }
    return sum == null ? null : sum.withTokens(mixture.tokens());
  }

  private NeuronStatistics plus(NeuronStatistics other) {
    return new NeuronStatistics(
        tokens + other.tokens,
        hotNeurons + other.hotNeurons,
        coldNeurons + other.coldNeurons,
        hotTested + other.hotTested,
        coldTested + other.coldTested,
        hotAdded + other.hotAdded,
        coldAdded + other.coldAdded,
        groups.append(other.groups),
        check.plus(other.check));
  }

  private NeuronStatistics withTokens(long count) {
    return new NeuronStatistics(
        count, hotNeurons, coldNeurons, hotTested, coldTested, hotAdded, coldAdded, groups, check);
  }

  /** Share of the layer's neurons that were added to an output. */
  public double activeShare() {
    return share(hotAdded + coldAdded, tokens * (hotNeurons + coldNeurons));
  }

  /** Share of the layer's neurons whose first row was read. */
  public double testedShare() {
    return share(hotTested + coldTested, tokens * (hotNeurons + coldNeurons));
  }

  /** Share of the active neurons that were hot. */
  public double hitShare() {
    return share(hotAdded, hotAdded + coldAdded);
  }

  private static double share(long part, long whole) {
    return whole == 0 ? 0 : (double) part / whole;
  }

  /** What was added since an earlier reading. */
  public NeuronStatistics since(NeuronStatistics earlier) {
    return new NeuronStatistics(
        tokens - earlier.tokens,
        hotNeurons,
        coldNeurons,
        hotTested - earlier.hotTested,
        coldTested - earlier.coldTested,
        hotAdded - earlier.hotAdded,
        coldAdded - earlier.coldAdded,
        groups.since(earlier.groups),
        check.since(earlier.check));
  }
}
