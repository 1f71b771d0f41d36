package dev.thermocline.predictor.profile;

import java.util.List;

/** Adds every observed token to an {@link ActivationProfile}. */
public final class ProfileObserver implements NeuronObserver {
  private final ActivationProfile profile;
  private final List<float[]> downNorms;
  private final float floor;

  /**
   * Adds to {@code profile}.
   *
   * @param downNorms per layer the norms of the neurons' down rows
   * @param floor see {@link LayerProfile#observe}
   */
  public ProfileObserver(ActivationProfile profile, List<float[]> downNorms, float floor) {
    if (downNorms.size() != profile.layers().size()) {
      throw new IllegalArgumentException(
          "profile: expected norms of "
              + profile.layers().size()
              + " layers, got "
              + downNorms.size());
    }
    this.profile = profile;
    this.downNorms = List.copyOf(downNorms);
    this.floor = floor;
  }

  @Override
  public void observe(int layer, NeuronValues values, int n) {
    profile
        .layer(layer)
        .observe(
            values.hidden(),
            values.gate() == null ? null : values.up(),
            n,
            downNorms.get(layer),
            floor);
  }
}
