package dev.thermocline.engine.api;

import dev.thermocline.engine.hybrid.NeuronStatistics;
import java.util.List;

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
   */
  public record Layer(
      long tokens, int hotNeurons, int coldNeurons, double activeShare, double hitShare) {
    static Layer of(NeuronStatistics layer) {
      return new Layer(
          layer.tokens(),
          layer.hotNeurons(),
          layer.coldNeurons(),
          layer.activeShare(),
          layer.hitShare());
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
