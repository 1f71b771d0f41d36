package dev.thermocline.predictor.overlay;

import dev.thermocline.predictor.calibrate.QualityReport;
import dev.thermocline.predictor.profile.ActivationProfile;
import java.util.List;

/**
 * What calibration knows of a model: kept in the file {@code <model>.thermo} beside it.
 *
 * @param modelDigest SHA-256 of the model file, 64 lower-case hexadecimal digits
 * @param profile how the neurons behaved
 * @param layers what was fitted, layer by layer, as many as the profile has
 * @param wina what was fitted for linear layers
 * @param quality what was measured, mode by mode
 */
public record Overlay(
    String modelDigest,
    ActivationProfile profile,
    List<LayerSelectors> layers,
    List<WinaParameters> wina,
    List<QualityReport> quality) {
  /** Version of the format that this code writes and reads. */
  public static final int VERSION = 1;

  public Overlay {
    layers = List.copyOf(layers);
    wina = List.copyOf(wina);
    quality = List.copyOf(quality);
    if (!modelDigest.matches("[0-9a-f]{64}")) {
      throw new IllegalArgumentException(
          "overlay: expected a digest of 64 hexadecimal digits, got '" + modelDigest + "'");
    }
    if (layers.size() != profile.layers().size()) {
      throw new IllegalArgumentException(
          "overlay: expected selectors of "
              + profile.layers().size()
              + " layers, got "
              + layers.size());
    }
    for (int l = 0; l < layers.size(); l++) {
      check(l, layers.get(l), profile.layer(l).neurons());
    }
  }

  private static void check(int layer, LayerSelectors fitted, int neurons) {
    int predicted = fitted.lowRank() == null ? neurons : fitted.lowRank().neurons();
    int cutoffs = fitted.energyCutoffs() == null ? neurons : fitted.energyCutoffs().cols();
    if (predicted != neurons || cutoffs != neurons) {
      throw new IllegalArgumentException(
          "overlay: layer "
              + layer
              + ": expected "
              + neurons
              + " neurons, got "
              + predicted
              + " predicted and "
              + cutoffs
              + " cutoffs");
    }
  }
}
