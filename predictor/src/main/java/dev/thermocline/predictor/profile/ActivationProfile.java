package dev.thermocline.predictor.profile;

import java.util.List;

/**
 * How the neurons of a model behaved over some tokens, layer by layer.
 *
 * @param layers one profile per layer, in the order of the model; shared, not copied
 */
public record ActivationProfile(List<LayerProfile> layers) {
  public ActivationProfile {
    layers = List.copyOf(layers);
    if (layers.isEmpty()) {
      throw new IllegalArgumentException("profile: expected at least one layer, got none");
    }
  }

  /** A profile of a model whose layers all have {@code neurons}, before the first token. */
  public static ActivationProfile empty(int layers, int neurons) {
    return new ActivationProfile(
        java.util.stream.IntStream.range(0, layers)
            .mapToObj(l -> new LayerProfile(neurons))
            .toList());
  }

  public LayerProfile layer(int layer) {
    return layers.get(layer);
  }

  /** Adds what another profile of the same model has seen. */
  public void merge(ActivationProfile other) {
    if (other.layers.size() != layers.size()) {
      throw new IllegalArgumentException(
          "profile: expected " + layers.size() + " layers to merge, got " + other.layers.size());
    }
    for (int l = 0; l < layers.size(); l++) {
      layers.get(l).merge(other.layers.get(l));
    }
  }

  /** Tokens seen. */
  public long tokens() {
    return layers.getFirst().tokens();
  }

  /** Mean share of all neurons that fire on a token. */
  public double activeShare() {
    double active = 0;
    double neurons = 0;
    for (LayerProfile layer : layers) {
      active += layer.activeShare() * layer.neurons();
      neurons += layer.neurons();
    }
    return active / neurons;
  }
}
