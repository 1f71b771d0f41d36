package dev.thermocline.predictor.placement;

import dev.thermocline.predictor.profile.ActivationProfile;
import dev.thermocline.predictor.profile.LayerProfile;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Where everything of a model is computed.
 *
 * @param layers in the order of the model
 * @param headOnDevice whether the output matrix is in device memory
 */
public record NeuronPlacement(List<LayerPlacement> layers, boolean headOnDevice) {
  public NeuronPlacement {
    layers = List.copyOf(layers);
    if (layers.isEmpty()) {
      throw new IllegalArgumentException("placement: expected at least one layer, got none");
    }
  }

  /**
   * Forces a share of hot neurons in every layer, hottest first; in a profile without tokens, the
   * first ones.
   *
   * @param share 0 to 1, rounded to whole neurons
   * @param onDevice whether attention, KV cache, predictors and head are on the device
   */
  public static NeuronPlacement hotShare(
      ActivationProfile profile, double share, boolean onDevice) {
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException("hot share: expected 0 to 1, got " + share);
    }
    return new NeuronPlacement(
        profile.layers().stream()
            .map(l ->
                LayerPlacement.of(
                    l.byFrequency(), (int) Math.round(share * l.neurons()), onDevice, onDevice))
            .toList(),
        onDevice);
  }

  /**
   * Any placement: each layer with its own random share of random neurons, attention on a random
   * side. For tests.
   */
  public static NeuronPlacement random(List<Integer> neurons, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    return new NeuronPlacement(
        neurons.stream()
            .map(n ->
                LayerPlacement.of(
                    shuffled(n, random),
                    random.nextInt(n + 1),
                    random.nextBoolean(),
                    random.nextBoolean()))
            .toList(),
        random.nextBoolean());
  }

  private static int[] shuffled(int n, SplittableRandom random) {
    int[] order = IntStream.range(0, n).toArray();
    for (int i = n - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swap = order[i];
      order[i] = order[j];
      order[j] = swap;
    }
    return order;
  }

  public LayerPlacement layer(int layer) {
    return layers.get(layer);
  }

  /** Hot neurons of all layers. */
  public long hotNeurons() {
    return layers.stream().mapToLong(l -> l.hot().count()).sum();
  }

  /**
   * Share of a layer's firings that hot neurons take, as the profile has it: what the share counted
   * at run time is held against. Without firings, the share of hot neurons.
   */
  public double expectedHitShare(ActivationProfile profile, int layer) {
    LayerProfile known = profile.layer(layer);
    LayerPlacement placed = layers.get(layer);
    if (known.neurons() != placed.neurons()) {
      throw new IllegalArgumentException(
          "placement: expected a profile of "
              + placed.neurons()
              + " neurons in layer "
              + layer
              + ", got "
              + known.neurons());
    }
    long hits = 0;
    long all = 0;
    for (int i = 0; i < known.neurons(); i++) {
      all += known.count(i);
      hits += placed.hot().contains(i) ? known.count(i) : 0;
    }
    return all == 0 ? (double) placed.hot().count() / placed.neurons() : (double) hits / all;
  }
}
