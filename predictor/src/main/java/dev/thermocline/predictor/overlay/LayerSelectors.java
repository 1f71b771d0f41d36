package dev.thermocline.predictor.overlay;

import dev.thermocline.kernels.Tensor;
import dev.thermocline.predictor.LowRankParameters;
import org.jspecify.annotations.Nullable;

/**
 * What was fitted for the neurons of one layer.
 *
 * @param lowRank a predictor, or null
 * @param energyCutoffs {@code [1][n_ff]} for {@link dev.thermocline.predictor.Energy}, or null
 */
public record LayerSelectors(@Nullable LowRankParameters lowRank, @Nullable Tensor energyCutoffs) {
  /** Nothing was fitted. */
  public static final LayerSelectors NONE = new LayerSelectors(null, null);
}
