package dev.thermocline.engine.api;

import dev.thermocline.engine.hybrid.NeuronStatistics;
import dev.thermocline.engine.hybrid.PredictorCheck;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an engine did, since its model was opened or since an earlier reading. Later versions may
 * have more components: use the accessors, not the constructor.
 *
 * @param tokens generated and read
 * @param promptTokens of all prompts
 * @param cachedTokens of those, tokens that did not have to be computed
 * @param bytesPerToken weight bytes read per token computed; 0 where nothing is counted
 * @param deviceBytes memory held on the GPU
 * @param placement one line on what runs where
 * @param layers sparse and split layers, in order; dense ones count nothing
 * @since 0.1
 */
public record Activity(
    long tokens,
    long promptTokens,
    long cachedTokens,
    double bytesPerToken,
    long deviceBytes,
    String placement,
    List<Layer> layers) {

  /**
   * What a layer's feed-forward did.
   *
   * @param tokens computed, those of prompts included
   * @param hotNeurons neurons on the GPU
   * @param coldNeurons neurons on the CPU
   * @param activeShare share of its neurons that were added to an output, from 0 to 1
   * @param hitShare share of the active neurons that were on the GPU, from 0 to 1
   * @param guesses how the guessed neurons compare with the active ones; null where nothing is
   *     guessed, and where none was looked at
   */
  public record Layer(
      long tokens,
      int hotNeurons,
      int coldNeurons,
      double activeShare,
      double hitShare,
      @Nullable Guesses guesses) {
    static Layer of(NeuronStatistics layer) {
      return new Layer(
          layer.tokens(),
          layer.hotNeurons(),
          layer.coldNeurons(),
          layer.activeShare(),
          layer.hitShare(),
          Guesses.of(layer.check()));
    }
  }

  /**
   * A predictor held against the truth, on a small sample of the tokens. Recall and predicted share
   * only mean something together.
   *
   * @param tokens looked at
   * @param recall share of the active neurons that it named, from 0 to 1; 1 where none was active
   * @param predictedShare share of all neurons that it named, from 0 to 1
   * @param trueShare share of all neurons that are active, from 0 to 1
   * @since 0.1
   */
  public record Guesses(long tokens, double recall, double predictedShare, double trueShare) {
    static @Nullable Guesses of(PredictorCheck check) {
      return check.tokens() == 0
          ? null
          : new Guesses(
              check.tokens(),
              check.recall().orElse(1),
              check.predictedShare().orElse(0),
              check.trueShare().orElse(0));
    }
  }

  public Activity {
    layers = List.copyOf(layers);
  }

  /** Mean share of neurons that were active; 1 where none is left out. */
  public double activeShare() {
    return layers.stream()
        .filter(layer -> layer.tokens() > 0)
        .mapToDouble(Layer::activeShare)
        .average()
        .orElse(1);
  }
}
